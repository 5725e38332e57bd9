"""Secrets that stand beside each other: what will be says in words where it holds another secret than what was."""

from collections.abc import Iterator

from tfc_plan_comment.plan.values import Described, Sensitive, Value, Why


def secrets_in(value: Value) -> frozenset[int]:
    """The numbers of the hidden values in what was."""
    return frozenset(_numbers(value))


def tell_apart(value: Value, secrets: frozenset[int]) -> Value:
    """The value after, with words for each hidden value that is none of `secrets`; unchanged where there are none."""
    if not secrets:
        return value
    match value:
        case dict():
            return {key: tell_apart(item, secrets) for key, item in value.items()}
        case list():
            return [tell_apart(item, secrets) for item in value]
        case Sensitive(secret, may_differ=True) if secret in secrets:
            return Described("sensitive value, perhaps changed", "")
        case Sensitive(secret, why=Why.LOOKS) if secret not in secrets:
            return Described("hidden: looks like another secret", "")
        case Sensitive(secret) if secret not in secrets:
            return Described("sensitive value, changed", "")
        case _:
            return value


def _numbers(value: Value) -> Iterator[int]:
    match value:
        case dict():
            for item in value.values():
                yield from _numbers(item)
        case list():
            for item in value:
                yield from _numbers(item)
        case Sensitive(secret):
            yield secret
        case _:
            return
