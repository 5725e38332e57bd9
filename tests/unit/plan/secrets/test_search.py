"""Finding secrets in texts."""

import gzip
import json
import re
import string
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.encoded_text import text_in_gzip
from tfc_plan_comment.plan.secrets.looks import SHORTEST_SECRET
from tfc_plan_comment.plan.secrets.search import LONGEST_EXACT, Literals, SecretSearch
from tfc_plan_comment.plan.secrets.spellings import Span
from tfc_plan_comment.plan.values import Why

FEW = st.text("ab", min_size=SHORTEST_SECRET, max_size=9)
SECRETS = st.lists(FEW, max_size=5)
ODD = st.text(
    st.one_of(st.sampled_from('"\\/<>&\n\t\x00\u2028\u00e9\U0001f600'), st.sampled_from(string.ascii_letters)),
    min_size=SHORTEST_SECRET,
    max_size=12,
).filter(lambda text: len(text.strip()) >= SHORTEST_SECRET)


def places(search: SecretSearch, text: str) -> list[Span]:
    """The places of the secrets, without what makes them ones."""
    return [(found.start, found.end) for found in search.find(text)]


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
    spans = places(SecretSearch(secrets), text)
    assert {place for start, end in spans for place in range(start, end)} == covered
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_substrings_and_overlaps() -> None:
    """A secret in a longer one goes with it, overlapping ones go together, neighbours are two."""
    search = SecretSearch(["password", "password-123", "123-456789"])
    assert places(search, "my password-123!") == [(3, 15)]
    assert places(search, "my password-1234") == [(3, 15)]
    assert places(search, "my password-12x") == [(3, 11)]
    assert places(search, "password-123-456789") == [(0, 19)]
    assert places(search, "passwordpassword") == [(0, 8), (8, 16)]


@pytest.mark.parametrize("short", ["", "a", "12345", "true", " x "])
def test_short_secrets_are_not_searched_for(short: str) -> None:
    """What is shorter than six characters would be found in half of all words."""
    assert places(SecretSearch([short]), f"{short} true 12345 a") == []


def test_white_space_around_a_secret() -> None:
    """A secret that a file ends with a newline is found without it, too."""
    assert places(SecretSearch(["hunter2!\n"]), "x hunter2! y") == [(2, 10)]
    assert places(SecretSearch(["hunter2!\n"]), "x hunter2!\n") == [(2, 10)]


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
        assert places(search, way)


@given(st.text(st.sampled_from('\\"u0d8nAx%&;$'), max_size=30))
def test_escapes_of_any_kind(text: str) -> None:
    """Texts full of backslashes and the like, whether they are escapes or not, are searched to the end."""
    assert not places(SecretSearch(["hunter2-secret"]), text)


def test_half_a_character() -> None:
    """The escape of half a character is resolved, too, and stops nothing."""
    text = '\\ud800 \\udc00\\ud83d\\ude00 \\"hunter2\\u002dsecret'
    assert places(SecretSearch(["hunter2-secret"]), text) == [(text.index("hunter2"), len(text))]


def test_patterns() -> None:
    """The user's patterns are searched for like secrets; one that matches nothing at all hides nothing."""
    search = SecretSearch(["hunter2-secret"], (re.compile(r"\d{12}"), re.compile("x*"), re.compile("(?i)-SECRET and")))
    assert places(search, "arn:123456789012:xx") == [(4, 16), (17, 19)]
    assert places(search, "hunter2-secret and more") == [(0, 18)]
    assert places(search, "nothing") == []
    assert places(search, '{\\"a\\": \\"12345678901\\u0032\\"}') == [(10, 27)]


def test_many_secrets() -> None:
    """A thousand secrets that begin alike are told apart."""
    secrets = [f"arn:aws:secret:{number:06}" for number in range(1000)]
    search = SecretSearch(secrets)
    assert places(search, ",".join(secrets)) == [(22 * number, 22 * number + 21) for number in range(1000)]
    assert places(search, "arn:aws:secret:001000") == []


def test_what_makes_it_a_secret() -> None:
    """Only what equals a secret that stands elsewhere is hidden by equality; a pattern or a key needs no other."""
    search = SecretSearch(["hunter2-secret"], (re.compile("secret-here"),))

    assert [each.why is Why.EQUAL for each in search.find("hunter2-secret secret-here hunter2-secret-here")] == [
        True,
        False,
        False,
    ]


class Counting(dict[str, list[int]]):
    """The lengths to compare with at a place, which counts how many comparisons they ask for."""

    count = 0

    def get(self, key: str, default: Any = ()) -> Any:
        """The lengths of those that begin so."""
        lengths = super().get(key, default)
        self.count += len(lengths)
        return lengths


