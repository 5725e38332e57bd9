"""What a policy check says of its single policies, as far as it is understood."""

import json

import msgspec
import pytest

from tfc_plan_comment.findings.policies import Level, Policy
from tfc_plan_comment.hcp_terraform.sentinel_result import policies_of, said


def raw(value: object) -> msgspec.Raw:
    """The value as it stands in an answer."""
    return msgspec.Raw(json.dumps(value).encode())


def test_each_policy_with_what_it_says() -> None:
    """Each that did not pass: the set's name is taken off its own; what is not said is empty; only `true` is a pass."""
    policies = [
        {
            "allowed-failure": True,
            "error": None,
            "policy": "network/open-ports",
            "result": False,
            "trace": {"description": "No open ports.", "print": "22 is open\n", "rules": {"main": {}}},
        },
        {"policy": "elsewhere/x", "result": None, "error": {"message": "undefined"}, "trace": None},
        {"policy": "fine", "result": True},
    ]
    data = {"network": {"can-override": False, "policies": policies}}
    found = policies_of(raw({"schema-version": 1, "data": data}), Level.HARD_MANDATORY)
    assert list(found) == [
        Policy(
            name="open-ports",
            policy_set="network",
            status="failed",
            enforcement_level="advisory",
            description="No open ports.",
            output="22 is open\n",
        ),
        Policy(
            name="elsewhere/x",
            policy_set="network",
            status="errored",
            enforcement_level="hard-mandatory",
            output='{"message":"undefined"}',
        ),
    ]


DEEP = msgspec.Raw(b"[" * 20_000 + b"]" * 20_000)
NO_UTF8 = msgspec.Raw(b'{"data":{"\xff":{}}}')


@pytest.mark.parametrize(
    "sentinel", [raw(None), raw([]), raw({"data": {"a": {"policies": [1]}}}), raw({}), DEEP, NO_UTF8]
)
def test_another_form(sentinel: msgspec.Raw) -> None:
    """Then no policy is named, and that is no error."""
    assert list(policies_of(sentinel, Level.MANDATORY)) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (raw(None), ""),
        (raw("a\nb"), "a\nb"),
        (raw([]), ""),
        (raw(["a", None, {"b": [1]}, 2]), 'a\n{"b":[1]}\n2'),
        (raw({"a": "ä"}), '{"a":"ä"}'),
        (DEEP, "(too deep to be shown)"),
        (msgspec.Raw(b"1e999"), "(cannot be shown)"),
        (msgspec.Raw(b'"\xff"'), "(cannot be shown)"),
        (msgspec.Raw(b'["\\ud800"]'), "(cannot be shown)"),
        (msgspec.Raw(b"[12345678901234567890123]"), "12345678901234567890123"),
    ],
)
def test_what_a_policy_says_may_be_any_json(value: msgspec.Raw, text: str) -> None:
    """Texts as they are, all else as JSON, the items of a list one below the other."""
    assert said(value) == text
