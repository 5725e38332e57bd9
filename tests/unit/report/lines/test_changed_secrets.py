"""Wherever a secret changes the lines say so, and where it stays they do not."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.plan.values import Described, Sensitive, Value
from tfc_plan_comment.report.lines.attributes import tell_attributes
from tfc_plan_comment.report.lines.changed_secrets import secrets_in, tell_apart
from tfc_plan_comment.report.lines.line import UNCUT

CHANGED = "(sensitive value, changed)"


class Secret:
    """Stands in the tests' trees for a value that the plan marks; it changes or stays."""

    def __init__(self, before: Any, after: Any) -> None:
        """Both values; the same where it stays."""
        self.before = before
        self.after = after


def lines(before: Any, after: Any, marks: Any, after_marks: Any = None, *, is_redacted: bool = False) -> list[str]:
    """The lines for one attribute of an update, `a`, marked alike on both sides if nothing else is said."""
    change = {
        "actions": ["update"],
        "before": {"a": before},
        "after": {"a": after},
        "before_sensitive": {"a": marks},
        "after_sensitive": {"a": marks if after_marks is None else after_marks},
    }
    version = "plan_format_version" if is_redacted else "format_version"
    document = {version: "1.2", "resource_changes": [{"address": "t.n", "change": change}]}
    plan = parse_plan(json.dumps(document).encode(), name="plan")
    return list(map(str, tell_attributes(summarize(plan).changes[0].diff, UNCUT)))


def side(tree: Any, name: str) -> Any:
    """What was, or what will be; or with the name "marks" what of it is sensitive."""
    match tree:
        case Secret():
            return True if name == "marks" else getattr(tree, name)
        case dict():
            return {key: side(item, name) for key, item in tree.items()}
        case list():
            return [side(item, name) for item in tree]
        case _:
            return False if name == "marks" else tree


def secrets_of(tree: Any) -> list[Secret]:
    """All that are in it."""
    if isinstance(tree, Secret):
        return [tree]
    inner = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return [secret for item in inner for secret in secrets_of(item)]


@st.composite
def secrets(draw: st.DrawFn) -> Secret:
    """One of a few values, which stays or becomes one that stands nowhere else."""
    before = f"secret {draw(st.integers(1, 3))}"
    before_or_object = draw(st.sampled_from([before, {"inside": before}, [before]]))
    return Secret(before_or_object, f"secret-{draw(st.uuids())}" if draw(st.booleans()) else before_or_object)


TREES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(secrets(), st.sampled_from([None, True, 1, "", "a", "b", "a\nb"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5), st.dictionaries(st.sampled_from(["a", "b", "name", "id"]), inner, max_size=4)
    ),
    max_leaves=14,
)


@settings(deadline=None)
@given(TREES)
def test_each_secret_that_changes_says_so(tree: Any) -> None:
    """Whatever holds the secrets: as many as change are said to, and no other one is."""
    changing = [secret for secret in secrets_of(tree) if secret.before != secret.after]
    before, after, marks = side(tree, "before"), side(tree, "after"), side(tree, "marks")
    if changing:
        assert "\n".join(lines(before, after, marks)).count(CHANGED) == len(changing)
    else:
        assert before == after


@pytest.mark.parametrize(
    ("before", "after", "marks", "expected"),
    [
        (["s1"], ["s2"], [True], [f"! a[0] = {CHANGED}"]),
        (["x", "s1"], ["y", "s2"], [False, True], ['! a[0] = "x" -> "y"', f"! a[1] = {CHANGED}"]),
        (
            ["s1", "kept", "s2"],
            ["s3", "kept", "s2"],
            [True, False, True],
            [f"! a[0] = {CHANGED}"],
        ),
        (
            [["s1", "x"]],
            [["s2", "x"]],
            [[True, False]],
            ["  a", '-   [(sensitive value), "x"]', f'+   [{CHANGED}, "x"]'],
        ),
        ({"k": ["s1"]}, {"k": ["s2"]}, {"k": [True]}, [f"! a.k[0] = {CHANGED}"]),
        (
            ["s1", "s2"],
            ["s2", "s1"],
            [True, True],
            ["  a", "!   (sensitive value)   # moved from 1st to 2nd of 2", "    # 1 unchanged"],
        ),
    ],
)
def test_in_a_list_of_the_same_length(before: Any, after: Any, marks: Any, expected: list[str]) -> None:
    """A secret becomes the one at its place between what stays, and the plain values beside it do likewise."""
    assert lines(before, after, marks) == expected


