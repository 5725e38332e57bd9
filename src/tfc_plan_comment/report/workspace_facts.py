"""The facts of one workspace that outputs, labels and the gate are made of: they keep nothing of the plan."""

import msgspec

from tfc_plan_comment.findings.gate import Concern
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.plan.verdict import Verdict
from tfc_plan_comment.report.worst import Worst, worst_of


class PlanFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan comes to."""

    verdict: Verdict
    worst: Worst
    attention: int = 0
    """The number of changes that deserve a look."""
    attention_rules: tuple[str, ...] = ()


class RunAsked(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """What a run was asked for, in HCP Terraform's words, and whether it applies by itself. Addresses are masked."""

    is_destroy: bool = False
    refresh_only: bool = False
    auto_apply: bool = False
    save_plan: bool = False
    target_addrs: tuple[str, ...] = ()
    replace_addrs: tuple[str, ...] = ()


class WorkspaceFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One workspace; what is not known is empty. Without a plan there is no `plan`."""

    name: str
    run_id: str = ""
    run_url: str = ""
    status: str = ""
    """The plan's, in HCP Terraform's word."""
    run_status: str = ""
    """The run's own."""
    asked: RunAsked | None = None
    """None where there is no run."""
    plan: PlanFacts | None = None
    concerns: tuple[Concern, ...] = ()

    @property
    def worst(self) -> Worst:
        """The worst that is known of it."""
        return self.plan.worst if self.plan else Worst.FAILED


def plan_facts(summary: PlanSummary) -> PlanFacts:
    """The facts of a plan."""
    return PlanFacts(
        verdict=summary.verdict,
        worst=worst_of(summary),
        attention=len(summary.attention),
        attention_rules=summary.attention_rules,
    )
