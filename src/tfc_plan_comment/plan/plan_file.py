"""The bytes of a plan file -> `Plan`. What is broken in it costs only itself, as far as a plan is left."""

import codecs
import mmap
from typing import Any

import msgspec

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.document import (
    ABSENT,
    TRUE,
    ActionInvocation,
    Change,
    DeferredActionInvocation,
    DeferredChange,
    Importing,
    OutputMark,
    Plan,
    ResourceChange,
    StateValues,
    Variable,
    read_version,
)
from tfc_plan_comment.plan.piecewise import Pieces
from tfc_plan_comment.plan.unreadable import UNREADABLE, a_log, is_log, not_a_plan, unreadable


def parse_plan(content: bytes | mmap.mmap, *, name: str) -> Plan:
    """The plan in the bytes; `name` is what errors call it. Raises PlanDocumentError."""
    data = _utf8(content, name)
    try:
        plan = msgspec.json.decode(data, type=Plan)
    except UNREADABLE as error:
        plan = _read_in_part(_write_surrogates(data), name, error)
    else:
        plan = msgspec.structs.replace(plan, unread=(), broken=())
    _check(plan, name, data)
    return plan if plan.has_marks else _mark_outputs(plan)


def _mark_outputs(plan: Plan) -> Plan:
    """The plan with its sensitive outputs marked; before 0.15 only values, state and configuration say which are."""
    try:
        planned = msgspec.json.decode(plan.planned_values or b"{}", type=StateValues)
    except UNREADABLE:
        planned = StateValues()
    declared = (planned.outputs, plan.prior_state.values.outputs, plan.configuration.root_module.outputs)
    names = {name for outputs in declared for name, mark in outputs.items() if mark.sensitive}
    changes = {
        name: msgspec.structs.replace(change, before_sensitive=TRUE, after_sensitive=TRUE) if name in names else change
        for name, change in plan.output_changes.items()
    }
    return msgspec.structs.replace(plan, output_changes=changes)


_STANDS_FOR: dict[Any, Any] = {
    ResourceChange: ResourceChange(),
    Change: Change(),
    Importing: Importing(),
    dict[str, Change]: {"(unreadable)": Change()},
    DeferredChange: DeferredChange(),
    tuple[DeferredChange, ...]: (DeferredChange(),),
    ActionInvocation: ActionInvocation(),
    tuple[ActionInvocation, ...]: (ActionInvocation(),),
    DeferredActionInvocation: DeferredActionInvocation(),
    tuple[DeferredActionInvocation, ...]: (DeferredActionInvocation(),),
    Variable: Variable(sensitive=True),
    OutputMark: OutputMark(sensitive=True),
}
"""By type, what stands for a value that is none of it: that something is there is not lost, and no secret becomes one
that is not."""


_ESCAPED = expression(
    rb"(\\\\)|\\u([dD][89abAB][0-9a-fA-F]{2})(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u([dD][c-fC-F][0-9a-fA-F]{2})"
)
"""A backslash; or half of a surrogate pair, without the other half."""


def _write_surrogates(data: bytes | memoryview) -> bytes:
    """The document with the sign for what is no character before each half of a pair that stands alone: `�d800`.

    JSON may hold one as an escape, but no text can.
    """
    return _ESCAPED.sub(lambda found: found[1] or b"\\ufffd" + (found[2] or found[3]), bytes(data))


def _read_in_part(data: bytes | memoryview, name: str, error: Exception) -> Plan:
    """The plan without its broken values. Raises PlanDocumentError where what is left is no plan."""
    pieces = Pieces(stands_for=_STANDS_FOR, never_in_part=frozenset({Variable, OutputMark}))
    try:
        read: Plan = pieces.read(data, Plan)
    except UNREADABLE:
        raise unreadable(name, data, error) from None
    plan = msgspec.structs.replace(read, unread=tuple(pieces.unread), broken=tuple(pieces.broken))
    says_what_it_is = plan.terraform_version or plan.is_redacted or plan.resource_changes
    if "resource_changes" in plan.unread or not says_what_it_is:
        raise unreadable(name, data, error) from None
    return plan


def _utf8(content: bytes | mmap.mmap, name: str) -> bytes | memoryview:
    head = content[:4]
    if head.startswith(codecs.BOM_UTF8):
        return memoryview(content)[3:]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif len(head) >= 2 and (head[1] == 0 or head[0] == 0):
        encoding = "utf-16-le" if head[1] == 0 else "utf-16-be"
    else:
        return memoryview(content)
    try:
        return bytes(content).decode(encoding).encode()
    except UnicodeDecodeError as error:
        raise not_a_plan(name, f"it looks like UTF-16 but is not ({error.reason})") from None


def _check(plan: Plan, name: str, data: bytes | memoryview) -> None:
    version = read_version(plan.format_version or plan.plan_format_version)
    if version is not None and version[0] >= 2:
        number = ".".join(map(str, version))
        why = f"its format version is {number}, and this version of tfc-plan-comment reads 0.1 to 1.x"
        raise not_a_plan(name, why, "Update tfc-plan-comment")
    if plan.resource_changes or plan.resource_drift or plan.output_changes or plan.planned_values != ABSENT:
        return
    if plan.values != ABSENT or plan.lineage != ABSENT:
        raise not_a_plan(name, "it is a state, not a plan")
    if is_log(data):
        raise a_log(name)
    # Every plan names its Terraform, or is the redacted one; an empty state has a format version and nothing else.
    if plan.terraform_version is None and not plan.is_redacted:
        raise not_a_plan(name, "it is JSON, but contains no part of a plan")
