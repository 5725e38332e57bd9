"""The values of a plan: what JSON can say, and the two things that only a plan says: unknown, and sensitive.

Numbers keep the text that Terraform wrote; they are never read as floating point.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from enum import IntEnum
from typing import Any, assert_never

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.expression import expression

MAX_DEPTH = 64
"""Containers nested deeper than this are kept as JSON text: the walks over values are recursive."""


class Number(msgspec.Struct, frozen=True, eq=False):
    """A number: equal to another when they are the same number, written as it stood."""

    value: Decimal
    text: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    @classmethod
    def read(cls, text: str) -> "Number":
        """The number that a JSON literal such as `1.10` writes."""
        return cls(Decimal(text), text)


class Unknown(msgspec.Struct, frozen=True):
    """A value that is known only after apply, with Terraform's words for it. There is one, `UNKNOWN`."""

    value: str = "(known after apply)"


UNKNOWN = Unknown()


class Why(IntEnum):
    """The reasons for which a value is hidden; where there are several, the first of them counts."""

    MARK = 0
    """The plan marks it here, or here before and no longer after, or a pattern of the user matches it."""
    EQUAL = 1
    """Nothing but an equal value, marked in another place, makes it a secret."""
    LOOKS = 2
    """Nobody marks it, here or in another place: it looks like a secret."""


HIDDEN_WORDS = {
    Why.MARK: "(sensitive value)",
    Why.EQUAL: "(hidden: equals a sensitive value)",
    Why.LOOKS: "(hidden: looks like a secret)",
}
"""The words that stand in the place of a value that is hidden."""


class Sensitive(msgspec.Struct, frozen=True):
    """Stands for a value that must not be shown."""

    number: int
    """Equal values of one plan have equal numbers, so a change still shows."""
    is_marked: bool
    """The plan marks it at this place. Else it is marked in another place, or here before and no longer after."""
    may_differ: bool = False
    """It is the placeholder of a redacted plan in what will be. The same one in what was may be another secret."""
    why: Why = Why.MARK

    @property
    def words(self) -> str:
        """The words that stand in its place."""
        return HIDDEN_WORDS[self.why]


class EmbeddedJson(msgspec.Struct, frozen=True):
    """A string that holds an object or array as JSON, taken apart to be shown."""

    document: "Value"


class Base64Text(msgspec.Struct, frozen=True):
    """A string that holds a text in base64, decoded to be shown."""

    text: str


class Described(msgspec.Struct, frozen=True):
    """A string that is told by what it is, in words, and never shown: a certificate, a key."""

    words: str
    text: str

    @property
    def kind(self) -> str:
        """The words for another one of its kind: `certificate`, or `number of 2,000 characters`."""
        return self.words.partition(", ")[0].removeprefix("a ")


Leaf = Number | Unknown | Sensitive | EmbeddedJson | Base64Text | Described
"""A value that JSON cannot say, or a number as it was written."""

Value = None | bool | str | Leaf | list["Value"] | dict[str, "Value"]
"""A value of a plan as the rest of the program sees it: there is no secret in it."""

Json = None | bool | int | str | Number | list["Json"] | dict[str, "Json"]
"""A decoded JSON document, before masking."""

_decoder = msgspec.json.Decoder(float_hook=Number.read)


def read_json(text: bytes | str) -> Json:
    """The document, with every number that is no plain integer as a `Number`.

    Raises msgspec.DecodeError, UnicodeDecodeError, RecursionError, and ArithmeticError for an exponent that no program
    can work with.
    """
    try:
        document: Json = _decoder.decode(text)
    except msgspec.ValidationError:  # of what could be anything: an integer with more digits than Python reads
        document = _read_long_integers(text)
    return document


def read_any_json(text: bytes) -> Json:
    """The document, whatever its numbers and bytes: what no program can work with is a text that says it.

    Raises msgspec.DecodeError and RecursionError.
    """
    try:
        return read_json(text)
    except UnicodeDecodeError:
        shown = _NO_UTF_8.sub(lambda byte: f"\ufffd{ord(byte[0]) - 0xDC00:02x}", text.decode(errors="surrogateescape"))
        return read_any_json(shown.encode())
    except ArithmeticError:
        return _read_long_integers(text, read_any_number)


_NO_UTF_8 = expression("[\udc80-\udcff]")
"""The bytes that are no UTF-8, as surrogateescape writes them."""


def read_any_number(text: str) -> Number | str:
    """The number; as a text where its exponent is one that no program can work with."""
    try:
        return Number.read(text)
    except ArithmeticError:
        return text


