"""The cell of the table: which attributes change, and a short value where there is just one."""

import json
from typing import Any

import pytest

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.lines.changed_names import identify, name_changes
from tfc_plan_comment.report.write.pieces import write_cell


def diff_of(before: Any, after: Any, actions: tuple[str, ...] = ("update",), **change: Any) -> ResourceDiff:
    inner = {"actions": list(actions), "before": before, "after": after, **change}
    resource = {"address": "t.n", "type": "t", "change": inner}
    plan = parse_plan(json.dumps({"format_version": "1.2", "resource_changes": [resource]}).encode(), name="plan")
    return summarize(plan).changes[0].diff


def cell(before: Any, after: Any, **change: Any) -> str:
    """The cell as a reader sees it: names between backticks."""
    written = str(write_cell(name_changes(diff_of(before, after, **change))))
    return written.replace("<code>", "`").replace("</code>", "`")


def rule(port: int, **more: Any) -> dict[str, Any]:
    return {"from_port": port, "to_port": port, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"], "self": False, **more}


KEPT = {"k": 1, "l": 2, "m": 3}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 30}, {"a": 90}, "`a` 30 → 90"),
        ({"a": "x" * 30}, {"a": "y"}, "`a`"),
        ({"a": 1, "b": 1}, {"a": 2, "b": 2}, "`a`, `b`"),
        (dict.fromkeys("abcde", 1), dict.fromkeys("abcde", 2), "`a`, `b`, `c`, 2 more"),
        ({"a": None}, {"a": "x"}, "`a` added"),
        ({"a": False}, {"a": None}, "`a` removed"),
        ({"a": None}, {"a": f"-----BEGIN CERTIFICATE-----\n{'QUFB' * 30}\n-----END CERTIFICATE-----"}, "`a` added"),
        ({"a": [{"x": 1}], "b": []}, {"a": [], "b": [{"x": 1}]}, "`a` removed, `b` added"),
        ({"o": {"a": [{}], "b": []}}, {"o": {"a": [], "b": [{}]}}, "`o`: `a` removed, `b` added"),
        ({"tags": {}}, {"tags": {"k": "1"}}, "`tags.k` added"),
        ({"tags": {"k": "1"}}, {"tags": {}}, "`tags.k` removed"),
        ({"tags": {"k": "1", "l": "1"}}, {"tags": {"k": "2", "m": "1"}}, "`tags`: `k` changed, `m` added, `l` removed"),
        ({"a": '{"k": 1, "l": 1}'}, {"a": '{"k": 2}'}, "`a`: `k` changed, `l` removed"),
        (
            {"a": 1, "tags": {"k": "1", "l": "1"}},
            {"a": 2, "tags": {"k": "2"}},
            "`a` changed; `tags`: `k` changed, `l` removed",
        ),
        ({"tags": {"k": "1"}}, {"tags": {"k": "2"}}, '`tags.k` "1" → "2"'),
        ({"tags": {"k": "1", "l": "1"}}, {"tags": {"k": "2", "l": "2"}}, "`tags`: `k`, `l`"),
        (
            {"tags": dict.fromkeys("abcde", "1")},
            {"tags": dict.fromkeys("abcde", "2")},
            "`tags`: `a`, `b`, `c`, 2 more",
        ),
        ({"a": "x\ny"}, {"a": "x\nz"}, "`a`: 1 line"),
        ({"a": "x\ny"}, {"a": "w\nz"}, "`a`: 2 lines"),
        ({"a": "x\ny"}, {"a": "x\ny\n"}, "`a`: newlines at the end changed"),
        ({"a": '{"k": 1}'}, {"a": '{"k": 2}'}, "`a`: `k`"),
        ({"a": ["x"]}, {"a": ["x", "y"]}, '`a`: "y" added'),
        ({"a": ["x"]}, {"a": ["y"]}, '`a`: "x" removed, "y" added'),
        ({"a": ["x"], "b": 1}, {"a": ["y"], "b": 2}, "`a`, `b`"),
        ({"a": []}, {"a": ["v", "w", "x", "y"]}, "`a`: 4 added"),
        ({"a": ["x" * 30]}, {"a": ["y"]}, "`a`: 1 added, 1 removed"),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, '`a` &#91;"x", "y"&#93; → &#91;"y", "x"&#93;'),
        ({"a": ["x" * 20, "y"]}, {"a": ["y", "x" * 20]}, f'`a`: "{"x" * 20}" moved from 1st to 2nd'),
        ({"a": [*"xyz"], "b": 1}, {"a": [*"zyx"], "b": 2}, "`a`, `b`"),
        (
            {"a": [{"name": name} for name in ("/x*", "/c", "/b")]},
            {"a": [{"name": name} for name in ("/c", "/b", "/x*", "/new")]},
            "`a`: `/x&#42;` moved from 1st to 3rd, `/new` added",
        ),
        ({"a": [{"name": name} for name in "zebra"]}, {"a": [{"name": name} for name in "arbez"]}, "`a`: 4 moved"),
        ({"a": [rule(22), rule(80)]}, {"a": [rule(22), rule(80, self=True)]}, '`a["80/tcp"].self` false → true'),
        (
            {"a": [{"name": "x", "y": 1}, {"name": "z", "y": 1}]},
            {"a": [{"name": "x", "y": 2}, {"name": "z", "y": 2}]},
            '`a["x"].y`, `a["z"].y`',
        ),
        (
            {"a": '[{"name": "x", "y": 1}, {"name": "z", "y": 1}]'},
            {"a": '[{"name": "x", "y": 1}, {"name": "z", "y": 2}]'},
            '`a["z"].y`',
        ),
        ({"a": {"b": ["x"]}}, {"a": {"b": ["y"]}}, '`a.b`: "x" removed, "y" added'),
        ({"in": [rule(22), rule(80)]}, {"in": [rule(80)]}, "`in`: `22/tcp` removed"),
        (
            {"in": [rule(22), rule(80)]},
            {"in": [rule(80, self=True)]},
            "`in`: `80/tcp` changed, `22/tcp` removed",
        ),
        (
            {"in": [rule(22, description=""), rule(80)]},
            {"in": [rule(22, description=None)]},
            "`in`: `80/tcp` removed",
        ),
        (
            {"in": [rule(22)]},
            {"in": [rule(22, cidr_blocks=["0.0.0.0/0"])]},
            '`in["22/tcp"].cidr_blocks`: "10.0.0.0/8" removed, "0.0.0.0/0" added',
        ),
        ({"a": [KEPT]}, {"a": [KEPT, {"q": 1}]}, "`a`: 1 added"),
        ({"a": [{**KEPT, "q": 1}, {"z": 1}]}, {"a": [{**KEPT, "q": 2}]}, "`a`: 1 removed, 1 changed"),
        ({"x" * 70: 1}, {"x" * 70: 2}, f"`{'x' * 59}…` 1 → 2"),
        ({"a": 1}, {"a": 1}, ""),
    ],
)
def test_the_cell_names_what_changes(before: Any, after: Any, expected: str) -> None:
    """Up to three names, paths where one thing inside differs, elements by what identifies them, short values."""
    assert cell(before, after) == expected


