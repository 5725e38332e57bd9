"""The keys of instances in addresses, `["eu-west-1"]`, and where they turn up in what a diff says.

A placeholder for a key stands in values, and in the keys and labels that a path has in brackets: never in the name of
an attribute, nor in words of ours, nor within a word.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.secrets.hidden_words import is_masked
from tfc_plan_comment.report.lines.attributes import Told
from tfc_plan_comment.report.lines.cell import say, say_name, say_text
from tfc_plan_comment.report.lines.line import Line
from tfc_plan_comment.report.model import Phrase

SHORTEST = 3
"""A shorter part of a key is found in values by chance."""

_QUOTED = expression(r'"(?:[^"\\]|\\.)*+"(?! = )')
"""A value in quotation marks; in front of an equals sign they stand around a name."""

_IN_BRACKETS = expression(r'(?<=\[)"(?:[^"\\]|\\.)*+"(?=\])')

_GUTTER = "│ "

Shared = Mapping[str, Collection[str]]
"""By the address without keys: the keys, and the parts of keys, that all instances have."""

_KEYS = expression(r'\["((?:[^"\\]|\\.)*)"\]')
ANY_KEY = expression(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')
"""The key of an instance, in its brackets."""
_INSTANCE = expression(rf"(.*)({ANY_KEY.pattern})", re.DOTALL)


_ALL = expression(r".+", re.DOTALL)

NONE_SHARED: Shared = MappingProxyType({})


class Keyed(msgspec.Struct, frozen=True):
    """Lines and phrases with a placeholder such as `{key}` for each key of the address.

    `used` are the placeholders that stand in each of the lines, and `all_used` those that stand anywhere. Where
    anything could pass for a placeholder itself, all of it stays as it is.
    """

    lines: tuple[Line, ...]
    about: tuple[Phrase, ...]
    used: tuple[frozenset[str], ...]
    all_used: frozenset[str]


def find_shared(addresses: Iterable[str]) -> Shared:
    """The parts that the keys of all instances of a resource have in common: it tells none from another."""
    found: dict[str, list[set[str]]] = {}
    for address in addresses:
        found.setdefault(drop_keys(address), []).append(set(_placeholders(address)))
    return {base: set.intersection(*keys) for base, keys in found.items() if len(keys) > 1}


def put_keys(address: str, lines: Sequence[Line], about: Sequence[Phrase] = (), shared: Shared = NONE_SHARED) -> Keyed:
    """The same with placeholders for the keys in the address, but for those that are shared."""
    common = shared.get(drop_keys(address), ())
    named = {key: placeholder for key, placeholder in _placeholders(address).items() if key not in common}
    in_about = [(phrase.words, phrase.origin, phrase.after) for phrase in about]
    texts = [text for line in lines for text in (line.path, line.text)] + [text for each in in_about for text in each]
    if not named or any("{key" in text for text in texts):
        return Keyed(tuple(lines), tuple(about), (frozenset(),) * len(lines), frozenset())
    keys = re.compile(f"(?<![^\\W_])(?:{'|'.join(map(re.escape, named))})(?![^\\W_])")

    def put(text: str, places: re.Pattern[str] = _QUOTED) -> tuple[str, frozenset[str]]:
        used: set[str] = set()

        def replace_key(match: re.Match[str]) -> str:
            used.add(named[match[0]])
            return named[match[0]]

        put_in = places.sub(lambda place: keys.sub(replace_key, place[0]), text)
        return put_in, frozenset(used)

    put_lines, used = [], []
    for line in lines:
        path, in_path = put(line.path, _IN_BRACKETS)
        text, in_text = put(line.text, _ALL if line.text.startswith(_GUTTER) else _QUOTED)
        used.append(in_path | in_text)
        put_lines.append(replace(line, path=path, text=text) if used[-1] else line)
    put_about = [(put(words), put(origin), put(after)) for words, origin, after in in_about]
    return Keyed(
        tuple(put_lines),
        tuple(
            replace(phrase, words=words, origin=origin, after=after)
            for ((words, _), (origin, _), (after, _)), phrase in zip(put_about, about, strict=True)
        ),
        tuple(used),
        frozenset[str]().union(*used, *(found for each in put_about for _, found in each)),
    )


WHOLE_KEY = "{key}"
"""The placeholder for the only key of an address."""

EXPLAINED = Line(f"# {WHOLE_KEY} stands for each one's own key")


def explain(address: str, used: Collection[str]) -> Told:
    """A line that says what `{key}` stands for, and sentences for the other placeholders, which say more.

    `address` is the first of several, for an example.
    """
    sentences = [
        say_name(placeholder) + say(f" stands for {_name_part(placeholder)}, such as ") + say_text(part) + say(".")
        for part, placeholder in sorted(_placeholders(address).items(), key=lambda item: item[1])
        if placeholder in used and placeholder != WHOLE_KEY
    ]
    return Told((EXPLAINED,) if WHOLE_KEY in used else (), tuple(sentences))


def _name_part(placeholder: str) -> str:
    """`part 2 of each one's key`, and of one of several keys `each one's key 1`."""
    words = placeholder.strip("{}").removeprefix("key ")
    return f"{words} of each one's key" if words.startswith("part") else f"each one's key {words}"


def split_key(address: str) -> tuple[str, str]:
    """The address of the resource, and the key of its instance in brackets, empty if it has none."""
    match = _INSTANCE.fullmatch(address)
    return (match[1], match[2]) if match else (address, "")


def drop_keys(address: str) -> str:
    """The address as it stands in the configuration: without the keys of any instance."""
    return ANY_KEY.sub("", address)


def find_type(address: str) -> str:
    """The type of the resource at an address."""
    return "".join(drop_keys(address).split(".")[-2:-1])


def _placeholders(address: str) -> dict[str, str]:
    """The words for the keys in an address, and for the parts of the last one; the longest first.

    There is none for a key that is masked, for then it is words of ours.
    """
    keys = [key for key in _KEYS.findall(address) if not is_masked(key)]
    if not keys:
        return {}
    named = {key: WHOLE_KEY if len(keys) == 1 else f"{{key {number}}}" for number, key in enumerate(keys, 1)}
    parts = re.split(r"[^A-Za-z0-9_-]+", keys[-1])
    named = {part: f"{{key part {number}}}" for number, part in enumerate(parts, 1) if len(parts) > 1} | named
    return {key: named[key] for key in sorted(named, key=lambda key: (-len(key), key)) if len(key) >= SHORTEST}
