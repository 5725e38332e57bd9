"""Makes visible what nobody sees in a text: letters that show nothing, or that turn the text around.

Such letters make a text look like another one (Trojan Source, CVE-2021-42574).
"""

import re

from tfc_plan_comment.expression import expression

# Controls, surrogates, line and paragraph separators; Unicode's Default_Ignorable_Code_Point, which shows as nothing
# (zero-width, bidirectional, tags, variation selectors); interlinear marks, noncharacters; what looks like a space.
_UNSEEN = (
    r"[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_UNSEEN_ANYWHERE = expression(_UNSEEN)
_UNSEEN_IN_LINES = expression(rf"(?![\n\t]){_UNSEEN}")
_SHORT_ESCAPES = {"\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v"}


def visible(text: str, *, keep_lines: bool = False) -> str:
    r"""The text with every character that shows nothing, or that moves others, as an escape in the way of Go's `%q`.

    `\n`, `\x1b`, `\u202e`, `\U000e0041`. A backslash that was there stays as it is. With `keep_lines`, line feeds and
    tabs stay; carriage returns do not. The result can always be encoded as UTF-8.
    """
    if text.isascii() and text.isprintable():  # as most are, and far faster to tell
        return text
    return (_UNSEEN_IN_LINES if keep_lines else _UNSEEN_ANYWHERE).sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    number = ord(character)
    if number < 0x80:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
