"""The words that stand for what a mask hides, and how to find them again in what is shown."""

import re
from itertools import chain

from tfc_plan_comment.plan.encoded_text import decode_base64
from tfc_plan_comment.plan.spellings import base64_forms
from tfc_plan_comment.plan.values import Base64Text, EmbeddedJson, Sensitive, Value

WORDS = ("(sensitive value ", "(hidden: equals a sensitive value, no. ")
"""The beginnings of the words for what is hidden in a text: for its mark or its looks, and for an equal value."""

WORD = re.compile(f"(?:{'|'.join(map(re.escape, WORDS))})\\d+\\)")
"""One of them, with the number that tells its secret from others."""


def is_masked(text: str) -> bool:
    """True if something in a masked text stands for what is hidden."""
    if "(" in text and WORD.search(text) is not None:
        return True
    decoded = decode_base64(text)
    return decoded is not None and WORD.search(decoded) is not None


_ENCODED = set(base64_forms(WORDS[1]))
_EQUAL = re.compile("|".join(map(re.escape, [WORDS[1], *_ENCODED, *chain.from_iterable(map(base64_forms, _ENCODED))])))
"""The word for what is hidden for an equal one, as it stands, and in base64, and in base64 of that."""


def hides_equal(value: Value) -> bool:
    """True if something in a value is hidden for an equal one."""
    match value:
        case Sensitive(by_equality=by_equality):
            return by_equality
        case str():
            return _EQUAL.search(value) is not None
        case Base64Text(text):
            return hides_equal(text)
        case EmbeddedJson(document):
            return hides_equal(document)
        case dict():
            return any(WORDS[1] in key or hides_equal(item) for key, item in value.items())
        case list():
            return any(map(hides_equal, value))
        case _:
            return False


def drop_numbers(masked: str) -> str:
    """A masked text without the numbers that tell its secrets apart: they count all secrets of the plan."""
    if decoded := decode_base64(masked):
        return drop_numbers(decoded)
    return WORD.sub("(sensitive value)", masked)
