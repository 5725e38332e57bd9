"""Patterns as in a shell, of the names of types and attributes, and of values."""

from fnmatch import fnmatchcase

WILD = frozenset("*?[")
"""The characters by which a pattern fits more than one text."""


def fits_pattern(text: str, pattern: str) -> bool:
    """True if the pattern fits the whole text, letter case and all.

    Most patterns are a word, or the beginning of one. These need no regular expression, of which `fnmatch` makes one
    for each of the hundreds that our knowledge has.
    """
    beginning, star, rest = pattern.partition("*")
    if rest or not WILD.isdisjoint(beginning):
        return fnmatchcase(text, pattern)
    return text.startswith(beginning) if star else text == pattern
