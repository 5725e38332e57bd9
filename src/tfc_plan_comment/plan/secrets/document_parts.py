"""A sensitive document taken apart: the texts in it that may be secrets by themselves, each with its name there.

The document as a whole is no text to search for: its words stand all over the plan, and a copy of it differs in spaces
and line ends. What is secret in it are its leaves: `password: hunter2` is searched for as `hunter2`.
"""

import re
from collections.abc import Iterator

import msgspec

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.encoded_text import SHORTEST_BASE64, decode_base64, decode_gzip
from tfc_plan_comment.plan.secrets.looks import is_about, is_public, names_secret, names_secret_itself
from tfc_plan_comment.plan.secrets.places import name_inside
from tfc_plan_comment.plan.values import Json, Number, read_embedded_json

DEEPEST = 8
"""Documents in strings of documents are taken apart to this depth."""

LONGEST_PASSWORD = 200
"""Characters. What goes on for longer behind the name of a secret is no password with signs in it, but a document."""

SHORTEST_ENCODED = 8
"""Letters. In a sensitive document a shorter base64 is decoded, too: what is no base64 gives nothing that is found."""


class Place(msgspec.Struct, frozen=True):
    """The place of a marked value: the name of the attribute, variable or output, and the resource's type."""

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
    if depth > DEEPEST or not text or (is_public(text) and "://" not in text):  # a URL has parts, a digest none
        return
    document = read_embedded_json(text)
    if document is not None:
        yield from take_value_apart(document, place, depth + 1)
        return
    if decoded := decode_base64(text, SHORTEST_ENCODED):
        yield from take_apart(decoded, place, depth + 1)
        if len(text) >= SHORTEST_BASE64:  # so much is no text by chance
            return
    if depth == 0 and (unpacked := decode_gzip(text)):  # only once: each time it may become many times as long
        yield from take_apart(unpacked, place, depth + 1)
    if "\n" in text:
        if joined := decode_base64("".join(text.split())):  # a secret in it may go on in the next line
            yield from take_apart(joined, place, depth + 1)
        yield from _in_lines(text, place, depth)
    else:
        if not _is_document(text, place) and not _gives_public(text):
            yield text, place
        yield from _in_line(text, place, depth)


def _is_document(line: str, place: Place) -> bool:
    """True for a line in which names are given values, such as a connection string, under no name of a secret."""
    if names_secret(place.name, place.of_type) or not _SEPARATED.search(line):
        return False
    return any(pattern.search(line) for pattern in (*_NAMED, _CREDENTIALS))


_SEPARATED = expression(r"[\s<>;]|://")


def take_value_apart(value: Json, place: Place, depth: int = 0) -> Iterator[Part]:
    """The parts of a decoded value, with the names of their keys. True, false and null are no secrets to search for."""
    left = [(value, place)]
    while left:
        value, place = left.pop()
        match value:
            case bool() | None:
                continue
            case dict():
                left += [
                    (item, SECRET if holds_secret_data(value, key) else place.inside(name_inside(value, key)))
                    for key, item in value.items()
                ]
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


def holds_secret_data(value: dict[str, Json], key: str) -> bool:
    """True if what an object has under a key is the data of a Kubernetes Secret, all of which is secret."""
    return key in _DATA and value.get("kind") == "Secret" and "apiVersion" in value


_PAIR = expression(
    r"""^\s*(?:-\s+)?(?:export\s+|set\s+|ENV\s+|<)?["']?(?P<name>[A-Za-z_][\w.-]*)["']?"""
    r"""(?:>|\s*(?:=>|=|:(?!//))\s*)(?:[&!][\w!.-]*\s+)*(?P<value>.*?)(?:</[\w.:-]+>)?\s*,?$"""
)
"""A line of YAML, properties, dotenv, a shell, HCL or INI that gives a name its value."""
_BLOCK = expression(r"[|>][-+0-9]*")
_OPENS = frozenset(["", "{", "[", "({"])
"""The values of a name to which all the deeper lines below it belong."""
_SECRET_KIND = expression(r"^kind:\s*[\"']?Secret\b", re.MULTILINE)
_INDENT = expression(r"\s*")
_ITEM = expression(r"-\s+")
_ITEM_KEY = expression(r"\s*- +key:", re.IGNORECASE)
"""In a list `key` is what its items are called by: labels, taints and tags have it."""
_QUOTES = "\"'`"
_ENDS = _QUOTES + "\\"


