"""Values as HCL, as Terraform writes them; control and invisible characters are shown as escapes."""

from collections.abc import Iterable, Iterator

from tfc_plan_comment.expression import expression
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
from tfc_plan_comment.report.lines.line import UNCUT, WIDTH, Limits, Line, Pen, Shown, aligned, more_lines
from tfc_plan_comment.report.unseen import visible

ALIGNED = 40
"""Equals signs stand one below the other as long as the names in front of them are not longer than this."""

_IDENTIFIER = expression(r"[A-Za-z_][A-Za-z0-9_-]*")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def name_key(key: str) -> str:
    """A key as it stands before an equals sign: bare where HCL allows it, else quoted."""
    return key if _IDENTIFIER.fullmatch(key) else quote(key)


def quote(text: str) -> str:
    """A string in quotation marks."""
    return f'"{visible(text.translate(_ESCAPES))}"'


def inline(value: Value, limits: Limits) -> Shown:  # noqa: C901 - one case for each kind of value
    """The value on one line."""
    match value:
        case None:
            return Shown("null")
        case bool():
            return Shown("true" if value else "false")
        case str():
            return _shorten(value, limits)
        case Number():
            return Shown(value.text)
        case Unknown():
            return Shown(value.value)
        case Sensitive():
            return Shown(value.words)
        case EmbeddedJson():
            text, missing = inline(value.document, limits)
            return Shown(f"jsonencode({text})", missing)
        case Base64Text():
            text, missing = _shorten(value.text, limits)
            return Shown(f"base64encode({text})", missing)
        case Described():
            return Shown(f"({value.words})")
        case list():
            texts, missing = _inline_each(value, limits)
            return Shown(f"[{', '.join(texts)}]", missing)
        case dict():
            texts, missing = _inline_each(value.values(), limits)
            pairs = ", ".join(f"{name_key(key)} = {text}" for key, text in zip(value, texts, strict=True))
            return Shown(f"{{ {pairs} }}" if texts else "{}", missing)


def _inline_each(values: Iterable[Value], limits: Limits) -> tuple[list[str], int]:
    shown = [inline(value, limits) for value in values]
    return [text for text, _ in shown], sum(missing for _, missing in shown)


def assign(name: str, value: Value, pen: Pen) -> Iterator[Line]:
    """The lines that give the value its name; the list of objects of a block as blocks; without a name, the value."""
    if isinstance(value, str) and "\n" in value.strip("\n"):
        yield from _write_text(name, "text", value, pen)
    elif isinstance(value, Base64Text) and "\n" in value.text.strip("\n"):
        yield from _write_text(name, "text in base64", value.text, pen)
    elif name and isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for block in value:
            yield from _write(_without_empty(block, pen), pen, start=f"{name} ")
    else:
        yield from _write(value if name else _without_empty(value, pen), pen, path=name)


def assign_all(value: dict[str, Value], pen: Pen) -> Iterator[Line]:
    """The lines for all attributes of an object, with the equals signs one below the other."""
    names = [name_key(key) for key in value]
    parts = [list(assign(name, item, pen)) for name, item in zip(names, value.values(), strict=True)]
    yield from aligned(parts, names, longest=ALIGNED)


def _write(value: Value, pen: Pen, *, path: str = "", start: str = "", end: str = "") -> Iterator[Line]:
    shown = inline(value, pen.limits)
    line = pen.line(f"{start}{shown.text}{end}", path=path, cut=shown.cut)
    if isinstance(value, EmbeddedJson):
        value, start, end = value.document, f"{start}jsonencode(", f"){end}"
        pen = pen.reading_json()
    if line.length <= WIDTH or not isinstance(value, list | dict) or not value:
        yield line
    elif isinstance(value, list):
        yield pen.line(f"{start}[", path=path)
        for item in value:
            yield from _write(_without_empty(item, pen), pen.below(), end=",")
        yield pen.line(f"]{end}")
    else:
        yield pen.line(f"{start}{{", path=path)
        yield from assign_all(value, pen.below())
        yield pen.line(f"}}{end}")


def _without_empty(block: Value, pen: Pen) -> Value:
    """The attributes of a block that are set; all of an object in JSON.

    An empty object says something where objects have no schema: `podSelector = {}` selects every pod.
    """
    if not isinstance(block, dict) or pen.in_json:
        return block
    return {key: item for key, item in block.items() if not is_empty(item) or isinstance(item, dict)}


def _shorten(text: str, limits: Limits) -> Shown:
    if len(text) <= limits.characters:
        return Shown(quote(text))
    shown = f"{quote(text[: limits.characters])}… ({len(text):,} characters)"
    return Shown(shown, len(text) - limits.characters)


def begin(value: Value, width: int) -> Shown:
    """As much of a long value as stands on one line of about that width, and how long it is."""
    room = max(width - len(_LENGTH), 1)
    match value:
        case str(text) | Base64Text(text) if "\n" in text.strip("\n"):
            return Shown(f"… (text, {len(_lines(text)):,} lines)", len(text))
        case str():
            return _shorten(value, Limits(characters=room))
        case _:
            written, _ = inline(value, UNCUT)
            return Shown(f"{written[:room]}… ({len(written):,} characters)", len(written) - len(written[:room]))


_LENGTH = '""… (1,000 characters)'


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _write_text(name: str, what: str, text: str, pen: Pen) -> Iterator[Line]:
    lines = _lines(text)
    yield pen.line(f"{name} ({what}, {len(lines)} lines)".strip())
    for line in lines[: pen.limits.lines]:
        yield behind_gutter(line, pen)
    if (left := len(lines) - pen.limits.lines) > 0:
        yield more_lines(left, pen)


def behind_gutter(text: str, pen: Pen) -> Line:
    """A line of a text behind a gutter, so that its own dashes and plus signs are not taken for ours."""
    if not text:
        return pen.line("│")
    missing = max(0, len(text) - pen.limits.characters)
    more = f"… ({len(text):,} characters)" if missing else ""
    return pen.line(f"│ {visible(text[: pen.limits.characters])}{more}", cut=Shown("", missing).cut)
