"""The sections below the changes: outputs, drift, checks, deferred changes, action invocations."""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from tfc_plan_comment.plan.actions import Action, display_address, heading
from tfc_plan_comment.plan.document import ActionInvocation, Check
from tfc_plan_comment.plan.drift import Drift
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.plan.verdict import Mode
from tfc_plan_comment.report.addresses import mask_address
from tfc_plan_comment.report.events import tell_when
from tfc_plan_comment.report.hidden import NONE_HIDDEN, Hidden, count_in_parts
from tfc_plan_comment.report.lines.attributes import tell_attributes
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, say
from tfc_plan_comment.report.lines.changed_names import name_changes, name_outputs
from tfc_plan_comment.report.lines.difference import tell_part
from tfc_plan_comment.report.lines.hcl import inline, name_key
from tfc_plan_comment.report.lines.line import Cut, Limits, Line, Pen, first_lines
from tfc_plan_comment.report.lines.path import path_to
from tfc_plan_comment.report.model import Section
from tfc_plan_comment.report.unseen import visible

OPEN_LINES = 40
"""A section that is this short and is what the plan is about stands open."""

ROOM_FOR_COUNT = 40
"""Characters that the line takes which counts the objects of which nothing is told."""

MOST_TOLD = 20
"""Of at most this many objects the changes are named that are no reason for this plan."""

BETWEEN = Line("", marker="")
"""An empty line between two objects."""


def list_sections(summary: PlanSummary, limits: Limits, room: int) -> tuple[Section, ...]:
    """All sections that have something to say, each in at most `room` characters; what is cut is counted."""
    all_sections = (
        _checks(summary),
        _invocations(summary, limits),
        _outputs(summary, limits),
        _deferred(summary),
        _relevant_drift(summary, limits, room),
        _other_drift(summary, room),
    )
    return tuple(fit_section(section, room) for section in all_sections if section is not None)


def _section(
    title: str | Cell, lines: Iterable[Line], *, is_open: bool = False, hidden: Hidden = NONE_HIDDEN
) -> Section | None:
    told = tuple(lines)
    is_open = is_open and len(told) <= OPEN_LINES
    title = title if isinstance(title, Cell) else say(title)
    return Section(title=title, lines=told, is_open=is_open, hidden=hidden) if told else None


def fit_section(section: Section, room: int) -> Section:
    """The section with as many of its lines as fit in so many characters."""
    lines = first_lines(section.lines, room)
    if len(lines) == len(section.lines):
        return section
    unlisted = sum(line.addresses for line in section.lines) - sum(line.addresses for line in lines)
    return replace(section, lines=lines, is_open=False, unlisted=unlisted)


def _counted(*counts: tuple[int, str]) -> str:
    return ", ".join(f"{count:,} {word}" for count, word in counts if count)


def _outputs(summary: PlanSummary, limits: Limits) -> Section | None:
    parts = tuple(output.part for output in summary.outputs)
    pen = Pen(limits)
    lines = (
        replace(line, addresses=int(number == 0))  # with its first line, an output is listed
        for part in parts
        for number, line in enumerate(tell_part(part, path_to(part), pen))
    )
    title = say("Outputs: ") + name_outputs(parts)
    return _section(title, lines, is_open=not summary.changes, hidden=count_in_parts(parts, summary.mask))


_FAILS = {"fail": "does not pass", "error": "could not be evaluated"}
"""The statuses of checks that fail."""


def _checks(summary: PlanSummary) -> Section | None:
    failing = [check for check in summary.plan.checks if check.status in _FAILS]
    statuses = Counter(check.status for check in summary.plan.checks)
    if not failing:
        return None
    passed, unknown = statuses["pass"], statuses["unknown"]
    others = statuses.total() - len(failing) - passed - unknown
    counts = _counted(
        (len(failing), "failed"),
        (passed, "passed"),
        (unknown, "known after apply"),
        (others, "with an unknown status"),
    )
    lines = (line for check in failing for line in _check_lines(check, summary))
    return _section(f"Checks: {counts}", lines, is_open=True)


def _check_lines(check: Check, summary: PlanSummary) -> Iterator[Line]:
    failing = [instance for instance in check.instances if instance.status in _FAILS]
    for instance in failing:
        address = instance.address.to_display or check.address.to_display
        yield Line(f"{visible(mask_address(address, summary.mask))} {_FAILS[instance.status]}", "!")
        for problem in instance.problems:
            for line in summary.mask.text(problem.message).splitlines():
                yield Line(f"│ {line}")
    if not failing:
        yield Line(f"{visible(mask_address(check.address.to_display, summary.mask))} {_FAILS[check.status]}", "!")


_DEFERRED_REASONS = {
    "instance_count_unknown": "the number of resource instances is unknown",
    "resource_config_unknown": "the resource configuration is unknown",
    "provider_config_unknown": "the provider configuration is unknown",
    "deferred_prereq": "a prerequisite for this resource is deferred",
    "absent_prereq": "a prerequisite for this resource has not yet been created",
}


