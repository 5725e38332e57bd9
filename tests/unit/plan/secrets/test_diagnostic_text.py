"""Secrets in texts that nobody marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.secrets.diagnostic_text import HIDDEN, hide_by_looks


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('password = "hunter2xyz"', f'password = "{HIDDEN}"'),
        ('password = "correct horse battery" x', f'password = "{HIDDEN}" x'),
        (r"{\"password\":\"correct horse\",\"a\":1}", rf"{{\"password\":\"{HIDDEN}\",\"a\":1}}"),
        ("Password=Sup3rSecret!;", f"Password={HIDDEN};"),
        ("https://bob:pass@host/x?token=abc failed", f"https://{HIDDEN}@host/x?{HIDDEN} failed"),
        (
            'Get "https://archivist.example/v1/object/abc": 403',
            f'Get "https://archivist.example/v1/object/{HIDDEN}": 403',
        ),
        ("Authorization: Bearer abcdefgh12345678", f"Authorization: Bearer {HIDDEN}"),
        ("token ABCDEFGHIJKLMN.atlasv1.abcdef bad", f"token {HIDDEN} bad"),
        ("a ghp_16C7e42F292c6912E7710c838347Ae178B4a.", f"a {HIDDEN}."),
        ("x -----BEGIN PRIVATE KEY-----\nAAAABBBBCCCCDDDDEEEEFFFF\n-----END PRIVATE KEY----- y", f"x {HIDDEN} y"),
    ],
)
def test_is_hidden(text: str, shown: str) -> None:
    """By its looks, by the name in front of it, or by where it leads to."""
    assert hide_by_looks(text) == shown


def test_what_would_take_long() -> None:
    """A word of thousands of letters is hidden unseen."""
    assert hide_by_looks(f"a {'b' * 1_001} c {'d' * 1_000}") == f"a {HIDDEN} c {'d' * 1_000}"


@pytest.mark.parametrize(
    "text",
    [
        "reading SSM Parameter (/no/such/parameter): couldn't find resource",
        "expected retention_in_days to be one of [0 1 3 5 7 14 30 60 90], got 31",
        "password = var.db_password",
        'secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x"',
        "https response error StatusCode: 403, RequestID: 0fe8a7cf-55b1-4c79-9d3c-1a2b3c4d5e6f, api error Denied",
        'module.service["svc-00"].aws_instance.x: bad sg-0abc1234def567890',
        "hashicorp/aws 5.31.0 does not match configured version constraint >= 5.40.0",
        'The given key does not identify an element in this collection value: "a" is no key.',
    ],
)
def test_is_shown(text: str) -> None:
    """What errors are made of: names, ids, paths, versions, references."""
    assert hide_by_looks(text) == text


@given(st.text())
def test_twice_is_once(text: str) -> None:
    """What was hidden stays as it is."""
    once = hide_by_looks(text)
    assert hide_by_looks(once) == once
