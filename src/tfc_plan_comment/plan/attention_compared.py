"""Whether anything changes that a rule compares, told of the values as they stand in the plan, before any is masked.

Most changes of a block in which a flag could be turned off are about something else in it.
"""

from collections.abc import Iterable
from typing import cast

from tfc_plan_comment.errors import PlanDocumentError
from tfc_plan_comment.plan.attribute_places import ANYWHERE, values_at
from tfc_plan_comment.plan.marks import Differing, read_value
from tfc_plan_comment.plan.values import Value, identity


def may_differ(paths: Iterable[str], differing: Differing) -> bool:
    """False if the same values, in the same order, stand at all of the paths before and after.

    `differing` are all attributes of the change that differ. What is hidden, or known only after apply, is not looked
    for: where one of two values is, no rule compares them.
    """
    return any(_differ(path, differing) for path in paths)


def _differ(path: str, differing: Differing) -> bool:
    attribute = path.partition(".")[0]
    if attribute not in differing:
        return attribute == ANYWHERE
    try:
        # But for its numbers, a value that stands in the plan is one that may be shown.
        sides = (cast("Value", {attribute: read_value(raw)}) for raw in differing[attribute])
        was, will_be = (identity(values_at(side, path)) for side in sides)
    except (PlanDocumentError, RecursionError):  # whoever shows the value says so
        return True
    return was != will_be
