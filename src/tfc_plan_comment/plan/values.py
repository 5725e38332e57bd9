"""The values of a plan: what JSON can say, and the two things that only a plan says: unknown, and sensitive.

Numbers keep the text that Terraform wrote; they are never read as floating point.
"""

import json
import re
from dataclasses import dataclass, field
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal

import msgspec

MAX_DEPTH = 64
"""Containers nested deeper than this are kept as JSON text: the walks over values are recursive."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number: equal to another when they are the same number, written as it stood."""

    value: Decimal
    text: str = field(compare=False)

    @classmethod
    def read(cls, text: str) -> "Number":
        """The number that a JSON literal such as `1.10` writes."""
        return cls(Decimal(text), text)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is known only after apply, with Terraform's words for it. There is one, `UNKNOWN`."""

    value: str = "(known after apply)"


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Stands for a value that must not be shown. Equal values of one plan have equal tokens, so a change still shows.

    `is_marked` tells a value that the plan marks at this place from one that is hidden for another reason: that it is
    marked in another place, or that it is marked here before and no longer after.
    In a redacted plan a placeholder stands for every secret, and equal ones need not stand for equal secrets: what
    will be has the negative of the token that the same placeholder has in what was.
    """

    token: int
    is_marked: bool


@dataclass(frozen=True, slots=True)
class EmbeddedJson:
    """A string that holds an object or array as JSON, taken apart to be shown."""

    document: "Value"


@dataclass(frozen=True, slots=True)
class Base64Text:
    """A string that holds a text in base64, decoded to be shown."""

    text: str


@dataclass(frozen=True, slots=True)
class Described:
    """A string that is told by what it is, in words, and never shown: a certificate, a key."""

    words: str
    text: str


Value = (
    None
    | bool
    | str
    | Number
    | Unknown
    | Sensitive
    | EmbeddedJson
    | Base64Text
    | Described
    | list["Value"]
    | dict[str, "Value"]
)
"""What the rest of the program sees of a plan's values: there is no secret in it."""

Json = None | bool | int | str | Number | list["Json"] | dict[str, "Json"]
"""A decoded JSON document, before masking."""

for _type in (Number, Unknown, Sensitive, EmbeddedJson, Base64Text, Described):
    # msgspec knows dataclasses and would write their fields; without this it asks the hooks below.
    delattr(_type, "__dataclass_fields__")

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


def _read_long_integers(text: bytes | str) -> Json:
    try:
        document: Json = json.loads(text, parse_int=Number.read, parse_float=Number.read, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise msgspec.DecodeError(f"JSON is malformed: {error.msg}") from None
    return document


def _refuse(constant: str) -> None:
    raise msgspec.DecodeError(f"JSON is malformed: {constant} is no value")


def write_json(value: object) -> str:
    """A document that may hold values of a plan as one line of JSON, keys in order; unknown and sensitive in words."""
    return msgspec.json.encode(value, enc_hook=_shown, order="sorted").decode()


def identity(value: object) -> bytes:
    """What makes two values the same: 1 is 1.0 but not true, and a hidden value is itself."""
    return msgspec.json.encode(value, enc_hook=_identity, order="sorted")


def same(one: Value, other: Value) -> bool:
    """Whether two values are the same, as `identity` says: among values, Python's own equality."""
    return one == other


def _shown(value: object) -> object:
    match value:
        case Number():
            return msgspec.Raw(value.text.encode())
        case Unknown():
            return value.value
        case Sensitive():
            return "(sensitive value)"
        case EmbeddedJson():
            return write_json(value.document)
        case Described():
            return f"({value.words})"
        case _:
            raise TypeError(type(value))


def _identity(value: object) -> msgspec.Raw:
    """Not JSON, so that no text, list or object can pass for it; only a number looks as a whole number does."""
    match value:
        case Number():
            return msgspec.Raw(_canonical(value).encode())
        case Unknown():
            return msgspec.Raw(b"<unknown>")
        case Sensitive():
            return msgspec.Raw(f"<sensitive {value.token} {value.is_marked}>".encode())
        case EmbeddedJson():
            return msgspec.Raw(b"<json " + identity(value.document) + b">")
        case Described():
            return msgspec.Raw(f"<described {value.words} {value.text}>".encode())
        case _:
            raise TypeError(type(value))


LONGEST_NUMBER = 1_000
"""Characters. Nobody reads a longer number, and it would take the room of all else."""


def readable(number: Number) -> Number | Described:
    """The number, or how long it is."""
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


_CONTAINER = re.compile(r"\s*[\[{]")


def embedded_json(text: str) -> list[Json] | dict[str, Json] | None:
    """The object or array that a string holds as JSON, as Terraform sees one (jsonformat/differ), else None.

    What is nested too deeply to be walked through stays a string, and so does what has a key twice in one object: to
    take it apart would hide one of the two.
    """
    if not _CONTAINER.match(text):
        return None
    try:
        document = read_json(text)
        json.loads(text, object_pairs_hook=_distinct, parse_int=str, parse_float=str)
    except (msgspec.DecodeError, ValueError, RecursionError, ArithmeticError):
        return None
    return document if isinstance(document, list | dict) and not is_deep(document) else None


def _distinct(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice in one object")


def is_deep(document: list[Json] | dict[str, Json]) -> bool:
    """Whether more than `MAX_DEPTH` containers lie inside each other."""
    level = [document]
    for _ in range(MAX_DEPTH):
        if not level:
            return False
        inside = [item for each in level for item in (each.values() if isinstance(each, dict) else each)]
        level = [item for item in inside if isinstance(item, list | dict)]
    return bool(level)


def is_empty(value: Value) -> bool:
    """Whether a value says nothing: null, "", [] or {}."""
    return value is None or (isinstance(value, str | list | dict) and not value)
