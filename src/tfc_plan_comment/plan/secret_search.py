"""Finds secrets in texts: whole, inside longer ones, and as they stand in JSON."""

import re
from collections.abc import Iterable, Iterator

from tfc_plan_comment.plan.values import write_json

SHORTEST_SECRET = 6
"""A shorter sensitive value is masked where it is marked, but not searched for elsewhere: it would be found in
half of all words."""

Span = tuple[int, int]


class SecretSearch:
    """Finds any of many secrets in a text in one pass, however many there are."""

    def __init__(self, secrets: Iterable[str], patterns: tuple[re.Pattern[str], ...] = ()) -> None:
        """`secrets` are the texts to find, `patterns` the user's regular expressions for further ones."""
        self._patterns = patterns
        self._secrets = {form for secret in set(secrets) for form in _forms(secret) if len(form) >= SHORTEST_SECRET}
        lengths: dict[str, set[int]] = {}
        for secret in self._secrets:
            lengths.setdefault(secret[:SHORTEST_SECRET], set()).add(len(secret))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}
        self._starts = _starts(self._lengths)

    def spans(self, text: str) -> list[Span]:
        """The places of the secrets, as start and end; those that overlap are one."""
        spans: list[Span] = []
        for start, end in sorted(self._found(text) + self._matched(text)) if self._patterns else self._found(text):
            if spans and start < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return spans

    def _found(self, text: str) -> list[Span]:
        """The longest secret that begins at each place, also within another one."""
        spans = []
        start = self._starts.search(text)
        while start:
            position = start.start()
            for length in self._lengths.get(text[position : position + SHORTEST_SECRET], ()):
                secret = text[position : position + length]
                if secret in self._secrets:
                    spans.append((position, position + len(secret)))
                    break
            start = self._starts.search(text, position + 1)
        return spans

    def _matched(self, text: str) -> list[Span]:
        return [match.span() for pattern in self._patterns for match in pattern.finditer(text) if match.group()]

    def is_in_escapes(self, text: str) -> bool:
        """True if a secret shows when the escapes of JSON in the text are resolved, however often."""
        while "\\" in text and (plain := _ESCAPE.sub(_resolved, text)) != text:
            if self.spans(plain):
                return True
            text = plain
        return False


def _forms(secret: str) -> Iterator[str]:
    """The secret, with and without white space around it, plain and as it stands in JSON: ours, and Go's."""
    for text in {secret, secret.strip()}:
        plain = write_json(text)[1:-1]
        yield from (text, plain, plain.translate(_AS_IN_GO))


_AS_IN_GO = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


def _starts(secrets: Iterable[str]) -> re.Pattern[str]:
    """Matches the first three characters of any secret: far faster than to look at each place in Python."""
    tree: dict[str, dict[str, set[str]]] = {}
    for secret in secrets:
        tree.setdefault(secret[0], {}).setdefault(secret[1], set()).add(secret[2])
    branches = [
        re.escape(first)
        + "(?:"
        + "|".join(f"{re.escape(second)}[{_class(thirds)}]" for second, thirds in inner.items())
        + ")"
        for first, inner in tree.items()
    ]
    return re.compile("|".join(branches) or "(?!)")  # which never matches


def _class(characters: set[str]) -> str:
    return "".join(map(re.escape, characters))


_ESCAPE = re.compile(r"""\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|["\\/bfnrt])""")
_SIMPLE = {r"\"": '"', r"\\": "\\", r"\/": "/", r"\b": "\b", r"\f": "\f", r"\n": "\n", r"\r": "\r", r"\t": "\t"}


def _resolved(escape: re.Match[str]) -> str:
    written = escape.group()
    if written in _SIMPLE:
        return _SIMPLE[written]
    halves = bytes.fromhex(written.replace("\\u", ""))
    return halves.decode("utf-16-be", "surrogatepass")
