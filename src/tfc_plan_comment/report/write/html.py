"""A plan's summary -> the full report: one HTML file that needs no network, and in which nothing is cut.

The headline, the verdict and the cautions are HTML; the changes are JSON in the same file, which a script of ours turns
into rows when they come into view. The Content-Security-Policy lets nothing run but that script, by its hash, and
nothing be loaded at all.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from sys import maxsize
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.plan.values import write_json
from tfc_plan_comment.report.addresses import mask_address
from tfc_plan_comment.report.groups.search import find_invocations
from tfc_plan_comment.report.hidden import count_in_plan
from tfc_plan_comment.report.lines.cell import Cell
from tfc_plan_comment.report.lines.line import UNCUT, Line
from tfc_plan_comment.report.model import Report, join_phrases
from tfc_plan_comment.report.room import OPEN_LINES, Chosen
from tfc_plan_comment.report.rows import tell_change
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.write.comment import view_report
from tfc_plan_comment.report.write.markdown import link
from tfc_plan_comment.report.write.pieces import write_lines


def write_html(report: Report) -> Iterator[str]:
    """The report piece by piece, each as soon as it is made, so that only one change's diff is in memory."""
    css, script = _asset("report.css"), _asset("report.js")
    view = view_report(report, Chosen(), UNCUT, maxsize, hidden_beside=count_in_plan(report.summary))
    context = {
        "view": view,
        "css": css,
        "script": script,
        "policy": (
            f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(script)}'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        ),
        "sections": [
            {"address": f"section-{number}", "title": section.title, "diff": section.diff, "open": section.open}
            for number, section in enumerate(view.sections, 1)
        ],
        "changes": _list_changes(report.summary),
    }
    yield from _environment().get_template("report.html.j2").generate(context)


def fragment(address: str) -> str:
    """The end of the URL that opens one change in the report, from the `#` on; `address` as the report shows it."""
    return f"#{quote(address, safe='')}"


def _list_changes(summary: PlanSummary) -> Iterator[dict[str, object]]:
    """The part of each change that the script shows; the first few stand open."""
    invocations = find_invocations(summary)
    lines = 0
    for change in summary.changes:
        resource = change.resource
        row = tell_change(change.afresh(), limits=UNCUT, invocations=invocations.get(resource.address, ()))
        lines += len(row.lines) if row.is_open else 0
        what, about = _take_turns(row.cell), join_phrases(row.about)
        yield {
            "address": visible(row.address),
            "symbol": row.symbol,
            "label": row.label,
            "type": resource.type,
            "module": mask_address(resource.module_address or "", change.mask),
            "data": row.holds_data,
            "what": what,
            "about": "" if "".join(what) == about else about,
            "heading": row.heading,
            "reason": row.reason,
            "diff": write_lines((*row.lines, *map(_as_line, row.remarks))),
            "open": row.is_open and lines <= OPEN_LINES,
        }


def _as_line(remark: Cell) -> Line:
    return Line(f"# {visible(''.join(piece.text for piece in remark.pieces))}")


def _take_turns(cell: Cell) -> list[str]:
    """The texts in a cell, which are plain and bold by turns."""
    turns = [""]
    for is_bold, pieces in groupby(cell.pieces, lambda piece: piece.bold):
        if is_bold or len(turns) > 1:
            turns.append("")
        turns[-1] = "".join(piece.text for piece in pieces)
    return turns


def _asset(name: str) -> Markup:
    """A file of ours that goes into the report as it is."""
    return Markup(files("tfc_plan_comment.report.write").joinpath("templates", name).read_text(encoding="utf-8"))  # noqa: S704 - ours


def _hash(content: str) -> str:
    """The name in a Content-Security-Policy of the content of a style or script (W3C CSP Level 3, section 2.3.1)."""
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tfc_plan_comment.report.write"),
        autoescape=True,
        finalize=_visible,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"data": _data, "link": _link}
    return environment


def _visible(value: object) -> object:
    """The value for Jinja's escaping: what is no Markup has its invisible characters shown."""
    return value if isinstance(value, Markup | jinja2.Undefined) else visible(str(value))


def _link(label: str, url: str) -> Markup:
    return Markup(link(label, url))  # noqa: S704 - what `link` makes is HTML, too


def _data(value: object) -> Markup:
    """JSON that no parser of HTML can take for anything else: neither `</script>` nor `<!--` is left in it."""
    json = write_json(_shown(value))
    # Three times `replace` takes a thirtieth of the time of one `translate`.
    return Markup(json.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026"))  # noqa: S704 - no markup is left


def _shown(value: object) -> object:
    """The value with the invisible characters of every text in it shown."""
    match value:
        case str():
            return visible(value, keep_lines=True)
        case Mapping():
            return {key: _shown(item) for key, item in value.items()}
        case list():
            return [_shown(item) for item in value]
        case _:
            return value
