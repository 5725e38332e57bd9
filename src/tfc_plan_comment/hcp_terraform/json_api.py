"""The parts of a JSON:API document that every resource of HCP Terraform has; all but the id may be missing."""

from msgspec import Struct


class ResourceIdentifier(Struct):
    """What a relationship points to."""

    id: str


class ToOne(Struct):
    """A relationship to one resource, or to none."""

    data: ResourceIdentifier | None = None


def id_of(relationship: ToOne | None) -> str | None:
    """The id of what a relationship points to, if it points to anything."""
    return relationship.data.id if relationship and relationship.data else None


class ToMany(Struct):
    """A relationship to any number of resources."""

    data: list[ResourceIdentifier] | None = None


def ids_of(relationship: ToMany | None) -> tuple[str, ...]:
    """The ids of what a relationship points to."""
    return tuple(each.id for each in (relationship.data or ())) if relationship else ()
