"""The part of a summary JSON that a comment on several workspaces is written from: it goes to a file, and comes back.

Each job of a matrix writes such a file, and a last one merges them. Until then anybody who may write artifacts may
have changed it, so what comes back is text of a stranger: its form is checked, it is bounded, and nothing in it counts
as words of ours, which alone are written as they are.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from tfc_plan_comment.errors import SummaryUnreadable
from tfc_plan_comment.expression import expression
from tfc_plan_comment.findings.gate import Concern
from tfc_plan_comment.plan.attention import Notice
from tfc_plan_comment.report.lines.cell import Cell, Piece, Voice
from tfc_plan_comment.report.lines.line import Line
from tfc_plan_comment.report.model import Phrase, Place, Row
from tfc_plan_comment.report.tasks import DETAILS, is_page
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.workspace_facts import WorkspaceFacts
from tfc_plan_comment.report.workspace_report import WorkspaceReport

VERSION = 2
"""Of the form. A file of another version was written by another version of the action."""
LARGEST = 8_388_608
"""Bytes of this part. What is written stays far below that."""
MOST_ITEMS = 20_000
"""At most so many items stand in one list."""
MOST_BLANKS = 1_000
"""Blanks in front of a line, and within it."""
LONGEST = 200_000
"""Characters of one text."""
SYMBOLS = frozenset("🔴❌🟠🟡🟢🔵🟣⚪✅❔⚫")
TOOLS = frozenset({"Terraform", "OpenTofu"})
SAID = "{said}"
"""The sentence of a notice that says nothing but what it is given."""


class Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One workspace, as a comment on several tells of it."""

    version: Annotated[int, Meta(description="Of this part's form, which is that of the action that wrote it.")]
    facts: WorkspaceFacts
    report: WorkspaceReport


class _Document(msgspec.Struct):
    """A summary JSON, of which nothing else is looked at."""

    comment: msgspec.Raw = msgspec.Raw(b"null")


def keep(facts: WorkspaceFacts, report: WorkspaceReport) -> bytes:
    """The JSON of a `Kept`, in which every notice is told, and its rule is not."""
    return msgspec.json.encode(Kept(version=VERSION, facts=facts, report=_change(report, _tell_notice)))


def read_kept(content: bytes, name: str, *, origin: str) -> Kept:
    """What a file with this name holds, with nothing in it that counts as words of ours. Raises SummaryUnreadable.

    The way to the run is kept only if it leads to that `origin`, the HCP Terraform that the user names.
    """
    try:
        document = msgspec.json.decode(content, type=_Document)
        if bytes(document.comment) == b"null":
            raise _unreadable(name, "it has no part that a comment can be written from")
        if len(bytes(document.comment)) > LARGEST:
            raise _unreadable(name, f"what is in it is larger than {LARGEST:,} bytes")
        version = msgspec.json.decode(document.comment, type=_Version).version
        if version != VERSION:
            raise _unreadable(name, "another version of the action wrote it")
        kept = msgspec.json.decode(document.comment, type=Kept)
        _check(kept, name)
        return _keep_way(replace(kept, report=_change(kept.report, _distrust)), f"{origin}/app/")
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise _unreadable(name, visible(str(error))[:200]) from None


def _keep_way(kept: Kept, start: str) -> Kept:
    run, facts = kept.report.run, kept.facts
    if run and not run.url.startswith(start):
        kept = replace(kept, report=replace(kept.report, run=replace(run, url="")))
    return kept if facts.run_url.startswith(start) else replace(kept, facts=replace(facts, run_url=""))


class _Version(msgspec.Struct):
    version: int


def _unreadable(name: str, why: str) -> SummaryUnreadable:
    what_to_do = "Let each job write summary-json-path with the version of the action that merges them"
    return SummaryUnreadable(f"Cannot read the summary {name}", why, what_to_do)


