"""What the comment is to say, and the outcome of writing it.

A module of its own, for whoever imports `comments` imports PyGithub.
"""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from tfc_plan_comment.errors import GitHubError


class CommentResult(StrEnum):
    """The words of the output `comment-result`."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


class Superseded(msgspec.Struct, frozen=True):
    """The comment that stands there tells of something newer: `by` names it, as in `superseded by run run-1`."""

    by: str


Compose = Callable[[str | None], str | Superseded]
"""Gives what the comment is to say, out of what the one says that it replaces; that is None where there is none."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The comment as it stands now; without id and URL if there is none."""

    result: CommentResult
    id: int | None = None
    url: str | None = None
    problem: GitHubError | None = None
    """The comment stands, but an earlier one could not be hidden: worth a warning."""
    superseded_by: str | None = None
    """The newer run or commit of which the comment tells already: it was left alone."""


SKIPPED = Written(result=CommentResult.SKIPPED)
