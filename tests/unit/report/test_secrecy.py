"""What the report says of secrets: what is hidden by equality is counted, and no more is promised than is kept."""

import json
import re
from base64 import b64encode
from typing import Any

import pytest

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.summary_json import summary_json
from tfc_plan_comment.report.view import RunView
from tfc_plan_comment.report.write.comment import render
from tfc_plan_comment.report.write.html import write_html

SECRET = "Zq7vW9kPxw2mLmQx"
PASSWORD = {"actions": ["create"], "before": None, "after": SECRET, "after_sensitive": True}


def changed(before: Any, after: Any, address: str = "t.n", **more: Any) -> dict[str, Any]:
    """An update of an object."""
    change = {"actions": ["update"], "before": before, "after": after, **more}
    return {"address": address, "type": "t", "name": "n", "mode": "managed", "change": change}


def report(*changes: dict[str, Any], message: str | None = None, redact: str = "", **keys: Any) -> Report:
    """A report on a plan with these changes."""
    document = {"format_version": "1.2", "terraform_version": "1.14.0", "resource_changes": changes, **keys}
    patterns = (re.compile(redact),) if redact else ()
    run = RunView(id="run-1", url="https://example.com", message=message) if message else None
    summary = summarize(parse_plan(json.dumps(document).encode(), name="plan.json"), patterns)
    return Report(key="key", summary=summary, run=run)


def outputs(shown: Report) -> list[str]:
    """The comment, the HTML report and the summary in JSON."""
    return [render(shown), "".join(write_html(shown)), "".join(summary_json(shown.summary))]


def test_what_is_hidden_by_equality_says_so() -> None:
    """It is called that where it stands, and counted in one alert; the last line does not say that all is shown."""
    shown = report(
        changed({"a": "x", "b": "y"}, {"a": SECRET, "b": f"my {SECRET}"}), output_changes={"password": PASSWORD}
    )
    comment, html, summary = outputs(shown)

    assert all(SECRET not in content for content in (comment, html, summary))
    assert '- a = "x"\n+ a = (hidden: equals a sensitive value)' in comment
    assert '- b = "y"\n+ b = "my (hidden: equals a sensitive value, no. ' in comment
    said = "2 values are hidden here although the plan does not mark them: each equals or contains a sensitive value."
    for content in (comment, html):
        assert said in content
        assert (
            "Values that Terraform marks as sensitive are masked, and so are 2 values that equal one of them."
            in content
        )
        assert "is masked. " not in content


def test_one_value_that_becomes_another() -> None:
    """Two secrets are told apart."""
    other = {**PASSWORD, "before": SECRET[::-1], "before_sensitive": True}
    shown = report(changed({"a": SECRET[::-1]}, {"a": SECRET}), output_changes={"password": other})

    comment = render(shown)

    assert "! a = (hidden: equals a sensitive value) -> (hidden: equals another sensitive value)" in comment
    assert "1 value is hidden here although the plan does not mark it: it equals or contains a sensitive" in comment
    assert "<code>a</code> (hidden: equals a sensitive value)" in comment


@pytest.mark.parametrize("times", [0, 1, 2])
@pytest.mark.parametrize("value", ["a {} b", '{{"a": ["{}"]}}', "a\n{}\nb\n"])
def test_what_is_hidden_within_a_value_is_counted(value: str, times: int) -> None:
    """In a text, in JSON and in base64: the last line counts it as well."""
    text = value.format(SECRET)
    for _ in range(times):
        text = b64encode(text.encode()).decode()
    comment = render(report(changed({"a": "x"}, {"a": text}), output_changes={"password": PASSWORD}))

    assert "1 value is hidden here although the plan does not mark it" in comment
    assert "Values that Terraform marks as sensitive are masked, and so is 1 value that equals one of them." in comment


@pytest.mark.parametrize("marked", [True, False])
def test_what_is_hidden_for_another_reason_is_not_counted(marked: bool) -> None:  # noqa: FBT001 - a case
    """What the plan marks, and what the user's pattern matches, is not hidden by chance."""
    marks: dict[str, Any] = {"before_sensitive": {"a": True}, "after_sensitive": {"a": True}} if marked else {}
    comment = render(report(changed({"a": "x"}, {"a": SECRET}, **marks), redact="" if marked else SECRET))

    assert SECRET not in comment
    assert "hidden" not in comment
    assert "The change of the plan is listed above. Values that Terraform marks as sensitive are masked. " in comment


def test_an_address_is_hidden_for_a_secret_and_not_for_a_word() -> None:
    """Who destroys a table must know which; a generated secret is no key by chance."""
    words = {"actions": ["create"], "before": None, "after": ["production", "postgres15"], "after_sensitive": True}
    gone = [
        {
            "address": f't.{name}["{key}"]',
            "type": "t",
            "name": "n",
            "change": {"actions": ["delete"], "before": {"a": key}},
        }
        for name, key in (("a", "production"), ("b", "postgres15"), ("c", SECRET))
    ]
    comment = render(report(*gone, output_changes={"password": PASSWORD, "db_password": words}))

    assert SECRET not in comment
    assert 't.a["production"]' in comment
    assert 't.b["postgres15"]' in comment
    assert 'c["(hidden: equals a sensitive value, no. ' in comment.replace("&#91;", "[").replace("<wbr>", "")


def test_the_message_of_the_run() -> None:
    """People write into it what they have just set: it is masked like a value, and `redact` reaches it."""
    shown = report(
        message=f"Set it to {SECRET}, for ACME-123", redact=r"ACME-\d+", output_changes={"password": PASSWORD}
    )
    html = "".join(write_html(shown))

    assert SECRET not in html
    assert "ACME-123" not in html
    assert "Set it to (hidden: equals a sensitive value, no. " in html


@pytest.mark.parametrize(
    "declared",
    [
        {"planned_values": {"outputs": {"pin": {"sensitive": True, "value": SECRET}}}},
        {"prior_state": {"values": {"outputs": {"pin": {"sensitive": True, "value": SECRET}}}}},
        {"configuration": {"root_module": {"outputs": {"pin": {"sensitive": True}}}}},
    ],
)
def test_a_plan_without_marks(declared: dict[str, Any]) -> None:
    """Terraform 0.12 to 0.14 marks outputs only: they are hidden, everywhere, and nothing is promised of the rest."""
    output = {"actions": ["create"], "before": None, "after": SECRET, "after_unknown": False}
    shown = report(
        changed({"a": "x"}, {"a": f"x{SECRET}"}),
        terraform_version="0.13.7",
        output_changes={"pin": output, "open": {**output, "after": "shown"}},
        **declared,
    )

    for content in outputs(shown):
        assert SECRET not in content
    for content in outputs(shown)[:2]:
        assert "A plan of Terraform 0.13.7 does not say which attributes are sensitive" in content
        assert "The plan does not say which attributes are sensitive." in content
        assert "never shown" not in content
    assert '+ open = "shown"' in render(shown)


def test_a_plan_that_says_what_is_sensitive() -> None:
    """From 0.15 on plans have marks, and OpenTofu's always had them."""
    for version in ("0.15.0", "1.0.0", "1.6.0"):
        assert "does not say which" not in render(report(terraform_version=version))
