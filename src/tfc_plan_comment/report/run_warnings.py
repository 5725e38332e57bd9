"""The warnings of HCP Terraform about a run, in its own words: ignored policies, and changed enforcement."""

from tfc_plan_comment.findings.said import Known, NotAsked, Said, Unknown
from tfc_plan_comment.plan.masking import Mask
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.view import NoteView

MOST = 5
"""At most this many warnings stand in the note; the rest are counted."""
LONGEST = 300
"""Characters of each."""


def note_warnings(said: Said[tuple[str, ...]], mask: Mask) -> NoteView | None:
    """One note for all of them, without a secret of the plan; None if there are none, or nobody asked."""
    match said:
        case Known(warnings):
            words = " ".join(f"“{_cut(mask.text(each))}”" for each in warnings[:MOST])
            more = f" and {len(warnings) - MOST:,} more, see the run" if len(warnings) > MOST else ""
            return NoteView(kind="WARNING", message=f"HCP Terraform warns: {words}{more}") if warnings else None
        case Unknown():
            return NoteView(kind="NOTE", message=f"HCP Terraform's warnings about policies and tasks {said.sentence}.")
        case NotAsked():
            return None


def _cut(text: str) -> str:
    shown = visible(" ".join(text.split()))
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
