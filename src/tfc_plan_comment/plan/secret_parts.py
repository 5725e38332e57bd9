"""A sensitive document taken apart: the texts in it that may be secrets by themselves, each with its name there.

The document as a whole is no text to search for: its words stand all over the plan, and a copy of it differs in spaces
and line ends. What is secret in it are its leaves: `password: hunter2` is searched for as `hunter2`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tfc_plan_comment.plan.encoded_text import SHORTEST_BASE64, decode_base64
from tfc_plan_comment.plan.secret_looks import is_about, names_secret
from tfc_plan_comment.plan.values import Json, Number, read_embedded_json

DEEPEST = 8
"""Documents in strings of documents are taken apart to this depth."""

SHORTEST_ENCODED = 8
"""Letters. In a sensitive document a shorter base64 is decoded, too: what is no base64 gives nothing that is found."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the plan marks a value: the name of the attribute, variable or output, and the type of the resource."""

    name: str = ""
    of_type: str = ""

    def inside(self, key: str) -> "Place":
        """The place of what stands in it under a key: in a map of secrets all are, but for their names and hosts."""
        is_own = names_secret(key) or is_about(key) or not names_secret(self.name, self.of_type)
        return Place(key) if is_own else self


Part = tuple[str, Place]

NOWHERE, USER, PASSWORD = Place(), Place("user"), Place("password")

SECRET = Place("secret")
"""Where everything is a secret, such as the data of a Kubernetes Secret."""


def take_apart(text: str, place: Place, depth: int = 0) -> Iterator[Part]:
    """The parts of a text that stands in one string, each with its place; the whole where it is no document."""
    text = text.strip()
    if depth > DEEPEST or not text:
        return
    document = read_embedded_json(text)
    if document is not None:
        yield from take_value_apart(document, place, depth + 1)
        return
    if decoded := decode_base64(text, SHORTEST_ENCODED):
        yield from take_apart(decoded, place, depth + 1)
        if len(text) >= SHORTEST_BASE64:  # so much is no text by chance
            return
    if "\n" in text:
        yield from _in_lines(text, place, depth)
    else:
        yield text, place
        yield from _in_line(text, place, depth)


def take_value_apart(value: Json, place: Place, depth: int = 0) -> Iterator[Part]:
    """The parts of a decoded value, with the names of their keys. True, false and null are no secrets to search for."""
    left = [(value, place)]
    while left:
        value, place = left.pop()
        match value:
            case bool() | None:
                continue
            case dict():
                data = _is_kubernetes_secret(value)
                left += [(item, SECRET if data and key in _DATA else place.inside(key)) for key, item in value.items()]
                if place == SECRET:
                    left += [(item, SECRET) for item in value.values() if isinstance(item, str)]
            case list():
                left += [(item, place) for item in value]
            case str():
                yield from take_apart(value, place, depth)
            case Number():
                yield value.text, place
            case _:
                yield str(value), place


_DATA = frozenset(["data", "stringData", "binaryData"])


def _is_kubernetes_secret(value: dict[str, Json]) -> bool:
    return value.get("kind") == "Secret" and "apiVersion" in value


_PAIR = re.compile(
    r"""^(?P<indent>\s*(?:-\s+)?)(?:export\s+|set\s+|ENV\s+|<)?["']?(?P<name>[A-Za-z_][\w.-]*)["']?"""
    r"""(?:>|\s*(?:=>|=|:(?=[\s"']|$))\s*)(?P<value>.*?)(?:</[\w.:-]+>)?\s*,?$"""
)
"""A line of YAML, properties, dotenv, a shell, HCL or INI that gives a name its value."""
_BLOCK = re.compile(r"[|>][-+0-9]*")
_SECRET_KIND = re.compile(r"^kind:\s*[\"']?Secret\b", re.MULTILINE)
_QUOTES = "\"'`"


def _in_lines(text: str, place: Place, depth: int) -> Iterator[Part]:
    """The lines of a text, and what they give names to; a block below a name in YAML has the name of it."""
    of_secret = bool(_SECRET_KIND.search(text))
    inherited: tuple[int, Place] | None = None
    block: list[str] = []
    for line in [*text.splitlines(), "\0"]:
        indent = len(line) - len(line.lstrip())
        if inherited and line.strip() and indent <= inherited[0]:
            yield from take_apart("\n".join(block), inherited[1], depth + 1)
            inherited, block = None, []
        if inherited:
            block.append(line)
            continue
        pair = _PAIR.match(line)
        value = pair["value"] if pair else ""
        if pair and (not value or _BLOCK.fullmatch(value)):
            is_data = of_secret and pair["name"] in _DATA
            if is_data or _BLOCK.fullmatch(value):
                inherited = indent, SECRET if is_data else place.inside(pair["name"])
                block = []
        elif line.strip("\0 \t"):
            yield from _whole_line(line.strip(), place)
            yield from _in_line(line, place, depth)


def _whole_line(line: str, place: Place) -> Iterator[Part]:
    """A line as a secret by itself, if it has no spaces: a password in a list of them, or a line of a key."""
    if not re.search(r"\s", line):
        yield line, place


_TOKEN = re.compile(r"""[^\s"'`<>|,;()\[\]{}]+""")
_PAIRS = re.compile(
    r"""(?P<name>[A-Za-z_][\w .-]{0,40}?)\s*(?:=>|=|:(?=[\s"']))\s*(?P<value>"[^"]*"|'[^']*'|[^\s;&,"']+)"""
)
_FLAG = re.compile(r"""--?(?P<name>[A-Za-z][\w-]*)[ =](?P<value>"[^"]*"|'[^']*'|[^\s"'-][^\s"']*)""")
_CREDENTIALS = re.compile(r"://(?P<user>[^\s:/?#@]{0,200}):(?P<password>[^\s/?#@:]{1,1000})@")
_BASIC = re.compile(r"[^\s:/]+:(?P<password>[^\s:/][^\s:]*)")
_URL = re.compile(r"://[^\s\"'<>]+")


def _in_line(line: str, place: Place, depth: int) -> Iterator[Part]:
    """What a line gives names to, the credentials of its URLs, and each word of it."""
    for match in _CREDENTIALS.finditer(line):
        yield match["password"], PASSWORD
        yield match["user"], USER
    pair = _PAIR.match(line)
    if pair and pair["value"].strip(_QUOTES):
        value = pair["value"]
        inner = place.inside(pair["name"])
        if value[0] in _QUOTES and value[-1] == value[0] and len(value) > 1:
            yield from take_apart(value[1:-1], inner, depth + 1)
        else:
            yield value, inner
            yield from ((decoded, inner) for decoded in [decode_base64(value, SHORTEST_ENCODED)] if decoded)
    if basic := _BASIC.fullmatch(line.strip()):
        yield basic["password"], place
    for found in (*_PAIRS.finditer(line), *_FLAG.finditer(line)):
        yield found["value"].strip(_QUOTES), place.inside(found["name"])
    for url in _URL.findall(line):
        yield from ((segment, NOWHERE) for segment in re.split(r"[/?&=#]", url)[3:] if segment)
    for token in _TOKEN.findall(line):
        yield token, NOWHERE
        if decoded := decode_base64(token, SHORTEST_ENCODED):
            yield from take_apart(decoded, place, depth + 1)
