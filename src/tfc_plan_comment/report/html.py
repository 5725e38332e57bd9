"""A plan's summary -> the full report: one HTML file that needs no network, and in which nothing is cut.

The headline, the verdict and the cautions are HTML; the changes are JSON in the same file, which a script of ours turns
into rows when they come into view. The Content-Security-Policy lets nothing run but that script, by its hash, and
nothing be loaded at all.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html import unescape
from importlib.resources import files
from sys import maxsize
from urllib.parse import quote

import jinja2
from markupsafe import Markup
from msgspec import structs

from tfc_plan_comment.plan.actions import Loss, display_address
from tfc_plan_comment.plan.summary import PlannedChange, PlanSummary
from tfc_plan_comment.plan.values import write_json
from tfc_plan_comment.report.changes import caution_view, change_view, masked_address
from tfc_plan_comment.report.fit import OPEN_LINES, Fitted, invocations_by_address
from tfc_plan_comment.report.hcl import UNCUT
from tfc_plan_comment.report.markdown import link, visible
from tfc_plan_comment.report.render import Report, report_view


def html(report: Report) -> Iterator[str]:
    """The report piece by piece, each as soon as it is made, so that only one change's diff is in memory."""
    css, script = _asset("report.css"), _asset("report.js")
    nothing = Fitted(changes=(), more=(), without_diff=0, by_address=0, counted=0, shortened=False)
    view = report_view(report, nothing, UNCUT, maxsize)
    context = {
        "view": view,
        "css": css,
        "script": script,
        "policy": (
            f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(script)}'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        ),
        "cautions": _cautions(report.summary, len(view.cautions)),
        "sections": [
            {"address": f"section-{number}", "title": section.title, "diff": section.diff, "open": section.open}
            for number, section in enumerate(view.sections, 1)
        ],
        "changes": _changes(report.summary),
    }
    yield from _environment().get_template("report.html.j2").generate(context)


def fragment(address: str) -> str:
    """The end of the URL that opens one change in the report, from the `#` on; `address` as the report shows it."""
    return f"#{quote(address, safe='')}"


def _cautions(summary: PlanSummary, count: int) -> list[dict[str, object]]:
    """The first objects that are destroyed or replaced, each with a link to it."""
    dangerous = [change for change in summary.changes if change.action.facts.loss is Loss.DESTROYED]
    return [
        {
            "what": caution.what,
            "address": caution.address,
            "fragment": fragment(_address(change)),
            "holds_data": caution.holds_data,
            "because": caution.because,
        }
        for change in dangerous[:count]
        for caution in [caution_view(change)]
    ]


def _changes(summary: PlanSummary) -> Iterator[dict[str, object]]:
    """What the script shows of each change; the first few stand open."""
    invocations = invocations_by_address(summary)
    lines = 0
    for change in summary.changes:
        resource = change.resource
        # The copy takes its diff along when it goes; the summary's own changes keep theirs.
        view = change_view(structs.replace(change), limits=UNCUT, invocations=invocations.get(resource.address, ()))
        diff = view.diff or ""
        lines += diff.count("\n") + 1 if view.open else 0
        what = _plain(view.what_changes)
        yield {
            "address": _address(change),
            "symbol": view.symbol,
            "label": view.label,
            "type": resource.type,
            "module": masked_address(resource.module_address or "", change.mask),
            "data": view.holds_data,
            "what": what,
            "about": "" if "".join(what) == view.about else view.about,
            "heading": view.heading,
            "reason": view.reason,
            "diff": diff,
            "open": view.open and lines <= OPEN_LINES,
        }


def _address(change: PlannedChange) -> str:
    """The whole address, as it is shown and as links name it."""
    return visible(masked_address(display_address(change.resource), change.mask))


_TAG = re.compile(r"<[^>]*>")


def _plain(cell: Markup) -> list[str]:
    """The texts in a cell of the comment's table, which are in bold and not by turns; values have no `**` left."""
    return [unescape(_TAG.sub("", text)) for text in cell.split("**")]


def _asset(name: str) -> Markup:
    """A file of ours that goes into the report as it is."""
    return Markup(files("tfc_plan_comment.report").joinpath("templates", name).read_text(encoding="utf-8"))  # noqa: S704 - ours


def _hash(content: str) -> str:
    """How a Content-Security-Policy names the content of a style or script (W3C CSP Level 3, section 2.3.1)."""
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tfc_plan_comment.report"),
        autoescape=True,
        finalize=_visible,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"data": _data, "link": _link}
    return environment


def _visible(value: object) -> object:
    """What is no Markup goes on to Jinja's escaping with its invisible characters shown."""
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
