"""The keys of instances in addresses, `["eu-west-1"]`, and where they turn up in what a diff says."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tfc_plan_comment.report.markdown import visible

SHORTEST = 3
"""A shorter part of a key is found in values by chance."""

_KEYS = re.compile(r'\["((?:[^"\\]|\\.)*)"\]')
_ANY_KEY = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')
_INSTANCE = re.compile(rf"(.*)({_ANY_KEY.pattern})", re.DOTALL)


class Keyed(NamedTuple):
    """Lines with a placeholder such as `{key}` for each key of the address, and the placeholders that stand in them.

    A line that could pass for one with a placeholder itself leaves all as they are.
    """

    lines: tuple[str, ...]
    used: frozenset[str]


def keyed(address: str, lines: Sequence[str]) -> Keyed:
    """The lines with placeholders for the keys in the address."""
    named = _placeholders(address)
    if not named or any("{key" in line for line in lines):
        return Keyed(tuple(lines), frozenset())
    used: set[str] = set()

    def placeholder(match: re.Match[str]) -> str:
        used.add(named[match[0]])
        return named[match[0]]

    keys = re.compile("|".join(map(re.escape, named)))
    return Keyed(tuple(keys.sub(placeholder, line) for line in lines), frozenset(used))


def example(address: str, used: frozenset[str]) -> Iterator[str]:
    """Lines that say what the placeholders stand for in this address, the first of several."""
    for part, placeholder in sorted(_placeholders(address).items(), key=lambda item: item[1]):
        if placeholder in used:
            yield f"  # {placeholder} is {visible(part)} in the first of them"


def resource_and_key(address: str) -> tuple[str, str]:
    """The address of the resource, and the key of its instance in brackets, empty if it has none."""
    match = _INSTANCE.fullmatch(address)
    return (match[1], match[2]) if match else (address, "")


def without_keys(address: str) -> str:
    """The address as it stands in the configuration: without the keys of any instance."""
    return _ANY_KEY.sub("", address)


def type_of(address: str) -> str:
    """The type of the resource at an address."""
    return "".join(without_keys(address).split(".")[-2:-1])


def _placeholders(address: str) -> dict[str, str]:
    """What stands in for the keys in an address, and for the parts of the last one; the longest first."""
    keys = _KEYS.findall(address)
    if not keys:
        return {}
    named = {key: "{key}" if len(keys) == 1 else f"{{key {number}}}" for number, key in enumerate(keys, 1)}
    parts = re.split(r"[^A-Za-z0-9_-]+", keys[-1])
    named = {part: f"{{key part {number}}}" for number, part in enumerate(parts, 1) if len(parts) > 1} | named
    return {key: named[key] for key in sorted(named, key=lambda key: (-len(key), key)) if len(key) >= SHORTEST}
