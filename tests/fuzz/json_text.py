"""JSON with what Python's own reader and writer lose: numbers as they stand, a key that stands twice, and no JSON."""

import json
from typing import Any


class Literal:
    """A text that stands in the document as it is, whatever it is."""

    def __init__(self, text: str | bytes) -> None:
        self.text = text if isinstance(text, bytes) else text.encode()


class Again(str):
    """A key that stands in its object already: it equals nothing but itself."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


def write(value: Any) -> bytes:
    """The document. A text is written in UTF-8, and with escapes where half of a character stands in it."""
    match value:
        case Literal(text=text):
            return text
        case dict():
            return b"{" + b",".join(_string(key) + b":" + write(item) for key, item in value.items()) + b"}"
        case list():
            return b"[" + b",".join(map(write, value)) + b"]"
        case str():
            return _string(value)
        case _:
            return json.dumps(value).encode()


def _string(text: str) -> bytes:
    try:
        return json.dumps(text, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(text).encode()


def read(content: bytes) -> Any:
    """The document, to be changed and written again. Raises ValueError and RecursionError."""
    return json.loads(_text(content), object_pairs_hook=_pairs, parse_float=Literal, parse_int=_integer)


def read_values(content: bytes) -> Any:
    """The document as most readers see it: the last of equal keys holds, and all numbers are 0.

    Raises ValueError and RecursionError.
    """
    return json.loads(_text(content), parse_float=_zero, parse_int=_zero)


def _zero(_number: str) -> int:
    return 0


def _text(content: bytes) -> str:
    return content.decode(json.detect_encoding(content), errors="replace").removeprefix("\ufeff")


def _integer(text: str) -> int | Literal:
    return int(text) if len(text) < 4_000 else Literal(text)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for key, value in pairs:
        document[Again(key) if key in document else key] = value
    return document
