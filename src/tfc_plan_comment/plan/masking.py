"""No secret gets past this module: everything shown of a plan's values comes out of a `Mask`.

A value is masked by path, where the plan marks it as sensitive, and by value: what is marked anywhere in the plan, and
is a secret by `secret_looks`, is masked wherever else it turns up, for providers copy secrets into attributes that
nobody marked. What looks like a secret is masked though nobody marks it anywhere, unless the user wants it revealed.
Terraform itself masks by path only.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from copy import copy
from enum import Enum
from functools import cached_property, lru_cache
from hashlib import sha256

import msgspec

from tfc_plan_comment.plan.document import NULL, Change, Plan, ResourceChange
from tfc_plan_comment.plan.encoded_text import SHORTEST_BASE64, decode_base64
from tfc_plan_comment.plan.hidden_words import WORD, WORDS, why_hidden
from tfc_plan_comment.plan.marks import Marks, fits, marks_at, read_attributes, read_marks, read_value
from tfc_plan_comment.plan.named_secrets import is_placeholder, is_unmarked_secret
from tfc_plan_comment.plan.revealing import NOTHING, Reveal, Shown, output_place
from tfc_plan_comment.plan.secret_parts import holds_secret_data
from tfc_plan_comment.plan.secret_places import VALUE_KEYS, is_secret_place, name_inside
from tfc_plan_comment.plan.secret_search import Found, SecretSearch, merge_found
from tfc_plan_comment.plan.secret_texts import Secrets, find_secrets
from tfc_plan_comment.plan.unreadable import unreadable_value
from tfc_plan_comment.plan.values import (
    MAX_DEPTH,
    UNKNOWN,
    Described,
    Json,
    Number,
    Sensitive,
    Value,
    Why,
    identity,
    make_readable,
    write_json,
)

LARGEST = 10_000_000
"""Bytes. A value that is larger is told by its size: decoded, it would take hundreds of times the memory."""

SHORT = 200
"""Characters. Most texts are short, and stand in the plan many times: before and after, and in each of many alike
objects. What was found in one of these is kept for the next time."""


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
        # Our own words are masked, too: nothing that stands in a plan can pass for what we masked.
        patterns = (*redact, re.compile("|".join(map(re.escape, WORDS.values()))))
        shortest = 1 if redact else min(map(len, WORDS.values()))
        secrets, names, words = set(secrets), set(names), set(words)
        self._everywhere = SecretSearch(secrets, patterns, shortest)
        self._in_values = SecretSearch(secrets | names, patterns, shortest) if names else self._everywhere
        self._words = SecretSearch(words, unmarked=False) if words else None
        self._redact = SecretSearch((), redact, unmarked=False)
        searches = [self._in_values, *([self._words] if self._words else [])]
        self._shortest = min(SHORTEST_BASE64, *(each.shortest for each in searches))
        """Characters. A text that has fewer is shown as it stands."""
        self._has_secrets = bool(secrets or names or words)
        self._has_placeholders = has_placeholders
        self._tokens: dict[bytes, int] = {}
        self._keys: dict[str, str] = {}
        self._reveal = NOTHING
        self._shown: Shown | None = None
        self._hides_unmarked = True
        self._read_short = lru_cache(maxsize=4_096)(self._read_string)
        self._read_number = lru_cache(maxsize=4_096)(self._read_digits)

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
        mask._show_unmarked()  # noqa: SLF001 - of the same class
        return mask

    def _show_unmarked(self) -> None:
        self._everywhere, self._in_values = self._everywhere.marked_only(), self._in_values.marked_only()
        self._hides_unmarked, self._keys = False, {}
        self._read_short = lru_cache(maxsize=4_096)(self._read_string)
        self._read_number = lru_cache(maxsize=4_096)(self._read_digits)

    def sides(self, change: Change, *, is_output: bool = False) -> tuple[Value, Value]:
        """The values before and after, ready to be shown. A mark on one side hides both, as in Terraform.

        The value of an output need not be an object, and if it is one, its keys are data like the rest.
        Raises PlanDocumentError.
        """
        before, after = read_marks(change.before_sensitive), read_marks(change.after_sensitive)
        unknown = read_marks(change.after_unknown)
        was = self._shown_or_masked(change.before, _Marks(sensitive=before, other_side=after), is_object=not is_output)
        marks = _Marks(sensitive=after, other_side=before, unknown=unknown, may_differ=self._has_placeholders)
        return was, self._shown_or_masked(change.after, marks, is_object=not is_output)

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

    def may_hide(self, resource: ResourceChange) -> bool:
        """False if no secret stands in the change at all: so much is seen before its values are decoded."""
        change = resource.change
        written = [resource.address, *(bytes(side).decode(errors="replace") for side in (change.before, change.after))]
        if any(map(self._in_values.may_hold_unmarked, written)):
            return True
        if not self._has_secrets:
            return False
        searches = [self._in_values.marked_only(), *([self._words] if self._words else [])]
        return any(each.why is Why.EQUAL for search in searches for text in written for each in search.find(text))

    def value(self, raw: msgspec.Raw, sensitive: msgspec.Raw, unknown: msgspec.Raw) -> Value:
        """One value ready to be shown, out of the raw document and the trees of what is sensitive and unknown in it.

        Raises PlanDocumentError.
        """
        marks = _Marks(sensitive=read_marks(sensitive), unknown=read_marks(unknown))
        return self._shown_or_masked(raw, marks, is_object=True)

    def text(self, text: str, name: str = "") -> str:
        """The text with every secret in it replaced. Different texts stay different, so a change still shows.

        `name` is that of the attribute or key which holds it. A text in base64 is masked as what it holds.
        """
        decoded = decode_base64(text)
        if decoded is not None and not self._in_values.stands_in(text):
            return self._encoded(text, decoded, name)
        return self._replaced(text, self._find(text, name))

    def name(self, text: str) -> str:
        """A key of a map, or of an instance in an address, in which only what looks like a secret is replaced.

        Terraform refuses sensitive keys of `for_each`, so that an equal word is one by chance.
        """
        return self._replaced(text, self._everywhere.find(text))

    def text_within(self, text: str) -> str:
        """A text out of a document that stood in a masked string: the user's patterns may match more of it."""
        if len(text) < self._redact.shortest or not (found := self._redact.find(text)):
            return text
        words = [word.span() for word in WORD.finditer(text)]
        found = [each for each in found if not any(first <= each.start and each.end <= last for first, last in words)]
        return self._replaced(text, found)

    def _find(self, text: str, name: str) -> list[Found]:
        found = self._in_values.find(text)
        if self._words is None:
            return found
        return merge_found(
            [
                *found,
                *(each for each in self._words.find(text) if is_secret_place(text, each.start, each.end, name)),
            ]
        )

    def _encoded(self, text: str, decoded: str, name: str) -> str:
        """The base64 of a text that is masked, or a word for it, where nothing of the text is left.

        It is a word as well where other letters may give the same text: the two would not be told apart.
        """
        masked = self.text(decoded, name)
        if masked == decoded:
            return text
        is_whole = WORD.fullmatch(masked.strip()) is not None
        if is_whole or b64encode(decoded.encode()).decode() != text:
            return self._word(text, why_hidden(masked))
        return b64encode(masked.encode()).decode()

    def _replaced(self, text: str, found: list[Found]) -> str:
        pieces: list[str] = []
        shown = 0
        for each in found:
            pieces += text[shown : each.start], self._hidden_piece(text[each.start : each.end], each)
            shown = each.end
        return "".join([*pieces, text[shown:]]) if found else text

    def _hidden_piece(self, piece: str, found: Found) -> str:
        decoded = decode_base64(piece) if found.is_inside else None
        if decoded is not None and not self._in_values.stands_in(piece):
            return self._encoded(piece, decoded, "")
        return self._word(piece, found.why)

    def _key(self, key: str) -> str:
        if key not in self._keys:
            self._keys[key] = self.name(key)
        return self._keys[key]

    def _word(self, secret: str, why: Why) -> str:
        return f"{WORDS[why]}{self._token(secret)})"

    def _token(self, value: object) -> int:
        return self._tokens.setdefault(identity(value), len(self._tokens) + 1)

    def _shown_or_masked(self, raw: msgspec.Raw, marks: "_Marks", *, is_object: bool) -> Value:
        masked = self._masked(raw, marks, is_object=is_object)
        if self._shown is None:
            return masked
        revealed = self._marked_only._masked(raw, marks, is_object=is_object)  # noqa: SLF001 - of the same class
        return self._shown.reveal(masked, revealed)

    def _masked(self, raw: msgspec.Raw, marks: "_Marks", *, is_object: bool) -> Value:
        """The masked value. An object's own attribute names come from the provider's schema and stay as they are."""
        try:
            if memoryview(raw).nbytes > LARGEST:
                return self._large(raw, marks, is_object=is_object)
            return self._merge(read_value(raw), marks, depth=0 if is_object else 1)
        except RecursionError as error:
            raise unreadable_value(error) from None

    def _large(self, raw: msgspec.Raw, marks: "_Marks", *, is_object: bool) -> Value:
        """An object attribute by attribute; what is too large by itself, by its size."""
        hidden = [tree for tree in (marks.sensitive, marks.other_side) if tree is not None]
        by_attribute = is_object and all(isinstance(tree, dict) for tree in hidden)
        if by_attribute and (attributes := read_attributes(raw)) is not None:
            names = dict.fromkeys([*attributes, *(marks.unknown if isinstance(marks.unknown, dict) else ())])
            return {name: self._masked(attributes.get(name, NULL), marks.at(name), is_object=False) for name in names}
        digest = f"{sha256(raw).hexdigest()} {marks.unknown}"
        if hidden:
            return Sensitive(self._token(digest), bool(marks.sensitive), marks.may_differ)
        in_part = ", in part known after apply" if marks.unknown else ""
        return Described(f"{memoryview(raw).nbytes:,} bytes, too many to be taken apart{in_part}", digest)

    def _merge(self, value: Json, marks: "_Marks", *, depth: int, name: str = "") -> Value:
        match _decide(value, marks, depth):
            case _Fate.SHOWN:
                return self._unmarked(value, depth, name)
            case _Fate.UNKNOWN:
                return UNKNOWN
            case _Fate.HIDDEN_BY_MARK:
                return self._hidden(value, marks, is_marked=True)
            case _Fate.HIDDEN_BY_OTHER:
                return self._hidden(value, marks, is_marked=False)
            case _Fate.AS_TEXT:
                return self._string(f"{write_json(value)}, in part {UNKNOWN.value}", name)
            case _Fate.INSIDE if isinstance(value, dict) or (value is None and isinstance(marks.unknown, dict)):
                return self._merge_object(value or {}, marks, depth=depth + 1)
            case _Fate.INSIDE:
                return self._merge_list(value if isinstance(value, list) else [], marks, depth=depth + 1, name=name)

    def _hidden(self, value: Json, marks: "_Marks", *, is_marked: bool) -> Sensitive:
        """A token for the value. Of a container, the unknown parts count as well as the known ones: both may change."""
        is_partly_unknown = isinstance(marks.unknown, list | dict)
        token = self._token([value, marks.unknown] if is_partly_unknown else value)
        return Sensitive(token, is_marked, marks.may_differ)

    def _merge_object(self, value: dict[str, Json], marks: "_Marks", *, depth: int) -> Value:
        unknown = marks.unknown if isinstance(marks.unknown, dict) else {}
        keys = dict.fromkeys([*value, *unknown])
        marked = marks.names()
        return {
            key if depth == 1 else self._key(key): (
                self._without_data(
                    value, key, self._merge(value.get(key), marks.at(key), depth=depth, name=name_inside(value, key))
                )
                if key in marked
                else self._entry(value, key, value.get(key), depth)
            )
            for key in keys
        }

    def _merge_list(self, value: list[Json], marks: "_Marks", *, depth: int, name: str) -> Value:
        unknown = marks.unknown if isinstance(marks.unknown, list) else []
        last = max((index for index, mark in enumerate(unknown) if mark is not None), default=-1)
        items = value + [None] * (last + 1 - len(value))
        return [self._merge(item, marks.at(index), depth=depth, name=name) for index, item in enumerate(items)]

    def _unmarked(self, value: Json, depth: int, name: str) -> Value:
        """A value in which nothing is marked: only the secrets that turn up in it are masked."""
        match value:
            case str():
                return self._string(value, name)
            case None | bool():
                return value
            case dict() | list() if depth >= MAX_DEPTH:
                return self._string(write_json(value), name)
            case dict():
                key_of = self._key if depth else str
                return {key_of(key): self._entry(value, key, item, depth + 1) for key, item in value.items()}
            case list():
                return [self._unmarked(item, depth + 1, name) for item in value]
            case _:
                written = value.text if isinstance(value, Number) else str(value)
                return self._read_number(written, name if self._words else "")

    def _entry(self, inside: dict[str, Json], key: str, item: Json, depth: int) -> Value:
        """What stands in an object under a key; a provider's attribute, at depth 1, is no secret by its name."""
        is_value = key in VALUE_KEYS
        name = name_inside(inside, key) if is_value or self._words else key
        shown = self._unmarked(item, depth, name if self._words else "")
        is_named = self._hides_unmarked and isinstance(item, str) and (depth > 1 or (is_value and name != key))
        if is_named and not isinstance(shown, Sensitive) and is_unmarked_secret(name, str(item)):
            return Sensitive(self._token(item), is_marked=False, why=Why.LOOKS)
        return self._without_data(inside, key, shown)

    def _without_data(self, inside: dict[str, Json], key: str, shown: Value) -> Value:
        """What is shown of what stands in an object under a key; of the data of a Kubernetes Secret, its keys alone."""
        item = inside.get(key)
        if not (self._hides_unmarked and isinstance(item, dict) and isinstance(shown, dict)):
            return shown
        if not holds_secret_data(inside, key):
            return shown
        hidden = [
            Sensitive(self._token(value), is_marked=False, why=Why.LOOKS)
            if isinstance(value, str) and isinstance(masked, str) and not is_placeholder(value)
            else masked
            for value, masked in zip(item.values(), shown.values(), strict=False)  # of what is unknown there is no item
        ]
        return {**shown, **dict(zip(shown, hidden, strict=False))}

    def _string(self, text: str, name: str) -> Value:
        if len(text) < self._shortest:
            return text
        if len(text) > SHORT:
            return self._read_string(text, name)
        return self._read_short(text, name if self._words else "")

    def _read_string(self, text: str, name: str) -> Value:
        masked = self.text(text, name)
        if masked == text:
            return text
        return self._secret(text, self._find(text, name)) if WORD.fullmatch(masked.strip()) else masked

    def _read_digits(self, written: str, name: str) -> Value:
        number, found = Number.read(written), self._find(written, name)
        return self._secret(number, found) if found else make_readable(number)

    def _secret(self, value: object, found: list[Found]) -> Sensitive:
        return Sensitive(self._token(value), is_marked=False, why=min(each.why for each in found))


