"""The bytes that a change must have for a condition to hold: most changes are told without decoding a value of them."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tfc_plan_comment.plan.knowledge.attention import ATTENTION
from tfc_plan_comment.plan.knowledge.attention_rules import (
    Alone,
    Becomes,
    Destroyed,
    Falls,
    Hidden,
    Loses,
    LowersTls,
    OpensPorts,
    Policy,
    Rises,
    Together,
    TurnsOff,
    Weakening,
    Weaker,
)


class _Trace(NamedTuple):
    """Of these texts at least one stands on that side."""

    side: int
    texts: tuple[bytes, ...]


_BEFORE, _AFTER, _MARKS = range(3)

_ESCAPE = rb"\u"
"""Any letter may be written so, by whoever wrote the document, or the plan in which it stands as a string."""

_EVERYTHING = _Trace(_AFTER, (rb"\"*\"", _ESCAPE))

_POLICIES = {
    "everyone": _EVERYTHING,
    "administrator": _EVERYTHING,
    "escalation": _EVERYTHING,
    "condition": _Trace(_BEFORE, (b"Condition", _ESCAPE)),
    "deny": _Trace(_BEFORE, (b"Deny", _ESCAPE)),
    "trust": _Trace(_AFTER, (b"Principal", _ESCAPE)),
}
"""By kind, what a policy document must have besides its statements."""


def may_fire(numbers: Iterable[int], before: bytes, after: bytes, marks: bytes) -> tuple[int, ...]:
    """Those of the rules, by their numbers, of which every trace is there.

    `before` and `after` are the values of a change, `marks` says what of the latter is sensitive.
    """
    sides = (before, after, marks)
    return tuple(number for number in numbers if _are_there(_traces_of(number), sides))


def _are_there(traces: tuple[_Trace, ...], sides: tuple[bytes, bytes, bytes]) -> bool:
    for at, texts in traces:
        side = sides[at]
        for text in texts:
            if text in side:
                break
        else:
            return False
    return True


@lru_cache(maxsize=1_024)
def _traces_of(number: int) -> tuple[_Trace, ...]:
    condition = ATTENTION[number].when
    traces = [] if isinstance(condition, Together) else _traces(condition)
    return tuple(trace for trace in traces if b"" not in trace.texts)


def _traces(condition: Alone) -> list[_Trace]:
    match condition:
        case Becomes(paths=paths, values=values):
            return [_Trace(_AFTER, _names(paths)), _Trace(_AFTER, _pieces(values))]
        case Destroyed(given=given):
            return [_Trace(_BEFORE, _pieces(values.split("|"))) for _, values in given]
        case OpensPorts():
            return [_Trace(_AFTER, (b'/0"', b'"*"', b"nternet", b'"any"', b'"Any"', b'"ANY"'))]
        case Policy(kind=kind):
            return [_POLICIES[kind]]
        case Hidden():
            return [_Trace(_MARKS, (b"true",))]
        case _:
            return _traces_of_weakening(condition)


def _traces_of_weakening(condition: Weakening) -> list[_Trace]:
    match condition:
        case TurnsOff(paths=paths, value=value):
            return [_Trace(_BEFORE, _pieces([value])), _Trace(_BEFORE, _names(paths))]
        case Falls(paths=paths):
            return [_Trace(_BEFORE, _names(paths)), _Trace(_AFTER, _names(paths))]
        case LowersTls(paths=paths) | Loses(paths=paths):
            return [_Trace(_BEFORE, _names(paths))]
        case Rises(path=path):
            return [_Trace(_BEFORE, _names([path]))]
        case Weaker(key=key):
            return [_Trace(_BEFORE, (key.encode(),))]


def _names(paths: Iterable[str]) -> tuple[bytes, ...]:
    """The last names of the paths as JSON writes them."""
    return tuple(dict.fromkeys(f'"{path.rpartition(".")[2]}"'.encode() for path in paths))


def _pieces(patterns: Iterable[str]) -> tuple[bytes, ...]:
    """The longest plain piece of each pattern; empty where a pattern has none."""
    return tuple(max(re.split(r"\[[^\]]*\]|[*?]", pattern), key=len).encode() for pattern in patterns)
