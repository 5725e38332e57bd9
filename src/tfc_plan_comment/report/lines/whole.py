"""An object that comes, goes or is imported: first who it is, then what matters where it is lost, then the rest.

Of one that goes nobody has to weigh each attribute: some are shown, and the others only named, unless there is room
for all of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from tfc_plan_comment.plan.difference import Added, Part, Removed
from tfc_plan_comment.plan.knowledge.identity import RESOURCES
from tfc_plan_comment.plan.knowledge.telling import AT_STAKE
from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.plan.values import Value
from tfc_plan_comment.report.lines.attributes import Told, align, tell_object, with_remarks
from tfc_plan_comment.report.lines.difference import tell_part
from tfc_plan_comment.report.lines.hcl import assign, name_key
from tfc_plan_comment.report.lines.line import Limits, Line, Pen
from tfc_plan_comment.report.lines.remarks import Remark, find_remarks

OTHERS = "other attributes"


def tell_destroyed(diff: ResourceDiff, limits: Limits) -> Told:
    """The lines of an object that goes: who it was, and what matters of it."""
    values = {str(part.step): part.difference.before for part in diff.parts if isinstance(part.difference, Removed)}
    if len(values) < len(diff.parts):
        return tell_object(diff, limits)
    told = {str(part.step): _tell(part, limits) for part in diff.parts}
    lines, remarks = _choose(values, told, diff.resource_type, limits)
    return with_remarks(lines, (*remarks, *find_remarks(diff)), diff, limits)


def tell_imported(values: Mapping[str, Value], resource_type: str, limits: Limits) -> Told:
    """The lines of an object that comes under Terraform's control as it is."""
    told = {name: [*assign(name_key(name), value, Pen(limits))] for name, value in values.items()}
    lines, remarks = _choose(values, told, resource_type, limits)
    return with_remarks(lines, remarks, ResourceDiff(), limits)


def tell_created(diff: ResourceDiff, configured: Collection[str] | None, limits: Limits) -> Told:
    """The lines of an object that comes: who it is, what somebody sets, and the rest; what is only false is named."""
    if not all(isinstance(part.difference, Added) for part in diff.parts):
        return tell_object(diff, limits)
    is_set = configured or ()
    off = [part for part in diff.parts if part.difference == Added(after=False) and part.step not in is_set]
    shown = [part for part in diff.parts if part not in off]
    told = {str(part.step): _tell(part, limits) for part in shown}
    places = {name: place for place, name in enumerate(_who(told, diff.resource_type))}
    names = sorted(told, key=lambda name: (places.get(name, len(places)), len(told[name]) > 1, name not in is_set))
    lines = align([line for name in names for line in told[name]])
    false = [Remark("false", tuple(str(part.step) for part in off))] if off else []
    return with_remarks(lines, (*false, *find_remarks(diff)), diff, limits)


def _tell(part: Part, limits: Limits) -> list[Line]:
    return list(tell_part(part, name_key(str(part.step)), Pen(limits)))


def _choose(
    values: Mapping[str, Value], told: Mapping[str, Sequence[Line]], resource_type: str, limits: Limits
) -> tuple[list[Line], tuple[Remark, ...]]:
    """The lines that say most, and the names of the other attributes."""
    who = _who(values, resource_type)
    who = [name for place, name in enumerate(who) if not _repeats(name, who[:place], values)]
    chosen = [*who, *(name for name in values if name not in who and AT_STAKE.find(resource_type, name))]
    others = [name for name in values if name not in chosen]
    if not chosen or sum(len(told[name]) for name in values) <= limits.gone:
        chosen, others = [*chosen, *others], []
    kept: list[str] = []
    used = 0
    for name in chosen:
        used += len(told[name])
        if kept and used > limits.gone:
            break
        kept.append(name)
    rest = tuple(name for name in values if name not in kept)
    lines = [*align([line for name in kept for line in told[name]])]
    return lines, (Remark(OTHERS, rest, is_only_named=True),) if rest else ()


def _who(names: Iterable[str], resource_type: str) -> list[str]:
    """Those of the names by which an object is known, the best first."""
    known = dict.fromkeys((*(rule.attribute for rule in RESOURCES.of(resource_type)), "id", "arn"))
    return [name for name in known if name in set(names)]


def _repeats(name: str, others: Sequence[str], values: Mapping[str, Value]) -> bool:
    """True if it says what another one says: an id that is the name, an ARN beside an id."""
    is_second = name == "arn" and "id" in others and not _repeats("id", others[: others.index("id")], values)
    return is_second or values[name] in [values[other] for other in others]
