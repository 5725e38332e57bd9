"""The elements of lists and documents in a row: what comes and what goes, each with its sign, and short values."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from tfc_plan_comment.plan.difference import Added, Difference, Form, Moved, Nested, Part, Removed
from tfc_plan_comment.plan.element_names import DENIED
from tfc_plan_comment.plan.knowledge.telling import SOURCES
from tfc_plan_comment.plan.noise import says_nothing
from tfc_plan_comment.plan.secrets.places import VALUE_KEYS
from tfc_plan_comment.plan.values import Value
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, count_more, join, say, say_name, say_text
from tfc_plan_comment.report.lines.fate import CHANGED, Fate, say_fate
from tfc_plan_comment.report.lines.hcl import inline
from tfc_plan_comment.report.lines.line import Cut, Limits
from tfc_plan_comment.report.lines.path import path_to, write_name, write_ordinal
from tfc_plan_comment.report.lines.ranking import Rank, rank
from tfc_plan_comment.report.lines.short_value import LONGEST_VALUE, say_both, say_value

MOST_ELEMENTS = 3

ROOM = 92
"""Characters of the elements of one attribute."""

LONGEST_PATH = 36
"""A longer path in a document begins behind the last element of a list on it."""

PLUS, MINUS = say("+ "), say("− ")

_SayIt = Callable[[], Fate]

_ACTION = "Action"
"""The key of a policy's statement whose values speak for themselves: hashicorp/aws, aws_iam_policy."""

_WORDS = {Added: "added", Removed: "removed", Moved: "moved"}


def say_list(nested: Nested) -> Fate:
    """The elements of a list that come, go and move; what changes inside of those that stay is told beside it."""
    whole = [part for part in nested.parts if isinstance(part.difference, Added | Removed | Moved)]
    parts = [part for part in whole if not says_nothing(part, in_list=True)] or whole
    if not parts:
        return Fate.of(CHANGED)
    counts = say(": ") + join(_count(parts), ", ")
    if line := _say_on_one_line(nested, parts):
        return Fate(line, counts)
    parts.sort(key=lambda part: list(_WORDS).index(type(part.difference)))
    has_many = len(parts) > MOST_ELEMENTS
    most = MOST_ELEMENTS - 1 if has_many else MOST_ELEMENTS
    named = [_say_element(part) for part in parts[:most]]
    if not all(named) and not nested.unchanged and len({type(part.difference) for part in nested.parts}) == 1:
        return Fate.of(say(f" {_WORDS[type(parts[0].difference)]}"))
    if not all(named) or (has_many and isinstance(parts[0].difference, Moved)):
        return Fate.of(counts)
    return Fate(say(": ") + join((*named, *_count(parts[most:], more=" more")), ", "), counts)


def _count(parts: Sequence[Part], more: str = "") -> Iterator[Cell]:
    for kind, word in _WORDS.items():
        if count := sum(isinstance(part.difference, kind) for part in parts):
            yield say(f"{count:,}{more} {word}", Cut(names=count))


def _say_on_one_line(nested: Nested, parts: Sequence[Part]) -> Cell:
    """Both lists, where it matters what stands where, or where each has one element; or an element for another."""
    if nested.whole:
        return _say_sides(nested.whole.before, nested.whole.after)
    if [type(part.difference) for part in parts] not in ([Removed, Added], [Added, Removed]) or len(nested.parts) > 2:
        return EMPTY
    (before,) = (part.difference.before for part in parts if isinstance(part.difference, Removed))
    (after,) = (part.difference.after for part in parts if isinstance(part.difference, Added))
    if isinstance(before, dict | list) or isinstance(after, dict | list):
        return EMPTY
    if not nested.unchanged and (line := _say_sides([before], [after])):
        return line
    old, new = say_both(before, after)
    return say(": ") + PLUS + new + say(", ") + MINUS + old if old and new else EMPTY


def _say_sides(before: Value, after: Value) -> Cell:
    old, new = say_value(before), say_value(after)
    return say(" ") + old + say(" → ") + new if old and new else EMPTY


def _say_element(part: Part) -> Cell:
    """The element with its sign; nothing for one that has no name, and is too long to stand for itself."""
    match part.difference:
        case Added(value):
            return _sign(PLUS, _name_element(part, value))
        case Removed(value):
            return _sign(MINUS, _name_element(part, value))
        case Moved(value) as moved:
            name = _name_element(part, value)
            return name + say(f" moved{_say_places(moved)}") if name else EMPTY
        case _:
            return EMPTY


