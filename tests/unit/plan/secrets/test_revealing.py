"""What looks like a secret is shown where the user wants to see it, and nothing else is."""

import json
from typing import Any

import pytest

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.secrets.revealing import Reveal
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.summary_json import summary_json
from tfc_plan_comment.report.write.comment import render
from tfc_plan_comment.report.write.html import write_html

TOKEN = "ghp_" + "aB3dE5fG7h" * 4
OTHER = "ghp_" + "zY9xW8vU7t" * 4
MARKED = "ghp_" + "qQ1wW2eE3r" * 4
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEcanary01AAAAAAAAAAAAAAAAAAAAAAAA\n-----END RSA PRIVATE KEY-----\n"
API = "module.a.aws_lambda_function.api"


def created(address: str, after: Any, marks: Any = None) -> dict[str, Any]:
    """The creation of an object."""
    *_, type_, name = address.split(".")
    change = {
        "actions": ["create"],
        "before": None,
        "after": after,
        "after_unknown": {},
        "after_sensitive": marks or {},
    }
    return {"address": address, "type": type_, "name": name, "mode": "managed", "change": change}


CHANGES = [
    created(API, {"environment": [{"variables": {"A_TOKEN": TOKEN, "B_TOKEN": OTHER}}], "description": TOKEN}),
    created("aws_ssm_parameter.x", {"value": f"a {TOKEN} b", "other": MARKED, "key": KEY}),
    created("aws_ssm_parameter.marked", {"value": MARKED}, {"value": True}),
]
OUTPUT = {"actions": ["create"], "before": None, "after": f"redis://:{OTHER}@cache", "after_unknown": False}
PLAN = {"format_version": "1.2", "resource_changes": CHANGES, "output_changes": {"cache": OUTPUT}}


def summary_of(*patterns: str) -> PlanSummary:
    """The plan, with these patterns to reveal."""
    return summarize(parse_plan(json.dumps(PLAN).encode(), name="x"), reveal=Reveal(patterns))


def outputs(summary: PlanSummary) -> list[str]:
    """The comment, the HTML report and the summary JSON."""
    report = Report(key="key", summary=summary)
    return [render(report), "".join(write_html(report)), "".join(summary_json(summary))]


def shown(*patterns: str) -> list[str]:
    """What stands in the comment of what looks like a secret: `<attribute>=<token>`."""
    names = {TOKEN: "TOKEN", OTHER: "OTHER", MARKED: "MARKED", "canary": "KEY"}
    comment = render(Report(key="key", summary=summary_of(*patterns)))
    lines = [line.strip("+ ").partition(" ") for line in comment.splitlines()]
    return sorted(f"{name} {names[each]}" for name, _, value in lines for each in names if each in value)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (API, ["A_TOKEN TOKEN", "B_TOKEN OTHER", "description TOKEN"]),
        ("module.a", ["A_TOKEN TOKEN", "B_TOKEN OTHER", "description TOKEN"]),
        ("module.*.aws_lambda_function.api.description", ["description TOKEN"]),
        (f"{API}.environment", ["A_TOKEN TOKEN", "B_TOKEN OTHER"]),
        (f"{API}.environment[0].variables.B_TOKEN", ["B_TOKEN OTHER"]),
        (f"{API}.environment.variables.B_TOKEN", ["B_TOKEN OTHER"]),
        (f"{API}.*.A_*", ["A_TOKEN TOKEN"]),
        ("aws_ssm_parameter.x", ["value TOKEN"]),
        ("aws_ssm_parameter.x.value", ["value TOKEN"]),
        ("aws_ssm_parameter.*", ["value TOKEN"]),
        ("output.cache", ["cache OTHER"]),
        ("aws_ssm_parameter", ["value TOKEN"]),
        ("aws_ssm", []),
        ("aws_ssm_parameter.x.val", []),
        ("aws_lambda_function.api", []),
    ],
)
def test_a_pattern_shows_what_is_there(pattern: str, expected: list[str]) -> None:
    """An address, a path behind one, and all that is in it."""
    assert shown() == []
    assert shown(pattern) == expected


def test_what_is_marked_and_private_keys_are_never_shown() -> None:
    """Not where it is marked, nor where it stands again, whatever is revealed."""
    revealed = summary_of("*")
    for content in outputs(revealed):
        assert MARKED not in content
        assert "canary" not in content
        assert TOKEN in content
        assert OTHER in content
    comment = outputs(revealed)[0]
    hidden = "1 equals or contains a sensitive value, 1 looks like or contains a secret."
    assert f"Values are hidden here although the plan does not mark them: {hidden} The input reveal" in comment


def test_it_is_shown_in_every_output() -> None:
    """And hidden in every one without the pattern; the alert and the last line count what is hidden."""
    for content in outputs(summary_of()):
        assert TOKEN not in content
        assert OTHER not in content
    comment, html, _ = outputs(summary_of())
    for content in (comment, html):
        said = "1 equals or contains a sensitive value, 6 look like or contain a secret."
        assert f"{said} The input reveal shows the latter, but no private key." in content
        assert "and so are others: 1 equals a masked one, 6 look like secrets." in content
    for content in outputs(summary_of(API)):
        assert f'A_TOKEN = "{TOKEN}"' in content or TOKEN in content


def test_an_access_key_is_told_by_its_id() -> None:
    """The id of an access key is shown as the id of that, and nowhere else."""
    identifier = "AKIAQWERTYUIOP234567"
    key = created("aws_iam_access_key.ci", {"id": identifier, "user": "ci"})
    plan = {**PLAN, "resource_changes": [key, created("aws_instance.a", {"user_data": f"KEY={identifier}"})]}
    comment = render(Report(key="key", summary=summarize(parse_plan(json.dumps(plan).encode(), name="x"))))

    assert f'id   = "{identifier}"' in comment
    assert comment.count(identifier) == 1


@pytest.mark.parametrize(
    ("pattern", "is_matched"),
    [
        (API, True),
        ("module.a", True),
        (f"{API}.environment", True),
        (f"{API}.environment[0].variables.B_TOKEN", True),
        ("output.cache", True),
        ("*.value", True),
        (f"{API}.environmnt", False),
        ("aws_lambda_function.api", False),
        ("output.other", False),
        ("aws_ssm_parameter.x.values", False),
    ],
)
def test_a_pattern_that_fits_nothing(pattern: str, is_matched: bool) -> None:  # noqa: FBT001 - a case
    """It names no address and no attribute of the plan: whoever wrote it has to know."""
    plan = parse_plan(json.dumps(PLAN).encode(), name="x")

    assert Reveal((pattern,)).unmatched(plan) == (() if is_matched else (pattern,))


def test_nothing_is_asked_of_most_masks() -> None:
    """Where nothing is revealed, the mask is one for the whole plan."""
    mask = Mask()

    assert mask.at("aws_instance.a", "aws_instance") is mask
    assert mask.at_output("a") is mask
