"""Templates: the built-in one, and the user's, which is checked before anything else happens.

Everything that a template writes is inert by default: what is not `Markup` goes through `text`. A user's template
runs in a sandbox, may extend "comment.md.j2" and override its blocks, and sees nothing but a `CommentView`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from jinja2 import meta, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.filters import do_indent
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.errors import TemplateError
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.view import ChangeView, CommentView, MoreView
from tfc_plan_comment.report.write import markdown
from tfc_plan_comment.report.write.markdown import Inert

MOST_WRITTEN = 16_777_216
"""Characters. A template that writes more than this, many times what fits anywhere, writes without end."""

LONGEST_PRODUCT = 100_000
"""Characters or elements that `*` may make of a text or list; as many as Jinja lets `range` count."""


_OF_TEMPLATES = (
    jinja2.TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    AssertionError,  # such as of `truncate(1)`
)
"""The exceptions that an expression in a template may raise."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template that is ready to be rendered; `name` is what errors call it."""

    compiled: jinja2.Template
    name: str

    def render(self, context: Mapping[str, object]) -> str:
        """The Markdown, with exactly one line feed at its end. Raises TemplateError."""
        pieces: list[str] = []
        written = 0
        try:
            for piece in self.compiled.generate(context):
                pieces.append(piece)
                written += len(piece)
                if written > MOST_WRITTEN:
                    raise refuse(self.name, f"it writes more than {MOST_WRITTEN:,} characters")
        except RecursionError:
            raise refuse(self.name, "a macro or an include in it calls itself without end") from None
        except jinja2.TemplateNotFound as error:
            raise refuse(self.name, f"there is no template {error.name} to extend or include") from None
        except MemoryError:
            raise refuse(self.name, "it needs more memory than there is") from None
        except _OF_TEMPLATES as error:
            raise refuse(self.name, f"{error}") from None
        return "".join(pieces).strip() + "\n"


def load_built_in(file: str = "comment.md.j2") -> Template:
    """One of our own templates."""
    return Template(_environment().get_template(file), "the built-in template")


def load_piece(file: str) -> Callable[[Mapping[str, object]], str]:
    """Writes a part of our own template by itself, as it stands in the whole."""
    piece = _environment().get_template(file)
    return piece.render


def check_template(source: str, name: str) -> Template:
    """The user's template. Raises TemplateError for a mistake in its syntax and for a name that does not exist."""
    environment = _environment()
    try:
        parsed = environment.parse(source)
        names = meta.find_undeclared_variables(parsed) - {field.name for field in fields(CommentView)}
        names -= set(_find_assigned(parsed))
        compiled = environment.from_string(source)
    except jinja2.TemplateSyntaxError as error:
        raise refuse(name, f"line {error.lineno}: {error.message}") from None
    except jinja2.TemplateError as error:
        raise refuse(name, f"{error}") from None
    if names:
        raise refuse(name, f"there is no {', '.join(sorted(names))} to show")
    return Template(compiled, name)


def _find_assigned(template: nodes.Template) -> Iterator[str]:
    """The names that a template gives a value somewhere: what Jinja misses is only not assigned on every way."""
    for node in template.find_all((nodes.Name, nodes.Macro, nodes.Import, nodes.FromImport)):
        match node:
            case nodes.Name(name=name, ctx="store" | "param") | nodes.Macro(name=name) | nodes.Import(target=name):
                yield name
            case nodes.FromImport(names=imported):
                yield from (each if isinstance(each, str) else each[1] for each in imported)


def check_marker(content: str, key: str, name: str) -> None:
    """Raise TemplateError unless the first line is the marker, by which the comment is found again."""
    if content.split("\n", 1)[0].strip() != marker(key):
        raise refuse(name, "its first line is not the marker: begin it with {{ marker }} alone on the line")


def read_example_plan() -> bytes:
    """A small plan with some of everything, to try a template with."""
    return files("tfc_plan_comment.report.write").joinpath("templates/example_plan.json").read_bytes()


def refuse(name: str, why: str) -> TemplateError:
    """The error for a template that cannot be used."""
    what_to_do = "Correct the template; docs/templates.md names all that it may use"
    return TemplateError(f"Cannot render {name}", visible(why).rstrip("."), what_to_do)


_FIELDS = {view: {field.name for field in fields(view)} for view in (ChangeView, MoreView)}
"""The fields that templates ask for most: plain values in frozen ones, so that nothing in them has to be guarded."""


class _CodeGenerator(CodeGenerator):
    """Jinja's own `~` would only escape what HTML acts upon."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's name for it
        self.write("environment.filters['join']((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class _Environment(ImmutableSandboxedEnvironment):
    code_generator_class = _CodeGenerator
    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "**":
            raise SecurityError("** could make numbers of any size, and is not allowed")
        for many, times in ((left, right), (right, left)):
            if isinstance(many, Sized) and isinstance(times, int) and len(many) * times > LONGEST_PRODUCT:
                raise SecurityError(f"* would make more than {LONGEST_PRODUCT:,} of something")
        return super().call_binop(context, operator, _no_mere_html(left), _no_mere_html(right))

    def getattr(self, obj: Any, attribute: str) -> Any:
        if attribute in _FIELDS.get(type(obj), ()):  # half of a row's time went into guarding values of ours
            return getattr(obj, attribute)
        return super().getattr(_no_mere_html(obj), attribute)


@cache
def _environment() -> _Environment:
    environment = _Environment(
        loader=jinja2.PackageLoader("tfc_plan_comment.report.write"),
        autoescape=True,  # with `finalize` it makes Markdown's escaping the default, and keeps what is Markup as it is
        finalize=_inert,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # our own templates do not change while we run
    )
    for name in _ESCAPE_FOR_HTML_ONLY:
        del environment.filters[name]
    environment.filters |= {
        "code": _markup(markdown.code),
        "text": _markup(markdown.text),
        "fence": _markup(markdown.fence),
        "link": _markup(markdown.link),
        "indent": _indent,
        "join": _join,
        "replace": _replace,
    }
    return environment


_ESCAPE_FOR_HTML_ONLY = ("e", "escape", "forceescape", "format", "safe", "tojson", "urlize", "xmlattr")
"""Filters that are not there: what they make passes for inert, and Markdown and GitHub would still act upon it."""


def _inert(value: object) -> object:
    return value if isinstance(value, Markup | jinja2.Undefined) else Inert.escape(value)


def _no_mere_html(value: Any) -> Any:
    """Markup of a macro or a `set` block as `Inert`: Jinja's own would only escape for HTML what is added."""
    return Inert(value) if type(value) is Markup else value


def _markup(inert: Callable[..., str]) -> Callable[..., Inert]:
    return lambda *arguments, **named: Inert(inert(*arguments, **named))


def _join(values: Iterable[object], separator: str = "") -> str:
    """Joins texts. What is inert stays so; of plain texts alone comes a plain text, which is made inert as a whole."""
    pieces = list(values)
    if any(isinstance(piece, Markup) for piece in (separator, *pieces)):
        return Inert.escape(separator).join(map(Inert.escape, pieces))
    return separator.join(map(str, pieces))


def _indent(value: str, width: int | str = 4, first: bool = False, blank: bool = False) -> str:  # noqa: FBT001, FBT002
    """As Jinja's own, which would take a text to indent with for Markdown where the lines are."""
    if isinstance(width, str) and (isinstance(value, Markup) or isinstance(width, Markup)):
        value, width = Inert.escape(value), Inert.escape(width)
    return do_indent(value, width, first, blank)


def _replace(value: str, old: str, new: str) -> str:
    replaced: str = _no_mere_html(value).replace(old, new)
    return replaced
