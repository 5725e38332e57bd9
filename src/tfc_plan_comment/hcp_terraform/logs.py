"""The log of a plan or an apply that failed: nothing else that the API gives has the errors.

Its address is a secret that needs no token. It is asked for here and nowhere else, is masked before anything else is
done with it, and is forgotten afterwards.
Sources: HCP Terraform API docs, "Plans" and "Applies" (log-read-url) and "API overview" (blob storage); go-tfe,
logreader.go.
"""

from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from tfc_plan_comment.errors import DownloadFailed, UnexpectedAnswer
from tfc_plan_comment.hcp_terraform.download import save
from tfc_plan_comment.hcp_terraform.json_api import One, Unread, path_of
from tfc_plan_comment.hcp_terraform.session import Session

MOST_BYTES = 100_000_000
"""A log that is longer is not read. Its length has no documented limit."""
IN_HCP_TERRAFORM = "Look at the run in HCP Terraform"
"""What to do where there is no log to read."""
TAIL = 4_000_000
"""Bytes at the end of a log that are looked at: Terraform writes its errors last."""
TRIES = 3
"""The log is asked for so often: it may still be written when the plan has its status, and a download may break off."""
STX, ETX = b"\x02", b"\x03"
"""The first and the last byte of a log; one without the last byte is not all there yet."""


class Logged(StrEnum):
    """What has a log, by the name of its list in the API."""

    PLAN = "plans"
    APPLY = "applies"


class _Attributes(Struct, rename="kebab"):
    log_read_url: str | None = None


def read_log(session: Session, logged_id: str, *, to: Path, of: Logged = Logged.PLAN) -> str:
    """The end of the log, which is written to `to` meanwhile. The plan or apply with this id is final.

    Raises:
        UnexpectedAnswer: there is no log, or a longer one than MOST_BYTES.
        HcpTerraformError: it cannot be read, or not in the session's time.
    """
    tries = 0
    while True:
        tries += 1
        try:
            _download(session, of, logged_id, to)
        except DownloadFailed:
            if tries == TRIES:
                raise
        else:
            is_whole, log = _read_end(to)
            if is_whole or tries == TRIES:
                return log.decode(errors="replace")
        session.sleep(min(float(tries), session.deadline.left))


def to_read_log(of: Logged, logged_id: str) -> str:
    """The work that fails, in messages: it follows "Cannot"."""
    return f"read the log of {of.name.lower()} {logged_id}"


def _download(session: Session, of: Logged, logged_id: str, to: Path) -> None:
    what = to_read_log(of, logged_id)
    url = session.read(path_of(of, logged_id), One[_Attributes, Unread], what=what).data.attributes.log_read_url
    if not url:
        raise UnexpectedAnswer(f"Cannot {what}", f"{session.host} has none", IN_HCP_TERRAFORM)
    with session.open_signed(url, what=what) as answer:
        save(
            answer,
            to,
            max_bytes=MOST_BYTES,
            out_of_time=lambda: session.deadline.is_over,
            what=what,
            if_too_large=IN_HCP_TERRAFORM,
        )


def _read_end(path: Path) -> tuple[bool, bytes]:
    """The end of the log, and true unless it says itself that more of it is to come."""
    with path.open("rb") as file:
        starts = file.read(1) == STX
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        end = file.read()
    return not starts or end.rstrip().endswith(ETX), end
