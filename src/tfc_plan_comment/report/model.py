"""The report as values: nothing in them is Markdown or HTML, and what had to be cut stands in them."""

from collections.abc import Iterable
from enum import Enum

import msgspec

from tfc_plan_comment.findings.apply import Fate, Outcome
from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.attention import Notice
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.hidden import NONE_HIDDEN, Hidden
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, Piece, Voice, say, say_text
from tfc_plan_comment.report.lines.line import WHOLE, Cut, Line, cut_of
from tfc_plan_comment.report.view import HtmlReportView, MocksView, RunView


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """A line for each difference from the plan of the earlier commit, what can hurt first; or it is the same plan."""

    commit: str
    is_same: bool = False
    lines: tuple[Cell, ...] = ()
    note: Cell = EMPTY
    """The part that could not be compared, if there is one."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that there is to say: the plan, where it comes from, what came of it, and which comment says it."""

    key: str
    summary: PlanSummary
    workspace: str | None = None
    run: RunView | None = None
    failure: str | None = None
    is_ended: bool = False
    """The run has errored after its plan, and no policy is known to be the reason."""
    has_errored: bool = False
    """The run has errored after its plan, whatever the reason."""
    outcome: Outcome | None = None
    """What became of the plan, as far as there is anything to say of that."""
    mismatch: Cell = EMPTY
    """The sentence that says that the plan is of another commit than the pull request is at."""
    since: Since | None = None
    """The differences from the plan that the comment showed before, if it showed one."""
    full_report: str | None = None
    findings: Findings = msgspec.field(default_factory=Findings)
    mocks: MocksView | None = None
    html_report: HtmlReportView | None = None

    @property
    def is_settled(self) -> bool:
        """True if nobody has to decide anything any more: the plan is applied, or never will be."""
        return self.outcome is not None and self.outcome.fate.is_settled

    @property
    def is_void(self) -> bool:
        """True if nothing of the plan was done, or ever will be: then nothing is lost either."""
        return self.outcome is not None and self.outcome.fate is Fate.NOT_APPLIED


class Phrase(msgspec.Struct, frozen=True, eq=False):
    """Something that is said of a change: `moved from t.old`, or only words. `origin` is where it comes from."""

    words: str
    origin: str = ""
    after: str = ""
    cut: Cut = WHOLE
    is_named: bool = False
    """The origin is an address."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and self._compared == other._compared

    def __hash__(self) -> int:
        return hash(self._compared)

    @property
    def _compared(self) -> tuple[object, ...]:
        return self.words, self.origin, self.after, self.is_named

    def __str__(self) -> str:
        """The phrase as it is read."""
        return f"{self.words} from {self.origin}{self.after}".lstrip() if self.origin else f"{self.words}{self.after}"

    @property
    def without_origin(self) -> "Phrase":
        """The row without its origin: it then fits others that come from somewhere else."""
        return Phrase(f"{self.words}{self.after}")

    @property
    def cell(self) -> Cell:
        """The phrase as a part of a line."""
        if not self.is_named:
            return say_text(str(self), self.cut)
        return (
            say(f"{self.words} from ".lstrip())
            + Cell((Piece(self.origin, Voice.NAME, cut=self.cut),))
            + say(self.after)
        )


def join_phrases(phrases: Iterable[Phrase]) -> str:
    """All of them in one line."""
    return ", ".join(map(str, phrases))


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One change, or several that are alike: its line in the list, and what unfolds below it.

    `alike` holds the addresses of the others, and `same_for` lines with the addresses of all, where their lines are the
    same and they are too many to stand among these.
    """

    action: Action
    symbol: str
    label: str
    address: str
    subject: Cell
    """The address, or the number of those that are alike and what they have in common."""
    heading: str
    reason: str | None
    about: tuple[Phrase, ...]
    """The order of a replacement if it is not the usual one, and where it comes from."""
    cell: Cell
    """The attributes that change, and their values where they are short; of a replacement those that force it."""
    lines: tuple[Line, ...]
    holds_data: bool
    is_open: bool
    remarks: tuple[Cell, ...] = ()
    """Sentences below the lines: what is known after apply, back to unset or empty, or is said of all of it, and is too
    long for a line."""
    why: Cell = EMPTY
    """The reason, where it is no attribute."""
    names: tuple[Cell, ...] = ()
    """What people call each of the objects, where it comes, goes or is handed over."""
    notices: tuple[Notice, ...] = ()
    """The facts that deserve a look, and remarks; those of one change, for what deserves a look stands alone."""
    is_noise: bool = False
    alike: tuple[str, ...] = ()
    same_for: tuple[Line, ...] = ()
    types: int = 1
    """The number of their types."""
    cut: Cut = WHOLE
    """The part of address and label that is cut."""
    hidden: Hidden = NONE_HIDDEN
    """The number of values that are hidden in it though nothing marks them there."""

    @property
    def is_told_by_itself(self) -> bool:
        """True if its line says everything: of one object that only moves, or is only forgotten."""
        return bool(self.action.facts.instead) and not self.alike

    @property
    def deserves_a_look(self) -> bool:
        """True if one of its notices is more than a remark."""
        return any(not notice.is_remark for notice in self.notices)

    @property
    def count(self) -> int:
        """The number of changes."""
        return 1 + len(self.alike)

    def find_cut(self, *, with_details: bool) -> Cut:
        """The part that stands nowhere, but for addresses, which are counted as changes.

        What is cut in cell and names stands below, if attributes do.
        """
        words = sum((phrase.cut for phrase in self.about), self.cut) + self.why.cut
        remarks = sum((remark.cut for remark in self.remarks), WHOLE)
        below = cut_of(self.lines) + remarks if with_details else WHOLE
        names = sum((name.cut for name in self.names), WHOLE)
        return words + below + (names if self.action.facts.instead else WHOLE)


