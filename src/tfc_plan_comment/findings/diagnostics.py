"""The errors and warnings of a plan that failed, as Terraform's log has them: what, where, and in a sentence.

A log is text of anybody: each line is a JSON object of Terraform's "machine-readable UI", or plain text as Terraform
writes it for people, and one log may hold both. Only diagnostics are taken out of it: other lines may hold outputs,
and even the whole state (hashicorp/terraform, internal/command/views/json). What they say is not masked yet.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from tfc_plan_comment.expression import expression
from tfc_plan_comment.unprinted import Unprinted

MOST_KEPT = 10
"""At most this many errors, and warnings, are kept: a log may have thousands, and nobody reads more than a few."""


class Diagnostic(Unprinted, frozen=True, kw_only=True):
    """One error or warning: its `summary` and, if there is more to say, its `detail`.

    `address` is the resource's, `context` the block's as Terraform names it (`resource "aws_vpc" "main"`), `code` the
    first line of the configuration that it is about. What is not known is empty, or None.
    """

    summary: str
    detail: str = ""
    address: str = ""
    context: str = ""
    filename: str = ""
    line: int | None = None
    column: int | None = None
    """Only a structured log has it."""
    code: str = ""

    @property
    def is_condition(self) -> bool:
        """True if a precondition or postcondition failed: then only the detail, its author's words, says anything."""
        return bool(_CONDITION.fullmatch(self.summary) and self.detail)

    @property
    def subject(self) -> str:
        """The address of what it is about, or the block in Terraform's words, or nothing.

        A block in a file of the root module has its address, without the key of an instance.
        """
        named = _BLOCK.fullmatch(self.context)
        if self.address or not named or "/" in self.filename:
            return self.address or self.context
        return f"{'' if named[1] == 'resource' else named[1] + '.'}{named[2]}.{named[3]}"


class Diagnostics(msgspec.Struct, frozen=True, kw_only=True):
    """The first errors in the order of the log, each once, and how many more there are; so of warnings."""

    errors: tuple[Diagnostic, ...] = ()
    more: int = 0
    warnings: tuple[Diagnostic, ...] = ()
    more_warnings: int = 0
    has_details: bool = True
    """False if what they say in detail was left out."""

    def without(self, count: int) -> int:
        """The number of errors that are not among the first `count`."""
        return max(0, len(self.errors) - count) + self.more


def once(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics in their order, each once: a plain log does not say the column, so it tells none apart."""
    first: dict[Diagnostic, Diagnostic] = {}
    for each in diagnostics:
        first.setdefault(msgspec.structs.replace(each, column=None), each)
    return tuple(first.values())


def read_diagnostics(log: str) -> Diagnostics:
    """The errors that a log tells of, whatever else is in it, and the warnings, which are no reason to fail."""
    found: list[_Found] = []
    plain: list[str] = []
    # STX and ETX frame a log (go-tfe, logreader.go).
    for line in log.replace("\x02", "").replace("\x03", "").splitlines():
        if not line.lstrip().startswith("{"):
            plain.append(line)
            continue
        found += _read_plain(plain)
        plain = []
        if '"diagnostic"' in line and (each := _read_json(line)):
            found.append(each)
    found += _read_plain(plain)
    errors, warnings = (once(each for severity, each in found if severity == wanted) for wanted in ("error", "warning"))
    return Diagnostics(
        errors=errors[:MOST_KEPT],
        more=max(0, len(errors) - MOST_KEPT),
        warnings=warnings[:MOST_KEPT],
        more_warnings=max(0, len(warnings) - MOST_KEPT),
    )


_Severity = Literal["error", "warning"]
_Found = tuple[_Severity, Diagnostic]
_CONDITION = expression(r"(?:Resource|Module output value|Output value)? ?(?:pre|post)condition failed", re.IGNORECASE)
_BLOCK = expression(r'(resource|data|ephemeral) "([^"]+)" "([^"]+)"')


def _read_json(line: str) -> _Found | None:
    """The diagnostic of a JSON line; None where the line is none of Terraform's. All but a warning is an error."""
    try:
        document = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    said = _object(_object(document).get("diagnostic"))
    if not (summary := _text(said.get("summary"))):
        return None
    where, snippet = _object(said.get("range")), _object(said.get("snippet"))
    start = _object(where.get("start"))
    diagnostic = Diagnostic(
        summary=summary,
        detail=_text(said.get("detail")),
        address=_text(said.get("address")),
        context=_text(snippet.get("context")),
        filename=_text(where.get("filename")),
        line=_number(start.get("line")),
        column=_number(start.get("column")),
        code=next(iter(_text(snippet.get("code")).splitlines()), "").strip(),
    )
    return ("warning" if _text(said.get("severity")) == "warning" else "error"), diagnostic


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


_ANSI = expression(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_HEAD = expression(r"(Error|Warning): (.*)")
_END = expression(r"[╷╵]|Operation failed: ")
"""The frame around a diagnostic, and what HCP Terraform writes below the last one of a plain log."""
_WITH = expression(r"\s+with (.+),")
_ON = expression(r"\s+on (.+) line ([0-9]{1,9})(?:, in ([^:]+))?:.*")
_CODE = expression(r"\s*[0-9]+: ?(.*)")
MOST_LINES = 60
"""At most this many lines are taken for one diagnostic: where nothing frames it, nothing says where it ends."""


def _read_plain(lines: Iterable[str]) -> Iterator[_Found]:
    """The diagnostics in lines for people: hashicorp/terraform, internal/command/format/diagnostic.go."""
    block: list[str] | None = None
    severity: _Severity = "error"
    for raw in (*lines, "╵"):
        line = _ANSI.sub("", raw).rstrip()
        line = re.sub(r"^│ ?", "", line)
        head = _HEAD.match(line)
        if block is not None and (head or _END.match(line)):
            yield severity, _read_block(block)
            block = None
        if head:
            block, severity = [head[2]], "error" if head[1] == "Error" else "warning"
        elif block is not None and len(block) < MOST_LINES:
            block.append(line)


def _read_block(lines: list[str]) -> Diagnostic:
    """The diagnostic in its lines: the summary, where it is, and the sentence, each a paragraph."""
    summary, *rest = _paragraphs(lines)
    address = context = filename = code = ""
    number: int | None = None
    detail: list[str] = []
    for paragraph in rest:
        if not (_WITH.fullmatch(paragraph[0]) or _ON.fullmatch(paragraph[0])):
            detail.append(_unwrap(paragraph))
            continue
        for line in paragraph:
            if named := _WITH.fullmatch(line):
                address = named[1]
            elif at := _ON.fullmatch(line):
                filename, number, context = at[1], int(at[2]), at[3] or ""
            elif not code and (shown := _CODE.fullmatch(line)):
                code = shown[1].strip()
    return Diagnostic(
        summary=_unwrap(summary),
        detail="\n".join(detail),
        address=address,
        context=context,
        filename=filename,
        line=number,
        code=code,
    )


def _paragraphs(lines: list[str]) -> list[list[str]]:
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return [paragraph for paragraph in paragraphs if paragraph] or [[""]]


def _unwrap(lines: list[str]) -> str:
    """Terraform wraps what is no code at the width of a terminal; lines that begin with a blank it leaves alone."""
    text = ""
    for line in lines:
        text += f"\n{line}" if line.startswith(" ") and text else f" {line}" if text else line
    return text.strip()
