"""Templates: the built-in one, and the user's, which is checked before anything else happens.

A user's template runs in a sandbox, may extend "comment.md.j2" and override its blocks, and sees nothing but a
`CommentView`.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files

import jinja2
import msgspec
from jinja2 import meta, nodes
from msgspec.structs import fields

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.errors import TemplateError
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.view import CommentView
from tfc_plan_comment.report.write.template_cache import TemplateCache
from tfc_plan_comment.report.write.template_limits import LimitedSandbox, Work
from tfc_plan_comment.report.write.template_sandbox import Sandbox

MOST_WRITTEN = 16_777_216
"""Characters. A template that writes more than this, many times what fits anywhere, writes without end."""

_OF_TEMPLATES = (
    jinja2.TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    AssertionError,  # such as of `truncate(1)`
    RuntimeError,  # such as of `cycler()`
)
"""The exceptions that an expression in a template may raise."""


class Template(msgspec.Struct, frozen=True):
    """A template that is ready to be rendered; `name` is what errors call it."""

    compiled: jinja2.Template
    name: str
    work: Work = msgspec.field(default_factory=Work)

    def render(self, context: Mapping[str, object]) -> str:
        """The Markdown, with exactly one line feed at its end. Raises TemplateError."""
        self.work.begin()
        pieces: list[str] = []
        written = 0
        try:
            for piece in self.compiled.generate(context):
                pieces.append(piece)
                written += len(piece)
                if written > MOST_WRITTEN:
                    raise refuse(self.name, f"it writes more than {MOST_WRITTEN:,} characters")
        except RecursionError:
            raise refuse(self.name, "a macro or an include in it calls itself endlessly") from None
        except jinja2.TemplateNotFound as error:
            raise refuse(self.name, f"there is no template {error.name} to extend or include") from None
        except MemoryError:
            raise refuse(self.name, "it needs too much memory") from None
        except _OF_TEMPLATES as error:
            raise refuse(self.name, f"{error}") from None
        return "".join(pieces).strip() + "\n"


def load_built_in(file: str = "comment.md.j2") -> Template:
    """One of our own templates."""
    return Template(_environment().get_template(file), "the built-in template")


def compile_all() -> None:
    """Compile all of our own templates for Markdown, so that they are kept."""
    environment = _environment()
    for name in environment.list_templates(filter_func=lambda name: name.endswith(".md.j2")):
        environment.get_template(name)


def load_piece(file: str) -> Callable[[Mapping[str, object]], str]:
    """Writes a part of our own template by itself, as it stands in the whole."""
    piece = _environment().get_template(file)
    return piece.render


def check_template(source: str, name: str) -> Template:
    """The user's template. Raises TemplateError for a mistake in its syntax and for a name that does not exist."""
    environment = LimitedSandbox()
    try:
        parsed = environment.parse(source)
        names = meta.find_undeclared_variables(parsed) - {each.name for each in fields(CommentView)}
        names -= set(_find_assigned(parsed))
        compiled = environment.from_string(source)
    except jinja2.TemplateSyntaxError as error:
        raise refuse(name, f"line {error.lineno}: {error.message}") from None
    except (RecursionError, MemoryError, SyntaxError):  # the last is of Python, to which Jinja compiles
        raise refuse(name, "its blocks or brackets are nested too deeply") from None
    except _OF_TEMPLATES as error:
        raise refuse(name, f"{error}") from None
    if names:
        raise refuse(name, f"there is no {', '.join(sorted(names))}")
    return Template(compiled, name, environment.work)


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
        raise refuse(name, "its first line is not {{ marker }} alone")


def read_example_plan() -> bytes:
    """A small plan with some of everything, to try a template with."""
    return files("tfc_plan_comment.report.write").joinpath("templates/example_plan.json").read_bytes()


def refuse(name: str, why: str) -> TemplateError:
    """The error for a template that cannot be used."""
    what_to_do = "Correct the template; docs/templates.md lists what it may use"
    return TemplateError(f"Cannot render {name}", visible(why).rstrip("."), what_to_do)


@cache
def _environment() -> Sandbox:
    environment = Sandbox()
    environment.bytecode_cache = TemplateCache()
    return environment
