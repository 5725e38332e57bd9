"""The alerts on the run: what stops it, what is odd about it, and what HCP Terraform warns of.

They are values: the comment, the HTML report and the log say the same.
"""

from collections.abc import Iterator

from tfc_plan_comment.findings.said import Known, NotAsked, Said, Unknown
from tfc_plan_comment.findings.tasks import Tasks
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.report.lines.cell import Cell, join, say, say_text
from tfc_plan_comment.report.lines.citing import shorten
from tfc_plan_comment.report.model import Note, Report
from tfc_plan_comment.report.policies import policy_notes, shown_policies
from tfc_plan_comment.report.tasks import shown_tasks, stopping_lines, warning_lines

MOST_WARNINGS = 5
"""At most this many warnings of HCP Terraform are said; the rest are counted."""
LONGEST_WARNING = 300
"""Characters of each."""
ERRORED = "The run errored after its plan, which cannot be applied"


def note_run(report: Report) -> Iterator[Note]:
    """The alerts, one of each kind at most: what stops the run, what is odd about it, and what could not be read."""
    notes = [*_list_notes(report)]
    for kind in ("CAUTION", "WARNING", "NOTE"):
        if lines := tuple(line for note in notes if note.kind == kind for line in note.lines):
            yield Note(kind=kind, lines=lines)


def _list_notes(report: Report) -> Iterator[Note]:
    findings, summary = report.findings, report.summary
    tasks = shown_tasks(findings.tasks, summary)
    stopping = tuple(stopping_lines(tasks)) if tasks else ()
    if report.is_ended:  # the plan looks good, and nobody can apply it
        stopping = (_say_end(findings.tasks, names_it=bool(stopping)), *stopping)
    if stopping:
        yield Note(kind="CAUTION", lines=stopping)
    if report.mismatch:
        yield Note(kind="CAUTION", lines=(report.mismatch,))
    policies = shown_policies(findings.policies, summary)
    if policies:
        yield from policy_notes(policies)
    if tasks and (lines := tuple(warning_lines(tasks))):
        yield Note(kind="WARNING", lines=lines)
    yield from _note_warnings(findings.warnings, summary.mask)


def _say_end(tasks: Said[Tasks], *, names_it: bool) -> Cell:
    """The run has errored; `names_it` if the task that is the reason has its line below."""
    if names_it:
        return say(f"{ERRORED}.")
    problems = tasks.value.unread if isinstance(tasks, Known) else (tasks.why,) if isinstance(tasks, Unknown) else ()
    if problems:
        return say(f"{ERRORED}. Its run tasks {Unknown(problems[0]).sentence}.")
    return say(f"{ERRORED}; the run shows why.")


def _note_warnings(said: Said[tuple[str, ...]], mask: Mask) -> Iterator[Note]:
    """One note for all warnings of HCP Terraform, ignored policies and changed enforcement, in its own words."""
    match said:
        case Known(warnings) if warnings:
            words = [say_text(f"“{shorten(mask.text(each), LONGEST_WARNING)}”") for each in warnings[:MOST_WARNINGS]]
            rest = len(warnings) - MOST_WARNINGS
            more = say(f" and {rest:,} more, see the run" if rest > 0 else "")
            yield Note(kind="WARNING", lines=(say("HCP Terraform warns: ") + join(words, " ") + more,))
        case Unknown():
            what = "HCP Terraform's warnings about policies and tasks"
            yield Note(kind="NOTE", lines=(say(f"{what} {said.sentence}."),))
        case Known() | NotAsked():
            pass
