"""The one comment of a pull request, and its label: found again, edited, left alone, or hidden and posted anew.

Importing this imports PyGithub, which takes a quarter of a second: import it when there is a comment to write.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import msgspec
from github.IssueComment import IssueComment
from github.Repository import Repository
from msgspec.structs import replace

from tfc_plan_comment.comment_marker import has_marker
from tfc_plan_comment.comment_memory import read_memories
from tfc_plan_comment.errors import GitHubError
from tfc_plan_comment.github_actions.event import (
    LookUp,
    NoPullRequest,
    PullRequest,
    PullRequestsOfCommit,
    ReadOnlyToken,
    several,
)
from tfc_plan_comment.github_actions.labels import keep_label
from tfc_plan_comment.github_actions.own_comments import Comment, OwnComments, hide, look_again, own_visible_comments
from tfc_plan_comment.github_actions.refusals import explain
from tfc_plan_comment.github_actions.session import RequestFailed, Session
from tfc_plan_comment.github_actions.written import SKIPPED, CommentResult, Compose, Superseded, Written

POSTS = 2
"""At most this many times a comment is posted, when the answers are lost and it does not show up."""
SECONDS_TO_SHOW_UP = 2.0
"""Seconds to wait for a comment whose answer was lost before we look for it."""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """Our visible comments with one key, as they stood at some time before they are written, and the head then.

    One that `is_fresh` was not answered before there was something to write: it is as good as one that begins then.
    """

    ours: OwnComments
    is_fresh: bool = False


class PullRequests:
    """The pull requests of one repository as one token sees them. A context manager that closes its connection."""

    def __init__(  # noqa: PLR0913 - three of them are the time
        self,
        *,
        api_url: str,
        token: str,
        repository: str,
        read_only: ReadOnlyToken | None = None,
        sleep: Callable[[float], None],
        now: Callable[[], float],
        clock: Callable[[], float],
    ) -> None:
        """Send nothing yet.

        `repository` is `owner/name`; `read_only` is why the job's own token can only read, to say so when GitHub
        refuses; `sleep` takes seconds, `clock` counts them, `now` gives those since 1970.

        Raises GitHubError for an empty token.
        """
        if not token:
            raise GitHubError(
                f"Comment in {repository}",
                "the input github-token is empty",
                "Leave it out to use the job's own token",
            )
        self._session = Session(api_url, token, sleep=sleep, now=now, clock=clock)
        self._api_url = api_url
        self._repository = repository
        self._read_only = read_only
        self._sleep = sleep

    def __enter__(self) -> Self:
        """Open nothing yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._session.close()

    def find(self, look_up: LookUp) -> PullRequest | NoPullRequest:
        """The open pull request of a commit or a branch, or the one that the commit merged, by one request.

        Raises GitHubError.
        """
        with self._explained(f"Find the pull request in {self._repository}"):
            if isinstance(look_up, PullRequestsOfCommit):
                return self._of_commit(look_up.sha)
            owner = look_up.owner or self._repository.partition("/")[0]
            return self._of_branch(owner, look_up.branch, look_up.sha)

    def look(self, *, number: int, key: str) -> Look:
        """Look ahead for `publish`. Raises GitHubError. Requests: one for each 100 comments of the pull request."""
        with self._explained(f"Comment on pull request #{number} of {self._repository}"):
            return Look(ours=self._ours(number, key))

    def head_of(self, number: int) -> str | None:
        """The commit at the head of a pull request: it comes along with the comments. Raises GitHubError."""
        with self._explained(f"Find the head of pull request #{number} of {self._repository}"):
            return own_visible_comments(self._session, self._repository, number).head_sha

    def publish(  # noqa: PLR0913 - which comment, what it says, and what to do
        self,
        *,
        number: int,
        key: str,
        compose: Compose,
        recreate: bool,
        create_if_missing: bool,
        look: Look | None = None,
        commit: str | None = None,
    ) -> Written:
        """Bring the comment with this key up to date, or post it.

        `compose` gives what it says, which starts with `comment_marker.marker(key)`, out of the comment that it
        replaces. It is asked for each one that turns out to stand there.
        A comment that somebody else wrote is never ours, whatever it says, and one that is hidden stays as it is.
        With `recreate` it is posted anew and the earlier one hidden; what is unchanged is left alone all the same.
        With a `look` that is not fresh any more, its newest comment is edited if it still stands there and is not
        hidden. All else is decided on what is there now: another job may have posted a comment since, or written
        another plan. If `commit`, of which it is to tell, is not at the head any more, and the comment tells of the
        head already, it is left alone. Requests: one for each 100 comments of the pull request, or one in all if the
        `look` names the comment to edit, or none if it is fresh; one to create or edit, one for each one to hide.
        Raises GitHubError; and ValueError, which is a bug, for a body without its marker.
        """
        asked = _Asked(key, compose, commit)
        with self._explained(f"Comment on pull request #{number} of {self._repository}"):
            if look and not look.is_fresh and not recreate:
                edited = self._edit_seen(look.ours, asked)
                if edited is not None:
                    return edited
            found = look.ours if look and look.is_fresh else self._ours(number, key)
            ours = found.comments
            if not ours and not create_if_missing:
                return SKIPPED
            body = asked.body(ours[-1].body if ours else None, found.head_sha)
            if isinstance(body, Superseded):
                return _left_alone(ours[-1] if ours else None, body)
            if ours:
                *older, current = ours
                if _canonical(current.body) == _canonical(body):
                    return self._written(CommentResult.UNCHANGED, current.full_database_id, current.url, older)
                if not recreate:
                    self._edit(current.full_database_id, body)
                    return self._written(CommentResult.UPDATED, current.full_database_id, current.url, older)
            comment_id, url = self._create(number, key, body, known={comment.id for comment in ours})
            return self._written(CommentResult.CREATED, comment_id, url, ours)

    def label(self, *, number: int, wanted: str | None, ours: Collection[str]) -> bool:
        """Leave exactly this label of ours on the pull request, or none; True if anything had to change.

        Raises GitHubError. Requests: one if all is in step.
        """
        with self._explained(f"Label pull request #{number} of {self._repository}", what="label"):
            return keep_label(self._session, self._repo.get_issue(number), wanted=wanted, ours=ours)

    def _ours(self, number: int, key: str) -> OwnComments:
        own = own_visible_comments(self._session, self._repository, number)
        return replace(own, comments=tuple(comment for comment in own.comments if has_marker(comment.body, key)))

    def _edit_seen(self, seen: OwnComments, asked: "_Asked") -> Written | None:
        """The newest of the comments that were seen, edited; None if there was none, or the same, or nobody sees it."""
        if not seen.comments:
            return None
        *older, current = seen.comments
        body = asked.body(current.body, seen.head_sha)
        if isinstance(body, str) and _canonical(current.body) == _canonical(body):
            return None
        try:
            standing = look_again(self._session, current)
            if standing is None:
                return None
            body = asked.body(standing.body, standing.head_sha)
            if isinstance(body, Superseded):
                return _left_alone(current, body)
            self._edit(current.full_database_id, body)
        except RequestFailed as error:
            if error.failure.status != 404:
                raise
            return None
        return self._written(CommentResult.UPDATED, current.full_database_id, current.url, older)

    def _edit(self, comment_id: int, body: str) -> None:
        url = f"{self._repo.url}/issues/comments/{comment_id}"
        self._session.ask(lambda: _edited(self._session.send("PATCH", url, {"body": body}), comment_id))

    def _create(self, number: int, key: str, body: str, *, known: set[str]) -> tuple[int, str]:
        """Post the comment; when the answer is lost, look whether it is there before posting again."""
        issue = self._repo.get_issue(number)
        posts = 0
        while True:
            posts += 1
            try:
                return self._session.ask_once(lambda: _id_and_url(issue.create_comment(body)))
            except RequestFailed as error:
                if not error.failure.maybe_done:
                    raise
                self._sleep(SECONDS_TO_SHOW_UP)
                arrived = [comment for comment in self._ours(number, key).comments if comment.id not in known]
                if arrived:
                    return arrived[-1].full_database_id, arrived[-1].url
                if posts == POSTS:
                    raise

    def _written(self, result: CommentResult, comment_id: int, url: str, outdated: Sequence[Comment]) -> Written:
        """Hide what the comment replaces: after it stands, so that the pull request is never without one."""
        problem = None
        for comment in outdated:
            try:
                with self._explained(f"Hide the earlier comment {comment.url}"):
                    hide(self._session, comment)
            except GitHubError as error:
                problem = error
        return Written(result=result, id=comment_id, url=url, problem=problem)

    def _of_commit(self, sha: str) -> PullRequest | NoPullRequest:
        """The one that the commit merged, whatever else holds it: others may have been branched off later.

        `merge_commit_sha` is that commit however it was merged: by a merge, a squash or a rebase; of an open one it is
        a test merge (GitHub's REST API docs, "Get a pull request").
        """
        commit = self._repo.get_commit(sha)
        listed = self._session.ask(lambda: [*commit.get_pulls()])
        merged = {p.number: p.head.sha for p in listed if p.merged_at and p.merge_commit_sha == sha}
        if len(merged) == 1:
            [(number, head_sha)] = merged.items()
            return PullRequest(number=number, head_sha=head_sha, merge_sha=sha)
        pulls = [(p.number, p.head.sha) for p in listed if p.state == "open"]
        at_head = {number for number, head_sha in pulls if head_sha == sha}
        numbers = at_head or {number for number, _ in pulls}
        reason = f"no open pull request of {self._repository} holds the commit {sha}, and none was merged by it"
        return _only(numbers or {*merged}, sha, reason)

    def _of_branch(self, owner: str, branch: str, sha: str) -> PullRequest | NoPullRequest:
        """The commit is compared, because anybody may push another one to the branch meanwhile."""
        head = f"{owner}:{branch}"
        pulls = self._session.ask(
            lambda: [(p.number, p.head.sha) for p in self._repo.get_pulls(state="open", head=head)]
        )
        numbers = {number for number, head_sha in pulls if head_sha == sha}
        return _only(numbers, sha, f"no open pull request of {self._repository} from {head} is at the commit {sha}")

    @property
    def _repo(self) -> Repository:
        return self._session.github.get_repo(self._repository)

    @contextmanager
    def _explained(self, what_failed: str, *, what: str = "comment") -> Iterator[None]:
        try:
            yield
        except RequestFailed as error:
            raise self._explain(what_failed, error, what) from None
        except msgspec.ValidationError as error:
            why = f"the answer of GraphQL is not GitHub's ({error})"
            raise GitHubError(what_failed, why, "Check the variable GITHUB_API_URL") from None

    def _explain(self, what_failed: str, error: RequestFailed, what: str = "comment") -> GitHubError:
        return explain(what_failed, error.failure, api_url=self._api_url, read_only=self._read_only, what=what)


