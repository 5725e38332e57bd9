"""Changes that differ in a few values only become one diff, which says at the place of each value what it is in which.

    ! engine_version = "16.3" -> "16.4"
      allocated_storage
    !   ["eu"] = 20 -> 40
    !   ["us"] = 80 -> 160

They must change the same attributes of resources of one type; objects that come or go must be instances of one
resource. No value is left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tfc_plan_comment.report.instance_keys import example, keyed, resource_and_key, type_of, without_keys
from tfc_plan_comment.report.markdown import visible
from tfc_plan_comment.report.view import ChangeView

MOST_PATHS = 4
"""With more attributes that vary, each change is read faster by itself."""

LONGEST_NAME = 40
"""Equals signs stand one below the other as long as the names in front of them are not longer than this."""

_ASSIGNED = re.compile(r'([-+! ]) ( *(?:[^\s"#│…=]|"(?:[^"\\]|\\.)*")+) *( = .*)')
"""Marker, path with its indentation, value."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change with the lines of its diff, and with the same lines before anything long was cut."""

    view: ChangeView
    shown: tuple[str, ...]
    whole: tuple[str, ...]


def frame(view: ChangeView, lines: Sequence[str]) -> tuple[str, ...]:
    """What changes must share to be put together: action and words, the resource, and the lines but for the values."""
    kind = type_of(view.address) if view.action.facts.is_update else without_keys(view.address)
    return (view.action, view.label, said(view), kind, *(_place(line) for line in lines))


def said(view: ChangeView) -> str:
    """What is said of the change, but for where it comes from, as an imported or a moved one does."""
    return view.about.partition(" from ")[0]


def lines_of_all(alike: Sequence[Candidate]) -> tuple[str, ...]:
    """The lines of one diff for all of these, which share their frame; none where nothing varies, or too much."""
    first = alike[0]
    names = _names([each.view.address for each in alike])
    varying = _varying(alike)
    lines = list(_origins([each.view for each in alike], names))
    if not (varying or lines) or len({_path(first.whole[place]) for place in varying}) > MOST_PATHS:
        return ()
    same = [len({each.whole[place] for each in alike}) == 1 for place in range(len(first.whole))]
    with_keys = keyed(first.view.address, first.shown)
    for_keys: set[str] = set()
    for path, run in groupby(range(len(first.whole)), lambda place: _path(first.whole[place])):
        places = list(run)
        if varying.isdisjoint(places):
            shared = [first.shown[place] if same[place] else with_keys.lines[place] for place in places]
            for_keys |= {each for each in with_keys.used if any(each in line for line in shared)}
            lines += shared
        else:
            indent = " " * (len(path) - len(path.lstrip()))
            lines.append(f"  {path}")
            lines += [
                f"{each.shown[place][0]}   {indent}{name}{_value(each.shown[place])}"
                for name, each in zip(names, alike, strict=True)
                for place in places
            ]
    return (*lines, *example(first.view.address, frozenset(for_keys)))


def _varying(alike: Sequence[Candidate]) -> set[int]:
    """The numbers of the lines that are not the same in all, not even but for the keys."""
    with_keys = [keyed(each.view.address, each.whole) for each in alike]
    keys_tell = len({each.used for each in with_keys}) > 1
    return {
        place
        for place in range(len(alike[0].whole))
        if len({each.whole[place] for each in alike}) > 1
        and (keys_tell or len({each.lines[place] for each in with_keys}) > 1)
    }


def _origins(views: Sequence[ChangeView], names: Sequence[str]) -> Iterator[str]:
    """Where each of them comes from, if they come from different places."""
    if len({view.about for view in views}) > 1:
        yield f"  # {visible(said(views[0]))} from"
        for view, name in zip(views, names, strict=True):
            yield f"  #   {name}: {visible(view.about.partition(' from ')[2])}"


def _names(addresses: Sequence[str]) -> list[str]:
    """What tells the instances apart: the keys where all are instances of one resource, else their addresses."""
    split = [resource_and_key(address) for address in addresses]
    of_one = len({resource for resource, _ in split}) == 1 and all(key for _, key in split)
    names = [visible(key) for _, key in split] if of_one else [visible(address) for address in addresses]
    width = max(map(len, names))
    return [f"{name:<{width}}" for name in names] if width <= LONGEST_NAME else names


def _place(line: str) -> str:
    """The line without its value, if it has one."""
    match = _ASSIGNED.fullmatch(line)
    return line[: match.start(3)] if match else line


def _path(line: str) -> str:
    match = _ASSIGNED.fullmatch(line)
    return match[2] if match else ""


def _value(line: str) -> str:
    match = _ASSIGNED.fullmatch(line)
    return match[3] if match else ""
