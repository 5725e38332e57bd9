"""The secrets of a plan that must not come out of it, found without the program that hides them."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, lru_cache
from html import unescape
from itertools import chain
from typing import Any
from urllib.parse import unquote

from texts import SECRETS


def hidden_secrets(plan: Any) -> list[str]:
    """The secrets that must stand nowhere in what is written of the plan.

    They are those that the plan marks as a whole somewhere, or as a part of a document, and those that stand only in
    what it marks. What is a name out of the configuration is no secret, nor is the default of a variable; a redacted
    plan has none at all.
    """
    if not isinstance(plan, dict) or plan.get("plan_format_version") is not None:
        return []
    marked: list[str] = []
    hidden: list[str] = []
    values: set[int] = set()
    rest: list[str] = []
    names: list[str] = []
    for value, own, other in _values(plan):
        values.add(id(value))
        names += value if isinstance(value, dict) else ()
        marked += (part for text in _marked(value, own) for part in (text, *_parts(text)))
        for text, is_hidden in _texts_and_marks(value, own, other):
            (hidden if is_hidden else rest).append(text)
    rest += _texts(plan, but=values)
    names += _names(plan, values)
    return [
        secret
        for secret in SECRETS
        if not _may_stand_in(secret, "\n".join(names))
        and (secret in marked or (stands_in(secret, "\n".join(hidden)) and not _may_stand_in(secret, "\n".join(rest))))
    ]


def stands_in(secret: str, text: str) -> bool:
    """True if it stands there in any spelling that people use."""
    return any(
        (secret in reading and not is_joined) or any(form in reading for form in _encoded(secret))
        for reading, is_joined in _readings(text).items()
    )


def _may_stand_in(secret: str, text: str) -> bool:
    """True also if a reading of it has changed the secret, of which a part looks like an escape."""
    return any(stands_in(read(secret), text) for read in (str, unescape, unquote, _without_backslashes))


@cache
def _encoded(secret: str) -> frozenset[str]:
    """What stands in the base64 of any text with the secret in it, once and twice."""
    once = _base64_forms(secret)
    return frozenset((*once, *chain.from_iterable(map(_base64_forms, once))))


@lru_cache(maxsize=16)
def _readings(text: str) -> dict[str, bool]:
    """The text as it stands, and with what is around and between its letters taken away, step by step.

    Beside each stands whether lines are joined in it, which belong together in base64 alone. It is kept for a while,
    because one secret after the other is looked for in the same text.
    """
    readings = {text: False}
    for _ in range(3):
        before = text
        for read in (_without_breaks, unescape, unquote, _without_backslashes):
            text = read(text)
            readings[text] = False
        readings.setdefault(_BETWEEN.sub(_without_folds, text), True)
        if text == before:
            break
    return readings


_BREAKS = re.compile(r"<wbr>|</?code>")
_BETWEEN = re.compile(r"""(?:^[-+!]? *│ ?|[\s"',\\>|])+""", re.MULTILINE)
"""What stands between the lines of a text in base64, in a diff of ours as well."""
_BACKSLASH = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([^u]))")


def _without_folds(found: re.Match[str]) -> str:
    """Nothing for what ends a line; quotes and the like within one belong to it."""
    return "" if found[0].strip("\"',\\>|") else found[0]


def _without_breaks(text: str) -> str:
    return _BREAKS.sub("", text)


def _without_backslashes(text: str) -> str:
    return _BACKSLASH.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)


