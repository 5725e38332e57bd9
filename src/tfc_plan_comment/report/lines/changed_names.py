"""The changes of an object as they stand in a row: names with values, the most telling first, and the rest counted."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

import msgspec

from tfc_plan_comment.plan.difference import Added, Form, Moved, Nested, Part, Removed, forces_inside
from tfc_plan_comment.plan.noise import says_nothing
from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, count_more, join, say, say_name
from tfc_plan_comment.report.lines.elements import say_document, say_list
from tfc_plan_comment.report.lines.fate import CHANGED, Fate, say_fate
from tfc_plan_comment.report.lines.hcl import name_key
from tfc_plan_comment.report.lines.path import path_to
from tfc_plan_comment.report.lines.ranking import Rank, rank
from tfc_plan_comment.report.lines.remarks import is_beside

MOST_NAMES, MOST_OUTPUTS = 3, 6

ROOM, ROOM_FOR_OUTPUTS = 90, 110
"""Characters of a row's words; the first name and its value stand there in any case."""


class Named(msgspec.Struct, frozen=True):
    """A part at its path, with what becomes of it."""

    rank: Rank
    name: Cell
    say: Callable[[], Fate]
    """Called only for what is named: there may be thousands of others."""

    @property
    def forces(self) -> bool:
        """True if it forces a replacement."""
        return not self.rank[0]


def name_changes(diff: ResourceDiff) -> Cell:
    """The names of what changes with their values; what forces a replacement is bold."""
    if diff.parts:
        parts = _find_telling(diff)
        return choose([named for part in parts for named in name_part(part)])
    if diff.known_after_apply:
        return _list_names("known after apply", diff.known_after_apply)
    return _list_names("empty before and after", diff.still_empty) if diff.still_empty else EMPTY


def name_outputs(parts: Iterable[Part]) -> Cell:
    """The outputs that change, each counted once: of one in which several values change it says only that it does."""
    return choose([_name_output(part) for part in parts], MOST_OUTPUTS, ROOM_FOR_OUTPUTS)


def _name_output(part: Part) -> Named:
    found = list(islice(name_part(part), 2))
    if len(found) == 1:
        return found[0]
    name = str(part.step)
    return Named(rank(part, name), say_name(name_key(name)), lambda: Fate.of(CHANGED))


def _find_telling(diff: ResourceDiff) -> Sequence[Part]:
    """The parts without those that say nothing, if there are others; nor what a remark tells."""
    telling = [part for part in diff.parts if not says_nothing(part)] or diff.parts
    return [part for part in telling if not is_beside(part, diff)]


def _list_names(words: str, names: Sequence[str]) -> Cell:
    shown = (*map(say_name, names[:MOST_NAMES]), count_more(len(names) - MOST_NAMES))
    return say(f"{words}: ") + join(filter(None, shown), ", ")


def choose(found: Sequence[Named], most: int = MOST_NAMES, room: int = ROOM) -> Cell:
    """As many of them as there is room for, the most telling first; the rest is counted."""
    said, used = list[Cell](), 0
    for named in sorted(found, key=lambda each: each.rank)[:most]:
        fate = named.say()
        full, short = named.name + fate.full, named.name + fate.short
        cell = full if not said or used + full.length <= room else short
        if said and used + cell.length > room:
            break
        said.append(cell)
        used += cell.length + len(", ")
    # A comma stands between the elements of an attribute, too.
    separator = "; " if any(each.has(", ") for each in said) else ", "
    return join(said, separator) + count_more(len(found) - len(said), separator)


def name_part(part: Part, path: str = "", attribute: str = "", *, forces: bool = False) -> Iterator[Named]:
    """What changes in it, each at its path."""
    path, attribute = path or path_to(part), attribute or str(part.step)
    forces, nested = forces or part.forces_replacement, part.difference
    if not isinstance(nested, Nested) or not nested.parts:
        yield Named(rank(part, attribute, forces=forces), say_name(path, bold=forces), partial(say_fate, nested))
        return
    if nested.is_json:
        forces = forces or forces_inside(part)
        yield Named(rank(part, attribute, forces=forces), say_name(path, bold=forces), partial(say_document, nested))
        return
    is_list = nested.form is Form.LIST
    whole = [inner for inner in nested.parts if is_list and isinstance(inner.difference, _WHOLE)]
    if whole:
        forcing = forces or any(map(forces_inside, whole))
        yield Named(rank(part, attribute, forces=forcing), say_name(path, bold=forcing), partial(say_list, nested))
    for inner in _find_inside(nested):
        yield from name_part(inner, path_to(inner, path), attribute, forces=forces)


_WHOLE = Added | Removed | Moved
"""Elements of a list of which all comes, goes or moves: they are told together."""


def _find_inside(nested: Nested) -> list[Part]:
    """The parts of which not all comes or goes, without those that say nothing if there is anything else."""
    is_list = nested.form is Form.LIST
    left = [part for part in nested.parts if not (is_list and isinstance(part.difference, _WHOLE))]
    telling = [part for part in left if not says_nothing(part, in_list=is_list)]
    return telling if telling or len(left) < len(nested.parts) else left
