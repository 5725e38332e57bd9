"""The outputs of the step: each name of action.yml, in its order, with the function that gives its value.

Counts are those of all workspaces together. What belongs to one workspace alone, such as its run, is set if there is
only one; the output `workspaces` has it of each. An output that does not apply is not set, or empty: to the workflow
that is the same.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import asdict

from tfc_plan_comment.action.products import Product
from tfc_plan_comment.action.report_of import run_status_of
from tfc_plan_comment.action.results import Planned, Result
from tfc_plan_comment.findings.gate import GateReason
from tfc_plan_comment.github_actions.environment import GitHubEnvironment
from tfc_plan_comment.github_actions.written import Written
from tfc_plan_comment.plan.knowledge.attention import RULE_IDS
from tfc_plan_comment.plan.verdict import Counts
from tfc_plan_comment.report.workspace_facts import PlanFacts, RunAsked, WorkspaceFacts
from tfc_plan_comment.report.worst import Worst


class Workspace(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """An element of the output `workspaces`. What a plan says is null where there is none."""

    name: str
    run_id: str
    run_url: str
    status: str
    run_status: str
    asked: RunAsked | None
    has_changes: bool | None
    counts: Mapping[str, int] | None
    worst: Worst


def _workspace(facts: WorkspaceFacts) -> Workspace:
    verdict = facts.plan.verdict if facts.plan else None
    return Workspace(
        name=facts.name,
        run_id=facts.run_id,
        run_url=facts.run_url,
        status=facts.status,
        run_status=facts.run_status,
        asked=facts.asked,
        has_changes=verdict.has_changes if verdict else None,
        counts=_counts(verdict.counts) if verdict else None,
        worst=facts.worst,
    )


def _counts(counts: Counts) -> Mapping[str, int]:
    """The counts, by names that are written as the outputs are."""
    return {name.replace("_", "-"): count for name, count in asdict(counts).items()}


def _has_changes(workspaces: Sequence[WorkspaceFacts]) -> str:
    """Nothing if no plan that is known changes anything, and one is not known."""
    if any(each.plan and each.plan.verdict.has_changes for each in workspaces):
        return "true"
    return "false" if all(each.plan for each in workspaces) else ""


def _sum(count: Callable[[Counts], int]) -> Callable[[Sequence[PlanFacts]], str]:
    return lambda plans: str(sum(count(each.verdict.counts) for each in plans))


def _plan_summary(workspaces: Sequence[WorkspaceFacts]) -> str:
    """Terraform's sentence; of several plans a line for each, with its workspace in front."""
    sentences = [(each.name, each.plan.verdict.sentence) for each in workspaces if each.plan]
    if len(sentences) == 1:
        return sentences[0][1]
    return "\n".join(f"{name}: {sentence}" for name, sentence in sentences)


def _attention(plans: Sequence[PlanFacts]) -> str:
    return str(sum(each.attention for each in plans))


def _attention_rules(plans: Sequence[PlanFacts]) -> str:
    rules = {rule for each in plans for rule in each.attention_rules}
    return ",".join(rule for rule in RULE_IDS if rule in rules)


def _gate_reasons(reasons: Sequence[GateReason]) -> str:
    return msgspec.json.encode(
        [{"workspace": each.workspace, "fail-on": each.conditions, "reason": each.sentence} for each in reasons]
    ).decode()


def _path(product: Product, environment: GitHubEnvironment) -> str:
    return environment.in_workspace(product.path) if product.path else ""


def _artifact_id(product: Product, _: GitHubEnvironment) -> str:
    return str(product.artifact.id) if product.artifact else ""


def _artifact_url(product: Product, environment: GitHubEnvironment) -> str:
    return environment.artifact_url(product.artifact.id) if product.artifact else ""


def _digest(product: Product, _: GitHubEnvironment) -> str:
    return f"sha256:{product.bundle.sha256}" if product.bundle else ""


