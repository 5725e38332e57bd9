"""The cell of a change: the attributes' names, and a short value where there is just one."""

import re
from collections.abc import Iterable, Iterator

from tfc_plan_comment.plan.difference import (
    Added,
    Changed,
    ChangedText,
    Difference,
    Form,
    Moved,
    Nested,
    Part,
    Removed,
    forces_inside,
)
from tfc_plan_comment.plan.knowledge.identity import RESOURCES
from tfc_plan_comment.plan.noise import says_nothing
from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.plan.values import EQUAL, Sensitive, Value, is_empty
from tfc_plan_comment.plan.write_only import WRITTEN, WRITTEN_ANEW
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, Voice, count_more, join, say, say_name, say_text
from tfc_plan_comment.report.lines.hcl import inline, name_key
from tfc_plan_comment.report.lines.line import Cut, Limits
from tfc_plan_comment.report.lines.path import path_to, write_name, write_ordinal

MOST_NAMES = 3
LONGEST_VALUE = 24
LONGEST_IDENTIFIER = 40


def name_changes(diff: ResourceDiff) -> Cell:
    """The names of what changes, the most telling first; what forces a replacement is bold."""
    counted = diff.known_after_apply or diff.still_empty
    parts = [part for part in diff.parts if not says_nothing(part)] or list(diff.parts)
    if parts:
        parts.sort(key=_rank)
        forcing = sum(map(forces_inside, parts))
        shown = [
            _name_part(part, alone=len(parts) == 1 or (forcing == 1 and forces_inside(part)))
            for part in parts[:MOST_NAMES]
        ]
        more = len(parts) - MOST_NAMES
    else:
        shown = [say_name(name) for name in counted[:MOST_NAMES]]
        more = len(counted) - MOST_NAMES
    # A comma stands between the names inside of an attribute, too.
    separator = "; " if any(each.has(", ") for each in shown) else ", "
    return join(_tell_apart(shown), separator) + count_more(more, separator)


def _tell_apart(cells: Iterable[Cell]) -> list[Cell]:
    """The cells; beside one that comes or goes a bare name says that it changes, or the word would be read of both."""
    told = list(cells)
    words = [piece.text for cell in told for piece in cell.pieces if piece.voice is Voice.WORDS]
    if not any(word.startswith((" added", " removed")) for word in words):
        return told
    return [cell + say(" changed") if len(cell.pieces) == 1 else cell for cell in told]


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
    is_list = isinstance(part.difference, Nested) and part.difference.form is Form.LIST
    # The elements of a list stand behind its name, so that no name begins with a bracket.
    stem = name_key(str(part.step)) if is_list else ""
    inner = _rank_inside(part, stem)
    if len(inner) == 1:
        path, leaf = inner[0]
        is_json = isinstance(part.difference, Nested) and part.difference.is_json
        if path == stem:
            name = say_name(str(part.step), bold=forces_inside(part))
            return name + _say_one(leaf.difference, alone=alone, nested=False)
        if not (part.forces_replacement or is_json):
            path, leaf = _rank_inside(part, path_to(part))[0]
            name = say_name(path, bold=forces_inside(leaf))
            return name + _say_one(leaf.difference, alone=alone, nested=True)
    is_bold = is_list and part.forces_replacement
    named = (
        say_name(path, bold=is_bold or forces_inside(leaf)) + _say_fate(leaf.difference, nested=True)
        for path, leaf in inner[:MOST_NAMES]
    )
    return (
        (EMPTY if is_list else name + say(": "))
        + join(_tell_apart(named), ", ")
        + count_more(len(inner) - MOST_NAMES, ", ")
    )


def _rank_inside(part: Part, prefix: str = "") -> list[tuple[str, Part]]:
    """The differences inside with the paths that lead to them, the most telling first, without what says nothing."""
    inside = list(_find_inside(part, prefix))
    telling = [(path, leaf) for path, leaf in inside if not says_nothing(leaf)]
    return sorted(telling or inside, key=lambda each: _rank(each[1]))


def _rank(part: Part) -> int:
    """A sort key: first what forces a replacement, then what changes, what comes, what goes, and what stays empty."""
    match part.difference:
        case _ if forces_inside(part):
            return 0
        case Added():
            return 2
        case Removed():
            return 3
        case Changed(before, after) if is_empty(before) and is_empty(after):
            return 4
        case Nested(form=Form.OBJECT, parts=(_, *_) as parts):
            return min(map(_rank, parts))
        case _:
            return 1


def _say_one(difference: Difference, *, alone: bool, nested: bool) -> Cell:
    """The word for its fate, else its value if that is short, else which way a whole list goes."""
    return (
        _say_word(difference, nested=nested)
        or _say_value(difference, alone=alone)
        or _say_fate(difference, nested=nested)
    )


