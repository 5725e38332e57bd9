"""No secret gets past this module: everything shown of a plan's values comes out of a `Mask`.

A value is masked by path, where the plan marks it as sensitive, and by value: what is marked anywhere in the plan
is masked wherever else it turns up, for providers copy secrets into attributes that nobody marked. Terraform itself
masks by path only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

import msgspec

from tfc_plan_comment.plan.document import NULL, Change, Plan
from tfc_plan_comment.plan.encoded_text import PRIVATE_KEY, SHORTEST_BASE64, decode_base64
from tfc_plan_comment.plan.marks import Marks, fits, marks_at, read_attributes, read_marks, read_value
from tfc_plan_comment.plan.secret_search import SecretSearch, Span
from tfc_plan_comment.plan.secret_texts import find_secrets
from tfc_plan_comment.plan.unreadable import unreadable_value
from tfc_plan_comment.plan.values import (
    MAX_DEPTH,
    UNKNOWN,
    Described,
    Json,
    Number,
    Sensitive,
    Value,
    identity,
    make_readable,
    write_json,
)

LARGEST = 10_000_000
"""Bytes. A value that is larger is told by its size: decoded, it would take hundreds of times the memory."""

_OURS = "(sensitive value "
_BASE64_RUN = re.compile(rf"[A-Za-z0-9+/]{{{SHORTEST_BASE64},}}={{0,2}}")
_WORD = re.compile(rf"{re.escape(_OURS)}\d+\)")


class Mask:
    """Knows what is sensitive in one plan, and turns its raw values into ones that may be shown."""

    def __init__(
        self, secrets: Iterable[str] = (), redact: tuple[re.Pattern[str], ...] = (), *, has_placeholders: bool = False
    ) -> None:
        """`secrets` are the sensitive texts, `redact` the user's patterns of further ones.

        `has_placeholders` says that the plan is a redacted one, in which equal values need not be equal secrets.
        """
        # Our own words are masked, too: nothing that stands in a plan can pass for what we masked.
        self._search = SecretSearch({*secrets, _OURS}, redact)
        self._redact = SecretSearch((), redact)
        self._has_placeholders = has_placeholders
        self._tokens: dict[bytes, int] = {}
        self._keys: dict[str, str] = {}

    @classmethod
    def of(cls, plan: Plan, redact: tuple[re.Pattern[str], ...] = ()) -> "Mask":
        """The mask for everything in the plan that may be shown. Raises PlanDocumentError."""
        secrets = () if plan.is_redacted else find_secrets(plan)
        return cls(secrets, (*redact, PRIVATE_KEY), has_placeholders=plan.is_redacted)

    def sides(self, change: Change, *, is_output: bool = False) -> tuple[Value, Value]:
        """The values before and after, ready to be shown. A mark on one side hides both, as in Terraform.

        The value of an output need not be an object, and if it is one, its keys are data like the rest.
        Raises PlanDocumentError.
        """
        before, after = read_marks(change.before_sensitive), read_marks(change.after_sensitive)
        unknown = read_marks(change.after_unknown)
        was = self._masked(change.before, _Marks(sensitive=before, other_side=after), is_object=not is_output)
        marks = _Marks(sensitive=after, other_side=before, unknown=unknown, may_differ=self._has_placeholders)
        return was, self._masked(change.after, marks, is_object=not is_output)

    def value(self, raw: msgspec.Raw, sensitive: msgspec.Raw, unknown: msgspec.Raw) -> Value:
        """One value ready to be shown, out of the raw document and the trees of what is sensitive and unknown in it.

        Raises PlanDocumentError.
        """
        marks = _Marks(sensitive=read_marks(sensitive), unknown=read_marks(unknown))
        return self._masked(raw, marks, is_object=True)

    def text(self, text: str) -> str:
        """The text with every secret in it replaced. Different texts stay different, so a change still shows."""
        spans = self._search.spans(text)
        masked = self._replaced(text, spans) if spans else text
        if len(masked) >= SHORTEST_BASE64:
            masked = _BASE64_RUN.sub(self._unless_secret, masked)
        if "\\" in masked and self._search.is_in_escapes(_WORD.sub("", masked)):
            return self._word(text)  # nobody knows where a secret that is written with escapes begins and ends
        return masked

    def text_within(self, text: str) -> str:
        """A text out of a document that stood in a masked string.

        The user's patterns may match more of it, and it may hold a secret in base64, which a reader would decode.
        """
        words = [word.span() for word in _WORD.finditer(text)]
        spans = [
            (start, end)
            for start, end in self._redact.spans(text)
            if not any(first <= start and end <= last for first, last in words)
        ]
        masked = self._replaced(text, spans)
        return self._word(text) if self._is_in_base64(masked) else masked

    def _replaced(self, text: str, spans: list[Span]) -> str:
        pieces: list[str] = []
        shown = 0
        for start, end in spans:
            pieces += text[shown:start], self._word(text[start:end])
            shown = end
        return "".join([*pieces, text[shown:]])

    def _key(self, key: str) -> str:
        if key not in self._keys:
            self._keys[key] = self.text(key)
        return self._keys[key]

    def _word(self, secret: str) -> str:
        return f"(sensitive value {self._token(secret)})"

    def _token(self, value: object) -> int:
        return self._tokens.setdefault(identity(value), len(self._tokens) + 1)

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

    def _merge(self, value: Json, marks: "_Marks", *, depth: int) -> Value:
        match _decide(value, marks, depth):
            case _Fate.SHOWN:
                return self._unmarked(value, depth)
            case _Fate.UNKNOWN:
                return UNKNOWN
            case _Fate.HIDDEN_BY_MARK:
                return self._hidden(value, marks, is_marked=True)
            case _Fate.HIDDEN_BY_OTHER:
                return self._hidden(value, marks, is_marked=False)
            case _Fate.AS_TEXT:
                return self._string(f"{write_json(value)}, in part {UNKNOWN.value}")
            case _Fate.INSIDE if isinstance(value, dict) or (value is None and isinstance(marks.unknown, dict)):
                return self._merge_object(value or {}, marks, depth=depth + 1)
            case _Fate.INSIDE:
                return self._merge_list(value if isinstance(value, list) else [], marks, depth=depth + 1)

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
                self._merge(value.get(key), marks.at(key), depth=depth)
                if key in marked
                else self._unmarked(value.get(key), depth)
            )
            for key in keys
        }

    def _merge_list(self, value: list[Json], marks: "_Marks", *, depth: int) -> Value:
        unknown = marks.unknown if isinstance(marks.unknown, list) else []
        last = max((index for index, mark in enumerate(unknown) if mark is not None), default=-1)
        items = value + [None] * (last + 1 - len(value))
        return [self._merge(item, marks.at(index), depth=depth) for index, item in enumerate(items)]

    def _unmarked(self, value: Json, depth: int) -> Value:
        """A value in which nothing is marked: only the secrets that turn up in it are masked."""
        match value:
            case str():
                return self._string(value)
            case None | bool():
                return value
            case dict() | list() if depth >= MAX_DEPTH:
                return self._string(write_json(value))
            case dict():
                name = self._key if depth else str
                return {name(key): self._unmarked(item, depth + 1) for key, item in value.items()}
            case list():
                return [self._unmarked(item, depth + 1) for item in value]
            case _:
                number = value if isinstance(value, Number) else Number.read(str(value))
                is_secret = self._search.spans(number.text)
                return Sensitive(self._token(number), is_marked=False) if is_secret else make_readable(number)

    def _string(self, text: str) -> Value:
        masked = self.text(text)
        is_whole = masked != text and masked == self._word(text)
        return Sensitive(self._token(text), is_marked=False) if is_whole or self._is_in_base64(masked) else masked

    def _unless_secret(self, base64: re.Match[str]) -> str:
        """A run of letters that may be base64, or a word for it where a secret shows when it is decoded."""
        return self._word(base64[0]) if self._is_in_base64(base64[0]) else base64[0]

    def _is_in_base64(self, text: str) -> bool:
        """True if a secret shows when a string is decoded. Such a string cannot be masked in part."""
        decoded = decode_base64(text)
        return decoded is not None and self.text(decoded) != decoded


@dataclass(frozen=True, kw_only=True, slots=True)
class _Marks:
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


def drop_numbers(masked: str) -> str:
    """A masked text without the numbers that tell its secrets apart: they count all secrets of the plan."""
    return _WORD.sub("(sensitive value)", masked)
