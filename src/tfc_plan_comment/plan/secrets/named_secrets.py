"""Finds what nobody has marked and is a secret by its name: in a map, in an object `{name, value}`, and in a text."""

import re
import string
from collections.abc import Iterator
from functools import lru_cache

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.knowledge.secret_forms import PLACEHOLDER, REFERENCE
from tfc_plan_comment.plan.secrets.looks import Kind, is_public, is_random, judge, names_password, names_secret_itself
from tfc_plan_comment.plan.secrets.spellings import Span


def is_unmarked_secret(name: str, value: str) -> bool:
    """True if a text is a secret by the name under which it stands in a map, or beside which, in `{name, value}`.

    That of a password is one, and that of an environment variable that is called by a secret, unless it only says where
    the secret is. Under another name of a secret what looks random is one.
    """
    value, is_variable = value[:LONGEST_JUDGED], _fits(_VARIABLE, name)
    if not names_secret_itself(name):
        return False
    if not (is_variable or names_password(name) or is_random(value)):
        return False  # asked first, as it is told fastest of what nobody takes for a secret
    if is_placeholder(value) or is_public(value) or value.upper() == name.upper():
        return False
    if names_password(name):
        return not _fits(_FEW_DIGITS, value)
    return not is_variable or not (_fits(_NUMBER, value) or _fits(_NAME_IN_A_STORE, value))


LONGEST_JUDGED = 200
"""Characters of a value by which it is told to be a secret: what is longer is one by its beginning, or is none."""


def is_placeholder(value: str) -> bool:
    """True if a text stands where a secret would, and says where it is, or that it is still to come."""
    return _fits(_PLACEHOLDER, value.strip())


_PLACEHOLDER = expression(rf"(?is:{PLACEHOLDER}|{REFERENCE})", re.ASCII)
_VARIABLE = expression(r"[A-Z][A-Z0-9_]*", re.ASCII)
"""The name of an environment variable (POSIX, "Environment Variables": capitals, digits and underscores)."""
_FEW_DIGITS = expression(r"\d{1,3}", re.ASCII)
_NUMBER = expression(r"[\d.,_-]+", re.ASCII)
_NAME_IN_A_STORE = expression(r"[A-Za-z][\w.-]{0,40}(?:[/:][\w.-]{1,40})+", re.ASCII)
"""Such as `prod/db/password`, or `projects/p/secrets/s/versions/1`."""


def _fits(shape: re.Pattern[str], text: str) -> bool:
    return shape.fullmatch(text) is not None


_HINT = expression("(?i:passw|passph|secret|token|credential|_key|apikey|api-key|pwd)", re.ASCII)
_LETTERS = f"{string.ascii_letters}{string.digits}_.-"
_NAME = expression(r"[\w.-]*", re.ASCII)
_LONGEST_NAME = 60
"""Characters in front of the word by which a name is found."""

_TEXT = (
    r"""(?:"(?P<double>(?:[^"\\\n]|\\.)*)"|'(?P<single>(?:[^'\\\n]|\\.)*)'"""
    rf"""|[|>][-+\d]*[ \t]*\n(?P<indent>[ \t]+)(?P<block>\S[^\n]{{,{LONGEST_JUDGED}}})"""
    rf"""|(?P<bare>[^\s"'<>;&`\\{{}}\[(|,](?:[^\s"'<>;&`\\,]|,(?![A-Za-z]{{3,}}=)){{,{LONGEST_JUDGED}}}))"""
)
_LETTER_OF_REST = expression(r"""(?:[^\s"'<>;&`\\,]|,(?![A-Za-z]{3,}=))""", re.ASCII)
_REST = expression(rf"{_LETTER_OF_REST.pattern}*", re.ASCII)
"""What goes on behind it. Azure Cache for Redis, "Connection strings": another name may follow behind a comma."""
_REST_OF_LINE = expression(r"""["'][^\s=:]*[^\s=:,;"'`)}\]>&|\\](?=[ \t]*(?:[\r\n]|\Z))""", re.ASCII)
"""Where a line says one thing, such as in dotenv and YAML, a quote within a word is a letter of it."""
_BEFORE_ALONE = expression(r"[ \t]*(?:-[ \t]+|export[ \t]+)?", re.ASCII)
_REST_OF_BLOCK = r"[^\n]*(?:\n(?:{indent}[^\n]*|[ \t]*(?=\n)))*"
"""YAML, 8.1, "Block scalar styles": all that is as deep as its first line."""
_BECOMES = expression(rf"""["']?\]?[ \t]*(?P<sign>=>|:=|=|:)[ \t]*{_TEXT}""", re.ASCII)
_CALLED = expression(r"""(?i:\b(?:name|key)["']?\s*[:=]\s*["']?)$""", re.ASCII)
_VALUE = rf"""(?i:value)["']?\s*[:=]\s*{_TEXT}"""
_BESIDE = expression(rf"""["']?[\s,;]+["']?{_VALUE}""", re.ASCII)
_BESIDE_BEFORE = expression(rf"""\b{_VALUE}[\s,;]+["']?{_CALLED.pattern}""", re.ASCII)
_ELEMENT = expression(r"[^<>]{0,100}>(?P<bare>[^<>]+)</", re.ASCII)
_FLAG = expression(rf"[ ]{_TEXT}", re.ASCII)
_LONG = expression(r"\S{16,}", re.ASCII)
"""Behind a name and a space, without a sign, words follow: only what is longer, and looks random, is a secret."""
_CALLED_BEFORE, _BESIDE_LOOKED_BACK = 30, 300
"""Characters in which the word `name`, and the value in front of it, are looked for."""

