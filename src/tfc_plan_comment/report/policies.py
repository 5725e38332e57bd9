"""The run's policies in the report: their notes, and the section with those that did not pass.

What policies are called and what they say are texts of third parties, who saw the whole plan: all of them go through
the plan's mask. A redacted plan does not tell its secrets, so with it what policies put out cannot be masked, and is
left out.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from tfc_plan_comment.errors import in_brief
from tfc_plan_comment.findings.policies import Level, Policies, Policy, Status, Verdict, judge
from tfc_plan_comment.findings.said import Known, NotAsked, Said, Unknown
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.lines.cell import say, say_text
from tfc_plan_comment.report.lines.citing import cite, put_below
from tfc_plan_comment.report.lines.line import Limits, Line
from tfc_plan_comment.report.model import Note, Section
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.view import PoliciesView, PolicyView

OPEN_LINES = 40
LONGEST_NAME = 120
LONGEST_STATUS = 60
LONGEST_WORD = 200
"""Characters of a policy's own words in a note; all of them stand in the section."""
MOST_NAMES = 5
"""At most this many names stand in a note."""
MOST_WARNINGS = 3
"""At most this many warnings of policy sets stand in a note; all of them stand in the section."""
WITHHELD = "(not shown: the redacted plan does not say which values are sensitive)"


def shown_policies(said: Said[Policies], summary: PlanSummary) -> Policies | None:
    """The policies without a secret of the plan in any text; None if there are none, or nobody asked for them."""
    match said:
        case Known(policies):
            return None if policies.is_empty else _masked_policies(policies, summary)
        case Unknown(why):  # the log says all of it
            return Policies(unread=(why,))
        case NotAsked():
            return None


def view_policies(policies: Policies) -> PoliciesView:
    """The policies as a template takes them."""
    verdict = judge(policies)
    return PoliciesView(
        sentence=verdict.sentence,
        decided=policies.is_decided,
        failed={str(level): count for level, count in verdict.failed.items()},
        overridden={str(level): count for level, count in verdict.overridden.items()},
        errored=verdict.errored,
        unevaluated=tuple(str(status) for status in verdict.no_result),
        not_passed=tuple(
            PolicyView(
                name=policy.name,
                policy_set=policy.policy_set,
                status=str(policy.status),
                enforcement_level=str(policy.enforcement_level),
                description=policy.description,
                output=policy.output,
                overridden=is_overridden,
                overridable=policy.overridable,
            )
            for policy, is_overridden in policies.not_passed()
        ),
        uncounted=tuple(str(status) for status in verdict.uncounted),
        unread=verdict.unread,
    )


def policy_notes(policies: Policies) -> Iterator[Note]:
    """A line for each thing that did not pass: what stops the run is a caution, the rest a warning."""
    alerts = [*_alerts(policies, judge(policies))]
    for kind, stops_run in (("CAUTION", True), ("WARNING", False)):
        if lines := tuple(say_text(sentence) for stops, sentence in alerts if stops is stops_run):
            yield Note(kind=kind, lines=lines)


def policies_section(policies: Policies, limits: Limits, room: int) -> Section | None:
    """Those that did not pass, with what they say as far as there is room for it, and what policy sets warn of.

    Where not all could be read that a policy evaluation says of them, a line says that, and why.
    """
    not_passed = list(policies.not_passed())
    unread = dict.fromkeys(in_brief(each.problem) for each in policies.evaluations if each.problem)
    if not not_passed and not policies.warnings and not unread:
        return None
    heads = [_head(policy, is_overridden=is_overridden) for policy, is_overridden in not_passed]
    said = [list(_said(policy, limits)) for policy, _ in not_passed]
    for warning in policies.warnings:
        heads.append(Line("a policy set warns", "!"))
        said.append([*cite("│", warning, limits)])
    if unread:
        heads.append(Line(f"some details could not be read ({', '.join(unread)}), see the run", "!"))
        said.append([])
    lines = put_below(heads, said, room)
    title = say("Policies: ") + say_text(judge(policies).sentence)  # a status in it may be any text
    return Section(title=title, lines=lines, is_open=len(lines) <= OPEN_LINES)


def _masked_policies(policies: Policies, summary: PlanSummary) -> Policies:
    withheld = (WITHHELD,) if summary.plan.is_redacted else ()
    evaluations = (
        replace(
            evaluation,
            status=_masked_status(evaluation.status, summary.mask),
            policies=tuple(_masked_policy(policy, summary) for policy in evaluation.policies),
            warnings=evaluation.warnings and (withheld or tuple(map(summary.mask.text, evaluation.warnings))),
        )
        for evaluation in policies.evaluations
    )
    return replace(policies, evaluations=tuple(evaluations))


def _masked_status(status: str, mask: Mask) -> str:
    """Statuses that we know are words of ours, and never masked: the verdict depends on them."""
    return _masked(status, mask, LONGEST_STATUS) if Status(status) is Status.UNKNOWN else status


