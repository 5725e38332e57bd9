"""What a plan does to an object, in Terraform's words."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tfc_plan_comment.plan.actions import (
    RISK,
    Action,
    Replacement,
    action_of,
    display_address,
    heading,
    is_moved,
    listed,
    reason,
    replacement_of,
)
from tfc_plan_comment.plan.document import Plan, ResourceChange
from tfc_plan_comment.plan.summary import summarize

Make = Callable[..., ResourceChange]
ADDRESS = "aws_s3_bucket.logs"
OPENTOFU = "registry.opentofu.org/hashicorp/aws"


def test_headings_are_terraforms(
    golden_name: str, golden_plan: Callable[[str], Plan], golden_text: Callable[[str, str], str]
) -> None:
    """For every real plan, the headings of changes and of drift are those that Terraform wrote, each one once."""
    plan = golden_plan(golden_name)
    ours = [heading(resource) for resource, _ in listed(plan.resource_changes)]
    ours += [heading(drift.resource, drifted=True) for drift in summarize(plan).drift if drift.is_relevant]
    text = golden_text(golden_name, "human.txt")
    assert sorted(ours) == sorted(re.findall(r"^ {1,2}# (?!\(|Warning:)(.+)$", text, re.MULTILINE))


def test_reasons_are_terraforms(
    golden_name: str, golden_plan: Callable[[str], Plan], golden_text: Callable[[str, str], str]
) -> None:
    """For every real plan, the reasons are those that Terraform wrote below its headings, each one as often."""
    ours = [
        words
        for resource, _ in listed(golden_plan(golden_name).resource_changes)
        for words in (reason(resource) or "").split("; ")
        if words
    ]
    text = golden_text(golden_name, "human.txt")
    notes = re.findall(r"^ {1,2}# \((.+)\)$", text, re.MULTILINE)
    assert sorted(ours) == sorted(note for note in notes if not note.startswith(("moved from", "imported from")))


@pytest.mark.parametrize(
    ("actions", "action", "words"),
    [
        (("create",), Action.CREATE, "{} will be created"),
        (("read",), Action.READ, "{} will be read during apply"),
        (("update",), Action.UPDATE, "{} will be updated in-place"),
        (("delete",), Action.DELETE, "{} will be destroyed"),
        (("delete", "create"), Action.REPLACE, "{} must be replaced"),
        (("create", "delete"), Action.REPLACE, "{} must be replaced"),
        (("forget",), Action.FORGET, "{} will no longer be managed by Terraform, but will not be destroyed"),
        (
            ("create", "forget"),
            Action.REPLACE,
            "{} must be replaced, but the existing object will not be destroyed",
        ),
        (
            ("forget", "create"),
            Action.REPLACE,
            "{} must be replaced - older instance will not be destroyed (lifecycle.destroy = false)",
        ),
        (("evaporate",), Action.UNKNOWN, "{} has an unknown action"),
        (("create", "delete", "create"), Action.UNKNOWN, "{} has an unknown action"),
        (("delete", "update"), Action.UNKNOWN, "{} has an unknown action"),
        ((), Action.UNKNOWN, "{} has an unknown action"),
    ],
)
def test_every_action(actions: tuple[str, ...], action: Action, words: str, resource: Make) -> None:
    """Each tuple of actions is one action with Terraform's heading; one that nobody knows is unknown, and listed."""
    made = resource(*actions)
    assert action_of(made) is action
    assert heading(made) == words.format(ADDRESS)
    assert listed([made])
    assert heading(resource(*actions, action_reason="replace_because_cannot_update")) == words.format(ADDRESS)
    assert heading(resource(*actions, action_reason="never_heard_of")) == words.format(ADDRESS)


def test_every_action_has_facts_of_its_own() -> None:
    """No two are called alike in a row or in the headline, and each has a symbol beside its word."""
    facts = [action.facts for action in Action]

    assert len({each.label for each in facts}) == len({each.headline for each in facts}) == len(facts)
    assert all(each.symbol for each in facts)
    assert [action for action in Action if action.facts.loss] == list(RISK[:4])


@pytest.mark.parametrize(
    ("actions", "replacement"),
    [
        (("delete", "create"), Replacement.DESTROY_FIRST),
        (("create", "delete"), Replacement.CREATE_FIRST),
        (("create", "forget"), Replacement.NOT_DESTROYED),
        (("forget", "create"), Replacement.NOT_DESTROYED),
        (("update",), None),
        (("create", "delete", "create"), None),
    ],
)
def test_order_of_a_replacement(actions: tuple[str, ...], replacement: Replacement | None, resource: Make) -> None:
    """The order of the actions is the order of the replacement."""
    assert replacement_of(resource(*actions)) is replacement


