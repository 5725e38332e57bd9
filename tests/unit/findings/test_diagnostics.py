"""The errors in a log: of real ones, and of what could pass for one."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tfc_plan_comment.findings.diagnostics import Diagnostic, Diagnostics, read_diagnostics

LOGS = Path(__file__).parent / "logs"


def errors_in(name: str) -> list[Diagnostic]:
    """The errors of one of the logs that Terraform wrote."""
    return list(read_diagnostics((LOGS / name).read_text(encoding="utf-8")).errors)


def test_a_real_structured_log() -> None:
    """Four errors in Terraform's order, each with its place; a failed check block is a warning, and no error."""
    errors = errors_in("errored.log")
    assert [(error.subject, error.filename, error.line) for error in errors] == [
        ("aws_cloudwatch_log_group.app", "main.tf", 24),
        ("data.aws_ssm_parameter.missing", "main.tf", 38),
        ("aws_sns_topic.alerts", "main.tf", 32),
        ("terraform_data.bad_index", "main.tf", 47),
    ]
    assert [error.is_condition for error in errors] == [False, False, True, False]
    assert errors[2].detail == "There is nothing to alert about: instance_count is 0."
    assert errors[3].code == 'input = ["a", "b"][var.instance_count + 2]'


def test_warnings_stand_beside_the_errors() -> None:
    """They are no reason for the plan to fail: in a structured log, and in one for people."""
    (warning,) = read_diagnostics((LOGS / "errored.log").read_text(encoding="utf-8")).warnings
    assert (warning.summary, warning.filename) == ("Check block assertion failed", "main.tf")
    text = "╷\n│ Warning: Old\n│ \n│   on main.tf line 3, in provider:\n│ Use another.\n╵\n╷\n│ Error: Bad\n╵\n"
    found = read_diagnostics(text)
    assert [each.summary for each in found.errors] == ["Bad"]
    assert [(each.summary, each.line) for each in found.warnings] == [("Old", 3)]


def test_the_column_is_known_of_a_structured_log() -> None:
    """It says where in the line; what stands twice is one error all the same."""
    at = {"filename": "main.tf", "start": {"line": 3, "column": 7}}
    line = json.dumps({"diagnostic": {"severity": "error", "summary": "x", "range": at}})
    (error,) = read_diagnostics(f"{line}\n{line.replace('7', '9')}").errors
    assert (error.line, error.column) == (3, 7)


def test_the_same_errors_in_plain_text() -> None:
    """What Terraform writes for people says the same as its structured log, in another order."""
    structured, plain = errors_in("errored-validate.log"), errors_in("errored-validate.txt")
    by_line = {error.line: error for error in structured}
    assert len(plain) == 3
    assert all(replace(by_line[error.line], column=None) == error for error in plain)
    assert {error.code for error in plain} == {
        "subnet_id     = aws_subnet.missing.id",
        'from_port         = "https"',
        'policy = "{ not json }"',
    }


def test_init_errors_stand_in_plain_text_before_the_structured_lines() -> None:
    """One log may hold both forms."""
    line = json.dumps({"type": "diagnostic", "diagnostic": {"severity": "error", "summary": "Second"}})
    log = f"\x02Initializing plugins and modules...\n╷\n│ Error: First\n│ \n│ No such module.\n╵\n{line}\n\x03"
    assert read_diagnostics(log).errors == (
        Diagnostic(summary="First", detail="No such module."),
        Diagnostic(summary="Second"),
    )


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("Error: Bad\n\nIt is bad.\n", [("Bad", "It is bad.")]),
        ("Error: Bad\n\nIt is\nbad.\n\n  a\n    b\n", [("Bad", "It is bad.\na\n    b")]),
        ("Error: A\nError: B\n\nc\nWarning: D\n\ne\n", [("A", ""), ("B", "c")]),
        ("Error: A\n\nx\nOperation failed: failed running terraform plan (exit 1)\n", [("A", "x")]),
        ("no Error: here\n  Error: nor here\n", []),
        ("Warning: only this\n\nx\n", []),
        ("\x1b[31mError: \x1b[0mA\x1b[0m\r\n\r\nb\r\n", [("A", "b")]),
        ("Error: " + "\n" * 5, []),
        ("Error: long\n\n" + "x\n" * 100, [("long", " ".join(["x"] * 58))]),
    ],
)
def test_plain_text(text: str, errors: list[tuple[str, str]]) -> None:
    """A diagnostic ends where the next one begins, at its frame, and after sixty lines at the latest."""
    assert [(error.summary, error.detail) for error in read_diagnostics(text).errors] == errors


@pytest.mark.parametrize(
    "diagnostic",
    [7, None, [], {}, {"summary": 7}, {"severity": "error"}, {"summary": " "}],
)
def test_what_is_no_diagnostic(diagnostic: object) -> None:
    """A line of another form is passed over."""
    assert read_diagnostics(json.dumps({"diagnostic": diagnostic})) == Diagnostics()


def test_odd_parts_are_left_out() -> None:
    """An error is told as far as it is understood."""
    said = {"summary": "x", "severity": "new", "detail": 7, "range": {"start": {"line": True}}, "snippet": [], "a": 1}
    assert read_diagnostics(json.dumps({"diagnostic": said})).errors == (Diagnostic(summary="x"),)


def test_each_once() -> None:
    """The same error of many instances is one."""
    line = json.dumps({"diagnostic": {"severity": "error", "summary": "x"}})
    assert len(read_diagnostics("\n".join([line] * 3)).errors) == 1


def test_a_few_of_many() -> None:
    """The others are counted."""
    found = read_diagnostics("\n".join(f"Error: {n}" for n in range(1_234)))
    assert [error.summary for error in found.errors] == [f"{n}" for n in range(10)]
    assert (found.more, found.without(3), found.without(19)) == (1_224, 1_231, 1_224)
    warned = read_diagnostics("\n".join(f"Warning: {n}" for n in range(1_234)))
    assert [warning.summary for warning in warned.warnings] == [f"{n}" for n in range(10)]
    assert (warned.more_warnings, warned.errors, warned.more) == (1_224, (), 0)


@pytest.mark.parametrize(
    ("context", "filename", "subject"),
    [
        ('resource "aws_vpc" "main"', "main.tf", "aws_vpc.main"),
        ('data "aws_vpc" "main"', "main.tf", "data.aws_vpc.main"),
        ('resource "aws_vpc" "main"', "modules/net/main.tf", 'resource "aws_vpc" "main"'),
        ("locals", "main.tf", "locals"),
        ("", "", ""),
    ],
)
def test_the_subject(context: str, filename: str, subject: str) -> None:
    """A block of the root module has an address; of one in a module only Terraform's words are known."""
    assert Diagnostic(summary="x", context=context, filename=filename).subject == subject
    assert Diagnostic(summary="x", context=context, filename=filename, address="a.b").subject == "a.b"


@given(st.text(alphabet=st.sampled_from('\x02\x03\x1b[31m│╷╵{}":,Error Warning\n\r on line 1, in with x,')))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever a log holds, it is read, and no frame or colour is left in what is said."""
    for error in read_diagnostics(text).errors:
        assert "\x02" not in error.summary
        assert not error.summary.startswith("│")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(
                    ["severity", "summary", "detail", "range", "start", "line", "snippet", "code", "address"]
                ),
                x,
            )
        ),
    )
)
def test_no_document_breaks_it(document: object) -> None:
    """Whatever stands where a diagnostic should."""
    for error in read_diagnostics(json.dumps({"diagnostic": document})).errors:
        assert error.summary