def _base64_forms(text: str) -> list[str]:
    """The letters that stand in the base64 of anything with this text in it: there are three ways, in two alphabets."""
    content = text.encode()
    forms = []
    for before in range(3):
        encoded = b64encode(bytes(before) + content).decode()
        whole = encoded[(before * 8 + 5) // 6 : (before + len(content)) * 8 // 6]
        forms += [whole, whole.replace("+", "-").replace("/", "_")]
    return forms


def _values(plan: dict[str, Any]) -> Iterator[tuple[Any, Any, Any]]:
    """The values in the plan, each with the marks beside it, and those of the other side, which hide it as well."""
    for change in _changes(plan):
        before, after = _pruned(_at(change, "before_sensitive")), _pruned(_at(change, "after_sensitive"))
        yield _at(change, "before"), before, after
        yield _at(change, "after"), after, before
    invocations = _list(plan, "action_invocations")
    invocations += [_at(each, "action_invocation") for each in _list(plan, "deferred_action_invocations")]
    for invocation in invocations:
        yield _at(invocation, "config_values"), _pruned(_at(invocation, "config_sensitive")), None
    modules = [_at(plan, "prior_state", "values", "root_module")]
    while modules:
        module = modules.pop()
        modules += _list(module, "child_modules")
        for resource in _list(module, "resources"):
            yield _at(resource, "values"), _pruned(_at(resource, "sensitive_values")), None
    declared, variables = _at(plan, "configuration", "root_module", "variables"), _at(plan, "variables")
    if isinstance(declared, dict) and isinstance(variables, dict):
        for name, variable in variables.items():
            yield _at(variable, "value"), _pruned(_at(declared, name, "sensitive")), None


def _changes(plan: dict[str, Any]) -> list[Any]:
    """The changes of resources and outputs."""
    resources = [*_list(plan, "resource_changes"), *_list(plan, "resource_drift")]
    resources += [_at(deferred, "resource_change") for deferred in _list(plan, "deferred_changes")]
    outputs = _at(plan, "output_changes")
    return [
        *(_at(resource, "change") for resource in resources),
        *(outputs.values() if isinstance(outputs, dict) else ()),
    ]


def _at(value: Any, *steps: str) -> Any:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _list(value: Any, step: str) -> list[Any]:
    items = _at(value, step)
    return list(items) if isinstance(items, list) else []


def _pruned(marks: Any) -> Any:
    """The marks without those that mark nothing: None if none is left."""
    match marks:
        case dict():
            return {key: inner for key, mark in marks.items() if (inner := _pruned(mark)) is not None} or None
        case list():
            inner = [_pruned(mark) for mark in marks]
            return inner if any(mark is not None for mark in inner) else None
        case None | False:
            return None
        case _:
            return True


def _marked(value: Any, marks: Any) -> Iterator[str]:
    """The texts in the value that the marks beside it mark; keys are none."""
    match value, marks:
        case _, None:
            return
        case dict(), dict():
            yield from chain.from_iterable(_marked(value[key], mark) for key, mark in marks.items() if key in value)
        case list(), list() if len(value) == len(marks):
            yield from chain.from_iterable(map(_marked, value, marks))
        case _:
            yield from _values_in(value)


def _parts(text: str) -> Iterator[str]:
    """What a marked document holds: the texts of JSON, what is called a password in a line, and what base64 says."""
    with suppress(ValueError, RecursionError):
        yield from _values_in(json.loads(text))
    for secret in SECRETS:
        if secret in text and _named(secret).search(text):
            yield secret
    with suppress(ValueError):
        decoded = b64decode("".join(text.split()), validate=True).decode()
        yield decoded
        yield from _parts(decoded) if decoded else ()


@cache
def _named(secret: str) -> re.Pattern[str]:
    """The secret behind the name of a password, up to where `texts.LINES` end it."""
    return re.compile(rf"password(?: ?[=:] ?|(?<=--password) ){re.escape(secret)}(?=[\s;)\]]|$)", re.IGNORECASE)


def _values_in(document: Any) -> Iterator[str]:
    """The texts in it that are no keys."""
    match document:
        case str():
            yield document
        case dict():
            yield from chain.from_iterable(map(_values_in, document.values()))
        case list():
            yield from chain.from_iterable(map(_values_in, document))


def _texts_and_marks(value: Any, own: Any, other: Any) -> Iterator[tuple[str, bool]]:
    """The keys and texts in it, and of each whether it is marked: all are where its own marks do not fit it."""
    match value, own, other:
        case (_, True, _) | (_, _, True):
            yield from ((text, True) for text in _texts(value))
        case dict(), None | dict(), _:
            for key, item in value.items():
                yield key, False
                yield from _texts_and_marks(item, _mark_at(own, key), _mark_at(other, key))
        case list(), None | list(), _ if own is None or len(own) == len(value):
            for index, item in enumerate(value):
                yield from _texts_and_marks(item, _mark_at(own, index), _mark_at(other, index))
        case str(), None, _:
            yield value, False
        case _:
            yield from ((text, True) for text in _texts(value))


def _mark_at(marks: Any, step: str | int) -> Any:
    if isinstance(marks, dict):
        return marks.get(step)
    return marks[step] if isinstance(marks, list) and isinstance(step, int) and step < len(marks) else None


def _texts(value: Any, but: set[int] | frozenset[int] = frozenset()) -> Iterator[str]:
    """The keys and texts in it, without those values."""
    left = [value]
    while left:
        match left.pop():
            case found if id(found) in but and isinstance(found, dict | list | str):
                continue
            case str() as text:
                yield text
            case dict() as found:
                yield from found
                left += found.values()
            case list() as found:
                left += found


_NAMES = frozenset(
    (
        *("type", "name", "mode", "provider_name", "kind", "actions", "status", "reason", "action_reason", "deposed"),
        *("default", "terraform_version", "action_trigger_event"),
    )
)
_KEYS = re.compile(r'\["(?:[^"\\]|\\.)*"\]')


def _names_beside(plan: dict[str, Any]) -> Iterator[str]:
    """The names of attributes which stand beside the values alone."""
    for change in _changes(plan):
        for beside in ("after_unknown", "before_sensitive", "after_sensitive"):
            yield from _at(change, beside) if isinstance(_at(change, beside), dict) else ()
        yield from _texts(_at(change, "replace_paths"))


def _names(plan: dict[str, Any], values: set[int]) -> Iterator[str]:
    """The names out of the configuration, and words of Terraform's, which are shown as they are."""
    for section in ("output_changes", "variables"):
        yield from plan[section] if isinstance(plan.get(section), dict) else ()
    yield from _names_beside(plan)
    left: list[Any] = [plan]
    while left:
        match left.pop():
            case found if id(found) in values:
                continue
            case dict() as found:
                for key, item in found.items():
                    if id(item) in values:
                        continue
                    if key in _NAMES:
                        yield from _texts(item)
                    elif isinstance(item, str):
                        yield _KEYS.sub("", item)
                    else:
                        left.append(item)
            case list() as found:
                left += found
