"""What a change changes, in a table cell: the attributes' names, and a short value where there is just one."""

from collections.abc import Iterator

from markupsafe import Markup

from tfc_plan_comment.plan.diff import Added, Changed, ChangedText, Difference, Form, Nested, Part, Removed
from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.plan.values import Sensitive, Value
from tfc_plan_comment.report.diff_lines import path_to
from tfc_plan_comment.report.hcl import Limits, inline
from tfc_plan_comment.report.markdown import code, text

MOST_NAMES = 3
LONGEST_VALUE = 24
LONGEST_NAME = 60


def changed_names(diff: ResourceDiff) -> Markup:
    """The cell; what forces a replacement is bold."""
    shown = [_part(part, alone=len(diff.parts) == 1) for part in diff.parts[:MOST_NAMES]]
    more = len(diff.parts) - len(shown)
    if not diff.parts:
        counted = diff.known_after_apply or diff.back_to_unset or diff.still_empty
        shown = [code(name, limit=LONGEST_NAME) for name in counted[:MOST_NAMES]]
        more = len(counted) - len(shown)
    return Markup(", ".join(shown) + (f", {more} more" if more else ""))  # noqa: S704 - each name went through `code`


def _part(part: Part, *, alone: bool) -> str:
    name = code(str(part.step), limit=LONGEST_NAME)
    name = f"**{name}**" if part.forces_replacement else name
    inner = list(_paths(part.difference, ""))
    if inner == [""]:
        return name + _value(part.difference, alone=alone)
    if (
        len(inner) == 1
        and not part.forces_replacement
        and not (isinstance(part.difference, Nested) and part.difference.is_json)
    ):
        return code(next(_paths(part.difference, str(part.step))), limit=LONGEST_NAME)
    if inner:
        named = ", ".join(code(path, limit=LONGEST_NAME) for path in inner[:MOST_NAMES])
        more = f", {len(inner) - MOST_NAMES} more" if len(inner) > MOST_NAMES else ""
        return f"{name}: {named}{more}"
    return name


def _value(difference: Difference, *, alone: bool) -> str:
    match difference:
        case Changed(Sensitive(), _) | Changed(_, Sensitive()) | Added(Sensitive()) | Removed(Sensitive()):
            return " (sensitive)"
        case ChangedText(diff=diff):
            return f": {diff.only}" if diff.only else f": {diff.changed} line{'' if diff.changed == 1 else 's'}"
        case Changed(before, after) if alone:
            old, new = _short(before), _short(after)
            return f" {old} → {new}" if old and new else ""
        case _:
            return ""


def _short(value: Value) -> str | None:
    written = inline(value, Limits())
    return text(written) if len(written) <= LONGEST_VALUE else None


def _paths(difference: Difference, prefix: str) -> Iterator[str]:
    """The paths of what differs inside, down to where names would no longer help."""
    if not isinstance(difference, Nested) or _has_whole_elements(difference):
        yield prefix
        return
    for part in difference.parts:
        yield from _paths(part.difference, path_to(part, prefix))


def _has_whole_elements(nested: Nested) -> bool:
    """Whether elements of a list come or go: they have no names."""
    return nested.form is Form.LIST and any(isinstance(part.difference, Added | Removed) for part in nested.parts)
