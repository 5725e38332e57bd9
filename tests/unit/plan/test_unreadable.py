"""Values that cannot be decoded, in a plan that can."""

from typing import Any

import msgspec
import pytest

from tfc_plan_comment.errors import PlanDocumentError
from tfc_plan_comment.plan.document import Change
from tfc_plan_comment.plan.secrets.mask import Mask

HOW = "Make one with: terraform show -json PLANFILE > plan.json."


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b"{", "it is not valid JSON (Input data was truncated)"),
        (b"[" * 100_000 + b"]" * 100_000, "its JSON is nested too deeply"),
    ],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_sentences(value: bytes, why: str, place: str) -> None:
    """A value that no program can work with gets a sentence, when it is looked at."""
    keys: dict[str, Any] = {place: msgspec.Raw(value)}
    with pytest.raises(PlanDocumentError) as caught:
        Mask().sides(Change(**keys))
    assert str(caught.value) == f"Cannot read a value of the plan: {why}. {HOW}"
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("depth", [50, 500, 950, 1100, 5000])
def test_values_as_deep_as_they_come(depth: int) -> None:
    """However deep a value is nested, it is shown, or the reader is told that it cannot be."""
    change = Change(
        after=msgspec.Raw(b'{"a":' * depth + b"1" + b"}" * depth), after_sensitive=msgspec.Raw(b'{"a":{"b":true}}')
    )
    try:
        _, after = Mask(["secret"]).sides(change)
    except PlanDocumentError as error:
        after, said = None, str(error)
    assert after is not None or said == f"Cannot read a value of the plan: its JSON is nested too deeply. {HOW}"
    assert after is not None or depth > 500
