"""The last line of the comment: what stands above, and what is promised of secrets. It says no more than what holds."""

from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.left import Left


def tell_what_stands(summary: PlanSummary, left: Left) -> str:
    """`All 11 changes and 4 outputs of the plan stand above.`; empty if there are none, or some are only counted."""
    changes, outputs = len(summary.changes), len(summary.outputs)
    if left.counted or not (changes or outputs):
        return ""
    parts = [_count(changes, "change"), _count(outputs, "output")]
    total = changes + outputs
    what = f"{'All ' if total > 1 else 'The '}{' and '.join(filter(None, parts))}"
    if total == 1:
        what = what.replace("1 ", "", 1)
    of = f"that {summary.tool} planned before it stopped" if summary.plan.errored else "of the plan"
    return f"{what} {of} {'stand' if total > 1 else 'stands'} above."


def tell_secrecy(summary: PlanSummary, hidden: int) -> str:
    """The sentence about sensitive values; empty where no value stands. `hidden` ones equal a sensitive one."""
    if not (summary.changes or summary.outputs or summary.drift):
        return ""
    tool = summary.tool
    if not summary.plan.has_marks:
        return "The plan does not say which attributes are sensitive."
    if not hidden:
        return f"What {tool} marks as sensitive is masked."
    value = "1 value that equals" if hidden == 1 else f"{hidden:,} values that equal"
    return f"What {tool} marks as sensitive is masked, and so {'is' if hidden == 1 else 'are'} {value} it."


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}" if number else ""
