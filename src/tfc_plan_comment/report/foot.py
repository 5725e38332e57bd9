"""The last line of the comment: what stands above, and what is promised of secrets. It says no more than what holds."""

from collections.abc import Sequence

from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.hidden import Hidden
from tfc_plan_comment.report.left import Left
from tfc_plan_comment.report.workspace_report import WorkspaceReport

MOST_NAMED = 5
"""At most this many workspaces without a plan are named."""


def tell_what_stands(summary: PlanSummary, left: Left) -> str:
    """`All 11 changes of the plan are listed above.`; empty if there are none, or some are only counted.

    Outputs of which some are only counted are not spoken of.
    """
    changes, outputs = len(summary.changes), 0 if left.outputs else len(summary.outputs)
    if left.counted or not (changes or outputs):
        return ""
    parts = [_name(changes, "change"), _name(outputs, "output")]
    said = " and ".join(filter(None, parts))
    if changes > 1:
        said = said.replace(" and all ", " and ", 1)
    of = f"that {summary.tool} planned before it stopped" if summary.plan.errored else "of the plan"
    return f"{said[0].upper()}{said[1:]} {of} {'are' if changes + outputs > 1 else 'is'} listed above."


def tell_secrecy(summary: PlanSummary, hidden: Hidden) -> str:
    """The sentence about sensitive values; empty where no value stands. `hidden` ones are not marked there."""
    if not (summary.changes or summary.outputs or summary.drift):
        return ""
    tool = summary.tool
    if not summary.plan.has_marks:
        return "The plan does not say which attributes are sensitive."
    return _tell_masked(tool, hidden)


def _tell_masked(tool: str, hidden: Hidden) -> str:
    """`Values that Terraform marks as sensitive are masked, and so are 2 values that look like secrets.`."""
    said = f"Values that {tool} marks as sensitive are masked"
    equal, unmarked = hidden.equal, hidden.unmarked
    looks = "looks like a secret" if unmarked == 1 else "look like secrets"
    if equal and unmarked:
        others = f"{equal:,} {'equals' if equal == 1 else 'equal'} a masked one, {unmarked:,} {looks}"
        return f"{said}, and so are others: {others}."
    equals = "equals one of them" if equal == 1 else "equal one of them"
    if equal == 1 or unmarked == 1:
        return f"{said}, and so is 1 value that {equals if equal else looks}."
    if equal or unmarked:
        return f"{said}, and so are {equal or unmarked:,} values that {equals if equal else looks}."
    return f"{said}."


def _name(number: int, what: str) -> str:
    """`the change`, `both changes`, `all 11 changes`; empty for none."""
    if number <= 1:
        return f"the {what}" if number else ""
    return f"both {what}s" if number == 2 else f"all {number:,} {what}s"


def tell_what_stands_of_all(reports: Sequence[WorkspaceReport], left: Left) -> str:
    """`All 22 changes of the 5 plans are listed above; billing has no plan.`."""
    without = [each.name for each in reports if not each.has_plan]
    plans = len(reports) - len(without)
    changes = sum(each.layout.changes for each in reports)
    outputs = 0 if left.outputs else sum(each.outputs for each in reports)
    said = ""
    if not left.counted and (changes or outputs):
        parts = " and ".join(filter(None, [_name(changes, "change"), _name(outputs, "output")]))
        if changes > 1:
            parts = parts.replace(" and all ", " and ", 1)
        of = "the plan" if plans == 1 else f"the {plans:,} plans"
        said = f"{parts[0].upper()}{parts[1:]} of {of} {'are' if changes + outputs > 1 else 'is'} listed above."
    if not without:
        return said
    names = f"{', '.join(without[:MOST_NAMED])}" if len(without) <= MOST_NAMED else f"{len(without):,} workspaces"
    none = f"{names} {'has' if len(without) == 1 else 'have'} no plan."
    return f"{said[:-1]}; {none}" if said else none


def tell_secrecy_of_all(reports: Sequence[WorkspaceReport], hidden: Hidden) -> str:
    """As of one plan."""
    shown = [each for each in reports if each.has_values]
    if not shown:
        return ""
    if any(not each.has_marks for each in shown):
        return "Not every plan says which attributes are sensitive."
    tools = {each.tool for each in shown}
    return _tell_masked(tools.pop() if len(tools) == 1 else "Terraform", hidden)
