"""No secret gets past this module: everything shown of a plan's values comes out of a `Mask`.

A value is masked by path, where the plan marks it as sensitive, and by value: what is marked anywhere in the plan
is masked wherever else it turns up, for providers copy secrets into attributes that nobody marked. Terraform itself
masks by path only.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from tfc_plan_comment.plan.document import NULL, Change, Plan
from tfc_plan_comment.plan.values import (
    MAX_DEPTH,
    UNKNOWN,
    Json,
    Number,
    Sensitive,
    Value,
    identity,
    read_json,
    write_json,
)

SHORTEST_SECRET = 6
"""A shorter sensitive value is masked where it is marked, but not searched for elsewhere: it would be found in
half of all words."""


class Mask:
    """Knows what is sensitive in one plan, and turns its raw values into ones that may be shown."""

    def __init__(self, secrets: Iterable[str] = (), redact: tuple[re.Pattern[str], ...] = ()) -> None:
        """`secrets` are the sensitive texts, `redact` the user's patterns of further ones."""
        self._redact = redact
        self._tokens: dict[bytes, int] = {}
        # By their first characters: a search costs one look-up for each place, however many secrets there are.
        self._secrets: dict[str, list[str]] = {}
        long_enough = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
        for secret in sorted({*long_enough, *map(_as_in_json, long_enough)}, key=lambda text: (-len(text), text)):
            self._secrets.setdefault(secret[:SHORTEST_SECRET], []).append(secret)

    @classmethod
    def of(cls, plan: Plan, redact: tuple[re.Pattern[str], ...] = ()) -> "Mask":
        """The mask for everything in the plan that may be shown."""
        return cls(_secrets_of(plan), redact)

    def sides(self, change: Change) -> tuple[Value, Value]:
        """What was and what will be, ready to be shown. What one side marks is hidden on both, as in Terraform."""
        before, after = _marks(change.before_sensitive), _marks(change.after_sensitive)
        return (
            self._merge(_read(change.before), _Marks(before, after, None), depth=0),
            self._merge(_read(change.after), _Marks(after, before, _marks(change.after_unknown)), depth=0),
        )

    def value(self, raw: msgspec.Raw, sensitive: msgspec.Raw, unknown: msgspec.Raw) -> Value:
        """One value ready to be shown, out of the raw document and the trees of what is sensitive and unknown in it."""
        return self._merge(_read(raw), _Marks(_marks(sensitive), None, _marks(unknown)), depth=0)

    def text(self, text: str) -> str:
        """The text with every secret in it replaced. Different secrets get different words, so a change still shows."""
        pieces: list[str] = []
        shown = position = 0
        while position <= len(text) - SHORTEST_SECRET:
            if found := self._secret_at(text, position):
                pieces += text[shown:position], self._word(found)
                position = shown = position + len(found)
            else:
                position += 1
        masked = "".join([*pieces, text[shown:]])
        for pattern in self._redact:
            masked = pattern.sub(lambda match: self._word(match.group()), masked)
        return masked

    def _secret_at(self, text: str, position: int) -> str | None:
        candidates = self._secrets.get(text[position : position + SHORTEST_SECRET], ())
        return next((secret for secret in candidates if text.startswith(secret, position)), None)

    def _word(self, secret: str) -> str:
        return f"(sensitive value {self._token(secret)})"

    def _token(self, value: Json) -> int:
        return self._tokens.setdefault(identity(value), len(self._tokens) + 1)

    def _merge(self, value: Json, marks: "_Marks", *, depth: int) -> Value:
        if value is None and (marks.unknown is True or not _any_true(marks.unknown)):
            return UNKNOWN if marks.unknown is True else None
        is_deep = depth == MAX_DEPTH and isinstance(value, list | dict)
        is_marked = marks.sensitive is True or not _fits(marks.sensitive, value)
        if is_marked or marks.other_side is True or (is_deep and _any_true([marks.sensitive, marks.other_side])):
            return Sensitive(self._token(value), is_marked=is_marked)
        if is_deep:
            return self._string(write_json(value))
        if isinstance(value, dict) or (value is None and isinstance(marks.unknown, dict)):
            return self._merge_object(value or {}, marks, depth=depth + 1)
        if isinstance(value, list) or (value is None and isinstance(marks.unknown, list)):
            return self._merge_list(value or [], marks, depth=depth + 1)
        return self._leaf(value)

    def _merge_object(self, value: dict[str, Json], marks: "_Marks", *, depth: int) -> Value:
        unknown = marks.unknown if isinstance(marks.unknown, dict) else {}
        merged: dict[str, Value] = {}
        for key in value | {key: None for key, mark in unknown.items() if _any_true(mark)}:
            name = key if depth == 1 else self.text(key)  # the attributes' own names come from the provider's schema
            merged[name] = self._merge(value.get(key), marks.of(key), depth=depth)
        return merged

    def _merge_list(self, value: list[Json], marks: "_Marks", *, depth: int) -> Value:
        unknown = marks.unknown if isinstance(marks.unknown, list) else []
        items = value + [None] * (len(unknown) - len(value))
        return [self._merge(item, marks.of(index), depth=depth) for index, item in enumerate(items)]

    def _leaf(self, value: Json) -> Value:
        match value:
            case bool() | None:
                return value
            case str():
                return self._string(value)
            case _:
                number = value if isinstance(value, Number) else Number.read(str(value))
                return Sensitive(self._token(number), is_marked=False) if self._secret_at(number.text, 0) else number

    def _string(self, text: str) -> Value:
        if self._secret_at(text, 0) == text:
            return Sensitive(self._token(text), is_marked=False)
        return self.text(text)


