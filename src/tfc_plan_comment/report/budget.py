"""The bytes that the parts of a comment may take, and those that each piece takes."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.report.model import More, Place, Row

ROWS_SHARE = 0.6
"""The share of the room that rows may always take; the details of what can hurt may take the rest before others do."""

DIFF_SHARE = 0.25
"""The share of the room that one change's diff may take; the rest of its lines are counted."""

ADDRESSES_SHARE = 1 / 32
"""The share that the addresses of alike changes may take where not everything fits: others' diffs say more."""

SECTION_SHARE = 16
"""Each section below the changes may take one part in this many of the limit."""


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """The bytes that the parts of a comment may take."""

    section: int
    """One section below the changes."""
    changes: int
    """Rows, details and counted lines, all together."""

    @classmethod
    def of(cls, limit: int) -> "Budget":
        """The budget of a comment in which nothing stands yet."""
        return cls(section=limit // SECTION_SHARE, changes=limit)

    def without(self, used: int) -> "Budget":
        """The budget of changes beside which so many bytes stand."""
        return replace(self, changes=max(0, self.changes - used))

    def tightened(self, excess: int, used: int) -> "Budget":
        """The budget for the next try, after one whose changes took `used` bytes, so many of them more than there are.

        A template that writes each change twice must get half of them.
        """
        too_much = self.changes * excess // max(used, excess, 1)
        return replace(self.without(too_much + too_much // 10 + 100), section=self.section // 2)

    @property
    def diff(self) -> int:
        """The lines of one change."""
        return int(self.changes * DIFF_SHARE)

    @property
    def addresses(self) -> int:
        """The addresses of alike changes, where not everything fits."""
        return int(self.changes * ADDRESSES_SHARE)

    @property
    def dangerous_details(self) -> int:
        """The details of what can hurt, before any rows."""
        return self.changes - int(self.changes * ROWS_SHARE)


class Ruler(msgspec.Struct, frozen=True, kw_only=True):
    """Measures in bytes what each piece takes as it will be written."""

    line: Callable[[Place], int]
    """The line of a place without details, with the beginning and the end of the fold that it opens."""
    words: Callable[[Row], int]
    """Those behind the subject of a row."""
    details: Callable[[Place], int]
    """All that unfolds below the line."""
    more: Callable[[More], int]
