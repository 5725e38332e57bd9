"""Every attribute that changes, leaf by leaf, at the path where it stands: for programs, which do not want to guess.

No cleverness here: what stands at the same path is compared. What a person should read is in `diff`.
"""

from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from tfc_plan_comment.plan.differing import Path, children, differing_leaves
from tfc_plan_comment.plan.document import Change
from tfc_plan_comment.plan.secrets.hidden_words import is_masked
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.values import UNKNOWN, Sensitive, Value, write_json


class AttributeChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One leaf: a plain value, an empty object or list, or what becomes something of another kind, as a whole.

    What is sensitive or unknown is null, also inside of a whole, and the flags say that there is some of it.
    """

    path: Annotated[Path, Meta(description="From the object to the leaf: keys, and positions in lists from 0 on.")]
    before: Annotated[
        msgspec.Raw,
        Meta(
            description="What was; null where there was nothing, or where it is sensitive. "
            "Numbers keep the text that Terraform wrote."
        ),
    ]
    after: Annotated[
        msgspec.Raw,
        Meta(description="What will be; null where nothing will be, or where it is sensitive or unknown."),
    ]
    sensitive: Annotated[bool, Meta(description="Whether something of it is hidden.")]
    unknown: Annotated[bool, Meta(description="Whether what will be is known only after apply.")]
    forces_replacement: Annotated[bool, Meta(description="Whether this change is a reason for the replacement.")]


def attribute_changes(change: Change, mask: Mask, *, is_output: bool = False) -> Iterator[AttributeChange]:
    """The leaves that differ, in the order of their paths."""
    for path, before, after in differing_leaves(*mask.sides(change, is_output=is_output)):
        yield AttributeChange(
            path=path,
            before=_written(before),
            after=_written(after),
            sensitive=_has_sensitive(before) or _has_sensitive(after),
            unknown=_has_unknown(after),
            forces_replacement=any(path[: len(other)] == other[: len(path)] for other in change.forcing_paths),
        )


def _written(value: Value) -> msgspec.Raw:
    return msgspec.Raw(write_json(_plain(value)).encode())


def _plain(value: Value) -> Value:
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case Sensitive():
            return None
        case _:
            return None if value is UNKNOWN else value


def _has_sensitive(value: Value) -> bool:
    return any(isinstance(each, Sensitive) or (isinstance(each, str) and is_masked(each)) for each in _all(value))


def _has_unknown(value: Value) -> bool:
    return any(each is UNKNOWN for each in _all(value))


def _all(value: Value) -> Iterator[Value]:
    yield value
    for inner in children(value).values():
        yield from _all(inner)
