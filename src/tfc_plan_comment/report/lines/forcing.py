"""The words for what forces a replacement: the innermost attributes, each at its path, and what becomes of them."""

from collections.abc import Iterable, Iterator, Sequence

from tfc_plan_comment.plan.diff import Added, Changed, Difference, Nested, Part
from tfc_plan_comment.plan.values import UNKNOWN
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, count_more, join, say, say_name
from tfc_plan_comment.report.lines.difference import path_to

MOST_CAUSES = 3


def say_forcing(parts: Iterable[Part]) -> Cell:
    """The reason of a replacement: `because ami changes and subnet_id is known only after apply`; empty without one.

    Of what is only known after apply nobody knows yet whether it changes; mostly it stays.
    """
    forcing = list(_find_forcing(parts, ""))
    # Of an element that goes and one that comes in its place the path is the same.
    known = list(dict.fromkeys(path for path, difference in forcing if not _is_unknown(difference)))
    unknown = list(dict.fromkeys(path for path, difference in forcing if _is_unknown(difference)))
    clauses = filter(
        None, (_say(known, "changes", "change"), _say(unknown, "is known", "are known", " only after apply"))
    )
    said = join(clauses, " and ")
    return say("because ") + said if said else EMPTY


def _find_forcing(parts: Iterable[Part], prefix: str) -> Iterator[tuple[str, Difference]]:
    for part in parts:
        path = path_to(part, prefix)
        nested = part.difference.parts if isinstance(part.difference, Nested) else ()
        inner = list(_find_forcing(nested, path))
        yield from inner or ([(path, part.difference)] if part.forces_replacement else [])


def _is_unknown(difference: Difference) -> bool:
    match difference:
        case Added(after) | Changed(_, after):
            return after is UNKNOWN
        case Nested(parts=(_, *_) as parts):
            return all(_is_unknown(part.difference) for part in parts)
        case _:
            return False


def _say(paths: Sequence[str], of_one: str, of_several: str, rest: str = "") -> Cell:
    if not paths:
        return EMPTY
    names = join(map(say_name, paths[:MOST_CAUSES]), ", ") + count_more(len(paths) - MOST_CAUSES, " and ")
    return names + say(f" {of_one if len(paths) == 1 else of_several}{rest}")
