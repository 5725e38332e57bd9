"""What a summary JSON keeps for a comment comes back the same, and a forged one can say nothing but texts."""

import html
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tfc_plan_comment.errors import SummaryUnreadable
from tfc_plan_comment.findings.cost import CostEstimate
from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.findings.said import Known
from tfc_plan_comment.findings.tasks import Task, Tasks
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.summaries import LARGEST, keep, read_kept
from tfc_plan_comment.report.view import RunView
from tfc_plan_comment.report.workspace_facts import WorkspaceFacts, plan_facts
from tfc_plan_comment.report.workspace_report import WorkspaceReport
from tfc_plan_comment.report.write.together import render_together, tell_workspace

GOLDEN = Path(__file__).parents[2] / "golden"
ORIGIN = "https://app.terraform.io"
PLANS = sorted(path.parent.name for path in GOLDEN.glob("*/plan.json"))
TASK = Task(
    name="Snyk", status="failed", enforcement_level="advisory", message="2 issues", url="https://snyk.example/r?a=1&b=2"
)
FINDINGS = Findings(
    tasks=Known(Tasks(tasks=(TASK,))),
    cost=Known(
        CostEstimate(status="finished", given_delta=Decimal("5.20"), prior=Decimal(1), proposed=Decimal("6.20"))
    ),
)
HOSTILE = (
    "\n\n# owned\n\n```\n</details> <!-- tfc-plan-comment:x --> @octocat #1 <img src=x> ![x](http://y.z) www.evil.com"
)


@cache
def kept(plan: str) -> tuple[WorkspaceReport, bytes]:
    """The report on a golden plan, and the JSON of it."""
    summary = summarize(parse_plan((GOLDEN / plan / "plan.json").read_bytes(), name=plan))
    run = RunView(id="run-1", url="https://app.terraform.io/app/acme/workspaces/x/runs/run-1")
    report = tell_workspace(Report(key=plan, workspace=plan, summary=summary, run=run, findings=FINDINGS))
    return report, keep(WorkspaceFacts(name=plan, plan=plan_facts(summary)), report)


def document(comment: bytes) -> bytes:
    """A summary JSON with this part."""
    return b'{"format_version":"1.1","changes":[{"address":"t.n"}],"comment":' + comment + b"}"


def shown(content: str) -> str:
    """The comment as it is read."""
    return html.unescape(content.replace("<wbr>", ""))


