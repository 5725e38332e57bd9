"""What strings hold that is not for reading as it stands, and what of it may be shown."""

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.diff import Differ
from tfc_plan_comment.plan.difference import Added, Changed, ChangedText, Part
from tfc_plan_comment.plan.encoded_text import decode_base64, name_pem
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.plan.values import Base64Text, Described

SCRIPT = "#!/bin/sh\necho one\nexit 0\n"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIA\n-----END CERTIFICATE-----\n"
PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nbody of the key\n-----END RSA PRIVATE KEY-----\n"


def base64(text: str) -> str:
    """The text in base64."""
    return b64encode(text.encode()).decode()


def part_of(before: Any, after: Any, **change: Any) -> Part:
    """How the attribute `value` differs in an update, or in a creation where it was None."""
    sides = {"before": None if before is None else {"value": before}, "after": {"value": after}}
    resource = {
        "address": "a.b",
        "change": {"actions": ["update" if before is not None else "create"], **sides, **change},
    }
    plan = parse_plan(json.dumps({"format_version": "1.2", "resource_changes": [resource]}).encode(), name="x")
    (planned,) = summarize(plan).changes
    (part,) = planned.diff.parts
    return part


@given(st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=24))
def test_base64_gives_its_text_back(text: str) -> None:
    """What is long enough and encoded from a text is decoded to that text."""
    assert text == decode_base64(base64(text))


@pytest.mark.parametrize(
    "text",
    [
        "short",
        "c2hvcnQ=",
        "not base64, for it has blanks and commas",
        "abcdefghijklmnopqrstuvwxyz",
        "0123456789abcdef0123456789abcdef",
        b64encode(bytes(range(256))).decode(),
        base64("a control character \x1b, which is no text"),
    ],
)
def test_what_is_no_text_in_base64_stays_as_it_is(text: str) -> None:
    """Words, digests and bytes are not taken for texts in base64."""
    assert decode_base64(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (CERTIFICATE, "certificate"),
        (CERTIFICATE * 3, "certificate"),
        (f"  {CERTIFICATE.strip()}", "certificate"),
        ("-----BEGIN PUBLIC KEY-----\nMIIA\n-----END PUBLIC KEY-----", "public key"),
        (f"before\n{CERTIFICATE}", None),
        ("-----BEGIN CERTIFICATE-----\nMIIA\n", None),
        ("text", None),
    ],
)
def test_pem_is_told_by_what_it_is(text: str, kind: str | None) -> None:
    """One or several whole PEM blocks are what their heading says."""
    assert kind == name_pem(text)


def test_a_new_text_in_base64_is_shown_decoded() -> None:
    """The reviewer reads the script, not its encoding."""
    assert part_of(None, base64(SCRIPT)).difference == Added(Base64Text(SCRIPT))


def test_a_changed_script_in_base64_is_compared_line_by_line() -> None:
    """One changed line is one changed line, encoded or not."""
    difference = part_of(base64(SCRIPT), base64(SCRIPT.replace("one", "two"))).difference

    assert isinstance(difference, ChangedText)
    assert difference.what == "text in base64"
    assert (difference.diff.changed, difference.diff.total) == (1, 3)


def test_a_changed_line_in_base64_is_shown_decoded() -> None:
    """A single line needs no line numbers."""
    before, after = "a line of text, long enough", "a line of text, and changed"

    assert part_of(base64(before), base64(after)).difference == Changed(Base64Text(before), Base64Text(after))


def test_a_text_that_becomes_base64_shows_both() -> None:
    """What was plain stays plain, what is encoded is decoded."""
    difference = part_of("plain", base64(SCRIPT)).difference

    assert difference == Changed("plain", Base64Text(SCRIPT))


def test_a_certificate_is_described_and_never_shown() -> None:
    """Another certificate is said to be another one, by what it is and how long."""
    other = CERTIFICATE.replace("MIIA", "MIIB")
    words = f"certificate, {len(CERTIFICATE)} characters"

    assert part_of(None, CERTIFICATE).difference == Added(Described(words, CERTIFICATE))
    assert part_of(CERTIFICATE, other).difference == Changed(
        Described(words, CERTIFICATE), Described(words, other), "another one"
    )


@pytest.mark.parametrize(
    "around", ["{}", "#!/bin/sh\ncat <<E\n{}E\n", '{{"key": {}}}'], ids=["alone", "script", "json"]
)
def test_a_private_key_is_masked_though_nothing_marks_it(around: str) -> None:
    """A private key is a secret wherever it stands; that another one comes still shows."""
    key = json.dumps(PRIVATE_KEY) if "{{" in around else PRIVATE_KEY
    difference = part_of(around.format(key), around.format(key.replace("body", "limb"))).difference

    assert "of the key" not in repr(difference)
    assert not isinstance(difference, Changed) or difference.before != difference.after


def test_a_secret_in_base64_is_masked() -> None:
    """A marked value that stands encoded in another attribute is masked there; what is around it can be read."""
    text = "the password is hunter22 and nothing else"
    change = {"before_sensitive": {"password": True}, "after_sensitive": {"password": True}}
    resource = {
        "address": "a.b",
        "change": {
            "actions": ["create"],
            "before": None,
            "after": {"password": "hunter22", "copy": base64(text)},
            **change,
        },
    }
    plan = parse_plan(json.dumps({"format_version": "1.2", "resource_changes": [resource]}).encode(), name="x")
    (planned,) = summarize(plan).changes

    copy = next(part for part in planned.diff.parts if part.step == "copy")
    assert isinstance(copy.difference, Added)
    word = "(hidden: equals a sensitive value, no. 1)"
    assert copy.difference.after == Base64Text(f"the password is {word} and nothing else")


@pytest.mark.parametrize("document", ['{{"d": "{}"}}', '[{{"a": ["x", "{}"]}}]'])
def test_a_secret_in_base64_in_a_document_is_masked(document: str) -> None:
    """Of a text that is encoded in a JSON document, nothing but the secret is hidden."""
    mask = Mask(["hunter2-secret"])
    one, other = (mask.text(document.format(base64(f"{SCRIPT}hunter2-secret {end}"))) for end in ("one", "other"))
    for before, after in ((one, other), (f"[{one}]", f"[{other}]")):
        part = Differ(mask).part("a", before, after)
        assert part is not None
        assert "hunter2" not in repr(part)
        assert SCRIPT.splitlines()[-1] in repr(part)
