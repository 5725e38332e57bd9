"""The marker tells comments apart, whatever the key."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tfc_plan_comment.comment_marker import has_marker, key_of_workspace, marker


def of_version(number: int, key: str) -> str:
    """The marker that a later version of the action writes."""
    return f"{marker(key).removesuffix(' -->')} v{number} -->"


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
