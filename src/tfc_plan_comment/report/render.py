"""A plan's summary -> the Markdown of the comment or of the step summary, within its limit."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.errors import TemplateError
from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.plan.verdict import Mode, is_opentofu
from tfc_plan_comment.report import markdown
from tfc_plan_comment.report.changes import caution_view
from tfc_plan_comment.report.fit import Fitted, fit
from tfc_plan_comment.report.hcl import Limits
from tfc_plan_comment.report.sections import sections
from tfc_plan_comment.report.view import NoteView, ReportView, RunView

COMMENT_LIMIT = 65_536
"""Bytes of a comment: GitHub's message says characters, its server has been seen to take more; this is always safe."""

STEP_SUMMARY_LIMIT = 1_048_576
"""Bytes of a step summary: above it the runner drops the whole (actions/runner, FileCommandManager.cs)."""

MOST_CAUTIONS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All that goes into a report: the plan, where it comes from, and which comment it is."""

    summary: PlanSummary
    key: str
    workspace: str | None = None
    run: RunView | None = None
    notes: tuple[NoteView, ...] = ()
    full_report: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A template that is ready to be rendered; `name` is what errors call it."""

    compiled: jinja2.Template
    name: str

    def render(self, view: ReportView) -> str:
        """The Markdown. Raises TemplateError."""
        try:
            return self.compiled.render({name: getattr(view, name) for name in view.__dataclass_fields__})
        except jinja2.TemplateError as error:
            raise _unusable(self.name, f"{error.message or type(error).__name__}") from None


def template(source: str | None = None, name: str = "the built-in template") -> Template:
    """The user's template, which may extend "comment.md.j2"; or the built-in one. Raises TemplateError."""
    loader = jinja2.PackageLoader("tfc_plan_comment.report")
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=True,  # with `finalize` it makes Markdown's escaping the default, and keeps what is Markup as it is
        finalize=_inert,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"code": _code, "text": _text, "fence": _fence, "link": _link}
    try:
        if source is None:
            return Template(environment.get_template("comment.md.j2"), name)
        return Template(environment.from_string(source), name)
    except jinja2.TemplateSyntaxError as error:
        raise _unusable(name, f"line {error.lineno}: {error.message}") from None
    except jinja2.TemplateError as error:
        raise _unusable(name, error.message or type(error).__name__) from None


def _unusable(name: str, why: str) -> TemplateError:
    what_to_do = "Correct it; docs/templates.md names all that a template may use"
    return TemplateError(f"Cannot render {name}", markdown.visible(why).rstrip("."), what_to_do)


def _inert(value: object) -> object:
    return value if isinstance(value, Markup | jinja2.Undefined) else _text(str(value))


def _markup(inert: Callable[..., str]) -> Callable[..., Markup]:
    return lambda *arguments, **named: Markup(inert(*arguments, **named))  # noqa: S704 - `markdown` made it inert


_code, _text, _fence, _link = (
    _markup(markdown.code),
    _markup(markdown.text),
    _markup(markdown.fence),
    _markup(markdown.link),
)


