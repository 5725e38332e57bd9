"""The run's policies in the report: their notes, and the section with those that did not pass.

What policies are called and what they say are texts of third parties, who saw the whole plan: all of them go through
the plan's mask. A redacted plan does not tell its secrets, so with it what policies put out cannot be masked, and is
left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tfc_plan_comment.plan.masking import Mask
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.lines.line import Cut, Limits, Line, Pen, Shown, first_lines, more_lines
from tfc_plan_comment.report.model import Section
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.view import NoteView, PoliciesView, PolicyView

ADVISORY = "advisory"
OPEN_LINES = 40
LONGEST_NAME = 120
LONGEST_STATUS = 60
MOST_NAMES = 5
"""So many names stand in a note."""
WITHHELD = "(not shown: the redacted plan does not say what in it is sensitive)"


def masked_policies(policies: PoliciesView, summary: PlanSummary) -> PoliciesView:
    """The policies without a secret of the plan in any text."""
    is_redacted = summary.plan.is_redacted
    return replace(
        policies,
        not_passed=tuple(
            replace(
                policy,
                name=_masked(policy.name, summary.mask, LONGEST_NAME),
                policy_set=_masked(policy.policy_set, summary.mask, LONGEST_NAME),
                status=_masked(policy.status, summary.mask, LONGEST_STATUS),
                enforcement_level=_masked(policy.enforcement_level, summary.mask, LONGEST_STATUS),
                description=summary.mask.text(policy.description),
                output=WITHHELD if policy.output and is_redacted else summary.mask.text(policy.output),
            )
            for policy in policies.not_passed
        ),
    )


def policy_note(policies: PoliciesView) -> NoteView | None:
    """One alert for all that did not pass, the worst first, so that what is destroyed stays on the first screen."""
    failed, overridden = _mandatory(policies.failed), _mandatory(policies.overridden)
    advisory = policies.failed.get(ADVISORY, 0)
    errored = policies.errored or "errored" in policies.unevaluated
    uncounted = any(status != "overridden" for status in policies.uncounted)
    said = []
    if failed:
        said.append(_failed(failed, "mandatory", policies, advisory=False))
    if uncounted:
        said.append("Policies failed; the run says which.")
    if errored:
        said.append("Not all policies could be evaluated.")
    elif "canceled" in policies.unevaluated:
        said.append("The evaluation of policies was canceled.")
    elif "unreachable" in policies.unevaluated:
        said.append("Policies were not evaluated: the run did not come to them.")
    if overridden:
        what = "mandatory policy that failed was" if overridden == 1 else "mandatory policies that failed were"
        said.append(f"{overridden:,} {what} overridden.")
    if "overridden" in policies.uncounted:
        said.append("Policies that failed were overridden; the run says which.")
    if advisory:
        said.append(_failed(advisory, ADVISORY, policies, advisory=True))
    stops = failed or uncounted or errored
    return NoteView(kind="CAUTION" if stops else "WARNING", message=" ".join(said)) if said else None


def policies_section(policies: PoliciesView, limits: Limits, room: int) -> Section | None:
    """Those that did not pass, with what they say as far as there is room for it."""
    if not policies.not_passed:
        return None
    heads = [_head(policy) for policy in policies.not_passed]
    said = [list(_said(policy, limits)) for policy in policies.not_passed]
    lines = tuple(line for head, output in zip(heads, said, strict=True) for line in (head, *output))
    if first_lines(lines, room) != lines:  # which policies failed matters more than what the first of them says
        count = sum(map(len, said))
        more = Line(f"… {count:,} more lines of what they say", cut=Cut(lines=count))
        lines = (*first_lines(heads, room), more) if count else first_lines(heads, room)
    return Section(title=f"Policies: {policies.sentence}", lines=lines, is_open=len(lines) <= OPEN_LINES)


def _masked(text: str, mask: Mask, longest: int) -> str:
    """On one line, and not absurdly long."""
    shown = visible(mask.text(text))
    return shown if len(shown) <= longest else f"{shown[:longest]}…"


def _mandatory(counts: Mapping[str, int]) -> int:
    return sum(count for level, count in counts.items() if level != ADVISORY)


def _failed(count: int, level: str, policies: PoliciesView, *, advisory: bool) -> str:
    names = [
        policy.name
        for policy in policies.not_passed
        if policy.status == "failed" and not policy.overridden and (policy.enforcement_level == ADVISORY) is advisory
    ]
    what = f"{count:,} {level} {'policy' if count == 1 else 'policies'} failed"
    if not names:
        return f"{what}; the run says which."
    more = max(count, len(names)) - len(names[:MOST_NAMES])
    return f"{what}: {', '.join(names[:MOST_NAMES])}" + (f" and {more:,} more." if more else ".")


def _head(policy: PolicyView) -> Line:
    status = policy.status + (f" ({policy.enforcement_level})" if policy.enforcement_level else "")
    if policy.overridden:
        status += " and overridden"
    if not policy.name:
        return Line(f"the policy set {policy.policy_set}: {status}", "!")
    policy_set = f", in the policy set {policy.policy_set}" if policy.policy_set else ""
    return Line(f"{policy.name}: {status}{policy_set}", "!")


def _said(policy: PolicyView, limits: Limits) -> Iterator[Line]:
    for prefix, text in (("#", policy.description), ("│", policy.output)):
        lines = text.strip("\n").splitlines()
        for line in lines[: limits.lines]:
            missing = max(0, len(line) - limits.characters)
            shown = Shown(f"{line[: limits.characters]}… (cut)" if missing else line, missing)
            yield Line(f"{prefix} {shown.text}", cut=shown.cut)
        if len(lines) > limits.lines:
            yield more_lines(len(lines) - limits.lines, Pen(limits))
