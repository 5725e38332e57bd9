"""What provider schemas say of sets, and what that changes."""

import json
from typing import Any

import pytest

from tfc_plan_comment.plan.diff import Nested
from tfc_plan_comment.plan.document import parse_plan
from tfc_plan_comment.plan.schemas import Schemas
from tfc_plan_comment.plan.summary import PlannedChange, summarize

PROVIDER = "registry.terraform.io/hashicorp/x"
BLOCK = {
    "attributes": {
        "zones": {"type": ["set", "string"]},
        "ports": {"type": ["list", "number"]},
        "name": {"type": "string"},
    },
    "block_types": {"rule": {"nesting_mode": "set", "block": {}}, "step": {"nesting_mode": "list", "block": {}}},
}
SCHEMAS = {PROVIDER: {"resource_schemas": {"x_y": {"version": 1, "block": BLOCK}}, "data_source_schemas": {}}}
RULES = [{"text": text, "port": port} for port, text in enumerate(["ssh", "http", "https", "dns"])]


def planned(attribute: str, schemas: Any = SCHEMAS, **resource: Any) -> PlannedChange:
    """An update in which one rule changes and the others change their places."""
    after = [{**RULES[0], "port": 2222}, *RULES[:0:-1]]
    change = {"actions": ["update"], "before": {attribute: RULES}, "after": {attribute: after}}
    made = {
        "address": "x_y.z",
        "mode": "managed",
        "type": "x_y",
        "provider_name": PROVIDER,
        "change": change,
        **resource,
    }
    document = {"plan_format_version": "1.2", "resource_changes": [made], "provider_schemas": schemas}
    (found,) = summarize(parse_plan(json.dumps(document).encode(), name="x")).changes
    return found


def note_of(change: PlannedChange) -> str | None:
    """What is said of the list as a whole."""
    (part,) = change.diff.parts
    assert isinstance(part.difference, Nested)
    return part.difference.note


def test_the_schema_tells_sets_from_lists() -> None:
    """Sets are attributes of a set type and blocks nested as sets."""
    assert planned("rule").schemas.sets(planned("rule").resource) == frozenset({"zones", "rule"})


def test_the_order_of_a_set_means_nothing() -> None:
    """Where one element of a set changes, nothing is said of the others' places; of a list's elements it is."""
    assert note_of(planned("rule")) is None
    assert note_of(planned("step")) == "2 unchanged, but in another place"


def test_a_schema_wins_over_what_is_well_known() -> None:
    """An attribute that is named like a well-known set is a list if the schema says so."""
    assert note_of(planned("ingress")) == "2 unchanged, but in another place"
    assert note_of(planned("ingress", schemas={})) is None


@pytest.mark.parametrize(
    "schemas",
    [
        None,
        {},
        [],
        "text",
        {PROVIDER: {}},
        {PROVIDER: {"resource_schemas": {"x_y": "text"}}},
        {PROVIDER: {"resource_schemas": {"x_y": {"block": {"attributes": []}}}}},
    ],
)
def test_what_is_no_schema_says_nothing(schemas: Any) -> None:
    """A schema that is missing or makes no sense is as good as none."""
    change = planned("rule", schemas=schemas)

    assert change.schemas.sets(change.resource) is None
    assert note_of(change) == "2 unchanged, but in another place"


def test_a_data_source_has_a_schema_of_its_own() -> None:
    """A data source and a resource of one name are two things."""
    change = planned("rule")
    schemas = {
        PROVIDER: {"data_source_schemas": {"x_y": {"block": {"attributes": {"a": {"type": ["set", "string"]}}}}}}
    }
    data = planned("rule", schemas=schemas, mode="data")

    assert Schemas().sets(change.resource) is None
    assert data.schemas.sets(data.resource) == frozenset({"a"})
