"""The reason of a change: every one that Terraform or OpenTofu gives, as a sentence."""

import json
from typing import Any

import pytest

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlannedChange, summarize
from tfc_plan_comment.report.lines.cell import Cell, Voice
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.reasons import REASONS, say_reason

SECRET = "Zq7vW9kPxw2mLmQx"
OPENTOFU = "registry.opentofu.org/hashicorp/aws"
DELETE, REPLACE, FORGET, READ = ["delete"], ["delete", "create"], ["forget"], ["read"]


def planned(actions: list[str], reason: str | None = None, config: Any = None, **more: Any) -> PlannedChange:
    """A change with this reason, of a resource that is configured like this."""
    change = {"actions": actions, "before": {"a": 1}, "after": {"a": 2}}
    resource = {"address": "t.n", "type": "t", "name": "n", "change": change, "action_reason": reason, **more}
    secret = {"actions": ["create"], "before": None, "after": SECRET, "after_sensitive": True}
    document = {"format_version": "1.2", "resource_changes": [resource], "output_changes": {"secret": secret}}
    if config is not None:
        document["configuration"] = {"root_module": {"resources": [{"address": "t.n", **config}]}}
    return summarize(parse_plan(json.dumps(document).encode(), name="plan")).changes[0]


def plain(cell: Cell) -> str:
    """The sentence, with code between backticks."""
    return "".join(
        f"`{piece.text}`" if piece.voice in {Voice.NAME, Voice.CODE} else piece.text for piece in cell.pieces
    )


def said(*arguments: Any, **more: Any) -> str:
    return plain(say_reason(planned(*arguments, **more), Limits()))


def constant(value: Any) -> dict[str, Any]:
    return {"constant_value": value}


EACH = [
    ("replace_because_cannot_update", planned(REPLACE, "replace_because_cannot_update"), ""),
    (
        "replace_because_tainted",
        planned(REPLACE, "replace_because_tainted"),
        "because it is tainted, by a failed apply or by hand",
    ),
    ("replace_by_request", planned(REPLACE, "replace_by_request"), "as asked with `-replace`"),
    ("replace_by_triggers", planned(REPLACE, "replace_by_triggers"), "because of `replace_triggered_by`"),
    (
        "delete_because_no_resource_config",
        planned(DELETE, "delete_because_no_resource_config"),
        "no longer in the configuration",
    ),
    (
        "delete_because_no_move_target",
        planned(DELETE, "delete_because_no_move_target", previous_address='t.old["a b"]'),
        'no longer in the configuration; was `t.old["a b"]`',
    ),
    (
        "delete_because_no_module",
        planned(DELETE, "delete_because_no_module"),
        "its module is no longer in the configuration",
    ),
    (
        "delete_because_wrong_repetition",
        planned(DELETE, "delete_because_wrong_repetition", {"for_each_expression": {}}, index=0),
        "it now uses `for_each`, not `count`",
    ),
    (
        "delete_because_count_index",
        planned(DELETE, "delete_because_count_index", {"count_expression": constant(3)}, index=3),
        "its `count` is now 3",
    ),
    (
        "delete_because_each_key",
        planned(DELETE, "delete_because_each_key", index="two words"),
        'its key `"two words"` is gone from `for_each`',
    ),
    ("delete_because_enabled_false", planned(DELETE, "delete_because_enabled_false"), "its `enabled` is now false"),
    (
        "read_because_config_unknown",
        planned(READ, "read_because_config_unknown", mode="data"),
        "during apply, because its configuration refers to values not yet known",
    ),
    (
        "read_because_dependency_pending",
        planned(READ, "read_because_dependency_pending", mode="data"),
        "during apply, because something that it depends on has pending changes",
    ),
    (
        "read_because_check_nested",
        planned(READ, "read_because_check_nested", mode="data"),
        "during apply, to verify a `check` block",
    ),
    (
        "forgot_because_lifecycle_destroy_in_state",
        planned(FORGET, "forgot_because_lifecycle_destroy_in_state", provider_name=OPENTOFU),
        "because `lifecycle.destroy = false` was set before it was removed",
    ),
    (
        "forgot_because_lifecycle_destroy_in_config",
        planned(FORGET, "forgot_because_lifecycle_destroy_in_config", provider_name=OPENTOFU),
        "because `lifecycle.destroy = false` is set in the configuration",
    ),
]


