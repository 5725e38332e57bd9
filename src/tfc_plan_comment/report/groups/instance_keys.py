"""The keys of instances in addresses, `["eu-west-1"]`, and where they turn up in what a diff says."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tfc_plan_comment.plan.masking import is_masked
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


def put_keys(
    address: str, lines: Sequence[Line], about: Sequence[Phrase] = (), shared: frozenset[str] = frozenset()
) -> Keyed:
    """The same with placeholders for the keys in the address, but for what is `shared` by all instances.

    They stand in values only: the name of an attribute, or a word of ours, is the same in all instances, even where a
    key says the same.
    """
    named = _placeholders(address, shared)
    in_lines = [(line.path, line.text) for line in lines]
    in_about = [(phrase.words, phrase.origin, phrase.after) for phrase in about]
    if not named or any("{key" in text for texts in (*in_lines, *in_about) for text in texts):
        return Keyed(tuple(lines), tuple(about), (frozenset(),) * len(lines), frozenset())
    keys = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, named))})(?![A-Za-z0-9])")
    used = [set[str]() for _ in range(len(lines) + 1)]

    def put(text: str, number: int) -> str:
        used[number].update(named[key] for key in keys.findall(text))
        return keys.sub(lambda match: named[match[0]], text)

    def put_in_values(text: str, number: int) -> str:
        if text.startswith(_GUTTER):
            return put(text, number)
        return _QUOTED.sub(lambda match: put(match[0], number), text)

    keyed = tuple(replace(line, text=put_in_values(line.text, number)) for number, line in enumerate(lines))
    phrases = tuple(
        replace(phrase, words=put_in_values(phrase.words, -1), origin=put(phrase.origin, -1)) for phrase in about
    )
    return Keyed(keyed, phrases, tuple(map(frozenset, used[:-1])), frozenset[str]().union(*used))


_GUTTER = "│"
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def explain(address: str, used: Collection[str], shared: frozenset[str] = frozenset()) -> Iterator[Line]:
    """Lines that say what the placeholders stand for in this address, the first of several."""
    for part, placeholder in sorted(_placeholders(address, shared).items(), key=lambda item: item[1]):
        if placeholder in used:
            yield Line(f"# {placeholder} is {visible(part)} in the first of them")


def find_shared(addresses: Iterable[str]) -> frozenset[str]:
    """The parts of keys that stand in the keys of all these instances, and so tell none from the others."""
    parts = [set(_split(keys[-1])) for address in addresses if (keys := _KEYS.findall(address))]
    return frozenset(set.intersection(*parts)) if len(parts) > 1 else frozenset()


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


def _placeholders(address: str, shared: frozenset[str]) -> dict[str, str]:
    """The words for the keys in an address, and for the parts of the last one; the longest first.

    A masked key has none, for what stands in it for a secret stands for it in values as well.
    """
    keys = _KEYS.findall(address)
    if not keys:
        return {}
    named = {key: "{key}" if len(keys) == 1 else f"{{key {number}}}" for number, key in enumerate(keys, 1)}
    parts = _split(keys[-1])
    named = {part: f"{{key part {number}}}" for number, part in enumerate(parts, 1) if len(parts) > 1} | named
    telling = [key for key in named if len(key) >= SHORTEST and key not in shared]
    if is_masked(keys[-1]):
        telling = [key for key in telling if key in keys]
    return {key: named[key] for key in sorted(telling, key=lambda key: (-len(key), key)) if not is_masked(key)}


def _split(key: str) -> list[str]:
    return re.split(r"[^A-Za-z0-9_-]+", key)
