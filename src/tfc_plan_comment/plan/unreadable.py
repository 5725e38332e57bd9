"""Errors that say why a file is not a plan, in sentences that hold nothing out of the file."""

import re

import msgspec

from tfc_plan_comment.errors import PlanDocumentError
from tfc_plan_comment.expression import expression

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""The errors that decoding raises."""

_HOW_TO_MAKE_ONE = "Make one with: terraform show -json PLANFILE > plan.json"


def not_a_plan(name: str, why: str, what_to_do: str = _HOW_TO_MAKE_ONE) -> PlanDocumentError:
    """The error for the file that is called `name`."""
    return PlanDocumentError(f"Cannot read the plan {name}", why, what_to_do)


def a_log(name: str) -> PlanDocumentError:
    """The error for a streaming log."""
    why = "it is the log of `terraform plan -json`, not a plan"
    return not_a_plan(name, why, f"Plan with -out=PLANFILE. {_HOW_TO_MAKE_ONE}")


def is_log(data: bytes | memoryview) -> bool:
    """True if this is the log that `terraform plan -json` writes: one message on each line."""
    return b'"@level"' in bytes(data[:4096])


_WRAPPED = expression(
    rb"^[ \t]*(?:\[command\]|##\[debug\]|::[a-z-]+(?: [^\n]*?)?::|(?:stdout|stderr|exitcode)(?:[:=]|<<)"
    rb"|Terraform exited with code )",
    re.MULTILINE,
)
"""A line of hashicorp/setup-terraform's wrapper: the command that it calls, or a workflow command such as `::debug::`.

Its wrapper/terraform.js prints them around the output of terraform, and the runner and scripts turn them into other
forms. No line of JSON begins like that.
"""

_BEHIND = expression(rb"(?:%0D)?(?:%0A|::[a-z-]+[ :])|(?:stdout|stderr|exitcode)[:=]|Terraform exited with code ")
"""The same, behind a plan and on its line; `%0A` is a line feed as a workflow command has it."""

_TRAILING = expression(r"trailing characters \(byte (\d+)\)")


def from_wrapper(name: str) -> PlanDocumentError:
    """The error for the output of the wrapper that hashicorp/setup-terraform puts in terraform's place."""
    why = "the wrapper of hashicorp/setup-terraform has added its own lines to the JSON"
    return not_a_plan(name, why, "Set terraform_wrapper: false in the step that uses hashicorp/setup-terraform")


def unreadable(name: str, data: bytes | memoryview, error: Exception) -> PlanDocumentError:
    """The error for a file that could not be decoded."""
    head = bytes(data[:4096])
    if not head.strip() and not bytes(data).strip():
        return not_a_plan(name, "it is empty")
    if head.startswith(b"\x1f\x8b"):
        return not_a_plan(name, "it is compressed with gzip", "Unpack it with gunzip")
    if head.startswith(b"PK"):  # a plan file is a zip archive
        return not_a_plan(name, "it is a plan file, not a plan JSON")
    if is_log(data):
        return a_log(name)
    if _WRAPPED.search(data):
        return from_wrapper(name)
    if trailing := _TRAILING.search(str(error)):
        if _BEHIND.match(data, int(trailing[1]) - 1):  # it counts from 1
            return from_wrapper(name)
        why = "something follows the JSON document, such as a second plan"
        return not_a_plan(name, why, "Write each plan to its own file")
    return not_a_plan(name, _why(error))


def unreadable_value(error: Exception) -> PlanDocumentError:
    """The error for a value of a plan that could not be decoded; the plan itself leaves its values as they are."""
    return PlanDocumentError("Cannot read a value of the plan", _why(error), _HOW_TO_MAKE_ONE)


def _why(error: Exception) -> str:
    match error:
        case RecursionError():
            return "its JSON is nested too deeply"
        case UnicodeDecodeError():
            return "it is neither UTF-8 nor UTF-16"
        case msgspec.ValidationError():
            return f"its JSON is not a plan ({error})"
        case _:
            return f"it is not valid JSON ({str(error).removeprefix('JSON is malformed: ')})"
