"""Private keys in texts: PEM and PGP blocks are secrets, whoever marked them or not."""

from tfc_plan_comment.expression import expression

Span = tuple[int, int]

SHORTEST_KEY = len("BEGINPRIVATE KEY----")
"""Characters of the shortest text in which a private key is found."""

_BEGIN = expression(r"-{0,5} ?BEGIN[ A-Z0-9_.-]{0,40}?PRIVATE[ _]KEY(?: BLOCK)? ?-{4,5}")
_END = expression(r"-{0,5} ?END[ A-Z0-9_.-]{0,40}?PRIVATE[ _]KEY(?: BLOCK)? ?-{4,5}(?:\r?\n)?")
_BEGIN_ANY = expression(r"-----? ?BEGIN|BEGIN[ A-Z0-9_.-]{0,40}?PRIVATE[ _]KEY")
_BETWEEN = r"""(?:\s|\\+[nr]?|["',+|>#])*"""
_BODY = expression(
    rf"(?:{_BETWEEN}[A-Za-z][A-Za-z-]{{2,20}}:[ ][^\n\\]{{0,120}}(?=\\|\n|$))*"  # RFC 1421, 4.6: Proc-Type, DEK-Info
    rf"(?:{_BETWEEN}[A-Za-z0-9+/=_-]{{16,}})+(?:{_BETWEEN}[A-Za-z0-9+/=]+)?"
)
"""The lines of a key of which the end is missing: base64 in lines, after headers such as `Proc-Type`."""


def find_private_keys(text: str) -> list[Span]:
    """The places of private keys; one whose end is missing goes as far as its lines go."""
    spans: list[Span] = []
    if "PRIVATE" not in text:
        return spans
    begin = _BEGIN.search(text)
    while begin:
        end = _end(text, begin.end())
        spans.append((begin.start(), end))
        begin = _BEGIN.search(text, end)
    return spans


def _end(text: str, start: int) -> int:
    """The end of the key that begins before `start`; it lies before the next one begins, so each is searched once."""
    other = _BEGIN_ANY.search(text, start)
    end = _END.search(text, start, other.start() if other else len(text))
    body = None if end else _BODY.match(text, start)
    return end.end() if end else body.end() if body else start