@pytest.mark.parametrize("plan", PLANS)
def test_it_comes_back_the_same(plan: str) -> None:
    """The comment of what was read says what that of the plan itself says, and the facts are the same."""
    report, comment = kept(plan)
    read = read_kept(document(comment), "a.json", origin=ORIGIN)
    assert shown(render_together("k", [read.report])) == shown(render_together("k", [report]))
    assert read.facts.plan is not None
    assert read.facts.plan.attention == report.deserving


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all texts and numbers in a document."""
    if isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*path, step))
    elif isinstance(value, str | int):
        yield path


@settings(max_examples=400, deadline=None)
@given(plan=st.sampled_from(["mixed-update", "errored", "drift", "moved-import-forget", "tags-only"]), data=st.data())
def test_a_forged_one_says_nothing_but_texts(plan: str, data: st.DataObject) -> None:
    """Whatever stands in any place of it, it is refused, or shown without Markdown, links, mentions and images."""
    forged = json.loads(kept(plan)[1])
    for path in data.draw(st.lists(st.sampled_from(list(places(forged))), min_size=1, max_size=6)):
        parent = forged
        for step in path[:-1]:
            parent = parent[step]
        parent[path[-1]] = data.draw(st.sampled_from([HOSTILE, 10**9, -1, "www", ".evil.com", "http:", "//evil.com"]))
    try:
        read = read_kept(document(json.dumps(forged).encode()), "a.json", origin=ORIGIN)
    except SummaryUnreadable:
        return
    content = render_together("k", [read.report])
    assert outside(content).count("<!--") == 1
    alive = re.sub(r"<code>.*?</code>|<a href=\"[^\"]*\">", "", outside(content))
    for dead in ("<img", "\n# owned", "@octocat", "![", "#1 ", "www.evil", "http://"):
        assert dead not in alive


def outside(content: str) -> str:
    """All but the blocks of code."""
    return re.sub(r"^(?:> )?(`{3,})[a-z]*\n.*?^(?:> )?\1$", "", content, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Input data was truncated"),
        (b"[]", "Expected `object`, got `array`"),
        (b'{"comment": null}', "it has no part that a comment can be written from"),
        (b'{"comment": {"version": 0}}', "another version of the action wrote it"),
        (document(b'"' + b"x" * LARGEST + b'"'), "what is in it is larger than 8,388,608 bytes"),
        (b"\xff", "JSON is malformed"),
        (b'{"comment": ' + b"[" * 100_000, "maximum recursion depth exceeded|truncated"),
    ],
)
def test_what_cannot_be_read(content: bytes, why: str) -> None:
    """The error says why, and what to do."""
    with pytest.raises(SummaryUnreadable, match=f"^Cannot read the summary a.json: .*({why}).*Let each job write"):
        read_kept(content, "a.json", origin=ORIGIN)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"symbol":"🔴"', '"symbol":"<b>"', "a symbol or the name of a tool in it is none of ours"),
        ('"tool":"Terraform"', '"tool":"@x"', "a symbol or the name of a tool in it is none of ours"),
        ('"indent":0', '"indent":1000000000', "a line in it is wider than any of ours"),
        ('"short":"{said}"', '"short":"{said.x}"', "a notice in it is none of ours"),
        ('"values":[["said",', '"values":[["other",', "a notice in it is none of ours"),
        ('"text":"', '"text":"' + "x" * 200_001, "a text in it is longer than any of ours"),
        ('"count":1', '"count":9999999999999999', "a number in it is larger than any of ours"),
        ('"alike":[]', '"alike":[' + '"x",' * 20_000 + '"x"]', "a list in it is longer than any of ours"),
    ],
)
def test_what_is_none_of_ours(old: str, new: str, why: str) -> None:
    """Whatever would take the machine's memory, or is written as it is, is refused."""
    comment = kept("mixed-update")[1].decode()
    assert old in comment
    with pytest.raises(SummaryUnreadable, match=why):
        read_kept(document(comment.replace(old, new, 1).encode()), "a.json", origin=ORIGIN)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("https://snyk.example/", "http://snyk.example/"),
        ("https://snyk.example/", "https://snyk.example@evil.example/"),
        ('"text":"details"', '"text":"Approve this"'),
    ],
)
def test_a_link_that_is_none_of_ours(old: str, new: str) -> None:
    """Only the page of a run task is one, by our word; the rest of its line stands."""
    comment = kept("drift")[1].decode()
    assert old in comment
    content = render_together(
        "k", [read_kept(document(comment.replace(old, new).encode()), "a.json", origin=ORIGIN).report]
    )
    assert "Run task" in content
    assert "2 issues" in content
    assert not re.search(r"<a href=[^>]*(?:snyk|evil)", content)
    assert '<a href="https://snyk.example/r?a=1&amp;b=2">details</a>' in render_together("k", [kept("drift")[0]])


@pytest.mark.parametrize("odd", ["NaN", "Infinity"])
def test_an_amount_that_is_no_number(odd: str) -> None:
    """It is refused."""
    comment = kept("drift")[1].decode().replace('"delta":"5.20"', f'"delta":"{odd}"')
    assert odd in comment
    with pytest.raises(SummaryUnreadable, match="a number in it is none"):
        read_kept(document(comment.encode()), "a.json", origin=ORIGIN)


def test_an_amount_of_a_million_digits() -> None:
    """It is left out, and takes no memory."""
    comment = kept("drift")[1].decode().replace('"delta":"5.20"', '"delta":"1E+999999"')
    content = render_together("k", [read_kept(document(comment.encode()), "a.json", origin=ORIGIN).report])
    assert "1E+999999" in comment
    assert "a month" not in content


@pytest.mark.parametrize(
    "url",
    ["https://evil.com/app/acme", "https://app.terraform.io.evil.com/app/", "http://app.terraform.io/app/", "x"],
)
def test_the_way_to_the_run_leads_to_the_users_host(url: str) -> None:
    """Any other is no link, and no output."""
    _, comment = kept("mixed-update")
    forged = comment.replace(
        b'"url":"https://app.terraform.io/app/acme/workspaces/x/runs/run-1"', b'"url":"%s"' % url.encode()
    )
    forged = forged.replace(b'"run_url":""', b'"run_url":"%s"' % url.encode())
    read = read_kept(document(forged), "a.json", origin=ORIGIN)
    assert read.facts.run_url == ""
    content = render_together("k", [read.report])
    assert f'<a href="{url}' not in content
    assert "Run <code>run-1</code>" in content
