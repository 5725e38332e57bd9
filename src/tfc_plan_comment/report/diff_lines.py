"""A difference as the lines of a `diff` block: the marker in the first column, then HCL.

`!` marks what changes on one line, `-` and `+` what goes and comes, `#` what is only counted. GitHub colours a line
by its first character only, so whatever a value holds stands further right.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tfc_plan_comment.plan.diff import Added, Changed, ChangedText, Form, Nested, Part, Removed
from tfc_plan_comment.plan.noise import says_nothing
from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.plan.text_diff import TextLine
from tfc_plan_comment.plan.values import UNKNOWN, Sensitive, Value
from tfc_plan_comment.report.changed_secrets import secrets_in, told_apart
from tfc_plan_comment.report.element_names import element_name
from tfc_plan_comment.report.hcl import WIDTH, Limits, assigned, beginning, gutter, inline, name, quoted
from tfc_plan_comment.report.markdown import visible

LONG_LINE = 30
"""In a shorter line the eye finds what changed by itself."""

FORCES = "   # forces replacement"


def resource_lines(diff: ResourceDiff, limits: Limits) -> Iterator[str]:
    """The lines for the attributes of one object."""
    yield from _aligned([list(part_lines(part, path_to(part), limits)) for part in diff.parts])
    for repeated, other in diff.repeated:
        yield f"  # {repeated}: the same as {other}"
    yield from _counted("known after apply", diff.known_after_apply, limits)
    yield from _counted("back to unset", diff.back_to_unset, limits)
    yield from _counted("empty", diff.still_empty, limits)
    if diff.unchanged:
        yield f"  # {len(diff.unchanged)} unchanged"


def _counted(what: str, names: tuple[str, ...], limits: Limits) -> Iterator[str]:
    if not names:
        return
    line = f"# {what}: {visible(names[0])}"
    named = 1
    while named < len(names) and len(line) + len(names[named]) < limits.names - len(" and 100 more"):
        line += f", {visible(names[named])}"
        named += 1
    yield f"  {line}" + (f" and {len(names) - named} more" if named < len(names) else "")


_PLAIN = re.compile(r"([+-] )([A-Za-z0-9_-]+) = ")


def _aligned(parts: list[list[str]]) -> Iterator[str]:
    """The lines of all parts, with the equals signs of what is created or destroyed one below the other, as in HCL."""
    plain = [_PLAIN.match(lines[0]) if len(lines) == 1 else None for lines in parts]
    whole = all(line[0] == parts[0][0][0] != "!" for lines in parts for line in lines)
    width = max((len(match[2]) for match in plain if match), default=0) if whole else 0
    for lines, match in zip(parts, plain, strict=True):
        aligned = f"{match[1]}{match[2]:<{width}} = {lines[0][match.end() :]}" if match else ""
        yield from [aligned] if 0 < len(aligned) <= WIDTH else lines


@dataclass(frozen=True, slots=True)
class _Page:
    """How much is shown, and how far to the right."""

    limits: Limits
    indent: str = ""
    in_json: bool = False

    def line(self, marker: str, text: str) -> str:
        return f"{marker} {self.indent}{text}"

    def inline(self, value: Value) -> str:
        return inline(value, self.limits)


def part_lines(part: Part, label: str, limits: Limits) -> Iterator[str]:
    """The lines for one part. `label` is its path."""
    yield from _part(part, label, _Page(limits))


def _part(part: Part, label: str, page: _Page) -> Iterator[str]:
    forces = FORCES if part.forces_replacement else ""
    match part.difference:
        case Added(after):
            yield from _whole("+", label, after, forces, page)
        case Removed(before):
            yield from _whole("-", label, before, forces, page)
        case Changed():
            yield from _changed(label, part.difference, forces, page)
        case ChangedText():
            yield from _changed_text(label, part.difference, forces, page)
        case Nested():
            yield from _nested(label, part.difference, forces, page)


def path_to(part: Part, prefix: str = "") -> str:
    """The path of a part as it is written: `ingress["22/tcp"]`, `statement[0].action`, `tags["a b"]`."""
    if part.label is not None:
        return f"{prefix}[{quoted(part.label)}]"
    if isinstance(part.step, int):
        return f"{prefix}[{part.step}]"
    key = name(part.step)
    if not prefix:
        return key
    return f"{prefix}[{key}]" if key.startswith('"') else f"{prefix}.{key}"


def _whole(marker: str, label: str, value: Value, forces: str, page: _Page) -> Iterator[str]:
    for number, line in enumerate(assigned(label, value, page.limits)):
        yield page.line(marker, line + (forces if number == 0 else ""))


def _element(marker: str, value: Value, forces: str, page: _Page) -> Iterator[str]:
    """A whole element of a list; in front of one that takes several lines stands what identifies it."""
    first, *others = assigned("", value, page.limits)
    named = element_name(value) if others else None
    yield page.line(marker, (f"[{quoted(named)}] " if named else "") + first + forces)
    for line in others:
        yield page.line(marker, line)


def _changed(label: str, change: Changed, forces: str, page: _Page) -> Iterator[str]:
    note = f"   # {change.note}" if change.note else ""
    assign = f"{label} = " if label else ""
    if isinstance(change.before, Sensitive) and isinstance(change.after, Sensitive):
        changed = "" if change.note else ", changed"
        yield page.line("!", f"{assign}(sensitive value{changed}){forces}{note}")
        return
    will_be = told_apart(change.after, secrets_in(change.before))
    before, after = _apart(change.before, will_be, page.limits)
    line = f"{assign}{before} -> {after}"
    if len(line) <= WIDTH:
        yield page.line("!", f"{line}{forces}{note}")
    elif change.note:
        yield page.line("!", f"{label}{forces}{note}")
    elif change.after is UNKNOWN and len(before) > page.limits.names:
        yield page.line("-", f"{assign}{beginning(change.before, WIDTH - len(assign))}{forces}")
        yield page.line("+", f"{assign}{after}")
    elif isinstance(change.before, str) and isinstance(change.after, str):
        yield page.line("-", f"{assign}{before}{forces}")
        yield page.line("+", f"{assign}{after}")
    else:
        yield from _whole("-", label, change.before, forces, page)
        yield from _whole("+", label, will_be, "", page)


def _apart(before: Value, after: Value, limits: Limits) -> tuple[str, str]:
    """Both values on one line each; of two long strings the part that differs, with a little around it."""
    if not (isinstance(before, str) and isinstance(after, str)) or max(len(before), len(after)) <= limits.characters:
        return inline(before, limits), inline(after, limits)
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    start, end = max(0, start - 20), max(0, end - 20)
    return _cut(before, start, end, limits), _cut(after, start, end, limits)


def _shared(one: str, other: str) -> int:
    """How many characters two strings begin with in common; found by halving, for strings may be megabytes long."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(text: str, start: int, end: int, limits: Limits) -> str:
    piece = inline(text[start : len(text) - end], limits)
    return f"{'…' if start else ''}{piece}{'…' if end else ''}"


