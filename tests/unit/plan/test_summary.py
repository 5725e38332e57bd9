"""A plan, understood: in the order in which a reviewer should hear it."""

import json
import re
from collections.abc import Callable
from typing import Any

from tfc_plan_comment.plan.actions import RISK, Action, listed
from tfc_plan_comment.plan.difference import Added, Changed, Removed
from tfc_plan_comment.plan.document import Plan, ResourceChange
from tfc_plan_comment.plan.noise import Noise
from tfc_plan_comment.plan.summary import MOST_SORTED_BY_NOISE, summarize
from tfc_plan_comment.plan.values import UNKNOWN, Number, Sensitive


def entry(address: str, *actions: str, **keys: Any) -> dict[str, Any]:
    """A resource change as it stands in a plan."""
    inner = {key: keys.pop(key) for key in ("before", "after", "importing") if key in keys}
    return {"address": address, "mode": "managed", "type": "a", **keys, "change": {"actions": actions, **inner}}


def test_every_listed_change_is_in_it(
    golden_name: str, golden_plan: Callable[[str], Plan], golden_text: Callable[[str, str], str]
) -> None:
    """Each change that Terraform lists is there once, each output that changes, and each drift but null for empty."""
    plan = golden_plan(golden_name)
    summary = summarize(plan)
    shown = [resource.address for resource, _ in listed(plan.resource_changes)]
    assert sorted(change.resource.address for change in summary.changes) == sorted(shown)
    _, _, outputs = golden_text(golden_name, "human.txt").partition("\nChanges to Outputs:\n")
    assert [output.name for output in summary.outputs] == re.findall(r"^  [-+~] (\S+) += ", outputs, re.MULTILINE)
    assert [drift.resource for drift in summary.drift] == [
        each for each in plan.resource_drift if not stays_empty(each)
    ]


def stays_empty(resource: ResourceChange) -> bool:
    """Whether each attribute stays as it is, or null or empty."""
    before, after = (json.loads(bytes(side)) or {} for side in (resource.change.before, resource.change.after))
    both = [(json.dumps(before.get(name)), json.dumps(after.get(name))) for name in before.keys() | after.keys()]
    empty = {"null", '""', "[]", "{}"}
    return resource.change.actions == ("update",) and all(old == new or {old, new} <= empty for old, new in both)


OPENED = {"ingress": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]}


def test_what_can_hurt_comes_first(plan_of: Callable[..., Plan]) -> None:
    """Data that is lost, other loss, what nobody knows, what deserves a look, the rest by its action, noise last."""
    tags = {"before": {"tags": {"a": "x"}}, "after": {"tags": {"a": "y"}}}
    size = {"before": {"size": 1}, "after": {"size": 2}}
    plan = plan_of(
        resource_changes=[
            entry("tags", "update", type="aws_vpc", **tags),
            entry("read", "read", mode="data"),
            entry("moved", "no-op", previous_address="x"),
            entry("imported", "no-op", importing={"id": "x"}),
            entry("created", "create"),
            entry("created for a look", "create", type="aws_security_group", after=OPENED),
            entry("updated", "update", **size),
            entry("updated for a look", "update", type="aws_security_group", before={"ingress": []}, after=OPENED),
            entry("imported tags", "update", importing={"id": "x"}, **tags),
            entry("forgotten", "forget"),
            entry("unknown", "evaporate"),
            entry("destroyed", "delete"),
            entry("destroyed data", "delete", type="aws_s3_bucket"),
            entry("new version", "delete", "create", type="aws_ecs_task_definition"),
            entry("last version", "delete", type="aws_ecs_task_definition"),
            entry("replaced", "create", "delete"),
            entry("replaced data", "delete", "create", type="aws_db_instance"),
            entry("not destroyed data", "create", "forget", type="aws_db_instance"),
            entry("nothing", "no-op"),
        ]
    )
    summary = summarize(plan)
    changes = summary.changes
    assert [change.resource.address for change in changes] == [
        "replaced data",
        "destroyed data",
        "replaced",
        "not destroyed data",
        "destroyed",
        "last version",
        "unknown",
        "updated for a look",
        "created for a look",
        "new version",
        "forgotten",
        "updated",
        "imported tags",
        "created",
        "imported",
        "moved",
        "read",
        "tags",
    ]
    assert [change.resource.address for change in changes if change.holds_data] == ["replaced data", "destroyed data"]
    assert [change.resource.address for change in changes if change.is_routine] == ["new version"]
    assert [change.resource.address for change in summary.attention] == ["updated for a look", "created for a look"]
    assert [change.noise for change in changes if change.noise] == [Noise.TAGS]
    assert set(RISK) == set(Action) - {Action.NO_OP}


