"""The errors of a plan that failed as annotations: on the lines of the repository, where these are known.

What they say is masked already; whoever prints them escapes it.
"""

import posixpath
from collections.abc import Iterator, Sequence

import msgspec

from tfc_plan_comment.findings.diagnostics import Diagnostic, Diagnostics
from tfc_plan_comment.report.diagnostics import LONGEST_DETAIL, say_in_one_line, shorten

INSTALLED = ".terraform"
"""The folder into which Terraform installs modules: what is in it is in no repository."""


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """A message, and the place in the repository that it is about: without a file, if that is not known."""

    message: str
    file: str = ""
    line: int | None = None
    column: int | None = None

    @property
    def without_place(self) -> "Annotation":
        """The message alone."""
        return Annotation(message=self.message)


def annotate(errors: Sequence[Diagnostic], working_directory: str | None) -> Iterator[Annotation]:
    """The annotation of each error. None for the `working_directory`: nothing in the repository is claimed.

    It is that of the workspace, to which the names of files are relative; empty for the root of the repository.
    """
    for error in errors:
        said = say_in_one_line(Diagnostics(errors=(error,)))
        detail = "" if error.is_condition else shorten(error.detail, LONGEST_DETAIL)
        file = "" if working_directory is None else place_in_repository(error.filename, working_directory)
        yield Annotation(
            message=f"{said}\n{detail}" if detail else said,
            file=file,
            line=error.line if file else None,
            column=error.column if file and error.line else None,
        )


def place_in_repository(filename: str, working_directory: str) -> str:
    """The path from the root of the repository on; empty for what is outside of it, or was only installed."""
    if not filename or posixpath.isabs(filename):
        return ""
    path = posixpath.normpath(posixpath.join(working_directory.strip("/"), filename))
    steps = path.split("/")
    return "" if steps[0] == ".." or INSTALLED in steps else path
