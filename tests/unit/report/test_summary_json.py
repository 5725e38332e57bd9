"""The JSON summary: a documented contract, complete and masked."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.plan.values import write_json
from tfc_plan_comment.report.summary_json import Summary, summary_json

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs" / "summary.schema.json").read_text(encoding="utf-8"))
REAL = sorted((ROOT / "tests" / "golden").glob("*/plan.json"))
# More plans, of other people, may lie beside the project: PLAN_CORPUS names their folder.
CORPUS = sorted(Path(os.environ["PLAN_CORPUS"]).glob("t*.json")) if "PLAN_CORPUS" in os.environ else []


def summary_of(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads("".join(summary_json(summarize(read_plan(path)))))
    return document


def summary(**plan: Any) -> dict[str, Any]:
    content = {"format_version": "1.2", "planned_values": {}, **plan}
    document: dict[str, Any] = json.loads(
        "".join(summary_json(summarize(parse_plan(json.dumps(content).encode(), name="plan"))))
    )
    return document


@pytest.mark.parametrize("path", [*REAL, *CORPUS], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_summary_of_a_real_plan_is_valid(path: Path) -> None:
    """What every real plan gives keeps the contract, and read as a `Summary` and written again it is the same."""
    written = "".join(summary_json(summarize(read_plan(path))))
    members = msgspec.json.decode(written, type=dict[str, msgspec.Raw])

    Draft202012Validator(SCHEMA).validate(json.loads(written))
    read = msgspec.json.decode(written, type=Summary)
    assert write_json(read) == write_json(members)


def test_an_object_without_an_address_has_what_is_known_of_it() -> None:
    """Its type and its name, as everywhere else; in what changed outside of Terraform as well."""
    change = {"actions": ["update"], "before": {"a": 1}, "after": {"a": 2}}
    nameless = {"type": "t", "name": "n", "change": change}

    document = summary(resource_changes=[nameless], resource_drift=[nameless])

    assert [each["address"] for each in document["changes"] + document["drift"]] == ["t.n", "t.n"]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], Any]:
    """Every plain value, and every empty container, at its path."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = {at: leaf for key, item in inner for at, leaf in leaves(item, (*path, key)).items()}
    return found or {path: value}


def differing(change: dict[str, Any]) -> set[tuple[Any, ...]]:
    """An independent walk: the paths at which a plain value is not the same on both sides."""
    before, after = leaves(change.get("before")), leaves(change.get("after"))
    unknown = {path for path, mark in leaves(change.get("after_unknown")).items() if mark is True}
    paths = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    return {path for path in paths if before.get(path) is not None or after.get(path) is not None} | unknown


def listed(plan: dict[str, Any]) -> Iterator[tuple[tuple[str, str | None], dict[str, Any]]]:
    for each in plan.get("resource_changes", []):
        moved = each.get("previous_address", each["address"]) != each["address"]
        is_nothing = each["change"]["actions"] == ["no-op"] and not moved and not each["change"].get("importing")
        if not is_nothing:
            yield (each["address"], each.get("deposed")), each["change"]


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.parent.name)
def test_every_changed_attribute_of_every_change_is_in_it(path: Path) -> None:
    """Whatever differs in the plan is at its path or at the path of what holds it, with its values, or masked."""
    plan = json.loads(path.read_text(encoding="utf-8"))
    found = {(each["address"], each["deposed"]): each for each in summary_of(path)["changes"]}

    assert found.keys() == dict(listed(plan)).keys()
    for key, change in listed(plan):
        attributes = {tuple(each["path"]): each for each in found[key]["attributes"]}
        for where in differing(change):
            holders = [at for at in attributes if at == where[: len(at)] or where == at[: len(where)]]
            assert holders, (key, where)
        for where, attribute in attributes.items():
            before, after = value_at(change.get("before"), where), value_at(change.get("after"), where)
            if not (attribute["sensitive"] or isinstance(before, dict | list)):
                assert attribute["before"] == before, (key, where)
            if not (attribute["sensitive"] or attribute["unknown"] or isinstance(after, dict | list)):
                assert attribute["after"] == after, (key, where)


def value_at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        match value:
            case dict():
                value = value.get(step)
            case list():
                value = value[step] if step < len(value) else None
            case _:
                return None
    return value


def test_a_secret_that_is_a_key_of_an_output_is_hidden() -> None:
    """The keys of an output's value are data like the rest; the names of a resource's attributes are not."""
    changes = {
        "a": {"actions": ["create"], "after": {"Zq7vW9kPxw2mLmQx": "x"}},
        "b": {"actions": ["create"], "after": "Zq7vW9kPxw2mLmQx", "after_sensitive": True},
    }

    (attribute,) = summary(output_changes=changes)["outputs"][0]["attributes"]
    assert (attribute["path"], attribute["after"]) == (["(hidden: equals a sensitive value, no. 1)"], "x")


