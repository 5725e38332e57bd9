"""Plans to read: real ones, and small ones written by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.plan.document import Change, Plan, ResourceChange
from tfc_plan_comment.plan.plan_file import parse_plan

GOLDEN = Path(__file__).parents[2] / "golden"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `golden_name` runs once for every real plan of which we keep what Terraform wrote."""
    if "golden_name" in metafunc.fixturenames:
        metafunc.parametrize("golden_name", sorted(path.parent.name for path in GOLDEN.glob("*/human.txt")))


@pytest.fixture(scope="session")
def golden_plan() -> Callable[[str], Plan]:
    """The real plan of that name."""
    return lambda name: read_plan(GOLDEN / name / "plan.json")


@pytest.fixture(scope="session")
def golden_text() -> Callable[[str, str], str]:
    """A file that stands beside a real plan: what Terraform wrote for it, or its secrets."""
    return lambda name, file: (GOLDEN / name / file).read_text("utf-8")


@pytest.fixture(scope="session")
def plan_of() -> Callable[..., Plan]:
    """A plan with these top-level keys."""

    def make(**keys: Any) -> Plan:
        document = {"format_version": "1.2", "terraform_version": "1.14.0", **keys}
        return parse_plan(json.dumps(document).encode(), name="plan.json")

    return make


@pytest.fixture(scope="session")
def resource() -> Callable[..., ResourceChange]:
    """A resource change with these actions; other keywords are its keys, those of `Change` go there."""

    def make(*actions: str, **keys: Any) -> ResourceChange:
        inner = {key: keys.pop(key) for key in list(keys) if key in Change.__struct_fields__}
        document = {
            "address": "aws_s3_bucket.logs",
            "mode": "managed",
            "type": "aws_s3_bucket",
            "name": "logs",
            "provider_name": "registry.terraform.io/hashicorp/aws",
            **keys,
            "change": {"actions": actions, **inner},
        }
        return msgspec.json.decode(json.dumps(document), type=ResourceChange)

    return make


@pytest.fixture(scope="session")
def change() -> Callable[..., Change]:
    """An update from one value to the other; keywords are further keys of the change."""

    def make(before: Any, after: Any, **keys: Any) -> Change:
        document = {"actions": ["update"], "before": before, "after": after, **keys}
        return msgspec.json.decode(json.dumps(document), type=Change)

    return make
