"""No secret gets past this module: everything shown of a plan's values comes out of a `Mask`.

A value is masked by path, where the plan marks it as sensitive, and by value: what is marked anywhere in the plan, and
is a secret by `looks`, is masked wherever else it turns up, for providers copy secrets into attributes that nobody
marked. What looks like a secret is masked though nobody marks it anywhere, unless the user wants it revealed.
Terraform itself masks by path only.
"""

import re
from collections.abc import Iterable
from copy import copy
from functools import cached_property
from hashlib import sha256

import msgspec

from tfc_plan_comment.plan.document import NULL, Change, Plan, ResourceChange
from tfc_plan_comment.plan.marks import marks_at, read_attributes, read_marks, read_value
from tfc_plan_comment.plan.secrets.marked_secrets import Secrets, find_secrets
from tfc_plan_comment.plan.secrets.places import name_inside
from tfc_plan_comment.plan.secrets.revealing import NOTHING, Reveal, Shown, output_place
from tfc_plan_comment.plan.secrets.side_marks import Fate, SideMarks, decide
from tfc_plan_comment.plan.secrets.text_mask import TextMask
from tfc_plan_comment.plan.secrets.unmarked_values import UnmarkedValues
from tfc_plan_comment.plan.unreadable import unreadable_value
from tfc_plan_comment.plan.values import (
    UNKNOWN,
    Described,
    Json,
    Number,
    Sensitive,
    Value,
    make_readable,
    write_json,
)

LARGEST = 10_000_000
"""Bytes. A value that is larger is told by its size: decoded, it would take hundreds of times the memory."""


