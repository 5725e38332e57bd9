"""The cell of a change: the attributes' names, and a short value where there is just one."""

import re
from collections.abc import Iterator

from tfc_plan_comment.plan.diff import Added, Changed, ChangedText, Difference, Form, Nested, Part, Removed
from tfc_plan_comment.plan.knowledge.identity import RESOURCES
from tfc_plan_comment.plan.noise import says_nothing
from tfc_plan_comment.plan.pairing import name_element
from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.plan.values import EQUAL, Sensitive, Value
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, count_more, join, say, say_name, say_text
from tfc_plan_comment.report.lines.difference import path_to
from tfc_plan_comment.report.lines.hcl import inline
from tfc_plan_comment.report.lines.line import Cut, Limits

MOST_NAMES = 3
LONGEST_VALUE = 24
LONGEST_IDENTIFIER = 40


def name_changes(diff: ResourceDiff) -> Cell:
    """The names of what changes; what forces a replacement is bold."""
    counted = diff.known_after_apply or diff.back_to_unset or diff.still_empty
    if diff.parts:
        shown = [_name_part(part, alone=len(diff.parts) == 1) for part in diff.parts[:MOST_NAMES]]
        more = len(diff.parts) - MOST_NAMES
    else:
        shown = [say_name(name) for name in counted[:MOST_NAMES]]
        more = len(counted) - MOST_NAMES
    # A comma stands between the names inside of an attribute, too.
    separator = "; " if any(each.has(", ") for each in shown) else ", "
    return join(shown, separator) + count_more(more, separator)


def identify(diff: ResourceDiff, address: str) -> Cell:
    """By what people know the object that comes or goes, such as its name; nothing if its address says it already."""
    values = {part.step: part.difference for part in diff.parts}
    said = _letters(address)
    for name in (rule.attribute for rule in RESOURCES.of(diff.resource_type)):
        match values.get(name):
            case Added(str(value)) | Removed(str(value)) if value and _letters(value) not in said:
                missing = len(value) - LONGEST_IDENTIFIER
                shown = inline(value[:LONGEST_IDENTIFIER], Limits()).text
                text = say_text(f"{shown}…", Cut(characters=missing)) if missing > 0 else say_text(shown)
                return say_name(name) + say(" ") + text
            case _:
                continue
    return EMPTY


def _letters(value: str) -> str:
    return re.sub(r"[\W_]+", "", value).casefold()


def _name_part(part: Part, *, alone: bool) -> Cell:
    name = say_name(str(part.step), bold=part.forces_replacement)
    inner = list(_find_inside(part.difference, ""))
    if len(inner) == 1:
        path, difference = inner[0]
        is_json = isinstance(part.difference, Nested) and part.difference.is_json
        if not path:
            return name + (_say_word(difference, nested=False) or _say_value(difference, alone=alone))
        if not (part.forces_replacement or is_json):
            path, difference = next(_find_inside(part.difference, path_to(part)))
            return say_name(path) + (_say_word(difference, nested=True) or _say_value(difference, alone=alone))
    named = (say_name(path) + _say_word(difference, nested=True) for path, difference in inner[:MOST_NAMES])
    return name + say(": ") + join(named, ", ") + count_more(len(inner) - MOST_NAMES, ", ")


_SECRET = (" (sensitive)", f" {EQUAL}")


def _say_word(difference: Difference, *, nested: bool) -> Cell:
    """The word for its fate, where its name does not say that it changes: a key comes or goes, a secret is a secret."""
    match difference:
        case Changed(Sensitive(old), Sensitive(new, is_marked, may_differ=False)) if old == new:
            return say(" marked as sensitive" if is_marked else " no longer marked as sensitive")
        case Changed(Sensitive() as value, _) | Changed(_, Sensitive() as value):
            return say(_SECRET[value.by_equality])
        case Added(value) | Removed(value):
            word = " added" if isinstance(difference, Added) else " removed"
            secret = _SECRET[value.by_equality] if isinstance(value, Sensitive) else ""
            return say(f"{word}{secret}" if nested else secret)
        case _:
            return EMPTY


def _say_value(difference: Difference, *, alone: bool) -> Cell:
    match difference:
        case ChangedText(diff=diff):
            return say(f": {diff.only}" if diff.only else f": {diff.changed} line{'' if diff.changed == 1 else 's'}")
        case Changed(before, after) if alone:
            old, new = _say_short(before), _say_short(after)
            return say(" ") + old + say(" → ") + new if old and new else EMPTY
        case Nested(form=Form.LIST, parts=parts) if alone:
            telling = [part for part in parts if not says_nothing(part, in_list=True)]
            return say(": ") + _say_elements(telling) if telling else EMPTY
        case _:
            return EMPTY


def _say_elements(parts: list[Part]) -> Cell:
    """The words for the elements of a list: the first few by name, more of them counted."""
    words = {Added: "added", Removed: "removed"}
    done = [words.get(type(part.difference), "changed") for part in parts]
    named = [_name_element(part) for part in parts[:MOST_NAMES]]
    if len(parts) <= MOST_NAMES and all(named):
        return join((name + say(f" {word}") for name, word in zip(named, done, strict=True)), ", ")
    counts = ", ".join(f"{done.count(word)} {word}" for word in ("added", "removed", "changed") if word in done)
    return say(counts, Cut(names=len(parts)))


def _name_element(part: Part) -> Cell:
    match part.difference:
        case Added(dict() as value) | Removed(dict() as value):
            named = name_element(value)
            return say_name(named) if named else EMPTY
        case Added(value) | Removed(value):
            return _say_short(value)
        case _:
            return say_name(part.label) if part.label else EMPTY


def _say_short(value: Value) -> Cell:
    """The value, unless it is too long for a cell."""
    written = inline(value, Limits()).text
    return say_text(written) if len(written) <= LONGEST_VALUE else EMPTY


def _find_inside(difference: Difference, prefix: str) -> Iterator[tuple[str, Difference]]:
    """The differences inside with their paths, down to where names would no longer help."""
    if not isinstance(difference, Nested) or not difference.parts or _has_whole_elements(difference):
        yield prefix, difference
        return
    for part in difference.parts:
        yield from _find_inside(part.difference, path_to(part, prefix))


def _has_whole_elements(nested: Nested) -> bool:
    """True if elements of a list come or go: they have no names."""
    return nested.form is Form.LIST and any(isinstance(part.difference, Added | Removed) for part in nested.parts)
