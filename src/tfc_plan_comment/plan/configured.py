"""The attributes that the configuration sets: the others of an object are its provider's. And how it repeats it.

Source: Terraform, internal/command/jsonconfig/config.go and expression.go. A `dynamic` block stands in no expressions,
so that a missing name says nothing of blocks.
"""

from functools import cache, lru_cache

import msgspec

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.document import ABSENT, ModuleConfiguration, ResourceChange
from tfc_plan_comment.plan.marks import read_attributes
from tfc_plan_comment.plan.unreadable import UNREADABLE

_STEP = expression(r'module\.([^.\[]+)(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.?')
"""One step of a module's address, with the key of its instance: `module.region["eu.west"].`."""

Place = tuple[tuple[str, ...], str]
"""The names of the modules on the way to a resource, and its address in the last of them."""


class Repetition(msgspec.Struct, frozen=True):
    """The argument that makes several instances of a resource, empty for one without; and its `count` if it is plain.

    A count that is no plain number, such as `length(var.zones)`, stands in no plan.
    """

    argument: str = ""
    count: int | None = None


class _Resource(msgspec.Struct, frozen=True, gc=False):
    address: str = ""
    expressions: msgspec.Raw = msgspec.Raw(b"{}")
    count_expression: msgspec.Raw = ABSENT
    for_each_expression: msgspec.Raw = ABSENT


class _Module(msgspec.Struct, frozen=True, gc=False):
    """A module as it stands in the plan: of a large one, few are ever asked for."""

    resources: msgspec.Raw = ABSENT
    module_calls: msgspec.Raw = ABSENT


class _ModuleCall(msgspec.Struct, frozen=True):
    module: _Module = _Module()


class _Constant(msgspec.Struct, frozen=True):
    constant_value: int | None = None


_CONSTANT = msgspec.json.Decoder(_Constant)
_RESOURCES = msgspec.json.Decoder(tuple[_Resource, ...])
_CALLS = msgspec.json.Decoder(dict[str, _ModuleCall])


class Configured:
    """The configuration's resources, with the expressions that set their attributes and blocks."""

    def __init__(self, root: ModuleConfiguration) -> None:
        """Take the root module as it stands in the plan, to read it when somebody asks."""
        self._root = _Module(resources=root.resources, module_calls=root.module_calls)
        self._names: dict[Place, frozenset[str] | None] = {}
        self._resources_in = cache(self._read_resources)
        self._calls_in = cache(self._read_calls)

    def expressions(self, place: Place) -> msgspec.Raw | None:
        """The expressions of a resource, by the name that they set; None if the plan has no configuration of it."""
        found = self._find(place)
        return None if found is None else found.expressions

    def attributes(self, resource: ResourceChange) -> frozenset[str] | None:
        """The names of the attributes and blocks that it sets; None if the plan has no configuration of it."""
        place = place_of(resource)
        if place not in self._names:
            found = self._find(place)
            self._names[place] = None if found is None else _names_in(bytes(found.expressions))
        return self._names[place]

    def repetition(self, resource: ResourceChange) -> Repetition | None:
        """The way in which it is repeated; None if the plan has no configuration of it."""
        found = self._find(place_of(resource))
        if found is None:
            return None
        if found.count_expression != ABSENT:
            return Repetition("count", _plain_number(found.count_expression))
        return Repetition("for_each" if found.for_each_expression != ABSENT else "")

    def _find(self, place: Place) -> _Resource | None:
        modules, address = place
        return self._resources_in(modules).get(address)

    def _read_resources(self, modules: tuple[str, ...]) -> dict[str, _Resource]:
        """Those of a module by their addresses in it. A part that makes no sense is as good as none."""
        try:
            resources = _RESOURCES.decode(self._module(modules).resources)
        except UNREADABLE:
            return {}
        return {each.address: each for each in resources}

    def _read_calls(self, modules: tuple[str, ...]) -> dict[str, _ModuleCall]:
        try:
            return _CALLS.decode(self._module(modules).module_calls)
        except UNREADABLE:
            return {}

    def _module(self, modules: tuple[str, ...]) -> _Module:
        module = self._root
        for depth, name in enumerate(modules):
            call = self._calls_in(modules[:depth]).get(name)
            if call is None:
                return _Module()
            module = call.module
        return module


@lru_cache(maxsize=1_024)  # the resources of a module that is called often have the same
def _names_in(expressions: bytes) -> frozenset[str] | None:
    found = read_attributes(msgspec.Raw(expressions))
    return None if found is None else frozenset(found)


def _plain_number(expression: msgspec.Raw) -> int | None:
    try:
        return _CONSTANT.decode(expression).constant_value
    except UNREADABLE:
        return None


def place_of(resource: ResourceChange) -> Place:
    """The place of the resource in the configuration: the same for all its instances."""
    modules = _modules_in(resource.module_address) if resource.module_address else ()
    return modules, f"{'data.' if resource.mode == 'data' else ''}{resource.type}.{resource.name}"


@lru_cache(maxsize=1_024)  # the resources of a module stand together
def _modules_in(address: str) -> tuple[str, ...]:
    return tuple(_STEP.findall(address))
