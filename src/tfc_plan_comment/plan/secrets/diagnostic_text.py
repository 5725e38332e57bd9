"""Hides secrets in texts that no plan marks, such as Terraform's error messages: by their looks, and by names.

Beside the plan's own mask, where there is one: an error may quote what is nowhere in the plan.
"""

import re

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.secrets.looks import SHORTEST_SECRET, judge, names_secret
from tfc_plan_comment.plan.secrets.private_keys import find_private_keys
from tfc_plan_comment.plan.values import HIDDEN_WORDS, Why

HIDDEN = HIDDEN_WORDS[Why.LOOKS]

_TOO_LONG = expression(r"\S{1001,}")
"""Nothing that people read has a longer word, and to look through one would take long."""

_WORD = expression(r"""[^\s"'`<>(){}\[\],;]+""")
_PUNCTUATION = ".:!?"
_NAMED = expression(
    r"""(?P<before>(?P<name>[A-Za-z_][\w-]*)\\*["']?\s*(?:=>|[:=])\s*(?:(?:Bearer|Basic)\s+)?)"""
    r"""(?P<value>\\*"[^"\\]+|\\*'[^'\\]+|[^\s"'\\,;&)\]}]+)""",
    re.IGNORECASE,
)
_CREDENTIALS = expression(r"(?P<before>[A-Za-z][A-Za-z0-9+.-]*://)[^\s/@\"']*:[^\s/@\"']*(?=@)")
_QUERY = expression(r"(?P<before>[A-Za-z][A-Za-z0-9+.-]*://[^\s?\"'<>]+\?)[^\s\"'<>]+")
_SIGNED = expression(r"(?P<before>https?://[^\s\"'<>]*?/(?:_archivist/)?v1/object/)[^\s\"'<>]+", re.IGNORECASE)
"""HCP Terraform API docs, "API overview": the URLs of its blob storage are secrets."""
_BEARER = expression(r"(?P<before>\b(?:Bearer|Basic)\s+)[A-Za-z0-9+/=._~-]{8,}")
_TERRAFORM_TOKEN = expression(r"\b[A-Za-z0-9]{10,}\.atlasv1\.[A-Za-z0-9]+")
_REFERENCE = expression(r"(?:var|local|data|module|each|self|path)\.[\w.\[\]\"-]+")


def hide_by_looks(text: str) -> str:
    """The text without what looks like a secret: keys, tokens, what stands behind a secret's name, signed URLs."""
    for start, end in reversed(find_private_keys(text)):
        text = f"{text[:start]}{HIDDEN}{text[end:]}"
    text = _TOO_LONG.sub(HIDDEN, text)
    for secret in (_SIGNED, _QUERY, _CREDENTIALS, _BEARER):
        text = secret.sub(rf"\g<before>{HIDDEN}", text)
    text = _TERRAFORM_TOKEN.sub(HIDDEN, text)
    text = _NAMED.sub(_hide_named, text)
    return _WORD.sub(_hide_word, text)


def _hide_named(match: re.Match[str]) -> str:
    value = match["value"].lstrip("\\\"'")
    quotes = match["value"].removesuffix(value)
    is_shown = len(value) < SHORTEST_SECRET or value in HIDDEN.split() or _REFERENCE.match(value)
    return match[0] if is_shown or not names_secret(match["name"]) else f"{match['before']}{quotes}{HIDDEN}"


def _hide_word(match: re.Match[str]) -> str:
    word = match[0].rstrip(_PUNCTUATION)
    rest = match[0][len(word) :]
    return f"{HIDDEN}{rest}" if any(map(_is_secret, {word, *word.split("=")})) else match[0]


def _is_secret(word: str) -> bool:
    return judge(word) is not None
