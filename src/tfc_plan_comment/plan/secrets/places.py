"""The places where a secret would stand: there, even a word is one."""

import re

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.secrets.looks import names_secret
from tfc_plan_comment.plan.values import Json

_NAMED = expression(r"""([A-Za-z_][\w.-]*)\\*["']?(?:\s*(?:=>|[:=])\s*|[ ]+)\\*["']?$""")
_NAME_AND_VALUE = expression(
    r"""\b(?:name|key)\\*["']?\s*[:=]\s*\\*["']?([\w.-]+)\\*["']?[\s,;]+"""
    r"""\\*["']?value\\*["']?\s*[:=]\s*\\*["']?$""",
    re.IGNORECASE,
)
_CREDENTIAL = expression(r"://[^\s/@]*:$")
_LOOKED_AT = 200


def is_secret_place(text: str, start: int, end: int, name: str) -> bool:
    """True if what stands there in a text of this name is a secret by a name, or the password in a URL.

    The name is that of the text, or stands in front of it. A word within a longer one is another word.
    """
    before, after = text[max(start - _LOOKED_AT, 0) : start], text[end : end + 1]
    if before[-1:].isalnum() or after.isalnum():
        return False
    if names_secret(name):
        return True
    if after == "@" and _CREDENTIAL.search(before):
        return True
    named = _NAME_AND_VALUE.search(before) or _NAMED.search(before)
    return named is not None and names_secret(named[1])


VALUE_KEYS = frozenset({"value", "Value"})
"""The keys of a value that has its name beside it."""


def name_inside(value: dict[str, Json], key: str) -> str:
    """The name of what stands in an object under a key; of `{"name": "TOKEN", "value": …}` it stands beside it.

    A `key` beside a value is its name, and no secret.
    """
    if key in VALUE_KEYS:
        for beside in ("name", "key", "Name", "Key"):
            if isinstance(name := value.get(beside), str):
                return name
    return "name" if key in {"key", "Key"} and ("value" in value or "Value" in value) else key