def test_what_forces_the_replacement_is_bold() -> None:
    """And stands first, by its attribute's name."""
    replaced = {"actions": ("delete", "create"), "replace_paths": [["b"], ["c", "d"]]}

    assert cell(
        {"a": 1, "b": 1, "c": {"d": 1}}, {"a": 2, "b": 2, "c": {"d": 2}}, **replaced
    ) == "**`b`**, `a`, `c.d`" or (
        cell({"a": 1, "b": 1, "c": {"d": 1}}, {"a": 2, "b": 2, "c": {"d": 2}}, **replaced).startswith("**`b`**")
    )


def test_a_list_is_bold_if_what_comes_or_goes_in_it_forces_the_replacement() -> None:
    """In a list nothing else has a name."""
    added = {"actions": ("delete", "create"), "replace_paths": [["a", 0, "n"]]}
    inside = {"actions": ("delete", "create"), "replace_paths": [["b", 0, "a", 0, "n"]]}

    assert cell({"a": []}, {"a": [{"n": 1}]}, **added) == "**`a`**: 1 added"
    assert cell({"b": [{"a": []}]}, {"b": [{"a": [{"n": 1}]}]}, **inside) == "**`b[0].a`**: 1 added"


def test_the_most_telling_comes_first() -> None:
    """What forces a replacement, what changes, what comes, what goes; what stays empty is never named beside others."""
    before = {
        "a_goes": False,
        "b_empty": "",
        "c_list": None,
        "e_changes": 1,
        "f_forces": {"x": 1},
        "g_changes": {"y": 1},
    }
    after: dict[str, Any] = {
        "b_empty": None,
        "c_list": [],
        "d_comes": 1,
        "e_changes": 2,
        "f_forces": {"x": 2},
        "g_changes": {"y": 2},
    }

    shown = cell(before, after, actions=("delete", "create"), replace_paths=[["f_forces", "x"]])

    assert shown == "**`f_forces.x`** 1 → 2, `e_changes`, `g_changes.y`, 3 more"
    assert cell(before | {"e_changes": 2, "g_changes": {"y": 2}, "f_forces": {"x": 2}}, after) == (
        "`d_comes` added, `a_goes` removed, `c_list` changed"
    )


