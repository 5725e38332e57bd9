"""Changes that are alike become one: the same diff on three hundred instances is read once.

Two changes are alike when their diffs are the same line by line, but for the count of what is unchanged, and but for
the key of the instance: where the key `eu-west-1` stands in a value, the diff says `{key}`. Since each instance's key
is in its address, nothing is lost. Where a diff is cut, what is not shown must be the same as well.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from posixpath import commonprefix

from markupsafe import Markup

from tfc_plan_comment.report.hcl import WIDTH
from tfc_plan_comment.report.markdown import Inert, visible
from tfc_plan_comment.report.view import ChangeView

FEWEST = 3
"""Fewer changes than this are not worth putting together."""

DESTRUCTIVE = frozenset({"delete", "replace", "unknown"})
FEWEST_DESTRUCTIVE = 10
"""A row for each object that is destroyed is worth more; with this many, seeing what they share is."""

SHORT_LIST = 3
"""So many lines of addresses stand in the diff itself."""

SHORTEST_KEY = 3
"""A shorter part of a key is found in values by chance."""

_KEYS = re.compile(r'\["((?:[^"\\]|\\.)*)"\]')
_INSTANCE = re.compile(r'(.*)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])', re.DOTALL)
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
    groups: dict[_Shape, list[int]] = {}
    shapes = [_shape(view) for view in views]
    common = Counter(shapes)
    for position, (shape, view) in enumerate(zip(shapes, views, strict=True)):
        if common[shape] >= FEWEST and (lines := whole(position)):
            shapes[position] = replace(shape, whole=_digest(lines, view.address))
    for position, shape in enumerate(shapes):
        groups.setdefault(shape, []).append(position)
    for position, (shape, view) in enumerate(zip(shapes, views, strict=True)):
        positions = groups[shape]
        if len(positions) < (FEWEST_DESTRUCTIVE if view.action in DESTRUCTIVE else FEWEST):
            yield Alike(view, (position,))
        elif position == positions[0]:
            yield Alike(_one(shape, [views[each] for each in positions]), tuple(positions))


def _shape(view: ChangeView) -> _Shape:
    lines = _counted_apart(view.diff or "")
    placeholders = _placeholders(view.address)
    if not placeholders or any("{key" in line for line in (*lines, view.about)):
        return _Shape(view.action, view.label, view.about, tuple(lines), frozenset())
    keys = re.compile("|".join(map(re.escape, placeholders)))
    used: set[str] = set()

    def placeholder(match: re.Match[str]) -> str:
        used.add(placeholders[match[0]])
        return placeholders[match[0]]

    about, *lines = [keys.sub(placeholder, line) for line in (view.about, *lines)]
    return _Shape(view.action, view.label, about, tuple(lines), frozenset(used))


def _digest(whole: str, address: str) -> str:
    """What tells apart the diffs of which not every line is shown."""
    lines = "\n".join(_counted_apart(whole))
    placeholders = {} if "{key" in lines else _placeholders(address)
    if placeholders:
        lines = re.sub("|".join(map(re.escape, placeholders)), lambda match: placeholders[match[0]], lines)
    return sha256(lines.encode(errors="surrogatepass")).hexdigest()


def _counted_apart(diff: str) -> list[str]:
    """The lines without the count of what is unchanged."""
    return [line for line in diff.split("\n") if not _UNCHANGED.fullmatch(line)]


def _placeholders(address: str) -> dict[str, str]:
    """What stands in for the keys in an address, and for the parts of the last one; the longest first."""
    keys = _KEYS.findall(address)
    if not keys:
        return {}
    named = {key: "{key}" if len(keys) == 1 else f"{{key {number}}}" for number, key in enumerate(keys, 1)}
    parts = re.split(r"[^A-Za-z0-9_-]+", keys[-1])
    named = {part: f"{{key part {number}}}" for number, part in enumerate(parts, 1) if len(parts) > 1} | named
    return {key: named[key] for key in sorted(named, key=lambda key: (-len(key), key)) if len(key) >= SHORTEST_KEY}


def _one(shape: _Shape, alike: list[ChangeView]) -> ChangeView:
    first, *others = alike
    addresses = tuple(view.address for view in others)
    listed = list(_listed([first.address, *addresses]))
    is_short = len(listed) <= SHORT_LIST
    in_diff = ["  # the same for:", *listed] if is_short else []
    return replace(
        first,
        alike=addresses,
        same_for="" if is_short else "\n".join(listed),
        about=shape.about,
        what_changes=_shared([view.what_changes for view in alike]),
        diff="\n".join([*shape.lines, *_example(shape, first), *in_diff]),
        open=any(view.open for view in alike),
        holds_data=any(view.holds_data for view in alike),
    )


def _example(shape: _Shape, first: ChangeView) -> Iterator[str]:
    for part, placeholder in sorted(_placeholders(first.address).items(), key=lambda item: item[1]):
        if placeholder in shape.placeholders:
            yield f"  # {placeholder} is {visible(part)} in the first of them"


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
        match = _INSTANCE.fullmatch(address)
        shown = match[2] if match and match[1] == base else address
        base = match[1] if match else ""
        shown = visible(shown)
        if line and (len(line) + len(shown) > WIDTH or not shown.startswith("[")):
            yield line
            line = ""
        line = f"{line} {shown}" if line else f"  {'  ' if shown.startswith('[') else ''}{shown}"
    if line:
        yield line
