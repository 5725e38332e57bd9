"""The marker tells comments apart, whatever the key; the memory comes back as it was, or not at all."""

from base64 import b32encode, b64encode
from hashlib import sha256
from zlib import compress

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tfc_plan_comment.comment_marker import (
    LONGEST_MEMORY,
    MOST_REMEMBERED,
    Memory,
    Remembered,
    has_marker,
    key_of_workspace,
    marker,
    memory_line,
    read_memory,
    remember,
)

COMMIT = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678"
CHANGES = st.dictionaries(
    st.text(max_size=300), st.builds(Remembered, st.text(max_size=20), st.text(max_size=20)), max_size=40
)


def of_version(number: int, key: str) -> str:
    """The marker that a later version of the action writes."""
    return f"{marker(key).removesuffix(' -->')} v{number} -->"


def many(count: int) -> dict[str, Remembered]:
    """So many changes, with fingerprints as they are in truth."""
    addresses = [f'module.network["eu-central-{number}"].aws_subnet.private' for number in range(count)]
    prints = [b32encode(sha256(address.encode()).digest())[:12].decode().lower() for address in addresses]
    return {address: Remembered("update", print_) for address, print_ in zip(addresses, prints, strict=True)}


def test_a_plain_key_is_readable_in_the_marker() -> None:
    """A key of letters, digits, `.`, `_`, `/` and `-` stands in the marker as it is."""
    assert marker("acme/prod-eu_1.2") == "<!-- tfc-plan-comment:acme/prod-eu_1.2 -->"


def test_another_key_keeps_a_readable_part_and_gets_a_hash() -> None:
    """A key with other characters becomes a readable part, `~` and a hash of all of it."""
    assert marker("acme/prod (EU)") == "<!-- tfc-plan-comment:acme/prod_EU_~3b3e4765de4379c2 -->"


@given(st.text())
@example("-->")
@example("--!>")
@example("a\n<!--")
@example("\ud800")
@example("x" * 1000)
def test_no_key_can_end_the_html_comment(key: str) -> None:
    """The marker is one line and one HTML comment, of bounded length, whatever the key."""
    line = marker(key)

    assert line.isascii()
    assert "\n" not in line
    assert len(line) < 150
    assert line.startswith("<!-- tfc-plan-comment:")
    assert line.index(">") == len(line) - 1


@given(st.text(), st.text())
@example("acme/prod", "acme/prod2")
@example("a b", "a_b")
@example("a b", "a\tb")
@example("x" * 101, "x" * 102)
@example(marker("a b")[22:-4], "a b")
def test_two_keys_never_share_a_marker(one: str, other: str) -> None:
    """Neither the same, nor the beginning of the other."""
    assume(one != other)

    assert not has_marker(f"{marker(one)}\nbody", other)
    assert not has_marker(f"{marker(other)}\nbody", one)


def test_the_marker_counts_only_alone_on_the_first_line() -> None:
    """It is found with either line end, and nowhere but on the first line."""
    assert has_marker(f"{marker('acme/prod')}\nbody", "acme/prod")
    assert has_marker(f"{marker('acme/prod')}\r\nbody", "acme/prod")
    assert not has_marker(f"{marker('acme/prod')} body", "acme/prod")
    assert not has_marker(f"> quoted\n{marker('acme/prod')}", "acme/prod")


@pytest.mark.parametrize("version", [2, 17])
def test_a_later_version_of_the_marker_is_ours(version: int) -> None:
    """A comment that a newer version of the action wrote is found by this one."""
    for key in ("acme/prod", "acme/prod (EU)"):
        assert has_marker(f"{of_version(version, key)}\nbody", key)
        assert has_marker(f"{of_version(version, key)}\r\nbody", key)


@given(st.text(), st.text(), st.integers(min_value=2, max_value=9999))
@example("acme/prod", "acme/prod v2", 2)
@example("acme/prod v2", "acme/prod", 2)
@example("acme/prod", "acme/prod v2 -->", 2)
def test_no_key_can_bring_a_version(one: str, other: str, version: int) -> None:
    """Two keys never share a marker, whatever the version of either."""
    assume(one != other)

    assert not has_marker(f"{of_version(version, one)}\nbody", other)
    assert not has_marker(f"{marker(one)}\nbody", other)


@pytest.mark.parametrize("end", [" v0 -->", " v1.5 -->", " v -->", " v99999 -->", "  v2 -->", " v2 --> more", " 2 -->"])
def test_what_is_no_version(end: str) -> None:
    """Behind the key stands a version or nothing."""
    assert not has_marker(f"<!-- tfc-plan-comment:acme/prod{end}\nbody", "acme/prod")


@given(CHANGES, st.sampled_from(["\n", "\r\n"]))
@example({"-->": Remembered("--!>", "\n<!--")}, "\n")
def test_a_memory_comes_back_as_it_was(changes: dict[str, Remembered], end: str) -> None:
    """Whatever texts are in it, with either line end; and no text in it can end the HTML comment or the line."""
    memory = remember(COMMIT, changes)
    line = memory_line(memory)

    assert read_memory(end.join([marker("acme/prod"), line, "body"])) == memory
    assert line.isascii()
    assert line.isprintable()
    assert line.startswith("<!-- tfc-plan-comment-memory:1 ")
    assert line.index(">") == len(line) - 1
    assert len(line) <= LONGEST_MEMORY


