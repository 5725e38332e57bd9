"""The words of a row behind its subject: by what name people know it, why, what changes, and what deserves a look."""

from collections.abc import Iterable

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.attention import Notice
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, join, say, say_text
from tfc_plan_comment.report.model import Row

MOST_NAMED = 2
"""At most this many of the objects in one row are named; the names of all stand in the diff."""


def say_row(row: Row, *, with_details: bool) -> Cell:
    """The words behind the subject, with the punctuation in front of them; empty if there is nothing to say.

    Of an update that deserves a look they are the facts alone where its details stand below.
    """
    facts = say_notices(row.notices, short=True)
    about = [phrase.cell for phrase in row.about]
    match row.action:
        case Action.REPLACE:
            return _behind(", ", [row.cell, row.why, *about, facts], "; ")
        case Action.READ:
            return _behind(" ", [row.why, *about, facts], "; ")
        case Action.UPDATE | Action.UNKNOWN:
            changes = EMPTY if row.deserves_a_look and with_details else row.cell
            told = [facts, changes] if row.deserves_a_look else [changes, facts]
            return _behind(": ", [*told, row.why, *about], "; ")
        case Action.IMPORT:
            return _behind(": ", [*about, say("nothing changes")], ", ")
        case Action.MOVE:
            return _behind(": ", [*about, say(_only_addresses(row.count))], ", ")
        case _:
            return _behind(": ", [name_some(row), row.why, *about, facts], ", ")


def name_some(row: Row) -> Cell:
    """The names of the first objects, and the number of the others; one name that all of them have stands once."""
    if len(row.names) == row.count > 1 and len(set(row.names)) == 1:
        return say("each ") + row.names[0]
    named = row.names[:MOST_NAMED] if row.count > MOST_NAMED + 1 else row.names[: MOST_NAMED + 1]
    more = row.count - len(named)
    return join(named, ", ") + say(f" and {more:,} more") if named and more else join(named, ", ")


def say_notices(notices: Iterable[Notice], *, short: bool = False) -> Cell:
    """The facts of one change, one after the other."""
    return join((_say(notice, short=short) for notice in notices), ", " if short else "; ")


def _say(notice: Notice, *, short: bool) -> Cell:
    said = EMPTY
    for words, value in notice.pieces(short=short):
        said += say(words) + (say_text(value) if value is not None else EMPTY)
    return said


def _only_addresses(count: int) -> str:
    return "only its address changes" if count == 1 else "only their addresses change"


def _behind(mark: str, cells: list[Cell], separator: str) -> Cell:
    said = join(filter(None, cells), separator)
    return say(mark) + said if said else EMPTY
