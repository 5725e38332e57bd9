"""The secrets of a plan: every text that it marks as sensitive anywhere."""

from collections.abc import Iterator

import msgspec

from tfc_plan_comment.plan.document import NULL, Plan, StateModule
from tfc_plan_comment.plan.marks import Marks, fits, read_attributes, read_marks, read_value
from tfc_plan_comment.plan.values import Json, Number


def find_secrets(plan: Plan) -> Iterator[str]:
    """The texts, each perhaps several times. Raises PlanDocumentError."""
    seen: set[bytes] = set()
    for value, sensitive in _pairs(plan):
        marks = read_marks(sensitive)
        if isinstance(marks, dict) and (attributes := read_attributes(value)) is not None:
            for name, mark in marks.items():
                raw = bytes(attributes.get(name, NULL))
                if mark is True:  # most secrets stand in the state, in what was and in what will be
                    if raw in seen:
                        continue
                    seen.add(raw)
                yield from _marked_texts(read_value(msgspec.Raw(raw)), mark)
        elif marks is not None:
            yield from _marked_texts(read_value(value), marks)
    yield from _sensitive_variables(plan)


def _pairs(plan: Plan) -> Iterator[tuple[msgspec.Raw, msgspec.Raw]]:
    """All values of the plan and beside each what is sensitive in it."""
    changes = [resource.change for resource in (*plan.resource_changes, *plan.resource_drift)]
    changes += [deferred.resource_change.change for deferred in plan.deferred_changes]
    for change in (*changes, *plan.output_changes.values()):
        yield change.before, change.before_sensitive
        yield change.after, change.after_sensitive
    for invocation in (
        *plan.action_invocations,
        *(each.action_invocation for each in plan.deferred_action_invocations),
    ):
        yield invocation.config_values, invocation.config_sensitive
    yield from _in_state(plan.prior_state.values.root_module)


def _in_state(module: StateModule) -> Iterator[tuple[msgspec.Raw, msgspec.Raw]]:
    for resource in module.resources:
        yield resource.values, resource.sensitive_values
    for child in module.child_modules:
        yield from _in_state(child)


def _sensitive_variables(plan: Plan) -> Iterator[str]:
    names = {name for name, variable in plan.configuration.root_module.variables.items() if variable.sensitive}
    variables = read_value(plan.variables) if names else None
    if isinstance(variables, dict):
        for name in names & variables.keys():
            variable = variables[name]
            yield from _texts(variable.get("value") if isinstance(variable, dict) else variable)


def _marked_texts(value: Json, marks: Marks) -> Iterator[str]:
    left: list[tuple[Json, Marks]] = [(value, marks)]
    while left:
        value, marks = left.pop()
        if marks is True or not fits(marks, value):
            yield from _texts(value)
        elif isinstance(marks, dict) and isinstance(value, dict):
            left += [(value[key], mark) for key, mark in marks.items() if key in value]
        elif isinstance(marks, list) and isinstance(value, list):
            left += [(item, mark) for item, mark in zip(value, marks, strict=True) if mark is not None]


def _texts(value: Json) -> Iterator[str]:
    """The strings and numbers in a sensitive value; true, false and null are no secrets to search for."""
    left = [value]
    while left:
        match left.pop():
            case bool() | None:
                continue
            case dict() as inner:
                left += inner.values()
            case list() as items:
                left += items
            case Number(text=text):
                yield text
            case text_or_integer:
                yield str(text_or_integer)