def _say_fate(difference: Difference, *, nested: bool) -> Cell:
    """The word for its fate, be it that of all elements of a list: a list of blocks that comes was empty before."""
    match difference:
        case Nested(form=Form.LIST, unchanged=0, parts=parts) if len({type(part.difference) for part in parts}) == 1:
            words = {Added: " added", Removed: " removed"}
            return say(words.get(type(parts[0].difference), "")) or _say_word(difference, nested=nested)
        case _:
            return _say_word(difference, nested=nested)


_SECRET = (" (sensitive)", f" {EQUAL}")


def _say_word(difference: Difference, *, nested: bool) -> Cell:
    """The word for its fate, where its name does not say that it changes: a key comes or goes, a secret is a secret."""
    match difference:
        case Changed(Sensitive(old), Sensitive(new, is_marked, may_differ=False)) if old == new:
            return say(" marked as sensitive" if is_marked else " no longer marked as sensitive")
        case Changed(Sensitive(is_marked=was), Sensitive(is_marked=will_be)) if was != will_be:
            return say(f" ({'now' if will_be else 'no longer'} marked as sensitive)")
        case Changed(Sensitive() as value, _) | Changed(_, Sensitive() as value):
            return say(_SECRET[value.by_equality])
        case Added(after) if after in (WRITTEN, WRITTEN_ANEW):  # it is null before, too, whatever was written
            return EMPTY
        case Added(value) | Removed(value):
            word = " added" if isinstance(difference, Added) else " removed"
            secret = _SECRET[value.by_equality] if isinstance(value, Sensitive) else ""
            return say(f"{word}{secret}")
        case Nested(form=Form.LIST, parts=(Part(), *_) as parts) if all(isinstance(p.difference, Moved) for p in parts):
            return say(" reordered") if nested else EMPTY
        case _:
            return EMPTY


def _say_value(difference: Difference, *, alone: bool) -> Cell:
    match difference:
        case ChangedText(diff=diff):
            return say(f": {diff.only}" if diff.only else f": {diff.changed} line{'' if diff.changed == 1 else 's'}")
        case Changed(before, after) if alone:
            old, new = _say_short(before), _say_short(after)
            return say(" ") + old + say(" → ") + new if old and new else EMPTY
        case Nested(whole=Changed(before, after)) if alone and _say_short(before) and _say_short(after):
            return say(" ") + _say_short(before) + say(" → ") + _say_short(after)
        case Nested(form=Form.LIST, parts=parts) if alone:
            telling = [part for part in parts if not says_nothing(part, in_list=True)]
            return say(": ") + _say_elements(telling) if telling else EMPTY
        case _:
            return EMPTY


def _say_elements(parts: list[Part]) -> Cell:
    """The words for the elements of a list: the first few by name, more of them counted."""
    words = {Added: "added", Removed: "removed", Moved: "moved"}
    done = [words.get(type(part.difference), "changed") for part in parts]
    named = [_name_element(part) for part in parts[:MOST_NAMES]]
    if len(parts) <= MOST_NAMES and all(named):
        said = zip(named, done, map(_say_places, parts), strict=True)
        return join((name + say(f" {word}{places}") for name, word, places in said), ", ")
    counts = ", ".join(
        f"{done.count(word)} {word}" for word in ("added", "removed", "changed", "moved") if word in done
    )
    return say(counts, Cut(names=len(parts)))


def _say_places(part: Part) -> str:
    match part.difference:
        case Moved(before=before, after=after) if before.position != after.position:
            return f" from {write_ordinal(before.position)} to {write_ordinal(after.position)}"
        case _:
            return ""


def _name_element(part: Part) -> Cell:
    if named := part.name.label or write_name(part.name):
        return say_name(named)
    match part.difference:
        case Added(value) | Removed(value) | Moved(value) if not isinstance(value, dict):
            return _say_short(value)
        case _:
            return EMPTY


def _say_short(value: Value) -> Cell:
    """The value, unless it is too long for a cell."""
    written = inline(value, Limits()).text
    return say_text(written) if len(written) <= LONGEST_VALUE else EMPTY


def _find_inside(part: Part, prefix: str) -> Iterator[tuple[str, Part]]:
    """The differences inside with their paths, down to where names would no longer help."""
    nested = part.difference
    if not isinstance(nested, Nested) or not nested.parts or _has_whole_elements(nested):
        yield prefix, part
        return
    for inner in nested.parts:
        yield from _find_inside(inner, path_to(inner, prefix))


def _has_whole_elements(nested: Nested) -> bool:
    """True if elements of a list come, go or move: a path leads only to what changes in one."""
    whole = (Added, Removed, Moved)
    return nested.form is Form.LIST and any(isinstance(part.difference, whole) for part in nested.parts)
