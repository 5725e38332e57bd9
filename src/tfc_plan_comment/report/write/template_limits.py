"""The sandbox of a user's template, which counts what the template does, and ends what would not come to an end.

It counts and looks at no clock: the same template and plan come to the same end on every machine.
"""

import re
from collections.abc import Callable, ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from functools import wraps
from string import Formatter
from typing import Any

from jinja2 import Environment, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from tfc_plan_comment.expression import expression
from tfc_plan_comment.report.write.template_sandbox import Sandbox, apply_filter, cut, make_inert

MOST_STEPS = 500_000
"""Rounds, calls, filters and the like in one rendering: our own template takes less than two thirds of them for a step
summary of the greatest size, and a template that takes all of them a few seconds."""

LONGEST = 1_048_576
"""Characters or elements that one filter, method or operator may make: as many as a step summary has bytes."""

_STEP, _ELEMENT, _ESCAPED = 64, 16, 8
"""What is counted, in units: a character is 1 where it is copied, and `_ESCAPED` where each is looked at."""

_UNITS_OF_A_CHARACTER = {
    **dict.fromkeys(("code", "fence", "link", "text", "title", "wordwrap"), _ESCAPED),
    **dict.fromkeys(("batch", "groupby", "list", "map", "max", "min", "reject", "rejectattr"), _ELEMENT),
    **dict.fromkeys(("select", "selectattr", "slice", "sort", "unique"), _ELEMENT),
}
"""Of a text that is given to the filter; 1 for any other."""

_TAKE_NO_LONGER = {"attr", "count", "d", "default", "first", "last", "length", "random"}
"""Filters that take no longer for a longer value."""


class Work:
    """The work that a template may still do in one rendering."""

    def __init__(self) -> None:
        self.left = 0
        self.begin()

    def begin(self) -> None:
        """All of it may be done anew."""
        self.left = MOST_STEPS * _STEP

    def spend(self, units: int) -> None:
        """Raise SecurityError if this is more than there is."""
        self.left -= units
        if self.left < 0:
            raise SecurityError(f"it takes more than {MOST_STEPS:,} steps")

    def take(self, *values: object, character: int = 1) -> None:
        """Spend what it takes to look at all that is in the values, with so many units for a character of a text."""
        self.spend(_STEP + len(values) * _ELEMENT)
        for value in values:
            self.spend(len(value) * character if isinstance(value, str) else weigh(value, self.left))

    def make(self, size: int, what: str) -> None:
        """Spend what it takes to make so many characters or elements, before it makes them."""
        if size > LONGEST:
            raise SecurityError(f"{what} could make more than {LONGEST:,} characters or elements")
        self.spend(max(size, 0))


def weigh(value: object, most: int) -> int:
    """All that is in a value, in units; or of what is larger, some number above `most`: a list can hold itself."""
    weight, waiting = 0, [value]
    while waiting and weight <= most:
        each = waiting.pop()
        if isinstance(each, str | int):
            weight += _size(each)
        elif isinstance(each, range):
            weight += len(each) * _ELEMENT
        elif isinstance(each, dict):
            weight += len(each) * _ELEMENT
            waiting += each.keys()
            waiting += each.values()
        elif isinstance(each, list | tuple | set | frozenset | KeysView | ValuesView | ItemsView):
            weight += len(each) * _ELEMENT
            waiting += each
    return weight


def _size(value: object) -> int:
    """The characters, or the elements without what is in them. For a number the time that a product of it takes."""
    if isinstance(value, int):
        return value.bit_length() ** 2 // 1024
    return len(value) if isinstance(value, str | list | tuple | dict) else 0