def test_outputs_drift_and_checks_are_whole() -> None:
    """Every output that changes, every drifted object, every check with its problems."""
    plan = summary(
        terraform_version="1.14.0",
        output_changes={
            "b": {"actions": ["update"], "before": {"x": 1, "y": 2}, "after": {"x": 1, "y": 3}},
            "a": {"actions": ["create"], "before": None, "after_unknown": True},
            "same": {"actions": ["no-op"], "before": 1, "after": 1},
        },
        resource_drift=[
            {"address": "t.n", "type": "t", "change": {"actions": ["delete"], "before": {"a": 1}, "after": None}}
        ],
        checks=[
            {
                "address": {"kind": "check", "to_display": "check.c"},
                "status": "fail",
                "instances": [{"status": "fail", "problems": [{"message": "Too few."}, {"message": "Too old."}]}],
            }
        ],
    )

    assert plan["terraform_version"] == "1.14.0"
    assert [(output["name"], output["actions"]) for output in plan["outputs"]] == [("a", ["create"]), ("b", ["update"])]
    assert plan["outputs"][0]["attributes"] == [
        {"path": [], "before": None, "after": None, "sensitive": False, "unknown": True, "forces_replacement": False}
    ]
    assert [(each["path"], each["before"], each["after"]) for each in plan["outputs"][1]["attributes"]] == [
        (["y"], 2, 3)
    ]
    assert [(each["address"], each["heading"], each["relevant"]) for each in plan["drift"]] == [
        ("t.n", "t.n has been deleted", False)
    ]
    assert plan["checks"] == [
        {"address": "check.c", "kind": "check", "status": "fail", "problems": ["Too few.", "Too old."]}
    ]


def test_what_is_sensitive_is_masked_everywhere() -> None:
    """At its path, in an address, in a check's message, and where the same value stands unmarked."""
    secret = "Zq7vW9kPxw2mLmQx"
    change = {
        "actions": ["update"],
        "before": {"password": "old-password", "url": "https://x"},
        "after": {"password": secret, "url": f"https://{secret}@x"},
        "after_sensitive": {"password": True},
        "before_sensitive": {"password": True},
    }
    content = summary(
        resource_changes=[
            {"address": f't.n["{secret}"]', "previous_address": f't.m["{secret}"]', "type": "t", "change": change}
        ],
        checks=[
            {
                "address": {"kind": "check", "to_display": f'check.c["{secret}"]'},
                "status": "fail",
                "instances": [{"status": "fail", "problems": [{"message": f"Not {secret}!"}]}],
            }
        ],
    )

    assert secret not in json.dumps(content)
    password, url = content["changes"][0]["attributes"]
    assert (password["before"], password["after"], password["sensitive"]) == (None, None, True)
    assert url["after"].startswith("https://(hidden: equals a sensitive value")


def test_numbers_keep_the_text_that_terraform_wrote() -> None:
    """Nothing is rounded on the way: 1.10 stays 1.10, and a number of forty digits has forty."""
    digits = "1234567890123456789012345678901234567890"
    change = f'{{"actions": ["update"], "before": {{"a": 1.10, "b": 1}}, "after": {{"a": 1.20, "b": {digits}}}}}'
    plan = f'{{"format_version": "1.2", "resource_changes": [{{"address": "t.n", "type": "t", "change": {change}}}]}}'

    written = "".join(summary_json(summarize(parse_plan(plan.encode(), name="plan"))))

    assert '"after":1.20,"before":1.10' in written
    assert f'"after":{digits}' in written


def test_what_happens_to_each_object_is_said_in_terraforms_words_and_in_one_of_ours() -> None:
    """The plan's actions, our word, Terraform's heading; deposed, moved, imported objects and those with data."""
    before = {"actions": ["delete"], "before": {"a": 1}}
    changes = summary(
        resource_changes=[
            {"address": "aws_s3_bucket.b", "type": "aws_s3_bucket", "deposed": "1a2b3c4d", "change": before},
            {
                "address": "t.new",
                "previous_address": "t.old",
                "type": "t",
                "change": {"actions": ["no-op"], "before": {"a": 1}, "after": {"a": 1}},
            },
            {
                "address": "t.i",
                "type": "t",
                "change": {"actions": ["no-op"], "before": {}, "after": {}, "importing": {"id": "x"}},
            },
            {"address": "t.u", "type": "t", "change": {"actions": ["defrost"], "before": {}, "after": {}}},
        ]
    )["changes"]

    keys = ("address", "deposed", "previous_address", "action", "actions", "heading", "importing", "holds_data")
    assert [tuple(each[key] for key in keys) for each in changes] == [
        (
            "aws_s3_bucket.b",
            "1a2b3c4d",
            None,
            "delete",
            ["delete"],
            "aws_s3_bucket.b (deposed object 1a2b3c4d) will be destroyed",
            False,
            True,
        ),
        ("t.u", None, None, "unknown", ["defrost"], "t.u has an unknown action", False, False),
        ("t.i", None, None, "import", ["no-op"], "t.i will be imported", True, False),
        ("t.new", None, "t.old", "move", ["no-op"], "t.old has moved to t.new", False, False),
    ]
