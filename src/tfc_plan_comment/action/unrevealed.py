"""The patterns of the input `reveal` that fit nothing: else nobody would see a mistake in one."""

from collections.abc import Iterable

from tfc_plan_comment.action.results import Planned, Result
from tfc_plan_comment.action.world import World
from tfc_plan_comment.plan.secrets.revealing import Reveal
from tfc_plan_comment.settings.inputs import shown
from tfc_plan_comment.settings.settings import Settings

Unmatched = frozenset[str] | None
"""The patterns that fit nothing in a plan; None where there is no plan to tell."""


def unmatched_in(result: Result, settings: Settings) -> Unmatched:
    """Those that fit nothing in the plan of a result."""
    if not isinstance(result, Planned):
        return None
    return frozenset(Reveal(settings.reveal).unmatched(result.summary.plan))


def tell_unrevealed(unmatched: Iterable[Unmatched], settings: Settings, world: World) -> None:
    """Warn of each pattern that fits nothing in any of the plans."""
    known = [each for each in unmatched if each is not None]
    for pattern in settings.reveal if known else ():
        if all(pattern in each for each in known):
            world.commands.warning(nothing_revealed("Input reveal", pattern))


def nothing_revealed(what: str, pattern: str) -> str:
    """The sentence on one of them."""
    return f"{what}: nothing in the plan is at {shown(pattern)}. Correct the address or the path, or remove it."
