"""The words for what forces a replacement: the innermost attributes, each at its path, and what becomes of them."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from tfc_plan_comment.plan.difference import Added, Changed, Difference, Form, Nested, Part, Removed, forces_inside
from tfc_plan_comment.plan.values import UNKNOWN, Value
from tfc_plan_comment.report.lines.cell import BECAUSE, EMPTY, Cell, count_more, join, say, say_name
from tfc_plan_comment.report.lines.changed_names import choose, name_part
from tfc_plan_comment.report.lines.fate import CHANGED
from tfc_plan_comment.report.lines.path import path_to

MOST_CAUSES = 3


def say_forcing(parts: Iterable[Part]) -> Cell:
    """The reason of a replacement: `because ami changes and subnet_id is known only after apply`; empty without one.

    Of what is only known after apply nobody knows yet whether it changes; mostly it stays.
    """
    forcing = list(_find_forcing(parts, ""))
    known = [path for path, difference in forcing if not _is_unknown(difference)]
    unknown = [path for path, difference in forcing if _is_unknown(difference)]
    clauses = filter(
        None, (_say(known, "changes", "change"), _say(unknown, "is known", "are known", " only after apply"))
    )
    said = join(clauses, " and ")
    return say(BECAUSE) + said if said else EMPTY


def count_causes(parts: Iterable[Part]) -> int:
    """How many attributes force the replacement, each at its innermost path."""
    return sum(1 for _ in _find_forcing(parts, ""))


def say_cause(parts: Iterable[Part]) -> Cell:
    """The same with the values: `because hash_key "LockID" → "LockKey"`; empty without a reason."""
    forcing = [(part, list(_find_forcing([part], ""))) for part in parts]
    unknown = [path for _, found in forcing if _are_all_unknown(found) for path, _ in found]
    known = [part for part, found in forcing if found and not _are_all_unknown(found)]
    clauses = (_say_values(known), _say(unknown, "is known", "are known", " only after apply"))
    said = join(filter(None, clauses), " and ")
    return say(BECAUSE) + said if said else EMPTY


def _are_all_unknown(found: Sequence[tuple[str, Difference]]) -> bool:
    return bool(found) and all(_is_unknown(difference) for _, difference in found)


def _say_values(parts: Iterable[Part]) -> Cell:
    found = [named for part in parts for named in name_part(part) if named.forces]
    if not found:
        return EMPTY
    # "Because a changes" is a sentence; what stands in a list is "changed", "added" or "removed".
    said = (
        replace(piece, text=" changes") if piece in CHANGED.pieces else piece for piece in choose(found).plain.pieces
    )
    return Cell(tuple(said))


def _find_forcing(parts: Iterable[Part], prefix: str) -> Iterator[tuple[str, Difference]]:
    for part in parts:
        path = path_to(part, prefix)
        nested = part.difference.parts if isinstance(part.difference, Nested) else ()
        inner = [] if _forces_by_elements(part.difference) else list(_find_forcing(nested, path))
        yield from inner or ([(path, part.difference)] if forces_inside(part) else [])


def _forces_by_elements(difference: Difference) -> bool:
    """True if it is a list, and what forces the replacement is that elements of it come or go."""
    return (
        isinstance(difference, Nested)
        and difference.form is Form.LIST
        and any(part.forces_replacement and isinstance(part.difference, Added | Removed) for part in difference.parts)
    )


def _is_unknown(difference: Difference) -> bool:
    match difference:
        case Added(after) | Changed(_, after):
            return after is UNKNOWN
        case Nested(form=Form.LIST, parts=(_, *_) as parts):
            return _are_unknown(parts)
        case Nested(parts=(_, *_) as parts):
            return all(_is_unknown(part.difference) for part in parts)
        case _:
            return False


def _are_unknown(elements: Sequence[Part]) -> bool:
    """True if each element that goes may come again, once what is in it is known."""
    differences = [part.difference for part in elements]
    gone = [each.before for each in differences if isinstance(each, Removed)]
    come = [each.after for each in differences if isinstance(each, Added)]
    others = [each for each in differences if not isinstance(each, Added | Removed)]
    return len(gone) == len(come) and all(map(_may_become, come, gone)) and all(map(_is_unknown, others))


def _may_become(value: Value, known: Value) -> bool:
    """True if the value may turn out to be that one."""
    match value, known:
        case dict(), dict():
            return value.keys() == known.keys() and all(_may_become(value[name], known[name]) for name in value)
        case list(), list():
            return len(value) == len(known) and all(map(_may_become, value, known))
        case _:
            return value is UNKNOWN or value == known


def _say(paths: Sequence[str], of_one: str, of_several: str, rest: str = "") -> Cell:
    if not paths:
        return EMPTY
    names = join(map(say_name, paths[:MOST_CAUSES]), ", ") + count_more(len(paths) - MOST_CAUSES, " and ")
    return names + say(f" {of_one if len(paths) == 1 else of_several}{rest}")
