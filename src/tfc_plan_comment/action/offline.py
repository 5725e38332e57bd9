"""A plan JSON on the user's machine -> what was asked for of it. It needs no server, no token and no network."""

import sys
from collections.abc import Iterable
from pathlib import Path

from tfc_plan_comment.action.files import read_plan, read_template
from tfc_plan_comment.errors import SettingsError
from tfc_plan_comment.plan.attention_settings import AttentionSettings
from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.secrets.revealing import Reveal
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.settings import inputs


def read_attention(asked: str, ignored: list[str]) -> AttentionSettings:
    """What the options say of attention: `true` or `false`, and the rules to ignore. Raises SettingsError."""
    try:
        return AttentionSettings(off=asked == "false", ignored=inputs.ignored_attention("\n".join(ignored)))
    except inputs.RefusedError as refusal:
        raise SettingsError("Cannot use --attention-ignore", *refusal.args) from None


def read_reveal(asked: list[str]) -> Reveal:
    """What the options say of what may be shown though it looks like a secret. Raises SettingsError."""
    try:
        return Reveal(inputs.places("\n".join(asked)))
    except inputs.RefusedError as refusal:
        raise SettingsError("Cannot use --reveal", *refusal.args) from None


def render_plan(
    plan_name: str,
    format_: str,
    template_path: Path | None,
    attention: AttentionSettings,
    reveal: Reveal,
) -> Iterable[str]:
    """The plan in the file, or on standard input for `-`, as `markdown`, `json` or `html`, in pieces.

    Raises ActionError for what the user can mend.
    """
    if template_path is not None and format_ != "markdown":
        why = f"the format is {format_}, but a template writes Markdown"
        raise SettingsError("Cannot use --template", why, "Remove --format or --template")
    summary = summarize(_read(plan_name), attention=attention, reveal=reveal)
    for pattern in reveal.unmatched(summary.plan):
        from tfc_plan_comment.action.unrevealed import nothing_revealed  # noqa: PLC0415 - imports cost start-up time

        sys.stderr.write(f"{nothing_revealed('Option --reveal', pattern)}\n")
    if format_ == "json":
        from tfc_plan_comment.report.summary_json import summary_json  # noqa: PLC0415 - the same

        return summary_json(summary)
    from tfc_plan_comment.report.model import Report  # noqa: PLC0415 - the same

    if format_ == "html":
        from tfc_plan_comment.report.write.html import write_html  # noqa: PLC0415 - the same

        return write_html(Report(key="", summary=summary))
    from tfc_plan_comment.report.write.comment import render  # noqa: PLC0415 - the same

    template = read_template(template_path) if template_path else None
    return [render(Report(key=Path(plan_name).name, summary=summary), template)]


def _read(name: str) -> Plan:
    """The plan, however large: it is on the user's own machine already, and there is no job to protect from it."""
    return parse_plan(sys.stdin.buffer.read(), name="on standard input") if name == "-" else read_plan(Path(name))
