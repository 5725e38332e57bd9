"""The sandbox that templates run in, in which everything that a template writes is inert.

What is not `Markup` goes through `text`. Jinja's own Markup, of a macro, a block or a filter, knows of HTML alone:
where it meets a text it becomes `Inert` first, so that Jinja's filters and operators do what is right in Markdown.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from itertools import chain
from typing import Any, get_args

import jinja2
from jinja2 import nodes, pass_environment
from jinja2.exceptions import SecurityError
from jinja2.filters import do_indent, make_attrgetter
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, soft_str
from msgspec.structs import fields

from tfc_plan_comment.report.view import ChangeView, MoreView
from tfc_plan_comment.report.write import markdown
from tfc_plan_comment.report.write.markdown import Inert

_FIELDS = {view: {field.name for field in fields(view)} for view in (ChangeView, MoreView)}
"""The fields that templates ask for most: plain values in frozen ones, so that nothing in them has to be guarded."""

_ESCAPE_FOR_HTML_ONLY = ("e", "escape", "forceescape", "format", "safe", "tojson", "urlize", "xmlattr")
"""Filters that are not there: what they make would not be Markdown, and Jinja would take it for inert."""

_OF_NO_USE = ("pprint",)
"""Filters that are not there: a value of Python's is not for readers, and to write it takes long."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's environment for our own templates, and for the user's, which can extend and include ours."""

    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self) -> None:
        super().__init__(
            loader=jinja2.PackageLoader("tfc_plan_comment.report.write"),
            autoescape=True,  # with `finalize` it makes Markdown's escaping the default, and keeps Markup as it is
            finalize=make_inert,
            undefined=jinja2.StrictUndefined,
            optimized=False,  # to look for what is constant takes longer than it saves
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,  # our own templates do not change while we run
        )
        for name in (*_ESCAPE_FOR_HTML_ONLY, *_OF_NO_USE):
            del self.filters[name]
        del self.globals["lipsum"]
        self.globals["namespace"] = _Namespace
        self.filters |= {"indent": _indent, "join": _join, "replace": _replace, "sum": _sum}
        self.filters = {name: _guard(apply) for name, apply in self.filters.items()}
        self.filters |= {
            "code": _markup(markdown.code),
            "text": _markup(markdown.text),
            "fence": fence,
            "link": _markup(markdown.link),
            "_inert": make_inert,
            "_slice": cut,
        }

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        _Rewriter().visit(template)
        template.set_environment(self)
        return template

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "**":
            raise SecurityError("** is not allowed, because it could make numbers of any size")
        return super().call_binop(context, operator, _no_mere_html(left), _no_mere_html(right))

    def call(self, context: Context, obj: Any, /, *arguments: Any, **named: Any) -> Any:
        if "caller" in named and not isinstance(obj, Macro | jinja2.Undefined):
            raise SecurityError("a call block can only call a macro")  # what it gives is written as it is
        return super().call(context, obj, *arguments, **named)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if attribute in _FIELDS.get(type(obj), ()):  # half of a row's time went into guarding values of ours
            return getattr(obj, attribute)
        return super().getattr(_no_mere_html(obj), attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return super().getitem(_no_mere_html(obj), argument)


class _Namespace(Namespace):
    __repr__ = object.__repr__  # Jinja's own would write all that is in it


class _Rewriter(NodeTransformer):
    """Lets filters do what Jinja would compile to Python's own operators, or would write without escaping it."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        self.generic_visit(node)
        return apply_filter(nodes.Tuple(node.nodes, "load", lineno=node.lineno), "join")

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if not isinstance(node.arg, nodes.Slice):
            return node
        ends = (node.arg.start, node.arg.stop, node.arg.step)
        return apply_filter(node.node, "_slice", *(end or nodes.Const(None) for end in ends))

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.Node:  # noqa: N802
        return self._inert_filter(node)

    def visit_FilterBlock(self, node: nodes.FilterBlock) -> nodes.Node:  # noqa: N802
        return self._inert_filter(node)

    def _inert_filter(self, node: nodes.AssignBlock | nodes.FilterBlock) -> nodes.Node:
        self.generic_visit(node)
        if node.filter is not None:
            node.filter = apply_filter(node.filter, "_inert")
        return node


def apply_filter(node: nodes.Node, name: str, *arguments: nodes.Expr) -> nodes.Filter:
    """The expression with a filter applied to it."""
    return nodes.Filter(node, name, list(arguments), [], None, None, lineno=node.lineno)


def _guard(apply: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, with `Inert` for each Markup that it takes, and a plain text for what it escapes for HTML itself."""

    @wraps(apply)  # what Jinja is to pass beside the value stands on the function
    def guarded(*arguments: Any, **named: Any) -> Any:
        made = apply(*map(_no_mere_html, arguments), **{name: _no_mere_html(each) for name, each in named.items()})
        return str(made) if type(made) is Markup else made

    return guarded


def make_inert(value: object) -> object:
    """The value as a template writes it; what is undefined stays so, and Jinja says that it is."""
    return value if isinstance(value, Markup | jinja2.Undefined) else Inert.escape(value)


def _no_mere_html(value: Any) -> Any:
    """Markup of a macro or a `set` block as `Inert`: Jinja's own would only escape for HTML what is added."""
    return Inert(value) if type(value) is Markup else value


def _markup(inert: Callable[..., str]) -> Callable[..., Inert]:
    return lambda *arguments, **named: Inert(inert(*arguments, **named))


def fence(content: str, language: markdown.Language) -> Inert:
    """A block of code. Of a language that is a value, the block could end, or GitHub make a widget."""
    if language not in get_args(markdown.Language):
        raise ValueError(f"fence takes one of these languages: {', '.join(filter(None, get_args(markdown.Language)))}")
    return Inert(markdown.fence(content, language))


def cut(value: Any, start: int | None, stop: int | None, step: int | None) -> Any:
    """The value from `start` to `stop`."""
    return _no_mere_html(value)[start:stop:step]


@pass_environment
def _join(
    environment: jinja2.Environment, value: Iterable[object], d: object = "", attribute: str | int | None = None
) -> str:
    """Joins texts. What is inert stays so; of plain texts alone comes a plain text, which is made inert as a whole."""
    pieces = _list(environment, value, attribute)
    if any(isinstance(piece, Markup) for piece in (d, *pieces)):
        return Inert.escape(d).join(map(Inert.escape, pieces))
    return str(d).join(map(str, pieces))


@pass_environment
def _sum(
    environment: jinja2.Environment, iterable: Iterable[Any], attribute: str | int | None = None, start: Any = 0
) -> object:
    """As Jinja's own, which would copy the lists before with each list that it adds."""
    values = _list(environment, iterable, attribute)
    return type(start)(chain(start, *values)) if isinstance(start, list | tuple) else sum(values, start)


def _list(environment: jinja2.Environment, values: Iterable[Any], attribute: str | int | None) -> list[Any]:
    return list(values if attribute is None else map(make_attrgetter(environment, attribute), values))


def _indent(value: str, width: int | str = 4, first: bool = False, blank: bool = False) -> str:  # noqa: FBT001, FBT002
    """As Jinja's own, which would cut inert text into lines, and take a text to indent with for Markdown."""
    if not isinstance(value, Markup) and not isinstance(width, Markup):
        return do_indent(value, width, first, blank)
    by = str(Inert.escape(width)) if isinstance(width, str) else " " * width
    return Inert(do_indent(str(Inert.escape(value)), by, first, blank))


def _replace(value: object, old: object, new: object, count: int | None = None) -> str:
    replaced: str = soft_str(value).replace(soft_str(old), soft_str(new), -1 if count is None else count)
    return replaced
