"""The rows in their order, each in the fold that it belongs to: a module that comes or goes as a whole, or noise."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.plan.whole_modules import WholeModule, find_whole_modules
from tfc_plan_comment.report.addresses import mask_address
from tfc_plan_comment.report.groups.group import Group
from tfc_plan_comment.report.lines.cell import Cell, join, say, say_name
from tfc_plan_comment.report.model import Fold, Place

FEWEST_ROWS = 3
"""A module with fewer rows needs no fold."""

MOST_NOISE = 3
"""With more rows of noise than this, they stand in a fold of their own."""

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
    modules = find_whole_modules(summary.plan)
    together: dict[Hashable, list[Group]] = {}
    for number, group in enumerate(groups):
        home = _find_module(summary, group, modules)
        key = home.address if home else "noise" if group.row.is_noise else number
        together.setdefault((home is not None, key), []).append(group)
    for members in together.values():
        fold = _make_fold(summary, members, modules, is_all=len(members) == len(groups))
        for number, group in enumerate(members):
            yield number, group, fold


def _find_module(summary: PlanSummary, group: Group, modules: Mapping[str, WholeModule]) -> WholeModule | None:
    """The module that comes or goes as a whole with all changes of the group in it."""
    found = {summary.changes[position].resource.module_address for position in group.positions}
    homes = {modules.get(address or "") for address in found}
    home = homes.pop()
    return home if not homes and home and group.row.action is home.action else None


def _make_fold(
    summary: PlanSummary, members: Sequence[Group], modules: Mapping[str, WholeModule], *, is_all: bool
) -> Fold | None:
    if len(members) > MOST_NOISE and all(group.row.is_noise for group in members):
        count = sum(group.row.count for group in members)
        title = say(f"{count:,} changes that nobody has to weigh, and each says why")
        return Fold(symbol="⚪", label="noise", title=title, is_open=is_all)
    home = _find_module(summary, members[0], modules)
    if is_all or not home or len(members) < FEWEST_ROWS:
        return None
    facts = home.action.facts
    return Fold(symbol=facts.symbol, label=facts.label, title=_say_module(summary, members, home))


def _say_module(summary: PlanSummary, members: Sequence[Group], home: WholeModule) -> Cell:
    """`module.jobs: all 49 resources, 12 × aws_sqs_queue and 37 more`, and for one that goes, what is lost with it."""
    changes = [summary.changes[position] for group in members for position in group.positions]
    count = len(changes)
    all_of_it = f": all {count:,} resources" if count == home.count else f": {count:,} of its {home.count:,} resources"
    types = Counter(change.resource.type for change in changes).most_common(MOST_TYPES)
    named = join((say(f"{number:,} × " if number > 1 else "") + say_name(name) for name, number in types), ", ")
    more = count - sum(number for _, number in types)
    holding = sum(change.holds_data for change in changes)
    return (
        say_name(mask_address(home.address, summary.mask))
        + say(all_of_it)
        + say(", ")
        + (say("each ") + say_name(types[0][0]) if len(types) == 1 else named)
        + say(f" and {more:,} more" if more else "")
        + say(f"; {holding:,} of them {'holds' if holding == 1 else 'hold'} data" if holding else "")
        + say("; no longer in the configuration" if home.action is Action.DELETE and home.is_gone else "")
    )
