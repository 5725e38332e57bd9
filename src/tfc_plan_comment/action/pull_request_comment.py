"""The story of the comment: the pull request and our comment on it are looked for beside the story of the plan.

Importing PyGithub and asking GitHub take about as long as a plan's download. But what was found early may not hold any
more when there is something to write. So it serves for one thing only, to edit a comment that still stands there and is
not hidden: to ask that of one comment is one request, however many comments there are. Whatever else is decided, above
all that there is no comment yet, is decided on what stands there then.
"""

from collections.abc import Collection
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Self

from msgspec.structs import replace

from tfc_plan_comment.action.background import Background
from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import GitHubError
from tfc_plan_comment.github_actions.event import (
    LookUp,
    NoPullRequest,
    PullRequest,
    pull_request_of,
    why_read_only,
)
from tfc_plan_comment.github_actions.written import SKIPPED, Compose, Superseded, Written
from tfc_plan_comment.settings.settings import CommentMode, Settings

if TYPE_CHECKING:  # PyGithub takes a quarter of a second to import: only when there is a pull request to look for
    from tfc_plan_comment.github_actions.comments import Look, PullRequests

SECONDS_TO_STOP = 1.0


class PullRequestComment:
    """The comment of one workspace, and the label of its pull request.

    A context manager that closes its connection to GitHub.
    """

    def __init__(self, settings: Settings, world: World) -> None:
        """Ask for nothing yet."""
        self._settings, self._world = settings, world
        self._early: Background[None] = Background(world.sleep)
        self._stack = ExitStack()
        # The thread that looks early sets these; whoever writes waits for it first.
        self._connected: PullRequests | None = None
        self._pull_request: PullRequest | None = None
        self._looked: Look | None = None
        self._has_begun = self._is_fresh = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._early.stop(SECONDS_TO_STOP)
        self._stack.close()

    def begin(self, key: str) -> None:
        """Begin to look for the comment with this key: there will soon be something to write."""
        where, self._has_begun = self._where(), True
        if self._settings.comment is not CommentMode.NONE and not isinstance(where, NoPullRequest):
            self._early.begin(lambda: self._look(where, key))

    def pull_request(self, key: str) -> PullRequest | None:
        """The pull request with the commit at its head: as GitHub says now, if it was asked, or as the event said."""
        self._wait_for_look(key)
        where = self._where()
        found = self._pull_request or (where if isinstance(where, PullRequest) else None)
        head_sha = self._looked.ours.head_sha if self._looked else None
        return replace(found, head_sha=head_sha) if found and head_sha else found

    def standing(self, key: str) -> str | None:
        """What the comment says that we will most likely replace; None if there is none, or we have not looked."""
        self._wait_for_look(key)
        comments = self._looked.ours.comments if self._looked else ()
        return comments[-1].body if comments else None

    def write(
        self, compose: Compose, *, key: str, recreate: bool, create_if_missing: bool, commit: str | None = None
    ) -> Written:
        """Write what `compose` gives out of the comment that it replaces; returns what became of it.

        A comment that tells of a newer commit than `commit`, of which this one is to tell, is left alone.

        The log says what keeps us from writing it.
        """
        environment, commands = self._world.environment, self._world.commands
        is_fresh, self._is_fresh = self._early.is_running or self._is_fresh, False
        if self._settings.comment is CommentMode.NONE:
            return SKIPPED
        if environment.event_problem:
            commands.warning(f"Cannot read GitHub's event: {environment.event_problem}.")
        where = self._where()
        if isinstance(where, NoPullRequest):
            return self._none(where)
        with suppress(Exception):  # what failed then is tried again now, and said if it still fails
            self._early.result()
        look, self._looked = self._looked, None
        try:
            pull_requests = self._connect()
            found = self._find(where)
            if isinstance(found, NoPullRequest):
                return self._none(found)
            if commit and commit == found.merge_sha:
                commit = None  # it is not at the head, and newer than that all the same
            written = pull_requests.publish(
                number=found.number,
                key=key,
                compose=self._without_secrets(compose),
                recreate=recreate,
                create_if_missing=create_if_missing,
                look=replace(look, is_fresh=is_fresh) if look else None,
                commit=commit,
            )
        except GitHubError as error:
            commands.warning(f"{error} The step summary has the whole report.", title="No comment was written")
            return SKIPPED
        if written.problem:
            commands.warning(str(written.problem))
        if written.superseded_by:
            commands.notice(
                f"The comment on pull request #{found.number} is left alone: this plan is superseded by that of"
                f" {written.superseded_by}, of which it tells: {written.url}"
            )
        elif written.url:
            commands.info(f"Comment on pull request #{found.number} {written.result}: {written.url}")
        else:
            commands.info(f"No comment on pull request #{found.number}: the plan changes nothing")
        return written

    def _without_secrets(self, compose: Compose) -> Compose:
        def composed(standing: str | None) -> str | Superseded:
            body = compose(standing)
            return self._world.commands.masked(body) if isinstance(body, str) else body

        return composed

    def label(self, wanted: str | None, *, ours: Collection[str]) -> None:
        """Leave exactly this label of ours on the pull request, or none. What keeps us from it is a warning."""
        commands = self._world.commands
        with suppress(Exception):  # what failed then is tried again now, and said if it still fails
            self._early.result()
        where = self._where()
        try:
            found = where if isinstance(where, NoPullRequest) else self._find(where)
            if isinstance(found, NoPullRequest):
                commands.notice(f"No label was set: {found.reason}.")
                return
            changed = self._connect().label(number=found.number, wanted=wanted, ours=ours)
        except GitHubError as error:
            commands.warning(str(error), title="No label was set")
            return
        stands = f"has the label {wanted}" if wanted else "has no label of this action"
        commands.info(f"Pull request #{found.number} {'now ' if changed else ''}{stands}")

    def _wait_for_look(self, key: str) -> None:
        if not self._has_begun:
            self.begin(key)
        # A report is made, and uploaded, before the comment is written.
        self._is_fresh |= self._early.is_running and not self._settings.report
        with suppress(Exception):  # what failed is tried again when the comment is written, and said if it still fails
            self._early.result()

    def _look(self, where: PullRequest | LookUp, key: str) -> None:
        pull_requests = self._connect()
        found = self._find(where)
        # A comment to post anew replaces all that are there by then.
        if isinstance(found, PullRequest) and self._settings.comment is CommentMode.UPDATE:
            self._looked = pull_requests.look(number=found.number, key=key)

    def _where(self) -> PullRequest | LookUp | NoPullRequest:
        """The pull request that the event names, or what to ask GitHub to find it, or why there is none."""
        environment = self._world.environment
        found = pull_request_of(
            environment.event_name,
            environment.event,
            explicit=self._settings.pr_number,
            ref=environment.ref,
            sha=environment.sha,
        )
        if environment.repository is None and not isinstance(found, NoPullRequest):
            return NoPullRequest(reason="GITHUB_REPOSITORY does not name a repository")
        return found

    def _find(self, where: PullRequest | LookUp) -> PullRequest | NoPullRequest:
        """The pull request; one that was not found is looked for again the next time."""
        if self._pull_request is not None:
            return self._pull_request
        found = where if isinstance(where, PullRequest) else self._connect().find(where)
        if isinstance(found, PullRequest):
            self._pull_request = found
        return found

    def _connect(self) -> "PullRequests":
        if self._connected is None:
            self._connected = self._stack.enter_context(connect(self._settings, self._world))
        return self._connected

    def _none(self, found: NoPullRequest) -> Written:
        self._world.commands.notice(f"No comment was written: {found.reason}. The step summary has the whole report.")
        return SKIPPED


def connect(settings: Settings, world: World) -> "PullRequests":
    """The repository's pull requests, with the token of the settings; nothing is sent yet. Raises GitHubError."""
    from tfc_plan_comment.github_actions.comments import PullRequests  # noqa: PLC0415 - see above

    environment = world.environment
    return PullRequests(
        api_url=environment.api_url,
        token=settings.github_token,
        repository=environment.repository or "",
        read_only=why_read_only(environment.event_name, environment.event),
        sleep=world.sleep,
        now=world.now,
        clock=world.clock,
    )