_CODE = expression(r"[A-Za-z_.-]+", re.ASCII)
"""gitleaks, generic-api-key, its allow list: letters alone are the name of a variable."""
_GOES_ON = expression(r"[ \t]+[A-Za-z]", re.ASCII)


def find_named(text: str) -> Iterator[Span]:
    """The secrets that stand behind their names: in a script, in JSON, YAML and XML, and in a connection string."""
    if _may_name(text):
        reached = 0
        for start, end in _names(text):
            if start >= reached:  # else it stands in a secret, or nothing would bound how often that is read
                for span in _find_value(text, text[start:end], start, end):
                    yield span
                    reached = max(reached, span[1])


def may_hold_named(text: str) -> bool:
    """False if no value in a JSON text, however it is escaped, is a secret by a name in front of it or beside it."""
    return _may_name(text) and any(
        text[start : start + 2] == "--"
        or _MAY_BECOME.match(text, end)
        or _MAY_CALL.search(text, max(start - _CALLED_BEFORE, 0), start)
        for start, end in _names(text)
    )


_MAY_BECOME = expression(
    r"""\\*["']?\]?\s*(?:(?:=>|:=|[=:>]|(?i:%3[ad]))\s*+(?!null|true|false|[\d\[{])|(?<=[ ])\S{16})""", re.ASCII
)
_MAY_CALL = expression(r"""(?i:name|key)\\*["']?\s*[:=]\s*\\*["']?$""", re.ASCII)


def _may_name(text: str) -> bool:
    lower = text.lower()
    return (  # a loop would take twice as long
        "passw" in lower
        or "secret" in lower
        or "token" in lower
        or "_key" in lower
        or "credential" in lower
        or "pwd" in lower
        or "passph" in lower
        or "apikey" in lower
        or "api-key" in lower
    )


def _names(text: str) -> Iterator[Span]:
    """The places of what is the name of a secret."""
    end = 0
    for hint in _HINT.finditer(text):
        if hint.start() < end:
            continue
        before = text[max(hint.start() - _LONGEST_NAME, 0) : hint.start()]
        start = hint.start() - len(before) + len(before.rstrip(_LETTERS))
        rest = _NAME.match(text, hint.end())
        end = rest.end() if rest else hint.end()
        if names_secret_itself(text[start:end]):
            yield start, end


def _is_called(text: str, start: int) -> bool:
    return _CALLED.search(text, max(start - _CALLED_BEFORE, 0), start) is not None


def _find_value(text: str, name: str, start: int, end: int) -> Iterator[Span]:
    if _is_called(text, start):
        first = max(start - _BESIDE_LOOKED_BACK, 0)
        found = [_BESIDE.match(text, end), _BESIDE_BEFORE.search(text, first, start)]
    elif text[start - 1 : start] == "<":
        found = [_ELEMENT.match(text, end)]
    else:
        found = [_BECOMES.match(text, end)]
        if found == [None]:
            flag = _FLAG.match(text, end)
            found = [flag if flag and (name.startswith("--") or _is_long(flag)) else None]
    for match in filter(None, found):
        groups = match.groupdict()
        group = next(each for each in ("double", "single", "block", "bare") if groups.get(each) is not None)
        is_word = group == "bare" and _is_word(match, groups.get("sign"), name)
        if match[group] and not is_word and is_unmarked_secret(name, _judged(match, group)):
            yield match.start(group), _end(match, group, is_alone=_is_alone(text, start))


def _judged(match: re.Match[str], group: str) -> str:
    """The value by which it is judged: without what closes the list or the call in which it stands: `f(password=x)`."""
    if group != "bare" or _LETTER_OF_REST.match(match.string, match.end(group)):
        return match[group]
    return match[group].rstrip(",)]}")


def _is_long(flag: re.Match[str]) -> bool:
    """True if what follows behind a space is no word of a sentence."""
    value = flag[0].strip(" \"'")
    return _fits(_LONG, value) and judge(value) is Kind.LOOKS


def _is_alone(text: str, start: int) -> bool:
    """True if nothing that matters stands in front of a name on its line."""
    before = text[max(start - _LONGEST_NAME, 0) : start]
    has_begun = "\n" in before or len(before) == start
    return has_begun and _fits(_BEFORE_ALONE, before.rpartition("\n")[2])


def _end(match: re.Match[str], group: str, *, is_alone: bool) -> int:
    """The end of a value of which the beginning was found; `is_alone` says that its name begins the line."""
    if group not in {"bare", "block"}:
        return match.end(group)
    goes_on = _REST if group == "bare" else _rest_of_block(match["indent"])
    rest = goes_on.match(match.string, match.end(group))
    end = rest.end() if rest else match.end(group)
    of_line = _REST_OF_LINE.match(match.string, end) if is_alone and group == "bare" else None
    return of_line.end() if of_line else end


@lru_cache(maxsize=32)
def _rest_of_block(indent: str) -> re.Pattern[str]:
    return re.compile(_REST_OF_BLOCK.replace("{indent}", indent), re.ASCII)


def _is_word(match: re.Match[str], sign: str | None, name: str) -> bool:
    """True if what is not in quotes is a word of a sentence, or the name of a variable in a program."""
    if sign == ":":
        return match["bare"].isalpha() and _GOES_ON.match(match.string, match.end()) is not None
    return sign is not None and not _fits(_VARIABLE, name) and _fits(_CODE, match["bare"])
