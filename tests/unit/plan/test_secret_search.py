"""Finding secrets in texts."""

import json
import re
import string
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.secret_search import SHORTEST_SECRET, SecretSearch

FEW = st.text("ab", min_size=SHORTEST_SECRET, max_size=9)
SECRETS = st.lists(FEW, max_size=5)
ODD = st.text(
    st.one_of(st.sampled_from('"\\/<>&\n\t\x00\u2028\u00e9\U0001f600'), st.sampled_from(string.ascii_letters)),
    min_size=SHORTEST_SECRET,
    max_size=12,
).filter(lambda text: len(text.strip()) >= SHORTEST_SECRET)


@given(SECRETS, st.data())
def test_every_occurrence_is_covered(secrets: list[str], data: st.DataObject) -> None:
    """A place in a text is in a span exactly if it is in an occurrence of a secret, also where these overlap."""
    pieces = st.sampled_from([*secrets, *(secret[2:] for secret in secrets), *(secret[:4] for secret in secrets), "c"])
    text = "".join(data.draw(st.lists(pieces, max_size=8)))
    covered = set()
    for secret in secrets:
        for start in range(len(text)):
            if text.startswith(secret, start):
                covered |= set(range(start, start + len(secret)))
    spans = SecretSearch(secrets).spans(text)
    assert {place for start, end in spans for place in range(start, end)} == covered
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_substrings_and_overlaps() -> None:
    """A secret in a longer one goes with it, overlapping ones go together, neighbours are two."""
    search = SecretSearch(["password", "password-123", "123-456789"])
    assert search.spans("my password-123!") == [(3, 15)]
    assert search.spans("my password-1234") == [(3, 15)]
    assert search.spans("my password-12x") == [(3, 11)]
    assert search.spans("password-123-456789") == [(0, 19)]
    assert search.spans("passwordpassword") == [(0, 8), (8, 16)]


@pytest.mark.parametrize("short", ["", "a", "12345", "true", " x "])
def test_short_secrets_are_not_searched_for(short: str) -> None:
    """What is shorter than six characters would be found in half of all words."""
    assert SecretSearch([short]).spans(f"{short} true 12345 a") == []


def test_white_space_around_a_secret() -> None:
    """A secret that a file ends with a newline is found without it, too."""
    assert SecretSearch(["hunter2!\n"]).spans("x hunter2! y") == [(2, 10)]
    assert SecretSearch(["hunter2!\n"]).spans("x hunter2!\n") == [(2, 11)]


def go_json(text: str) -> str:
    """The text as Go's encoding/json, and so Terraform's jsonencode, writes it."""
    plain = json.dumps(text, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        plain = plain.replace(character, f"\\u{ord(character):04x}")
    return plain


@given(ODD, st.sampled_from(["", "x", " and "]))
def test_in_json(secret: str, around: str) -> None:
    """However JSON writes a secret, and in however many strings inside each other, it is found."""
    search = SecretSearch([secret])
    plain = around + secret + around
    ways = [
        go_json(plain),
        json.dumps(plain, ensure_ascii=False),
        json.dumps(plain),
        json.dumps(plain).replace("/", "\\/"),
        json.dumps({"a": json.dumps([plain])}),
        go_json(go_json(go_json(plain))),
        json.dumps("".join(f"\\u{unit:04x}" for unit in memoryview(plain.encode("utf-16-le")).cast("H"))),
    ]
    for way in ways:
        assert search.spans(way) or search.is_in_escapes(way)
    assert search.spans(go_json(plain)), "Terraform's own way is found without resolving escapes"


@given(st.text(st.sampled_from('\\"u0d8nAx'), max_size=30))
def test_escapes_of_any_kind(text: str) -> None:
    """Texts full of backslashes, whether they are escapes or not, are searched to the end."""
    assert not SecretSearch(["hunter2-secret"]).is_in_escapes(text)


def test_half_a_character() -> None:
    """The escape of half a character is resolved, too, and stops nothing."""
    assert SecretSearch(["hunter2-secret"]).is_in_escapes('\\ud800 \\udc00\\ud83d\\ude00 \\"hunter2\\u002dsecret')


def test_patterns() -> None:
    """The user's patterns are searched for like secrets; one that matches nothing at all hides nothing."""
    search = SecretSearch(["hunter2-secret"], (re.compile(r"\d{12}"), re.compile("x*"), re.compile("(?i)-SECRET and")))
    assert search.spans("arn:123456789012:xx") == [(4, 16), (17, 19)]
    assert search.spans("hunter2-secret and more") == [(0, 18)]
    assert search.spans("nothing") == []
    assert search.is_in_escapes('{\\"a\\": \\"12345678901\\u0032\\"}')


def test_many_secrets() -> None:
    """A thousand secrets that begin alike are told apart."""
    secrets = [f"arn:aws:secret:{number:06}" for number in range(1000)]
    search = SecretSearch(secrets)
    assert search.spans(",".join(secrets)) == [(22 * number, 22 * number + 21) for number in range(1000)]
    assert search.spans("arn:aws:secret:001000") == []
