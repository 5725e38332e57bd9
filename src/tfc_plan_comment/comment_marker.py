"""The marker by which we know our comment again, its hidden first line.

There is one marker for each key, and one key for each workspace.
"""

import hashlib

from tfc_plan_comment.expression import expression

_SAFE = expression(r"[A-Za-z0-9._/-]{1,100}")
_UNSAFE_CHARACTERS = expression(r"[^A-Za-z0-9._/-]+")
_END_OF_MARKER = expression(r"( v[1-9][0-9]{0,3})? -->")

OWN_HOST = "app.terraform.io"


def key_of_workspace(hostname: str, organization: str, workspace: str) -> str:
    """The key of a workspace: `acme/prod`, and on another host than HCP Terraform's own `tfe.example.com/acme/prod`.

    Two hosts may have the same names, as where one moves from one to the other. A loopback server, which is given as
    `http://127.0.0.1:PORT`, is whatever it stands in for: its port says nothing.
    """
    host = hostname.lower().removesuffix(":443")
    of_host = "" if host == OWN_HOST or host.startswith("http://") else f"{host}/"
    return f"{of_host}{organization}/{workspace}"


def marker(key: str) -> str:
    """`<!-- tfc-plan-comment:KEY -->`, to stand alone on the first line of the comment.

    It stands alone because Markdown after `-->` on the same line stays unrendered (CommonMark 0.31, HTML blocks).
    A key that is long or has other characters becomes a readable part, `~` and a hash:
    no key can end the HTML comment, and no two keys share a marker, because no plain key has a `~`.
    This is version 1. A later version stands behind the key, as ` v2`, where no key can bring one: none has a blank.
    """
    if not _SAFE.fullmatch(key):
        digest = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:16]
        key = f"{_UNSAFE_CHARACTERS.sub('_', key)[:60]}~{digest}"
    return f"<!-- tfc-plan-comment:{key} -->"


def has_marker(body: str, key: str) -> bool:
    """True if the first line of a comment is this key's marker, whole; GitHub may have turned its end into CR LF.

    A marker of a later version is ours as well: two branches may use two versions of the action.
    """
    line = body.split("\n", 1)[0].removesuffix("\r")
    start = marker(key).removesuffix(" -->")
    return line.startswith(start) and _END_OF_MARKER.fullmatch(line, len(start)) is not None
