"""Changes that differ in a few values only become one diff, which says at the place of each value what it is in which.

    ! engine_version = "16.3" -> "16.4"
      # allocated_storage of each:
    !   ["eu"] = 20 -> 40
    !   ["us"] = 80 -> 160

They must change the same attributes of resources of one type; objects that come or go must be instances of one
resource. No value is left out.
"""

from collections.abc import Hashable, Iterator, Sequence
from itertools import groupby

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.report.groups.instance_keys import drop_keys, explain, find_shared, find_type, put_keys, split_key
from tfc_plan_comment.report.lines.attributes import Told
from tfc_plan_comment.report.lines.cell import wording
from tfc_plan_comment.report.lines.line import Line
from tfc_plan_comment.report.model import Row
from tfc_plan_comment.report.unseen import visible

MOST_PATHS = 4
"""With more attributes that vary, each change is read faster by itself."""

LONGEST_NAME = 40
"""Equals signs stand one below the other as long as the names in front of them are not longer than this."""


class Candidate(msgspec.Struct, frozen=True):
    """A change with the lines of its diff, and with the same lines before anything long was cut."""

    row: Row
    shown: tuple[Line, ...]
    whole: tuple[Line, ...]


def frame(row: Row, lines: Sequence[Line]) -> Hashable:
    """The key of changes that may be put together: action and words, the resource, and the lines but for the values."""
    kind = find_type(row.address) if row.action.facts.is_update else drop_keys(row.address)
    about = [(phrase.words, bool(phrase.origin), phrase.after) for phrase in row.about]
    places = [(line.marker, line.indent, line.path) if line.path else line for line in lines]
    return row.action, row.label, wording(row.why), row.notices, row.remarks, tuple(about), kind, tuple(places)


def merge(alike: Sequence[Candidate]) -> Told | None:
    """One diff for all of these, which share their frame; none where nothing varies, or too much."""
    first = alike[0]
    names = _tell_apart([each.row.address for each in alike])
    varying = _find_varying(alike)
    lines = list(_tell_origins([each.row for each in alike], names))
    if not (varying or lines) or len({_path(first.whole[place]) for place in varying}) > MOST_PATHS:
        return None
    is_same = [len({each.whole[place] for each in alike}) == 1 for place in range(len(first.whole))]
    keyed = put_keys(first.row.address, first.shown, shared=find_shared(each.row.address for each in alike))
    used: set[str] = set()
    for path, run in groupby(range(len(first.whole)), lambda place: _path(first.whole[place])):
        places = list(run)
        if path and not varying.isdisjoint(places):
            lines.append(Line(f"# {path[1]} of each:", indent=path[0]))
            is_first = not any(line.addresses for line in lines)
            lines += [
                replace(_name_value(each.shown[place], name), addresses=int(is_first and place == places[0]))
                for name, each in zip(names, alike, strict=True)
                for place in places
            ]
            continue
        for place in places:
            lines.append(first.shown[place] if is_same[place] else keyed.lines[place])
            used |= frozenset() if is_same[place] else keyed.used[place]
    explained = explain(first.row.address, used)
    return Told((*lines, *explained.lines), explained.remarks)


def _path(line: Line) -> tuple[int, str] | None:
    """The place of a value; None for a line that is none."""
    return (line.indent, line.path) if line.path else None


def _name_value(line: Line, name: Line) -> Line:
    return replace(name, marker=line.marker, indent=line.indent + 2, text=line.text, cut=line.cut)


def _find_varying(alike: Sequence[Candidate]) -> set[int]:
    """The numbers of the lines that are not the same in all, not even but for the keys."""
    shared = find_shared(each.row.address for each in alike)
    keyed = [put_keys(each.row.address, each.whole, shared=shared) for each in alike]
    keys_tell = len({each.all_used for each in keyed}) > 1
    return {
        place
        for place in range(len(alike[0].whole))
        if len({each.whole[place] for each in alike}) > 1
        and (keys_tell or len({each.lines[place] for each in keyed}) > 1)
    }


def _tell_origins(rows: Sequence[Row], names: Sequence[Line]) -> Iterator[Line]:
    """The origin of each of them, if they come from different places."""
    if len({row.about for row in rows}) > 1:
        words = [phrase.words for phrase in rows[0].about if phrase.origin]
        yield Line(f"# {visible(', '.join(words))} from")
        for row, name in zip(rows, names, strict=True):
            origins = ", ".join(phrase.origin for phrase in row.about if phrase.origin)
            yield Line(f"#   {name.path:<{name.width}}: {visible(origins)}", addresses=1)


def _tell_apart(addresses: Sequence[str]) -> list[Line]:
    """A line for each instance that is yet without a value, by what tells it apart: its key, else its address."""
    split = [split_key(address) for address in addresses]
    is_one_resource = len({resource for resource, _ in split}) == 1 and all(key for _, key in split)
    names = [visible(key) for _, key in split] if is_one_resource else [visible(address) for address in addresses]
    width = max(map(len, names))
    return [Line("", path=name, width=width if width <= LONGEST_NAME else 0) for name in names]
