"""Values as HCL, as Terraform writes them; control and invisible characters are shown as escapes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from sys import maxsize

from tfc_plan_comment.plan.values import (
    Base64Text,
    Described,
    EmbeddedJson,
    Number,
    Sensitive,
    Unknown,
    Value,
    is_empty,
)
from tfc_plan_comment.report.markdown import visible

WIDTH = 100
"""A value whose line is longer than this is written on several lines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much is shown: characters of a one-line string, lines of a text, the width of a line that only names.

    Such a line names attributes that are counted, or hints at a value that goes while nobody knows yet what comes.
    """

    characters: int = 240
    lines: int = 40
    names: int = WIDTH


UNCUT = Limits(characters=maxsize, lines=maxsize, names=maxsize)

ALIGNED = 40
"""Equals signs stand one below the other as long as the names in front of them are not longer than this."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def name(key: str) -> str:
    """A key as it stands before an equals sign: bare where HCL allows it, else quoted."""
    return key if _IDENTIFIER.fullmatch(key) else quoted(key)


def quoted(text: str) -> str:
    """A string in quotation marks."""
    return f'"{visible(text.translate(_ESCAPES))}"'


def inline(value: Value, limits: Limits) -> str:  # noqa: C901 - one case for each kind of value
    """The value on one line."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _shortened(value, limits)
        case Number():
            return value.text
        case Unknown():
            return value.value
        case Sensitive():
            return "(sensitive value)"
        case EmbeddedJson():
            return f"jsonencode({inline(value.document, limits)})"
        case Base64Text():
            return f"base64encode({_shortened(value.text, limits)})"
        case Described():
            return f"({value.words})"
        case list():
            return f"[{', '.join(inline(item, limits) for item in value)}]"
        case dict():
            items = ", ".join(f"{name(key)} = {inline(item, limits)}" for key, item in value.items())
            return f"{{ {items} }}" if items else "{}"


def assigned(label: str, value: Value, limits: Limits) -> Iterator[str]:
    """The lines that give the value its name; the list of objects of a block as blocks; without a name, the value."""
    if isinstance(value, str) and "\n" in value.strip("\n"):
        yield from _text(label, "text", value, limits)
    elif isinstance(value, Base64Text) and "\n" in value.text.strip("\n"):
        yield from _text(label, "text in base64", value.text, limits)
    elif label and isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for block in value:
            yield from _written(f"{label} ", _without_empty(block), limits)
    else:
        yield from _written(f"{label} = " if label else "", value if label else _without_empty(value), limits)


def attributes(value: dict[str, Value], limits: Limits) -> Iterator[str]:
    """The lines for all attributes of an object, with the equals signs one below the other, as in HCL."""
    written = [(name(key), list(assigned(name(key), item, limits))) for key, item in value.items()]
    is_plain = [len(lines) == 1 and lines[0].startswith(f"{label} = ") for label, lines in written]
    widths = [len(label) for (label, _), plain in zip(written, is_plain, strict=True) if plain]
    width = max((each for each in widths if each <= ALIGNED), default=0)
    for (label, lines), plain in zip(written, is_plain, strict=True):
        aligned = f"{label:<{width}}{lines[0][len(label) :]}" if plain else ""
        yield from [aligned] if 0 < len(aligned) <= WIDTH else lines


def _written(start: str, value: Value, limits: Limits, end: str = "") -> Iterator[str]:
    line = f"{start}{inline(value, limits)}{end}"
    if isinstance(value, EmbeddedJson):
        value, start, end = value.document, f"{start}jsonencode(", f"){end}"
    if len(line) <= WIDTH or not isinstance(value, list | dict) or not value:
        yield line
    elif isinstance(value, list):
        yield f"{start}["
        for item in value:
            for inner in _written("", _without_empty(item), limits, ","):
                yield f"  {inner}"
        yield f"]{end}"
    else:
        yield f"{start}{{"
        for inner in attributes(value, limits):
            yield f"  {inner}"
        yield f"}}{end}"


def _without_empty(block: Value) -> Value:
    """What a block says: the attributes that are set."""
    if not isinstance(block, dict):
        return block
    return {key: item for key, item in block.items() if not is_empty(item)}


def _shortened(text: str, limits: Limits) -> str:
    if len(text) <= limits.characters:
        return quoted(text)
    return f"{quoted(text[: limits.characters])}… ({len(text):,} characters)"


def beginning(value: Value, width: int) -> str:
    """As much of a long value as stands on one line of about that width, and how long it is."""
    match value:
        case str(text) | Base64Text(text) if "\n" in text.strip("\n"):
            return f"… (text, {len(_lines(text)):,} lines)"
        case str():
            return _shortened(value, Limits(characters=max(width - len(_LENGTH), 1)))
        case _:
            written = inline(value, UNCUT)
            return f"{written[: max(width - len(_LENGTH), 1)]}… ({len(written):,} characters)"


_LENGTH = '""… (1,000 characters)'


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _text(label: str, what: str, text: str, limits: Limits) -> Iterator[str]:
    lines = _lines(text)
    yield f"{label} ({what}, {len(lines)} lines)".strip()
    for line in lines[: limits.lines]:
        yield gutter(line, limits)
    if len(lines) > limits.lines:
        yield f"… {len(lines) - limits.lines:,} more lines"


def gutter(line: str, limits: Limits) -> str:
    """A line of a text behind a gutter, so that its own dashes and plus signs are not taken for ours."""
    if not line:
        return "│"
    shown = visible(line[: limits.characters])
    return f"│ {shown}" + (f"… ({len(line):,} characters)" if len(line) > limits.characters else "")
