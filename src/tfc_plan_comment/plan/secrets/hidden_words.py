"""The words that stand for what a mask hides, and how to find them again in what is shown."""

import re
from functools import cache
from itertools import chain

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.encoded_text import decode_base64
from tfc_plan_comment.plan.secrets.spellings import base64_forms
from tfc_plan_comment.plan.values import Base64Text, EmbeddedJson, Sensitive, Value, Why

WORDS = {
    Why.MARK: "(sensitive value ",
    Why.EQUAL: "(hidden: equals a sensitive value, no. ",
    Why.LOOKS: "(hidden: looks like a secret, no. ",
}
"""The beginnings of the words for what is hidden in a text."""

WORD = expression(f"(?:{'|'.join(map(re.escape, WORDS.values()))})\\d+\\)")
"""One of them, with the number that tells its secret from others."""


def why_hidden(masked: str) -> Why:
    """The reason for which something in a masked text is hidden, the first of several."""
    return next(why for why, word in WORDS.items() if word in masked)


def is_masked(text: str) -> bool:
    """True if something in a masked text stands for what is hidden."""
    if "(" in text and WORD.search(text) is not None:
        return True
    decoded = decode_base64(text)
    return decoded is not None and WORD.search(decoded) is not None


@cache
def _spelled(why: Why) -> re.Pattern[str]:
    """The word as it stands, and in base64, and in base64 of that."""
    encoded = set(base64_forms(WORDS[why]))
    forms = [WORDS[why], *encoded, *chain.from_iterable(map(base64_forms, encoded))]
    return re.compile("|".join(map(re.escape, forms)))


def hides(value: Value, why: Why) -> bool:
    """True if something in a value is hidden for this reason."""
    match value:
        case Sensitive():
            return value.why is why
        case str():
            return _spelled(why).search(value) is not None
        case Base64Text(text):
            return hides(text, why)
        case EmbeddedJson(document):
            return hides(document, why)
        case dict():
            return any(WORDS[why] in key or hides(item, why) for key, item in value.items())
        case list():
            return any(hides(item, why) for item in value)
        case _:
            return False


def count_hidden_in(value: Value, why: Why) -> int:
    """The number of the values within a value, or of their keys, in which something is hidden for this reason."""
    match value:
        case EmbeddedJson(document):
            return count_hidden_in(document, why)
        case dict():
            return sum((WORDS[why] in key) + count_hidden_in(item, why) for key, item in value.items())
        case list():
            return sum(count_hidden_in(item, why) for item in value)
        case _:
            return int(hides(value, why))


def drop_numbers(masked: str) -> str:
    """A masked text without the numbers that tell its secrets apart: they count all secrets of the plan."""
    if decoded := decode_base64(masked):
        return drop_numbers(decoded)
    return WORD.sub("(sensitive value)", masked)