def _changed_text(label: str, change: ChangedText, forces: str, page: _Page) -> Iterator[str]:
    diff = change.diff
    if diff.only and not diff.lines:
        yield page.line("!", f"{label} ({change.what}): {diff.only}{forces}")
        return
    about = f", {diff.only}" if diff.only else f", {diff.changed} of {diff.total} lines"
    about += f", newline at the end {diff.newline}" if diff.newline else ""
    about += ", compared by position" if diff.is_coarse else ""
    yield page.line(" ", f"{label} ({change.what}{about}){forces}")
    for number, line in enumerate(diff.lines[: page.limits.lines]):
        match line.kind:
            case "gap":
                yield page.line(" ", f"… {line.skipped:,} unchanged")
            case "same":
                yield page.line(" ", gutter(line.text, page.limits))
            case _:
                yield page.line("+" if line.kind == "added" else "-", gutter(line.text, page.limits))
                if line.kind == "added" and (carets := _carets(diff.lines, number)):
                    yield page.line(" ", f"│ {carets}")
    if len(diff.lines) > page.limits.lines:
        yield page.line(" ", f"… {len(diff.lines) - page.limits.lines:,} more lines")


def _carets(lines: tuple[TextLine, ...], number: int) -> str | None:
    """What of a long line is new, where it stands alone for one that goes and most of it stays."""
    kinds = [lines[place].kind if 0 <= place < len(lines) else "same" for place in range(number - 2, number + 2)]
    if kinds[1] != "removed" or "removed" in (kinds[0], kinds[3]) or kinds[3] == "added":
        return None
    before, after = lines[number - 1].text, lines[number].text
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    new = len(after) - start - end
    if not LONG_LINE <= len(after) <= WIDTH or new * 2 > len(after) or visible(after) != after:
        return None
    return " " * start + "^" * max(new, 1)


