"""The attributes that are sets, as far as the plan says: only HCP Terraform's redacted plan brings the schemas.

Shape: Terraform, internal/command/jsonprovider/schema.go and attribute.go.
"""

from functools import lru_cache
from typing import Any

import msgspec

from tfc_plan_comment.plan.document import NULL, ResourceChange


class _Attribute(msgspec.Struct, frozen=True):
    type: Any = None


class _BlockType(msgspec.Struct, frozen=True):
    nesting_mode: str = ""


class _Block(msgspec.Struct, frozen=True):
    attributes: dict[str, _Attribute] = {}
    block_types: dict[str, _BlockType] = {}


class _Schema(msgspec.Struct, frozen=True):
    block: _Block = _Block()


class _Provider(msgspec.Struct, frozen=True):
    resource_schemas: dict[str, msgspec.Raw] = {}
    data_source_schemas: dict[str, msgspec.Raw] = {}


class Schemas:
    """The schemas of one plan. They are large, so each is decoded when it is asked for."""

    def __init__(self, provider_schemas: msgspec.Raw = NULL) -> None:
        """Take the document as it stands in the plan; one that makes no sense is as good as none."""
        try:
            self._providers = msgspec.json.decode(provider_schemas, type=dict[str, _Provider] | None) or {}
        except msgspec.DecodeError:
            self._providers = {}
        self._sets = lru_cache(maxsize=None)(self._decode)

    def sets(self, resource: ResourceChange) -> frozenset[str] | None:
        """The attributes of the resource that are sets; None where no schema says."""
        return self._sets(resource.provider_name, resource.mode, resource.type) if self._providers else None

    def _decode(self, provider_name: str, mode: str, resource_type: str) -> frozenset[str] | None:
        provider = self._providers.get(provider_name, _Provider())
        schemas = provider.data_source_schemas if mode == "data" else provider.resource_schemas
        if resource_type not in schemas:
            return None
        try:
            block = msgspec.json.decode(schemas[resource_type], type=_Schema).block
        except msgspec.DecodeError:
            return None
        sets = {name for name, attribute in block.attributes.items() if _is_set(attribute.type)}
        return frozenset(sets | {name for name, inner in block.block_types.items() if inner.nesting_mode == "set"})


def _is_set(kind: object) -> bool:
    """True if a type is a set, such as `["set", "string"]`."""
    return isinstance(kind, list) and kind[:1] == ["set"]
