"""Changes that are alike become one: the same diff on three hundred instances is read once.

Two changes are alike when their diffs are the same line by line, but for the count of what is unchanged, and but for
the key of the instance: where the key `eu-west-1` stands in a value, the diff says `{key}`. Since each instance's key
is in its address, nothing is lost. Where a diff is cut, what is not shown must be the same as well.

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

from tfc_plan_comment.report.hcl import WIDTH
from tfc_plan_comment.report.instance_keys import example, keyed, resource_and_key
from tfc_plan_comment.report.markdown import Inert, text, visible
from tfc_plan_comment.report.varying import Candidate, frame, lines_of_all, said
from tfc_plan_comment.report.view import ChangeView

FEWEST = 3
"""Fewer changes than this are not worth putting together."""

DESTRUCTIVE = frozenset({"delete", "replace", "unknown"})
FEWEST_DESTRUCTIVE = 10
"""A row for each object that is destroyed is worth more; with this many, seeing what they share is."""

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

    action: str
    label: str
    about: str
    lines: tuple[str, ...]
    placeholders: frozenset[str]
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """One view for all the changes at these positions."""

    view: ChangeView
    positions: tuple[int, ...]


def together(views: Sequence[ChangeView], whole: Callable[[int], str] = lambda _: "") -> Iterator[Alike]:
    """All views in their order, each group of alike ones at the place of its first.

    `whole` gives the lines of the diff at a position before they were cut, or nothing if they were not. It is asked
    only for those whose shown lines are alike.
    """
    whole = cache(whole)
    groups = {group.positions[0]: group for group in _same(views, whole)}
    left = sorted(set(range(len(views))).difference(*(group.positions for group in groups.values())))
    groups |= {group.positions[0]: group for group in _varying(views, left, whole)}
    covered = {position for group in groups.values() for position in group.positions[1:]}
    for position, view in enumerate(views):
        if position not in covered:
            yield groups.get(position) or Alike(view, (position,))


def _are_enough(views: Sequence[ChangeView], positions: Sequence[int]) -> bool:
    return len(positions) >= (FEWEST_DESTRUCTIVE if views[positions[0]].action in DESTRUCTIVE else FEWEST)


def _same(views: Sequence[ChangeView], whole: Callable[[int], str]) -> Iterator[Alike]:
    """Those whose diffs are the same."""
    shapes = [_shape(view) for view in views]
    common = Counter(shapes)
    groups: dict[_Shape, list[int]] = {}
    for position, (shape, view) in enumerate(zip(shapes, views, strict=True)):
        if common[shape] >= FEWEST and (lines := whole(position)):
            shape = replace(shape, whole=_digest(lines, view.address))  # noqa: PLW2901 (the same, told apart further)
        groups.setdefault(shape, []).append(position)
    for shape, positions in groups.items():
        if _are_enough(views, positions):
            yield Alike(_one(shape, [views[each] for each in positions]), tuple(positions))


def _varying(views: Sequence[ChangeView], left: Sequence[int], whole: Callable[[int], str]) -> Iterator[Alike]:
    """Those of what is left that differ in a few values only."""
    shown = {position: _counted_apart(views[position].diff or "") for position in left}
    for similar in _by_frame(views, shown):
        uncut = {position: _counted_apart(whole(position) or views[position].diff or "") for position in similar}
        for positions in _by_frame(
            views, {each: uncut[each] for each in similar if len(uncut[each]) == len(shown[each])}
        ):
            alike = [Candidate(views[each], shown[each], uncut[each]) for each in positions]
            if lines := lines_of_all(alike):
                yield Alike(_differing(lines, [each.view for each in alike]), tuple(positions))


def _by_frame(views: Sequence[ChangeView], lines: Mapping[int, Sequence[str]]) -> list[list[int]]:
    """The positions of those that may differ in values only, where they are enough."""
    frames: dict[tuple[str, ...], list[int]] = {}
    for position, these in lines.items():
        frames.setdefault(frame(views[position], these), []).append(position)
    return [positions for positions in frames.values() if _are_enough(views, positions)]


def _shape(view: ChangeView) -> _Shape:
    (about, *lines), used = keyed(view.address, [view.about, *_counted_apart(view.diff or "")])
    return _Shape(view.action, view.label, about, tuple(lines), used)


def _digest(whole: str, address: str) -> str:
    """What tells apart the diffs of which not every line is shown."""
    lines = keyed(address, _counted_apart(whole)).lines
    return sha256("\n".join(lines).encode(errors="surrogatepass")).hexdigest()


def _counted_apart(diff: str) -> tuple[str, ...]:
    """The lines without the count of what is unchanged."""
    return tuple(line for line in diff.split("\n") if not _UNCHANGED.fullmatch(line))


def _one(shape: _Shape, alike: Sequence[ChangeView]) -> ChangeView:
    """The view of changes whose diffs are the same."""
    addresses = list(_listed([view.address for view in alike]))
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
    is_open = view.open and len(lines) <= OPEN_LINES
    return replace(
        view, about=about, what_changes=view.what_changes or Inert(text(about)), diff="\n".join(lines), open=is_open
    )


def _for_all(alike: Sequence[ChangeView]) -> ChangeView:
    """The first of them, with what is true of all."""
    return replace(
        alike[0],
        alike=tuple(view.address for view in alike[1:]),
        what_changes=_shared([view.what_changes for view in alike]),
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
