"""The identity of a masked change, by which a later plan tells whether it does the same once more."""

from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha256
from operator import itemgetter

import msgspec

from tfc_plan_comment.plan.differing import Path, differing_leaves
from tfc_plan_comment.plan.secrets.hidden_words import drop_numbers, is_masked
from tfc_plan_comment.plan.values import Described, Number, Sensitive, Unknown, Value, identity

LENGTH = 12
"""Of 5 bits each: among a million changes, no two that differ are likely to have the same."""


def fingerprint(*, address: str, actions: Iterable[str], before: Value, after: Value, said: Iterable[str] = ()) -> str:
    """Twelve letters and digits: equal for what is shown alike, different where anything that is shown differs.

    `address` and `said`, such as the reason, are masked texts, `before` and `after` the sides that a `Mask` gives.
    So there is no secret in it: anybody could test guesses against the digest of one. Of a hidden value counts only
    that it is hidden, and whether it changes.
    Fingerprints stand in comments: whoever makes other ones raises `comment_memory.MEMORY_VERSION`.
    """
    hidden = [
        (_path(path), _compared(was, will_be))
        for path, was, will_be in differing_leaves(before, after)
        if _is_hidden(was) and _is_hidden(will_be)
    ]
    shown = [
        [drop_numbers(text) for text in (address, *said)],
        list(actions),
        [_shown(before), _shown(after)],
        sorted(hidden, key=identity),
    ]
    return b32encode(sha256(msgspec.json.encode(shown)).digest())[:LENGTH].decode().lower()


def _path(path: Path) -> list[str | int]:
    return [drop_numbers(step) if isinstance(step, str) else step for step in path]


def _is_hidden(value: Value) -> bool:
    """True if it is shown by words that may be the same for another value."""
    return isinstance(value, Sensitive) or (isinstance(value, str) and is_masked(value))


def _compared(before: Value, after: Value) -> str | None:
    """A word for how two hidden values compare; a redacted plan does not always say it. None of any other two."""
    if not (isinstance(before, Sensitive) and isinstance(after, Sensitive)):
        return None
    if before.number != after.number:
        return "change"
    return "may change" if after.may_differ else "stay"


def _shown(value: Value) -> object:
    """The value in JSON's terms: a list begins with its kind, so that no text can pass for what is none."""
    match value:
        case dict():
            pairs = [(drop_numbers(key), _shown(item)) for key, item in value.items()]
            is_told_by_key = len({key for key, _ in pairs}) == len(pairs)  # unless some are masked
            return ["object", *sorted(pairs, key=itemgetter(0) if is_told_by_key else identity)]
        case list():
            return ["list", *map(_shown, value)]
        case str():
            return drop_numbers(value)
        case Number():
            return ["number", value.text]
        case Unknown():
            return ["unknown"]
        case Sensitive():
            return ["hidden", value.is_marked]
        case Described():
            return ["described", value.words]
        case _:
            return value
