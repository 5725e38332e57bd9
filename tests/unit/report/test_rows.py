"""A planned change as the reviewer sees it: word, symbol, order, reason, where it comes from, details."""

import json
from typing import Any

import pytest

from tfc_plan_comment.plan.document import ActionInvocation, LifecycleTrigger
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlannedChange, summarize
from tfc_plan_comment.report.addresses import mask_address
from tfc_plan_comment.report.lines.cell import Cell
from tfc_plan_comment.report.lines.line import Cut, Limits
from tfc_plan_comment.report.model import Row, join_phrases
from tfc_plan_comment.report.rows import SHORT, tell_change
from tfc_plan_comment.report.write.pieces import write_cell, write_lines

SECRET = "Zq7vW9kPxw2mLmQx"


def planned(actions: list[str], before: Any = None, after: Any = None, **more: Any) -> PlannedChange:
    inner = {"actions": actions, "before": before, "after": after, **more.pop("change", {})}
    resource = {"address": "t.n", "type": "t", "name": "n", "change": inner, **more}
    secret = {"actions": ["create"], "before": None, "after": SECRET, "after_sensitive": True}
    document = {"format_version": "1.2", "resource_changes": [resource], "output_changes": {"secret": secret}}
    return summarize(parse_plan(json.dumps(document).encode(), name="plan")).changes[0]


def told(*arguments: Any, **more: Any) -> Row:
    return tell_change(planned(*arguments, **more), limits=Limits())


def diff(row: Row) -> str:
    return write_lines(row.lines)


def written(cell: Cell) -> str:
    return str(write_cell(cell))


OLD, NEW = {"a": 1}, {"a": 2}


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (planned(["create"], None, NEW), ("create", "🟢", "create")),
        (planned(["read"], None, NEW, mode="data"), ("read", "⚪", "read")),
        (planned(["update"], OLD, NEW), ("update", "🟡", "change")),
        (planned(["delete"], OLD), ("delete", "🔴", "destroy")),
        (planned(["delete", "create"], OLD, NEW), ("replace", "🔴", "replace")),
        (planned(["forget"], OLD), ("forget", "🟠", "forget")),
        (planned(["no-op"], OLD, OLD, previous_address="t.old"), ("move", "⚪", "move")),
        (planned(["no-op"], OLD, OLD, change={"importing": {"id": "x"}}), ("import", "🔵", "import")),
        (planned(["defrost", "x"], OLD, NEW), ("unknown", "🟣", "unknown action: defrost, x")),
        (planned([], OLD, NEW), ("unknown", "🟣", "unknown action: none")),
        (planned(["update"], {"tags": {}}, {"tags": {"k": "v"}}, type="aws_vpc"), ("update", "⚪", "tags only")),
    ],
)
def test_every_action_has_its_word_and_symbol(change: PlannedChange, seen: tuple[str, str, str]) -> None:
    """Nothing is said by colour alone."""
    shown = tell_change(change, limits=Limits())

    assert (shown.action, shown.symbol, shown.label) == seen


OPENED = {"name": "t.n", "ingress": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]}
CLOSED = {**OPENED, "ingress": []}


@pytest.mark.parametrize(
    ("change", "is_open"),
    [
        (planned(["delete", "create"], OLD, NEW, type="aws_dynamodb_table"), True),
        (planned(["update"], CLOSED, OPENED, type="aws_security_group"), True),
        (planned(["create"], None, OPENED, type="aws_security_group"), True),
        (planned(["defrost"], OLD, NEW), True),
        (planned(["delete", "create"], OLD, NEW), False),
        (planned(["delete"], OLD, type="aws_dynamodb_table"), False),
        (planned(["update"], OLD, NEW), False),
        (planned(["update"], OPENED, CLOSED, type="aws_security_group"), False),
        (planned(["create"], None, NEW), False),
        (planned(["update"], {"tags": {}}, {"tags": {"k": "v"}}, type="aws_vpc"), False),
    ],
)
def test_what_its_line_does_not_say_stands_open(change: PlannedChange, is_open: bool) -> None:  # noqa: FBT001
    """Where data goes and something else comes, where a look is deserved, and what nobody knows; the rest is folded."""
    assert tell_change(change, limits=Limits()).is_open is is_open


def test_an_action_that_is_text_of_any_kind_stays_on_its_line() -> None:
    """It is cut, and what cannot be seen in it is shown."""
    assert told(["a\n\u202eb" + "x" * 99], OLD, NEW).label == rf"unknown action: a\n\u202eb{'x' * 56}…"


