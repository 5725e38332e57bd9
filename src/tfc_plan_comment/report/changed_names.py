"""What a change changes, in a table cell: the attributes' names, and a short value where there is just one."""

import re
from collections.abc import Iterator

from tfc_plan_comment.plan.diff import Added, Changed, ChangedText, Difference, Form, Nested, Part, Removed
from tfc_plan_comment.plan.noise import says_nothing
from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.plan.values import Sensitive, Value
from tfc_plan_comment.report.diff_lines import path_to
from tfc_plan_comment.report.element_names import element_name
from tfc_plan_comment.report.hcl import Limits, inline
from tfc_plan_comment.report.markdown import Inert, code, text

MOST_NAMES = 3
LONGEST_VALUE = 24
LONGEST_NAME = 60
LONGEST_IDENTIFIER = 40

IDENTIFIERS = (
    "name",
    "identifier",
    "cluster_identifier",
    "bucket",
    "function_name",
    "alarm_name",
    "domain_name",
    "cidr_block",
    "account_id",
    "zone_name",
    "key",
)
"""The attributes by which people know an object, the best first."""


def changed_names(diff: ResourceDiff) -> Inert:
    """The cell; what forces a replacement is bold."""
    shown = [_part(part, alone=len(diff.parts) == 1) for part in diff.parts[:MOST_NAMES]]
    more = len(diff.parts) - len(shown)
    if not diff.parts:
        counted = diff.known_after_apply or diff.back_to_unset or diff.still_empty
        shown = [code(name, limit=LONGEST_NAME) for name in counted[:MOST_NAMES]]
        more = len(counted) - len(shown)
    # A comma stands between the names inside of an attribute, too.
    separator = "; " if any(", " in each for each in shown) else ", "
    return Inert(separator.join([*shown, f"{more} more"] if more else shown))


def identifier(diff: ResourceDiff, address: str) -> Inert:
    """By what people know the object that comes or goes, such as its name; nothing if its address says it already."""
    values = {part.step: part.difference for part in diff.parts}
    said = _letters(address)
    for name in IDENTIFIERS:
        match values.get(name):
            case Added(str(value)) | Removed(str(value)) if value and _letters(value) not in said:
                shown = inline(value[:LONGEST_IDENTIFIER], Limits()) + ("…" if len(value) > LONGEST_IDENTIFIER else "")
                return Inert(f"{code(name)} {text(shown)}")
            case _:
                continue
    return Inert()


def _letters(value: str) -> str:
    return re.sub(r"[\W_]+", "", value).casefold()


def _part(part: Part, *, alone: bool) -> str:
    name = code(str(part.step), limit=LONGEST_NAME)
    name = f"**{name}**" if part.forces_replacement else name
    inner = list(_inside(part.difference, ""))
    if len(inner) == 1:
        path, difference = inner[0]
        is_json = isinstance(part.difference, Nested) and part.difference.is_json
        if not path:
            return name + (_word(difference, nested=False) or _value(difference, alone=alone))
        if not (part.forces_replacement or is_json):
            path, difference = next(_inside(part.difference, path_to(part)))
            return code(path, limit=LONGEST_NAME) + (_word(difference, nested=True) or _value(difference, alone=alone))
    named = ", ".join(
        code(path, limit=LONGEST_NAME) + _word(difference, nested=True) for path, difference in inner[:MOST_NAMES]
    )
    more = f", {len(inner) - MOST_NAMES} more" if len(inner) > MOST_NAMES else ""
    return f"{name}: {named}{more}"


def _word(difference: Difference, *, nested: bool) -> str:
    """What becomes of it, where its name does not say that it changes: a key comes or goes, a secret is a secret."""
    match difference:
        case Changed(Sensitive(token=before), Sensitive(token=after, is_marked=is_marked)) if before == after:
            return " marked as sensitive" if is_marked else " no longer marked as sensitive"
        case Changed(Sensitive(), _) | Changed(_, Sensitive()):
            return " (sensitive)"
        case Added(value) | Removed(value):
            word = "added" if isinstance(difference, Added) else "removed"
            secret = " (sensitive)" if isinstance(value, Sensitive) else ""
            return f" {word}{secret}" if nested else secret
        case _:
            return ""


def _value(difference: Difference, *, alone: bool) -> str:
    match difference:
        case ChangedText(diff=diff):
            return f": {diff.only}" if diff.only else f": {diff.changed} line{'' if diff.changed == 1 else 's'}"
        case Changed(before, after) if alone:
            old, new = _short(before), _short(after)
            return f" {old} → {new}" if old and new else ""
        case Nested(form=Form.LIST, parts=parts) if alone:
            telling = [part for part in parts if not says_nothing(part, in_list=True)]
            return f": {_elements(telling)}" if telling else ""
        case _:
            return ""


def _elements(parts: list[Part]) -> str:
    """What becomes of the elements of a list: the first few by name, more of them counted."""
    words = {Added: "added", Removed: "removed"}
    done = [words.get(type(part.difference), "changed") for part in parts]
    named = [_element(part) for part in parts[:MOST_NAMES]]
    if len(parts) <= MOST_NAMES and all(named):
        return ", ".join(f"{name} {word}" for name, word in zip(named, done, strict=True))
    return ", ".join(f"{done.count(word)} {word}" for word in ("added", "removed", "changed") if word in done)


def _element(part: Part) -> str | None:
    match part.difference:
        case Added(dict() as value) | Removed(dict() as value):
            named = element_name(value)
            return code(named, limit=LONGEST_NAME) if named else None
        case Added(value) | Removed(value):
            return _short(value)
        case _:
            return code(part.label, limit=LONGEST_NAME) if part.label else None


def _short(value: Value) -> str | None:
    written = inline(value, Limits())
    return text(written) if len(written) <= LONGEST_VALUE else None


def _inside(difference: Difference, prefix: str) -> Iterator[tuple[str, Difference]]:
    """What differs inside with its paths, down to where names would no longer help."""
    if not isinstance(difference, Nested) or not difference.parts or _has_whole_elements(difference):
        yield prefix, difference
        return
    for part in difference.parts:
        yield from _inside(part.difference, path_to(part, prefix))


def _has_whole_elements(nested: Nested) -> bool:
    """Whether elements of a list come or go: they have no names."""
    return nested.form is Form.LIST and any(isinstance(part.difference, Added | Removed) for part in nested.parts)
