"""The ways to write a text inside of another one."""

import json
import shlex
import textwrap
from base64 import b64encode, encodebytes, urlsafe_b64encode
from collections.abc import Callable
from html import escape
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.secrets.search import SecretSearch
from tfc_plan_comment.plan.secrets.spellings import base64_forms, has_one_reading, readings


def wrapped(text: str, length: int, between: str) -> str:
    """Its base64 in lines."""
    return between.join(textwrap.wrap(b64encode(text.encode()).decode(), length))


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "JSON": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON in ASCII": json.dumps,
    "JSON in JSON": lambda text: json.dumps(json.dumps({"a": text})),
    "JSON in JSON in JSON": lambda text: json.dumps({"a": json.dumps({"b": json.dumps([text])})}),
    "Go's JSON": lambda text: json.dumps(text).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),
    "HCL": lambda text: json.dumps(text).replace("${", "$${").replace("%{", "%%{"),
    "YAML in single quotes": lambda text: f"'{text.replace(chr(39), chr(39) * 2)}'",
    "compose": lambda text: text.replace("$", "$$"),
    "printf": lambda text: text.replace("%", "%%"),
    "a shell": shlex.quote,
    "a shell in single quotes": lambda text: "'" + text.replace("'", "'\\''") + "'",
    "Helm's --set": lambda text: text.replace("\\", "\\\\").replace(",", "\\,"),
    "HTML": escape,
    "XML": lambda text: escape(text).replace("&#x27;", "&apos;"),
    "HTML in numbers": lambda text: "".join(f"&#{ord(character)};" for character in text),
    "HTML in hexadecimal numbers": lambda text: "".join(f"&#x{ord(character):X};" for character in text),
    "a URL": lambda text: quote(text, safe=""),
    "a URL in small letters": lambda text: quote(text, safe="").lower() if text == text.lower() else quote(text),
    "a path of a URL": quote,
    "a query": lambda text: quote_plus(f" {text}"),
    "CSV": lambda text: f'"{text.replace(chr(34), chr(34) * 2)}"',
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: urlsafe_b64encode(text.encode()).decode(),
    "base64 without padding": lambda text: b64encode(text.encode()).decode().rstrip("="),
    "base64 behind a path": lambda text: f"https://h/auth/{b64encode(text.encode()).decode()}",
    "base64 of longer text": lambda text: b64encode(f"u:{text}, and".encode()).decode(),
    "base64 of another length": lambda text: b64encode(f"us:{text}, and".encode()).decode(),
    "base64 in lines": lambda text: encodebytes(f"{'user: admin ' * 4}{text}{' and more' * 6}".encode()).decode(),
    "base64 in short lines": lambda text: wrapped(f"{text}, and", 8, "\n"),
    "base64 in lines that YAML folds": lambda text: wrapped(f"{'x' * 40}{text}{'y' * 40}", 64, " "),
    "base64 in a list of lines": lambda text: wrapped(f"{'x' * 40}{text}{'y' * 40}", 76, '",\n  "'),
    "base64 in lines in JSON": lambda text: json.dumps(encodebytes(f"{'x' * 40}{text}{'y' * 40}".encode()).decode()),
    "base64 in base64": lambda text: b64encode(b64encode(f"password: {text}, or so".encode())).decode(),
    "base64 of JSON": lambda text: b64encode(json.dumps({"password": text, "user": "admin"}).encode()).decode(),
}

SECRETS = st.tuples(
    st.text(st.sampled_from("abcXYZ019"), min_size=3, max_size=6),
    st.text(st.sampled_from("aZ0\"\\/<>&'$%{},;= é€\U0001f600"), max_size=6),
    st.text(st.sampled_from("abcXYZ019"), min_size=3, max_size=6),
).map("".join)
"""With letters at both ends: what is around it in a text does not become one escape with a part of it."""


@pytest.mark.parametrize("name", SPELLINGS)
@given(secret=SECRETS, around=st.sampled_from(["{}", "x {} y", '{{"k":"{}"}}', "a={};b"]))
def test_a_secret_is_found_in_every_spelling(name: str, secret: str, around: str) -> None:
    """However it is written, and whatever is around it."""
    assert SecretSearch([secret]).find(around.format(SPELLINGS[name](secret)))


@pytest.mark.parametrize(
    "name", [name for name in SPELLINGS if not any(kind in name for kind in ("base64", "JSON in JSON", "a query"))]
)
@given(secret=SECRETS)
def test_a_secret_is_found_where_it_stands_plainly(name: str, secret: str) -> None:
    """What is marked in a spelling is found without it: Helm has a backslash before each comma, and a pod has not."""
    assert SecretSearch([SPELLINGS[name](secret)]).find(f"x {secret} y")


@pytest.mark.parametrize("name", [name for name in SPELLINGS if "base64" not in name])
@given(secret=SECRETS)
def test_only_the_secret_is_found(name: str, secret: str) -> None:
    """Its place in the text is exactly that of its spelling: what is around it stays."""
    text = f"before: {SPELLINGS[name](secret)} :behind"
    found = SecretSearch([secret]).find(text)

    assert text[: found[0].start].startswith("before: ")
    assert text[found[-1].end :].endswith(" :behind")


@given(st.text(st.sampled_from("aZ0\"\\/<>&'$%{},;=u x\n41é#"), max_size=40))
def test_places(text: str) -> None:
    """Each reading knows where its characters come from: what follows here follows there, and nothing is left out."""
    for reading in readings(text):
        places = [reading.place((number, number + 1)) for number in range(len(reading.text))]
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert places == sorted(places)
        whole = reading.place((0, len(reading.text))) if reading.text else (0, 0)
        assert not reading.text or whole == (places[0][0], places[-1][1])


@given(
    st.binary(max_size=5),
    st.text(min_size=6, max_size=9),
    st.binary(max_size=5),
    st.sampled_from([b64encode, urlsafe_b64encode]),
)
def test_base64_of_anything(before: bytes, text: str, behind: bytes, encode: Callable[[bytes], bytes]) -> None:
    """In base64 of anything that has the text in it stands one of its forms."""
    encoded = encode(before + text.encode() + behind).decode()

    assert any(form in encoded for form in base64_forms(text))


def test_the_end_of_readings() -> None:
    """Text without escapes is read once; escapes inside of escapes are resolved to the last."""
    assert [reading.text for reading in readings("plain 100%")] == ["plain 100%"]
    assert [reading.text for reading in readings(r"a\\\\\"b")] == [r"a\\\\\"b", r'a\\"b', r"a\"b", 'a"b']
    assert quote_plus("%") == "%25"
    assert "%" in [reading.text for reading in readings("%25252525")]


@given(st.text(st.sampled_from("aZ0\"\\/<>&'$%{},;=u x\n41é#"), max_size=40) | st.text("Aa/ \n,+-", min_size=20))
def test_one_reading(text: str) -> None:
    """A text of which it is said that there is one way to read it has one; and no reading is longer than the text."""
    found = [reading.text for reading in readings(text)]
    assert has_one_reading(text) == (found == [text])
    assert max(map(len, found)) == len(text)
