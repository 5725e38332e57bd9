"""The checks of a run in the report: a few words on policies, run tasks and cost, and the sections with their details.

They are values: the comment, the HTML report, the log and the comment on several workspaces say the same.
"""

from collections.abc import Iterator

from tfc_plan_comment.findings.policies import judge
from tfc_plan_comment.report.cost_estimate import amounts_of, say_cost, shown_cost
from tfc_plan_comment.report.lines.cell import Cell, say, say_text
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Report, Section
from tfc_plan_comment.report.plan_warnings import plan_warnings
from tfc_plan_comment.report.policies import policies_section, shown_policies
from tfc_plan_comment.report.tasks import shown_tasks, tasks_section


def say_checks(report: Report, *, in_brief: bool = False) -> Iterator[Cell]:
    """What there is to say of each: `Policies: 3 passed`.

    If it is said `in_brief`, it goes on in the middle of a line, and amounts are left to whoever adds them up.
    """
    findings, summary = report.findings, report.summary
    if policies := shown_policies(findings.policies, summary):
        yield say("policies: " if in_brief else "Policies: ") + say_text(
            judge(policies).sentence
        )  # a status in it may be any text
    if tasks := shown_tasks(findings.tasks, summary):
        yield say("run tasks: " if in_brief else "Run tasks: ") + say_text(tasks.sentence)
    cost = shown_cost(findings.cost, summary)
    if (said := say_cost(cost)) and not (in_brief and amounts_of(cost)):
        yield said


def list_check_sections(report: Report, limits: Limits, room: int) -> Iterator[Section]:
    """The sections on those that did not pass, and on what they say, in so many characters each.

    If planning failed, there is one on what its log warns of.
    """
    policies = shown_policies(report.findings.policies, report.summary)
    if policies and (section := policies_section(policies, limits, room)):
        yield section
    tasks = shown_tasks(report.findings.tasks, report.summary)
    if tasks and (section := tasks_section(tasks, limits, room)):
        yield section
    has_checks = bool(report.summary.plan.checks)
    if warnings := plan_warnings(report.findings.diagnostics, room, with_checks=not has_checks):
        yield warnings
