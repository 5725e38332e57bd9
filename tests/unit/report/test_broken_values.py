"""A plan of which one value is none that a plan has: the rest of its comment stands."""

import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tfc_plan_comment.errors import PlanDocumentError
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.summary_json import summary_json
from tfc_plan_comment.report.write.comment import render
from tfc_plan_comment.report.write.html import write_html

Place = tuple[str | int, ...]

REAL: dict[str, Any] = json.loads((Path(__file__).parents[2] / "golden/mixed-update/plan.json").read_text("utf-8"))
DELETED = {"address": "t.gone", "mode": "managed", "change": {"actions": ["delete"], "before": {"a": 1}}}
DOCUMENT: dict[str, Any] = REAL | {
    "deferred_changes": [{"reason": "absent_prereq", "resource_change": DELETED}],
    "action_invocations": [
        {
            "address": "action.a.b",
            "config_values": {"a": 1},
            "lifecycle_action_trigger": {"triggering_resource_address": "t.n", "action_trigger_event": "AfterCreate"},
        }
    ],
    "deferred_action_invocations": [{"reason": "x", "action_invocation": {"address": "action.a.c"}}],
    "resource_drift": [DELETED],
    "relevant_attributes": [{"resource": "t.gone", "attribute": ["a", 0]}],
    "checks": [{"address": {"kind": "check", "to_display": "check.a"}, "status": "fail", "instances": []}],
}
DOCUMENT["resource_changes"][0]["change"] |= {"importing": {"id": "x"}, "replace_paths": [["a", 0]]}

WRONG = [
    b"null",
    b"true",
    b"5",
    b"-1",
    b"1.5",
    b"9" * 5_000,
    b"1e99999999999999999999",
    b'""',
    b'"x"',
    b'"\xff"',
    b"[]",
    b"{}",
    b"[null]",
    b'["delete"]',
    b'{"":{"a":[[1]]}}',
    b"[" * 70 + b"]" * 70,
]


def places_in(value: Any, place: Place = ()) -> Iterator[Place]:
    """The places of all values in it."""
    for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*place, step)
        if isinstance(inner, dict | list):
            yield from places_in(inner, (*place, step))


PLACES = list(places_in(DOCUMENT))
PLAIN = [place for place in PLACES if not {"before", "after", "values", "expressions"}.intersection(place)]


def broken(place: Place, wrong: bytes) -> bytes:
    """The document with another value at the place."""
    copy = json.loads(json.dumps(DOCUMENT))
    inner = copy
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = "@"
    return json.dumps(copy).encode().replace(b'"@"', wrong)


def outputs_of(content: bytes) -> tuple[PlanSummary, str]:
    """The plan, understood, and its comment; the other formats are written, too."""
    summary = summarize(parse_plan(content, name="plan.json"))
    report = Report(key="a", summary=summary)
    for piece in (*summary_json(summary), *write_html(report)):
        assert piece is not None
    return summary, html.unescape(render(report))


def addresses() -> list[str]:
    return [each["address"] for each in DOCUMENT["resource_changes"] if each["change"]["actions"] != ["no-op"]]


@given(place=st.sampled_from(PLAIN) | st.sampled_from(PLACES), wrong=st.sampled_from(WRONG))
@example(place=("resource_changes", 0), wrong=b"5")
@example(place=("resource_changes", 0, "change"), wrong=b"[]")
@example(place=("resource_changes", 0, "change", "actions"), wrong=b"5")
@example(place=("resource_changes", 0, "change", "importing"), wrong=b"5")
@example(place=("output_changes",), wrong=b"5")
@example(place=("deferred_changes",), wrong=b"5")
@example(place=("configuration",), wrong=b"5")
@example(place=("prior_state", "values", "root_module", "resources", 0), wrong=b"5")
@example(place=("terraform_version",), wrong=b"5")
@example(place=("terraform_version",), wrong=b'"\xff"')
@example(place=("relevant_attributes", 0, "attribute"), wrong=b"9" * 5_000)
def test_one_broken_value_costs_only_itself(place: Place, wrong: bytes) -> None:
    """Whatever stands in the place of a value, all other changes are named; or nothing else is a plan's."""
    if place == ("resource_changes",):
        return  # without them, nothing is left that a plan says
    its_own = DOCUMENT["resource_changes"][place[1]]["address"] if place[:1] == ("resource_changes",) else None

    summary, comment = outputs_of(broken(place, wrong))

    listed = {change.resource.address for change in summary.changes}
    others = [address for address in addresses() if address != its_own]
    assert [address for address in others if address not in listed or address not in comment] == []


