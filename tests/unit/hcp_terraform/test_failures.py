"""Somebody else's words in our sentences."""

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.hcp_terraform import failures


@given(st.text())
def test_one_line(text: str) -> None:
    """Whatever a server says becomes one line of at most 200 printable characters."""
    line = failures.one_line(text)

    assert line.isprintable()
    assert len(line) <= 200
    assert line == line.strip()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Name has already been taken.", "Name has already been taken"),
        ("a\r\n::error::b\x1b[31m\u202ec", "a ::error::b [31m c"),
        ("x" * 201, "x" * 199 + "…"),
        ("x" * 200, "x" * 200),
        ("", ""),
    ],
    ids=["full stop", "controls", "too long", "just right", "nothing"],
)
def test_one_line_examples(text: str, line: str) -> None:
    """Line breaks, escape sequences and direction marks become spaces; the full stop is the sentence's own."""
    assert line == failures.one_line(text)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"errors":[{"status":"404","title":"not found"}]}', " (not found)"),
        (b'{"errors":[{"status":429,"title":"Too many","detail":"Wait."}]}', " (Too many: Wait)"),
        (b'{"errors":[{"status":"422","detail":null,"source":{"pointer":"/data"}}]}', ""),
        (b'{"errors":["one","two"]}', " (one; two)"),
        (b'{"errors":[{"title":["no","text"]}]}', ""),
        (b'{"errors":{}}', ""),
        (b"Bad Gateway", ""),
        (b'{"errors":["\xff"]}', ""),
        (b"", ""),
    ],
)
def test_answered(body: bytes, said: str) -> None:
    """Both forms of error documents are quoted, and nothing else is."""
    response = requests.Response()
    response.url, response.status_code, response._content = "https://tfe.example.com:8443/api/v2/x?y", 404, body
    response.request = requests.Request("GET", response.url).prepare()

    assert f"tfe.example.com:8443 answered 404{said}" == failures.answered(response)


def test_host_of() -> None:
    """Only the host and port of a URL are shown: not the path, nor the query, nor a password."""
    assert failures.host_of("https://user:password@tfe.example.com:8443/secret?secret#secret") == "tfe.example.com:8443"
