"""Types of which every change makes a new object, while nothing that runs goes with the old one."""

import pytest

from tfc_plan_comment.plan.knowledge.routine import ROUTINE
from tfc_plan_comment.plan.knowledge.stateful import HOLDS_DATA


@pytest.mark.parametrize(
    ("resource_type", "is_routine"),
    [
        ("aws_ecs_task_definition", True),
        ("google_compute_instance_template", True),
        ("time_rotating", True),
        ("aws_ecs_service", False),
        ("aws_instance", False),
        ("aws_ecs_task_definition_x", False),
        ("", False),
    ],
)
def test_versions_are_made_anew(resource_type: str, is_routine: bool) -> None:  # noqa: FBT001 - a case
    """A whole type is asked for, never a part of its name."""
    assert bool(ROUTINE.of(resource_type)) is is_routine


def test_none_of_them_holds_data() -> None:
    """What goes with its data is never made anew by design."""
    assert [rule.types for rule in ROUTINE.rules if HOLDS_DATA.of(rule.types)] == []
