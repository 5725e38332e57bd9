"""Changes that are alike become one: the same diff on three hundred instances is read once.

Two changes are alike when their diffs are the same line by line, but for the count of what is unchanged, and but for
the key of the instance: where the key `eu-west-1` stands in a value, the diff says `{key}`. Since each instance's key
is in its address, nothing is lost. Where a diff is cut, what is not shown must be the same as well; only what is hidden
or described, a secret or a certificate, may be another one in each.

Of those that are not alike, some change the same attributes, and to different values in a few of them only: they
become one as well, which says what varies.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from posixpath import commonprefix

from markupsafe import Markup

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.report.hcl import WIDTH
from tfc_plan_comment.report.instance_keys import Keyed, example, keyed, resource_and_key, type_of
from tfc_plan_comment.report.markdown import Inert, text, visible
from tfc_plan_comment.report.varying import Candidate, frame, lines_of_all, said
from tfc_plan_comment.report.view import ChangeView

FEWEST = 3
"""Fewer changes than this are not worth putting together."""

FEWEST_GONE = 10
"""A row for each object that goes is worth more; with this many, seeing what they share is."""

SHORT_LIST = 3
"""So many lines of addresses stand in the diff itself."""

OPEN_LINES = 40
"""A diff that says what varies stands open if it has no more lines."""

_UNCHANGED = re.compile(r"  # \d+ unchanged")


@dataclass(frozen=True, slots=True)
class _Shape:
    """What alike changes share; `placeholders` are those that stand in it, lest a value passes for one.

    `whole` is a digest of the lines before they were cut, and empty where nothing was cut.
    """

    action: Action
    label: str
    type: str
    about: str
    lines: tuple[str, ...]
    placeholders: frozenset[str]
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """One view for all the changes at these positions."""

    view: ChangeView
    positions: tuple[int, ...]


def are_enough(count: int, action: Action) -> bool:
    """Whether so many changes are worth putting together."""
    return count >= (FEWEST_GONE if action.facts.loss else FEWEST)


def together(views: Sequence[Alike], whole: Callable[[int], str] = lambda _: "") -> Iterator[Alike]:
    """All of them in their order, each group of alike ones at the place of its first; some are groups already.

    `whole` gives the lines of the diff at a position before they were cut, or nothing if they were not. It is asked
    only for those whose shown lines are alike.
    """
    whole = cache(whole)
    groups = list(_same(views, whole))
    grouped = {position for group in groups for position in group.positions}
    left = [each for each in views if each.positions[0] not in grouped]
    groups += _varying([each for each in left if len(each.positions) == 1], whole)
    grouped.update(position for group in groups for position in group.positions)
    groups += [each for each in left if each.positions[0] not in grouped]
    return iter(sorted(groups, key=lambda group: group.positions[0]))


def _same(views: Sequence[Alike], whole: Callable[[int], str]) -> Iterator[Alike]:
    """Those whose diffs are the same."""
    shapes = [_shape(each) for each in views]
    common = Counter(shapes)
    groups: dict[_Shape, list[Alike]] = {}
    for shape, each in zip(shapes, views, strict=True):
        if common[shape] > 1 and (lines := whole(each.positions[0])):
            shape = replace(shape, whole=_digest(lines, each))  # noqa: PLW2901 (the same, told apart further)
        groups.setdefault(shape, []).append(each)
    for shape, alike in groups.items():
        positions = tuple(position for each in alike for position in each.positions)
        if are_enough(len(positions), alike[0].view.action):
            yield Alike(_one(shape, [each.view for each in alike]), positions)


def _varying(views: Sequence[Alike], whole: Callable[[int], str]) -> Iterator[Alike]:
    """Those that differ in a few values only."""
    shown = [_counted_apart(each.view.diff or "") for each in views]
    for similar in _by_frame(views, dict(enumerate(shown))):
        uncut = {}
        for number in similar:
            lines = _counted_apart(whole(views[number].positions[0]) or views[number].view.diff or "")
            if len(lines) == len(shown[number]):
                uncut[number] = lines
        for numbers in _by_frame(views, uncut):
            alike = [Candidate(views[number].view, shown[number], uncut[number]) for number in numbers]
            if of_all := lines_of_all(alike):
                positions = tuple(views[number].positions[0] for number in numbers)
                yield Alike(_differing(of_all, [each.view for each in alike]), positions)


def _by_frame(views: Sequence[Alike], lines: Mapping[int, Sequence[str]]) -> list[list[int]]:
    """The numbers of those that may differ in values only, where they are enough."""
    frames: dict[tuple[str, ...], list[int]] = {}
    for number, these in lines.items():
        frames.setdefault(frame(views[number].view, these), []).append(number)
    return [numbers for numbers in frames.values() if are_enough(len(numbers), views[numbers[0]].view.action)]


def _shape(one: Alike) -> _Shape:
    view = one.view
    (about, *lines), used = _keyed(one, [view.about, *_counted_apart(view.diff or "")])
    # What only tags change in need not be of one type: it is the same change of all.
    type_ = "" if view.noise else type_of(view.address)
    return _Shape(view.action, view.label, type_, about, tuple(lines), used)


def _keyed(one: Alike, lines: Sequence[str]) -> Keyed:
    """The lines with placeholders for the keys; what is the same in several instances has nothing to do with them."""
    return keyed(one.view.address, lines) if len(one.positions) == 1 else Keyed(tuple(lines), frozenset())


def _digest(whole: str, one: Alike) -> str:
    """What tells apart the diffs of which not every line is shown."""
    lines = _keyed(one, _counted_apart(whole)).lines
    return sha256("\n".join(lines).encode(errors="surrogatepass")).hexdigest()


def _counted_apart(diff: str) -> tuple[str, ...]:
    """The lines without the count of what is unchanged."""
    return tuple(line for line in diff.split("\n") if not _UNCHANGED.fullmatch(line))


def _one(shape: _Shape, alike: Sequence[ChangeView]) -> ChangeView:
    """The view of changes whose diffs are the same."""
    addresses = list(_listed([address for view in alike for address in (view.address, *view.alike)]))
    is_short = len(addresses) <= SHORT_LIST
    in_diff = ["  # the same for:", *addresses] if is_short else []
    return replace(
        _for_all(alike),
        same_for="" if is_short else "\n".join(addresses),
        about=shape.about,
        diff="\n".join([*shape.lines, *example(alike[0].address, shape.placeholders), *in_diff]),
    )


def _differing(lines: Sequence[str], alike: Sequence[ChangeView]) -> ChangeView:
    """The view of changes that differ in a few values; the lines name each of them."""
    view = _for_all(alike)
    about = view.about if len({each.about for each in alike}) == 1 else said(view)
    cell = view.what_changes or Inert(text(about))
    if cell and len({each.what_changes for each in alike}) > 1:
        cell = Inert(f"{cell}: differs")
    return replace(
        view, about=about, what_changes=cell, diff="\n".join(lines), open=view.open and len(lines) <= OPEN_LINES
    )


def _for_all(alike: Sequence[ChangeView]) -> ChangeView:
    """The first of them, with what is true of all."""
    return replace(
        alike[0],
        alike=(*alike[0].alike, *(address for view in alike[1:] for address in (view.address, *view.alike))),
        what_changes=_shared([view.what_changes for view in alike]),
        types=len({type_of(address) for view in alike for address in (view.address, *view.alike)}),
        open=any(view.open for view in alike),
        holds_data=any(view.holds_data for view in alike),
    )


def _shared(cells: list[Markup]) -> Markup:
    """What the cells of the table begin with in common, up to the last whole name."""
    if len(set(cells)) == 1:
        return cells[0]
    names, end, _ = str(commonprefix(cells)).rpartition("</code>")
    shared = names + end
    return Inert(shared + "**" * (shared.count("**") % 2))


def _listed(addresses: list[str]) -> Iterator[str]:
    """The addresses, as many on a line as fit; instances of one resource by their keys alone."""
    base = line = ""
    for address in addresses:
        resource, key = resource_and_key(address)
        shown = visible(key if key and resource == base else address)
        base = resource if key else ""
        if line and (len(line) + len(shown) > WIDTH or not shown.startswith("[")):
            yield line
            line = ""
        line = f"{line} {shown}" if line else f"  {'  ' if shown.startswith('[') else ''}{shown}"
    if line:
        yield line