class Mask:
    """Knows what is sensitive in one plan, and turns its raw values into ones that may be shown."""

    def __init__(
        self,
        secrets: Iterable[str] = (),
        redact: tuple[re.Pattern[str], ...] = (),
        *,
        names: Iterable[str] = (),
        words: Iterable[str] = (),
        has_placeholders: bool = False,
    ) -> None:
        """`secrets` are the texts to hide everywhere, `redact` the user's patterns of further ones.

        `names` are hidden in values only, `words` only where a secret would stand. `has_placeholders` says that the
        plan is a redacted one, in which equal values need not be equal secrets.
        """
        self._texts = TextMask(Secrets(set(secrets), set(names), set(words)), redact)
        self._unmarked = UnmarkedValues(self._texts)
        self._has_placeholders = has_placeholders
        self._reveal = NOTHING
        self._shown: Shown | None = None

    @classmethod
    def of(cls, plan: Plan, redact: tuple[re.Pattern[str], ...] = (), reveal: Reveal = NOTHING) -> "Mask":
        """The mask for everything in the plan that may be shown; `reveal` is what may be though it looks like a secret.

        Raises PlanDocumentError.
        """
        secrets = Secrets() if plan.is_redacted else find_secrets(plan)
        mask = cls(secrets.looks, redact, names=secrets.names, words=secrets.words, has_placeholders=plan.is_redacted)
        mask._reveal = reveal
        return mask

    def at(self, address: str, resource_type: str = "") -> "Mask":
        """The mask for the values at an address, of which some may be shown though they look like secrets."""
        shown = self._reveal.at(address, resource_type)
        if shown is None:
            return self
        _ = self._marked_only  # so that all places have the same one
        mask = copy(self)
        mask._shown = shown  # noqa: SLF001 - of the same class
        return mask

    def at_output(self, name: str) -> "Mask":
        """The same for an output of the root module."""
        return self.at(output_place(name))

    @cached_property
    def _marked_only(self) -> "Mask":
        """The same mask, and the same numbers, for what only looks like a secret is shown."""
        mask = copy(self)
        texts = self._texts.marked_only()
        mask._texts, mask._unmarked = texts, UnmarkedValues(texts)  # noqa: SLF001 - of the same class
        return mask

    @property
    def has_hidden(self) -> bool:
        """True if it has hidden any value up to now."""
        return self._texts.has_hidden

    def text(self, text: str, name: str = "") -> str:
        """The text with every secret in it replaced, as `TextMask.text` does it."""
        return self._texts.text(text, name)

    def name(self, text: str) -> str:
        """A key of a map, or of an instance in an address, as `TextMask.name` shows it."""
        return self._texts.name(text)

    def text_within(self, text: str) -> str:
        """A text out of a document that stood in a masked string, as `TextMask.text_within` shows it."""
        return self._texts.text_within(text)

    def document(self, document: Json) -> Value:
        """A document that stood in a masked string, with its numbers as they are shown, and its texts masked once more.

        The user's patterns may match more of a text that stands by itself.
        """
        match document:
            case str():
                return self._texts.text_within(document)
            case dict():
                within = self._texts.text_within
                return {within(key): self.document(item) for key, item in document.items()}
            case list():
                return [self.document(item) for item in document]
            case None | bool():
                return document
            case int():
                return make_readable(Number.read(str(document)))
            case Number():
                return make_readable(document)

    def may_hide(self, resource: ResourceChange) -> bool:
        """False if no secret stands in the change at all: so much is seen before its values are decoded."""
        sides = (resource.change.before, resource.change.after)
        return self._texts.may_hold([resource.address, *(bytes(side).decode(errors="replace") for side in sides)])

    def sides(self, change: Change, *, is_output: bool = False) -> tuple[Value, Value]:
        """The values before and after, ready to be shown. A mark on one side hides both, as in Terraform.

        The value of an output need not be an object, and if it is one, its keys are data like the rest.
        Raises PlanDocumentError.
        """
        before, after = read_marks(change.before_sensitive), read_marks(change.after_sensitive)
        unknown = read_marks(change.after_unknown)
        old = SideMarks(sensitive=before, other_side=after)
        new = SideMarks(sensitive=after, other_side=before, unknown=unknown, may_differ=self._has_placeholders)
        was = self._shown_or_masked(change.before, old, is_object=not is_output)
        return was, self._shown_or_masked(change.after, new, is_object=not is_output)

    def differing_sides(self, change: Change) -> tuple[Value, Value, list[str]]:
        """As `sides`, without the attributes that stay as they are, byte by byte and mark by mark.

        Beside them stand the names of those that are not null. Most of a large object stays as it is, and need not be
        decoded to tell so. Raises PlanDocumentError.
        """
        old, new = read_attributes(change.before), read_attributes(change.after)
        if old is None or new is None or self._has_placeholders:
            return *self.sides(change), []
        was, will_be = read_marks(change.before_sensitive), read_marks(change.after_sensitive)
        unknown = read_marks(change.after_unknown)
        has_same_marks = was == will_be and unknown is None
        same = [
            name
            for name, value in new.items()
            if old.get(name) == value
            and (has_same_marks or (marks_at(was, name) == marks_at(will_be, name) and marks_at(unknown, name) is None))
        ]
        there = [name for name in same if new[name] != NULL]
        for name in same:
            del old[name], new[name]
        rest = msgspec.structs.replace(change, before=_write(old), after=_write(new))
        return *self.sides(rest), there

    def value(self, raw: msgspec.Raw, sensitive: msgspec.Raw, unknown: msgspec.Raw) -> Value:
        """One value ready to be shown, out of the raw document and the trees of what is sensitive and unknown in it.

        Raises PlanDocumentError.
        """
        marks = SideMarks(sensitive=read_marks(sensitive), unknown=read_marks(unknown))
        return self._shown_or_masked(raw, marks, is_object=True)

    def _shown_or_masked(self, raw: msgspec.Raw, marks: SideMarks, *, is_object: bool) -> Value:
        masked = self._masked(raw, marks, is_object=is_object)
        if self._shown is None:
            return masked
        revealed = self._marked_only._masked(raw, marks, is_object=is_object)  # noqa: SLF001 - of the same class
        return self._shown.reveal(masked, revealed)

    def _masked(self, raw: msgspec.Raw, marks: SideMarks, *, is_object: bool) -> Value:
        """The masked value. An object's own attribute names come from the provider's schema and stay as they are."""
        try:
            if memoryview(raw).nbytes > LARGEST:
                return self._large(raw, marks, is_object=is_object)
            return self._merge(read_value(raw), marks, depth=0 if is_object else 1)
        except RecursionError as error:
            raise unreadable_value(error) from None

    def _large(self, raw: msgspec.Raw, marks: SideMarks, *, is_object: bool) -> Value:
        """An object attribute by attribute; what is too large by itself, by its size."""
        hidden = [tree for tree in (marks.sensitive, marks.other_side) if tree is not None]
        by_attribute = is_object and all(isinstance(tree, dict) for tree in hidden)
        if by_attribute and (attributes := read_attributes(raw)) is not None:
            names = dict.fromkeys([*attributes, *(marks.unknown if isinstance(marks.unknown, dict) else ())])
            return {name: self._masked(attributes.get(name, NULL), marks.at(name), is_object=False) for name in names}
        digest = f"{sha256(raw).hexdigest()} {marks.unknown}"
        if hidden:
            return Sensitive(self._texts.number(digest), bool(marks.sensitive), marks.may_differ)
        in_part = ", in part known after apply" if marks.unknown else ""
        return Described(f"{memoryview(raw).nbytes:,} bytes, too many to be taken apart{in_part}", digest)

    def _merge(self, value: Json, marks: SideMarks, *, depth: int, name: str = "") -> Value:
        match decide(value, marks, depth):
            case Fate.SHOWN:
                return self._unmarked.shown(value, depth, name)
            case Fate.UNKNOWN:
                return UNKNOWN
            case Fate.HIDDEN_BY_MARK:
                return self._hidden(value, marks, is_marked=True)
            case Fate.HIDDEN_BY_OTHER:
                return self._hidden(value, marks, is_marked=False)
            case Fate.AS_TEXT:
                return self._unmarked.text(f"{write_json(value)}, in part {UNKNOWN.value}", name)
            case Fate.INSIDE if isinstance(value, dict) or (value is None and isinstance(marks.unknown, dict)):
                return self._merge_object(value or {}, marks, depth=depth + 1)
            case Fate.INSIDE:
                return self._merge_list(value if isinstance(value, list) else [], marks, depth=depth + 1, name=name)

    def _hidden(self, value: Json, marks: SideMarks, *, is_marked: bool) -> Sensitive:
        """A token for the value. Of a container, the unknown parts count as well as the known ones: both may change."""
        is_partly_unknown = isinstance(marks.unknown, list | dict)
        token = self._texts.number([value, marks.unknown] if is_partly_unknown else value)
        return Sensitive(token, is_marked, marks.may_differ)

    def _merge_object(self, value: dict[str, Json], marks: SideMarks, *, depth: int) -> Value:
        unknown = marks.unknown if isinstance(marks.unknown, dict) else {}
        keys = dict.fromkeys([*value, *unknown])
        marked = marks.names()
        return {
            key if depth == 1 else self._texts.name(key): (
                self._unmarked.without_data(
                    value, key, self._merge(value.get(key), marks.at(key), depth=depth, name=name_inside(value, key))
                )
                if key in marked
                else self._unmarked.entry(value, key, value.get(key), depth)
            )
            for key in keys
        }

    def _merge_list(self, value: list[Json], marks: SideMarks, *, depth: int, name: str) -> Value:
        unknown = marks.unknown if isinstance(marks.unknown, list) else []
        last = max((index for index, mark in enumerate(unknown) if mark is not None), default=-1)
        items = value + [None] * (last + 1 - len(value))
        return [self._merge(item, marks.at(index), depth=depth, name=name) for index, item in enumerate(items)]


def _write(attributes: dict[str, msgspec.Raw]) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(attributes))
