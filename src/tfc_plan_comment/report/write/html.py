"""A plan's summary -> the full report: one HTML file that needs no network, and in which nothing is cut.

The headline, the verdict and the cautions are HTML; the changes are JSON in the same file, which a script of ours turns
into rows when they come into view. The Content-Security-Policy lets nothing run but that script, by its hash, and
nothing be loaded at all.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from sys import maxsize

import jinja2
import msgspec
from markupsafe import Markup

from tfc_plan_comment.plan.values import write_json
from tfc_plan_comment.report.hidden import count_in_plan
from tfc_plan_comment.report.lines.line import UNCUT
from tfc_plan_comment.report.model import Report, Section
from tfc_plan_comment.report.room import Chosen
from tfc_plan_comment.report.run_checks import list_check_sections
from tfc_plan_comment.report.sections import list_sections
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.write.comment_view import view_report
from tfc_plan_comment.report.write.html_changes import list_changes, take_turns
from tfc_plan_comment.report.write.markdown import link
from tfc_plan_comment.report.write.pieces import write_lines


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The place and time of a report, as far as they are known: who reads it on paper sees what it is about."""

    pull_request: int | None = None
    pull_request_url: str = ""
    made: datetime | None = None
    """In UTC."""


UNKNOWN_ORIGIN = Origin()


def write_html(report: Report, origin: Origin = UNKNOWN_ORIGIN) -> Iterator[str]:
    """The report piece by piece, each as soon as it is made, so that only one item's diff is in memory."""
    css, script = _asset("report.css"), _asset("report_rows.js") + _asset("report.js")
    view = view_report(report, Chosen(), UNCUT, maxsize, hidden_beside=count_in_plan(report.summary))
    context = {
        "view": view,
        "origin": origin,
        "css": css,
        "script": script,
        "policy": (
            f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(script)}'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        ),
        "sections": [
            {
                "address": f"section-{number}",
                "title": take_turns(section.title),
                "diff": write_lines(section.lines),
                "open": section.is_open,
            }
            for number, section in enumerate(_list_sections(report), 1)
        ],
        "changes": list_changes(report.summary),
    }
    yield from _environment().get_template("report.html.j2").generate(context)


def _list_sections(report: Report) -> Iterator[Section]:
    yield from list_check_sections(report, UNCUT, maxsize)
    yield from list_sections(report.summary, UNCUT, maxsize)


@cache
def _asset(name: str) -> Markup:
    """A file of ours that goes into the report as it is."""
    return Markup(files("tfc_plan_comment.report.write").joinpath("templates", name).read_text(encoding="utf-8"))  # noqa: S704 - ours


@cache
def _hash(content: str) -> str:
    """The name in a Content-Security-Policy of the content of a style or script (W3C CSP Level 3, section 2.3.1)."""
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"


@cache
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