FLAT = 2
"""So many parts are written with their whole path in front; more of them stand below it."""


def _nested(label: str, nested: Nested, forces: str, page: _Page) -> Iterator[str]:
    about = f"{' (JSON)' if nested.is_json else ''}{forces}{f'   # {nested.note}' if nested.note else ''}"
    is_list = nested.form is Form.LIST
    whole_elements = is_list and any(isinstance(part.difference, Added | Removed) for part in nested.parts)
    in_json = page.in_json or nested.is_json
    silent = [] if in_json else [part for part in nested.parts if says_nothing(part, in_list=is_list)]
    parts = [part for part in nested.parts if in_json or not says_nothing(part, in_list=is_list)]
    unchanged = nested.unchanged
    if is_list and parts:  # then an element that is only empty otherwise is not worth a line
        silent, unchanged = [], unchanged + len(silent)
    if not nested.parts:
        yield page.line("!", f"{label}{about}")
    elif not parts and not about:
        yield page.line(" ", f"# empty: {', '.join(path for part in silent for path in _paths_in(part, label))}")
    elif line := _short_list(label, nested, page):
        yield page.line("!", f"{line}{about}")
    elif label and not about and not whole_elements and not silent and len(parts) <= FLAT:
        for part in parts:
            yield from _part(part, path_to(part, label), page)
    else:
        yield page.line(" ", f"{label}{about}".strip())
        below = _Page(page.limits, f"{page.indent}  ", in_json)
        gone = secrets_in([part.difference.before for part in parts if isinstance(part.difference, Removed)])
        for part in parts:
            yield from _part_below(part, below, gone, is_list=is_list)
        if silent:
            yield page.line(" ", f"  # empty: {', '.join(path for part in silent for path in _paths_in(part))}")
        if unchanged and is_list:
            yield page.line(" ", f"  # {unchanged} unchanged")


def _part_below(part: Part, page: _Page, gone: frozenset[int], *, is_list: bool) -> Iterator[str]:
    forces = FORCES if part.forces_replacement else ""
    match part.difference:
        case Added(value) if is_list:
            yield from _element("+", told_apart(value, gone), forces, page)
        case Removed(value) if is_list:
            yield from _element("-", value, forces, page)
        case _:
            yield from _part(part, path_to(part), page)


def _paths_in(part: Part, prefix: str = "") -> list[str]:
    """The paths of all that differs in a part."""
    path = path_to(part, prefix)
    match part.difference:
        case Nested(parts=parts):
            return [inner for each in parts for inner in _paths_in(each, path)]
        case _:
            return [path]


def _short_list(label: str, nested: Nested, page: _Page) -> str | None:
    """A list of plain values that is short and keeps nothing, as one line."""
    if nested.unchanged or nested.form is not Form.LIST or not label or nested.note:
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
    line = f"{label} = {page.inline(before)} -> {page.inline(told_apart(after, secrets_in(before)))}"
    return line if len(line) <= WIDTH else None
