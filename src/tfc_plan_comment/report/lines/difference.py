"""A difference as lines: what changes, at its path, and what kind of change it is; `#` lines say the rest."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.plan.difference import (
    Added,
    Changed,
    ChangedText,
    Form,
    Moved,
    Nested,
    Part,
    Place,
    Removed,
    forces_inside,
)
from tfc_plan_comment.plan.element_names import DENIED
from tfc_plan_comment.plan.noise import says_nothing
from tfc_plan_comment.plan.values import Value
from tfc_plan_comment.report.lines.changed_secrets import secrets_in, tell_apart
from tfc_plan_comment.report.lines.changed_value import note, pair_lines, tell_changed
from tfc_plan_comment.report.lines.hcl import assign, begin, inline, name_key, quote
from tfc_plan_comment.report.lines.line import NARROW, WIDTH, Cut, Line, Pen, Shown
from tfc_plan_comment.report.lines.path import path_to, path_to_key, write_name, write_ordinal
from tfc_plan_comment.report.lines.text import tell_text

FLAT = 2
"""At most this many parts are written with their whole path in front; more of them stand below it."""

FORCES, ALSO = "# forces replacement:", "# also:"
"""The headings above what forces a replacement, and above what else changes below it."""


def tell_parts(parts: Sequence[Part], tell: Callable[[Part], Iterable[Line]], pen: Pen) -> Iterator[Line]:
    """The lines of all parts in their order, with headings where some of them force a replacement."""
    if not pen.names_cause:
        yield from chain.from_iterable(map(tell, parts))
        return
    heading = ""
    for part in parts:
        lines = list(tell(part))
        if not part.forces_replacement and forces_inside(part):
            if lines[:1] == [pen.line(heading)]:
                del lines[0]
            heading = ([heading] + [line.text for line in lines if line.text in (FORCES, ALSO)])[-1]
        elif lines:
            wanted = FORCES if part.forces_replacement else ALSO if heading and not _only_remarks(lines) else heading
            if wanted != heading:
                yield pen.line(wanted)
            heading = wanted
        yield from lines


def _only_remarks(lines: Iterable[Line]) -> bool:
    return all(line.text.startswith("#") and not line.path for line in lines)


def tell_part(part: Part, path: str, pen: Pen) -> Iterator[Line]:
    """The lines for one part at its path."""
    match part.difference:
        case Added(after):
            yield from _tell_whole(path, after, pen.marking("+"))
        case Removed(before):
            yield from _tell_whole(path, before, pen.marking("-"))
        case Changed():
            yield from tell_changed(path, part.difference, pen)
        case ChangedText():
            yield from tell_text(path, part.difference, pen)
        case Nested():
            stem = name_key(part.step) if isinstance(part.step, str) else path
            yield from _write_layout(_choose_layout(path, stem, part, part.difference, pen), pen)


def _tell_whole(path: str, value: Value, pen: Pen) -> Iterator[Line]:
    """What comes or goes; what is alone in several objects below their path, where a phone shows no line with both."""
    lines = list(assign(path, value, pen))
    where = path
    while isinstance(value, dict) and len(value) == 1:
        ((key, inner),) = value.items()
        if isinstance(inner, dict):
            where, value = path_to_key(key, where), inner
            continue
        if where != path and max(len(str(line)) for line in lines) > NARROW:
            lines = [pen.line(where), *assign(name_key(key), inner, pen.below())]
        break
    yield from lines


def _tell_element(part: Part, value: Value, place: Place | None, pen: Pen) -> Iterator[Line]:
    """A whole element of a list; in front of one that takes several lines stands its name."""
    first, *others = assign("", value, pen)
    named = write_name(part.name) if others else ""
    about = f"   # {_write_place(place)}" if place else ""
    yield replace(first, text=(f"{named} " if named else "") + first.text + about)
    yield from others


def _tell_moved(part: Part, moved: Moved, pen: Pen) -> Line:
    """The name of an element that moves, else the element itself, and both of its places."""
    named = write_name(part.name)
    shown = Shown(named) if named else inline(moved.value, pen.limits)
    if len(shown.text) > pen.limits.names and not named:
        shown = begin(moved.value, pen.limits.names)
    return pen.line(f"{shown.text}   # {_write_move(moved)}", cut=shown.cut)


def _write_move(moved: Moved) -> str:
    before, after = moved.before, moved.after
    if before.position == after.position:  # others went past it on both sides
        return f"still {_write_place(after)}, while others move"
    start = write_ordinal(before.position) if before.length == after.length else _write_place(before)
    return f"moved from {start} to {_write_place(after)}"


def _write_place(place: Place) -> str:
    return f"{write_ordinal(place.position)} of {place.length:,}"


class _Flat(msgspec.Struct, frozen=True):
    """Each part with its whole path in front."""

    path: str
    parts: list[Part]


class _Block(msgspec.Struct, frozen=True, kw_only=True):
    """A line with the path, and notes and parts below it; `silent` are those that say nothing, and are only named.

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
    notes: tuple[str, ...]