def _masked_policy(policy: Policy, summary: PlanSummary) -> Policy:
    """Statuses and levels that we know are words of ours, and never masked: the verdict depends on them."""
    mask, status, level = summary.mask, policy.status, policy.enforcement_level
    withheld = policy.output and summary.plan.is_redacted
    return replace(
        policy,
        name=_masked(policy.name, mask, LONGEST_NAME),
        policy_set=_masked(policy.policy_set, mask, LONGEST_NAME),
        status=_masked_status(status, mask),
        enforcement_level=_masked(level, mask, LONGEST_STATUS) if Level(level) is Level.UNKNOWN else level,
        description=mask.text(policy.description),
        output=WITHHELD if withheld else mask.text(policy.output),
    )


def _masked(text: str, mask: Mask, longest: int) -> str:
    """On one line, and not absurdly long."""
    shown = visible(mask.text(text))
    return shown if len(shown) <= longest else f"{shown[:longest]}…"


def _alerts(policies: Policies, verdict: Verdict) -> Iterator[tuple[bool, str]]:
    """Each sentence of the note, and true if it tells of something that stops the run."""
    if count := _count(verdict.failed, stops_run=True):
        yield True, _failed(count, policies, stops_run=True)
    if verdict.fails_uncounted:
        yield True, "Policies failed; the run shows which."
    without_result = {*verdict.no_result, *((Status.ERRORED,) if verdict.errored else ())}
    if worst := next((status for status in Status if status in without_result), None):
        said = worst.facts.no_result
        yield worst.facts.stops_run, _not_evaluated(said, policies) if worst is Status.ERRORED else said
    if count := _count(verdict.overridden, stops_run=True):
        what = "mandatory policy that failed was" if count == 1 else "mandatory policies that failed were"
        yield False, f"{count:,} {what} overridden."
    if verdict.overrides_uncounted:
        yield False, "Policies that failed were overridden; the run shows which."
    if count := _count(verdict.failed, stops_run=False):
        yield False, _failed(count, policies, stops_run=False)
    if policies.warnings:
        yield False, _warnings(policies.warnings)


def _count(counts: Mapping[Level, int], *, stops_run: bool) -> int:
    return sum(count for level, count in counts.items() if level.facts.stops_run is stops_run)


def _failed(count: int, policies: Policies, *, stops_run: bool) -> str:
    failed = [
        policy
        for policy, is_overridden in policies.not_passed()
        if policy.failed and not is_overridden and policy.level.facts.stops_run is stops_run
    ]
    what = f"{count:,} {'mandatory' if stops_run else 'advisory'} {'policy' if count == 1 else 'policies'} failed"
    if not failed:
        return f"{what}; the run shows which."
    # What a policy of those says that stop the run is what everybody asks next.
    names = [_with_its_word(each) if stops_run else each.name for each in failed[:MOST_NAMES]]
    more = max(count, len(failed)) - len(names)
    return f"{what}: {', '.join(names)}" + (f" and {more:,} more." if more else ".")


def _warnings(warnings: Sequence[str]) -> str:
    words = [f"“{_first_line(warning).removesuffix('.')}”" for warning in warnings[:MOST_WARNINGS]]
    more = f" and {len(warnings) - MOST_WARNINGS:,} more" if len(warnings) > MOST_WARNINGS else ""
    return f"Policy sets warn: {', '.join(words)}{more}."


def _with_its_word(policy: Policy) -> str:
    """Its name, and the first line of what it says."""
    word = _first_line(policy.output)
    return f"{policy.name} (“{word}”)" if word and word != WITHHELD else policy.name


def _first_line(text: str) -> str:
    line = next((visible(each.strip()) for each in text.splitlines() if each.strip()), "")
    return line if len(line) <= LONGEST_WORD else f"{line[:LONGEST_WORD]}…"


def _not_evaluated(sentence: str, policies: Policies) -> str:
    """The sentence, and why the first set of policies could not be evaluated, if it says it."""
    errored = (policy for policy, _ in policies.not_passed() if policy.status == Status.ERRORED)
    first = next(errored, None)
    if first is None or not (word := _first_line(first.output)) or word == WITHHELD:
        return sentence
    return f"{sentence} {first.name or first.policy_set}: “{word}”"


def _head(policy: Policy, *, is_overridden: bool) -> Line:
    status = policy.status + (f" ({policy.enforcement_level})" if policy.enforcement_level else "")
    if is_overridden:
        status += " and overridden"
    elif policy.overridable:
        status += ", can be overridden"
    if not policy.name:
        return Line(f"the policy set {policy.policy_set}: {status}", "!")
    policy_set = f", in the policy set {policy.policy_set}" if policy.policy_set else ""
    return Line(f"{policy.name}: {status}{policy_set}", "!")


def _said(policy: Policy, limits: Limits) -> Iterator[Line]:
    for prefix, text in (("#", policy.description), ("│", policy.output)):
        yield from cite(prefix, text, limits)
