"""The bytes that a change must have for a condition to hold: most changes are told without decoding a value of them."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tfc_plan_comment.plan.knowledge.attention import ATTENTION, attention_rules
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


def may_fire(resource_type: str, before: bytes, after: bytes, marks: bytes) -> tuple[int, ...]:
    """The rules for the type, by their numbers, of which every trace is there.

    `before` and `after` are the values of a change, `marks` says what of the latter is sensitive.
    """
    sides = (before, after, marks)
    return tuple(number for number, traces in _of_type(resource_type) if _are_there(traces, sides))


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
def _of_type(resource_type: str) -> tuple[tuple[int, tuple[_Trace, ...]], ...]:
    whens = ((number, ATTENTION[number].when) for number in attention_rules(resource_type))
    return tuple((number, _traces(when)) for number, when in whens if not isinstance(when, Together))


@lru_cache(maxsize=1_024)
def _traces(condition: Alone) -> tuple[_Trace, ...]:
    match condition:
        case Becomes(paths=paths, values=values):
            traces = [_Trace(_AFTER, _names(paths)), _Trace(_AFTER, _pieces(values))]
        case Destroyed(given=given):
            traces = [_Trace(_BEFORE, _pieces(values.split("|"))) for _, values in given]
        case OpensPorts():
            traces = [_Trace(_AFTER, (b'/0"', b'"*"', b"nternet", b'"any"', b'"Any"', b'"ANY"'))]
        case Policy(kind=kind):
            traces = [_Trace(_BEFORE if kind in {"condition", "deny"} else _AFTER, (b"Statement",))]
        case Hidden():
            traces = [_Trace(_MARKS, (b"true",))]
        case _:
            traces = _traces_of_weakening(condition)
    return tuple(trace for trace in traces if b"" not in trace.texts)


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
