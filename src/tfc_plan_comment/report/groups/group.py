"""One row for one change, or for several that are alike."""

import msgspec

from tfc_plan_comment.report.model import Row


class Group(msgspec.Struct, frozen=True):
    """The row, and the positions of its changes in the summary."""

    row: Row
    positions: tuple[int, ...]
