"""An answer of HCP Terraform that may be missing, and why it is.

A part of a run has one of four values, and a reader has to take them apart: there is none (`Known`, and empty), it is
known (`Known`), it is not decided yet (`Known`, and says so itself), or it could not be read (`Unknown`). The last must
never pass for the first: only where nobody asked (`NotAsked`), for there is no run, is nothing said.
"""

from typing import Generic, TypeAlias, TypeVar

import msgspec

from tfc_plan_comment.errors import in_brief

T = TypeVar("T")


class Known(msgspec.Struct, Generic[T], frozen=True):
    """The run was asked, and said this."""

    value: T


class Unknown(msgspec.Struct, frozen=True):
    """The run was asked, and it is not known what it says: `why` is an ActionError, or a bug."""

    why: Exception

    @property
    def sentence(self) -> str:
        """It follows the name of the part and a colon: `could not be read (404), see the run`."""
        return f"could not be read ({in_brief(self.why)}), see the run"


class NotAsked(msgspec.Struct, frozen=True):
    """Nobody has asked, for there was no run to ask, or no need."""


NOT_ASKED = NotAsked()

Said: TypeAlias = Known[T] | Unknown | NotAsked
