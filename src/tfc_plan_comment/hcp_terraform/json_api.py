"""The shapes of a JSON:API document, which every resource of HCP Terraform has, and the paths to them.

Of a relationship all but the id may be missing.
"""

from typing import Generic, TypeVar
from urllib.parse import quote

from msgspec import Struct

Attributes = TypeVar("Attributes")
Relationships = TypeVar("Relationships")


class ResourceIdentifier(Struct):
    """The resource that a relationship points to, by its id."""

    id: str


class ToOne(Struct):
    """A relationship to one resource, or to none."""

    data: ResourceIdentifier | None = None


class ToMany(Struct):
    """A relationship to any number of resources."""

    data: list[ResourceIdentifier] | None = None


class Unread(Struct, frozen=True):
    """Relationships that nobody reads, whatever they are."""


class Resource(Struct, Generic[Attributes, Relationships]):
    """A resource, of whose relationships nothing need be said."""

    id: str
    attributes: Attributes
    relationships: Relationships | None = None


class One(Struct, Generic[Attributes, Relationships]):
    """A document with one resource."""

    data: Resource[Attributes, Relationships]


class Pagination(Struct, frozen=True, rename="kebab"):
    """The page on which a list goes on; None after the last one."""

    next_page: int | None = None


class Meta(Struct, frozen=True):
    """The facts that a list tells of itself."""

    pagination: Pagination | None = None


class Many(Struct, Generic[Attributes, Relationships]):
    """A document with a list of resources, or with one page of it."""

    data: list[Resource[Attributes, Relationships]]
    meta: Meta | None = None

    @property
    def next_page(self) -> int | None:
        """The page on which the list goes on."""
        return self.meta.pagination.next_page if self.meta and self.meta.pagination else None


def id_of(relationship: ToOne | None) -> str | None:
    """The id of what a relationship points to, if it points to anything."""
    return relationship.data.id if relationship and relationship.data else None


def ids_of(relationship: ToMany | None) -> tuple[str, ...]:
    """The ids of what a relationship points to."""
    return tuple(each.id for each in (relationship.data or ())) if relationship else ()


def path_of(*segments: str) -> str:
    """The path of these segments, with whatever in them would lead elsewhere escaped."""
    return "/".join(quote(segment, safe="") for segment in segments)
