"""The warnings of a log: folded, counted, and inert."""

from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.errors import UnexpectedAnswer
from tfc_plan_comment.findings.diagnostics import Diagnostic, Diagnostics
from tfc_plan_comment.findings.said import NOT_ASKED, Known, Unknown
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.report.diagnostics import hide_secrets
from tfc_plan_comment.report.failed import Failed
from tfc_plan_comment.report.plan_warnings import plan_warnings
from tfc_plan_comment.report.write.comment import COMMENT_LIMIT, render_failure


def test_none() -> None:
    """Where there are none, or nobody knows, there is no fold."""
    for said in (NOT_ASKED, Unknown(UnexpectedAnswer("x")), Known(Diagnostics(errors=(Diagnostic(summary="x"),)))):
        assert plan_warnings(said, 1_000) is None


def test_each_with_its_place_and_the_others_counted() -> None:
    """A line for each, then what it says; the title counts all of them."""
    warnings = (
        Diagnostic(summary="Old", detail="Use\nanother.", filename="main.tf", line=3),
        Diagnostic(summary="Odd", address="aws_vpc.main"),
    )
    section = plan_warnings(Known(Diagnostics(warnings=warnings, more_warnings=1_234)), 10_000)
    assert section is not None
    assert [piece.text for piece in section.title.pieces] == ["Warnings in the log: 1,236"]
    assert [line.text for line in section.lines] == [
        "Old (main.tf line 3)",
        "│ Use",
        "│ another.",
        "Odd (in aws_vpc.main)",
        "… 1,234 more warnings",
    ]
    assert not section.is_open


def test_checks_that_stand_elsewhere_are_left_out() -> None:
    """Where there is a plan, its section of checks has them."""
    check = Diagnostic(summary="Check block assertion failed", detail="Fewer than 2 instances.")
    said = Known(Diagnostics(warnings=(check,)))
    assert plan_warnings(said, 1_000, with_checks=False) is None
    assert plan_warnings(said, 1_000) is not None


@given(st.lists(st.text(max_size=3_000), min_size=1, max_size=10))
def test_no_text_breaks_out(texts: list[str]) -> None:
    """Whatever a provider says, it stays in its block, without a secret, and the comment stays within its limit."""
    secret = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"
    warnings = tuple(
        Diagnostic(summary=f"{text}\n```\n@octocat", detail=f"token = {secret}\n</details>{text}") for text in texts
    )
    errors = Known(hide_secrets(Diagnostics(warnings=warnings), Mask()))
    comment = render_failure(Failed(key="k", fact="planning failed", sentence="It failed.", errors=errors))
    assert secret not in comment
    assert len(comment.encode()) <= COMMENT_LIMIT
    block = comment.partition("diff\n")[2]
    fence = comment.partition("diff\n")[0].rpartition("\n")[2]
    assert block.count(f"\n{fence}\n") == 1
    assert block.partition(f"\n{fence}\n")[2].startswith("</details>\n")
