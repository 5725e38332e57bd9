"""A value that becomes another one, as lines: on one line where a phone shows all of it, else one below the other.

One that nobody knows yet is no value to compare with: it stands behind the old one as long as a wide line has room.
"""

from collections.abc import Iterator

from tfc_plan_comment.plan.difference import Changed
from tfc_plan_comment.plan.values import UNKNOWN, Base64Text, Described, Sensitive, Value, Why
from tfc_plan_comment.report.lines.changed_secrets import secrets_in, tell_apart
from tfc_plan_comment.report.lines.hcl import assign, begin, inline
from tfc_plan_comment.report.lines.line import NARROW, WIDTH, Limits, Line, Pen, Shown
from tfc_plan_comment.report.lines.shared_ends import shared_ends
from tfc_plan_comment.report.unseen import visible

UNKNOWN_BEHIND = WIDTH + len(f" -> {UNKNOWN.value}")
"""Characters of a line on which an old value stands that is no wider than a line may be."""


def tell_changed(path: str, change: Changed, pen: Pen) -> Iterator[Line]:
    """The value before and after; what there is to say of them stands on a line above."""
    changes = pen.marking("!")
    match change.before, change.after:
        case Sensitive() as before, Sensitive() as after:
            yield from note(change.note, pen)
            yield changes.line(_say_hidden(before, after, is_noted=bool(change.note)), path=path)
        case Described() as before, Described() as after if before.kind == after.kind:
            yield from note(change.note, pen)
            said = f"(another {after.kind})" if before != after else inline(after, pen.limits).text
            yield changes.line(said, path=path)
        case _:
            yield from note(change.note, pen)
            yield from _tell_both(path, change, pen)


def note(words: str | None, pen: Pen) -> Iterator[Line]:
    """A remark on a line of its own."""
    if words:
        yield pen.line(f"# {visible(words)}")


_OTHER = {Why.EQUAL: "(hidden: equals another sensitive value)", Why.LOOKS: "(hidden: looks like another secret)"}


def _say_hidden(before: Sensitive, after: Sensitive, *, is_noted: bool) -> str:
    if before.why is Why.MARK or after.why is Why.MARK:
        return "(sensitive value)" if is_noted else "(sensitive value, changed)"
    if is_noted:
        return before.words
    if before.why is after.why:
        return f"{before.words} -> {_OTHER[after.why]}"
    return f"{before.words} -> {after.words}"


def _tell_both(path: str, change: Changed, pen: Pen) -> Iterator[Line]:
    will_be = tell_apart(change.after, secrets_in(change.before))
    before, after = _show_both(change.before, will_be, pen.limits)
    goes, comes = pen.marking("-"), pen.marking("+")
    room = WIDTH - len(f"{path} = ")
    if lines := pair_lines(path, before, after, pen, most=UNKNOWN_BEHIND if change.after is UNKNOWN else NARROW):
        yield from lines
    elif change.note:
        yield pen.marking("!").line(path)
    elif (
        change.after is UNKNOWN and isinstance(change.before, str | Base64Text) and len(before.text) > pen.limits.names
    ):
        beginning = begin(change.before, room)
        yield goes.line(beginning.text, path=path, cut=beginning.cut)
        yield comes.line(after.text, path=path)
    elif isinstance(change.before, str) and isinstance(change.after, str):
        yield goes.line(before.text, path=path, cut=before.cut)
        yield comes.line(after.text, path=path, cut=after.cut)
    else:
        yield from assign(path, change.before, goes)
        yield from assign(path, will_be, comes)


def pair_lines(path: str, before: Shown, after: Shown, pen: Pen, *, most: int = NARROW) -> tuple[Line, ...]:
    """Both on one line of at most `most` characters, else each on its own; none if they are wider than a wide line."""
    width = len(f"! {' ' * pen.indent}{path} = ")
    both = f"{before.text} -> {after.text}"
    if width + len(both) <= most:
        return (pen.marking("!").line(both, path=path, cut=Shown("", before.missing + after.missing).cut),)
    if len(f"{path} = {both}") > WIDTH:
        return ()
    goes = pen.marking("-").line(before.text, path=path, cut=before.cut)
    return goes, pen.marking("+").line(after.text, path=path, cut=after.cut)


def _show_both(before: Value, after: Value, limits: Limits) -> tuple[Shown, Shown]:
    """Both values on one line each; of two long strings the part that differs, with a little around it."""
    if not (isinstance(before, str) and isinstance(after, str)) or max(len(before), len(after)) <= limits.characters:
        return inline(before, limits), inline(after, limits)
    start, end = (max(0, shared - 20) for shared in shared_ends(before, after))
    return _show_middle(before, start, end, limits), _show_middle(after, start, end, limits)


def _show_middle(text: str, start: int, end: int, limits: Limits) -> Shown:
    piece, missing = inline(text[start : len(text) - end], limits)
    return Shown(f"{'…' if start else ''}{piece}{'…' if end else ''}", start + missing + end)
