"""A difference as lines: what changes, at its path, and what kind of change it is; `#` lines count the rest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tfc_plan_comment.plan.difference import Added, Changed, ChangedText, Form, Moved, Nested, Part, Place, Removed
from tfc_plan_comment.plan.noise import says_nothing
from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.plan.text_diff import TextLine
from tfc_plan_comment.plan.values import UNKNOWN, Base64Text, Sensitive, Value
from tfc_plan_comment.report.lines.changed_secrets import secrets_in, tell_apart
from tfc_plan_comment.report.lines.hcl import assign, begin, behind_gutter, inline, name_key, quote
from tfc_plan_comment.report.lines.line import (
    WHOLE,
    WIDTH,
    Cut,
    Limits,
    Line,
    Pen,
    Shown,
    aligned,
    more_lines,
)
from tfc_plan_comment.report.lines.path import path_to, write_name, write_ordinal
from tfc_plan_comment.report.unseen import visible

LONG_LINE = 30
"""In a shorter line the eye finds what changed by itself."""

FLAT = 2
"""At most this many parts are written with their whole path in front; more of them stand below it."""

FORCES = "   # forces replacement"


def tell_attributes(diff: ResourceDiff, limits: Limits) -> Iterator[Line]:
    """The lines for the attributes of one object."""
    pen = Pen(limits)
    parts = [list(tell_part(part, path_to(part), pen)) for part in diff.parts]
    yield from _align(parts, [str(part.step) for part in diff.parts])
    for repeated, other in diff.repeated:
        yield pen.line(f"# {repeated}: the same as {other}")
    yield from _count("known after apply", diff.known_after_apply, pen)
    yield from _count("empty", diff.still_empty, pen)
    if diff.unchanged:
        yield Line(f"# {len(diff.unchanged)} unchanged", is_unchanged_count=True)


def _count(what: str, names: tuple[str, ...], pen: Pen) -> Iterator[Line]:
    if not names:
        return
    text = f"# {what}: {visible(names[0])}"
    named = 1
    while named < len(names) and len(text) + len(names[named]) < pen.limits.names - len(" and 100 more"):
        text += f", {visible(names[named])}"
        named += 1
    more = len(names) - named
    yield pen.line(f"{text} and {more} more", cut=Cut(names=more)) if more else pen.line(text)


def _align(parts: list[list[Line]], names: Iterable[str]) -> Iterator[Line]:
    """The lines of all parts; where all of them come, or all go, their equals signs stand one below the other."""
    markers = {line.marker for lines in parts for line in lines}
    if len(markers) == 1 and not markers & {"!", " "}:
        return aligned(parts, names, room=WIDTH - len("+ "))
    return (line for lines in parts for line in lines)


def tell_part(part: Part, path: str, pen: Pen) -> Iterator[Line]:
    """The lines for one part at its path."""
    forces = FORCES if part.forces_replacement else ""
    match part.difference:
        case Added(after):
            yield from _tell_whole(path, after, forces, pen.marking("+"))
        case Removed(before):
            yield from _tell_whole(path, before, forces, pen.marking("-"))
        case Changed():
            yield from _tell_changed(path, part.difference, forces, pen)
        case ChangedText():
            yield from _tell_text(path, part.difference, forces, pen)
        case Nested():
            stem = name_key(part.step) if isinstance(part.step, str) else path
            yield from _write_layout(_choose_layout(path, stem, part.difference, forces, pen), pen)


def _tell_whole(path: str, value: Value, forces: str, pen: Pen) -> Iterator[Line]:
    first, *others = assign(path, value, pen)
    yield replace(first, text=first.text + forces) if forces else first
    yield from others


def _tell_element(part: Part, value: Value, place: Place | None, pen: Pen) -> Iterator[Line]:
    """A whole element of a list; in front of one that takes several lines stands its name."""
    first, *others = assign("", value, pen)
    named = write_name(part.name) if others else ""
    about = (FORCES if part.forces_replacement else "") + (f"   # {_write_place(place)}" if place else "")
    yield replace(first, text=(f"{named} " if named else "") + first.text + about)
    yield from others


def _tell_moved(part: Part, moved: Moved, pen: Pen) -> Line:
    """The name of an element that moves, else the element itself, and both of its places."""
    named = write_name(part.name)
    shown = Shown(named) if named else inline(moved.value, pen.limits)
    if len(shown.text) > pen.limits.names and not named:
        shown = begin(moved.value, pen.limits.names)
    forces = FORCES if part.forces_replacement else ""
    return pen.line(f"{shown.text}{forces}   # {_write_move(moved)}", cut=shown.cut)


def _write_move(moved: Moved) -> str:
    before, after = moved.before, moved.after
    if before.position == after.position:  # others went past it on both sides
        return f"still {_write_place(after)}, while others move"
    start = write_ordinal(before.position) if before.length == after.length else _write_place(before)
    return f"moved from {start} to {_write_place(after)}"


def _write_place(place: Place) -> str:
    return f"{write_ordinal(place.position)} of {place.length:,}"


def _say_hidden(before: Sensitive, after: Sensitive, *, is_noted: bool) -> str:
    if before.by_equality and after.by_equality:
        return before.words if is_noted else f"{before.words} -> (hidden: equals another sensitive value)"
    return "(sensitive value)" if is_noted else "(sensitive value, changed)"


def _tell_changed(path: str, change: Changed, forces: str, pen: Pen) -> Iterator[Line]:
    note = f"{forces}   # {change.note}" if change.note else forces
    if isinstance(change.before, Sensitive) and isinstance(change.after, Sensitive):
        yield pen.marking("!").line(
            f"{_say_hidden(change.before, change.after, is_noted=bool(change.note))}{note}", path=path
        )
        return
    will_be = tell_apart(change.after, secrets_in(change.before))
    before, after = _show_both(change.before, will_be, pen.limits)
    goes, comes = pen.marking("-"), pen.marking("+")
    room = WIDTH - len(f"{path} = ")
    if len(before.text) + len(" -> ") + len(after.text) <= room:
        cut = Shown("", before.missing + after.missing).cut
        yield pen.marking("!").line(f"{before.text} -> {after.text}{note}", path=path, cut=cut)
    elif change.note:
        yield pen.marking("!").line(f"{path}{note}")
    elif (
        change.after is UNKNOWN and isinstance(change.before, str | Base64Text) and len(before.text) > pen.limits.names
    ):
        beginning = begin(change.before, room)
        yield goes.line(f"{beginning.text}{forces}", path=path, cut=beginning.cut)
        yield comes.line(after.text, path=path)
    elif isinstance(change.before, str) and isinstance(change.after, str):
        yield goes.line(f"{before.text}{forces}", path=path, cut=before.cut)
        yield comes.line(after.text, path=path, cut=after.cut)
    else:
        yield from _tell_whole(path, change.before, forces, goes)
        yield from _tell_whole(path, will_be, "", comes)


def _show_both(before: Value, after: Value, limits: Limits) -> tuple[Shown, Shown]:
    """Both values on one line each; of two long strings the part that differs, with a little around it."""
    if not (isinstance(before, str) and isinstance(after, str)) or max(len(before), len(after)) <= limits.characters:
        return inline(before, limits), inline(after, limits)
    start = _count_shared(before, after)
    end = _count_shared(before[start:][::-1], after[start:][::-1])
    start, end = max(0, start - 20), max(0, end - 20)
    return _show_middle(before, start, end, limits), _show_middle(after, start, end, limits)


def _count_shared(one: str, other: str) -> int:
    """The length of what two strings begin with in common; found by halving, for strings may be megabytes long."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _show_middle(text: str, start: int, end: int, limits: Limits) -> Shown:
    piece, missing = inline(text[start : len(text) - end], limits)
    return Shown(f"{'…' if start else ''}{piece}{'…' if end else ''}", start + missing + end)


