"""The cost estimate: exact amounts, and a word for each way in which there is none."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tfc_plan_comment.errors import NotVisible
from tfc_plan_comment.findings.cost import CostEstimate, CostStatus
from tfc_plan_comment.findings.said import NOT_ASKED, Known, Said, Unknown
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.cost_estimate import amounts_of, say_cost, shown_cost, write_amount
from tfc_plan_comment.report.write.pieces import write_cell

SECRET = "Zq7vW9kPxw2mLmQx"
FINISHED = CostEstimate(
    status="finished",
    prior=Decimal("4812.44"),
    proposed=Decimal("4944.54"),
    given_delta=Decimal("132.10"),
    estimated=4,
    resources=4,
)


def summary_of(document: str) -> PlanSummary:
    return summarize(parse_plan(document.encode(), name="plan"))


def said(estimate: Said[CostEstimate | None]) -> str:
    """The words, as they are read."""
    return "".join(piece.text for piece in say_cost(estimate).pieces)


def said_of(**fields: Any) -> str:
    """The words on the finished estimate with other fields."""
    return said(Known(replace(FINISHED, **fields)))


def test_the_difference_comes_first() -> None:
    """In bold; and no dollar sign of a comment begins a formula."""
    assert said(Known(FINISHED)) == "+$132.10 a month ($4,812.44 → $4,944.54)"
    assert write_cell(say_cost(Known(FINISHED))) == (
        "<b>+<span>$</span>132.10 a month</b> (<span>$</span>4,812.44 → <span>$</span>4,944.54)"
    )


@pytest.mark.parametrize(
    ("delta", "words"),
    [
        ("25.488", "+$25.49 a month"),
        ("-3", "-$3.00 a month"),
        ("0.004", "less than $0.01 more a month"),
        ("-0.0000001", "less than $0.01 less a month"),
        ("123456789.125", "+$123,456,789.13 a month"),
    ],
)
def test_amounts(delta: str, words: str) -> None:
    """They are rounded to cents, and what is less than a cent is no change of nothing."""
    assert said_of(given_delta=Decimal(delta), prior=None) == words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"given_delta": Decimal("0.0")}, "no change in cost ($4,944.54 a month)"),
        ({"given_delta": Decimal(0), "prior": None}, "no change in cost"),
        ({"given_delta": None}, "+$132.10 a month ($4,812.44 → $4,944.54)"),
        ({"given_delta": None, "prior": None}, "Cost: not known, see the run"),
        ({"resources": 5}, "+$132.10 a month ($4,812.44 → $4,944.54), 4 of 5 resources estimated"),
        ({"estimated": 0}, "+$132.10 a month ($4,812.44 → $4,944.54), none of 4 resources estimated"),
        ({"estimated": None}, "+$132.10 a month ($4,812.44 → $4,944.54)"),
        ({"given_delta": Decimal(0), "estimated": 0}, "Cost: none of 4 resources estimated"),
        ({"given_delta": Decimal(0), "estimated": 0, "resources": 1}, "Cost: none of 1 resource estimated"),
        ({"given_delta": Decimal(0), "estimated": 0, "resources": 0}, "Cost: not known, see the run"),
    ],
)
def test_what_is_known_of_it(fields: dict[str, Any], words: str) -> None:
    """How many resources have a price is said where not all have; nothing is never called no cost."""
    assert said_of(**fields) == words
    assert bool(amounts_of(Known(replace(FINISHED, **fields)))) is ("Cost:" not in words)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("pending", "Cost: not estimated when this was written, see the run"),
        ("queued", "Cost: not estimated when this was written, see the run"),
        ("canceled", "Cost: not estimated (canceled)"),
        ("errored", "Cost: not estimated (errored)"),
        ("skipped_due_to_targeting", "Cost: not estimated: the plan is limited to targets"),
        ("unreachable", "Cost: skipped: the run ended"),
        ("skipped: the run ended", "Cost: skipped: the run ended"),
        ("odd", "Cost: not estimated when this was written (odd), see the run"),
    ],
)
def test_every_status_without_an_estimate(status: str, words: str) -> None:
    """Each has its words, and none of them an amount."""
    assert said_of(status=status) == words
    assert not amounts_of(Known(replace(FINISHED, status=status)))


def test_every_status_has_its_facts() -> None:
    """A status that we have never heard of is one that is not decided."""
    assert all(CostEstimate(status=status).facts for status in CostStatus)
    assert not CostEstimate(status="odd").facts.decided


def test_nothing_is_said_where_there_is_none() -> None:
    """Switched off is not told like "could not be read"."""
    assert said(Known(None)) == said(NOT_ASKED) == ""
    assert said(Unknown(NotVisible("Cannot").with_status(404))) == "Cost: could not be read (404), see the run"


def test_texts_are_masked() -> None:
    """An error may name anything of the plan; a redacted plan does not tell its secrets, so it shows none."""
    plan = (
        '{"format_version":"1.2","terraform_version":"1.13.4","output_changes":{"password":'
        f'{{"actions":["create"],"before":null,"after":"{SECRET}","after_sensitive":true}}}}}}'
    )
    errored: Said[CostEstimate | None] = Known(
        CostEstimate(status="errored", error=f"of {SECRET}\n@octocat <b> " + "x" * 999)
    )
    shown = write_cell(say_cost(shown_cost(errored, summary_of(plan))))
    assert shown.startswith("Cost: not estimated (errored): “of (hidden: equals a sensitive value, no. 1) ")
    assert SECRET not in shown
    assert "<b>" not in shown
    assert "x" * 201 not in shown
    odd: Said[CostEstimate | None] = Known(CostEstimate(status=f"odd {SECRET}"))
    assert SECRET not in write_cell(say_cost(shown_cost(odd, summary_of(plan))))
    redacted = summary_of('{"plan_format_version":"1.2","output_changes":{}}')
    assert redacted.plan.is_redacted
    assert said(shown_cost(errored, redacted)) == "Cost: not estimated (errored)"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**15), max_value=10**15))
def test_an_amount_is_read_back(amount: Decimal) -> None:
    """To the cent, whatever its sign and size: no float comes near it."""
    read = Decimal(write_amount(amount).replace("$", "").replace(",", ""))
    assert abs(read - amount) <= Decimal("0.005")