@given(CHANGES)
def test_what_has_room_is_remembered_whole(changes: dict[str, Remembered]) -> None:
    """The changes are those that were given, in their order; or the first of them, and a digest of the rest."""
    memory = remember(COMMIT, changes)

    assert memory.commit == COMMIT
    assert list(memory.changes.items()) == list(changes.items())[: len(memory.changes)]
    assert bool(memory.rest) == (len(memory.changes) < len(changes))


def test_a_large_plan_is_remembered_in_part() -> None:
    """A hundred changes have room; of a thousand the first ones do, and a digest tells whether the others change."""
    changes = many(1000)
    memory = remember(COMMIT, changes)
    first, *_, last = changes
    other = remember(COMMIT, {**changes, last: Remembered("delete", "a")})

    assert remember(COMMIT, many(100)) == Memory(COMMIT, many(100))
    assert first in memory.changes
    assert last not in memory.changes
    assert 100 < len(memory.changes) <= MOST_REMEMBERED
    assert LONGEST_MEMORY * 0.9 < len(memory_line(memory)) <= LONGEST_MEMORY
    assert remember(COMMIT, changes) == memory
    assert (other.changes, other.rest != memory.rest) == (memory.changes, True)


def test_no_more_are_tried_than_can_have_room() -> None:
    """Of a plan with tens of thousands of changes few are compressed, even where more would have room by chance."""
    memory = remember(COMMIT, {str(number): Remembered("update", "a") for number in range(1000)})

    assert len(memory.changes) == MOST_REMEMBERED


def test_what_has_no_room_takes_none_of_the_comment() -> None:
    """An address that cannot be compressed to 4 KB is not remembered, and what is no commit is cut."""
    noise = "".join(sha256(bytes([number])).hexdigest() for number in range(200))
    memory = remember(noise, {noise: Remembered("update", "a")})

    assert (memory.changes, len(memory.rest), memory.commit) == ({}, 16, noise[:64])
    assert read_memory(f"{marker('acme/prod')}\n{memory_line(memory)}\n") == memory


def packed(content: bytes) -> str:
    """The line that has this content."""
    return f"<!-- tfc-plan-comment-memory:1 {b64encode(compress(content)).decode()} -->"


LINE = memory_line(remember(COMMIT, many(3)))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "## Terraform plan",
        LINE[:-4],
        LINE[:60] + " -->",
        LINE[:60] + ("A" if LINE[60] != "A" else "B") + LINE[61:],
        LINE + " more",
        f" {LINE}",
        LINE.replace("memory:1", "memory:2"),
        LINE.replace("memory:1", "memory:0"),
        LINE.replace("memory:1", "memory"),
        "<!-- tfc-plan-comment-memory:1 -->",
        "<!-- tfc-plan-comment-memory:1 a -->",
        "<!-- tfc-plan-comment-memory:1 Zm9yZ2Vk -->",
        packed(b"forged"),
        packed(b'"\xff"'),
        packed(b"null"),
        packed(b"{}"),
        packed(b'["a1b2c3d"]'),
        packed(b'["a1b2c3d", {"t.n": "update"}]'),
        packed(b'["a1b2c3d", {"t.n": ["update", 7]}, ""]'),
        packed(b'["a1b2c3d", {"t.n": ["update", "a", "b"]}, ""]'),
        packed(b'["a1b2c3d", {}, "", "more"]'),
        packed(b"[" * 2_000_000),
        packed(b" " * 10_000_000 + b'["a1b2c3d", {}, ""]'),
    ],
)
def test_what_cannot_be_read_is_no_memory(line: str) -> None:
    """What is forged, broken, cut, too long or of another version is as if there were none."""
    assert read_memory(f"{marker('acme/prod')}\n{LINE}\nbody") is not None
    assert read_memory(f"{marker('acme/prod')}\n{line}\nbody") is None


@given(st.text())
def test_no_comment_is_an_error(body: str) -> None:
    """Whatever a comment says, there is no memory in it, as long as it has none on its second line."""
    assert read_memory(body) is None
    assert read_memory(f"{LINE}\n{body}") is None
    assert read_memory(f"{marker('acme/prod')}\nbody\n{LINE}") is None


@pytest.mark.parametrize(
    ("hostname", "key"),
    [
        ("app.terraform.io", "acme/prod"),
        ("APP.terraform.io:443", "acme/prod"),
        ("http://127.0.0.1:8080", "acme/prod"),
        ("app.eu.terraform.io", "app.eu.terraform.io/acme/prod"),
        ("TFE.example.com", "tfe.example.com/acme/prod"),
        ("tfe.example.com:8443", "tfe.example.com:8443/acme/prod"),
    ],
)
def test_two_hosts_never_share_a_comment(hostname: str, key: str) -> None:
    """The host is in the key, but for HCP Terraform's own, whose comments keep their marker."""
    assert key_of_workspace(hostname, "acme", "prod") == key
