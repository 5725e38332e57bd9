"""What differs between two texts, line by line."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tfc_plan_comment.plan.text_diff import AFTER, BEFORE, TextDiff, diff_texts

LINES = st.lists(st.sampled_from(["a", "b", "c", "d", "", " a", "a ", "a\r", "\ta"]), max_size=25)
TEXTS = LINES.map("\n".join)


def applied(diff: TextDiff, before: list[str]) -> tuple[list[str], list[str]]:
    """Both texts, made of the lines of the difference and, where these have a gap, of the lines before."""
    old: list[str] = []
    new: list[str] = []
    for line in diff.lines:
        match line.kind:
            case "gap":
                skipped = before[len(old) : len(old) + line.skipped]
                assert len(skipped) == line.skipped > 0
                old, new = old + skipped, new + skipped
            case "same":
                old, new = [*old, line.text], [*new, line.text]
            case "removed":
                old = [*old, line.text]
            case "added":
                new = [*new, line.text]
    return old, new


def lines_of(text: str) -> list[str]:
    """The lines, as an editor counts them."""
    return [line.removesuffix("\n") for line in re.findall(r"[^\n]*\n|[^\n]+", text)]


@given(TEXTS, TEXTS)
def test_the_lines_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    """Applied to the text before, the lines give the text after; what they do not show is said in words."""
    assume(before != after)
    diff = diff_texts(before, after)
    if diff.only is None:
        old, new = lines_of(before), lines_of(after)
    else:
        old, new = before.splitlines(), after.splitlines()
    if diff.lines:
        assert applied(diff, old) == (old, new)
    else:
        assert diff.only
        assert old == new
    removed = sum(line.kind == "removed" for line in diff.lines)
    added = sum(line.kind == "added" for line in diff.lines)
    assert diff.changed == max(removed, added)
    assert diff.total == max(len(old), len(new))
    assert diff.lines or diff.only


@given(TEXTS, TEXTS)
def test_the_newline_at_the_end(before: str, after: str) -> None:
    """Whether it comes or goes is always said; of an empty text there is nothing to say."""
    assume(before != after)
    diff = diff_texts(before, after)
    ends = [text.endswith("\n") for text in (before, after)]
    expected = {(False, True): "added", (True, False): "removed"}.get((ends[0], ends[1]))
    assert diff.newline == (expected if before and after and not diff.only else None)
    assert diff.only != "newlines at the end changed" or before.rstrip("\n") == after.rstrip("\n")


@given(TEXTS, TEXTS)
@example("\na", "a\n\na")
@example("b\n\n\na", "b\n\n\na\nc")
def test_context(before: str, after: str) -> None:
    """Around each change stand at most so many unchanged lines; between them are gaps, never next to each other."""
    assume(before != after)
    lines = diff_texts(before, after).lines

    def runs() -> Iterator[int]:
        length = 0
        for line in lines:
            if line.kind == "same":
                length += 1
            else:
                yield length
                length = 0
        yield length

    assert max(runs(), default=0) <= AFTER + 1 + BEFORE  # one more, which is no longer than its count
    kinds = "".join(line.kind[0] for line in lines)
    assert "gg" not in kinds
    for found in re.finditer("(s*)g(s*)", kinds):
        assert len(found[1]) <= AFTER
        assert len(found[2]) <= BEFORE
        gap = found.end(1)
        assert lines[gap].skipped > 1  # one line takes no more room than its count
        beside = lines[gap - len(found[1][-1:]) : gap] + lines[gap + 1 : gap + 1 + len(found[2][:1])]
        assert all(line.text.strip() for line in beside)  # an empty line locates nothing


@pytest.mark.parametrize(
    ("before", "after", "only"),
    [
        ("a\r\nb\r\n", "a\nb\n", "line endings changed from CRLF to LF"),
        ("a\nb\n", "a\r\nb\r\n", "line endings changed from LF to CRLF"),
        ("a\r\nb\n", "a\nb\r\n", "line endings changed"),
        ("a\nb", "a\nb\n", "newlines at the end changed"),
        ("a\n\n\n", "a\n", "newlines at the end changed"),
        ("a\nb \n", "a\t\nb\n", "white space at the ends of lines changed"),
        ("a:\n  b\n", "a:\n    b\n", None),  # it is meaning in YAML and in Python
        ("a\n b \n", "a\nb\n", None),
        ("a\nb\n", "a\nc\n", None),
        ("a\r\nb\n", "a\nc\n", None),
        ("a b\n", "ab\n", None),
        ("a\x0bb\n", "a\x0cb\n", None),
    ],
)
def test_what_the_eye_cannot_see(before: str, after: str, only: str | None) -> None:
    """A difference that cannot be seen, or only just, is said in words, and only if it is the only one."""
    assert diff_texts(before, after).only == only


@pytest.mark.parametrize(
    ("before", "after", "changed", "total", "newline"),
    [
        ("a\nb\n", "a\nc\n", 1, 2, None),
        ("a\nb", "a\nc", 1, 2, None),
        ("a\nb", "a\nc\n", 1, 2, "added"),
        ("a\nb\n", "a\nc\nd", 2, 3, "removed"),
        ("a\nb\n", "a\nb\n\nc\n", 2, 4, None),
        ("a\n\n\n", "b\n", 3, 3, None),
        ("", "a\nb\n", 2, 2, None),
        ("a\nb", "", 2, 2, None),
    ],
)
def test_how_many_lines(before: str, after: str, changed: int, total: int, newline: str | None) -> None:
    """A newline at the end is no line of its own."""
    diff = diff_texts(before, after)
    assert (diff.changed, diff.total, diff.newline, diff.only) == (changed, total, newline, None)


def test_an_insertion_at_the_top() -> None:
    """One line more at the top is one line, not all of them."""
    before = "\n".join(map(str, range(50)))
    diff = diff_texts(before, f"new\n{before}")
    assert [(line.kind, line.text, line.skipped) for line in diff.lines] == [
        ("added", "new", 0),
        ("same", "0", 0),
        ("gap", "", 49),
    ]
    assert (diff.changed, diff.total, diff.only) == (1, 51, None)


def test_a_change_in_the_middle() -> None:
    """A changed line stands in its context, what is further away is a gap before and behind."""
    lines = list(map(str, range(20)))
    diff = diff_texts("\n".join(lines), "\n".join([*lines[:10], "x", *lines[11:]]))
    assert [line.kind for line in diff.lines] == ["gap", "same", "same", "removed", "added", "same", "gap"]
    assert [line.skipped for line in diff.lines if line.kind == "gap"] == [8, 8]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("a\nb\nc\nold\nd\ne", "a\nb\nc\nnew\nd\ne", "a b c -old +new d e"),
        ("\n\n\nold\n\n\n", "\n\n\nnew\n\n\n", "…3 -old +new …2"),
        ("a\nb\n\nc\nold\n\nd", "a\nb\n\nc\nnew\n\nd", "…3 c -old +new …2"),
        ("a\nb\n\nold\nc", "a\nb\n\nnew\nc", "a b  -old +new c"),
        ("1\na\nb\nc\nd\n2", "x\na\nb\nc\nd\ny", "-1 +x a b c d -2 +y"),
        ("1\na\nb\nc\nd\ne\n2", "x\na\nb\nc\nd\ne\ny", "-1 +x a …2 d e -2 +y"),
    ],
)
def test_a_count_stands_only_where_it_saves_lines(before: str, after: str, shown: str) -> None:
    """A single line stands there itself, and an empty one says nothing of the place."""
    signs = {"same": "", "removed": "-", "added": "+", "gap": "…"}
    lines = diff_texts(before, after).lines

    assert " ".join(f"{signs[line.kind]}{line.text or line.skipped or ''}" for line in lines) == shown