def test_what_deserves_a_look_is_no_noise(plan_of: Callable[..., Plan]) -> None:
    """Also where nothing but an attribute changes that nobody has to weigh otherwise."""
    sides = {"before": {"ingress": [], "tags": {"a": "x"}}, "after": {**OPENED, "tags": {"a": "y"}}}
    (change,) = summarize(plan_of(resource_changes=[entry("a", "update", type="aws_security_group", **sides)])).changes

    assert change.deserves_a_look
    assert change.noise is None


def test_more_updates_than_are_sorted_by_noise(plan_of: Callable[..., Plan]) -> None:
    """Of very many updates, none is compared only to sort them; in Terraform's order they stay."""
    tags = {"before": {"tags": {"a": "x"}}, "after": {"tags": {"a": "y"}}}
    size = {"before": {"size": 1}, "after": {"size": 2}}
    updates = [
        entry(f"a.b[{n}]", "update", type="aws_vpc", **(size if n % 2 else tags))
        for n in range(MOST_SORTED_BY_NOISE + 1)
    ]
    changes = summarize(plan_of(resource_changes=updates)).changes
    assert [change.resource.address for change in changes] == [update["address"] for update in updates]
    assert not any("diff" in vars(change) for change in changes)
    changes = summarize(plan_of(resource_changes=updates[1:])).changes
    assert changes[0].resource.address == "a.b[1]"
    assert changes[-1].noise is Noise.TAGS


def test_outputs(plan_of: Callable[..., Plan]) -> None:
    """Outputs stand by name, with what they were and will be; one that stays null, or as it is, is none."""
    outputs = {
        "d": {"actions": ["create"], "after": "x"},
        "c": {"actions": ["delete"], "before": 1},
        "b": {"actions": ["update"], "before": "x", "after_unknown": True},
        "a": {"actions": ["update"], "before": "x", "after": "y", "before_sensitive": True, "after_sensitive": True},
        "e": {"actions": ["create"], "after": None},
        "f": {"actions": ["no-op"], "before": 1, "after": 1},
    }
    summary = summarize(plan_of(output_changes=outputs))
    assert [(output.name, output.part.difference) for output in summary.outputs] == [
        ("a", Changed(Sensitive(1, is_marked=True), Sensitive(2, is_marked=True))),
        ("b", Changed("x", UNKNOWN)),
        ("c", Removed(Number.read("1"))),
        ("d", Added("x")),
    ]


def test_what_is_made_of_a_change_is_made_once(plan_of: Callable[..., Plan]) -> None:
    """A change keeps its diff, and a copy that is to be looked at once makes one of its own."""
    (change,) = summarize(plan_of(resource_changes=[entry("a.b", "update", before={"a": 1}, after={"a": 2})])).changes
    once = change.afresh()

    assert change.diff is change.diff
    assert once.diff == change.diff
    assert once.diff is not change.diff
    assert once == change


def test_a_key_of_an_output_is_data(plan_of: Callable[..., Plan]) -> None:
    """Where a secret is a key in an output's value, it is masked, though the same word may name an attribute."""
    after = {"hunter2-secret": "x"}
    summary = summarize(
        plan_of(output_changes={"a": {"actions": ["create"], "after": after}}), (re.compile("hunter.*"),)
    )

    assert [output.part.difference for output in summary.outputs] == [Added({"(sensitive value 1)": "x"})]


def test_no_secret_in_its_repr(plan_of: Callable[..., Plan]) -> None:
    """No value stands in what a debugger or a traceback would show of a plan, its changes or its mask."""
    change = {"before": {"a": "hunter2-secret"}, "after": {"a": "x"}}
    plan = plan_of(resource_changes=[{**entry("a.b", "update", **change)}])
    summary = summarize(plan, (re.compile("hunter2-.*"),))
    assert "Sensitive(" in repr(summary.changes[0].diff)
    assert "hunter2" not in repr(summary) + repr(summary.changes[0].diff) + repr(summary.mask)
