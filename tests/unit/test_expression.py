"""Expressions that are compiled when a text needs them."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest

import tfc_plan_comment
from tfc_plan_comment.expression import expression

LAZY = type(expression(""))


def all_expressions() -> Iterator[tuple[str, Any]]:
    """Each one that stands in a module, by itself or in a container, with the module's name."""
    for module in pkgutil.walk_packages(tfc_plan_comment.__path__, "tfc_plan_comment."):
        if module.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            inside = value if isinstance(value, tuple | list | dict) else [value]
            yield from ((module.name, each) for each in inside if isinstance(each, LAZY))


def test_nothing_is_compiled_before_it_is_asked_for() -> None:
    """Not even a broken one is, whose pattern others may go on with."""
    broken = expression("(")

    assert broken.pattern == "("
    with pytest.raises(re.error):
        broken.search("")


def test_it_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was asked for once is kept, so that it is as fast as if it had been compiled in the beginning."""
    once = expression("b+")
    first = once.search

    monkeypatch.setattr(re, "compile", pytest.fail)
    assert once.search is first


@pytest.mark.parametrize(("pattern", "flags", "text"), [("B+", re.IGNORECASE, "abba"), (rb"b+", 0, b"abba")])
def test_it_does_what_a_compiled_one_does(pattern: Any, flags: int, text: Any) -> None:
    """With its flags, and of bytes as well as of texts."""
    lazy, compiled = expression(pattern, flags), re.compile(pattern, flags)

    assert lazy.findall(text) == compiled.findall(text) != []
    assert [each.span() for each in lazy.finditer(text, 1)] == [each.span() for each in compiled.finditer(text, 1)]
    assert lazy.sub(pattern[:0], text) == compiled.sub(pattern[:0], text)
    assert (lazy.flags, lazy.groups) == (compiled.flags, compiled.groups)


def test_all_of_ours_can_be_compiled() -> None:
    """A mistake in one would show only with the text that needs it."""
    found = list(all_expressions())

    assert len(found) > 100
    for name, each in found:
        assert each.groups >= 0, name
