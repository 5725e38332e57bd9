"""Values that are short enough to stand in a row; of two long strings the part in which they differ."""

from tfc_plan_comment.plan.secrets.hidden_words import WORD
from tfc_plan_comment.plan.values import Base64Text, EmbeddedJson, Sensitive, Value, Why
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, say_text
from tfc_plan_comment.report.lines.hcl import inline, quote
from tfc_plan_comment.report.lines.line import Cut, Limits
from tfc_plan_comment.report.lines.shared_ends import shared_ends

LONGEST_VALUE = 40
"""Characters of a value in a row, with its quotation marks."""

LONGEST_PART = 30
"""Characters of the part of a long string that differs from another one."""

_SEPARATORS = " \n\t/:,;=@"
"""Stand between words and the parts of addresses, paths and labels, which are not torn apart."""


def say_value(value: Value) -> Cell:
    """The value; nothing if it is too long."""
    if isinstance(value, Sensitive):
        return say_text(say_secret(value))
    written = inline(value, Limits()).text if _may_be_short(value) else ""
    return say_text(written) if 0 < len(written) <= LONGEST_VALUE else EMPTY


def _may_be_short(value: Value) -> bool:
    """True unless a look is enough to see that it is too long, for a value may be megabytes long."""
    match value:
        case str(text) | Base64Text(text):
            return len(text) <= LONGEST_VALUE
        case list() | dict():
            items = value.values() if isinstance(value, dict) else value
            return len(value) * len(", ") <= LONGEST_VALUE and all(map(_may_be_short, items))
        case EmbeddedJson():
            return _may_be_short(value.document)
        case _:
            return True


def say_secret(value: Sensitive) -> str:
    """The words for a value that is hidden."""
    return "(sensitive)" if value.why is Why.MARK else value.words


def say_both(before: Value, after: Value) -> tuple[Cell, Cell]:
    """Both values, each of them empty if it is too long; of two long strings what differs, if that is short."""
    whole = say_value(before), say_value(after)
    if not (isinstance(before, str) and isinstance(after, str)):
        return whole
    if all(whole) and len(before) + len(after) <= LONGEST_VALUE:
        return whole
    start, end = _around_hidden(before, after, *shared_ends(before, after))
    words = max(before.rfind(letter, 0, start) for letter in _SEPARATORS) + 1
    kept = before[len(before) - end :]
    rest = min((place for letter in _SEPARATORS if (place := kept.find(letter)) >= 0), default=end)
    in_words = _say_part(before, words, end - rest), _say_part(after, words, end - rest)
    if all(in_words):
        return in_words
    return whole if all(whole) else (_say_part(before, start, end), _say_part(after, start, end))


def _around_hidden(before: str, after: str, start: int, end: int) -> tuple[int, int]:
    """The ends that both share, without a part of the words for what is hidden: their number says nothing."""
    for text in (before, after):
        for word in WORD.finditer(text):
            if word.start() < start < word.end():
                start = word.start()
            if word.start() < len(text) - end < word.end():
                end = len(text) - word.end()
    return start, end


def _say_part(text: str, start: int, end: int) -> Cell:
    part = text[start : len(text) - end]
    if len(part) > LONGEST_PART:
        return EMPTY
    before, after = ("…" if start else ""), ("…" if end else "")
    return say_text(f'"{before}{quote(part)[1:-1]}{after}"', Cut(characters=start + end))
