"""What became of the plan, in words: for the headline, and for an alert on the first screen.

Counts are HCP Terraform's. What an apply that failed had done before is said to be its count, for no document promises
that it is all.
"""

from collections.abc import Iterator

from tfc_plan_comment.findings.apply import Done, Fate, Outcome
from tfc_plan_comment.findings.said import Known, Unknown
from tfc_plan_comment.report.diagnostics import tell_apply_errors
from tfc_plan_comment.report.lines.cell import Cell, Piece, Voice, say, say_text
from tfc_plan_comment.report.model import Note
from tfc_plan_comment.report.view import RunView

WHAT_IS_LEFT = "A new plan shows what is left to do."


def tell_fate(outcome: Outcome | None) -> str:
    """For a headline: `applied: 2 added, 1 changed`, `apply failed after 1 added`; empty while there is no news."""
    done = _count(_done(outcome), is_whole=False) if outcome else ""
    match outcome:
        case Outcome(fate=Fate.APPLIED):
            return f"applied: {done}" if done else "applied"
        case Outcome(fate=Fate.FAILED):
            return f"apply failed after {done}" if done else "apply failed"
        case Outcome(fate=Fate.INTERRUPTED):
            return f"apply canceled after {done}" if done else "apply canceled"
        case Outcome(fate=Fate.NOT_APPLIED, words=words):
            return f"{words}, nothing applied"
        case _:
            return ""


def note_outcome(outcome: Outcome | None, run: RunView | None) -> Iterator[Note]:
    """The alert, if there is anything to say."""
    if outcome is None:
        return
    said = say_outcome(outcome)
    match outcome.fate:
        case Fate.FAILED | Fate.INTERRUPTED:
            way = (Cell((Piece("Open the run", Voice.WORDS, url=run.url),)),) if run and run.url else ()
            yield Note(kind="CAUTION", lines=(said, *tell_errors_of(outcome), *way))
        case Fate.UNCERTAIN:
            yield Note(kind="WARNING", lines=(said,))
        case Fate.APPLIED | Fate.NOT_APPLIED | Fate.UNDERWAY:
            yield Note(kind="NOTE", lines=(said,))


def say_outcome(outcome: Outcome) -> Cell:
    """The sentences on it, without Terraform's errors."""
    match outcome.fate:
        case Fate.APPLIED:
            return _tell_applied(outcome)
        case Fate.FAILED | Fate.INTERRUPTED:
            return _tell_broken(outcome)
        case Fate.NOT_APPLIED:
            return say(f"The run was {outcome.words}: nothing of this plan was applied.")
        case Fate.UNDERWAY:
            return say(f"The run was {outcome.words} when this was written, see the run.")
        case Fate.UNCERTAIN:
            return _tell_uncertain(outcome)


def tell_errors_of(outcome: Outcome) -> tuple[Cell, ...]:
    """The lines on why the apply failed, if it did."""
    return tell_apply_errors(outcome.apply.value.errors) if isinstance(outcome.apply, Known) else ()


def _tell_broken(outcome: Outcome) -> Cell:
    what = "failed" if outcome.fate is Fate.FAILED else "was canceled"
    done = _count(_done(outcome), is_whole=True)
    before = f"HCP Terraform counts as done before that: {done}." if done else "What was done before is not known."
    return say(f"The apply {what}{_when(outcome)}. {before} {WHAT_IS_LEFT}")


def _tell_applied(outcome: Outcome) -> Cell:
    said = f"This plan was applied{_when(outcome)}"
    if isinstance(outcome.apply, Unknown):
        return say(f"{said}. How much was added, changed and destroyed {outcome.apply.sentence}.")
    done = _count(_done(outcome), is_whole=True)
    return say(f"{said}: {done}." if done else f"{said}.")


def _tell_uncertain(outcome: Outcome) -> Cell:
    ended = "errored" if outcome.words == "errored" else f"was {outcome.words}"
    said = say(f"The run {ended} after its plan. Whether anything of it was applied ")
    match outcome.apply:
        case Unknown() as unknown:
            return said + say(f"{unknown.sentence}.")
        case Known(apply):
            return said + say("is not known: its apply is “") + say_text(apply.status[:60]) + say("”, see the run.")
        case _:
            return said + say("is not known, see the run.")


def _done(outcome: Outcome) -> Done:
    return outcome.apply.value.done if isinstance(outcome.apply, Known) else Done()


def _count(done: Done, *, is_whole: bool) -> str:
    """The counts in words; only the whole has those that are 0, but for imports."""
    counts = ((done.imported, "imported"), (done.added, "added"), (done.changed, "changed"))
    said = [
        f"{count:,} {word}"
        for count, word in (*counts, (done.destroyed, "destroyed"))
        if count or (is_whole and count == 0 and word != "imported")
    ]
    return ", ".join(said)


def _when(outcome: Outcome) -> str:
    ended = outcome.apply.value.ended if isinstance(outcome.apply, Known) else None
    return f" on {ended:%Y-%m-%d} at {ended:%H:%M} UTC" if ended else ""
