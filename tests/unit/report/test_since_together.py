"""What is new in several workspaces: each line names its workspace, and what has no room is counted."""

import pytest

from tfc_plan_comment.comment_memory import Memory, Remembered, ShownPlan
from tfc_plan_comment.report.lines.cell import Cell
from tfc_plan_comment.report.since_together import MOST_LINES, SinceTogether, tell_since_together
from tfc_plan_comment.report.workspace_report import Rank, WorkspaceReport

A, B, C = "a" * 40, "b" * 40, "c" * 40


def plan(commit: str, *, count: int | None = None, **changes: str) -> ShownPlan:
    """A plan with these changes, each by its action; their fingerprints are all the same."""
    remembered = {f"t.{name}": Remembered(action, "f") for name, action in changes.items()}
    return ShownPlan(commit, str(sorted(changes.items())), len(changes) if count is None else count, remembered)


def report(name: str, memory: Memory, *, has_plan: bool = True) -> WorkspaceReport:
    """A workspace of which that is remembered."""
    rank = Rank.CHANGES if has_plan else Rank.FAILED
    return WorkspaceReport(name=name, key=name, rank=rank, symbol="", memory=memory, has_plan=has_plan)


def told(*workspaces: tuple[str, ShownPlan | None, ShownPlan | None]) -> SinceTogether | None:
    """What is said of workspaces of which the plans before and now are given."""
    reports = [report(name, Memory(B, f"run-{name}", 2, now), has_plan=now is not None) for name, _, now in workspaces]
    before = {name: Memory(was.commit, "run-0", 1, was) for name, was, _ in workspaces if was}
    return tell_since_together(reports, before)


def text(cell: Cell) -> str:
    """The line as it is read."""
    return "".join(piece.text for piece in cell.pieces)


def lines(since: SinceTogether | None) -> list[str]:
    """The lines of what is said."""
    assert since is not None
    return list(map(text, since.lines))


def test_nothing_is_known() -> None:
    """Without an earlier plan of any workspace nothing is said, and of one without one nothing either."""
    assert told(("a", None, plan(B, x="create")), ("b", None, None)) is None
    assert lines(told(("a", None, plan(B, x="create")), ("b", plan(A), plan(B)))) == ["b as before"]


def test_the_commit_of_the_plans_before() -> None:
    """It is named if it is the same of all."""
    changed = told(("a", plan(A), plan(B, x="create")), ("b", plan(A), plan(B)))
    assert changed == SinceTogether(commit=A, lines=changed.lines if changed else ())
    several = told(("a", plan(A), plan(B, x="create")), ("b", plan(C), plan(B)))
    assert several is not None
    assert several.commit == ""
    assert told(("a", plan(A), plan(B)), ("b", plan(A), plan(B))) == SinceTogether(commit=A, is_same=True)
    assert lines(told(("a", plan(A), plan(B)), ("b", plan(C), plan(B)))) == ["a, b as before"]


def test_a_plan_that_is_gone() -> None:
    """It is news if the comment showed a plan, and none if it failed before as well."""
    assert lines(told(("a", plan(A, x="create"), None))) == ["a has no plan now, and had one before"]

    failed_again = report("a", Memory(C, "run-3", 3), has_plan=False)
    assert tell_since_together([failed_again], {"a": Memory(B, "run-2", 2, plan(A))}) is None


def test_a_plan_that_cannot_be_compared() -> None:
    """A plan that is not remembered, such as a refresh-only one, is there all the same."""
    assert tell_since_together([report("a", Memory(B, "run-2", 2))], {"a": Memory(A, "run-1", 1, plan(A))}) is None


def test_what_is_remembered_in_part() -> None:
    """Of a present plan that is not known whole nothing is called gone, and the same plan is so as far as is known."""
    assert lines(told(("a", plan(A, x="delete", y="create"), plan(B, y="update", count=300)))) == [
        "a now changes t.y, which it created before"
    ]
    assert lines(told(("a", plan(A, y="update", count=300), plan(B, y="update", count=300)))) == [
        "a: the same plan; of the last 299 changes only addresses and actions were compared"
    ]


@pytest.mark.parametrize("count", [MOST_LINES + 1, MOST_LINES + 2, 200])
def test_many_workspaces(count: int) -> None:
    """A bounded number of lines; the rest is counted with the names of some workspaces."""
    said = lines(told(*((f"w{number}", plan(A), plan(B, x="create")) for number in range(count))))

    assert len(said) <= MOST_LINES + 1
    if count > MOST_LINES + 1:
        assert said[-1].startswith(f"and {count - MOST_LINES} more in w12, w13")
    same = lines(told(("x", plan(A), plan(B, y="create")), *((f"w{n}", plan(A), plan(B)) for n in range(count))))
    assert same == ["x new: creates t.y", f"w0, w1, w2, w3, w4 and {count - 5} more workspaces as before"]
