"""A text with words for the secrets in it: for those that equal what the plan marks, and for those nobody marks."""

import re
from base64 import b64encode
from collections.abc import Iterable
from copy import copy
from functools import lru_cache

from tfc_plan_comment.plan.encoded_text import SHORTEST_BASE64, decode_base64
from tfc_plan_comment.plan.secrets.hidden_words import WORD, WORDS
from tfc_plan_comment.plan.secrets.marked_secrets import Secrets
from tfc_plan_comment.plan.secrets.places import is_secret_place
from tfc_plan_comment.plan.secrets.search import Found, SecretSearch, merge_found
from tfc_plan_comment.plan.values import Why, identity

SHORT = 200
"""Characters. Most texts are short, and stand in the plan many times: before and after, and in each of many alike
objects. What was found in one of these is kept for the next time."""

MOST_KEPT = 4_096
"""Texts, and numbers, of which what was found is kept."""


class TextMask:
    """Knows the secrets of one plan, finds them in texts, and gives each its number."""

    def __init__(self, secrets: Secrets, redact: tuple[re.Pattern[str], ...] = ()) -> None:
        """`redact` are the user's patterns of further secrets."""
        # Our own words are masked, too: nothing that stands in a plan can pass for what we masked.
        patterns = (*redact, re.compile("|".join(map(re.escape, WORDS.values()))))
        shortest = 1 if redact else min(map(len, WORDS.values()))
        looks, names, words = secrets.looks, secrets.names, secrets.words
        self._everywhere = SecretSearch(looks, patterns, shortest)
        self._in_values = SecretSearch(looks | names, patterns, shortest) if names else self._everywhere
        self._words = SecretSearch(words, unmarked=False) if words else None
        self._redact = SecretSearch((), redact, unmarked=False)
        self._redacted_once = lru_cache(MOST_KEPT)(self._redacted)
        searches = [self._in_values, *([self._words] if self._words else [])]
        self.shortest = min(SHORTEST_BASE64, *(each.shortest for each in searches))
        """Characters. A text that has fewer is shown as it stands."""
        self.asks_names = bool(words)
        """True if it matters under which name a text stands: a word is a secret in some places only."""
        self.hides_unmarked = True
        """True if what only looks like a secret is hidden as well."""
        self._has_secrets = bool(looks or names or words)
        self._numbers: dict[bytes, int] = {}
        self._names: dict[str, str] = {}

    def marked_only(self) -> "TextMask":
        """The same, with the same numbers, for which what only looks like a secret is none."""
        mask = copy(self)
        mask._show_unmarked()  # noqa: SLF001 - of the same class
        return mask

    def _show_unmarked(self) -> None:
        self._everywhere, self._in_values = self._everywhere.marked_only(), self._in_values.marked_only()
        self.hides_unmarked, self._names = False, {}
        self._redacted_once = lru_cache(MOST_KEPT)(self._redacted)

    @property
    def has_hidden(self) -> bool:
        """True if it has hidden anything up to now: each word for a secret has a number."""
        return bool(self._numbers)

    def number(self, value: object) -> int:
        """The number that tells a hidden value from others: equal ones have the same."""
        return self._numbers.setdefault(identity(value), len(self._numbers) + 1)

    def text(self, text: str, name: str = "") -> str:
        """The text with every secret in it replaced. Different texts stay different, so a change still shows.

        `name` is that of the attribute or key which holds it. A text in base64 is masked as what it holds.
        """
        masked = self._encoded(text, name)
        return self._replaced(text, self.find(text, name)) if masked is None else masked

    def name(self, text: str) -> str:
        """A key of a map, or of an instance in an address, in which only what looks like a secret is replaced.

        Terraform refuses sensitive keys of `for_each`, so that an equal word is one by chance.
        """
        if text not in self._names:
            self._names[text] = self._replaced(text, self._everywhere.find(text))
        return self._names[text]

    def text_within(self, text: str) -> str:
        """A text out of a document that stood in a masked string: the user's patterns may match more of it."""
        if len(text) < self._redact.shortest:
            return text
        return self._redacted_once(text) if len(text) <= SHORT else self._redacted(text)

    def _redacted(self, text: str) -> str:
        found = self._redact.find(text)
        if not found:
            return text
        words = [word.span() for word in WORD.finditer(text)]
        found = [each for each in found if not any(first <= each.start and each.end <= last for first, last in words)]
        return self._replaced(text, found)

    def find(self, text: str, name: str = "") -> list[Found]:
        """The places of the secrets in a text of this name, in order."""
        found = self._in_values.find(text)
        if self._words is None:
            return found
        words = (each for each in self._words.find(text) if self._is_at_its_place(each, text, name))
        return merge_found([*found, *words])

    def _is_at_its_place(self, word: Found, text: str, name: str) -> bool:
        """True if a word stands where a secret would, in the text or in what a part of that holds in base64.

        Of a text that is base64 as a whole, `_encoded` knows it.
        """
        piece = text[word.start : word.end]
        if word.is_inside:
            return piece != text and self._encoded(piece, name) is not None
        return is_secret_place(text, word.start, word.end, name)

    def may_hold(self, written: Iterable[str]) -> bool:
        """False if no secret stands in any of these texts of JSON: so much is seen before they are decoded."""
        written = list(written)
        if any(map(self._in_values.may_hold_unmarked, written)):
            return True
        if not self._has_secrets:
            return False
        searches = [self._in_values.marked_only(), *([self._words] if self._words else [])]
        return any(each.why is Why.EQUAL for search in searches for text in written for each in search.find(text))

    def _encoded(self, text: str, name: str = "") -> str | None:
        """The base64 of a text that is masked, or a word for it, where nothing of the text is left.

        None if it is no base64 of a text, or if nothing of that is masked: a secret may stand there all the same, such
        as in base64 that begins at another letter. It is a word as well where other letters may give the same text: the
        two would not be told apart.
        """
        decoded = decode_base64(text)
        if decoded is None or self._in_values.stands_in(text):
            return None
        masked = self.text(decoded, name)
        if masked == decoded:
            return None
        is_whole = WORD.fullmatch(masked.strip()) is not None
        if is_whole or b64encode(decoded.encode()).decode() != text:
            return self._word(text, min((each.why for each in self.find(decoded, name)), default=Why.EQUAL))
        return b64encode(masked.encode()).decode()

    def _replaced(self, text: str, found: list[Found]) -> str:
        pieces: list[str] = []
        shown = 0
        for each in found:
            pieces += text[shown : each.start], self._hidden_piece(text[each.start : each.end], each)
            shown = each.end
        return "".join([*pieces, text[shown:]]) if found else text

    def _hidden_piece(self, piece: str, found: Found) -> str:
        masked = self._encoded(piece) if found.is_inside else None
        return self._word(piece, found.why) if masked is None else masked

    def _word(self, secret: str, why: Why) -> str:
        return f"{WORDS[why]}{self.number(secret)})"