@given(place=st.sampled_from(PLAIN), unknown=st.sampled_from(WRONG))
def test_an_unknown_key_costs_nothing(place: Place, unknown: bytes) -> None:
    """New versions add keys anywhere, and the comment is the same."""
    copy = json.loads(json.dumps(DOCUMENT))
    inner = copy
    for step in place:
        inner = inner[step]
    if (
        not isinstance(inner, dict)
        or place[0] == "output_changes"
        or place[-1] in {"variables", "outputs", "provider_config"}
    ):
        return  # its keys are names
    if any(str(step).startswith(("after_", "before_", "config_")) for step in place):
        return  # and here they are marks
    inner["new_in_this_version"] = "@"
    _, comment = outputs_of(json.dumps(copy).encode().replace(b'"@"', unknown))

    assert comment == outputs_of(json.dumps(DOCUMENT).encode())[1]


@pytest.mark.parametrize("wrong", [b"5", b'"x"', b"{}", b"true", b'"\xff"'])
def test_without_its_changes_it_is_no_plan(wrong: bytes) -> None:
    """One sentence says so, and nothing that stands in the file."""
    with pytest.raises(PlanDocumentError, match=r"^Cannot read the plan plan.json: it.*PLANFILE > plan.json\.$"):
        outputs_of(broken(("resource_changes",), wrong))


@pytest.mark.parametrize(
    ("places", "note"),
    [
        (
            [("resource_changes", 0, "previous_address")],
            ("1 value of this plan is malformed and cannot be shown: resource_changes[0].previous_address."),
        ),
        (
            [("checks", 0, "instances"), ("output_changes",), ("errored",), ("complete",)],
            (
                "4 values of this plan are malformed and cannot be shown: "
                "output_changes, checks[0].instances[0], complete and 1 more."
            ),
        ),
    ],
)
def test_what_is_broken_is_said(places: list[Place], note: str) -> None:
    """By its place, on the first screen, and the last line does not say that every change is shown."""
    content = json.loads(json.dumps(DOCUMENT))
    for place in places:
        inner = content
        for step in place[:-1]:
            inner = inner[step]
        inner[place[-1]] = [5]

    _, comment = outputs_of(json.dumps(content).encode())

    assert f"> [!WARNING]\n> {note}\n" in comment
    assert "of the plan could not be read." in comment
    assert "Every change of the plan is shown" not in comment


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"\ud800", "�d800"),
        (r"\udFFFx", "�dFFFx"),
        (r"\\ud800", r"\\ud800"),
        (r"\\\ud800", r"\\�d800"),
        (r"\ud83d\ude00", "😀"),
        (r"\ud83d\ud83d\ude00\ude00", "�d83d😀�de00"),
    ],
)
def test_half_of_a_character_costs_only_itself(written: str, shown: str) -> None:
    """JSON may escape half of a surrogate pair, which no text can hold: its number stands in its place."""
    plan = """
        {"format_version": "1.2", "terraform_version": "1.14.0", "resource_changes": [{"address": "t.n", "type": "t",
        "name": "n", "change": {"actions": ["update"], "before": {"a": "x"}, "after": {"a": "SHOWN \\ud800"}}}]}
    """
    content = plan.replace("SHOWN", written).encode()

    comment = render(Report(key="k", summary=summarize(parse_plan(content, name="plan"))))

    assert f'! a = "x" -> "{shown} �d800"' in comment
