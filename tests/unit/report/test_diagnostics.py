"""The errors of a failed plan in words."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from tfc_plan_comment.errors import UnexpectedAnswer
from tfc_plan_comment.findings.diagnostics import Diagnostic, Diagnostics
from tfc_plan_comment.findings.said import NOT_ASKED, Known, Said, Unknown
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.diagnostics import hide_secrets, say_in_one_line, stopping_checks, tell_errors

BAD = Diagnostic(summary="Bad", detail="It is bad.", address="a.b", filename="main.tf", line=7, code="x   = 1")
FAILED = Diagnostic(
    summary="Resource precondition failed", detail="Too few.", context='resource "a" "b"', filename="m.tf"
)


def known(*errors: Diagnostic) -> Said[Diagnostics]:
    return Known(Diagnostics(errors=errors))


def check(kind: str, name: str, *messages: str, status: str = "fail") -> dict[str, Any]:
    """A check of a plan, with an instance for each message."""
    address = {"kind": kind, "to_display": name}
    instances = [
        {"address": {"to_display": f"{name}[{n}]"}, "status": status, "problems": [{"message": message}]}
        for n, message in enumerate(messages)
    ]
    return {"address": address, "status": status, "instances": instances}


def summary_of(*checks: dict[str, Any], errored: bool = True, **more: Any) -> PlanSummary:
    document = {
        "format_version": "1.2",
        "terraform_version": "1.13.4",
        "errored": errored,
        "checks": list(checks),
        **more,
    }
    return summarize(parse_plan(json.dumps(document).encode(), name="plan"))


def lines(errors: Said[Diagnostics], summary: PlanSummary | None = None) -> list[str]:
    """The lines as they are read."""
    return ["".join(piece.text for piece in cell.pieces) for cell in tell_errors(errors, summary)]


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        (known(BAD), ["Bad, main.tf line 7, in a.b", "x = 1", "It is bad."]),
        (known(replace(BAD, line=None, address="", code="")), ["Bad, main.tf", "It is bad."]),
        (known(Diagnostic(summary="Bad")), ["Bad"]),
        (known(FAILED), ["Planning stopped at a.b: Too few. (m.tf)"]),
        (known(replace(FAILED, context="", filename="")), ["Planning stopped: Too few."]),
        (known(replace(FAILED, detail="")), ["Resource precondition failed, m.tf, in a.b"]),
        (known(), ["Terraform could not make the plan. Its log names no error."]),
        (Unknown(UnexpectedAnswer("x")), ["Terraform could not make the plan. Its log could not be read."]),
        (NOT_ASKED, ["Terraform could not make the plan."]),
    ],
)
def test_lines(errors: Said[Diagnostics], said: list[str]) -> None:
    """What, where, the line, and the sentence: as far as each is known."""
    assert lines(errors) == said


def test_a_condition_has_the_address_that_the_plan_knows() -> None:
    """The log names a block; the plan knows its instances, and how many of them failed alike."""
    summary = summary_of(check("resource", "module.m.a.b", "Too few.", "Too few."), check("check", "check.c", "No."))
    assert lines(known(FAILED), summary) == ["Planning stopped at module.m.a.b[0] and 1 more: Too few. (m.tf)"]
    assert lines(NOT_ASKED, summary) == ["Planning stopped at module.m.a.b[0] and 1 more: Too few."]


def test_only_a_few() -> None:
    """Three are said, whichever way they are known."""
    many = [check("resource", f"a.b{n}", f"No. {n}") for n in range(1_239)]
    assert lines(NOT_ASKED, summary_of(*many))[-1] == "And 1,236 more errors."
    assert lines(known(*(Diagnostic(summary=f"{n}") for n in range(4))))[-1] == "And 1 more error."


def test_long_ones_are_cut() -> None:
    """A provider may say anything."""
    long = Diagnostic(summary="s" * 999, detail="d\n" * 999, filename="f" * 999, code="c" * 999, address="a" * 999)
    assert sum(map(len, lines(known(long)))) < 1_000
    assert len(say_in_one_line(Diagnostics(errors=(long,)))) < 2_500


def test_what_was_planned_before() -> None:
    """Where something stands below, it is said what it is worth."""
    change: dict[str, object] = {"actions": ["create"], "before": None, "after": {}}
    entry = {"address": "a.b", "mode": "managed", "type": "a", "name": "b", "change": change}
    summary = summary_of(resource_changes=[entry])
    assert lines(known(BAD), summary)[-1] == "Everything below was planned before that. It cannot be applied."


@pytest.mark.parametrize(
    ("errored", "kind", "status", "stops"),
    [
        (True, "resource", "fail", True),
        (True, "output_value", "error", True),
        (True, "var", "fail", True),
        (True, "check", "fail", False),
        (True, "resource", "pass", False),
        (True, "resource", "unknown", False),
        (False, "resource", "fail", False),
    ],
)
def test_which_checks_stop_a_plan(kind: str, status: str, *, errored: bool, stops: bool) -> None:
    """Failed conditions do; `check` blocks never do, and nothing has stopped a plan that is whole."""
    summary = summary_of(check(kind, "a.b", "No.", status=status), errored=errored)
    assert bool(stopping_checks(summary)) is stops


def test_one_line() -> None:
    """For the log and its annotation."""
    both = Diagnostics(errors=(replace(BAD, summary="Bad\n  thing."), FAILED, FAILED))
    assert say_in_one_line(both) == "Bad thing (main.tf line 7, in a.b), and 2 more errors"
    assert say_in_one_line(Diagnostics(errors=(FAILED,))) == "Too few (m.tf, in a.b)"
    assert say_in_one_line(Diagnostics()) == ""


def test_the_mask_comes_before_looks() -> None:
    """Of a secret with ordinary words in it no word is left."""
    secret = "open sesame T4sJk29QpZx81LmNvB3c tuesday"
    hidden = hide_secrets(Diagnostics(errors=(Diagnostic(summary=f"no: {secret}"),), more=3), Mask([secret]))
    assert [error.summary for error in hidden.errors] == ["no: (hidden: equals a sensitive value, no. 1)"]
    assert hidden.more == 3


def test_secrets_are_hidden_in_every_part() -> None:
    """By the plan's mask, and by their looks; what is equal then is said once."""
    secret, random = "Zq7vW9kPxw2mLmQx", "T4sJk29QpZx81LmNvB3c"
    parts = dict.fromkeys(("summary", "detail", "address", "context", "filename", "code"), f"{secret} and {random}")
    hidden = hide_secrets(Diagnostics(errors=(Diagnostic(**parts), Diagnostic(**parts))), Mask([secret]))  # type: ignore[arg-type]
    (error,) = hidden.errors
    for name in parts:
        assert secret not in getattr(error, name)
        assert random not in getattr(error, name)
        assert " and " in getattr(error, name)
