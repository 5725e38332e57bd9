"""A failure that leaves no plan to show, as a report takes it."""

import msgspec

from tfc_plan_comment.findings.diagnostics import Diagnostics
from tfc_plan_comment.findings.said import NOT_ASKED, NotAsked, Said
from tfc_plan_comment.report.diagnostics import tell_errors
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, say_text
from tfc_plan_comment.report.view import MocksView, RunView


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """All that there is to say: `fact` in the title, `sentence` on what happened, or Terraform's own `errors`."""

    key: str
    fact: str
    sentence: str
    workspace: str | None = None
    run: RunView | None = None
    errors: Said[Diagnostics] = NOT_ASKED
    mocks: MocksView | None = None
    mismatch: Cell = EMPTY
    """As of a report."""

    @property
    def lines(self) -> tuple[Cell, ...]:
        """The lines of the alert."""
        why = (say_text(self.sentence),) if isinstance(self.errors, NotAsked) else tell_errors(self.errors)
        return (self.mismatch, *why) if self.mismatch else why
