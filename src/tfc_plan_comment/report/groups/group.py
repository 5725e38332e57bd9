"""One row for one change, or for several that are alike."""

from dataclasses import dataclass

from tfc_plan_comment.report.model import Row


@dataclass(frozen=True, slots=True)
class Group:
    """The row, and the positions of its changes in the summary."""

    row: Row
    positions: tuple[int, ...]