class _Marks(msgspec.Struct, frozen=True, kw_only=True):
    """The trees beside a value: what of it is sensitive, what of the other side's is, and what is unknown."""

    sensitive: Marks = None
    other_side: Marks = None
    unknown: Marks = None
    may_differ: bool = False

    def names(self) -> set[str]:
        """The keys of an object that they name; nothing is marked in the rest of it."""
        trees = (self.sensitive, self.other_side, self.unknown)
        return {name for tree in trees if isinstance(tree, dict) for name in tree}

    def at(self, step: str | int) -> "_Marks":
        return _Marks(
            sensitive=marks_at(self.sensitive, step),
            other_side=marks_at(self.other_side, step),
            unknown=marks_at(self.unknown, step),
            may_differ=self.may_differ,
        )


class _Fate(Enum):
    """The ways to show or hide a value."""

    SHOWN = "only the secrets that turn up in it are masked"
    UNKNOWN = "known after apply"
    HIDDEN_BY_MARK = "the plan marks it here, or its marks do not fit it, so that nobody knows what they mark"
    HIDDEN_BY_OTHER = "the other side marks it, or something in it that is too deep to be looked for"
    AS_TEXT = "something in it is unknown, but too deep to be looked for"
    INSIDE = "the marks inside of it decide"


def _decide(value: Json, marks: _Marks, depth: int) -> _Fate:
    """The first line that fits decides. Null is no secret; where parts of it are unknown, it stands for a container."""
    is_container = isinstance(marks.unknown if value is None else value, list | dict)
    match marks:
        case _Marks(sensitive=None, other_side=None, unknown=None):
            return _Fate.SHOWN
        case _Marks(unknown=unknown) if value is None and not is_container:
            return _Fate.UNKNOWN if unknown else _Fate.SHOWN
        case _Marks(sensitive=sensitive) if sensitive is True or not fits(sensitive, value):
            return _Fate.HIDDEN_BY_MARK
        case _Marks(other_side=True):
            return _Fate.HIDDEN_BY_OTHER
        case _ if not is_container:
            return _Fate.SHOWN
        case _ if depth < MAX_DEPTH:
            return _Fate.INSIDE
        case _Marks(sensitive=None, other_side=None):
            return _Fate.AS_TEXT
        case _:
            return _Fate.HIDDEN_BY_OTHER


def _write(attributes: dict[str, msgspec.Raw]) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(attributes))
