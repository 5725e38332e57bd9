"""What is new in several workspaces since the plans that their comment showed before."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from tfc_plan_comment.comment_memory import NOTHING, Memory
from tfc_plan_comment.report.lines.cell import Cell, join, say
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Since
from tfc_plan_comment.report.shown_changes import RememberedChanges
from tfc_plan_comment.report.since import tell_since
from tfc_plan_comment.report.together import MOST_NAMED, Said, say_workspace, tell_lines
from tfc_plan_comment.report.workspace_report import WorkspaceReport

MOST_LINES = 12
"""At most this many lines tell what is new; the rest is counted by workspace."""

NO_PLAN = "has no plan now, and had one before"
AS_BEFORE = "as before"


class SinceTogether(msgspec.Struct, frozen=True, kw_only=True):
    """A line for each difference, with its workspace; or all plans are the same. `commit` is that of all of them."""

    commit: str = ""
    """Empty where the earlier plans are of several."""
    is_same: bool = False
    lines: tuple[Cell, ...] = ()
    replaced: tuple[str, ...] = ()
    """The keys of other workspaces of which the comment tells at the same commit: another step writes of them."""


def tell_since_together(reports: Sequence[WorkspaceReport], before: Mapping[str, Memory]) -> SinceTogether | None:
    """What is new in the workspaces, which stand in their order; None where no earlier plan is known.

    `before` is what the comment remembers of each, by `WorkspaceReport.key`.
    """
    told = [(each, since) for each in reports if (since := _tell_one(each, before.get(each.key, NOTHING)))]
    replaced = _find_replaced(reports, before)
    if not told:
        return SinceTogether(replaced=replaced) if replaced else None
    commits = {since.commit for _, since in told}
    commit = commits.pop() if len(commits) == 1 else ""
    same = [each for each, since in told if since.is_same and not since.note]
    if len(same) == len(reports) and commit:
        return SinceTogether(commit=commit, is_same=True, replaced=replaced)
    lines: list[Said] = [(each, line) for each, since in told for line in _lines_of(since)]
    shown = (*tell_lines(lines, "", MOST_LINES), *([_say_same(same)] if same else []))
    return SinceTogether(commit=commit, lines=shown, replaced=replaced)


def _find_replaced(reports: Sequence[WorkspaceReport], before: Mapping[str, Memory]) -> tuple[str, ...]:
    ours = {each.key for each in reports}
    commits = {each.memory.commit for each in reports if each.memory.commit}
    return tuple(sorted(key for key, memory in before.items() if key not in ours and memory.commit in commits))


def _tell_one(report: WorkspaceReport, before: Memory) -> Since | None:
    """What is new in one workspace; a plan that is not there any more is news as well."""
    earlier, plan = before.before(report.memory.commit), report.memory.plan
    if earlier is None:
        return None
    if plan is not None:
        return tell_since(earlier, RememberedChanges(plan), Limits())
    showed_one = before.plan is earlier and before.commit == earlier.commit
    return Since(commit=earlier.commit, lines=(say(NO_PLAN),)) if showed_one and not report.has_plan else None


def _lines_of(since: Since) -> Iterator[Cell]:
    """The lines as they follow the name of the workspace."""
    for line in since.lines:
        yield say(" ") + line
    if since.note:
        yield say(": the same plan; " if since.is_same else ": ") + since.note


def _say_same(reports: Sequence[WorkspaceReport]) -> Cell:
    named = join(map(say_workspace, reports[:MOST_NAMED]), ", ")
    more = len(reports) - MOST_NAMED
    others = f" and {more:,} more workspace{'' if more == 1 else 's'}" if more > 0 else ""
    return named + say(f"{others} {AS_BEFORE}")
