"""Readers of the inputs that name files: a value, or a refusal with why and what to do."""

import stat
from pathlib import Path, PurePath

from tfc_plan_comment.settings.inputs import RefusedError, shown

MOST_FILES = 1_000
"""At most this many files are merged."""


def file_to_read(text: str, *, workspace: Path, runner_temp: Path | None) -> Path:
    """The absolute path of a file that can be read, in the workspace or in the runner's temporary folder."""
    path = _resolved(text, workspace)
    if not any(path.is_relative_to(folder) for folder in (workspace, runner_temp) if folder is not None):
        raise RefusedError(
            f"{shown(text)} points outside the workspace and the runner's temporary folder",
            "Copy the file into one of them in an earlier step",
        )
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise RefusedError(f"{shown(text)} is not a regular file", "Use the path of a file")
        path.open("rb").close()
    except OSError as error:
        raise RefusedError(
            f"{shown(text)} cannot be read ({error.strerror})",
            "Use the path of a file that exists when this step starts, relative to the workspace",
        ) from error
    return path


def files_to_read(text: str, *, workspace: Path, runner_temp: Path | None) -> tuple[Path, ...]:
    """The files that the patterns fit, one pattern per line as of a shell; each as of `file_to_read`, once, by name."""
    found: dict[Path, None] = {}
    for pattern in filter(None, map(str.strip, text.split("\n"))):
        folders = [each for each in (workspace, runner_temp) if each and PurePath(pattern).is_relative_to(each)]
        folder = folders[0] if folders else workspace
        try:
            names = sorted(folder.glob(str(PurePath(pattern).relative_to(folder)) if folders else pattern))
        except (ValueError, NotImplementedError) as error:  # an absolute path to another folder, or `a**`
            raise RefusedError(
                f"{shown(pattern)} cannot be used ({error})", "Use a pattern such as summaries/*.json"
            ) from None
        if not names:
            raise RefusedError(
                f"{shown(pattern)} matches no file",
                "Use a pattern that matches the files when this step starts, relative to the workspace",
            )
        read = (file_to_read(str(name), workspace=workspace, runner_temp=runner_temp) for name in names)
        found |= dict.fromkeys(read)
    if len(found) > MOST_FILES:
        raise RefusedError(f"it matches {len(found):,} files", f"Use patterns that match at most {MOST_FILES:,}")
    return tuple(found)


def file_to_write(text: str, *, workspace: Path) -> Path:
    """The absolute path of a file that can be written in the workspace, with every folder above it that is missing."""
    path = _resolved(text, workspace)
    if not path.is_relative_to(workspace):
        raise RefusedError(f"{shown(text)} points outside the workspace", "Use a path in the workspace")
    nearest = next(place for place in (path, *path.parents) if place.exists())
    if not (nearest.is_file() if nearest == path else nearest.is_dir()):
        raise RefusedError(
            f"{shown(text)} is a folder, or a part of it is a file", "Use a path where a file can be written"
        )
    return path


def _resolved(text: str, workspace: Path) -> Path:
    """The absolute path, with every symbolic link followed; it need not exist."""
    try:
        path = (workspace / text).resolve()
        circular = path.is_symlink()  # Python 3.13 leaves a link that leads in a circle as it is
    except RuntimeError:  # Python 3.12 and older
        circular = True
    except OSError as error:
        raise RefusedError(f"{shown(text)} cannot be used ({error.strerror})", "Use another path") from error
    if circular:
        raise RefusedError(f"{shown(text)} is a symbolic link that leads back to itself", "Use another path")
    return path
