"""The part of the report that was left out, as a value, and the sentences of the last line about it."""

from collections.abc import Iterator

import msgspec

from tfc_plan_comment.report.lines.line import WHOLE, Cut


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """Changes that have no details, nothing but their address, or are only counted; `unread` are values that are none.

    `cut` is of what is shown.
    """

    without_details: int = 0
    by_address: int = 0
    counted: int = 0
    outputs: int = 0
    """Outputs that are only counted."""
    unread: int = 0
    lists: int = 0
    """Lists below the changes, such as that of the checks, of which nothing stands here."""
    cut: Cut = WHOLE

    def __add__(self, other: "Left") -> "Left":
        """Both together."""
        return Left(
            without_details=self.without_details + other.without_details,
            by_address=self.by_address + other.by_address,
            counted=self.counted + other.counted,
            outputs=self.outputs + other.outputs,
            unread=self.unread + other.unread,
            lists=self.lists + other.lists,
            cut=self.cut + other.cut,
        )

    def say(self) -> Iterator[str]:
        """A sentence for each; none if nothing was left out."""
        if count := self.without_details:
            yield f"There was no room for the details of {_name(count, 'change', 'changes')}."
        if count := self.by_address:
            yield f"There was room only for the address of {_name(count, 'change', 'changes')}."
        if count := self.counted:
            yield f"{_name(count, 'change is', 'changes are')} only counted here."
        if count := self.outputs:
            yield f"{_name(count, 'output is', 'outputs are')} only counted here."
        if count := self.lists:
            yield f"There was no room for {_name(count, 'list', 'lists')} of outputs, checks, drift and their like."
        yield from self._say_values()

    def _say_values(self) -> Iterator[str]:
        if count := self.cut.names:
            kinds = "known after apply, unset or empty"
            yield (
                f"{count:,} attributes that are {kinds} are only counted here."
                if count > 1
                else f"1 attribute that is {kinds} is only counted here."
            )
        if count := self.cut.values:
            named = _name(count, "attribute", "attributes")
            yield f"{named} of destroyed or imported resources {'is' if count == 1 else 'are'} only named here."
        if count := self.unread:
            yield f"{_name(count, 'value', 'values')} of the plan could not be read."
        if count := self.cut.moves:
            moved = _name(count, "moved list element is", "moved list elements are")
            yield f"{moved} only counted here."
        if self.cut.characters or self.cut.lines:
            yield "Long values are shortened."


ALL_SHOWN = Left()
"""Nothing was left out."""


def leave_most(changes: int) -> Left:
    """As much as can be left out of a plan with so many changes: no last line is longer than what this says."""
    cut = Cut(characters=1, names=10**9, moves=10**9, values=10**9)
    return Left(without_details=changes, by_address=changes, counted=changes, outputs=10**9, lists=10**9, cut=cut)


def _name(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
