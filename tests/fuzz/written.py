"""All that is written of a plan file, from its bytes on, with nothing in between left out."""

from collections.abc import Callable, Iterable
from functools import cache

import msgspec

from comment_page import RUN
from tfc_plan_comment.github_actions.commands import STEP_SUMMARY_LIMIT
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.concerns import concerns_of
from tfc_plan_comment.report.log_lines import annotation, closing_lines
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.shown_changes import ShownChanges, can_be_compared
from tfc_plan_comment.report.summaries import keep, read_kept
from tfc_plan_comment.report.summary_json import summary_json
from tfc_plan_comment.report.workspace_facts import WorkspaceFacts, plan_facts
from tfc_plan_comment.report.write.comment import render
from tfc_plan_comment.report.write.html import write_html
from tfc_plan_comment.report.write.template import Template, load_built_in
from tfc_plan_comment.report.write.together import render_together, tell_workspace

Written = dict[str, str]
"""The texts that leave the process, by their names in `WRITERS`."""


def write_all(content: bytes, names: Iterable[str] | None = None) -> Written:
    """What is written of the plan in the bytes; of some names alone, if they are given. Raises ActionError."""
    summary = summarize(parse_plan(content, name="plan.json"))
    report = Report(key="acme/prod", summary=summary, workspace="prod", run=RUN)
    return {name: WRITERS[name](report) for name in names or WRITERS}


@cache
def _template() -> Template:
    """The built-in template, which is read once for all plans."""
    return load_built_in()


def _comment(report: Report) -> str:
    return render(report, _template())


def _step_summary(report: Report) -> str:
    return render(report, _template(), limit=STEP_SUMMARY_LIMIT)


def _summary_json(report: Report) -> str:
    return "".join(summary_json(report.summary))


def _kept(report: Report) -> str:
    """The summary JSON with what another job needs to tell of the workspace."""
    facts = WorkspaceFacts(name="prod", run_id=RUN.id, plan=plan_facts(report.summary), concerns=concerns_of(report))
    return "".join(summary_json(report.summary, keep(facts, tell_workspace(report))))


def _together(report: Report) -> str:
    """The comment of that other job, on this workspace alone."""
    kept = read_kept(_kept(report).encode(), "prod", origin="https://app.terraform.io")
    return render_together(report.key, [kept.report])


def _html(report: Report) -> str:
    return "".join(write_html(report))


def _log(report: Report) -> str:
    return "\n".join((*closing_lines(report), annotation(report)))


def _memory(report: Report) -> str:
    """What the comment remembers; nothing of a plan that cannot be compared."""
    if not can_be_compared(report.summary):
        return ""
    return msgspec.json.encode(ShownChanges(report.summary).plan("0" * 40)).decode()


WRITERS: dict[str, Callable[[Report], str]] = {
    "summary JSON": _summary_json,
    "kept": _kept,
    "comment": _comment,
    "step summary": _step_summary,
    "together": _together,
    "HTML": _html,
    "log": _log,
    "memory": _memory,
}
