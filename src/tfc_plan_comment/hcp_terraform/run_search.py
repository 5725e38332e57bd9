"""Finds the runs of a commit: those that HCP Terraform started for it, of each workspace the newest.

Lists of runs allow 30 requests a minute, to all jobs with tokens of one user together: they are asked until the runs
are there, and never again.
Sources: HCP Terraform API docs, "Runs" (lists, rate limit) and "Configuration Versions" (ingress attributes), and
"UI- and VCS-driven run workflow": a run for a pull request plans its head.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from urllib.parse import urlencode

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.errors import DeadlineExceeded, HcpTerraformError, NotVisible, UnexpectedAnswer
from tfc_plan_comment.hcp_terraform.failures import one_line
from tfc_plan_comment.hcp_terraform.json_api import path_of
from tfc_plan_comment.hcp_terraform.runs import Run, read_page_of_runs, read_run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.hcp_terraform.statuses import RunStatus
from tfc_plan_comment.http.repeat import Growth

LOOKS = Growth(first=5.0, longest=30.0, jitter=(0.8, 1.0))
"""Seconds between two looks at the list: 5 after something new, then 10, 20 and 30, while nothing comes."""
OPERATIONS = "plan_only,plan_and_apply,save_plan,refresh_only,destroy,empty_apply"
"""All that there are. Where none is named, a list leaves out plan-only runs: those of pull requests."""
PAGE_SIZE = 100
MOST_PAGES = 10
SHORT = 7
"""Characters of a commit that messages show."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The runs to find: those of this commit. What is None is not compared.

    `patterns` are names of workspaces, in which `*` stands for any text; where there is none, every workspace is meant.
    """

    organization: str
    patterns: tuple[str, ...]
    commit: str
    repository: str | None
    pull_request_number: int | None

    @property
    def is_open(self) -> bool:
        """True if nobody knows how many workspaces there are."""
        return not self.patterns or any("*" in pattern for pattern in self.patterns)

    @property
    def what(self) -> str:
        """The runs, in messages."""
        return f"the runs of commit {self.commit[:SHORT]} in {self.organization}"

    def means(self, workspace: str) -> bool:
        """True if runs of this workspace are wanted."""
        return not self.patterns or any(fnmatchcase(workspace, pattern) for pattern in self.patterns)

    def why_not(self, run: Run) -> str | None:
        """Why a run of the commit is not ours: the same commit may be in two pull requests, or in two repositories."""
        number, repository = run.pull_request_number, run.repository
        if repository and self.repository and repository.lower() != self.repository.lower():
            return f"it is of {one_line(repository)}, and this is {self.repository}"
        if number is not None and self.pull_request_number not in {None, number}:
            return f"it is of pull request {number}, and this is {self.pull_request_number}"
        return None


class FoundRuns(msgspec.Struct, frozen=True, kw_only=True):
    """The newest run of each workspace, by the workspace's name.

    `missing` are the patterns without any; `others` the runs of the commit that were left out, each with the reason.
    Unless `is_settled`, more may come. `problem` is why the search ended before its time.
    """

    runs: tuple[Run, ...]
    missing: tuple[str, ...]
    others: tuple[tuple[Run, str], ...] = ()
    is_settled: bool = False
    problem: HcpTerraformError | None = None

    def left_out_of(self, pattern: str) -> Iterator[tuple[Run, str]]:
        """Those of the workspaces that the pattern means, which were left out, each with the reason."""
        return ((run, reason) for run, reason in self.others if fnmatchcase(run.workspace or "", pattern))

    @property
    def ids(self) -> set[str]:
        """Those of the runs."""
        return {run.id for run in self.runs}


def find_runs(session: Session, wanted: Wanted, on_look: Callable[[FoundRuns], None]) -> FoundRuns:
    """The runs, as they are at the session's deadline, or once they are all there; `on_look` hears of every look.

    All are there when each name has its run. Where a wildcard is among the names, or none is given, nobody knows how
    many there will be: HCP Terraform makes them one after the other. Then two looks in a row have to find the same.

    Raises:
        NotVisible: the token may not list the organization's runs.
        DeadlineExceeded: not even the first look was answered in time.
        HcpTerraformError: no usable answer to the first look.
    """
    whole: dict[str, Run] = {}
    found: FoundRuns | None = None
    same = 0

    def read_whole(run_id: str) -> Run:
        whole[run_id] = whole.get(run_id) or read_run(session, run_id)
        return whole[run_id]

    try:
        while True:
            latest = _look(session, wanted, read_whole)
            same = same + 1 if found and latest.ids == found.ids else 0
            found = replace(latest, is_settled=not wanted.is_open or same > 0)
            on_look(found)
            if found.runs and not found.missing and found.is_settled:
                return found
            session.sleep(min(LOOKS.after(same + 1), session.deadline.left))
    except HcpTerraformError as error:  # such as the limit of a minute, which others use up
        if found is None:
            raise
        return replace(found, problem=None if isinstance(error, DeadlineExceeded) else error)


def _look(session: Session, wanted: Wanted, read_whole: Callable[[str], Run]) -> FoundRuns:
    newest: dict[str, Run] = {}
    others: list[tuple[Run, str]] = []
    for run in _list(session, wanted, read_whole):
        # Whether a search finds prefixes as well is not documented.
        if run.workspace is None or run.commit_sha != wanted.commit or not wanted.means(run.workspace):
            continue
        if reason := wanted.why_not(run):
            others.append((run, reason))
            continue
        known = newest.get(run.workspace)
        if known is None or _rank(run) > _rank(known):
            newest[run.workspace] = run
    missing = tuple(pattern for pattern in wanted.patterns if not any(fnmatchcase(name, pattern) for name in newest))
    return FoundRuns(runs=tuple(newest[name] for name in sorted(newest)), missing=missing, others=tuple(others))


def _list(session: Session, wanted: Wanted, read_whole: Callable[[str], Run]) -> Iterator[Run]:
    """What the list has, page by page."""
    query = {"search[commit]": wanted.commit, "filter[operation]": OPERATIONS, "page[size]": PAGE_SIZE}
    page: int | None = 1
    for _ in range(MOST_PAGES):
        path = f"{path_of('organizations', wanted.organization, 'runs')}?{urlencode(query | {'page[number]': page})}"
        try:
            runs, page = read_page_of_runs(session, path, what=f"find {wanted.what}")
        except NotVisible as error:
            raise _no_organization(session, wanted, error) from None
        yield from (each if isinstance(each, Run) else read_whole(each) for each in runs)
        if page is None:
            return
    raise UnexpectedAnswer(
        f"Cannot find {wanted.what}",
        f"{session.host} lists more than {MOST_PAGES * PAGE_SIZE:,} for this commit",
        "Name the runs in the input run-id",
    )


def _no_organization(session: Session, wanted: Wanted, error: NotVisible) -> NotVisible:
    refused = NotVisible(
        f"Cannot find {wanted.what}",
        f"{session.host} answered {error.brief}: there is no such organization there, the token may not read it, or the"
        " host is too old to list the runs of an organization",
        "Check the inputs organization and hostname, and that the token's user or team belongs to the organization; or"
        " name the run in the input run-id",
    )
    refused.brief = error.brief
    return refused


def _rank(run: Run) -> tuple[bool, datetime]:
    """The newest comes last; one that was canceled, as a newer one of the workspace may have done, before all others.

    The list has the newest first, as all clients take for granted, but no page of the docs says so.
    """
    return run.status not in {RunStatus.CANCELED, RunStatus.FORCE_CANCELED}, _moment(run.created_at)


def _moment(text: str | None) -> datetime:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