@dataclass(frozen=True, slots=True)
class _Marks:
    """The trees beside a value: what of it is sensitive, what of the other side's is, and what is unknown."""

    sensitive: Json
    other_side: Json
    unknown: Json

    def of(self, step: str | int) -> "_Marks":
        return _Marks(_child(self.sensitive, step), _child(self.other_side, step), _child(self.unknown, step))


def _child(marks: Json, step: str | int) -> Json:
    if isinstance(marks, dict) and isinstance(step, str):
        return marks.get(step)
    if isinstance(marks, list) and isinstance(step, int):
        return marks[step] if step < len(marks) else None
    return None


def _fits(sensitive: Json, value: Json) -> bool:
    """Whether the marks have the value's shape; where they do not, nobody knows what they mark."""
    if value is None or not _any_true(sensitive):
        return True
    if isinstance(sensitive, dict):
        return isinstance(value, dict)
    return isinstance(sensitive, list) and isinstance(value, list) and len(sensitive) <= len(value)


def _any_true(marks: Json) -> bool:
    match marks:
        case dict():
            return any(_any_true(mark) for mark in marks.values())
        case list():
            return any(_any_true(mark) for mark in marks)
        case _:
            return marks is True


def _read(raw: msgspec.Raw) -> Json:
    return read_json(bytes(raw)) if bytes(raw) else None


def _marks(raw: msgspec.Raw) -> Json:
    """The tree of marks; most have none, and need no decoding."""
    return read_json(bytes(raw)) if b"true" in bytes(raw) else None


def _as_in_json(text: str) -> str:
    return write_json(text)[1:-1]


def _secrets_of(plan: Plan) -> Iterator[str]:
    changes = [resource.change for resource in (*plan.resource_changes, *plan.resource_drift)]
    changes += [deferred.resource_change.change for deferred in plan.deferred_changes]
    for change in (*changes, *plan.output_changes.values()):
        yield from _sensitive_texts(change.before, change.before_sensitive)
        yield from _sensitive_texts(change.after, change.after_sensitive)
    invocations = [*plan.action_invocations, *(each.action_invocation for each in plan.deferred_action_invocations)]
    for invocation in invocations:
        yield from _sensitive_texts(invocation.config_values, invocation.config_sensitive)
    yield from _sensitive_variables(plan)


def _sensitive_variables(plan: Plan) -> Iterator[str]:
    names = {name for name, variable in plan.configuration.root_module.variables.items() if variable.sensitive}
    if not names or not bytes(plan.variables):
        return
    variables = msgspec.json.decode(plan.variables, type=dict[str, dict[str, msgspec.Raw]])
    for name in names & variables.keys():
        yield from _texts(_read(variables[name].get("value", NULL)))


def _sensitive_texts(raw: msgspec.Raw, sensitive: msgspec.Raw) -> Iterator[str]:
    if marks := _marks(sensitive):
        yield from _marked_texts(_read(raw), marks)


def _marked_texts(value: Json, marks: Json) -> Iterator[str]:
    if marks is True or not _fits(marks, value):
        yield from _texts(value)
    elif isinstance(marks, dict) and isinstance(value, dict):
        for key in marks.keys() & value.keys():
            yield from _marked_texts(value[key], marks[key])
    elif isinstance(marks, list) and isinstance(value, list):
        for item, mark in zip(value, marks, strict=False):
            yield from _marked_texts(item, mark)


def _texts(value: Json) -> Iterator[str]:
    """The strings and numbers in a sensitive value; true, false and null are no secrets to search for."""
    match value:
        case bool() | None:
            return
        case dict():
            for item in value.values():
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)
        case Number():
            yield value.text
        case _:
            yield str(value)
