"""Finds secrets in texts: whole, inside of longer ones, with escapes of all kinds, and in base64."""

import re
import sys
from bisect import bisect
from collections.abc import Collection, Iterable, Iterator
from copy import copy
from itertools import chain

import msgspec

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.encoded_text import text_in_gzip, texts_in_base64
from tfc_plan_comment.plan.secrets.looks import SHORTEST_SECRET
from tfc_plan_comment.plan.secrets.private_keys import SHORTEST_KEY, find_private_keys
from tfc_plan_comment.plan.secrets.spellings import Span, base64_forms, has_one_reading, readings
from tfc_plan_comment.plan.secrets.unmarked_secrets import SHORTEST_UNMARKED, find_unmarked, may_hold_unmarked
from tfc_plan_comment.plan.values import Why

LONGEST_EXACT = 48
"""Characters. What agrees with so many of a longer secret is hidden as far as it agrees: no more of it is compared at
each place, so that the cost does not depend on how many secrets begin alike, nor on how long they are."""

NEVER = sys.maxsize
"""The length of the shortest of no texts."""


class Found(msgspec.Struct, frozen=True, order=True):
    """The place of a secret in a text, and what makes it one."""

    start: int
    end: int
    why: Why
    is_inside: bool = False
    """The secret is not what stands there, but in what that holds in base64."""


class SecretSearch:
    """Finds any of many secrets in a text in a few passes, however many there are."""

    def __init__(
        self,
        secrets: Iterable[str],
        patterns: tuple[re.Pattern[str], ...] = (),
        shortest: int = 1,
        *,
        unmarked: bool = True,
    ) -> None:
        """`secrets` are the texts to find, `patterns` regular expressions for further ones.

        No pattern matches fewer than `shortest` characters, where somebody knows it. With `unmarked`, what looks like a
        secret is found as well; private keys are found in any case.
        """
        forms = {form for secret in secrets for form in _spelled(secret) if len(form) >= SHORTEST_SECRET}
        self._plain = Literals(forms)
        self._base64 = Literals(chain.from_iterable(map(base64_forms, forms)))
        self._patterns = patterns
        self._unmarked = unmarked
        lengths = [self._plain.shortest, self._base64.shortest, SHORTEST_KEY, *([shortest] if patterns else [])]
        lengths += [SHORTEST_UNMARKED] if unmarked else []
        self.shortest = min(lengths)
        """Characters. A text that has fewer holds nothing, for no reading of it is longer than itself."""

    def marked_only(self) -> "SecretSearch":
        """The search for the same, without what only looks like a secret."""
        search = copy(self)
        search._unmarked = False  # noqa: SLF001 - of the same class
        return search

    def find(self, text: str, *, is_unpacked: bool = False) -> list[Found]:
        """The places of the secrets, in order; those that overlap are one.

        In a text that `is_unpacked` nothing is unpacked again, so the cost is linear however it is packed.
        """
        if len(text) < self.shortest:
            return []
        if has_one_reading(text):
            return merge_found(set(self._read(text, is_unpacked=is_unpacked)))
        found: set[Found] = set()
        for reading in readings(text):
            for each in self._read(reading.text, is_joined=reading.is_joined, is_unpacked=is_unpacked):
                found.add(Found(*reading.place((each.start, each.end)), each.why, each.is_inside))
        return merge_found(found)

    def may_hold_unmarked(self, text: str, *, is_unpacked: bool = False) -> bool:
        """False if nothing in a JSON text, and in what it holds in base64, looks like a secret."""
        if "PRIVATE" in text or '"Secret"' in text or may_hold_unmarked(text):
            return True
        runs = (run[0] for run in _BASE64_RUN.finditer(text) if not run[0].islower())
        inner = (each for run in runs for each in _texts_in(run, is_unpacked=is_unpacked))
        return any(self.may_hold_unmarked(decoded, is_unpacked=unpacked) for decoded, unpacked in inner)

    def stands_in(self, text: str) -> bool:
        """True if a secret stands there for everybody to read, with escapes or without, and not in base64."""
        return len(text) >= self.shortest and any(
            self._plain.spans(reading.text) or any(self._matched(reading.text, is_joined=reading.is_joined))
            for reading in readings(text)
        )

    def _read(self, text: str, *, is_joined: bool = False, is_unpacked: bool = False) -> Iterator[Found]:
        for start, end in self._plain.spans(text):
            yield Found(start, end, Why.EQUAL)
        for span in self._base64.spans(text):
            yield Found(*_with_edges(text, span), Why.EQUAL, is_inside=True)
        yield from self._matched(text, is_joined=is_joined)
        for run in _BASE64_RUN.finditer(text):
            if not run[0].islower():  # a path or an id; base64 of a text has capitals
                yield from self._in_base64(run, is_unpacked=is_unpacked)

    def _matched(self, text: str, *, is_joined: bool) -> Iterator[Found]:
        for pattern in self._patterns:
            for match in pattern.finditer(text):
                if match.group():
                    yield Found(*match.span(), Why.MARK)
        for span in find_private_keys(text):
            yield Found(*span, Why.LOOKS)
        for span in find_unmarked(text) if self._unmarked and not is_joined else ():
            yield Found(*span, Why.LOOKS)

    def _in_base64(self, run: re.Match[str], *, is_unpacked: bool) -> Iterator[Found]:
        """The whole run, where a secret shows when it is decoded: nobody knows which of its letters tell the secret."""
        for decoded, unpacked in _texts_in(run[0], is_unpacked=is_unpacked):
            if found := self.find(decoded, is_unpacked=unpacked):
                yield Found(*run.span(), min(each.why for each in found), is_inside=True)
                return


