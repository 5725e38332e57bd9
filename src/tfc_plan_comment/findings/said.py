"""An answer of HCP Terraform that may be missing, and why it is.

A reader has to take the three cases apart: "could not be read" must never pass for "there is nothing".
"""

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """The run was asked, and said this."""

    value: T


@dataclass(frozen=True, slots=True)
class Unknown:
    """The run was asked, and it is not known what it says: `why` is an ActionError, or a bug."""

    why: Exception


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Nobody has asked, for there was no run to ask, or no need."""


NOT_ASKED = NotAsked()

Said: TypeAlias = Known[T] | Unknown | NotAsked