def render(report: Report, template: Template, *, limit: int = COMMENT_LIMIT) -> str:
    """The Markdown, at most `limit` bytes of it. Raises TemplateError."""
    limits = Limits() if limit <= COMMENT_LIMIT else Limits(characters=4_000, lines=400)
    bare = _view(report, fit(replace(report.summary, changes=()), 0, limits), limits, limit // 8)
    room = limit - len(template.render(bare).encode())
    for _ in range(5):
        view = _view(report, fit(report.summary, max(0, room), limits), limits, limit // 8)
        content = template.render(view).strip() + "\n"
        excess = len(content.encode()) - limit
        if excess <= 0:
            return _marked(content, report.key, template.name)
        room -= excess + excess // 10 + 100
    why = f"it gives {len(content.encode()):,} bytes even without details, and there is room for {limit:,}"
    raise TemplateError(f"Cannot render {template.name}", why, "Leave out more in the template")


def _marked(content: str, key: str, name: str) -> str:
    if content.split("\n", 1)[0].strip() != marker(key):
        why = "its first line is not the marker, by which the comment is found again"
        raise _unusable(name, f"{why}; begin it with {{{{ marker }}}} alone on its line")
    return content


def _view(report: Report, fitted: Fitted, limits: Limits, section_room: int) -> ReportView:
    summary = report.summary
    plan, verdict = summary.plan, summary.verdict
    dangerous = [change for change in summary.changes if change.action in {Action.REPLACE, Action.DELETE}]
    tool = "OpenTofu" if is_opentofu(plan) else "Terraform"
    return ReportView(
        marker=Markup(marker(report.key)),  # noqa: S704 - it holds none but safe characters
        tool=tool,
        workspace=report.workspace,
        headline=headline(summary),
        sentence=verdict.sentence,
        run=report.run,
        terraform_version=plan.terraform_version,
        counts=verdict.counts,
        has_changes=verdict.has_changes,
        notes=(*_notes(summary, tool), *report.notes),
        cautions=tuple(caution_view(change) for change in dangerous[:MOST_CAUTIONS]),
        more_cautions=max(0, len(dangerous) - MOST_CAUTIONS),
        changes=fitted.changes,
        more=fitted.more,
        sections=sections(summary, limits, section_room),
        left_out=tuple(_left_out(fitted)),
        full_report=report.full_report,
    )


_HEADLINES = (
    (Action.REPLACE, "replaced"),
    (Action.DELETE, "destroyed"),
    (Action.UNKNOWN, "with an unknown action"),
    (Action.FORGET, "forgotten"),
    (Action.UPDATE, "changed"),
    (Action.CREATE, "created"),
    (Action.IMPORT, "imported"),
    (Action.MOVE, "moved"),
    (Action.READ, "read during apply"),
)


def headline(summary: PlanSummary) -> str:
    """What the plan does, in words: `2 replaced, 1 destroyed`."""
    actions = [change.action for change in summary.changes]
    counted = [f"{actions.count(action)} {word}" for action, word in _HEADLINES if action in actions]
    if invoked := summary.verdict.counts.to_invoke:
        counted.append(f"{invoked} action{'' if invoked == 1 else 's'} invoked")
    if counted:
        return ", ".join(counted)
    if summary.plan.errored:
        return "planning failed"
    if summary.outputs:
        return "only outputs change"
    return "no changes"


def _notes(summary: PlanSummary, tool: str) -> list[NoteView]:
    plan, verdict = summary.plan, summary.verdict
    notes = []
    if plan.errored:
        message = (
            f"Planning failed: {tool} planned what stands here, but then encountered a problem. The run has the error."
        )
        notes.append(NoteView(kind="CAUTION", message=message))
    if verdict.counts.unknown:
        message = (
            f"{verdict.counts.unknown} of the changes have an action that this version does not know: look at the run."
        )
        notes.append(NoteView(kind="WARNING", message=message))
    if verdict.mode is Mode.DESTROY:
        notes.append(NoteView(kind="CAUTION", message="This plan destroys everything that the workspace manages."))
    if verdict.mode is Mode.REFRESH_ONLY:
        notes.append(NoteView(kind="NOTE", message="This is a refresh-only plan: it takes over what changed outside."))
    if plan.complete is False and not plan.errored:
        message = "This plan is not complete: it was limited to targets, or changes are deferred to a later plan."
        notes.append(NoteView(kind="WARNING", message=message))
    if plan.newer_than_known:
        message = f"The plan's format {plan.format_version} is newer than 1.2: what is new in it may not be shown."
        notes.append(NoteView(kind="NOTE", message=message))
    return notes


def _left_out(fitted: Fitted) -> list[str]:
    said = []
    if fitted.without_diff:
        said.append(f"For want of room {fitted.without_diff:,} changes stand here without their details.")
    if fitted.counted:
        said.append(f"For want of room {fitted.counted:,} changes are only counted here.")
    if fitted.shortened:
        said.append("Long values are shortened.")
    return said
