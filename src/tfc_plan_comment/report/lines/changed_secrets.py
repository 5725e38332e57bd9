"""Secrets that stand beside each other: what will be says in words where it holds another secret than what was."""

from collections.abc import Iterator

from tfc_plan_comment.plan.values import Described, Sensitive, Value


def secrets_in(value: Value) -> frozenset[int]:
    """The tokens of the hidden values in what was."""
    return frozenset(_tokens(value))


def tell_apart(value: Value, secrets: frozenset[int]) -> Value:
    """What will be, with words for each hidden value that is none of `secrets`; unchanged where there are none."""
    if not secrets:
        return value
    match value:
        case dict():
            return {key: tell_apart(item, secrets) for key, item in value.items()}
        case list():
            return [tell_apart(item, secrets) for item in value]
        case Sensitive(token) if -token in secrets:
            return Described("sensitive value, perhaps changed", "")
        case Sensitive(token) if token not in secrets:
            return Described("sensitive value, changed", "")
        case _:
            return value


def _tokens(value: Value) -> Iterator[int]:
    match value:
        case dict():
            for item in value.values():
                yield from _tokens(item)
        case list():
            for item in value:
                yield from _tokens(item)
        case Sensitive(token):
            yield token
        case _:
            return