@pytest.mark.parametrize(
    ("before", "after", "marks", "after_marks", "expected"),
    [
        (["s1", "x"], ["s2"], [True, False], [True], ['- a = [(sensitive value), "x"]', f"+ a = [{CHANGED}]"]),
        (["s1"], ["s1", "s2"], [True], [True, True], ["  a", "+   (sensitive value)", "    # 1 unchanged"]),
        (["s1"], {"k": "s2"}, [True], {"k": True}, ["- a = [(sensitive value)]", f"+ a = {{ k = {CHANGED} }}"]),
        (["s1"], {"k": "s1"}, [True], {"k": True}, ["- a = [(sensitive value)]", "+ a = { k = (sensitive value) }"]),
        (["x"], {"k": "s1"}, None, {"k": True}, ['! a = ["x"] -> { k = (sensitive value) }']),
        (
            [{"name": "old", "value": "s1"}, {"name": "older", "value": "s2"}, {"name": "kept"}],
            [{"name": "kept"}, {"name": "new", "value": "s3"}, {"name": "newer", "value": "s2"}],
            [{"value": True}, {"value": True}, {}],
            [{}, {"value": True}, {"value": True}],
            [
                "  a",
                '-   { name = "old", value = (sensitive value) }',
                '-   { name = "older", value = (sensitive value) }',
                f'+   {{ name = "new", value = {CHANGED} }}',
                '+   { name = "newer", value = (sensitive value) }',
                "    # 1 unchanged",
            ],
        ),
    ],
)
def test_where_the_shape_changes(before: Any, after: Any, marks: Any, after_marks: Any, expected: list[str]) -> None:
    """What comes says whether its secrets are among those that go."""
    assert lines(before, after, marks, after_marks) == expected


def test_what_is_too_long_for_one_line() -> None:
    """Below each other the two are told apart as well."""
    assert lines(["s1", "x" * 60], {"k": "s2", "l": "y" * 60}, [True, False], {"k": True}) == [
        f'- a = [(sensitive value), "{"x" * 60}"]',
        "+ a = {",
        f"+   k = {CHANGED}",
        f'+   l = "{"y" * 60}"',
        "+ }",
    ]


def test_placeholders_of_a_redacted_plan() -> None:
    """The same one before and after says nothing about the secrets, and that is said."""
    before, after = Sensitive(1, is_marked=True), Sensitive(1, is_marked=True, may_differ=True)
    perhaps: Value = Described("sensitive value, perhaps changed", "")

    assert tell_apart([after, "x"], secrets_in([before])) == [perhaps, "x"]
    assert lines(["X"], ["X"], [True], is_redacted=True) == [
        "  # the redacted plan does not say whether it changes",
        "! a[0] = (sensitive value)",
    ]


def test_a_long_list_of_secrets() -> None:
    """A list of 4,000 secrets of which every second one changes has a line for each of these."""
    before = [f"secret {place}" for place in range(4_000)]
    after = [secret + "!" * (place % 2) for place, secret in enumerate(before)]

    written = lines(before, after, [True] * len(before))

    assert len(written) == 2_002
    assert written[:2] == ["  a", f"!   a[1] = {CHANGED}"]
    assert written[-1] == "    # 2000 unchanged"
