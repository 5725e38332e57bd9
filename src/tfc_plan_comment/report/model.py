"""The report as values: nothing in them is Markdown or HTML, and what had to be cut stands in them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.lines.cell import Cell
from tfc_plan_comment.report.lines.line import WHOLE, Cut, Line, cut_of
from tfc_plan_comment.report.view import HtmlReportView, MocksView, RunView


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All that there is to say: the plan, where it comes from, what came of it, and which comment says it."""

    key: str
    summary: PlanSummary
    workspace: str | None = None
    run: RunView | None = None
    failure: str | None = None
    full_report: str | None = None
    findings: Findings = field(default_factory=Findings)
    mocks: MocksView | None = None
    html_report: HtmlReportView | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something that is said of a change: `moved from t.old`, or only words. `origin` is where it comes from."""

    words: str
    origin: str = ""
    after: str = ""
    cut: Cut = field(default=WHOLE, compare=False)

    def __str__(self) -> str:
        """The phrase as it is read."""
        return f"{self.words} from {self.origin}{self.after}" if self.origin else f"{self.words}{self.after}"

    @property
    def without_origin(self) -> "Phrase":
        """The row without its origin: it then fits others that come from somewhere else."""
        return Phrase(f"{self.words}{self.after}")


def join_phrases(phrases: Iterable[Phrase]) -> str:
    """All of them in one line."""
    return ", ".join(map(str, phrases))


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One change, or several that are alike, as a row of the table and the details below it.

    `alike` holds the addresses of the others, and `same_for` lines with the addresses of all, where their lines are the
    same and they are too many to stand among these. `types` is the number of their types.
    """

    action: Action
    symbol: str
    label: str
    address: str
    heading: str
    reason: str | None
    about: tuple[Phrase, ...]
    cell: Cell
    lines: tuple[Line, ...]
    holds_data: bool
    is_open: bool
    is_noise: bool = False
    alike: tuple[str, ...] = ()
    same_for: tuple[Line, ...] = ()
    types: int = 1
    cut: Cut = WHOLE
    """The part of address and label that is cut."""
    hidden: int = 0
    """The number of values that are hidden in it for nothing but an equal one that the plan marks."""

    @property
    def is_told_by_itself(self) -> bool:
        """True if details say no more: a move only changes an address, and both stand in the row."""
        return self.action is Action.MOVE and not self.alike

    def find_cut(self, *, with_details: bool) -> Cut:
        """The part that stands nowhere. What is cut in the cell stands in the details, if they have attributes."""
        words = sum((phrase.cut for phrase in self.about), self.cut)
        below = cut_of((*self.lines, *self.same_for)) if with_details else WHOLE
        return words + below + (self.cell.cut if self.action.facts.instead else WHOLE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Caution:
    """An object that is destroyed or replaced: in words what happens, to what, and why."""

    what: str
    address: str
    holds_data: bool
    because: Cell


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A part of the report below the changes."""

    title: str
    lines: tuple[Line, ...]
    is_open: bool = False
    hidden: int = 0
    """As of a row."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A row in the report, with as much of it as there is room for."""

    row: Row
    short_address: str
    """The address, with `…` for a long module path that the row above has, too."""
    has_cell: bool
    has_details: bool
    is_open: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class More:
    """Changes that have no row: how many, what happens to them, and where.

    `type` is empty where they are of several types. `modules` is the number of the modules they are in; `module` is the
    one with half of them or more, without the keys of its instances, and empty if that is the root module or none.
    """

    action: Action
    count: int
    type: str
    module: str
    modules: int