def test_inside_of_an_attribute_the_most_telling_comes_first_too() -> None:
    """Forty labels that go do not hide the one that changes; what stays empty is not named."""
    labels = {f"label_{n:02}": "x" for n in range(40)}

    shown = cell({"o": labels | {"public": False, "text": ""}}, {"o": {"public": True, "text": None}})

    assert shown == "`o`: `public` changed, `label_00` removed, `label_01` removed, 38 more"


def test_a_sensitive_value_is_not_shown() -> None:
    """The cell says only that it is one."""
    marks = {"before_sensitive": {"a": True}, "after_sensitive": {"a": True}}

    assert cell({"a": "secret-1"}, {"a": "secret-2"}, **marks) == "`a` (sensitive)"
    assert cell({"a": None}, {"a": "secret-2"}, **marks) == "`a` added (sensitive)"


def test_what_is_only_counted_is_named_where_there_is_nothing_else() -> None:
    """Known after apply, else empty."""
    assert cell({}, {}, after_unknown=dict.fromkeys("abcd", True)) == "`a`, `b`, `c`, 1 more"
    assert cell({"a": ""}, {"a": None}) == "`a`"


def test_a_value_that_nobody_knows_yet_takes_the_place_of_another() -> None:
    """It is like any other one value that changes."""
    assert cell({"a": 1}, {}, after_unknown={"a": True, "b": True}) == "`a` 1 → (known after apply)"
    assert cell({"a": "x" * 60}, {}, after_unknown={"a": True}) == "`a`"


@pytest.mark.parametrize(
    ("attributes", "address", "expected"),
    [
        ({"name": "shop-app"}, "aws_lb.web", '`name` "shop-app"'),
        ({"name": "jobs"}, "aws_sqs_queue.jobs", ""),
        ({"name": "orders-0"}, "aws_dynamodb_table.orders[0]", ""),
        ({"name": "Web_App"}, "aws_lb.web-app", ""),
        ({"name": "web", "cidr_block": "10.0.0.0/24"}, "aws_subnet.web", '`cidr_block` "10.0.0.0/24"'),
        ({"bucket": "x" * 50}, "aws_s3_bucket.y", f'`bucket` "{"x" * 40}"…'),
        ({"name": "@octocat"}, "t.n", '`name` `"@<wbr>octocat"`'),
        ({"name": 12, "key": ""}, "t.n", ""),
        ({"other": "x"}, "t.n", ""),
    ],
)
def test_what_comes_or_goes_is_named_as_people_know_it(attributes: dict[str, Any], address: str, expected: str) -> None:
    """By its name, bucket, network, unless the address says the same already."""
    created = identify(diff_of(None, attributes, ("create",)), address)
    destroyed = identify(diff_of(attributes, None, ("delete",)), address)

    assert str(write_cell(created)).replace("<code>", "`").replace("</code>", "`") == expected
    assert created == destroyed


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({"before_sensitive": {"a": True}}, {}, "`a` no longer marked as sensitive"),
        ({}, {"after_sensitive": {"a": True}}, "`a` marked as sensitive"),
    ],
)
def test_a_mark_that_changes_is_no_changed_secret(before: dict[str, Any], after: dict[str, Any], words: str) -> None:
    """The value is the same before and after; that it will be shown from now on is what a reviewer has to know."""
    assert cell({"a": "hunter2-secret"}, {"a": "hunter2-secret"}, **before, **after) == words


def test_a_mark_that_changes_with_its_value_is_said() -> None:
    """A reviewer has to know both."""
    before, after = {"a": "hunter2-secret"}, {"a": "hunter3-secret"}

    assert cell(before, after, after_sensitive={"a": True}) == "`a` (now marked as sensitive)"
    assert cell(before, after, before_sensitive={"a": True}) == "`a` (no longer marked as sensitive)"


def test_a_secret_that_comes_or_goes_says_both() -> None:
    """In a map, that a key is new; and that its value is a secret."""
    marked = {"tags": {"k": True}}

    assert cell({"tags": {}}, {"tags": {"k": "hunter2-secret"}}, after_sensitive=marked) == "`tags.k` added (sensitive)"
    gone = cell({"tags": {"k": "hunter2-secret"}}, {"tags": {}}, before_sensitive=marked)
    assert gone == "`tags.k` removed (sensitive)"
    assert cell({"a": None}, {"a": "hunter2-secret"}, after_sensitive={"a": True}) == "`a` added (sensitive)"
