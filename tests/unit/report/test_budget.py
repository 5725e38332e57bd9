"""The bytes that each part of a comment may take."""

from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.report.budget import ADDRESSES_SHARE, DIFF_SHARE, ROWS_SHARE, SECTION_SHARE, Budget


def test_each_part_has_its_share() -> None:
    """A section that of the whole; a diff, addresses and what can hurt those of the room for changes."""
    budget = Budget.of(64_000)

    assert (budget.section, budget.changes) == (64_000 // SECTION_SHARE, 64_000)
    assert budget.diff == 64_000 * DIFF_SHARE
    assert budget.addresses == 64_000 * ADDRESSES_SHARE
    assert budget.dangerous_details == 64_000 - int(64_000 * ROWS_SHARE)


def test_what_stands_beside_the_changes_is_not_theirs() -> None:
    """There is never less than nothing, and sections keep their share."""
    assert Budget.of(1_000).without(300) == Budget(section=62, changes=700)
    assert Budget.of(1_000).without(3_000) == Budget(section=62, changes=0)


def test_a_template_that_writes_each_change_three_times_gets_a_third() -> None:
    """And a little less, so that the next try fits."""
    budget = Budget(section=100, changes=60_000)

    tightened = budget.tightened(120_000, used=180_000)

    assert 15_000 < tightened.changes < 20_000
    assert tightened.section == 50


@given(st.integers(0, 100_000), st.integers(1, 1_000_000), st.integers(-1_000, 1_000_000))
def test_each_try_has_less_room_than_the_one_before(changes: int, excess: int, used: int) -> None:
    """Until there is none."""
    tightened = Budget(section=9, changes=changes).tightened(excess, used)

    assert 0 <= tightened.changes <= max(0, changes - 100)
