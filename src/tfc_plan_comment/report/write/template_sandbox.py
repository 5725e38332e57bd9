"""The sandbox that templates run in, in which everything that a template writes is inert.

What is not `Markup` goes through `text`. Jinja's own Markup, of a macro, a block or a filter, knows of HTML alone:
where it meets a text it becomes `Inert` first, so that Jinja's filters and operators do what is right in Markdown.
"""

from collections.abc import Callable, Iterable, Sized
from dataclasses import fields
from functools import wraps
from typing import Any

import jinja2
from jinja2 import nodes, pass_environment
from jinja2.exceptions import SecurityError
from jinja2.filters import do_indent, make_attrgetter
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, soft_str

from tfc_plan_comment.report.view import ChangeView, MoreView
from tfc_plan_comment.report.write import markdown
from tfc_plan_comment.report.write.markdown import Inert

LONGEST_PRODUCT = 100_000
"""Characters or elements that `*` may make of a text or list; as many as Jinja lets `range` count."""

_FIELDS = {view: {field.name for field in fields(view)} for view in (ChangeView, MoreView)}
"""The fields that templates ask for most: plain values in frozen ones, so that nothing in them has to be guarded."""

_ESCAPE_FOR_HTML_ONLY = ("e", "escape", "forceescape", "format", "safe", "tojson", "urlize", "xmlattr")
"""Filters that are not there: what they make would not be Markdown, and Jinja would take it for inert."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's environment for our own templates, and for the user's, which can extend and include ours."""

    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self) -> None:
        super().__init__(
            loader=jinja2.PackageLoader("tfc_plan_comment.report.write"),
            autoescape=True,  # with `finalize` it makes Markdown's escaping the default, and keeps Markup as it is
            finalize=_inert,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,  # our own templates do not change while we run
        )
        for name in _ESCAPE_FOR_HTML_ONLY:
            del self.filters[name]
        self.filters |= {"indent": _indent, "join": _join, "replace": _replace}
        self.filters = {name: _guard(apply) for name, apply in self.filters.items()}
        self.filters |= {
            "code": _markup(markdown.code),
            "text": _markup(markdown.text),
            "fence": _markup(markdown.fence),
            "link": _markup(markdown.link),
            "_inert": _inert,
            "_slice": _slice,
        }

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        _Rewriter().visit(template)
        template.set_environment(self)
        return template

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "**":
            raise SecurityError("** could make numbers of any size, and is not allowed")
        for many, times in ((left, right), (right, left)):
            if isinstance(many, Sized) and isinstance(times, int) and len(many) * times > LONGEST_PRODUCT:
                raise SecurityError(f"* would make more than {LONGEST_PRODUCT:,} of something")
        return super().call_binop(context, operator, _no_mere_html(left), _no_mere_html(right))

    def call(self, context: Context, obj: Any, /, *arguments: Any, **named: Any) -> Any:
        if "caller" in named and not isinstance(obj, Macro | jinja2.Undefined):
            raise SecurityError("a call block can call nothing but a macro")  # what it gives is written as it is
        return super().call(context, obj, *arguments, **named)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if attribute in _FIELDS.get(type(obj), ()):  # half of a row's time went into guarding values of ours
            return getattr(obj, attribute)
        return super().getattr(_no_mere_html(obj), attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return super().getitem(_no_mere_html(obj), argument)


class _Rewriter(NodeTransformer):
    """Lets filters do what Jinja would compile to Python's own operators, or would write without escaping it."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        self.generic_visit(node)
        return _filter(nodes.Tuple(node.nodes, "load", lineno=node.lineno), "join")

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if not isinstance(node.arg, nodes.Slice):
            return node
        ends = (node.arg.start, node.arg.stop, node.arg.step)
        return _filter(node.node, "_slice", *(end or nodes.Const(None) for end in ends))

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.Node:  # noqa: N802
        return self._inert_filter(node)

    def visit_FilterBlock(self, node: nodes.FilterBlock) -> nodes.Node:  # noqa: N802
        return self._inert_filter(node)

    def _inert_filter(self, node: nodes.AssignBlock | nodes.FilterBlock) -> nodes.Node:
        self.generic_visit(node)
        if node.filter is not None:
            node.filter = _filter(node.filter, "_inert")
        return node


def _filter(node: nodes.Expr, name: str, *arguments: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(arguments), [], None, None, lineno=node.lineno)


def _guard(apply: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, with `Inert` for each Markup that it takes, and a plain text for what it escapes for HTML itself."""

    @wraps(apply)  # what Jinja is to pass beside the value stands on the function
    def guarded(*arguments: Any, **named: Any) -> Any:
        made = apply(*map(_no_mere_html, arguments), **{name: _no_mere_html(each) for name, each in named.items()})
        return str(made) if type(made) is Markup else made

    return guarded


def _inert(value: object) -> object:
    return value if isinstance(value, Markup | jinja2.Undefined) else Inert.escape(value)


def _no_mere_html(value: Any) -> Any:
    """Markup of a macro or a `set` block as `Inert`: Jinja's own would only escape for HTML what is added."""
    return Inert(value) if type(value) is Markup else value


def _markup(inert: Callable[..., str]) -> Callable[..., Inert]:
    return lambda *arguments, **named: Inert(inert(*arguments, **named))


def _slice(value: Any, start: int | None, stop: int | None, step: int | None) -> Any:
    return _no_mere_html(value)[start:stop:step]


@pass_environment
def _join(
    environment: jinja2.Environment,
    values: Iterable[object],
    separator: object = "",
    attribute: str | int | None = None,
) -> str:
    """Joins texts. What is inert stays so; of plain texts alone comes a plain text, which is made inert as a whole."""
    pieces = list(values if attribute is None else map(make_attrgetter(environment, attribute), values))
    if any(isinstance(piece, Markup) for piece in (separator, *pieces)):
        return Inert.escape(separator).join(map(Inert.escape, pieces))
    return str(separator).join(map(str, pieces))


def _indent(value: str, width: int | str = 4, first: bool = False, blank: bool = False) -> str:  # noqa: FBT001, FBT002
    """As Jinja's own, which would cut inert text into lines, and take a text to indent with for Markdown."""
    if not isinstance(value, Markup) and not isinstance(width, Markup):
        return do_indent(value, width, first, blank)
    by = str(Inert.escape(width)) if isinstance(width, str) else " " * width
    return Inert(do_indent(str(Inert.escape(value)), by, first, blank))


def _replace(value: object, old: object, new: object, count: int = -1) -> str:
    replaced: str = soft_str(value).replace(soft_str(old), soft_str(new), count)
    return replaced