def _tell_text(path: str, change: ChangedText, forces: str, pen: Pen) -> Iterator[Line]:
    diff = change.diff
    if diff.only and not diff.lines:
        yield pen.marking("!").line(f"{path} ({change.what}): {diff.only}{forces}")
        return
    about = f", {diff.only}" if diff.only else f", {diff.changed} of {diff.total} lines"
    about += f", newline at the end {diff.newline}" if diff.newline else ""
    about += ", compared by position" if diff.is_coarse else ""
    yield pen.line(f"{path} ({change.what}{about}){forces}")
    markers = {"same": pen, "added": pen.marking("+"), "removed": pen.marking("-")}
    for number, line in enumerate(diff.lines[: pen.limits.lines]):
        if line.kind == "gap":
            yield pen.line(f"… {line.skipped:,} unchanged")
            continue
        yield behind_gutter(line.text, markers[line.kind])
        if line.kind == "added" and (carets := _point_at_new(diff.lines, number)):
            yield pen.line(f"│ {carets}")
    if (left := len(diff.lines) - pen.limits.lines) > 0:
        yield more_lines(left, pen)


def _point_at_new(lines: tuple[TextLine, ...], number: int) -> str | None:
    """Carets below what of a long line is new, where it stands alone for one that goes and most of it stays."""
    kinds = [lines[place].kind if 0 <= place < len(lines) else "same" for place in range(number - 2, number + 2)]
    if kinds[1] != "removed" or "removed" in (kinds[0], kinds[3]) or kinds[3] == "added":
        return None
    before, after = lines[number - 1].text, lines[number].text
    start = _count_shared(before, after)
    end = _count_shared(before[start:][::-1], after[start:][::-1])
    new = len(after) - start - end
    if not LONG_LINE <= len(after) <= WIDTH or new * 2 > len(after) or visible(after) != after:
        return None
    return " " * start + "^" * max(new, 1)


@dataclass(frozen=True, slots=True)
class _Flat:
    """Each part with its whole path in front."""

    path: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class _Block:
    """A line with the path, and the parts below it; `silent` are those that say nothing, and are only named.

    `stem` is what stands in front of the names of a list's elements, so that none begins with a bracket.
    """

    head: str
    stem: str
    parts: list[Part]
    silent: list[Part]
    unchanged: int
    order: tuple[str, ...]
    is_list: bool
    is_json: bool


