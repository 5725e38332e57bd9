"""The rows in their order, each in the fold that it belongs to: of a module that comes or goes as a whole, or noise."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.plan.whole_modules import WholeModule
from tfc_plan_comment.report.addresses import show_address
from tfc_plan_comment.report.groups.group import Group
from tfc_plan_comment.report.lines.cell import Cell, Piece, Voice, join, say, say_name
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Fold, Place

FEWEST_ROWS = 3
"""A module with fewer rows needs no fold."""

MOST_NOISE = 3
"""With more rows of noise than this, they stand in a fold of their own."""

MOST_CREATED = 20
"""With more rows of created objects than this, those of one service have a fold of their own: `aws_iam*`."""

MOST_OPEN = 3
"""Where there are no more rows than this, diffs stand open that would be folded in a longer list."""

SHORT = 40
"""Lines of a diff that may stand open."""

MOST_TYPES = 3
"""At most this many types of resources are named in the line of a module."""


def lay_out(summary: PlanSummary, groups: Sequence[Group]) -> Iterator[Place]:
    """A place for each group, with everything; those of one fold stand together, at the place of the first."""
    is_short = len(groups) <= MOST_OPEN
    for number_in_fold, group, fold in _put_in_folds(summary, groups):
        row = group.row
        opens = row.action.facts.is_weighed and not row.is_noise and len(row.lines) <= SHORT
        yield Place(
            row=row,
            positions=group.positions,
            has_cell=True,
            has_details=True,
            is_open=row.is_open or (is_short and opens),
            fold=fold,
            opens_fold=fold is not None and number_in_fold == 0,
        )


def _put_in_folds(summary: PlanSummary, groups: Sequence[Group]) -> Iterator[tuple[int, Group, Fold | None]]:
    """Each group with its number in its fold, and the fold."""
    modules = summary.whole_modules
    homes = [_find_home(summary, group, modules) for group in groups]
    created = [group for group, home in zip(groups, homes, strict=True) if _is_plain_creation(group) and not home]
    by_service = len(created) > MOST_CREATED
    together: dict[Hashable, list[Group]] = {}
    for number, (group, home) in enumerate(zip(groups, homes, strict=True)):
        key: Hashable = number
        if group.row.is_noise:
            key = "noise"
        elif home:
            key = home
        elif by_service and _is_plain_creation(group):
            key = _service_of(summary, group)
        together.setdefault(key, []).append(group)
    for key, members in together.items():
        fold = _make_fold(summary, key, members) if len(members) < len(groups) or key == "noise" else None
        for number, group in enumerate(members):
            yield number, group, fold


def _find_home(summary: PlanSummary, group: Group, modules: Mapping[str, WholeModule]) -> WholeModule | None:
    """The module that comes or goes as a whole with all changes of the group in it."""
    found = {summary.changes[position].resource.module_address for position in group.positions}
    homes = {modules.get(address or "") for address in found}
    home = homes.pop()
    is_one = not homes and home is not None and group.row.action is home.action
    return home if is_one and not group.row.deserves_a_look else None


def _is_plain_creation(group: Group) -> bool:
    return group.row.action is Action.CREATE and not group.row.deserves_a_look


def _service_of(summary: PlanSummary, group: Group) -> str:
    """The first two words of the type, which name the provider and its service."""
    return "_".join(summary.changes[group.positions[0]].resource.type.split("_")[:2])


def _make_fold(summary: PlanSummary, key: Hashable, members: Sequence[Group]) -> Fold | None:
    """The fold of these rows, if they are enough for one."""
    changes = [summary.changes[position] for group in members for position in group.positions]
    match key:
        case "noise" if len(members) > MOST_NOISE:
            title = say(f"{len(changes):,} minor changes, each with its reason")
            return Fold(symbol="⚪", label="noise", title=title, is_open=len(changes) == len(summary.changes))
        case WholeModule() if len(members) >= FEWEST_ROWS:
            facts = key.action.facts
            return Fold(symbol=facts.symbol, label=facts.label, title=_say_module(summary, changes, key))
        case str() if key != "noise" and len(members) >= FEWEST_ROWS:
            facts = Action.CREATE.facts
            title = say_name(f"{key}*") + say(f": {len(changes):,} resources, ") + _say_types(changes)
            return Fold(symbol=facts.symbol, label=facts.label, title=title)
        case _:
            return None


def _say_module(summary: PlanSummary, changes: Sequence[PlannedChange], home: WholeModule) -> Cell:
    """`module.jobs: all 49 resources, 12 × aws_sqs_queue and 37 more`, and for one that goes, what is lost with it."""
    count = len(changes)
    all_of_it = (
        f": all {count:,} resources, " if count == home.count else f": {count:,} of its {home.count:,} resources, "
    )
    holding = sum(change.holds_data for change in changes)
    return (
        Cell((Piece(show_address(home.address, summary.mask, Limits()).text, Voice.NAME),))
        + say(all_of_it)
        + _say_types(changes)
        + say(f"; {holding:,} of them {'holds' if holding == 1 else 'hold'} data" if holding else "")
        + say("; no longer in the configuration" if home.action is Action.DELETE and home.is_gone else "")
    )


def _say_types(changes: Sequence[PlannedChange]) -> Cell:
    """`6 × aws_subnet, aws_vpc and 3 more`."""
    types = Counter(change.resource.type for change in changes)
    most = types.most_common(MOST_TYPES)
    if len(types) == 1:
        return say("each ") + say_name(most[0][0])
    more = len(changes) - sum(number for _, number in most)
    named = join((say(f"{number:,} × " if number > 1 else "") + say_name(name) for name, number in most), ", ")
    return named + say(f" and {more:,} more" if more else "")