def _in_lines(text: str, place: Place, depth: int) -> Iterator[Part]:
    """The lines of a text, and what they give names to; the deeper lines below a name belong to it."""
    of_secret = bool(_SECRET_KIND.search(text))
    parents: list[tuple[int, Place]] = [(-1, place)]
    beside = _Beside()
    for line, block in _with_blocks(text):
        indent = _indent(line)
        while parents[-1][0] >= indent + bool(_ITEM.match(line, indent)):  # items may stand as deep as their name
            parents.pop()
        here = parents[-1][1]
        pair = _PAIR.match(line)
        if pair and (pair["value"] in _OPENS or _BLOCK.fullmatch(pair["value"])):
            inside = SECRET if of_secret and pair["name"] in _DATA else here.inside(pair["name"])
            parents.append((indent, inside))
            yield from take_apart(block, inside, depth + 1)
            continue
        if pair and (named := beside.read(_ITEM.sub("  ", line, count=1), pair["name"], pair["value"])):
            yield named[1].strip(_QUOTES), here.inside(named[0].strip(_QUOTES))
        yield from _line(line, here, depth)


def _with_blocks(text: str) -> Iterator[tuple[str, str]]:
    """Each line that is not blank; beside one that opens a block of YAML the deeper lines below it, as one text."""
    lines = [line for line in text.splitlines() if line.strip()]
    position = 0
    while position < len(lines):
        line, start = lines[position], position + 1
        position = start
        pair = _PAIR.match(line)
        if pair and _BLOCK.fullmatch(pair["value"]):
            while position < len(lines) and _indent(lines[position]) > _indent(line):
                position += 1
        yield line, "\n".join(lines[start:position])


def _indent(line: str) -> int:
    match = _INDENT.match(line)
    return match.end() if match else 0


def _line(line: str, place: Place, depth: int) -> Iterator[Part]:
    """A line as a secret by itself, if it has no spaces: a password in a list of them, or a line of a key."""
    line = line.strip()
    if line[0] in "{[" and (document := read_embedded_json(line)) is not None:
        yield from take_value_apart(document, place, depth + 1)
        return
    item = _ITEM.sub("", line, count=1) if line[0] == "-" else line
    if not re.search(r"\s", item) and not _gives_public(item):
        yield item.strip(_QUOTES), place
    yield from _in_line(line, place, depth)


class _Beside:
    """Remembers the lines `name:` and `value:` of one object in YAML, which stand below each other by turns."""

    def __init__(self) -> None:
        self._indent = -1
        self._seen: dict[str, str] = {}

    def read(self, line: str, key: str, value: str) -> tuple[str, str] | None:
        """The name and the value, when both have been seen."""
        kind = {"name": "name", "key": "name", "value": "value"}.get(key.lower())
        if kind is None:
            return None
        indent = _indent(line)
        if indent != self._indent or kind in self._seen:
            self._indent, self._seen = indent, {}
        self._seen[kind] = value
        return (self._seen["name"], self._seen["value"]) if len(self._seen) > 1 else None


