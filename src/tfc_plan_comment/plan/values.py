"""The values of a plan: what JSON can say, and the two things that only a plan says: unknown, and sensitive.

Numbers keep the text that Terraform wrote; they are never read as floating point.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

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


class Unknown(Enum):
    """A value that is known only after apply."""

    UNKNOWN = "(known after apply)"


UNKNOWN = Unknown.UNKNOWN


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Stands for a value that must not be shown. Equal values of one plan have equal tokens, so a change still shows.

    `is_marked` tells a value that the plan marks at this place from one that is hidden for another reason: that it is
    marked in another place, or that it is marked here before and no longer after.
    """

    token: int
    is_marked: bool


@dataclass(frozen=True, slots=True)
class EmbeddedJson:
    """A string that holds an object or array as JSON, taken apart to be shown."""

    document: "Value"


Value = None | bool | str | Number | Unknown | Sensitive | EmbeddedJson | list["Value"] | dict[str, "Value"]
"""What the rest of the program sees of a plan's values: there is no secret in it."""

Json = None | bool | int | str | Number | list["Json"] | dict[str, "Json"]
"""A decoded JSON document, before masking."""

_decoder = msgspec.json.Decoder(float_hook=Number.read)


def read_json(text: bytes | str) -> Json:
    """The document, with every number that is no plain integer as a `Number`. Raises msgspec.DecodeError."""
    document: Json = _decoder.decode(text)
    return document


def write_json(value: object) -> str:
    """A document that may hold values of a plan as one line of JSON, keys in order; unknown and sensitive in words."""
    return msgspec.json.encode(value, enc_hook=_shown, order="sorted").decode()


def identity(value: Json | Value) -> bytes:
    """What makes two values the same: 1 is 1.0 but not true, and a hidden value is itself."""
    return msgspec.json.encode(value, enc_hook=_identity, order="sorted")


def same(one: Value, other: Value) -> bool:
    """Whether two values are the same."""
    return identity(one) == identity(other)


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
        case _:
            raise TypeError(type(value))


def _identity(value: object) -> object:
    match value:
        case Number():
            return {"number": str(value.value.normalize())}
        case Unknown():
            return {"unknown": True}
        case Sensitive():
            return {"sensitive": value.token, "marked": value.is_marked}
        case EmbeddedJson():
            return {"json": value.document}
        case _:
            raise TypeError(type(value))


_CONTAINER = re.compile(r"\s*[\[{]")


def embedded_json(text: str) -> list[Json] | dict[str, Json] | None:
    """The object or array that a string holds as JSON, as Terraform sees one (jsonformat/differ), else None."""
    if not _CONTAINER.match(text):
        return None
    try:
        document = read_json(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError, ArithmeticError):
        return None
    return document if isinstance(document, list | dict) else None


def is_empty(value: Value) -> bool:
    """Whether a value says nothing: null, "", [] or {}."""
    return value is None or (isinstance(value, str | list | dict) and not value)
