"""The last line of the comment: what stands above, and what is promised of secrets. It says no more than what holds."""

from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.left import Left


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


def tell_secrecy(summary: PlanSummary, hidden: int) -> str:
    """The sentence about sensitive values; empty where no value stands. `hidden` ones equal a sensitive one."""
    if not (summary.changes or summary.outputs or summary.drift):
        return ""
    tool = summary.tool
    if not summary.plan.has_marks:
        return "The plan does not say which attributes are sensitive."
    if not hidden:
        return f"Values that {tool} marks as sensitive are masked."
    value = "is 1 value that equals" if hidden == 1 else f"are {hidden:,} values that equal"
    return f"Values that {tool} marks as sensitive are masked, and so {value} one of them."


def _name(number: int, what: str) -> str:
    """`the change`, `both changes`, `all 11 changes`; empty for none."""
    if number <= 1:
        return f"the {what}" if number else ""
    return f"both {what}s" if number == 2 else f"all {number:,} {what}s"
