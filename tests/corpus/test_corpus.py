"""Plans from public repositories, read in place: they are not ours to copy. Without them these tests are skipped.

They lie beside the repository, or where the environment variable TFC_PLAN_COMMENT_CORPUS says: plan JSON files, and an
`index.json` that says of each what a reader must make of it. Those that no Terraform wrote lie in `irregular`.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.errors import PlanDocumentError
from tfc_plan_comment.plan.attributes import attribute_changes
from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.resource_diff import diff_resource
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.plan.values import write_json

BESIDE_US = Path(__file__).parents[2] / ".." / "shared" / "corpus"
CORPUS = Path(os.environ.get("TFC_PLAN_COMMENT_CORPUS", BESIDE_US))


def entries(folder: Path) -> list[Any]:
    """What the folder's index says of each plan; one that is skipped if there is no index."""
    index = folder / "index.json"
    if not index.is_file():
        reason = f"no corpus: {index.relative_to(CORPUS)} is not there; TFC_PLAN_COMMENT_CORPUS says where it is"
        return [pytest.param(folder, {}, marks=pytest.mark.skip(reason=reason), id="no corpus")]
    return [pytest.param(folder, entry, id=entry["file"]) for entry in json.loads(index.read_bytes())]


@pytest.mark.parametrize(("folder", "entry"), entries(CORPUS))
def test_plans(folder: Path, entry: dict[str, Any]) -> None:
    """Every plan is read, comes to what Terraform says of it, and shows nothing that is sensitive."""
    plan = read_plan(folder / entry["file"])
    holds(plan, entry)


@pytest.mark.parametrize(("folder", "entry"), entries(CORPUS / "irregular"))
def test_irregular_plans(folder: Path, entry: dict[str, Any]) -> None:
    """What no Terraform wrote is read as far as it makes sense, or gets one sentence."""
    plan, said = None, ""
    try:
        plan = read_plan(folder / entry["file"])
    except PlanDocumentError as error:
        said = str(error)
    if plan is not None:
        holds(plan, entry)
    else:
        assert said.startswith("Cannot read the plan ")
        assert said.endswith(".")
        assert "\n" not in said
        assert not (entry.get("expected_summary") or {}).get("shown")


def holds(plan: Plan, entry: dict[str, Any]) -> None:
    """Assert that the plan comes to what the index says."""
    summary = summarize(plan)
    counts, sentence = summary.verdict.counts, summary.verdict.sentence
    assert {
        "line": sentence if sentence.startswith("Plan:") else None,
        "imports": counts.to_import,
        "add": counts.to_add,
        "change": counts.to_change,
        "destroy": counts.to_destroy,
        "forget": counts.to_forget,
        "actions": counts.to_invoke,
        "shown": len(summary.changes),
    } == entry["expected_summary"]
    shown = list(everything_shown(summary))
    for secret in entry["must_not_appear"]:
        assert not [text for text in shown if secret in text]


def everything_shown(summary: PlanSummary) -> Iterator[str]:
    """All that is made of the plan's values, as text."""
    plan, mask = summary.plan, summary.mask
    changes = [resource.change for resource in (*plan.resource_changes, *plan.resource_drift)]
    for change in (*changes, *plan.output_changes.values()):
        sides = mask.sides(change)
        yield repr(sides)
        yield write_json(sides)
        yield repr(diff_resource(change, mask))
        yield write_json(list(attribute_changes(change, mask)))
    yield repr(summary.outputs)
    for drift in summary.drift:
        yield repr(drift.diff)
    for invocation in plan.action_invocations:
        yield repr(mask.value(invocation.config_values, invocation.config_sensitive, invocation.config_unknown))


@pytest.mark.parametrize(("folder", "entry"), entries(CORPUS))
def test_no_attribute_is_lost(folder: Path, entry: dict[str, Any]) -> None:
    """Each attribute whose value before differs from the one after is in the difference, by its name."""
    plan = read_plan(folder / entry["file"])
    mask = summarize(plan).mask
    for resource in (*plan.resource_changes, *plan.resource_drift):
        before, after = (json.loads(bytes(raw)) or {} for raw in (resource.change.before, resource.change.after))
        diff = diff_resource(resource.change, mask)
        names = {*diff.known_after_apply, *diff.still_empty, *dict(diff.repeated)}
        names |= {str(part.step) for part in diff.parts}
        differing = {name for name in before.keys() | after.keys() if text_of(before, name) != text_of(after, name)}
        assert differing <= names or names == {"(all attributes)"}


def text_of(attributes: dict[str, Any], name: str) -> str:
    """The attribute as text in which 1 and true differ."""
    return json.dumps(attributes.get(name), sort_keys=True)
