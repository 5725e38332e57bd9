"""The attributes that the configuration sets: the others of an object are its provider's.

Source: Terraform, internal/command/jsonconfig/config.go and expression.go. A `dynamic` block stands in no expressions,
so that a missing name says nothing of blocks.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from tfc_plan_comment.plan.document import ModuleConfiguration, ResourceChange

_MODULE = re.compile(r'module\.([^.\[]+)(?:\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\])?(?:\.|$)')
"""One step of a module's address, with the key of its instance: `module.region["eu.west"].`."""

_Place = tuple[tuple[str, ...], str]
"""The names of the modules on the way to a resource, and its address in the last of them."""


class Configured:
    """The names that the configuration gives values to, by resource."""

    def __init__(self, root: ModuleConfiguration) -> None:
        """The root module, with all that it calls."""
        self._root = root

    def attributes(self, resource: ResourceChange) -> frozenset[str] | None:
        """The attributes and blocks that it sets; None if the plan has no configuration of the resource."""
        modules = tuple(_MODULE.findall(resource.module_address or ""))
        prefix = "data." if resource.mode == "data" else ""
        return self._all.get((modules, f"{prefix}{resource.type}.{resource.name}"))

    @cached_property
    def _all(self) -> dict[_Place, frozenset[str]]:
        return dict(_walk(self._root))


def _walk(root: ModuleConfiguration) -> Iterator[tuple[_Place, frozenset[str]]]:
    left: list[tuple[tuple[str, ...], ModuleConfiguration]] = [((), root)]
    while left:
        names, module = left.pop()
        for resource in module.resources:
            yield (names, resource.address), frozenset(resource.expressions)
        left += [((*names, name), call.module) for name, call in module.module_calls.items()]