def _choose_layout(path: str, stem: str, nested: Nested, forces: str, pen: Pen) -> Line | _Flat | _Block:
    """The layout in which the differences inside of a value read best: on one line, flat, or in a block."""
    note = f"   # {nested.note}" if nested.note else ""
    about = f"{' (JSON)' if nested.is_json else ''}{forces}{note}"
    block = _sort_out(f"{path}{about}", stem, nested, in_json=pen.in_json)
    if not nested.parts:
        return pen.marking("!").line(f"{path}{about}")
    if not block.parts and not about:
        return pen.line(f"# empty: {', '.join(_paths_in(block.silent, path))}")
    if line := _on_one_line(path, nested, about, pen):
        return line
    is_plain = not about and not block.silent and len(block.parts) <= FLAT
    comes_or_goes = any(isinstance(part.difference, Added | Removed | Moved) for part in nested.parts)
    return _Flat(path, block.parts) if is_plain and not (block.is_list and comes_or_goes) else block


def _sort_out(head: str, stem: str, nested: Nested, *, in_json: bool) -> _Block:
    """The parts as a block, with those apart that say nothing."""
    is_list = nested.form is Form.LIST
    parts: list[Part] = []
    silent: list[Part] = []
    for part in nested.parts:
        is_silent = not (in_json or nested.is_json) and says_nothing(part, in_list=is_list)
        (silent if is_silent else parts).append(part)
    unchanged = nested.unchanged if is_list else 0
    if is_list and parts:  # then an element that is only empty otherwise is not worth a line
        silent, unchanged = [], unchanged + len(silent)
    return _Block(head, stem if is_list else "", parts, silent, unchanged, nested.order, is_list, nested.is_json)


def _write_layout(layout: Line | _Flat | _Block, pen: Pen) -> Iterator[Line]:
    match layout:
        case Line():
            yield layout
        case _Flat():
            for part in layout.parts:
                yield from tell_part(part, path_to(part, layout.path), pen)
        case _Block():
            yield from _write_block(layout, pen)


def _write_block(block: _Block, pen: Pen) -> Iterator[Line]:
    yield pen.line(block.head)
    below = (pen.reading_json() if block.is_json else pen).below()
    gone = secrets_in([part.difference.before for part in block.parts if isinstance(part.difference, Removed)])
    moved = 0
    for part in block.parts:
        moved += isinstance(part.difference, Moved)
        if moved <= pen.limits.lines or not isinstance(part.difference, Moved):
            yield from _tell_below(part, block, below, gone)
    if (untold := moved - pen.limits.lines) > 0:
        yield below.line(f"# {untold:,} more moved", cut=Cut(moves=untold))
    order = f"# in this order: {', '.join(map(quote, block.order))}"
    if block.order and len(order) <= WIDTH:
        yield below.line(order)
    if block.silent:
        yield below.line(f"# empty: {', '.join(_paths_in(block.silent, block.stem))}")
    if block.unchanged:
        yield below.line(f"# {block.unchanged} unchanged")


def _tell_below(part: Part, block: _Block, pen: Pen, gone: frozenset[int]) -> Iterator[Line]:
    match part.difference:
        case Added(value, place) if block.is_list:
            yield from _tell_element(part, tell_apart(value, gone), place, pen.marking("+"))
        case Removed(value) if block.is_list:
            yield from _tell_element(part, value, None, pen.marking("-"))
        case Moved() as moved:
            yield _tell_moved(part, moved, pen.marking("!"))
        case _:
            yield from tell_part(part, path_to(part, block.stem), pen)


def _paths_in(parts: Iterable[Part], prefix: str = "") -> Iterator[str]:
    """The paths of all that differs in the parts."""
    for part in parts:
        path = path_to(part, prefix)
        match part.difference:
            case Nested(parts=inner):
                yield from _paths_in(inner, path)
            case _:
                yield path


def _plain_values(nested: Nested) -> tuple[Value, Value] | None:
    """All of a list before and after; None if not all of it is told, or if it has elements that take lines."""
    if nested.whole:
        return nested.whole.before, nested.whole.after
    if nested.unchanged or nested.form is not Form.LIST or nested.note:
        return None
    before: list[Value] = []
    after: list[Value] = []
    for part in nested.parts:
        match part.difference:
            case Removed(value) if not isinstance(value, list | dict):
                before.append(value)
            case Added(value) if not isinstance(value, list | dict):
                after.append(value)
            case _:
                return None
    return before, after


def _on_one_line(path: str, nested: Nested, about: str, pen: Pen) -> Line | None:
    """A list of plain values that is short and keeps nothing, or in which it matters what stands where."""
    if not (values := _plain_values(nested)):
        return None
    before, after = values
    old, new = inline(before, pen.limits), inline(tell_apart(after, secrets_in(before)), pen.limits)
    cut = Shown("", old.missing + new.missing).cut if old.missing or new.missing else WHOLE
    line = pen.marking("!").line(f"{old.text} -> {new.text}", path=path, cut=cut)
    return replace(line, text=line.text + about) if line.length <= WIDTH else None
