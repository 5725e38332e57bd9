"""Templates: the built-in one, and the user's, which is checked before anything else happens.

Everything that a template writes is inert by default: what is not `Markup` goes through `text`. A user's template
runs in a sandbox, may extend "comment.md.j2" and override its blocks, and sees nothing but a `ReportView`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from importlib.resources import files

import jinja2
from jinja2 import meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.errors import TemplateError
from tfc_plan_comment.report import markdown
from tfc_plan_comment.report.view import ReportView


@dataclass(frozen=True, slots=True)
class Template:
    """A template that is ready to be rendered; `name` is what errors call it."""

    compiled: jinja2.Template
    name: str

    def render(self, context: Mapping[str, object]) -> str:
        """The Markdown, with exactly one line feed at its end. Raises TemplateError."""
        try:
            return self.compiled.render(context).strip() + "\n"
        except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            raise unusable(self.name, f"{error}") from None


def built_in(file: str = "comment.md.j2") -> Template:
    """One of our own templates."""
    return Template(_environment().get_template(file), "the built-in template")


def users_template(source: str, name: str) -> Template:
    """The user's template. Raises TemplateError for a mistake in its syntax and for a name that does not exist."""
    environment = _environment()
    try:
        names = meta.find_undeclared_variables(environment.parse(source)) - {field.name for field in fields(ReportView)}
        compiled = environment.from_string(source)
    except jinja2.TemplateSyntaxError as error:
        raise unusable(name, f"line {error.lineno}: {error.message}") from None
    except jinja2.TemplateError as error:
        raise unusable(name, f"{error}") from None
    if names:
        raise unusable(name, f"there is no {', '.join(sorted(names))} to show")
    return Template(compiled, name)


def check_marker(content: str, key: str, name: str) -> None:
    """Raise TemplateError unless the first line is the marker, by which the comment is found again."""
    if content.split("\n", 1)[0].strip() != marker(key):
        raise unusable(name, "its first line is not the marker: begin it with {{ marker }} alone on the line")


def example_plan() -> bytes:
    """A small plan with some of everything, to try a template with."""
    return files("tfc_plan_comment.report").joinpath("templates/example_plan.json").read_bytes()


def unusable(name: str, why: str) -> TemplateError:
    """The error for a template that cannot be used."""
    what_to_do = "Correct the template; docs/templates.md names all that it may use"
    return TemplateError(f"Cannot render {name}", markdown.visible(why).rstrip("."), what_to_do)


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.PackageLoader("tfc_plan_comment.report"),
        autoescape=True,  # with `finalize` it makes Markdown's escaping the default, and keeps what is Markup as it is
        finalize=_inert,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "code": _markup(markdown.code),
        "text": _markup(markdown.text),
        "fence": _markup(markdown.fence),
        "link": _markup(markdown.link),
    }
    return environment


def _inert(value: object) -> object:
    return value if isinstance(value, Markup | jinja2.Undefined) else Markup(markdown.text(str(value)))  # noqa: S704 - made inert


def _markup(inert: Callable[..., str]) -> Callable[..., Markup]:
    return lambda *arguments, **named: Markup(inert(*arguments, **named))  # noqa: S704 - made inert