OF_ALL: Mapping[str, Callable[[Sequence[WorkspaceFacts]], str]] = {"has-changes": _has_changes}
OF_PLANS: Mapping[str, Callable[[Sequence[PlanFacts]], str]] = {
    "to-import": _sum(lambda counts: counts.to_import),
    "to-add": _sum(lambda counts: counts.to_add),
    "to-change": _sum(lambda counts: counts.to_change),
    "to-destroy": _sum(lambda counts: counts.to_destroy),
    "to-replace": _sum(lambda counts: counts.to_replace),
    "to-move": _sum(lambda counts: counts.to_move),
    "to-forget": _sum(lambda counts: counts.to_forget),
}
OF_SENTENCES: Mapping[str, Callable[[Sequence[WorkspaceFacts]], str]] = {"plan-summary": _plan_summary}
OF_ATTENTION: Mapping[str, Callable[[Sequence[PlanFacts]], str]] = {
    "attention": _attention,
    "attention-rules": _attention_rules,
}
OF_GATE: Mapping[str, Callable[[Sequence[GateReason]], str]] = {
    "gate": lambda reasons: "failed" if reasons else "passed",
    "gate-reasons": _gate_reasons,
}
OF_RUN: Mapping[str, Callable[[Result], str]] = {
    "run-id": lambda result: result.subject.run_id or "",
    "run-url": lambda result: (result.subject.run.url or "") if result.subject.run else "",
    "run-status": run_status_of,
    "plan-id": lambda result: result.subject.plan_id or "",
    "plan-status": lambda result: result.plan_status or "",
}
OF_WORKSPACES: Mapping[str, Callable[[Sequence[WorkspaceFacts]], str]] = {
    "workspaces": lambda workspaces: msgspec.json.encode([_workspace(each) for each in workspaces]).decode(),
}
OF_COMMENT: Mapping[str, Callable[[Written], str]] = {
    "comment-id": lambda written: str(written.id or ""),
    "comment-url": lambda written: written.url or "",
    "comment-result": lambda written: written.result,
}
OF_KEPT_FILES = ("plan-json-path", "summary-json-path")
"""The keys of `Planned.kept`."""
OF_REPORT: Mapping[str, Callable[[Product, GitHubEnvironment], str]] = {
    "report-path": _path,
    "report-artifact-id": _artifact_id,
    "report-artifact-url": _artifact_url,
}
OF_MOCKS: Mapping[str, Callable[[Product, GitHubEnvironment], str]] = {
    "sentinel-mocks-path": _path,
    "sentinel-mocks-artifact-id": _artifact_id,
    "sentinel-mocks-artifact-url": _artifact_url,
    "sentinel-mocks-digest": _digest,
}

OUTPUTS = (
    *OF_ALL,
    *OF_PLANS,
    *OF_SENTENCES,
    *OF_ATTENTION,
    *OF_GATE,
    *OF_RUN,
    *OF_WORKSPACES,
    *OF_COMMENT,
    *OF_KEPT_FILES,
    *OF_REPORT,
    *OF_MOCKS,
)
"""The names of all outputs."""


def outputs_of(
    workspaces: Sequence[WorkspaceFacts],
    alone: Result | None,
    written: Written | None,
    environment: GitHubEnvironment,
    reasons: Sequence[GateReason] | None = None,
) -> Iterator[tuple[str, str]]:
    """The outputs by name, once all is written.

    `alone` is the result where there is only one workspace, `written` the comment if there is only one. `reasons` are
    None if there is no gate.
    """
    plans = [each.plan for each in workspaces if each.plan]
    yield from _known((name, value(workspaces)) for name, value in OF_ALL.items())
    if plans:
        yield from ((name, value(plans)) for name, value in OF_PLANS.items())
        yield from ((name, value(workspaces)) for name, value in OF_SENTENCES.items())
        yield from ((name, value(plans)) for name, value in OF_ATTENTION.items())
    if reasons is not None:
        yield from ((name, value(reasons)) for name, value in OF_GATE.items())
    if alone:
        yield from _outputs_of_one(alone, environment)
    yield from ((name, value(workspaces)) for name, value in OF_WORKSPACES.items())
    if written:
        yield from ((name, value(written)) for name, value in OF_COMMENT.items())


def _outputs_of_one(result: Result, environment: GitHubEnvironment) -> Iterator[tuple[str, str]]:
    yield from ((name, value(result)) for name, value in OF_RUN.items())
    if result.mocks:
        yield from _known((name, value(result.mocks, environment)) for name, value in OF_MOCKS.items())
    yield from ((name, environment.in_workspace(result.kept[name])) for name in OF_KEPT_FILES if name in result.kept)
    if isinstance(result, Planned) and result.html_report:
        yield from _known((name, value(result.html_report, environment)) for name, value in OF_REPORT.items())


def _known(outputs: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in outputs if value)