@pytest.mark.parametrize(
    ("action_reason", "words"),
    [
        ("replace_because_tainted", "{} is tainted, so must be replaced"),
        ("replace_by_request", "{} will be replaced, as requested"),
        ("replace_by_triggers", "{} will be replaced due to changes in replace_triggered_by"),
        ("replace_because_cannot_update", "{} must be replaced"),
        ("resource_moved", "{} must be replaced"),
    ],
)
def test_reasons_in_the_heading(action_reason: str, words: str, resource: Make) -> None:
    """The reason of a replacement stands in its heading; on any other action it says nothing."""
    for actions in (("delete", "create"), ("create", "delete")):
        made = resource(*actions, action_reason=action_reason)
        assert heading(made) == words.format(ADDRESS)
        assert reason(made) is None
    created = resource("create", action_reason=action_reason)
    assert heading(created) == f"{ADDRESS} will be created"
    assert reason(created) is None


KEY = {"address": 'a.b["x\\"y"]', "index": 'x"y'}
DELETES: list[tuple[dict[str, Any], str | None]] = [
    ({"action_reason": "delete_because_no_resource_config"}, "because aws_s3_bucket.logs is not in configuration"),
    (
        {"action_reason": "delete_because_no_move_target", "previous_address": "aws_s3_bucket.old"},
        "because aws_s3_bucket.old was moved to aws_s3_bucket.logs, which is not in configuration",
    ),
    (
        {"action_reason": "delete_because_no_module", "module_address": 'module.a["b"]'},
        'because module.a["b"] is not in configuration',
    ),
    ({"action_reason": "delete_because_wrong_repetition"}, "because resource uses count or for_each"),
    ({"action_reason": "delete_because_wrong_repetition", "index": 0}, "because resource does not use count"),
    ({"action_reason": "delete_because_wrong_repetition", "index": "k"}, "because resource does not use for_each"),
    ({"action_reason": "delete_because_count_index", "index": 3}, "because index [3] is out of range for count"),
    ({"action_reason": "delete_because_each_key", "index": "k"}, 'because key ["k"] is not in for_each map'),
    ({"action_reason": "delete_because_each_key", **KEY}, r'because key ["x\"y"] is not in for_each map'),
    ({"action_reason": "delete_because_enabled_false"}, "because enabled is false"),
    ({"action_reason": "delete_because_of_the_weather"}, None),
    ({}, None),
]


@pytest.mark.parametrize(("keys", "words"), DELETES)
def test_reasons_of_a_destroy(keys: dict[str, Any], words: str | None, resource: Make) -> None:
    """A destroy says why; a deposed object says besides where it comes from."""
    assert reason(resource("delete", **keys)) == words
    left_over = "left over from a partially-failed replacement of this instance"
    deposed = resource("delete", deposed="1a2b3c4d", **keys)
    assert reason(deposed) == (f"{words}; {left_over}" if words else left_over)
    assert heading(deposed).endswith("(deposed object 1a2b3c4d) will be destroyed")


@pytest.mark.parametrize(
    ("action_reason", "words"),
    [
        ("read_because_config_unknown", "config refers to values not yet known"),
        ("read_because_dependency_pending", "depends on a resource or a module with changes pending"),
        ("read_because_check_nested", "config will be reloaded to verify a check block"),
        ("read_because_of_the_weather", None),
        (None, None),
    ],
)
def test_reasons_of_a_read(action_reason: str | None, words: str | None, resource: Make) -> None:
    """A data source that is read during apply says why."""
    assert reason(resource("read", mode="data", action_reason=action_reason)) == words


@pytest.mark.parametrize("action_reason", [None, "delete_because_no_resource_config", "never_heard_of"])
def test_reasons_to_forget(action_reason: str | None, resource: Make) -> None:
    """Terraform has one reason to forget, which it always says; OpenTofu says its own, or nothing."""
    said = "destroy = false is set in the configuration"
    assert reason(resource("forget", action_reason=action_reason)) == said
    assert reason(resource("create", "forget", action_reason=action_reason)) == said
    deposed = resource("forget", deposed="1a2b3c4d", action_reason=action_reason)
    assert reason(deposed) == f"left over from a partially-failed replacement of this instance; {said}"
    assert heading(deposed) == (
        f"{ADDRESS} (deposed object 1a2b3c4d) will be removed from Terraform state, but will not be destroyed"
    )
    assert reason(resource("forget", provider_name=OPENTOFU, action_reason=action_reason)) is None
    assert reason(resource("forget", "create", provider_name=OPENTOFU, action_reason=action_reason)) is None


