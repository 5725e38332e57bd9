"""The hash `sentinel` in a policy check's result: which policies there were, and what each one said.

The docs ("Policy Checks") say that its keys may change. So it is read as far as it is understood, and never an error.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec
from msgspec import Struct


@dataclass(frozen=True, kw_only=True, slots=True)
class SentinelPolicy:
    """One policy of a policy check. `output` is what it printed, or why it could not be evaluated."""

    name: str
    policy_set: str
    passed: bool
    has_error: bool
    is_advisory: bool
    description: str
    output: str = field(repr=False)


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


def policies_of(sentinel: msgspec.Raw) -> Iterator[SentinelPolicy]:
    """The policies that a result names; none where it has another form."""
    try:
        policy_sets = msgspec.json.decode(sentinel, type=_Sentinel).data
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    for policy_set, found in policy_sets.items():
        for each in found.policies:
            trace, error = each.trace or _Trace(), said(each.error)
            yield SentinelPolicy(
                name=each.policy.removeprefix(f"{policy_set}/"),
                policy_set=policy_set,
                passed=each.result is True,
                has_error=bool(error),
                is_advisory=each.allowed_failure,
                description=trace.description or "",
                output=error or trace.print or "",
            )


def said(raw: msgspec.Raw) -> str:
    """What a policy says, which may be any JSON: a text as it is, the items of a list one below the other."""
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
