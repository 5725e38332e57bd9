"""The run tasks in the report: what their services say is bounded, masked, and breaks out of nothing."""

import re

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tfc_plan_comment.findings.cost import CostEstimate
from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.findings.said import Known
from tfc_plan_comment.findings.tasks import Task, Tasks
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.run_checks import list_check_sections, say_checks
from tfc_plan_comment.report.run_notes import note_run
from tfc_plan_comment.report.tasks import shown_tasks, tasks_section
from tfc_plan_comment.report.write.comment import render
from tfc_plan_comment.report.write.comment_view import view_note
from tfc_plan_comment.report.write.pieces import write_cell, write_lines

SECRET = "Zq7vW9kPxw2mLmQx"
PLAN = (
    '{"format_version":"1.2","terraform_version":"1.13.4","output_changes":{"password":'
    f'{{"actions":["create"],"before":null,"after":"{SECRET}","after_sensitive":true}}}}}}'
)
SUMMARY = summarize(parse_plan(PLAN.encode(), name="plan"))
OURS = re.compile(r'</?(?:b|code|span)>|<wbr>|<br>|<a href="https://[^"<>\s]*">|</a>')
"""The tags that we write ourselves."""
HOSTILE = st.sampled_from(
    (
        "</details>",
        "@octocat",
        "\n> [!CAUTION]\n",
        "```",
        "<!-- tfc-plan-comment:acme/prod -->",
        "![x](https://evil.example/x.png)",
        '"><img src=x>',
        "#1",
        "$x$",
        "\u202e",
        "::error::",
        SECRET,
    )
)
TEXTS = st.lists(st.one_of(st.text(max_size=40), HOSTILE), max_size=6).map("".join)
TASKS = st.builds(
    Task,
    name=TEXTS,
    status=st.one_of(st.sampled_from(("passed", "failed", "errored", "pending", "canceled")), TEXTS),
    stage=st.one_of(st.sampled_from(("pre_plan", "post_plan")), TEXTS),
    enforcement_level=st.one_of(st.sampled_from(("mandatory", "advisory")), TEXTS),
    message=TEXTS,
    url=TEXTS.map("https://snyk.example/{}".format),
)


def report_on(tasks: Tasks, cost: CostEstimate | None = None, summary: PlanSummary = SUMMARY) -> Report:
    return Report(key="k", summary=summary, findings=Findings(tasks=Known(tasks), cost=Known(cost)))


@given(st.lists(TASKS, max_size=4), TEXTS, TEXTS)
def test_nothing_that_a_service_says_breaks_out(tasks: list[Task], status: str, error: str) -> None:
    """Whatever name, status, message or link: a line stays a line, holds no tag but ours, and no secret."""
    estimate = CostEstimate(status=status, error=error)
    report = report_on(Tasks(tasks=tuple(tasks), awaiting_override=("post_plan",)), estimate)
    lines = [view_note(note).message for note in note_run(report)] + [write_cell(cell) for cell in say_checks(report)]
    for line in lines:
        plain = OURS.sub("", line)
        assert "\n" not in line
        assert "<" not in plain
        assert SECRET not in plain
        outside = re.sub(r"<code>.*?</code>", "", line)
        assert not re.search(r"@|!\[|#[0-9]|(?<!<span>)\$", re.sub(r"<a href=[^>]*>", "", outside).replace("&#", ""))
    for section in list_check_sections(report, Limits(), 4_096):
        assert all(line.startswith(("! ", "  ", "… ")) for line in write_lines(section.lines).split("\n"))
        assert SECRET not in write_lines(section.lines)


@given(TASKS)
def test_the_comment_stays_one(task: Task) -> None:
    """Of marker, alerts and folds there are no more than we write."""
    body = render(report_on(Tasks(tasks=(task,))))
    assert body.count("<!--") - body.count("&lt;!--") == 1 or "<!--" in body.split("```diff", 1)[1]
    outside = re.sub(r"^(`{3,})diff\n.*?^\1$", "", body, flags=re.DOTALL | re.MULTILINE)
    assert outside.count("<!--") == 1
    assert outside.count("<details") == outside.count("</details>")
    assert len(re.findall(r"^> \[!", outside, re.MULTILINE)) == int(task.failed)
    assert SECRET not in body


def test_many_and_long() -> None:
    """The section keeps all of them, and counts what they say where there is no room for it."""
    tasks = Tasks(tasks=tuple(Task(name=f"t{n}", status="failed", message="x\n" * 100) for n in range(30)))
    section = tasks_section(tasks, Limits(), 2_000)
    assert section is not None
    assert [line.text for line in section.lines[:-1]] == [f"t{n}: failed" for n in range(30)]
    assert section.lines[-1].text == "… 1,230 more lines about them"
    assert section.lines[-1].cut.lines == 1_230


def test_a_name_that_is_empty() -> None:
    """It is called that; and a stage that we do not know is shown as it is."""
    shown = shown_tasks(Known(Tasks(tasks=(Task(name=" ", status="failed", stage="mid_plan"),))), SUMMARY)
    assert shown is not None
    section = tasks_section(shown, Limits(), 4_096)
    assert section is not None
    assert str(section.lines[0]) == "! a task without a name: failed, mid_plan"


def test_with_the_redacted_plan() -> None:
    """Which does not say what is sensitive, only names and statuses are shown."""
    redacted = summarize(parse_plan(b'{"plan_format_version":"1.2","output_changes":{}}', name="plan"))
    task = Task(name="Snyk", status="failed", enforcement_level="advisory", message="words", url="https://a.example/")
    (note,) = note_run(report_on(Tasks(tasks=(task,)), summary=redacted))
    assert view_note(note).message == "Run task <b>Snyk</b> (advisory) failed"
    (full,) = note_run(report_on(Tasks(tasks=(replace(task),))))
    assert view_note(full).message.endswith('failed: “words”, <a href="https://a.example/">details</a>')