@pytest.mark.parametrize(
    ("change", "about"),
    [
        (planned(["delete", "create"], OLD, NEW), ""),
        (planned(["create", "delete"], OLD, NEW), "created first, then destroyed"),
        (planned(["create", "forget"], OLD, NEW), "created; the existing one is left alone"),
        (planned(["update"], OLD, NEW, previous_address="t.old"), "moved from t.old"),
        (planned(["delete"], OLD, previous_address="t.old"), ""),
        (planned(["update"], OLD, NEW, change={"importing": {"id": "i-1"}}), 'imported from "i-1"'),
        (
            planned(["update"], OLD, NEW, change={"importing": {"identity": {"arn": "x"}}}),
            'imported from {"arn": "x"}',
        ),
        (planned(["update"], OLD, NEW, change={"importing": {}}), "imported"),
        (
            planned(["no-op"], OLD, OLD, change={"importing": {"id": "i-1"}, "generated_config": "x"}),
            'from "i-1", config will be generated',
        ),
        (
            planned(["update"], OLD, NEW, change={"importing": {"unknown": True}}),
            "imported, from what is known after apply",
        ),
        (
            planned(["delete", "create"], OLD, NEW, change={"importing": {"id": "i-1"}}),
            'imported from "i-1", only to be destroyed',
        ),
    ],
)
def test_its_line_says_order_and_origin(change: PlannedChange, about: str) -> None:
    """In which order, if it is not the usual one, and from where."""
    assert join_phrases(tell_change(change, limits=Limits()).about) == about


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            planned(["delete", "create"], OLD, NEW, action_reason="replace_because_tainted"),
            "because it is tainted, by a failed apply or by hand",
        ),
        (planned(["delete"], OLD, action_reason="delete_because_no_resource_config"), "no longer in the configuration"),
        (planned(["delete"], OLD, deposed="1a2b3c4d"), "left over from a replacement that failed"),
        (planned(["update"], OLD, NEW), ""),
    ],
)
def test_its_line_says_the_reason(change: PlannedChange, why: str) -> None:
    """In our words; the table of them has its own tests."""
    assert written(tell_change(change, limits=Limits()).why) == why


def test_a_deposed_object_is_no_part_of_the_address() -> None:
    """It is said behind it, and as a text of the plan's; what of it is cut is counted."""
    shown = told(["delete"], OLD, deposed="<b>1a2b3c4d" + "e" * 100)

    assert written(shown.subject) == f"<code>t.n</code> (deposed object <code>&lt;b>1a2b3c4d{'e' * 49}…</code>)"
    assert shown.cut == Cut(characters=51)
    plain = told(["delete"], OLD, deposed="1a2b3c4d")
    assert written(plain.subject) == "<code>t.n</code> (deposed object <code>1a2b3c4d</code>)"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (planned(["create"], None, {"name": "shop"}), '"shop"'),
        (planned(["delete"], {"name": "shop"}), '"shop"'),
        (planned(["forget"], {"bucket": "acme-logs"}), '"acme-logs"'),
        (planned(["forget"], {"a": 1}), ""),
        (planned(["update"], {"name": "shop"}, {"name": "shop"}), ""),
        (planned(["delete"], {"name": "n"}), ""),
    ],
)
def test_what_comes_or_goes_is_called_by_its_name(change: PlannedChange, name: str) -> None:
    """The address alone does not say what it is; unless it does."""
    assert "".join(map(written, tell_change(change, limits=Limits()).names)) == name


def test_the_details_of_what_only_moves_is_forgotten_or_stays_say_so() -> None:
    """There is no diff, and a sentence instead."""
    assert diff(told(["forget"], OLD)) == "  # nothing is destroyed: Terraform only stops managing it"
    assert diff(told(["no-op"], OLD, OLD, previous_address="t.old")) == "  # only its address changes"
    assert diff(told(["update"], {}, {})) == "  # no attribute changes"
    assert diff(told(["read"], None, {}, mode="data")) == "  # nothing of it is known yet"


def test_a_change_that_is_malformed_is_not_one_without_changes() -> None:
    """Nothing is said of what could not be read."""
    resources = [{"address": "t.n", "type": "t", "change": malformed} for malformed in (7, {"actions": "update"})]
    plan = parse_plan(json.dumps({"terraform_version": "1.9.0", "resource_changes": resources}).encode(), name="plan")
    for change in summarize(plan).changes:
        assert diff(tell_change(change, limits=Limits())) == "  # what changes could not be read"


def test_an_import_shows_what_comes_under_terraforms_control() -> None:
    """Who it is, aligned, and the names of the rest; the configuration that Terraform generated."""
    before = {"id": "x", "name": "n", "empty": "", "none": None, "grant": [{"a": "y" * 60, "b": "z" * 60}]}
    config = 'resource "t" "n" {\n  name = "n"\n}'

    shown = told(["no-op"], before, before, change={"importing": {"id": "x"}, "generated_config": config})

    assert diff(shown).split("\n") == [
        '  name = "n"',
        '  id   = "x"',
        "  # other attributes: grant",
        "  # nothing changes",
        "  # configuration that Terraform generated:",
        '  resource "t" "n" {',
        '    name = "n"',
        "  }",
    ]
    sensitive = {"importing": {"id": "x"}, "before_sensitive": True, "after_sensitive": True}
    assert diff(told(["no-op"], before, before, change=sensitive)) == "  # nothing changes"


