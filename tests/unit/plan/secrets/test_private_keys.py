"""Private keys are hidden, whoever marked them or not."""

import json
from base64 import b64encode, encodebytes, urlsafe_b64encode
from collections.abc import Callable
from html import escape
from urllib.parse import quote

import pytest

from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.secrets.private_keys import SHORTEST_KEY, find_private_keys

LINES = [f"MIIEcanary{number:02}{'A' * 52}" for number in range(4)]


def pem(kind: str = "RSA PRIVATE KEY", headers: str = "") -> str:
    """A private key in PEM."""
    return "\n".join(
        [f"-----BEGIN {kind}-----", *([headers, ""] if headers else []), *LINES, f"-----END {kind}-----", ""]
    )


def encoded(text: str) -> str:
    """The text in base64."""
    return b64encode(text.encode()).decode()


KINDS = {
    "RSA": pem(),
    "PKCS 8": pem("PRIVATE KEY"),
    "OpenSSH": pem("OPENSSH PRIVATE KEY"),
    "encrypted": pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF"),
    "PGP": pem("PGP PRIVATE KEY BLOCK", "Version: GnuPG v2"),
    "without its end": pem()[:200],
    "PGP without its end": pem("PGP PRIVATE KEY BLOCK", "Version: GnuPG v2")[:200],
    "with CR LF": pem().replace("\n", "\r\n"),
    "indented": pem().replace("\n", "\n    "),
}
WAYS: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "in JSON": lambda key: json.dumps({"key": key}),
    "in JSON in JSON": lambda key: json.dumps(json.dumps([key])),
    "in a URL": quote,
    "in a URL, all of it": lambda key: quote(key, safe=""),
    "in XML": lambda key: escape(key).replace("\n", "&#10;"),
    "in base64": encoded,
    "in base64 for URLs": lambda key: urlsafe_b64encode(key.encode()).decode().rstrip("="),
    "in base64 in lines": lambda key: encodebytes(key.encode()).decode(),
    "in base64 in lines in JSON": lambda key: json.dumps(encodebytes(key.encode()).decode()),
    "in base64 behind a path": lambda key: f"/{encoded(key)}",
    "in base64 in base64": lambda key: encoded(encoded(key)),
    "in a script": lambda key: f"cat > key <<EOF\n{key}\nEOF\n",
    "in a manifest": lambda key: f"kind: Secret\ndata:\n  tls.key: {encoded(key)}\n",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_line_of_it_is_shown(kind: str, way: str) -> None:
    """Of whatever kind it is, and however it is written; what it is written in base64 of another length, too."""
    written = WAYS[way](KINDS[kind])
    shown = Mask().text(written)

    assert "canary" not in shown
    assert not [number for number in range(40, len(written) - 40, 30) if written[number : number + 30] in shown]


@pytest.mark.parametrize(
    "text",
    [
        'if grep -q "PRIVATE KEY" key.pem; then\n  echo it is one\nfi\n',
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n-----END CERTIFICATE-----\n",
    ],
)
def test_what_is_none(text: str) -> None:
    """A certificate, a public key and a text about keys are shown."""
    assert Mask().text(text) == text


def test_what_is_around_it() -> None:
    """A text that holds a key stays, but for the key; of a mention of one, only that line is hidden."""
    mask = Mask()

    assert mask.text(f"before\n{pem()}after\n") == "before\n(hidden: looks like a secret, no. 1)after\n"
    mention = 'grep -q -- "-----BEGIN RSA PRIVATE KEY-----" f\necho hello\n'
    assert mask.text(mention) == 'grep -q -- "(hidden: looks like a secret, no. 2)" f\necho hello\n'


@pytest.mark.cost
def test_the_cost_of_beginnings_without_an_end() -> None:
    """Each is looked at once, however many there are: twenty thousand take no minutes."""
    assert len(find_private_keys("BEGIN PRIVATE KEY----a: " * 20_000)) == 20_000


def test_the_shortest_key() -> None:
    """Nothing shorter is searched for a key than the shortest text in which one is found."""
    begin = "BEGINPRIVATE KEY----"
    assert find_private_keys(begin) == [(0, SHORTEST_KEY)]
    assert not find_private_keys(begin[1:])
    assert not find_private_keys(begin[:-1])
    assert Mask().text(begin) == "(hidden: looks like a secret, no. 1)"