def _deferred(summary: PlanSummary) -> Section | None:
    deferred = summary.plan.deferred_changes
    actions = summary.plan.deferred_action_invocations
    lines = [
        Line(
            f"{visible(mask_address(display_address(each.resource_change), summary.mask))} was deferred: "
            f"{_DEFERRED_REASONS.get(each.reason, 'the reason is unknown')}"
        )
        for each in deferred
    ]
    lines += [
        Line(
            f"{visible(mask_address(each.action_invocation.address, summary.mask))} was deferred: "
            f"{_DEFERRED_REASONS.get(each.reason, 'the reason is unknown')}"
        )
        for each in actions
    ]
    return _section(f"Deferred to a later plan: {len(lines)}", lines, is_open=True)


def _invocations(summary: PlanSummary, limits: Limits) -> Section | None:
    lines = (line for each in summary.plan.action_invocations for line in _invocation_lines(each, summary, limits))
    return _section(f"Actions to invoke: {len(summary.plan.action_invocations)}", lines, is_open=True)


def _invocation_lines(each: ActionInvocation, summary: PlanSummary, limits: Limits) -> Iterator[Line]:
    trigger = each.lifecycle_action_trigger
    when = ""
    if trigger and trigger.triggering_resource_address:
        address = visible(mask_address(trigger.triggering_resource_address, summary.mask))
        when = tell_when(trigger.action_trigger_event, address)
    yield Line(f"{visible(mask_address(each.address, summary.mask))} will be invoked{when}", "!")
    config = summary.mask.value(each.config_values, each.config_sensitive, each.config_unknown)
    for key, value in config.items() if isinstance(config, dict) else ():
        if value is not None:
            shown = inline(value, limits)
            yield Line(shown.text, indent=2, path=name_key(key), cut=shown.cut)


def _relevant_drift(summary: PlanSummary, limits: Limits, room: int) -> Section | None:
    relevant = [drift for drift in summary.drift if drift.is_relevant]
    told: list[Drift] = []

    def tell(drift: Drift) -> tuple[Line, ...]:
        told.append(drift)
        return (BETWEEN, *_drift_lines(drift, summary, limits))

    _, *lines = _tell_first(map(tell, relevant), len(relevant), room) or [BETWEEN]  # nothing stands before the first
    hidden = sum((count_in_parts(drift.diff.parts, drift.mask) for drift in told), NONE_HIDDEN)
    led = "" if summary.verdict.mode is Mode.REFRESH_ONLY else ", and this plan changes something because of it"
    title = f"Changed outside of Terraform: {_objects(len(relevant))}{led}"
    return _section(title, lines, is_open=True, hidden=hidden)


def _drift_lines(drift: Drift, summary: PlanSummary, limits: Limits) -> Iterator[Line]:
    yield Line(f"# {visible(mask_address(heading(drift.resource, drifted=True), summary.mask))}")
    if drift.resource.change.actions == ("update",):
        yield from tell_attributes(drift.diff, limits)


def _tell_first(told: Iterable[tuple[Line, ...]], count: int, room: int) -> list[Line]:
    """The lines of as many of the objects as fit in so many characters; the rest is counted, and nothing of it told."""
    left, first = room - ROOM_FOR_COUNT, list[Line]()
    for number, lines in enumerate(told):
        shown = lines if number else first_lines(lines, left)
        left -= sum(len(str(line)) + 1 for line in shown)
        if number and left < 0:
            rest = count - number
            return [*first, Line(f"# and {rest:,} more object{'' if rest == 1 else 's'}", cut=Cut(lines=rest))]
        first += shown
    return first


def _other_drift(summary: PlanSummary, room: int) -> Section | None:
    """The drift that is no reason for this plan, first what the plan changes again: back, perhaps."""
    others = [drift for drift in summary.drift if not drift.is_relevant]
    if not others:
        return None
    changed = {
        change.resource.address for change in summary.changes if change.action in {Action.UPDATE, Action.REPLACE}
    }
    others.sort(key=lambda drift: drift.resource.address not in changed)
    told = (
        (_tell_in_a_line(drift, summary, is_changed=drift.resource.address in changed, says_what=number < MOST_TOLD),)
        for number, drift in enumerate(others)
    )
    lines = _tell_first(told, len(others), room)
    also = "Also changed" if len(others) < len(summary.drift) else "Changed"
    return _section(f"{also} outside of Terraform: {_objects(len(others))}", lines)


def _tell_in_a_line(drift: Drift, summary: PlanSummary, *, is_changed: bool, says_what: bool) -> Line:
    said = visible(mask_address(heading(drift.resource, drifted=True), summary.mask))
    is_update = drift.resource.change.actions == ("update",)
    names = name_changes(drift.diff) if says_what and is_update else EMPTY
    what = "".join(piece.text for piece in names.pieces)
    # Behind the values, which are those of the drift: the plan's own may be the other way round.
    also = "; this plan changes it, too" if is_changed else ""
    return Line(f"{said}{f': {visible(what)}' if what else ''}{also}", cut=names.cut)


def _objects(count: int) -> str:
    return f"{count:,} object{'' if count == 1 else 's'}"
