"""An answer of HCP Terraform that may be missing, and why it is.

A part of a run has one of four values, and a reader has to take them apart: there is none (`Known`, and empty), it is
known (`Known`), it is not decided yet (`Known`, and says so itself), or it could not be read (`Unknown`). The last must
never pass for the first: only where nobody asked (`NotAsked`), for there is no run, is nothing said.
"""

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from tfc_plan_comment.errors import in_brief

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """The run was asked, and said this."""

    value: T


@dataclass(frozen=True, slots=True)
class Unknown:
    """The run was asked, and it is not known what it says: `why` is an ActionError, or a bug."""

    why: Exception

    @property
    def sentence(self) -> str:
        """It follows the name of the part and a colon: `could not be read (404), see the run`."""
        return f"could not be read ({in_brief(self.why)}), see the run"


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Nobody has asked, for there was no run to ask, or no need."""


NOT_ASKED = NotAsked()

Said: TypeAlias = Known[T] | Unknown | NotAsked