def _texts_in(run: str, *, is_unpacked: bool) -> Iterator[tuple[str, bool]]:
    """The texts that a run of base64 letters may hold, and of each whether it, or what it stands in, was unpacked."""
    for decoded in texts_in_base64(run):
        yield decoded, is_unpacked
    if not is_unpacked:
        yield text_in_gzip(run), True


def _spelled(secret: str) -> Iterator[str]:
    """The secret as it stands, and with its escapes resolved, without the white space and the quotes around it.

    In the query of a URL `+` is a space.
    """
    for reading in readings(secret):
        form = reading.text.strip()
        for each in {form, form.strip("\"'")}:
            yield from (each, each.replace(" ", "+"))


_BASE64_RUN = expression(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_BASE64_EDGES = expression(r"[A-Za-z0-9+/_-]?={0,2}")


def _with_edges(text: str, span: Span) -> Span:
    """The span with the letters at its ends, which tell a part of the first and the last character."""
    start, end = span
    before = start > 0 and (text[start - 1].isalnum() or text[start - 1] in "+/-_")
    edge = _BASE64_EDGES.match(text, end)
    return start - before, edge.end() if edge else end


def merge_found(found: Collection[Found]) -> list[Found]:
    """The places in order; those that overlap are one."""
    if not found:
        return []
    merged: list[Found] = []
    for each in sorted(found):
        if merged and each.start < merged[-1].end:
            last = merged[-1]
            is_inside = last.is_inside and each.is_inside
            merged[-1] = Found(last.start, max(each.end, last.end), min(last.why, each.why), is_inside)
        else:
            merged.append(each)
    return merged


class Literals:
    """Finds any of many texts in another one, at a cost that does not depend on how many there are."""

    def __init__(self, literals: Iterable[str]) -> None:
        """Those that are shorter than `SHORTEST_SECRET` are not searched for."""
        found = {literal for literal in literals if len(literal) >= SHORTEST_SECRET}
        self.shortest = min(map(len, found), default=NEVER)
        self._exact = {literal for literal in found if len(literal) <= LONGEST_EXACT}
        self._longer: dict[str, list[str]] = {}
        for literal in sorted(found - self._exact):
            self._longer.setdefault(literal[:LONGEST_EXACT], []).append(literal)
        self._longest = {beginning: max(map(len, longer)) for beginning, longer in self._longer.items()}
        lengths: dict[str, set[int]] = {}
        for literal in (*self._exact, *self._longer):
            lengths.setdefault(literal[:SHORTEST_SECRET], set()).add(len(literal))
        self._lengths = {start: sorted(lengths_of, reverse=True) for start, lengths_of in lengths.items()}
        self._starts = _starts(self._lengths)

    def spans(self, text: str) -> list[Span]:
        """The places of all of them, as start and end; those that overlap are one."""
        if not self._lengths:
            return []
        spans: list[Span] = []
        agreed: dict[str, int] = {}
        start = self._starts.search(text)
        while start:
            position = start.start()
            end = self._end(text, position, agreed)
            if end and spans and position < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            elif end:
                spans.append((position, end))
            start = self._starts.search(text, position + 1)
        return spans

    def _end(self, text: str, position: int, agreed: dict[str, int]) -> int:
        """The end of the longest one that begins there; 0 if none does.

        `agreed` says how far the text agrees with those that begin alike, where it was compared last: within that it
        is not compared again, or a row of zeros would be compared with a row of zeros from each place on.
        """
        for length in self._lengths.get(text[position : position + SHORTEST_SECRET], ()):
            literal = text[position : position + length]
            if literal in self._longer:
                if agreed.get(literal, 0) < position + length:
                    agreed[literal] = position + self._agreement(text, position, literal)
                return agreed[literal]
            if literal in self._exact:
                return position + len(literal)  # at the end of the text there is less
        return 0

    def _agreement(self, text: str, position: int, beginning: str) -> int:
        """The number of characters from there on that one of the long texts has as well, those that begin so."""
        longer = self._longer[beginning]
        rest = text[position : position + self._longest[beginning]]
        place = bisect(longer, rest)
        return max(_common(rest, near) for near in longer[max(place - 1, 0) : place + 1])


def _common(one: str, other: str) -> int:
    """The number of characters with which both begin."""
    lengths = range(min(len(one), len(other)) + 1)
    return bisect(lengths, 0, key=lambda length: not one.startswith(other[:length])) - 1


def _starts(literals: Iterable[str]) -> re.Pattern[str]:
    """Matches the first three characters of any of them: far faster than to look at each place in Python."""
    tree: dict[str, dict[str, set[str]]] = {}
    for literal in literals:
        tree.setdefault(literal[0], {}).setdefault(literal[1], set()).add(literal[2])
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