def _sign(sign: Cell, name: Cell) -> Cell:
    return sign + name if name else EMPTY


def _say_places(moved: Moved) -> str:
    before, after = moved.before.position, moved.after.position
    return f" from {write_ordinal(before)} to {write_ordinal(after)}" if before != after else ""


def _name_element(part: Part, value: Value) -> Cell:
    if named := part.name.label or write_name(part.name):
        return say_name(named) + _say_sources(value)
    return EMPTY if isinstance(value, dict) else say_value(value)


def _say_sources(value: Value) -> Cell:
    """For a rule, whom it lets in or keeps out."""
    if not isinstance(value, dict):
        return EMPTY
    found: list[str] = []
    for name, item in value.items():
        if SOURCES.find("", name):
            each = item if isinstance(item, list) else [item]
            found += [text if isinstance(text, str) else inline(text, Limits()).text for text in each if text]
    said = ", ".join(found)
    return say(" ") + say_text(f"({said})") if said and len(said) <= LONGEST_VALUE else EMPTY


def say_document(nested: Nested) -> Fate:
    """The parts of a document that change, come and go, the most telling first."""
    found = sorted(_find_in_document(nested, "", "", is_list=nested.form is Form.LIST), key=lambda each: each[0])
    if not found:
        return Fate.of(CHANGED)
    said, used = list[Cell](), 0
    for _, say_it in found[:MOST_ELEMENTS]:
        fate = say_it()
        cell = next((each for each in (fate.full, fate.short) if used + each.length <= ROOM), None)
        if said and cell is None:
            break
        said.append(cell or fate.short)
        used += said[-1].length + len(", ")
    more = count_more(len(found) - len(said))
    return Fate(say(": ") + join((*said, *filter(None, [more])), ", "), CHANGED)


def _find_in_document(
    nested: Nested, path: str, tail: str, *, is_list: bool, label: str = ""
) -> Iterator[tuple[Rank, _SayIt]]:
    """The differences in it, each with its rank and the way to say it: there may be thousands, and three are said.

    `tail` is the path behind the last element of a list, `label` the name of the element, if this is one: so is called
    what stands beside it under `value`.
    """
    for part in nested.parts:
        name, short = path_to(part, path), "" if is_list else path_to(part, tail)
        if label and part.step in VALUE_KEYS:
            short = label
        inner, of_element = part.difference, (part.name.label or "") if is_list else ""
        if part.context == DENIED and isinstance(inner, Nested):
            denied = _find_in_document(inner, name, short, is_list=inner.form is Form.LIST, label=of_element)
            yield from ((found, partial(_say_denied, say_it)) for found, say_it in denied)
            continue
        match inner:
            case Nested(parts=(_, *_)):
                is_inner_list = inner.form is Form.LIST
                yield from _find_in_document(inner, name, short, is_list=is_inner_list, label=of_element)
            case Added(value):
                yield rank(part), partial(_say_sign, PLUS, part, value, tail if is_list else short, is_list=is_list)
            case Removed(value):
                yield rank(part), partial(_say_sign, MINUS, part, value, tail if is_list else short, is_list=is_list)
            case _:
                yield rank(part), partial(_say_at, name if len(name) <= LONGEST_PATH or not short else short, inner)


def _say_denied(say_it: _SayIt) -> Fate:
    """What is to be said of something in a statement that forbids."""
    fate = say_it()
    return Fate(fate.full + say(" (Deny)"), fate.short + say(" (Deny)"))


def _say_at(path: str, difference: Difference) -> Fate:
    fate = say_fate(difference)
    return Fate(say_name(path) + fate.full, say_name(path) + fate.short)


def _say_sign(sign: Cell, part: Part, value: Value, tail: str, *, is_list: bool) -> Fate:
    """A key or an element that comes or goes: its name, and its value where that is short."""
    if is_list and (named := write_name(part.name)):
        effect = value.get("Effect") if isinstance(value, dict) else None
        return Fate.of(sign + say_name(f"{tail}[{named}]") + say(f" ({effect})" if effect in {"Allow", DENIED} else ""))
    inner = ""
    while not is_list and isinstance(value, dict) and len(value) == 1:
        ((inner, value),) = value.items()
    shown = EMPTY if inner else say_value(value)
    if not tail or (is_list and tail == _ACTION and shown):
        return Fate.of(sign + (shown or say("an element")))
    name = sign + say_name(tail) + (say(" ") + say_name(inner) if inner else EMPTY)
    return Fate(name + say(" ") + shown, name) if shown else Fate.of(name)