def _choose_layout(path: str, stem: str, part: Part, nested: Nested, pen: Pen) -> tuple[Line, ...] | _Flat | _Block:
    """The layout in which the differences inside of a value read best: on a line or two, flat, or in a block."""
    about = " (JSON)" if nested.is_json else ""
    block = _sort_out(f"{path}{about}", stem, part, nested, in_json=pen.in_json)
    if not nested.parts:
        return (*note(nested.note, pen), pen.marking("!").line(f"{path}{about}"))
    if not block.parts and not (about or nested.note or part.forces_replacement):
        return (pen.line(f"# empty: {', '.join(_paths_in(block.silent, path))}"),)
    if lines := _on_one_line(path, nested, about, pen):
        return lines
    is_plain = not (about or block.notes or block.silent) and len(block.parts) <= FLAT
    comes_or_goes = any(isinstance(part.difference, Added | Removed | Moved) for part in nested.parts)
    return _Flat(path, block.parts) if is_plain and not (block.is_list and comes_or_goes) else block


def _sort_out(head: str, stem: str, part: Part, nested: Nested, *, in_json: bool) -> _Block:
    """The parts as a block, with those apart that say nothing."""
    is_list = nested.form is Form.LIST
    parts: list[Part] = []
    silent: list[Part] = []
    for inner in nested.parts:
        is_silent = not (in_json or nested.is_json) and says_nothing(inner, in_list=is_list)
        (silent if is_silent else parts).append(inner)
    if nested.form is Form.OBJECT and not in_json:
        parts.sort(key=lambda part: not forces_inside(part))
    unchanged = nested.unchanged if is_list else 0
    if is_list and parts:  # then an element that is only empty otherwise is not worth a line
        silent, unchanged = [], unchanged + len(silent)
    return _Block(
        head=head,
        stem=stem if is_list else "",
        parts=parts,
        silent=silent,
        unchanged=unchanged,
        order=nested.order,
        is_list=is_list,
        is_json=nested.is_json,
        notes=tuple(filter(None, (nested.note, _say_context(part.context)))),
    )


def _say_context(context: str | None) -> str | None:
    return quote(context) if context and context != DENIED else context


def _write_layout(layout: tuple[Line, ...] | _Flat | _Block, pen: Pen) -> Iterator[Line]:
    match layout:
        case tuple():
            yield from layout
        case _Flat():
            yield from tell_parts(layout.parts, lambda part: tell_part(part, path_to(part, layout.path), pen), pen)
        case _Block():
            yield from _write_block(layout, pen)


def _write_block(block: _Block, pen: Pen) -> Iterator[Line]:
    yield pen.line(block.head)
    below = (pen.reading_json() if block.is_json else pen).below()
    gone = secrets_in([part.difference.before for part in block.parts if isinstance(part.difference, Removed)])
    for words in block.notes:
        yield from note(words, below)
    moves = accumulate(isinstance(part.difference, Moved) for part in block.parts)
    told = [
        part
        for part, moved in zip(block.parts, moves, strict=True)
        if moved <= pen.limits.lines or not isinstance(part.difference, Moved)
    ]
    yield from tell_parts(told, lambda part: _tell_below(part, block, below, gone), below)
    if untold := len(block.parts) - len(told):
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


def _on_one_line(path: str, nested: Nested, about: str, pen: Pen) -> tuple[Line, ...]:
    """A list of plain values that is short and keeps nothing, or in which it matters what stands where."""
    if not (values := _plain_values(nested)):
        return ()
    before, after = values
    old, new = inline(before, pen.limits), inline(tell_apart(after, secrets_in(before)), pen.limits)
    *others, last = pair_lines(path, old, new, pen) or [None]
    return (*filter(None, others), replace(last, text=last.text + about)) if last else ()