_VALUE = r"""(?P<value>\\*"[^"]*"|\\*'[^']*'|[^\s;&,"'{\[][^\s;&,"']*)"""
_TO_NEXT = expression(rf"""\S{{1,{LONGEST_PASSWORD}}}?(?=[;,&]{{1,3}}["']?[\w.-]{{1,100}}\\*["']?\s{{0,3}}[=:]|\s|$)""")
"""A word, up to another pair that follows without a space: all signs in it but those are letters of it."""
_TO_SPACE = expression(rf"\S{{1,{LONGEST_PASSWORD}}}(?!\S)")
_TO_SEMICOLON = expression(rf"[^;]{{1,{LONGEST_PASSWORD}}}(?=;[A-Za-z][\w .-]{{0,40}}=)")
"""Up to another pair of a connection string: in one, spaces are letters of a password, too."""
_NAMED = {
    expression(
        rf"""(?<![\w.-])(?P<name>[A-Za-z_][\w .-]{{0,40}}?)\\*["']?\s*(?:=>|=|:(?=[\s"'\\]))\s*{_VALUE}"""
    ): _TO_NEXT,
    expression(
        r"""(?<![\w-])--?(?P<name>[A-Za-z][\w-]{0,60})[ =](?P<value>"[^"]*"|'[^']*'|[^\s"'-][^\s"']*)"""
    ): _TO_SPACE,
    expression(r"<(?P<name>[\w.:-]{1,100})(?:\s[^<>]*)?>(?P<value>[^<>]+)</"): None,
    expression(
        r"""\b(?:name|key)["']?\s?[:=]\s?["']?(?P<name>[\w.-]{1,100})["']?[ ,;]{1,3}["']?value["']?\s?[:=]\s?"""
        + _VALUE
    ): _TO_NEXT,
    expression(r"""["'](?P<name>[\w.-]{1,100})["'] ?, ?(?P<value>"[^"]*"|'[^']*')"""): None,
}
"""What gives a name its value within a line: a pair, a flag, an element of XML, a name and a value, arguments. Beside
each is what the value is if a quote or a sign in it does not end it."""
_SPOKEN = expression(
    r"""(?P<name>(?:passw(?:or)?d|passphrase|secret|token|credential|bearer|identified by)[\w.-]{0,40}|securestring)"""
    r"""[ \t]+(?P<value>"[^"]*"|'[^']*'|(?=[^\s]*\d)[^\s"';,&]+)""",
    re.IGNORECASE,
)
"""A secret that stands behind its name without a sign between them; if it is not in quotes it has a digit."""
_CREDENTIALS = expression(
    r"(?:://|(?<![^\s\"'=(]))(?P<user>[^\s:/?#@\"'=(]{0,200}):(?P<password>[^\s/?#@:]{1,1000})@(?!sha\d)"
)
_BASIC = expression(r"[^\s:/]+:(?P<password>[^\s:/][^\s:]*)")
_BASIC_HEADER = expression(r"\bbasic\s+(?P<encoded>[A-Za-z0-9+/]{8,}={0,2})", re.IGNORECASE)
_USER_FLAG = expression(r"""\s(?:-u|--(?:proxy-)?user)[ =]["']?[^\s:"']{1,200}:(?P<value>[^\s"']+)""")
_PASSWORD_FLAG = expression(r"(?<!\S)-p(?P<value>[^\s\"'-]+)")
"""MySQL, "4.2.4 Connecting to the Server": behind `-p` stands the password. Others have a port there, or a path."""
_PGPASS = expression(r"[^\s:]+:(?:\d+|\*):[^\s:]+:[^\s:]+:(?P<password>\S+)")
"""PostgreSQL, "The Password File": host:port:database:user:password."""
_URL = expression(r"://[^\s\"'<>]+")
_LETTER = expression(r"\w")
_TOKEN = expression(r"""[^\s"'`<>|,;()\[\]{}]+""")
_SIGNS = expression(r"^-p|[:@=/&?#]+")
_HAS_PIECES = expression(r"-p|[^:@&?=]*[:@&?=]+[^=]")