def test_invoked_actions_stand_with_the_change_that_invokes_them() -> None:
    """With the event, in words."""
    trigger = LifecycleTrigger(triggering_resource_address="t.n", action_trigger_event="AfterUpdate")
    actions = (ActionInvocation(address="action.a.b", lifecycle_action_trigger=trigger), ActionInvocation(address="x"))

    shown = tell_change(planned(["update"], OLD, NEW), limits=Limits(), invocations=actions)

    assert diff(shown).split("\n")[-2:] == ["  # invokes action.a.b after it is updated", "  # invokes x"]


def test_a_long_diff_does_not_stand_open() -> None:
    """Up to forty lines are read without asking."""
    before = dict.fromkeys(map(str, range(SHORT + 1)), 1)

    assert told(["x"], before, dict.fromkeys(list(before)[:-1], 2) | {str(SHORT): 1}).is_open is False
    assert told(["x"], {"a": 1}, {"a": 2}).is_open is True


def test_a_diff_that_only_counts_does_not_stand_open() -> None:
    """Nothing is read in it that its line does not say."""
    assert told(["x"], OLD, OLD).is_open is False


@pytest.mark.parametrize("importing", [{"id": "x\x1b-Zq7vW9kPxw2m"}, {"identity": {"id": "x\x1b-Zq7vW9kPxw2m"}}])
def test_a_secret_with_invisible_letters_is_masked_where_it_is_imported_from(importing: dict[str, Any]) -> None:
    """It is looked for before its invisible letters are written as escapes, which are not those of JSON."""
    secret = {"after_sensitive": {"s": True}, "importing": importing}
    shown = told(["update"], {"s": "x\x1b-Zq7vW9kPxw2m"}, {"s": "x\x1b-Zq7vW9kPxw2m"}, change=secret)

    assert "Zq7vW9" not in join_phrases(shown.about)


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        (planned(["update"], OLD, NEW), "<code>a</code> 1 → 2"),
        (planned(["update"], {}, {}), ""),
        (
            planned(["delete", "create"], OLD, NEW, change={"replace_paths": [["a"]]}),
            "because <code>a</code> 1 → 2",
        ),
        (
            planned(["delete", "create"], {"a": "x" * 99}, {"a": "y" * 99}, change={"replace_paths": [["a"]]}),
            "because <code>a</code> changes",
        ),
        (planned(["delete", "create"], OLD, NEW, action_reason="replace_because_tainted"), ""),
        (planned(["create"], None, {"name": "shop"}), ""),
        (planned(["delete"], {"name": "shop"}), ""),
        (planned(["no-op"], OLD, OLD, change={"importing": {"id": "@x"}}), ""),
    ],
)
def test_the_cell_says_what_changes(change: PlannedChange, cell: str) -> None:
    """Of an update the attributes, of a replacement those that force it, with values where they are short."""
    assert written(tell_change(change, limits=Limits()).cell) == cell


def test_addresses_are_masked_and_cut() -> None:
    """A secret in a key is hidden, everywhere an address stands; an absurdly long address is cut in the comment."""
    change = planned(["delete"], OLD, address=f't.n["{SECRET}"]', action_reason="delete_because_each_key", index=SECRET)
    shown = tell_change(change, limits=Limits())

    assert SECRET not in str(shown)
    assert shown.address.startswith('t.n["(hidden: equals a sensitive value')
    assert shown.reason
    assert mask_address("t.n[0]", change.mask) == "t.n[0]"
    long = told(["delete"], OLD, address="t." + "n" * 1_000)
    assert long.address == "t." + "n" * (Limits().address - 2) + "…"
    assert len(long.heading) > 1_000, "Terraform's words stay whole for those who want them"


def test_what_is_created_again_says_that_it_was_deleted_outside() -> None:
    """Nobody who reads the configuration would know why it is created."""
    resource = {"address": "t.n", "type": "t", "name": "n"}
    drifted = {**resource, "change": {"actions": ["delete"], "before": OLD, "after": None}}
    created = {**resource, "change": {"actions": ["create"], "before": None, "after": NEW}}
    document = {"format_version": "1.2", "resource_changes": [created], "resource_drift": [drifted]}
    (change,) = summarize(parse_plan(json.dumps(document).encode(), name="plan")).changes

    shown = tell_change(change, limits=Limits())

    assert join_phrases(shown.about) == "it was deleted outside of Terraform"
