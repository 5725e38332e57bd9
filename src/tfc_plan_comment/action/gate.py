"""The story of the gate: what the input fail-on names is looked for once all is published, and fails the step."""

from collections.abc import Sequence

from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import GateFailed
from tfc_plan_comment.findings.gate import GateReason, gate_reasons
from tfc_plan_comment.report.workspace_facts import WorkspaceFacts
from tfc_plan_comment.report.write.markdown import text
from tfc_plan_comment.settings.settings import Settings

MOST_REASONS = 10
"""At most this many reasons stand in the error; all of them are in the output gate-reasons."""


def judge_gate(workspaces: Sequence[WorkspaceFacts], settings: Settings) -> tuple[GateReason, ...] | None:
    """The reasons for which the gate fails; None if there is no gate, or nothing to judge."""
    if not settings.fail_on or not workspaces:
        return None
    return gate_reasons(settings.fail_on, ((each.name, each.concerns) for each in workspaces))


def tell_gate(reasons: Sequence[GateReason] | None, failure: Exception | None, world: World) -> Exception | None:
    """Say in the step summary and in the log that the gate failed; returns why the step fails.

    That is the `failure` where there is one, and the gate is an error of its own beside it.
    """
    if not reasons:
        return failure
    named = "; ".join(each.sentence for each in reasons[:MOST_REASONS])
    more = f"; and {len(reasons) - MOST_REASONS:,} more" if len(reasons) > MOST_REASONS else ""
    gate = GateFailed("The gate failed", f"{named}{more}", "Change the configuration, or the input fail-on")
    world.commands.append_summary(f"\n> [!CAUTION]\n> {text(str(gate))}\n")
    if failure is None:
        return gate
    world.commands.error(str(gate))
    return failure
