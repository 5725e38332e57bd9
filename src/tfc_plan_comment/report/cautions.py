"""The losses: objects that are destroyed or replaced, those with data first, instances of one resource together."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from tfc_plan_comment.plan.actions import Action, Loss, Replacement, replacement_of
from tfc_plan_comment.plan.difference import forces_inside
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.plan.verdict import Mode
from tfc_plan_comment.report.addresses import show_object
from tfc_plan_comment.report.groups.instance_keys import drop_keys, find_type
from tfc_plan_comment.report.groups.subject import say_together
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, join, say, say_name, say_same, wording
from tfc_plan_comment.report.lines.forcing import say_cause
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Caution, LossKind
from tfc_plan_comment.report.reasons import is_of_one_object, say_reason
from tfc_plan_comment.report.rows import name_object, say_object

MOST_WITH_DATA = 20
"""So many groups of objects with data have a line; more of them are counted by type."""

MOST_OTHERS = 6
"""The same for those without."""

MOST_TYPES = 6
"""At most this many types are named where objects are only counted."""

MOST_COMPARED = 20
"""Of at most this many objects in one line the values are compared."""

MOST_NAMED = 3
"""Of at most this many objects in one line each is called by its name."""

BY_DESIGN = "Replaced by design"

_ORDERS = {
    Replacement.DESTROY_FIRST: "destroyed first",
    Replacement.CREATE_FIRST: "created first",
    Replacement.NOT_DESTROYED: "the existing one is left alone",
}


def list_cautions(summary: PlanSummary, limits: Limits) -> tuple[Caution, ...]:
    """The losses by their kind, the worst first. What is replaced by design is no loss, and is named behind others."""
    lost = [change for change in summary.changes if change.action.facts.loss is Loss.DESTROYED]
    routine = [change for change in lost if change.is_routine]
    with_data = [change for change in lost if change.holds_data]
    others = [change for change in lost if not change.holds_data and not change.is_routine]
    all_of_it = summary.verdict.mode is Mode.DESTROY
    cautions = []
    if with_data:
        lines = _tell(with_data, MOST_WITH_DATA, limits, says_kind=True)
        heading = head_data(len(with_data))
        cautions.append(Caution(kind=LossKind.WITH_DATA, heading=heading, losses=tuple(lines), count=len(with_data)))
    if others:
        most = 0 if all_of_it and with_data else MOST_OTHERS
        heading = f"{'Also ' if with_data else ''}{_tell_kinds(others)}"
        lines = _tell(others, most, limits, says_kind=len({change.action for change in others}) > 1)
        heading = heading[0].upper() + heading[1:]
        cautions.append(Caution(kind=LossKind.WITHOUT_DATA, heading=heading, losses=tuple(lines), count=len(others)))
    if cautions and routine:
        said = (_say_routine(routine, limits),)
        cautions.append(Caution(kind=LossKind.BY_DESIGN, heading=BY_DESIGN, losses=said, count=len(routine)))
    return tuple(cautions)


def head_data(count: int) -> str:
    """The heading above so many objects with data."""
    one = count == 1
    return f"{count:,} resource{' that holds' if one else 's that hold'} data {'is' if one else 'are'} destroyed"


def _tell_kinds(changes: Iterable[PlannedChange]) -> str:
    kinds = {change.action for change in changes}
    return " or ".join(action.facts.headline for action in (Action.DELETE, Action.REPLACE) if action in kinds)


def _tell(changes: Sequence[PlannedChange], most: int, limits: Limits, *, says_kind: bool) -> Iterator[Cell]:
    """A line for each group, as many as may be; then one that counts the rest by type.

    It says of what is replaced that it is, where the heading is not about replacements alone.
    """
    groups = _group(changes, drop_keys, limits)
    if len(groups) > most + 1:
        groups = _group(changes, find_type, limits)
    # A line that counts one group would take the room of that one.
    named = groups if len(groups) <= most + (most > 0) else groups[:most]
    for group in named:
        yield _tell_group(group, limits, says_kind=says_kind)
    rest = [change for group in groups[len(named) :] for change in group]
    if rest:
        yield (say("and ") if named else say("")) + _count_by_type(rest)


def _group(
    changes: Iterable[PlannedChange], find_kind: Callable[[str], str], limits: Limits
) -> list[list[PlannedChange]]:
    """Those of one kind to which the same happens, for the same reason as far as no diff is needed to know.

    `find_kind` takes an address, and gives that of the resource, or its type.
    """
    groups: dict[Hashable, list[PlannedChange]] = {}
    for change in changes:
        resource = change.resource
        kind = (
            find_kind(resource.address),
            resource.deposed,
            resource.change.actions,
            resource.action_reason,
            wording(say_reason(change, limits)) if is_of_one_object(resource) else (),
            repr(resource.change.replace_paths),
            resource.change.importing is not None,
        )
        groups.setdefault(kind, []).append(change)
    return list(groups.values())


def _tell_group(group: Sequence[PlannedChange], limits: Limits, *, says_kind: bool) -> Cell:
    """`aws_sqs_queue.jobs "jobs": no longer in the configuration`."""
    resource = group[0].resource
    alike = group if is_of_one_object(resource) else group[:1]
    reason = say_same([say_reason(change, limits) for change in alike])
    said = [reason]
    if order := replacement_of(resource):
        words = say(f"{'replaced, ' if says_kind else ''}{_ORDERS[order]}")
        said = [join(filter(None, (words, _say_cause(group), reason)), ", ")]
    if resource.change.importing is not None and "delete" in resource.change.actions:
        # Terraform warns of it as well: "this will destroy the imported resource".
        said.append(say("this plan imports it only to destroy it"))
    words = join(filter(None, said), "; ")
    subject = _say_subject(group, limits)
    return subject + say(": ") + words if words else subject


def _say_cause(group: Sequence[PlannedChange]) -> Cell:
    """The attributes that force it, with values where they are the same in all; of many only the names are known."""
    first = group[0]
    if len(group) <= MOST_COMPARED:
        causes = {say_cause(change.diff.parts) for change in group}
        if len(causes) == 1:
            return causes.pop()
    names = [say_name(str(part.step)) for part in first.diff.parts if forces_inside(part)]
    return say("because of ") + join(names[:MOST_TYPES], ", ") if names else EMPTY


def _say_subject(group: Sequence[PlannedChange], limits: Limits) -> Cell:
    if len(group) > 1:
        names = [name_object(change) for change in group] if len(group) <= MOST_NAMED else []
        together = say_together([show_object(change.resource, change.mask, limits).text for change in group])
        return together + say(" ") + join(names, ", ") if names and all(names) else together
    name = name_object(group[0])
    return say_object(group[0], limits) + (say(" ") + name if name else name)


def _say_routine(changes: Sequence[PlannedChange], limits: Limits) -> Cell:
    groups = _group(changes, drop_keys, limits)
    if len(groups) > MOST_OTHERS:
        return _count_by_type(changes)
    return join((_say_subject(group, limits) for group in groups), ", ")


def _count_by_type(changes: Sequence[PlannedChange]) -> Cell:
    types = Counter(change.resource.type for change in changes)
    most = types.most_common(MOST_TYPES)
    named = join((say(f"{count:,} × " if count > 1 else "") + say_name(name) for name, count in most), ", ")
    more = len(changes) - sum(count for _, count in most)
    return named + say(f" and {more:,} more" if more else "")
