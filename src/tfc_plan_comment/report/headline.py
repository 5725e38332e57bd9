"""The headline: the worst that the plan does, and how many changes deserve a look; and the plan's counts in words."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tfc_plan_comment.plan.actions import RISK, Action
from tfc_plan_comment.plan.drift import Drift
from tfc_plan_comment.plan.summary import MOST_SORTED_BY_NOISE, PlanSummary
from tfc_plan_comment.plan.verdict import Mode

MOST_FACTS = 2
"""At most this many facts stand in the headline."""

_COUNTED = frozenset({Action.CREATE, Action.UPDATE, Action.DELETE})
"""The actions of which Terraform's sentence gives the number as it is."""


def tell_headline(summary: PlanSummary) -> str:
    """The two worst facts at most: `destroys 2 resources with data, 1 change deserves a look`; else the counts."""
    if summary.plan.errored:
        return "planning failed"
    if summary.verdict.mode is Mode.REFRESH_ONLY:
        return _count_drift_in_words(summary.drift)
    worst = [*_tell_loss(summary), tell_look(summary)]
    return ", ".join([fact for fact in worst if fact][:MOST_FACTS]) or count_in_words(summary) or _tell_nothing(summary)


def tell_worst(summary: PlanSummary) -> str:
    """The first fact of the headline, where something has to be weighed; else nothing."""
    if summary.plan.errored:
        return tell_headline(summary)
    return next((fact for fact in (*_tell_loss(summary), tell_look(summary)) if fact), "")


def tell_look(summary: PlanSummary) -> str:
    """`2 changes deserve a look`; empty where none does."""
    count = len(summary.attention)
    return f"{count:,} change{' deserves' if count == 1 else 's deserve'} a look" if count else ""


def count_in_words(summary: PlanSummary) -> str:
    """The counts of the plan in words: `2 replaced, 1 destroyed`; empty where no object changes."""
    actions = Counter(change.action for change in summary.changes)
    counts = summary.verdict.counts
    # Others may be imported or moved as well, and Terraform's own sentence counts them all.
    only = {Action.IMPORT: counts.to_import, Action.MOVE: counts.to_move}
    noise = _find_only_noise(summary)
    counted = [
        f"{actions[action]:,} {'only ' if only.get(action, 0) > actions[action] else ''}{action.facts.headline}"
        f"{f' ({noise})' if noise and action is Action.UPDATE else ''}"
        for action in RISK
        if actions[action]
    ]
    if invoked := counts.to_invoke:
        counted.append(f"{invoked:,} action{'' if invoked == 1 else 's'} invoked")
    return ", ".join(counted)


def explain_counts(summary: PlanSummary, headline: str) -> str:
    """A sentence that says in words what Terraform's own counts are made of; empty where nothing is to add."""
    words = count_in_words(summary)
    actions = {change.action for change in summary.changes}
    says_more = not actions <= _COUNTED or summary.verdict.counts.to_invoke
    if not says_more or words == headline:
        return ""
    is_destroyed = all("delete" in c.resource.change.actions for c in summary.changes if c.action is Action.REPLACE)
    if is_destroyed:
        words = words.replace(" replaced", " replaced (add and destroy)", 1)
    return f"That is {words}."


def _tell_loss(summary: PlanSummary) -> Iterator[str]:
    if unknown := summary.verdict.counts.unknown:
        yield f"{unknown:,} change{'' if unknown == 1 else 's'} with an unknown action"
    destroyed = [change for change in summary.changes if "delete" in change.resource.change.actions]
    with_data = sum(change.holds_data for change in destroyed)
    if summary.verdict.mode is Mode.DESTROY:
        yield "destroys everything" + (f", including {_resources(with_data)} with data" if with_data else "")
    elif with_data:
        yield f"destroys {_resources(with_data)} with data"
    else:
        replaced = sum(change.action is Action.REPLACE and not change.is_routine for change in destroyed)
        gone = sum(change.action is Action.DELETE for change in destroyed)
        if gone:
            yield f"destroys {_resources(gone)}" + (f" and replaces {replaced:,}" if replaced else "")
        elif replaced:
            yield f"replaces {_resources(replaced)}"


def _tell_nothing(summary: PlanSummary) -> str:
    return "only outputs change" if summary.outputs else "no changes"


def _resources(count: int) -> str:
    return f"{count:,} resource{'' if count == 1 else 's'}"


def _count_drift_in_words(drift: Sequence[Drift]) -> str:
    deleted = sum(change.resource.change.actions == ("delete",) for change in drift)
    kinds = ((len(drift) - deleted, "changed"), (deleted, "deleted"))
    return f"{', '.join(f'{count:,} {word}' for count, word in kinds if count)} outside of Terraform"


def _find_only_noise(summary: PlanSummary) -> str | None:
    """The kind of noise that all updates are; None if one is not, or if there are too many to look at."""
    updates = [change for change in summary.changes if change.action is Action.UPDATE]
    kinds = {change.noise for change in updates} if len(updates) <= MOST_SORTED_BY_NOISE else set()
    return kinds.pop() if len(kinds) == 1 else None
