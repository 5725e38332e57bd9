"""The secrets of a plan: what it marks as sensitive anywhere, as far as it is a secret to search for elsewhere."""

import json
import re
from collections.abc import Iterator

import msgspec

from tfc_plan_comment.errors import PlanDocumentError
from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.document import NULL, Plan, StateModule
from tfc_plan_comment.plan.marks import Marks, fits, read_attributes, read_marks, read_value
from tfc_plan_comment.plan.secrets.document_parts import Part, Place, take_apart, take_value_apart
from tfc_plan_comment.plan.secrets.looks import Kind, judge
from tfc_plan_comment.plan.values import Json
from tfc_plan_comment.unprinted import Unprinted


class Secrets(Unprinted, frozen=True):
    """The texts to search for, by where they are searched for."""

    looks: set[str] = msgspec.field(default_factory=set)
    names: set[str] = msgspec.field(default_factory=set)
    words: set[str] = msgspec.field(default_factory=set)


def find_secrets(plan: Plan) -> Secrets:
    """The secrets of the plan. Raises PlanDocumentError.

    The default of a sensitive variable stands in the configuration, for everybody to read: it is no secret.
    """
    defaults = {text for text, _ in _defaults(plan)}
    secrets = Secrets()
    by_kind = {Kind.LOOKS: secrets.looks, Kind.NAME: secrets.names, Kind.WORD: secrets.words}
    judged: set[Part] = set()
    for part in _marked(plan):
        if part in judged:
            continue
        judged.add(part)
        text, place = part
        if text not in defaults and (kind := judge(text, place.name, place.of_type)):
            by_kind[kind].add(text)
    return secrets


def _marked(plan: Plan) -> Iterator[Part]:
    """The parts of all that is marked, each perhaps several times."""
    seen: set[tuple[str, str, bytes]] = set()
    unmarked: dict[str, msgspec.Raw] = {}
    for value, sensitive, name, of_type in _pairs(plan):
        # Most objects of a type have the same marks as the last one, and to compare them takes less than to read them.
        if unmarked.get(of_type) == sensitive:
            continue
        marks = read_marks(sensitive)
        if marks is None:
            unmarked[of_type] = sensitive
            continue
        if isinstance(marks, dict) and (attributes := read_attributes(value)) is not None:
            for attribute, mark in marks.items():
                raw = bytes(attributes.get(attribute, NULL))
                if mark is True:  # most secrets stand in the state, in what was and in what will be
                    if (attribute, of_type, raw) in seen:
                        continue
                    seen.add((attribute, of_type, raw))
                yield from _marked_parts(read_value(msgspec.Raw(raw)), mark, Place(attribute, of_type))
        else:
            yield from _marked_parts(read_value(value), marks, Place(name, of_type))
    yield from _sensitive_variables(plan)
    for broken in plan.broken:
        yield from _broken_parts(broken)


def _broken_parts(raw: msgspec.Raw) -> Iterator[Part]:
    """The parts of what is malformed: perhaps it is marked, and perhaps it is what marks."""
    try:
        yield from take_value_apart(read_value(raw), Place())
    except PlanDocumentError:
        yield from _parts_of_strings(raw)


def _parts_of_strings(raw: msgspec.Raw) -> Iterator[Part]:
    """The same of what is no JSON: nobody knows which of its strings are names."""
    for text in _STRING.findall(bytes(raw).decode(errors="replace")):
        try:
            yield from take_apart(json.loads(text, strict=False), Place())
        except ValueError:  # an escape is broken
            yield from take_apart(text.strip('"'), Place())


_STRING = expression(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def _pairs(plan: Plan) -> Iterator[tuple[msgspec.Raw, msgspec.Raw, str, str]]:
    """All values of the plan, beside each what is sensitive in it, and the name and type of where it stands."""
    resources = [*plan.resource_changes, *plan.resource_drift]
    resources += [deferred.resource_change for deferred in plan.deferred_changes]
    changes = [(each.change, "", each.type) for each in resources]
    changes += [(change, name, "") for name, change in plan.output_changes.items()]
    for change, name, of_type in changes:
        yield change.before, change.before_sensitive, name, of_type
        yield change.after, change.after_sensitive, name, of_type
    for invocation in (
        *plan.action_invocations,
        *(each.action_invocation for each in plan.deferred_action_invocations),
    ):
        yield invocation.config_values, invocation.config_sensitive, "", ""
    yield from _in_state(plan.prior_state.values.root_module)


def _in_state(module: StateModule) -> Iterator[tuple[msgspec.Raw, msgspec.Raw, str, str]]:
    for resource in module.resources:
        yield resource.values, resource.sensitive_values, "", resource.type
    for child in module.child_modules:
        yield from _in_state(child)


def _sensitive_variables(plan: Plan) -> Iterator[Part]:
    """Those that the configuration marks; all of them, if it cannot be read."""
    is_broken = any(place.startswith("configuration") for place in plan.unread)
    declared = plan.configuration.root_module.variables
    names = {name for name, variable in declared.items() if variable.sensitive}
    variables = read_value(plan.variables) if names or is_broken else None
    if isinstance(variables, dict):
        for name in variables if is_broken else names & variables.keys():
            variable = variables[name]
            yield from take_value_apart(variable.get("value") if isinstance(variable, dict) else variable, Place(name))


def _defaults(plan: Plan) -> Iterator[Part]:
    for name, variable in plan.configuration.root_module.variables.items():
        if variable.sensitive:
            yield from take_value_apart(read_value(variable.default), Place(name))


def _marked_parts(value: Json, marks: Marks, place: Place) -> Iterator[Part]:
    left: list[tuple[Json, Marks, Place]] = [(value, marks, place)]
    while left:
        value, marks, place = left.pop()
        if marks is True or not fits(marks, value):
            yield from take_value_apart(value, place)
        elif isinstance(marks, dict) and isinstance(value, dict):
            left += [(value[key], mark, Place(key, place.of_type)) for key, mark in marks.items() if key in value]
        elif isinstance(marks, list) and isinstance(value, list):
            left += [(item, mark, place) for item, mark in zip(value, marks, strict=True) if mark is not None]