def _check(value: object, name: str) -> None:
    """Raise SummaryUnreadable for anything that is too long, or is not among the words that there are for it."""
    match value:
        case WorkspaceReport(symbol=symbol, tool=tool) if symbol not in SYMBOLS or tool not in TOOLS:
            raise _unreadable(name, "a symbol or the name of a tool in it is none of ours")
        case Line(indent=indent, width=width) if not (0 <= indent <= MOST_BLANKS and 0 <= width <= MOST_BLANKS):
            raise _unreadable(name, "a line in it is wider than any of ours")
        case Notice(sentence=sentence, short=short, values=values) if (sentence, short) != (SAID, SAID) or [
            key for key, _ in values
        ] != ["said"]:
            raise _unreadable(name, "a notice in it is none of ours")
        case str() if len(value) > LONGEST:
            raise _unreadable(name, "a text in it is longer than any of ours")
        case int() if not 0 <= value <= 10**15:
            raise _unreadable(name, "a number in it is larger than any of ours")
        case Decimal() if not value.is_finite():
            raise _unreadable(name, "a number in it is none")
        case tuple() if len(value) > MOST_ITEMS:
            raise _unreadable(name, "a list in it is longer than any of ours")
        case _:
            pass
    for item in _items(value):
        _check(item, name)


def _items(value: object) -> tuple[object, ...]:
    if isinstance(value, tuple):
        return value
    if isinstance(value, msgspec.Struct):
        return tuple(getattr(value, each) for each in value.__struct_fields__)
    if isinstance(value, Concern):
        return (value.clause, value.dollars)
    return ()


def _change(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with everything in it changed, from the inside out."""
    if isinstance(value, tuple):
        items = [_change(item, change) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if isinstance(value, msgspec.Struct):
        changed = {name: _change(getattr(value, name), change) for name in value.__struct_fields__}
        return change(replace(value, **changed))
    return value


def _tell_notice(value: Any) -> Any:
    match value:
        case Notice():
            said = (("said", value.plain(short=True)),)
            return replace(value, rule="", sentence=SAID, short=SAID, values=said)
        case Place():
            return replace(value, positions=())
        case WorkspaceReport():
            return replace(value, html_report=None, mocks=None)
        case Row():
            return replace(value, heading="", reason=None)
        case _:
            return value


def _distrust(value: Any) -> Any:
    """Words of ours become words of somebody; those that follow each other become one text, and are escaped as one."""
    match value:
        case WorkspaceReport():
            return replace(value, html_report=None, mocks=None)
        case Cell():
            pieces: list[Piece] = []
            for piece in map(_distrust_link, value.pieces):
                if piece.url or piece.bold or piece.voice not in _WORDS:
                    pieces.append(piece)
                elif pieces and pieces[-1].voice is Voice.FOREIGN and not pieces[-1].url:
                    last = pieces.pop()
                    pieces.append(replace(last, text=last.text + piece.text, cut=last.cut + piece.cut))
                else:
                    pieces.append(replace(piece, voice=Voice.FOREIGN))
            # What is bold and ours is escaped as any text; no blanks stand around it.
            return Cell(tuple(replace(each, voice=_BOLD.get(each.voice, each.voice)) for each in pieces))
        case Phrase(words=words, after=after) if not (_PLAIN.fullmatch(words) and _PLAIN.fullmatch(after)):
            return Phrase(str(value))
        case _:
            return value


def _distrust_link(piece: Piece) -> Piece:
    """A link of a run task leads to its page by our word; any other is none of ours."""
    return piece if not piece.url or (piece.text == DETAILS and is_page(piece.url)) else replace(piece, url="")


_WORDS = frozenset({Voice.WORDS, Voice.TEXT, Voice.FOREIGN})
_PLAIN = expression(r"[a-z ,;]{0,80}")
"""Words out of which nothing can grow."""
_BOLD = {Voice.WORDS: Voice.TEXT}
