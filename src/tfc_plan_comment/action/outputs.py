"""The outputs of the step: each name of action.yml, in its order, with the function that gives its value.

An output that does not apply is not set, or empty: to the workflow that is the same.
"""

from collections.abc import Callable, Iterator, Mapping

from tfc_plan_comment.action.products import Product
from tfc_plan_comment.action.results import Planned, Result
from tfc_plan_comment.github_actions.environment import GitHubEnvironment
from tfc_plan_comment.github_actions.written import Written
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.plan.verdict import Verdict


def _path(product: Product, environment: GitHubEnvironment) -> str:
    return environment.in_workspace(product.path) if product.path else ""


def _artifact_id(product: Product, _: GitHubEnvironment) -> str:
    return str(product.artifact.id) if product.artifact else ""


def _artifact_url(product: Product, environment: GitHubEnvironment) -> str:
    return environment.artifact_url(product.artifact.id) if product.artifact else ""


def _digest(product: Product, _: GitHubEnvironment) -> str:
    return f"sha256:{product.bundle.sha256}" if product.bundle else ""


OF_PLAN: Mapping[str, Callable[[Verdict], str]] = {
    "has-changes": lambda verdict: str(verdict.has_changes).lower(),
    "to-import": lambda verdict: str(verdict.counts.to_import),
    "to-add": lambda verdict: str(verdict.counts.to_add),
    "to-change": lambda verdict: str(verdict.counts.to_change),
    "to-destroy": lambda verdict: str(verdict.counts.to_destroy),
    "to-replace": lambda verdict: str(verdict.counts.to_replace),
    "to-move": lambda verdict: str(verdict.counts.to_move),
    "to-forget": lambda verdict: str(verdict.counts.to_forget),
    "plan-summary": lambda verdict: verdict.sentence,
}
OF_ATTENTION: Mapping[str, Callable[[PlanSummary], str]] = {
    "attention": lambda summary: str(len(summary.attention)),
    "attention-rules": lambda summary: ",".join(summary.attention_rules),
}
OF_RUN: Mapping[str, Callable[[Result], str]] = {
    "run-id": lambda result: result.subject.run_id or "",
    "run-url": lambda result: (result.subject.run.url or "") if result.subject.run else "",
    "plan-id": lambda result: result.subject.plan_id or "",
    "plan-status": lambda result: result.plan_status or "",
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

OUTPUTS = (*OF_PLAN, *OF_ATTENTION, *OF_RUN, *OF_COMMENT, *OF_KEPT_FILES, *OF_REPORT, *OF_MOCKS)
"""The names of all outputs."""


def outputs_of_result(result: Result, environment: GitHubEnvironment) -> Iterator[tuple[str, str]]:
    """The outputs, by name, that do not depend on the comment."""
    yield from ((name, value(result)) for name, value in OF_RUN.items())
    if result.mocks:
        yield from _known((name, value(result.mocks, environment)) for name, value in OF_MOCKS.items())
    if not isinstance(result, Planned):
        return
    verdict = result.summary.verdict
    yield from ((name, value(verdict)) for name, value in OF_PLAN.items())
    yield from ((name, value(result.summary)) for name, value in OF_ATTENTION.items())
    yield from ((name, environment.in_workspace(result.kept[name])) for name in OF_KEPT_FILES if name in result.kept)
    if result.html_report:
        yield from _known((name, value(result.html_report, environment)) for name, value in OF_REPORT.items())


def outputs_of_comment(written: Written) -> Iterator[tuple[str, str]]:
    """The outputs, by name, that are known once the comment is written."""
    yield from ((name, value(written)) for name, value in OF_COMMENT.items())


def _known(outputs: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in outputs if value)
