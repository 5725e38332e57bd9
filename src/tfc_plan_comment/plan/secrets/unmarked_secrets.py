"""Finds secrets that nobody has marked: by the form of a token, in the address of a service, under a secret's name.

Terraform shows them: a token in a script, the password in a database's URL, a password among environment variables.
Most texts are told by a glance to hold none, and no expression is compiled before a text needs it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.knowledge.secret_forms import SECRET_FORMS, SecretForm
from tfc_plan_comment.plan.secrets.looks import Kind, judge
from tfc_plan_comment.plan.secrets.named_secrets import LONGEST_JUDGED, find_named, is_placeholder, may_hold_named
from tfc_plan_comment.plan.secrets.spellings import Span

SHORTEST_UNMARKED = 8
"""Characters of the shortest text in which one is found: `pwd=abcd`."""


def find_unmarked(text: str) -> Iterator[Span]:
    """The places of the secrets in a text, in no order; some may overlap."""
    if len(text) >= SHORTEST_FORM:
        yield from _find_forms(text)
    if "@" in text and "://" in text:
        yield from _find_credentials(text)
    if _may_authorize(text):
        yield from _find_authorization(text)
    yield from find_named(text)


def may_hold_unmarked(text: str) -> bool:
    """False if no value in a JSON text holds one, however it is escaped: that is told without decoding it."""
    by_end = _forms_by_their_end()
    for candidate in _BEHIND.finditer(text):
        end = candidate.end()
        for form in by_end.get(text[end - 2 : end], ()):
            if text.endswith(form.prefix, 0, end):
                return True
    prefixes, _, others = _other_forms()
    return (
        prefixes.search(text) is not None
        or any(form.prefix in text for form in others)
        or _MAY_BE_CREDENTIALS.search(text) is not None
        or (_may_authorize(text) and any(each.search(text) for each in (_AUTHORIZATION, _CURL_USER)))
        or may_hold_named(text)
    )


_MAY_BE_CREDENTIALS = expression(r"(?::|%3[aA])(?:/|%2[fF]){2}[^\s\"/]{0,1000}(?:@|%40)", re.ASCII)

SHORTEST_FORM = 20
"""Characters of the shortest form, an AWS access key."""

_LAST = "_.=~-"
"""Most prefixes end with one of these characters."""
_BEHIND = expression(r"[_.=~-](?:(?=[\w-]{16})|(?<=[=~])(?=[\w+/%.~-]{16}))", re.ASCII)
"""So much follows such a prefix, and few words. It begins with one of few characters, which is searched for fast."""
_LOOKED_BACK = 20
_NO_LETTER_BEFORE = expression("(?<![A-Za-z0-9])", re.ASCII)


def _find_forms(text: str) -> Iterator[Span]:
    by_end = _forms_by_their_end()
    for candidate in _BEHIND.finditer(text):
        end = candidate.end()
        for form in by_end.get(text[end - 2 : end], ()):
            if span := _match(form, text, end):
                yield span
    prefixes, by_prefix, others = _other_forms()
    found = [(by_prefix[match[0]], match.end()) for match in prefixes.finditer(text)]
    for form in others:
        if form.prefix in text:
            found += [(form, match.end()) for match in _pattern(re.escape(form.prefix)).finditer(text)]
    for form, end in found:
        if span := _match(form, text, end):
            yield span


@lru_cache(maxsize=1)
def _forms_by_their_end() -> dict[str, list[SecretForm]]:
    """The forms whose prefix ends with one of the characters, by its last two."""
    by_end: dict[str, list[SecretForm]] = {}
    for form in SECRET_FORMS:
        if form.prefix[-1] in _LAST:
            by_end.setdefault(form.prefix[-2:], []).append(form)
    return by_end


@lru_cache(maxsize=1)
def _other_forms() -> tuple[re.Pattern[str], dict[str, SecretForm], list[SecretForm]]:
    """The rest: a pattern of the prefixes that begin with a capital letter, the forms of these, and the others."""
    rest = [form for form in SECRET_FORMS if form.prefix[-1] not in _LAST]
    by_prefix = {form.prefix: form for form in rest if form.prefix[0].isupper()}
    return _pattern("|".join(by_prefix)), by_prefix, [form for form in rest if form.prefix not in by_prefix]


def _match(form: SecretForm, text: str, end: int) -> Span | None:
    """The place of the form whose prefix ends there, if it does."""
    start = end - len(form.prefix)
    if not text.startswith(form.prefix, max(start, 0)):
        return None
    if form.before:
        before = _pattern(f"(?:{form.before})$").search(text, max(start - _LOOKED_BACK, 0), start)
    else:
        before = _NO_LETTER_BEFORE.match(text, start)
    rest = _pattern(form.rest).match(text, end) if before else None
    if before is None or rest is None:
        return None
    return rest.span() if form.is_name else (before.start(), rest.end())


@lru_cache(maxsize=256)
def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(form, re.ASCII)


_CREDENTIALS = expression(r"://[^\s/?#@:\"'<>\\]*:([^\s/?#\"'<>\\]+)@", re.ASCII)
"""RFC 3986, 3.2.1: nothing behind the first colon of the user information should be rendered as clear text."""


def _find_credentials(text: str) -> Iterator[Span]:
    return (match.span(1) for match in _CREDENTIALS.finditer(text) if not is_placeholder(match[1]))


_AUTHORIZATION = expression(r"\b(?:[Bb]asic|[Bb]earer)[ \t]+([A-Za-z0-9+/._~-]{16,}={0,2})", re.ASCII)
"""RFC 7617 and RFC 6750; gitleaks, curl-auth-header."""
_CURL_USER = expression(r"""\bcurl\b[^\n]{0,300}?\s(?:-u|--user)[ =]?["']?[^\s:"'\\]{1,100}:([^\s"'\\]+)""", re.ASCII)
"""gitleaks, curl-auth-user."""


def _may_authorize(text: str) -> bool:
    return "Bearer" in text or "bearer" in text or "Basic" in text or "basic" in text or "curl" in text


def _find_authorization(text: str) -> Iterator[Span]:
    """What follows `Bearer`, and looks random, and the password that is given to curl."""
    for match in _AUTHORIZATION.finditer(text):
        if judge(match[1][:LONGEST_JUDGED]) is Kind.LOOKS:
            yield match.span(1)
    for match in _CURL_USER.finditer(text):
        if not is_placeholder(match[1]):
            yield match.span(1)
