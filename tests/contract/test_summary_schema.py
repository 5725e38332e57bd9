"""docs/summary.schema.json is what the values of `report.summary_json` say, and nothing else."""

import json
import pathlib
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.differing import Path
from tfc_plan_comment.plan.verdict import Counts, Mode
from tfc_plan_comment.report.summary_json import Summary

DOCUMENT: dict[str, Any] = {
    "format_version": "1.0",
    "terraform_version": None,
    "plan_summary": "No changes. Your infrastructure matches the configuration.",
    "mode": "normal",
    "has_changes": False,
    "errored": False,
    "counts": msgspec.to_builtins(Counts()),
    "attention": {"changes": 1, "ignored": 0},
    "run": {
        "policies": {
            "sentence": "1 passed, 1 failed (advisory)",
            "decided": True,
            "passed": 1,
            "failed": [{"level": "advisory", "count": 1}],
            "overridden": [{"level": "mandatory", "count": 2}],
            "errored": 0,
            "not_passed": [
                {
                    "name": "p",
                    "policy_set": "s",
                    "status": "failed",
                    "enforcement_level": "advisory",
                    "overridden": False,
                    "output": "no",
                }
            ],
        },
        "tasks": {
            "sentence": "1 passed",
            "decided": True,
            "tasks": [
                {
                    "name": "t",
                    "stage": "post_plan",
                    "status": "passed",
                    "enforcement_level": "mandatory",
                    "message": "",
                    "url": "https://task.example/",
                }
            ],
        },
        "cost": {
            "sentence": "+$1.50 a month",
            "status": "finished",
            "delta": "1.50",
            "prior": None,
            "proposed": None,
            "estimated": 1,
            "resources": 2,
        },
        "outcome": {
            "fate": "applied",
            "sentence": "This plan was applied.",
            "added": 1,
            "changed": 0,
            "destroyed": None,
            "imported": 0,
            "ended": "2026-03-01T10:05:40Z",
        },
    },
    "comment": None,
    "changes": [
        {
            "address": "t.n",
            "deposed": None,
            "previous_address": None,
            "type": "t",
            "action": "update",
            "actions": ["update"],
            "heading": "t.n will be updated in-place",
            "importing": False,
            "holds_data": False,
            "attention": [{"rule": "aws-open-port", "sentence": "opens port 22", "remark": False}],
            "attributes": [
                {
                    "path": ["a", 0],
                    "before": {"b": [1.5]},
                    "after": None,
                    "sensitive": False,
                    "unknown": False,
                    "forces_replacement": False,
                }
            ],
        }
    ],
    "outputs": [{"name": "o", "actions": ["create"], "attributes": []}],
    "drift": [
        {
            "address": "t.n",
            "deposed": "1a2b3c4d",
            "type": "t",
            "actions": ["delete"],
            "heading": "t.n has been deleted",
            "relevant": True,
            "attributes": [],
        }
    ],
    "checks": [{"address": "check.c", "kind": "check", "status": "fail", "problems": ["Too few."]}],
}
"""A document that holds one of everything."""


def generated() -> str:
    """The schema of `Summary`, the document itself on top.

    Every object of ours is closed and holds all of its fields, also one that has a default in Python.
    """
    (_,), definitions = msgspec.json.schema_components([Summary], ref_template="#/$defs/{name}")
    for each in definitions.values():
        each["description"] = " ".join(each["description"].split())  # a docstring's line ends say nothing
        if each.get("type") == "object":
            each |= {"required": list(each["properties"]), "additionalProperties": False}
            for field in each["properties"].values():
                field.pop("default", None)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **definitions.pop("Summary"),
        "title": "The summary of a Terraform plan",
        "$defs": dict(sorted(definitions.items())),
    }
    return json.dumps(schema, indent=2) + "\n"


def objects(value: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every object of ours in a document, with its path."""
    if isinstance(value, dict):
        yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        if step != "before":
            yield from objects(item, (*path, step))


def changed(path: Path, value: Any) -> dict[str, Any]:
    """The document with another value at the path; `...` takes away what stands there."""
    document = deepcopy(DOCUMENT)
    parent: Any = document
    for step in path[:-1]:
        parent = parent[step]
    if value is ...:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return document


@pytest.fixture(scope="module")
def schema(root: pathlib.Path) -> dict[str, Any]:
    """The schema as it stands in the documentation."""
    document: dict[str, Any] = json.loads((root / "docs" / "summary.schema.json").read_text(encoding="utf-8"))
    return document


def test_the_schema_is_the_generated_one(root: pathlib.Path, request: pytest.FixtureRequest) -> None:
    """The file in docs is generated from the values that are written."""
    file = root / "docs" / "summary.schema.json"

    if request.config.getoption("--regenerate-golden"):
        file.write_text(generated(), encoding="utf-8")
    assert file.read_text(encoding="utf-8") == generated()


def test_the_schema_is_one_and_describes_every_field(schema: dict[str, Any]) -> None:
    """It is valid JSON Schema 2020-12, and each field of ours is described, here or where its type is."""
    Draft202012Validator.check_schema(schema)

    for each in (schema, *schema["$defs"].values()):
        assert each["description"]
        for field in each.get("properties", {}).values():
            assert field.get("description") or schema["$defs"][field["$ref"].rpartition("/")[2]]["description"]


@pytest.mark.parametrize("path", dict(objects(DOCUMENT)), ids=str)
def test_an_object_has_all_of_its_fields_and_no_other(path: Path, schema: dict[str, Any]) -> None:
    """A program need not ask whether a field is there; what is misspelled, or newer than the schema, is not taken."""
    validator = Draft202012Validator(schema)

    for name in dict(objects(DOCUMENT))[path]:
        assert not validator.is_valid(changed((*path, name), ...))
    assert not validator.is_valid(changed((*path, "color"), "red"))


@pytest.mark.parametrize(
    ("path", "right", "wrong"),
    [
        (("format_version",), ["1.0", "1.12"], ["2.0", "1", "1.0.0", 1.0]),
        (("terraform_version",), ["1.14.0", None], [1.14]),
        (("mode",), list(Mode), ["Normal", "", None]),
        (("counts", "to_add"), [0, 7], [-1, 1.5, "1"]),
        (("changes", 0, "action"), sorted({*Action} - {Action.NO_OP}), ["no-op", "rename", None]),
        (("changes", 0, "actions"), [[], ["rename"]], ["update", [1], None]),
        (("changes", 0, "previous_address"), ["t.m", None], [0]),
        (("changes", 0, "attributes", 0, "path"), [[], ["a", 7]], ["a", [1.5], [None]]),
        (("changes", 0, "attributes", 0, "before"), [None, 1.10, "x", [], {"a": 1}], []),
        (("changes", 0, "attributes", 0, "sensitive"), [True], ["true", None]),
        (("checks", 0, "status"), ["pass", "what may come"], [None]),
    ],
    ids=str,
)
def test_what_is_taken(path: Path, right: list[Any], wrong: list[Any], schema: dict[str, Any]) -> None:
    """Each kind of field takes what it may hold and nothing else; an action is one of those that `Action` knows."""
    validator = Draft202012Validator(schema)

    assert [value for value in right if not validator.is_valid(changed(path, value))] == []
    assert [value for value in wrong if validator.is_valid(changed(path, value))] == []
