"""The marker tells comments apart, whatever the key."""

from hypothesis import assume, example, given
from hypothesis import strategies as st

from tfc_plan_comment.comment_marker import has_marker, marker


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
