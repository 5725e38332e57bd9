"""Plans that are less kind than one real plan many times over: nothing in them is alike, and much of it is to be read.

Each shape makes the parts of one module out of a real plan and the module's number.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import estate

Resource = dict[str, Any]


Maker = Callable[[list[Resource], int], list[Resource]]


def _nothing(_changes: list[Resource], _number: int) -> list[Resource]:
    return []


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """The parts of one module of a plan, made out of the changes of a real one and the module's number."""

    changes: Maker
    drift: Maker = _nothing
    prior_state: Maker | None = None
    """Those of the real plan where the shape has none of its own."""
    planned_values: Maker | None = None
    configuration: Callable[[], Resource] | None = None
    module: str = "m"
    """The beginning of the modules' names; a number follows."""


def vary(value: Any, number: int) -> Any:
    """The value with the number in each of its texts, those inside of JSON documents as well."""
    match value:
        case dict():
            return {key: vary(item, number) for key, item in value.items()}
        case list():
            return [vary(item, number) for item in value]
        case str() if value[:1] in {"{", "["}:
            return json.dumps(vary(json.loads(value), number))
        case str() if value:
            return f"{value}-{number}"
        case _:
            return value


def _different(changes: list[Resource], number: int) -> list[Resource]:
    """The changes, each with values of its own."""
    return [{**each, "change": _vary_change(each["change"], number)} for each in changes]


def _vary_change(change: dict[str, Any], number: int) -> dict[str, Any]:
    """The change with other values, but for its secrets: most plans have few."""
    return {**change, **{side: _vary_side(change, side, number) for side in ("before", "after")}}


def _vary_side(change: dict[str, Any], side: str, number: int) -> Any:
    marks = change[f"{side}_sensitive"]
    secret = {name for name, mark in marks.items() if mark is True} if isinstance(marks, dict) else set()
    value = change[side]
    if not isinstance(value, dict):
        return value
    return {name: item if name in secret else vary(item, number) for name, item in value.items()}


def _drifted(changes: list[Resource], number: int) -> list[Resource]:
    """Each object that there is, changed outside: every text of it was another one."""
    there = [each for each in changes if each["change"]["before"]]
    return [{**each, "change": _drift(each["change"]["before"], number)} for each in there]


def _drift(before: Any, number: int) -> dict[str, Any]:
    return {"actions": ["update"], "before": vary(before, -number), "after": vary(before, number)}


def _secret(number: int) -> str:
    """A token that nobody guesses, another one for each number."""
    return sha256(f"token {number}".encode()).hexdigest()[:32]


def _secrets(changes: list[Resource], number: int) -> list[Resource]:
    """A sensitive value in each object, and the same one in the text of another attribute."""
    return [
        {
            **each,
            "change": {
                **change,
                "before": {**change["before"], "password": _secret(number), "url": f"https://u:{_secret(number)}@h"},
                "before_sensitive": {"password": True},
            },
        }
        for each in changes
        if isinstance((change := _vary_change(each["change"], number))["before"], dict)
    ]


def _documents(changes: list[Resource], number: int) -> list[Resource]:
    """Changes of long texts: a script of two hundred lines, of which every tenth changes, and a policy."""
    lines = [f"line {line} of {number}" for line in range(200)]
    after = [f"{line}, changed" if place % 10 == 0 else line for place, line in enumerate(lines)]
    policy = [{"Sid": f"S{place}", "Action": [f"s3:{number}"], "Effect": "Allow"} for place in range(20)]
    was, will_be = {"Statement": policy}, {"Statement": [*policy[1:], {"Sid": "New", "Effect": "Deny"}]}
    change = {
        "actions": ["update"],
        "before": {"script": "\n".join(lines), "policy": json.dumps(was)},
        "after": {"script": "\n".join(after), "policy": json.dumps(will_be)},
    }
    return [{**changes[0], "change": change}]


ALIKE = Shape(changes=lambda changes, _number: changes)
"""The same changes in each module."""

ESTATE = Shape(
    changes=lambda _changes, number: estate.changes(number),
    drift=lambda _changes, number: estate.drift(number),
    prior_state=lambda _changes, number: estate.prior_state(number),
    planned_values=lambda _changes, number: estate.planned_values(number),
    configuration=estate.configuration,
    module="payment_service_",
)
"""Objects of usual size, with a few changes each."""

SHAPES = {
    "a large estate, with drift": ESTATE,
    "different changes, with drift": Shape(changes=_different, drift=_drifted),
    "many secrets": Shape(changes=_secrets),
    "long documents": Shape(changes=_documents),
}
"""By what is said of them in the table."""