@pytest.mark.parametrize(("reason", "change", "sentence"), EACH, ids=[reason for reason, *_ in EACH])
def test_each_reason_is_a_sentence(reason: str, change: PlannedChange, sentence: str) -> None:
    """It stands by itself behind the address; names of the language are code."""
    assert change.resource.action_reason == reason
    assert plain(say_reason(change, Limits())) == sentence


def test_every_reason_that_there_is_is_tested() -> None:
    """A new row in the table needs its sentence here."""
    assert [reason for reason, *_ in EACH] == list(REASONS)


@pytest.mark.parametrize("actions", [DELETE, REPLACE, FORGET, READ, ["update"], ["create"], ["defrost"]])
def test_a_reason_that_nobody_has_heard_of_is_shown_as_unknown(actions: list[str]) -> None:
    """A newer Terraform may have further ones; none is dropped, and none is longer than a word or two."""
    assert said(actions, "resource_moved") == "for a reason that is not known here: `resource_moved`"
    assert said(actions, "x\n`" + "y" * 99) == f"for a reason that is not known here: `x\\n`{'y' * 57}…`"


@pytest.mark.parametrize(
    ("index", "config", "sentence"),
    [
        (None, None, "it now uses `count` or `for_each`"),
        (None, {"count_expression": constant(2)}, "it now uses `count`"),
        (0, None, "it no longer uses `count`"),
        (0, {}, "it no longer uses `count`"),
        ("a", {}, "it no longer uses `for_each`"),
        ("a", {"count_expression": {"references": ["var.x"]}}, "it now uses `count`, not `for_each`"),
        ("a", {"for_each_expression": {}}, "it no longer uses `for_each`"),
    ],
)
def test_another_repetition_is_named_where_the_configuration_has_it(index: Any, config: Any, sentence: str) -> None:
    """The plan tells only of which kind the instance was."""
    assert said(DELETE, "delete_because_wrong_repetition", config, index=index) == sentence


@pytest.mark.parametrize(
    "config",
    [
        None,
        {},
        {"count_expression": {"references": ["var.zones"]}},
        {"count_expression": constant("3")},
        {"count_expression": constant(5)},
        {"count_expression": [1]},
    ],
)
def test_a_count_is_said_only_where_it_is_known(config: Any) -> None:
    """An expression has no number in the plan; and one that does not fit is not believed."""
    assert said(DELETE, "delete_because_count_index", config, index=3) == "its `count` no longer reaches it"


def test_a_deposed_object_is_left_over() -> None:
    """Whatever other reason there is stands behind it."""
    left_over = "left over from a replacement that failed"

    assert said(DELETE, deposed="1a2b3c4d") == left_over
    assert said(DELETE, "delete_because_no_module", deposed="1a2b3c4d") == (
        f"{left_over}; its module is no longer in the configuration"
    )
    assert said(FORGET, deposed="1a2b3c4d", provider_name=OPENTOFU) == left_over
    assert said(REPLACE, deposed="1a2b3c4d") == ""


def test_terraform_has_one_reason_to_forget() -> None:
    """It stands where the plan has no better one; OpenTofu names its own, or none."""
    sentence = "because `destroy = false` is set in the configuration"

    assert said(FORGET) == sentence
    assert said(FORGET, "delete_because_no_resource_config") == "no longer in the configuration"
    assert said(FORGET, provider_name=OPENTOFU) == said(["create", "forget"]) == ""


def test_a_reason_of_another_action_is_a_remnant() -> None:
    """Terraform leaves `replace_by_triggers` on what is only created."""
    assert said(["create"], "replace_by_triggers") == ""
    assert said(["update"], "delete_because_no_module") == ""


def test_a_secret_in_a_reason_is_hidden() -> None:
    """A key and an address may hold one; so may a text that no version of Terraform writes."""
    assert SECRET not in said(DELETE, "delete_because_each_key", index=SECRET)
    assert SECRET not in said(DELETE, "delete_because_no_move_target", previous_address=f't.n["{SECRET}"]')
    assert SECRET not in said(DELETE, f"because {SECRET}")


@pytest.mark.parametrize("index", [f"<img src=x> `{SECRET}`", [SECRET], None])
def test_an_index_of_a_count_that_is_no_number_is_not_repeated(index: Any) -> None:
    """It may be a secret, or Markdown, and stands in the address anyway."""
    assert said(DELETE, "delete_because_count_index", index=index) == "its `count` no longer reaches it"