class _Asked(msgspec.Struct, frozen=True):
    """The comment that is asked for: its key, what it says, and the commit of which it tells."""

    key: str
    compose: Compose
    commit: str | None

    def body(self, standing: str | None, head_sha: str | None) -> str | Superseded:
        """What it says in the place of the comment that stands there; or why that is left alone."""
        if self.commit and head_sha and head_sha != self.commit and standing and _tells_of(head_sha, standing):
            return Superseded(head_sha)
        body = self.compose(standing)
        if isinstance(body, str) and not has_marker(body, self.key):
            raise ValueError(f"the comment does not start with the marker of {self.key!r}")
        return body


def _edited(answer: object, comment_id: int) -> None:
    """Raise ValueError unless the answer is the comment: a login page says 200, too, and nothing is edited."""
    if not isinstance(answer, dict) or answer.get("id") != comment_id:
        raise ValueError


def _id_and_url(comment: IssueComment) -> tuple[int, str]:
    """Raises TypeError for an answer that has none."""
    found: tuple[object, object] = (comment.id, comment.html_url)
    match found:
        case (int() as comment_id, str() as url):
            return comment_id, url
    raise TypeError


def _tells_of(commit: str, body: str) -> bool:
    """True if the comment says so: in its memory, and one that has none by the first digits, as ours show it."""
    if memories := read_memories(body):
        return any(memory.commit == commit for memory in memories.values())
    return commit[:7] in body


def _left_alone(comment: Comment | None, superseded: Superseded) -> Written:
    if comment is None:
        return replace(SKIPPED, superseded_by=superseded.by)
    result = CommentResult.UNCHANGED
    return Written(result=result, id=comment.full_database_id, url=comment.url, superseded_by=superseded.by)


def _only(numbers: set[int], head_sha: str, reason: str) -> PullRequest | NoPullRequest:
    if not numbers:
        return NoPullRequest(reason=reason)
    if len(numbers) > 1:
        return several(numbers)
    return PullRequest(number=numbers.pop(), head_sha=head_sha)


def _canonical(body: str) -> str:
    """The text without what GitHub may change of it: the ends of its lines, and white space at its end."""
    return body.replace("\r\n", "\n").rstrip()
