"""The end of the log, in lines, and the annotation of the workflow's run: the decision for who never opens the comment.

Plain text without Markdown. Every name in it is masked as in the comment; whoever prints the lines escapes them.
"""

from collections.abc import Iterable, Iterator

from tfc_plan_comment.plan.summary import PlannedChange
from tfc_plan_comment.report.addresses import show_object
from tfc_plan_comment.report.cautions import list_cautions
from tfc_plan_comment.report.headline import explain_counts, tell_headline, tell_look
from tfc_plan_comment.report.lines.cell import Cell
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.notices import list_notices
from tfc_plan_comment.report.outcome import note_outcome, tell_fate
from tfc_plan_comment.report.run_checks import say_checks
from tfc_plan_comment.report.run_notes import note_run

MOST_NAMES = 10
"""At most this many addresses stand in the annotation."""


def title_of(workspace: str | None, tool: str = "Terraform") -> str:
    """The title of an annotation, and the beginning of the first line: `Terraform plan for prod`."""
    return f"{tool} plan for {workspace}" if workspace else f"{tool} plan"


def closing_lines(report: Report) -> Iterator[str]:
    """The lines with which the log ends: what the plan does, what is lost, what deserves a look, and how the run is."""
    summary, headline = report.summary, tell_fate(report.outcome) or tell_headline(report.summary)
    yield f"{title_of(report.workspace, summary.tool)}: {headline}"
    if summary.plan.errored:  # its errors are annotations
        yield from _notes(report)
        return
    yield f"{summary.verdict.sentence} {explain_counts(summary, headline)}".rstrip()
    for caution in () if report.is_void else list_cautions(summary, Limits()):
        yield f"{caution.heading}:"
        yield from (f"  {_read(loss)}" for loss in caution.losses)
    if not report.is_void and (look := tell_look(summary)):
        yield f"{look}:"
        yield from (f"  {_read(line)}" for line in list_notices(summary, Limits()))
    yield from _notes(report)
    yield from map(_read, say_checks(report))


def annotation(report: Report) -> str:
    """The sentences that annotate the workflow's run, if there are any.

    They say what is wrong with the run of HCP Terraform, what data is lost, and what deserves a look.
    """
    summary = report.summary
    if summary.plan.errored:  # nobody can apply it
        return ""
    notes = (*note_outcome(report.outcome, report.run), *note_run(report))
    lines = (_read(line) for note in notes if note.kind != "NOTE" for line in note.lines)
    said = [line if line.endswith(".") else f"{line}." for line in lines if line]
    if report.is_settled:  # nobody has to decide on it any more
        return " ".join(said)
    if with_data := [change for change in summary.changes if change.holds_data]:
        what = "1 resource" if len(with_data) == 1 else f"{len(with_data):,} resources"
        said.append(f"Destroys {what} with data: {_name(with_data)}.")
    if look := tell_look(summary):
        said.append(f"{look}: {'; '.join(map(_read, list_notices(summary, Limits())))}.")
    return " ".join(said)


def _notes(report: Report) -> Iterator[str]:
    """The lines of the alerts on the run, a line for each."""
    notes = (*note_outcome(report.outcome, report.run), *note_run(report))
    return (_read(line) for note in notes for line in note.lines if line)


def _read(cell: Cell) -> str:
    return "".join(f"{piece.text} ({piece.url})" if piece.url else piece.text for piece in cell.pieces)


def _name(changes: Iterable[PlannedChange]) -> str:
    named = [*changes]
    names = [
        f"{show_object(each.resource, each.mask, Limits()).text} ({each.action.facts.headline})"
        for each in named[:MOST_NAMES]
    ]
    more = f" and {len(named) - MOST_NAMES:,} more" if len(named) > MOST_NAMES else ""
    return f"{', '.join(names)}{more}"