class LimitedSandbox(Sandbox):
    """The sandbox that counts. Each template has one of its own."""

    intercepted_binops = frozenset(Sandbox.default_binop_table)

    def __init__(self) -> None:
        super().__init__()
        self.work = Work()
        self.filters = {name: self._count(name, apply) for name, apply in self.filters.items()}
        tests: dict[str, Any] = dict(self.tests)
        self.tests.update({name: self._count(name, apply) for name, apply in tests.items()})
        self.filters |= {
            "_looked_at": self._look_at,
            "_slice": self._slice,
            "_units": self._count_units,
        }
        self.finalize = self._write

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        _Counter().visit(template)
        template.set_environment(self)
        return template

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        self.work.spend(_STEP + _size(left) + _size(right))
        if operator == "*":
            self._multiply(left, right)
        if operator == "%" and isinstance(left, str):
            self.work.make(_size_formatted(left, right), operator)
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, obj: Any, /, *arguments: Any, **named: Any) -> Any:
        self.work.spend(_STEP)
        if not isinstance(obj, Macro):
            owner = getattr(getattr(obj, "__wrapped__", obj), "__self__", None)
            given = {name: value for name, value in named.items() if name not in ("_loop_vars", "_block_vars")}
            self.work.take(owner, *arguments, *given.values())
            if isinstance(owner, str) and obj.__name__ in _METHODS:
                self.work.make(_METHODS[obj.__name__](owner, *arguments, **given), obj.__name__)
        made = super().call(context, obj, *arguments, **named)
        self.work.spend(_size(made))
        return made

    def getitem(self, obj: Any, argument: Any) -> Any:
        self.work.take(argument)
        return super().getitem(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr not in _UNBOUNDED and super().is_safe_attribute(obj, attr, value)

    def _multiply(self, left: Any, right: Any) -> None:
        if isinstance(left, int) and isinstance(right, int):
            self.work.spend((left.bit_length() + right.bit_length()) ** 2 // 1024)
        elif isinstance(left, int) or isinstance(right, int):
            many, times = (right, left) if isinstance(left, int) else (left, right)
            self.work.make(_size(many) * times, "*")

    def _count(self, name: str, apply: Callable[..., Any]) -> Callable[..., Any]:
        """The filter or test, counted."""
        character = _UNITS_OF_A_CHARACTER.get(name, 1)

        @wraps(apply)
        def counted(*arguments: Any, **named: Any) -> Any:
            if name in _TAKE_NO_LONGER:
                self.work.spend(_STEP)
                return apply(*arguments, **named)
            given = [each for each in arguments if not isinstance(each, Context | Environment | nodes.EvalContext)]
            self.work.take(*given, *named.values(), character=character)
            if name in _TIMES:
                self.work.spend(_TIMES[name](*given, **named))
            if name in _FILTERS:
                self.work.make(_FILTERS[name](*given, **named), name)
            made = apply(*arguments, **named)
            if isinstance(made, Iterator):
                made = list(made)  # else it would cost nothing here, and be made where nobody counts
            self.work.spend(_size(made))
            return made

        return counted

    @pass_context  # else it would be done once, when the template is compiled
    def _count_units(self, _context: Context, units: int) -> bool:
        self.work.spend(units)
        return True

    def _look_at(self, value: object) -> object:
        self.work.take(value)
        return value

    def _slice(self, value: Any, start: int | None, stop: int | None, step: int | None) -> object:
        made = cut(value, start, stop, step)
        self.work.spend(_STEP + _size(made))
        return made

    def _write(self, value: object) -> object:
        self.work.take(value, character=1 if isinstance(value, Markup) else _ESCAPED)
        written = make_inert(value)
        self.work.spend(_size(written))
        return written

    def concat(self, pieces: Iterable[str]) -> str:
        """The text that a macro or block gives, out of what was written in it."""
        pieces = list(pieces)
        self.work.spend(sum(map(len, pieces)))
        return "".join(pieces)


class _Counter(NodeTransformer):
    """Counts what Jinja does without asking the sandbox: rounds, comparisons and the keys of a dictionary.

    What a loop, a macro or a block does each time is counted by the nodes of its syntax tree.
    """

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        if node.test is not None:
            node.test = nodes.And(_count_first(node.test), node.test, lineno=node.lineno)
        return self._count_body(node)

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        return self._count_body(node)

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        return self._count_body(node)

    def visit_Block(self, node: nodes.Block) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        return self._count_body(node)

    def _count_body(self, node: nodes.For | nodes.Macro | nodes.CallBlock | nodes.Block) -> nodes.Node:
        counted = nodes.ExprStmt(_count_first(node), lineno=node.lineno)
        self.generic_visit(node)
        node.body.insert(0, counted)
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        self.generic_visit(node)
        node.expr = apply_filter(node.expr, "_looked_at")
        for operand in node.ops:
            operand.expr = apply_filter(operand.expr, "_looked_at")
        return node

    def visit_Pair(self, node: nodes.Pair) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        self.generic_visit(node)
        node.key = apply_filter(node.key, "_looked_at")
        return node


_TAKE_LONGER = (nodes.AssignBlock, nodes.FilterBlock, nodes.For, nodes.Getattr, nodes.Getitem, nodes.Macro)
"""Nodes that take as long as `_ELEMENT` others, whatever is in them."""


def _count_first(node: nodes.Node) -> nodes.Expr:
    """The expression that counts a step and all nodes in this one, and is true."""
    units = sum(_ELEMENT if isinstance(each, _TAKE_LONGER) else 1 for each in node.find_all(nodes.Node))
    return apply_filter(nodes.Const(_STEP + units, lineno=node.lineno), "_units")


_UNBOUNDED = {"encode", "from_bytes", "to_bytes", "translate"}
"""Methods of texts and numbers that are not there: no comment needs them."""

_CONVERSION = expression(r"%(?:\([^()]*\))?[#0 +-]*(\d+|\*)?(?:\.(\d+|\*)?)?[hlL]?%?")
_KEY_WITH_BRACKETS = expression(r"%\([^()]*\(")


def _size_formatted(pattern: str, values: object) -> int:
    """The most characters that `%` can make."""
    if _KEY_WITH_BRACKETS.search(pattern):
        return LONGEST + 1
    fields = _CONVERSION.findall(pattern)
    return _size_of_fields(pattern, [width for field in fields for width in field], len(fields), values)


def _size_with_format(pattern: str, *values: object, **named: object) -> int:
    """The most characters that `format` can make."""
    fields = [field for field in Formatter().parse(pattern) if field[1] is not None]
    widths = [width for _, _, given, _ in fields for width in re.findall(r"\d+|[{]", given or "")]
    return _size_of_fields(pattern, widths, len(fields), (values, named))


def _size_of_fields(pattern: str, widths: Iterable[str], fields: int, values: object) -> int:
    """A width that is a value itself (`*` or `{}`) can be any."""
    given = sum(int(width) if width.isdigit() else LONGEST + 1 for width in widths if width)
    return len(pattern) + given + fields * (_STEP + weigh(values, LONGEST))


def _size_replaced(value: object, old: object, new: object, *_: object, **__: object) -> int:
    return str(value).count(str(old)) * len(str(new))


def _size_indented(value: object, width: int | str = 4, *_: object, **__: object) -> int:
    return len(str(value).splitlines()) * (len(width) if isinstance(width, str) else width)


def _size_wrapped(value: object, *arguments: object, wrapstring: object = None, **_: object) -> int:
    between = arguments[2] if len(arguments) > 2 else wrapstring
    return len(str(value)) * len(str(between or ""))


def _size_joined(value: Any, d: object = "", *_: object, **__: object) -> int:
    return len(value) * len(str(d))


def _time_to_round(*arguments: Any, **named: Any) -> int:
    digits: int = _argument(1, "precision")(*arguments, **named)
    return digits**2 // 64


def _time_to_wrap(value: object, width: int = 79, *_: object, **__: object) -> int:
    longest = max(map(len, str(value).splitlines()), default=0)
    return longest**2 // max(width, 1) // 256  # the rest of a long word, or of white space, is copied for each line


def _argument(position: int, name: str, default: int = 0) -> Callable[..., int]:
    """Gives the argument that says how many there will be."""
    return lambda *arguments, **named: arguments[position] if len(arguments) > position else named.get(name, default)


_FILTERS: Mapping[str, Callable[..., int]] = {
    "batch": _argument(1, "linecount"),
    "center": _argument(1, "width"),
    "indent": _size_indented,
    "join": _size_joined,
    "replace": _size_replaced,
    "slice": _argument(1, "slices"),
    "wordwrap": _size_wrapped,
}
"""The most characters or elements that a filter can make, of those that can make many of a few."""

_TIMES: Mapping[str, Callable[..., int]] = {"round": _time_to_round, "wordwrap": _time_to_wrap}
"""The units of filters that take longer than their values are long."""

_METHODS: Mapping[str, Callable[..., int]] = {
    "center": _argument(1, "width"),
    "expandtabs": lambda value, tabsize=8: value.count("\t") * tabsize,
    "format": _size_with_format,
    "format_map": _size_with_format,
    "join": lambda value, texts: len(value) * len(texts),
    "ljust": _argument(1, "width"),
    "replace": _size_replaced,
    "rjust": _argument(1, "width"),
    "zfill": _argument(1, "width"),
}
"""The same of the methods of texts."""
