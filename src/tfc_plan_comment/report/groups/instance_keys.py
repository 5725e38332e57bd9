"""The keys of instances in addresses, `["eu-west-1"]`, and where they turn up in what a diff says."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from tfc_plan_comment.report.lines.line import Line
from tfc_plan_comment.report.model import Phrase
from tfc_plan_comment.report.unseen import visible

SHORTEST = 3
"""A shorter part of a key is found in values by chance."""

_KEYS = re.compile(r'\["((?:[^"\\]|\\.)*)"\]')
_ANY_KEY = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')
_INSTANCE = re.compile(rf"(.*)({_ANY_KEY.pattern})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Keyed:
    """Lines and phrases with a placeholder such as `{key}` for each key of the address.

    `used` are the placeholders that stand in each of the lines, and `all_used` those that stand anywhere. Where
    anything could pass for a placeholder itself, all of it stays as it is.
    """

    lines: tuple[Line, ...]
    about: tuple[Phrase, ...]
    used: tuple[frozenset[str], ...]
    all_used: frozenset[str]


def put_keys(address: str, lines: Sequence[Line], about: Sequence[Phrase] = ()) -> Keyed:
    """The same with placeholders for the keys in the address."""
    named = _placeholders(address)
    in_lines = [(line.path, line.text) for line in lines]
    in_about = [(phrase.words, phrase.origin, phrase.after) for phrase in about]
    if not named or any("{key" in text for texts in (*in_lines, *in_about) for text in texts):
        return Keyed(tuple(lines), tuple(about), (frozenset(),) * len(lines), frozenset())
    keys = re.compile("|".join(map(re.escape, named)))

    def put(text: str) -> str:
        return keys.sub(lambda match: named[match[0]], text)

    def find(texts: tuple[str, ...]) -> frozenset[str]:
        return frozenset(named[key] for text in texts for key in keys.findall(text))

    used = tuple(map(find, in_lines))
    return Keyed(
        tuple(
            replace(line, path=put(line.path), text=put(line.text)) if found else line
            for line, found in zip(lines, used, strict=True)
        ),
        tuple(Phrase(put(phrase.words), put(phrase.origin), put(phrase.after), phrase.cut) for phrase in about),
        used,
        frozenset[str]().union(*used, *map(find, in_about)),
    )


def explain(address: str, used: Collection[str]) -> Iterator[Line]:
    """Lines that say what the placeholders stand for in this address, the first of several."""
    for part, placeholder in sorted(_placeholders(address).items(), key=lambda item: item[1]):
        if placeholder in used:
            yield Line(f"# {placeholder} is {visible(part)} in the first of them")


def split_key(address: str) -> tuple[str, str]:
    """The address of the resource, and the key of its instance in brackets, empty if it has none."""
    match = _INSTANCE.fullmatch(address)
    return (match[1], match[2]) if match else (address, "")


def drop_keys(address: str) -> str:
    """The address as it stands in the configuration: without the keys of any instance."""
    return _ANY_KEY.sub("", address)


def find_type(address: str) -> str:
    """The type of the resource at an address."""
    return "".join(drop_keys(address).split(".")[-2:-1])


def _placeholders(address: str) -> dict[str, str]:
    """The words for the keys in an address, and for the parts of the last one; the longest first."""
    keys = _KEYS.findall(address)
    if not keys:
        return {}
    named = {key: "{key}" if len(keys) == 1 else f"{{key {number}}}" for number, key in enumerate(keys, 1)}
    parts = re.split(r"[^A-Za-z0-9_-]+", keys[-1])
    named = {part: f"{{key part {number}}}" for number, part in enumerate(parts, 1) if len(parts) > 1} | named
    return {key: named[key] for key in sorted(named, key=lambda key: (-len(key), key)) if len(key) >= SHORTEST}