BLANK = Row(
    action=Action.UPDATE,
    symbol="",
    label="",
    address="",
    subject=EMPTY,
    heading="",
    reason=None,
    about=(),
    cell=EMPTY,
    lines=(),
    holds_data=False,
    is_open=False,
)
"""A row that says nothing: nothing can take less room."""


class LossKind(Enum):
    """The kinds of losses, the worst first."""

    WITH_DATA = "with data"
    WITHOUT_DATA = "without data"
    BY_DESIGN = "by design"


class Caution(msgspec.Struct, frozen=True, kw_only=True):
    """Losses of one kind: a heading, a line for each group of objects, and the number of these."""

    kind: LossKind
    heading: str
    losses: tuple[Cell, ...]
    count: int


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """An alert about the plan or the run as a whole. `kind` is GitHub's: NOTE, WARNING or CAUTION."""

    kind: str
    lines: tuple[Cell, ...]


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the report below the changes."""

    title: Cell
    lines: tuple[Line, ...]
    is_open: bool = False
    hidden: Hidden = NONE_HIDDEN
    """As of a row."""
    unlisted: int = 0
    """The number of outputs that are cut off with the end of its lines."""


class Fold(msgspec.Struct, frozen=True):
    """Several rows behind one line, such as a module that goes as a whole."""

    symbol: str
    label: str
    title: Cell
    is_open: bool = False


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A row in the report, with as much of it as there is room for."""

    row: Row
    has_cell: bool
    has_details: bool
    is_open: bool
    positions: tuple[int, ...] = ()
    """Those of its changes in the summary."""
    fold: Fold | None = None
    """The fold in which it stands, if any."""
    opens_fold: bool = False
    """It is the first one there."""
    unlisted: int = 0
    """The number of its changes whose addresses are cut off with the end of its lines."""


class More(msgspec.Struct, frozen=True, kw_only=True):
    """Changes that have no row: how many, what happens to them, and where.

    `type` is empty where they are of several types. `modules` is the number of the modules they are in; `module` is the
    one with half of them or more, without the keys of its instances, and empty if that is the root module or none.
    """

    action: Action
    count: int
    type: str
    module: str
    modules: int