@pytest.mark.parametrize(
    "secrets",
    [
        [f"begin-{'x' * number}" for number in range(600)],
        [f"begin-{'x' * number}{number:03}" for number in range(600)],
        [f"begin-{number:03}{'x' * number}" for number in range(600)],
    ],
)
def test_the_cost_of_secrets_that_begin_alike(secrets: list[str]) -> None:
    """However many begin alike, and however many lengths they have, at one place few are compared."""
    literals = Literals(secrets)
    lengths = Counting(literals._lengths)
    literals._lengths = lengths
    text = "begin-" * 5_000 + "begin-" + "x" * 20_000

    literals.spans(text)

    assert lengths.count <= text.count("begin-") * (LONGEST_EXACT - SHORTEST_SECRET + 1)


def test_a_long_secret_is_hidden_as_far_as_it_goes() -> None:
    """A part of one that is cut short is a secret as well; what only begins like a short one is not."""
    long = "".join(f"{number:04}-" for number in range(100))
    search = SecretSearch([long, long[:60] + "another", "0000-0001-0002"])

    assert places(search, f"x{long[:200]}y") == [(1, 201)]
    assert places(search, f"x{long}y") == [(1, 501)]
    assert places(search, "x0000-0001-0002-y") == [(1, 15)]
    assert places(search, "x0000-0001-000y") == []


def test_a_row_of_zeros() -> None:
    """What repeats itself is hidden to its end, and compared with what repeats itself only once in a while."""
    search = SecretSearch(["0" * 5_000, "0" * 50])

    assert places(search, "1" + "0" * 20_000 + "1") == [(1, 20_001)]


NO_TEXT = st.binary(max_size=30)
"""Mostly it is none, and if it is, so much the better."""


@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
@given(
    before=NO_TEXT,
    behind=NO_TEXT,
    spelled=st.sampled_from([str, json.dumps, lambda text: b64encode(text.encode()).decode()]),
    path=st.sampled_from(["", "a", "ab/", "files/a-"]),
)
def test_secrets_in_files_that_are_no_text(
    encode: Callable[[bytes], bytes], before: bytes, behind: bytes, spelled: Callable[[str], str], path: str
) -> None:
    """In the base64 of an archive or an image, a secret is found in each spelling that is found in a text.

    What stands before the base64, such as a path, may have letters of it.
    """
    secret = 'hT4-rX8b"N2vK9_pQ6zJ'
    search = SecretSearch([secret])
    content = b"\xff\0" + before + b"\n" + spelled(secret).encode() + b"\n" + behind

    assert places(search, f"= {path}{encode(content).decode()}")


@given(before=st.text(max_size=200), behind=st.text(max_size=200), path=st.sampled_from(["", "data/", "a-"]))
def test_secrets_in_gzip(before: str, behind: str, path: str) -> None:
    """In what Terraform's `base64gzip` and the data source `cloudinit_config` write, a secret is found as well."""
    search = SecretSearch(["hT4-rX8bN2vK9_pQ6zJ"])
    content = gzip.compress(f"{before} hT4-rX8bN2vK9_pQ6zJ {behind}".encode(), mtime=0)

    assert places(search, f"= {path}{b64encode(content).decode()}")


def test_what_only_begins_like_gzip() -> None:
    """It holds nothing, and what is cut off holds what is left of it."""
    search = SecretSearch(["hT4-rX8bN2vK9_pQ6zJ"])
    whole = b64encode(gzip.compress(b"hT4-rX8bN2vK9_pQ6zJ and more, and more than that", mtime=0)).decode()

    assert places(search, "H4sI" + "A" * 60) == []
    assert places(search, whole[:-12])


def test_gzip_that_is_there_to_keep_us_busy() -> None:
    """Of a text that is a thousand times as long as its gzip only a part is unpacked, in proportion to the gzip."""
    run = b64encode(gzip.compress(b" " * 50_000_000)).decode()

    assert len(text_in_gzip(run)) == 20 * len(run)


@pytest.mark.parametrize("times", [1, 2])
def test_gzip_inside_of_gzip(times: int, count_calls: Callable[..., int]) -> None:
    """It is unpacked once, also with base64 in between: each time that it were, it could be twenty times as long."""
    text = "nothing of interest, but long enough to be looked at"
    for _ in range(4):
        for _ in range(times):
            packed = b64encode(gzip.compress(text.encode(), mtime=0)).decode()
            text = "\n".join([packed] * 17)

    assert count_calls(lambda: SecretSearch(["hT4-rX8bN2vK9_pQ6zJ"]).find(packed)) < 100_000


def test_gzip_that_is_broken_at_its_end() -> None:
    """What comes before a wrong checksum is there for everybody to read."""
    content = gzip.compress(b"hT4-rX8bN2vK9_pQ6zJ and more, and more than that", mtime=0)[:-8] + b"\0" * 8

    assert places(SecretSearch(["hT4-rX8bN2vK9_pQ6zJ"]), b64encode(content).decode())