def _read_long_integers(text: bytes | str, read: Callable[[str], Number | str] = Number.read) -> Json:
    try:
        document: Json = json.loads(text, parse_int=read, parse_float=read, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise msgspec.DecodeError(f"JSON is malformed: {error.msg}") from None
    return document


def _refuse(constant: str) -> None:
    raise msgspec.DecodeError(f"JSON is malformed: {constant} is no value")


def write_json(value: object) -> str:
    """One line of JSON, keys in order, with unknown and sensitive values in words.

    The document may hold values of a plan at any depth of lists and objects, but not in a `Struct` of ours.
    """
    return msgspec.json.encode(_encode(value, _write_leaf), order="sorted").decode()


def identity(value: object) -> bytes:
    """Equal bytes for equal values: 1 is 1.0 but not true, and a hidden value is itself."""
    return msgspec.json.encode(_encode(value, _identify_leaf), order="sorted")


def identity_but_for_marks(value: object) -> bytes:
    """The same, but equal for a hidden value that is marked and one that is not."""
    return msgspec.json.encode(_encode(value, _identify_unmarked), order="sorted")


def _identify_unmarked(leaf: Leaf) -> msgspec.Raw:
    return _identify_leaf(replace(leaf, is_marked=True) if isinstance(leaf, Sensitive) else leaf)


def _encode(value: object, encode_leaf: Callable[[Leaf], msgspec.Raw | str]) -> object:
    """A copy in terms of JSON. It takes no frame a level, so that it goes as deep as msgspec does."""
    whole = [value]
    left: list[list[Any] | dict[str, Any]] = [whole]
    while left:
        container = left.pop()
        steps: Iterable[tuple[Any, Any]] = container.items() if isinstance(container, dict) else enumerate(container)
        for step, item in steps:
            if isinstance(item, dict | list | tuple):
                copy = dict(item) if isinstance(item, dict) else list(item)
                container[step] = copy
                left.append(copy)
            elif isinstance(item, Leaf):
                container[step] = encode_leaf(item)
    return whole[0]


def _write_leaf(leaf: Leaf) -> msgspec.Raw | str:
    match leaf:
        case Number():
            return msgspec.Raw(leaf.text.encode())
        case Unknown():
            return leaf.value
        case Sensitive():
            return leaf.words
        case EmbeddedJson():
            return write_json(leaf.document)
        case Base64Text():
            return b64encode(leaf.text.encode()).decode()
        case Described():
            return f"({leaf.words})"
        case _:
            assert_never(leaf)


def _identify_leaf(leaf: Leaf) -> msgspec.Raw:
    """Not JSON, so that no text, list or object can pass for it; only a number looks as a whole number does."""
    match leaf:
        case Number():
            return msgspec.Raw(_canonical(leaf).encode())
        case Unknown():
            return msgspec.Raw(b"<unknown>")
        case Sensitive():
            kind = f"{leaf.is_marked} {leaf.may_differ} {leaf.why.name}"
            return msgspec.Raw(f"<sensitive {leaf.number} {kind}>".encode())
        case EmbeddedJson():
            return msgspec.Raw(b"<json " + identity(leaf.document) + b">")
        case Base64Text():
            return msgspec.Raw(b"<base64 " + identity(leaf.text) + b">")
        case Described():
            return msgspec.Raw(b"<described " + identity([leaf.words, leaf.text]) + b">")
        case _:
            assert_never(leaf)


LONGEST_NUMBER = 1_000
"""Characters. Nobody reads a longer number, and it would take the room of all else."""


def make_readable(number: Number) -> Number | Described:
    """The number, or its length in words if it is too long to be read."""
    if len(number.text) <= LONGEST_NUMBER:
        return number
    return Described(f"a number of {len(number.text):,} characters", number.text)


_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Python's default context would round to 28 digits."""


def _canonical(number: Number) -> str:
    """The same text for the same number; that of a whole number is as Python writes an int."""
    if number.text.isdigit():
        return number.text
    if not number.value:
        return "0"
    value = _EXACT.normalize(number.value)
    is_plain = 0 <= value.adjusted() < 400 and value == value.to_integral_value(context=_EXACT)
    return format(value, "f") if is_plain else str(value)


_CONTAINER = expression(r"\s*[\[{]")


def read_embedded_json(text: str) -> list[Json] | dict[str, Json] | None:
    """The object or array that a string holds as JSON, as Terraform sees one (jsonformat/differ), else None.

    What is nested too deeply to be walked through stays a string, and so does what has a key twice in one object: to
    take it apart would hide one of the two.
    """
    if not _CONTAINER.match(text):
        return None
    try:
        document = read_json(text)
        if not _is_all_of(document, text):
            json.loads(text, object_pairs_hook=_distinct, parse_int=str, parse_float=str)
    except (msgspec.DecodeError, ValueError, RecursionError, ArithmeticError):
        return None
    may_be_deep = text.count("[") + text.count("{") > MAX_DEPTH
    return document if isinstance(document, list | dict) and not (may_be_deep and is_deep(document)) else None


_WRITES_LESS = (TypeError, ValueError, RecursionError, ArithmeticError, msgspec.MsgspecError)
"""Raised by msgspec for what it reads and does not write, such as long integers."""


def _is_all_of(document: Json, text: str) -> bool:
    """True if the document says all that the text says, as it is seen where Terraform wrote it: then no key is lost."""
    try:
        written = msgspec.json.encode(document).decode()
        return written in {text, msgspec.json.format(text, indent=-1)}  # the latter without white space, and all keys
    except _WRITES_LESS:
        return False


def _distinct(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice in one object")


def is_deep(document: list[Json] | dict[str, Json]) -> bool:
    """True if more than `MAX_DEPTH` containers lie inside each other."""
    level = [document]
    for _ in range(MAX_DEPTH):
        if not level:
            return False
        inside = [item for each in level for item in (each.values() if isinstance(each, dict) else each)]
        level = [item for item in inside if isinstance(item, list | dict)]
    return bool(level)


def is_empty(value: Value) -> bool:
    """True if a value says nothing: null, "", [] or {}."""
    return value is None or (isinstance(value, str | list | dict) and not value)


def is_off(value: Value) -> bool:
    """True if a value says nothing, or only that something is off: false, 0, or what holds nothing but these."""
    match value:
        case False:
            return True
        case Number():
            return value.value == 0
        case list():
            return all(map(is_off, value))
        case dict():
            return all(map(is_off, value.values()))
        case _:
            return is_empty(value)