@pytest.mark.parametrize(
    ("action_reason", "words"),
    [
        (
            "forgot_because_lifecycle_destroy_in_state",
            "because lifecycle.destroy = false was configured before this resource was removed",
        ),
        (
            "forgot_because_lifecycle_destroy_in_config",
            "because lifecycle.destroy = false is set in the configuration",
        ),
    ],
)
def test_reasons_of_opentofu(action_reason: str, words: str, resource: Make) -> None:
    """OpenTofu's reasons to forget are said in its words."""
    assert reason(resource("forget", provider_name=OPENTOFU, action_reason=action_reason)) == words


@pytest.mark.parametrize(
    ("keys", "action", "words"),
    [
        ({}, Action.NO_OP, None),
        ({"previous_address": ADDRESS}, Action.NO_OP, None),
        ({"previous_address": ""}, Action.NO_OP, None),
        ({"previous_address": "aws_s3_bucket.old"}, Action.MOVE, f"aws_s3_bucket.old has moved to {ADDRESS}"),
        ({"importing": {"id": "x"}}, Action.IMPORT, f"{ADDRESS} will be imported"),
        ({"importing": {}}, Action.IMPORT, f"{ADDRESS} will be imported"),
        (
            {"importing": {"id": "x"}, "previous_address": "aws_s3_bucket.old"},
            Action.MOVE,
            f"aws_s3_bucket.old has moved to {ADDRESS}",
        ),
    ],
)
def test_moves_and_imports(keys: dict[str, Any], action: Action, words: str | None, resource: Make) -> None:
    """What neither moves nor is imported is not listed; of both, Terraform says only the move."""
    made = resource("no-op", **keys)
    assert action_of(made) is action
    assert bool(listed([made])) is (words is not None)
    assert words is None or heading(made) == words
    assert is_moved(made) is (action is Action.MOVE)
    updated = resource("update", **keys)
    assert action_of(updated) is Action.UPDATE
    assert heading(updated) == f"{ADDRESS} will be updated in-place"


@pytest.mark.parametrize(
    ("actions", "keys", "is_listed"),
    [
        (("delete",), {"mode": "data"}, False),
        (("read",), {"mode": "data"}, True),
        (("no-op",), {"mode": "data"}, False),
        (("evaporate",), {"mode": "data"}, True),
        (("open",), {"mode": "ephemeral"}, False),
        (("delete",), {"deposed": "1a2b3c4d"}, True),
        (("delete",), {"mode": "never heard of"}, False),
        (("update",), {"mode": "never heard of"}, True),
    ],
)
def test_what_is_not_listed(actions: tuple[str, ...], keys: dict[str, Any], resource: Make, *, is_listed: bool) -> None:
    """Data sources that go away and ephemeral resources are not listed, as in Terraform."""
    assert bool(listed([resource(*actions, **keys)])) is is_listed


@pytest.mark.parametrize(
    ("actions", "keys", "words"),
    [
        (("update",), {}, f"{ADDRESS} has changed"),
        (("delete",), {}, f"{ADDRESS} has been deleted"),
        (("no-op",), {"previous_address": "a.b"}, f"a.b has moved to {ADDRESS}"),
        (("update",), {"previous_address": "a.b"}, f"{ADDRESS} has changed"),
        (("update",), {"deposed": "1a2b3c4d"}, f"{ADDRESS} (deposed object 1a2b3c4d) has changed"),
        (("evaporate",), {}, f"{ADDRESS} has changed"),
    ],
)
def test_headings_of_drift(actions: tuple[str, ...], keys: dict[str, Any], words: str, resource: Make) -> None:
    """What changed outside of Terraform has headings of its own."""
    assert heading(resource(*actions, **keys), drifted=True) == words


def test_without_an_address(resource: Make) -> None:
    """A change without an address is named by what is known of it."""
    assert display_address(resource("create", address="")) == "aws_s3_bucket.logs"
    assert display_address(resource("create", address="", type="", name="")) == "unknown.unknown"