def _in_line(line: str, place: Place, depth: int) -> Iterator[Part]:
    """The texts that a line gives names to, the credentials in it, and each word of it."""
    line = _ITEM_KEY.sub("- name:", line, count=1)
    yield from _credentials(line, place)
    pair = _PAIR.match(line)
    if pair and (value := pair["value"].strip(_QUOTES)):
        inner = place.inside(pair["name"])
        if value[0] + value[-1] in {"{}", "[]"}:
            place = inner
            yield from ((item, inner) for item in _TOKEN.findall(value) if value[0] == "[")
        elif _is_quoted(pair["value"]):
            yield from take_apart(pair["value"][1:-1], inner, depth + 1)
        else:
            yield pair["value"], inner
            yield from ((decoded, inner) for decoded in [decode_base64(value, SHORTEST_ENCODED)] if decoded)
    for named, farthest in _NAMED.items():
        for found in named.finditer(line):
            inner = place.inside(found["name"])
            yield found["value"].strip(_ENDS).rstrip("})]"), inner
            if farthest and names_secret_itself(inner.name):
                yield from ((value, inner) for value in _longer_readings(found, farthest))
    for token in _TOKEN.findall(line):
        yield from _in_token(token, place, depth)


def _longer_readings(found: re.Match[str], farthest: re.Pattern[str]) -> Iterator[str]:
    """What the value of a name is if it goes on behind the quote or the sign that ends it elsewhere.

    A value in quotes ends with them, and what has no letters is an operator, and no value.
    """
    value = found["value"]
    if value.lstrip("\\")[:1] in {'"', "'"} or not _LETTER.search(value):
        return
    for pattern in (farthest, *([_TO_SEMICOLON] if farthest is _TO_NEXT else [])):
        longer = pattern.match(found.string, found.start("value"))
        if longer and longer[0] != value:
            yield longer[0].strip(_ENDS).rstrip(f"{_ENDS};,&)]}}")


def _is_quoted(value: str) -> bool:
    """True if a text is all in quotes."""
    return len(value) > 1 and value[0] in _QUOTES and value[-1] == value[0]


def _credentials(line: str, place: Place) -> Iterator[Part]:
    """The passwords that are told by where they stand."""
    for match in _CREDENTIALS.finditer(line):
        yield match["password"], PASSWORD
        yield match["user"], USER
    for match in _USER_FLAG.finditer(line):
        yield from ((value, PASSWORD) for value in (match["value"], *_longer_readings(match, _TO_SPACE)))
    for match in _PASSWORD_FLAG.finditer(line):
        yield from ((value, NOWHERE) for value in (match["value"], *_longer_readings(match, _TO_SPACE)))
    for match in _SPOKEN.finditer(line):
        if not is_about(match["name"]):
            yield match["value"].strip(_QUOTES), PASSWORD
            yield from ((value, PASSWORD) for value in _longer_readings(match, _TO_SPACE))
    for match in _BASIC_HEADER.finditer(line):
        yield (decode_base64(match["encoded"], SHORTEST_ENCODED) or "").partition(":")[2], PASSWORD
    stripped = line.strip()
    if basic := _BASIC.fullmatch(stripped):
        yield basic["password"], place
    if of_postgres := _PGPASS.fullmatch(stripped):
        yield of_postgres["password"], PASSWORD


def _gives_public(token: str) -> bool:
    """True for `AMI=ami-0abc1234def567890`: the name in front of it makes no secret of it."""
    value = token.partition("=")[2]
    return bool(value) and is_public(value)


def _in_token(token: str, place: Place, depth: int) -> Iterator[Part]:
    """A word, what it holds in base64, and its pieces: `app:Zq7wK9Px@tcp` has a secret in it."""
    if not _gives_public(token):
        yield token, NOWHERE
    if "://" in token:
        pieces = re.split(r"[/?&=#]", token)[2:]
        yield from (
            (piece.rpartition("@")[0] if number == 0 else piece, NOWHERE) for number, piece in enumerate(pieces)
        )
    elif _HAS_PIECES.match(token) and not is_public(token):
        yield from ((piece, NOWHERE) for piece in _SIGNS.split(token))
    if decoded := decode_base64(token, SHORTEST_ENCODED):
        yield from take_apart(decoded, place, depth + 1)
