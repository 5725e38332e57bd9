"""What a comment shows of a plan, in a form by which a later plan is compared with it: addresses and fingerprints."""

from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from hashlib import sha256

import msgspec

from tfc_plan_comment.comment_memory import MOST_REMEMBERED, Remembered, ShownPlan
from tfc_plan_comment.plan.actions import RISK, Action, display_address, heading, reason
from tfc_plan_comment.plan.document import Change
from tfc_plan_comment.plan.fingerprint import LENGTH, fingerprint
from tfc_plan_comment.plan.secrets.hidden_words import drop_numbers
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.secrets.masked_address import mask_address
from tfc_plan_comment.plan.summary import OutputChange, PlannedChange, PlanSummary
from tfc_plan_comment.plan.verdict import Mode

OUTPUT = "output."
"""In front of the name of an output. No resource has such an address: the type of each begins with its provider's name,
and an underscore follows."""

_OUTPUT_ACTIONS: Mapping[tuple[str, ...], Action] = {
    ("create",): Action.CREATE,
    ("update",): Action.UPDATE,
    ("delete",): Action.DELETE,
}

Shown = PlannedChange | OutputChange


def can_be_compared(summary: PlanSummary) -> bool:
    """True if the plan has all that it would do, as changes.

    One that failed has not, nor one of which a part could not be read; one that is refresh-only does something else.
    """
    plan = summary.plan
    return not plan.errored and not plan.unread and summary.verdict.mode is not Mode.REFRESH_ONLY


def mask_earlier(plan: ShownPlan, mask: Mask) -> ShownPlan:
    """The plan that a comment showed before, without what this plan knows to be secret in the keys of its addresses."""
    changes = {_mask(address, mask): remembered for address, remembered in plan.changes.items()}
    return msgspec.structs.replace(plan, changes=changes)


def _mask(address: str, mask: Mask) -> str:
    return drop_numbers(mask_address(address, mask))


class ShownChanges:
    """The changes of a plan and of its outputs by masked address, what can hurt first.

    Only those are decoded that are asked for. Changes that have the same address, for their keys are hidden, are one.
    """

    def __init__(self, summary: PlanSummary) -> None:
        """Look at no change yet."""
        self._summary = summary
        self._remembered: dict[str, Remembered] = {}

    def lacks(self, address: str) -> bool:
        """True if nothing happens at the address."""
        return address not in self._by_address

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_address)

    def __len__(self) -> int:
        return len(self._by_address)

    def action(self, address: str) -> Action:
        """What happens at the address; the worst of it, where that is several changes."""
        return self._action(self._by_address[address][0])

    def remembered(self, address: str) -> Remembered:
        """The change as a comment remembers it."""
        if address not in self._remembered:
            prints = sorted(self._fingerprint(address, each) for each in self._by_address[address])
            joined = prints[0] if len(prints) == 1 else _digest(prints)
            self._remembered[address] = Remembered(self.action(address), joined)
        return self._remembered[address]

    def plan(self, commit: str) -> ShownPlan:
        """All of it as a comment remembers it; of what has no room there in any case, no values are looked at."""
        first = {address: self.remembered(address) for address in list(self)[:MOST_REMEMBERED]}
        of_rest = [(address, self.action(address)) for address in list(self)[MOST_REMEMBERED:]]
        digest = _digest([sorted(first.items(), key=lambda item: item[0]), sorted(of_rest)])
        return ShownPlan(commit, digest, len(self), first)

    @cached_property
    def _by_address(self) -> Mapping[str, list[Shown]]:
        found: dict[str, list[Shown]] = {}
        for change in self._summary.changes:
            address = _mask(display_address(change.resource), change.mask)
            found.setdefault(address, []).append(change)
        for output in self._summary.outputs:
            found.setdefault(f"{OUTPUT}{output.name}", []).append(output)
        return found

    def _action(self, change: Shown) -> Action:
        if isinstance(change, PlannedChange):
            return change.action
        return _OUTPUT_ACTIONS.get(self._of_output(change).actions, Action.UNKNOWN)

    def _of_output(self, output: OutputChange) -> Change:
        return self._summary.plan.output_changes[output.name]

    def _fingerprint(self, address: str, shown: Shown) -> str:
        if isinstance(shown, OutputChange):
            change = self._of_output(shown)
            before, after = self._summary.mask.at_output(shown.name).sides(change, is_output=True)
            return fingerprint(address=address, actions=change.actions, before=before, after=after)
        change = shown.resource.change
        before, after, _ = shown.mask.differing_sides(change)
        return fingerprint(address=address, actions=change.actions, before=before, after=after, said=self._said(shown))

    def _said(self, shown: PlannedChange) -> Iterable[str]:
        """All that is said of a change beside its values."""
        resource, change, mask = shown.resource, shown.resource.change, self._summary.mask
        yield mask_address(heading(resource), mask)
        yield mask_address(reason(resource) or "", mask)
        yield mask_address(resource.previous_address or "", mask)
        yield mask.text(repr(change.replace_paths or ()))
        yield mask.text(change.generated_config or "")
        if importing := change.importing:
            yield from (mask.text(importing.id or ""), mask.text(bytes(importing.identity).decode(errors="replace")))
        if shown.was_deleted_outside:
            yield "deleted outside"


class RememberedChanges:
    """The same of a plan of which nothing but what is remembered is there any more."""

    def __init__(self, plan: ShownPlan) -> None:
        """Take the plan."""
        self._plan = plan

    def lacks(self, address: str) -> bool:
        """True if nothing happens at the address; of one that is not remembered nobody knows it."""
        return address not in self._plan.changes and self._plan.is_whole

    def __iter__(self) -> Iterator[str]:
        return iter(self._plan.changes)

    def action(self, address: str) -> Action:
        """What happens at the address."""
        return action_of(self._plan.changes[address]) or Action.UNKNOWN

    def remembered(self, address: str) -> Remembered:
        """The change as a comment remembers it."""
        return self._plan.changes[address]

    def plan(self, commit: str) -> ShownPlan:
        """The plan, as if it were of that commit."""
        return msgspec.structs.replace(self._plan, commit=commit)


def action_of(remembered: Remembered) -> Action | None:
    """The action; None if it is none."""
    return _LISTED.get(remembered.action)


_LISTED = {action.value: action for action in RISK}


def _digest(value: object) -> str:
    return b32encode(sha256(msgspec.json.encode(value)).digest())[:LENGTH].decode().lower()
