"""The words for what forces a replacement."""

from typing import Any

import pytest

from tfc_plan_comment.plan.diff import Differ
from tfc_plan_comment.plan.difference import Part
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.values import UNKNOWN
from tfc_plan_comment.report.lines.cell import Cell
from tfc_plan_comment.report.lines.forcing import say_cause, say_forcing


def parts(before: dict[str, Any], after: dict[str, Any], *paths: tuple[str | int, ...]) -> list[Part]:
    """The differences of the attributes, of which these paths force a replacement."""
    differ = Differ(Mask(), frozenset(paths))
    found = (differ.part(name, before.get(name), after.get(name)) for name in sorted(before | after))
    return [part for part in found if part]


def plain(cell: Cell) -> str:
    """The words, without what is code in them."""
    return "".join(piece.text for piece in cell.pieces)


PORT = {"id": "p", "n": 3}
DISK = {"disk": [{"labels": {"a": "x"}, "size": "s"}]}
ANOTHER = {"disk": [{"labels": {"a": "y"}, "size": "s"}]}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (parts({"a": "x"}, {"a": "y"}, ("a",)), "because a changes"),
        (parts({"a": "x", "b": "x"}, {"a": "y", "b": "y"}, ("a",), ("b",)), "because a, b change"),
        (parts({"a": "x", "b": "x"}, {"a": "y", "b": "y"}, ("b",)), "because b changes"),
        (parts({"a": "x"}, {"a": UNKNOWN}, ("a",)), "because a is known only after apply"),
        (parts({}, {"a": UNKNOWN, "b": UNKNOWN}, ("a",), ("b",)), "because a, b are known only after apply"),
        (
            parts({"a": "x", "b": "x"}, {"a": "y", "b": UNKNOWN}, ("a",), ("b",)),
            "because a changes and b is known only after apply",
        ),
        (parts({"a": {"b": "x"}}, {"a": {"b": UNKNOWN}}, ("a",)), "because a is known only after apply"),
        (parts({"a": ["x", "y"]}, {"a": ["x", UNKNOWN]}, ("a",)), "because a is known only after apply"),
        (parts({"a": ["x", "y"]}, {"a": ["x", "y", UNKNOWN]}, ("a",)), "because a changes"),
        (parts({"a": ["x", "y", "z"]}, {"a": ["x", UNKNOWN]}, ("a",)), "because a changes"),
        (parts({"a": ["x", "y", "z"]}, {"a": ["w", UNKNOWN, "z"]}, ("a",)), "because a changes"),
        (
            parts({"a": [PORT, {"id": "i", "n": 1}]}, {"a": [PORT, {"id": UNKNOWN, "n": 1}]}, ("a",)),
            "because a is known only after apply",
        ),
        (
            parts({"a": [PORT, {"id": "i", "n": 1}]}, {"a": [PORT, {"id": UNKNOWN, "n": 2}]}, ("a",)),
            "because a changes",
        ),
        (parts({"a": ["x", "y", "z"]}, {"a": ["x", UNKNOWN, "z"]}, ("a", 1)), "because a is known only after apply"),
        (parts({"a": ["x", "y", "z"]}, {"a": ["x", "w", "z"]}, ("a", 1)), "because a changes"),
        (parts({"a": []}, {"a": [PORT]}, ("a", 0, "id")), "because a changes"),
        (parts({"a": [{"b": []}]}, {"a": [{"b": [PORT]}]}, ("a", 0, "b", 0, "id")), "because a[0].b changes"),
        (parts({"a": {"b": "x"}}, {"a": {"b": "x", "c": "y"}}, ("a", "c")), "because a.c changes"),
        (parts(DISK, ANOTHER, ("disk", 0, "labels")), "because disk[0].labels changes"),
        (parts(DISK, ANOTHER, ("disk", 0, "labels", "a")), "because disk[0].labels.a changes"),
        (parts(DISK, ANOTHER, ("disk", 3, "labels")), "because disk changes"),
        (
            parts(dict.fromkeys("abcde", "x"), dict.fromkeys("abcde", "y"), *((name,) for name in "abcde")),
            "because a, b, c and 2 more change",
        ),
        (parts({"a": "x"}, {"a": "y"}), ""),
    ],
)
def test_the_innermost_attribute_is_named_with_what_becomes_of_it(found: list[Part], words: str) -> None:
    """Of what is only known after apply nobody can say that it changes."""
    assert plain(say_forcing(found)) == words


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (parts({"a": "x", "b": "x"}, {"a": "y", "b": "y"}, ("b",)), 'because b "x" → "y"'),
        (
            parts({"a": "1", "b": "1"}, {"a": "2", "b": UNKNOWN}, ("a",), ("b",)),
            'because a "1" → "2" and b is known only after apply',
        ),
        (parts({"a": ["r1"]}, {"a": ["r2"]}, ("a",)), 'because a ["r1"] → ["r2"]'),
        (parts({"a": {"b": "1", "c": "1"}}, {"a": {"b": "2", "c": "1"}}, ("a",)), 'because a.b "1" → "2"'),
        (parts({"a": {"b": "1", "c": "1"}}, {"a": {"b": "2", "c": "2"}}, ("a", "c")), 'because a.c "1" → "2"'),
        (parts({"a": "x" * 60}, {"a": "y"}, ("a",)), 'because a → "y"'),
        (parts({"a": '{"k": "1"}'}, {"a": '{"k": "2"}'}, ("a",)), 'because a: k "1" → "2"'),
        (parts({"a": []}, {"a": [PORT]}, ("a", 0, "id")), "because a: + p"),
        (
            parts(dict.fromkeys("abcde", "x"), dict.fromkeys("abcde", "y"), *((name,) for name in "abcde")),
            'because a "x" → "y", b "x" → "y", c "x" → "y", 2 more',
        ),
        (parts({"a": "x"}, {"a": "y"}), ""),
    ],
)
def test_the_cause_has_its_values(found: list[Part], words: str) -> None:
    """Nothing else of the change is in it, and nothing is bold."""
    assert plain(say_cause(found)) == words
    assert not any(piece.bold for piece in say_cause(found).pieces)
