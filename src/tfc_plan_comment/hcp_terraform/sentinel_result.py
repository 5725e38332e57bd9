"""The hash `sentinel` in a policy check's result: which policies there were, and what each one said.

The docs ("Policy Checks") say that its keys may change. So it is read as far as it is understood, and never an error.
"""

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from tfc_plan_comment.findings.policies import Level, Policy, Status


class _Trace(Struct, frozen=True):
    description: str | None = None
    print: str | None = None


class _Policy(Struct, rename="kebab"):
    policy: str
    result: bool | None = None
    allowed_failure: bool = False
    error: msgspec.Raw = msgspec.Raw(b"null")
    trace: _Trace | None = None


class _PolicySet(Struct):
    policies: list[_Policy] = []


class _Sentinel(Struct):
    data: dict[str, _PolicySet] = {}


def policies_of(sentinel: msgspec.Raw, mandatory: Level) -> Iterator[Policy]:
    """The policies that a result names and that did not pass; none where it has another form.

    `mandatory` is the level of those that are not advisory, which a result does not say.
    """
    try:
        policy_sets = msgspec.json.decode(sentinel, type=_Sentinel).data
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    for policy_set, found in policy_sets.items():
        for each in found.policies:
            if each.result is True:
                continue
            trace, error = each.trace or _Trace(), said(each.error)
            yield Policy(
                name=each.policy.removeprefix(f"{policy_set}/"),
                policy_set=policy_set,
                status=Status.ERRORED if error else Status.FAILED,
                enforcement_level=Level.ADVISORY if each.allowed_failure else mandatory,
                description=trace.description or "",
                output=error or trace.print or "",
            )


def said(raw: msgspec.Raw) -> str:
    """The words of a policy, which may be any JSON: a text as it is, the items of a list one below the other."""
    try:
        value = msgspec.json.decode(raw)
    except RecursionError:
        return "(too deep to be shown)"
    except (msgspec.DecodeError, UnicodeDecodeError):  # such as a number that is too large for us
        return "(cannot be shown)"
    items = value if isinstance(value, list) else [value]
    texts = (
        item if isinstance(item, str) else msgspec.json.encode(item).decode() for item in items if item is not None
    )
    return "\n".join(texts)
