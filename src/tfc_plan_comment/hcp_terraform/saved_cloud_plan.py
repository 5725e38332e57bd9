"""The bookmark that `terraform plan -out=FILE` writes for a run in HCP Terraform: no plan, but the name of a run.

Source: terraform's internal/cloud/cloudplan/saved_plan.go.
"""

import re
from pathlib import Path

import msgspec
from msgspec import DecodeError, Struct, json

from tfc_plan_comment.errors import PlanDocumentError

# A bookmark has three short members; what is larger is something else.
MAX_BYTES = 64 * 1024


class SavedCloudPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The run that the file names, and its host (`host` or `host:port`).

    Whoever wrote the file chose the host: compare it with the one that the token is for before the token is sent.
    """

    run_id: str
    hostname: str


class _Bookmark(Struct):
    remote_plan_format: int
    run_id: str
    hostname: str


def read_saved_cloud_plan(path: Path) -> SavedCloudPlan:
    """The bookmark in a file.

    Raises:
        PlanDocumentError: the file cannot be read, or is no bookmark; it says which and what the file is instead.
    """
    what = f"Cannot read the saved cloud plan {str(path)!r} (input cloud-plan)"
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PlanDocumentError(what, error.strerror or "it cannot be opened", "Check the path") from None
    if content.startswith(b"PK\x03\x04"):
        raise PlanDocumentError(
            what,
            "it is a plan that Terraform made locally, not a run in HCP Terraform",
            "Convert it with `terraform show -json` and set the input plan-json to the result",
        )
    try:
        bookmark = json.decode(content, type=_Bookmark)
    except (DecodeError, UnicodeDecodeError):
        raise PlanDocumentError(
            what,
            "it is not the JSON with remote_plan_format, run_id and hostname that `terraform plan -out` writes for a"
            " run in HCP Terraform",
            "Use that file, or set the input run-id to the id of the run",
        ) from None
    if bookmark.remote_plan_format != 1:
        raise PlanDocumentError(
            what,
            f"its remote_plan_format is {bookmark.remote_plan_format}, and only 1 is known",
            "Set the input run-id to the id of the run",
        )
    if re.fullmatch(r"run-[A-Za-z0-9]+", bookmark.run_id) is None:
        raise PlanDocumentError(what, "its run_id is not the id of a run", "Set the input run-id to the id of the run")
    if re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?", bookmark.hostname) is None:
        raise PlanDocumentError(what, "its hostname is not a host name", "Set the input run-id to the id of the run")
    return SavedCloudPlan(run_id=bookmark.run_id, hostname=bookmark.hostname.lower())
