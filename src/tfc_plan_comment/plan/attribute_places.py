"""The values that stand at a path of an object, such as `settings.ip_configuration.ipv4_enabled`."""

from collections.abc import Iterator

from tfc_plan_comment.plan.secrets.hidden_words import is_masked
from tfc_plan_comment.plan.values import UNKNOWN, Described, Number, Sensitive, Value

ANYWHERE = "**"
"""A step that stands for any number of steps, or none."""


def values_at(value: Value, path: str) -> list[Value]:
    """The values at the path; those of a list one by one. An object that lacks the last name has null there.

    What is hidden as a whole, or known only after apply, stands for all that is in it.
    """
    return list(_walk(value, tuple(path.split("."))))


def _walk(value: Value, steps: tuple[str, ...]) -> Iterator[Value]:
    if value is UNKNOWN or isinstance(value, Sensitive | Described):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item, steps)
    elif not steps:
        yield value
    elif steps[0] == ANYWHERE:
        yield from _search(value, steps[1:])
    elif isinstance(value, dict) and steps[0] in value:
        yield from _walk(value[steps[0]], steps[1:])
    elif isinstance(value, dict) and len(steps) == 1:
        yield None


def _search(value: Value, steps: tuple[str, ...]) -> Iterator[Value]:
    """The values at the steps from any object on that lies in the value and has the first of them."""
    if isinstance(value, dict):
        if steps[0] in value:
            yield from _walk(value, steps)
        for key, item in value.items():
            if key != steps[0]:
                yield from _search(item, steps)
    elif isinstance(value, list):
        for item in value:
            yield from _search(item, steps)
    elif value is UNKNOWN or isinstance(value, Sensitive | Described):
        yield value


def is_hidden(value: Value) -> bool:
    """True if a value is not known, not shown, or not shown as a whole: nothing is to be said of it."""
    if isinstance(value, str):
        return is_masked(value)
    return value is UNKNOWN or isinstance(value, Sensitive | Described)


def text_of(value: Value) -> str:
    """A plain value as a text: `true`, `14`, its own text; empty for null, and for what is no plain value."""
    match value:
        case bool():
            return str(value).lower()
        case Number(text=text):
            return text
        case str():
            return value
        case _:
            return ""
