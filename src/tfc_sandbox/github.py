"""A loopback GitHub: pull requests and their comments over a real socket, faithful where a client can go wrong."""

import itertools
import json
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, g, jsonify, request

from tfc_sandbox.faults import Answer, Fault, Faults
from tfc_sandbox.github_documents import Account, Comment, Documents, PullRequest, error
from tfc_sandbox.server import LoopbackServer

JOB_TOKEN = "sandbox-job-token"
FORK_TOKEN = "sandbox-fork-token"
USER_TOKEN = "sandbox-user-token"
READ_ONLY_USER_TOKEN = "sandbox-read-only-user-token"
APP_TOKEN = "sandbox-app-token"
UNHIDING_TOKEN = "sandbox-unhiding-token"

_ACCOUNTS = {
    JOB_TOKEN: Account(login="github-actions[bot]", kind="Bot"),
    FORK_TOKEN: Account(login="github-actions[bot]", kind="Bot", may_write=False),
    USER_TOKEN: Account(login="octocat"),
    READ_ONLY_USER_TOKEN: Account(login="octocat", may_write=False),
    APP_TOKEN: Account(login="acme-terraform[bot]", kind="Bot"),
    UNHIDING_TOKEN: Account(login="github-actions[bot]", kind="Bot", may_hide=False),
}
LONGEST_BODY = 65_536
MOST_LABELS = 100
_FIRST_COMMENT_ID = 4_100_000_001  # more than 32 bits, as on github.com


def json_answer(status: int, document: object, **headers: str) -> Answer:
    """An answer for a Fault; `retry_after="1"` is the header Retry-After."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, body=json.dumps(document).encode(), content_type="application/json", headers=named)


BAD_GATEWAY = json_answer(502, error(502, "Server Error"))
SECONDARY_RATE_LIMIT = json_answer(
    403,
    error(403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."),
    retry_after="7",
)


class GitHubSandbox:
    """Serves one repository for as long as the `with` lasts.

    `api_url` is what GITHUB_API_URL says, `comments` is all that was written, `labels` are those of each pull request,
    `requests` all that was asked, such as
    `PATCH /repos/acme/infra/issues/comments/4100000001`, and `graphql_queries` the texts among it.
    """

    def __init__(  # noqa: PLR0913 - each is a word of the script
        self,
        pull_requests: Sequence[PullRequest],
        *,
        repository: str = "acme/infra",
        enterprise_server: bool = False,
        bots_know_their_comments: bool = True,
        faults: Sequence[Fault] = (),
        lost_answers: Sequence[Fault] = (),
        latency: float = 0,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """Prepare it.

        `faults` happen instead of what was asked; `lost_answers` after it was done. An `enterprise_server` has its
        API below /api. Unless `bots_know_their_comments`, GraphQL's viewerDidAuthor is false for every bot. Every
        answer takes `latency` seconds. With an `ssl_context` it is https.
        """
        self.repository = repository
        self.pull_requests = list(pull_requests)
        self.comments: list[Comment] = []
        self.labels: dict[int, list[str]] = {each.number: [] for each in pull_requests}
        self.requests: list[str] = []
        self.graphql_queries: list[str] = []
        self.on_answer: Callable[[], None] = lambda: None
        """Called when a request was carried out, before its answer goes out."""
        self.misbehave(faults=faults, lost_answers=lost_answers)
        self._bots_know_their_comments = bots_know_their_comments
        self._latency = latency
        self._ids = itertools.count(_FIRST_COMMENT_ID)
        self._lock = threading.Lock()
        application = Flask(__name__, static_folder=None)
        rest, graphql = ("/api/v3", "/api/graphql") if enterprise_server else ("", "/graphql")
        application.register_blueprint(self._rest(), url_prefix=rest or None)
        application.before_request(self._receive)
        application.after_request(self._lose)
        application.post(graphql)(self._graphql)
        application.register_error_handler(404, lambda _: _error(404, "Not Found"))
        self.operations = sorted(
            f"{method} {rule.rule.replace('<int:', '<').replace('<', '{').replace('>', '}')}"
            for rule in application.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        )
        """All that can be asked, such as `GET /repos/acme/infra/issues/{number}/comments`."""
        self._server = LoopbackServer(application, ssl_context=ssl_context)
        self.api_url = self._server.url + rest
        """Also what the documents' links begin with: set it to the address of a proxy in front of this."""

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.__exit__(kind, error, traceback)

    @property
    def answered(self) -> list[tuple[float, float]]:
        """When each request came, and when its answer was made, as `time.monotonic` counts."""
        return self._server.answered

    def misbehave(self, *, faults: Sequence[Fault] = (), lost_answers: Sequence[Fault] = ()) -> None:
        """From now on, go wrong like this."""
        self._faults, self._lost_answers = Faults(faults), Faults(lost_answers)

    def write(self, number: int, body: str, *, token: str = JOB_TOKEN) -> Comment:
        """A comment, as if somebody had posted it."""
        with self._lock:
            comment = Comment(id=next(self._ids), number=number, author=_ACCOUNTS[token], body=body)
            self.comments.append(comment)
        return comment

    def _rest(self) -> Blueprint:
        rest = Blueprint("rest", __name__, url_prefix=None)
        repository = f"/repos/{self.repository}"
        rest.get(f"{repository}/issues/<int:number>/comments")(self._list_comments)
        rest.post(f"{repository}/issues/<int:number>/comments")(self._create_comment)
        rest.patch(f"{repository}/issues/comments/<int:comment_id>")(self._edit_comment)
        rest.get(f"{repository}/issues/<int:number>/labels")(self._list_labels)
        rest.post(f"{repository}/issues/<int:number>/labels")(self._add_labels)
        rest.delete(f"{repository}/issues/<int:number>/labels/<name>")(self._remove_label)
        rest.get(f"{repository}/pulls")(self._list_pull_requests)
        rest.get(f"{repository}/commits/<sha>/pulls")(self._list_pull_requests_of_commit)
        return rest

    @property
    def _documents(self) -> Documents:
        owner, _, name = self.repository.partition("/")
        return Documents(api_url=self.api_url, owner=owner, name=name)

    def push(self, number: int, head_sha: str) -> None:
        """A push to that pull request."""
        self.pull_requests = [replace(p, head_sha=head_sha) if p.number == number else p for p in self.pull_requests]

    def merge(self, number: int, merge_sha: str) -> None:
        """That pull request is merged, by that commit."""
        self.pull_requests = [
            replace(p, state="closed", merge_sha=merge_sha) if p.number == number else p for p in self.pull_requests
        ]

    def _receive(self) -> Response | None:
        self.requests.append(f"{request.method} {request.full_path.rstrip('?')}")
        time.sleep(self._latency)
        if answer := self._faults.answer(request):
            return answer
        account = _ACCOUNTS.get(request.headers.get("Authorization", "").partition(" ")[2])
        if account is None:
            return _error(401, "Bad credentials")
        g.account = account
        return None

    def _lose(self, response: Response) -> Response:
        self.on_answer()
        was_done = "account" in g
        return (was_done and self._lost_answers.answer(request)) or response

    def _list_comments(self, number: int) -> Response:
        return self._page([self._documents.comment(comment) for comment in self.comments if comment.number == number])

    def _create_comment(self, number: int) -> Response:
        pull_request = self._pull_request(number)
        refusal = self._refusal(pull_request)
        if pull_request is None or refusal:
            return refusal or _error(404, "Not Found")
        body = request.get_json()["body"]
        token = next(token for token, account in _ACCOUNTS.items() if account is g.account)
        return _json(self._documents.comment(self.write(number, body, token=token)), 201)

    def _edit_comment(self, comment_id: int) -> Response:
        comment = next((comment for comment in self.comments if comment.id == comment_id), None)
        refusal = self._refusal(self._pull_request(comment.number) if comment else None)
        if comment is None or refusal:
            return refusal or _error(404, "Not Found")
        comment.body = request.get_json()["body"]
        return _json(self._documents.comment(comment))

    def _list_labels(self, number: int) -> Response:
        return self._page([self._documents.label(name) for name in self.labels.get(number, ())])

    def _add_labels(self, number: int) -> Response:
        """Labels that are there already stay as they are; names are the same in upper and lower case."""
        if refusal := self._refuse_to_write() or (None if number in self.labels else _error(404, "Not Found")):
            return refusal
        document = request.get_json()
        present = self.labels[number]
        for name in document["labels"] if isinstance(document, dict) else document:
            if name.casefold() not in map(str.casefold, present):
                present.append(name)
        if len(present) > MOST_LABELS:
            del present[MOST_LABELS:]
            return _error(422, "Validation Failed", errors=[f"There can be at most {MOST_LABELS} labels"])
        return self._list_labels(number)

    def _remove_label(self, number: int, name: str) -> Response:
        if refusal := self._refuse_to_write():
            return refusal
        present = self.labels.get(number, [])
        if name.casefold() not in map(str.casefold, present):
            return _error(404, "Label does not exist")
        self.labels[number] = [each for each in present if each.casefold() != name.casefold()]
        return self._list_labels(number)

    def _refuse_to_write(self) -> Response | None:
        """Why this account may write nothing, as GitHub says it."""
        if g.account.may_write:
            return None
        kind = "integration" if g.account.kind == "Bot" else "personal access token"
        refusal = _error(403, f"Resource not accessible by {kind}")
        refusal.headers["X-Accepted-GitHub-Permissions"] = "issues=write; pull_requests=write"
        return refusal

    def _refusal(self, pull_request: PullRequest | None) -> Response | None:
        """Why this account may not write this body here, as GitHub says it."""
        if refusal := self._refuse_to_write():
            return refusal
        if pull_request and pull_request.locked:
            return _error(403, "Unable to create comment because issue is locked.")
        if len(request.get_json()["body"].encode()) > LONGEST_BODY:
            message = f"Body is too long (maximum is {LONGEST_BODY} characters)"
            problem = {"resource": "IssueComment", "code": "unprocessable", "field": "data", "message": message}
            return _error(422, "Validation Failed", errors=[problem])
        return None

    def _list_pull_requests(self) -> Response:
        state, head = request.args.get("state", "open"), request.args.get("head")
        owner = self.repository.partition("/")[0]
        found = [
            self._documents.pull_request(pull_request)
            for pull_request in self.pull_requests
            if state in ("all", pull_request.state)
            and head in (None, f"{pull_request.head_owner or owner}:{pull_request.branch}")
        ]
        return self._page(found)

    def _list_pull_requests_of_commit(self, sha: str) -> Response:
        """Open and merged ones alike."""
        found = [p for p in self.pull_requests if sha in (p.head_sha, p.merge_sha, *p.commits)]
        return self._page([self._documents.pull_request(pull_request) for pull_request in found])

    def _page(self, documents: list[dict[str, Any]]) -> Response:
        """One page, with the Link header that leads to the next."""
        per_page, page = int(request.args.get("per_page", 30)), int(request.args.get("page", 1))
        response = _json(documents[(page - 1) * per_page : page * per_page])
        if page * per_page < len(documents):
            path = request.path.removeprefix("/api/v3")
            query = urlencode(request.args.to_dict() | {"page": str(page + 1)})
            response.headers["Link"] = f'<{self.api_url}{path}?{query}>; rel="next"'
        return response

    def _graphql(self) -> Response:
        """The three documents that our client sends."""
        document = request.get_json()
        query, variables = document["query"], document["variables"]
        self.graphql_queries.append(query)
        if "minimizeComment" in query:
            return self._hide_comment(variables["input"]["subjectId"])
        if "node(" in query:
            return self._show_comment(variables["id"])
        return self._comments_page(**variables)

    def _show_comment(self, node_id: str) -> Response:
        comment = next((comment for comment in self.comments if comment.node_id == node_id), None)
        if comment is None:
            return _no_node(node_id, node=None)
        return _json({"data": {"node": self._standing(comment)}})

    def _standing(self, comment: Comment) -> dict[str, Any]:
        pull_request = self._pull_request(comment.number)
        head = {"headRefOid": pull_request.head_sha} if pull_request else None
        return {"isMinimized": comment.minimized, "body": comment.body, "pullRequest": head}

    def _hide_comment(self, node_id: str) -> Response:
        comment = next((comment for comment in self.comments if comment.node_id == node_id), None)
        if comment is None:
            return _no_node(node_id)
        if not (g.account.may_write and g.account.may_hide):
            return _graphql_error("FORBIDDEN", "Resource not accessible by integration")
        comment.minimized = True
        return _json({"data": {"minimizeComment": {"minimizedComment": {"isMinimized": True}}}})

    def _comments_page(self, owner: str, name: str, number: int, after: str | None) -> Response:
        if f"{owner}/{name}" != self.repository:
            return _graphql_error(
                "NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{name}'.", repository=None
            )
        pull_request = self._pull_request(number)
        if pull_request is None:
            message = f"Could not resolve to a PullRequest with the number of {number}."
            return _graphql_error("NOT_FOUND", message, repository={"pullRequest": None})
        comments = [comment for comment in self.comments if comment.number == number]
        start = int(after or 0)
        page = {
            "nodes": [self._comment_node(comment) for comment in comments[start : start + 100]],
            "pageInfo": {"hasNextPage": start + 100 < len(comments), "endCursor": str(start + 100)},
        }
        shown = {"headRefOid": pull_request.head_sha, "comments": page}
        data = {"viewer": {"login": g.account.login}, "repository": {"pullRequest": shown}}
        return _json({"data": data})

    def _comment_node(self, comment: Comment) -> dict[str, Any]:
        """GraphQL's author of a bot's comment lacks the `[bot]` that its viewer has."""
        is_bot = comment.author.kind == "Bot"
        return {
            "id": comment.node_id,
            "fullDatabaseId": str(comment.id),
            "url": self._documents.comment_url(comment),
            "body": comment.body,
            "isMinimized": comment.minimized,
            "viewerDidAuthor": comment.author.login == g.account.login
            and (self._bots_know_their_comments or not is_bot),
            "author": {"__typename": comment.author.kind, "login": comment.author.login.removesuffix("[bot]")},
        }

    def _pull_request(self, number: int) -> PullRequest | None:
        return next((p for p in self.pull_requests if p.number == number), None)


def _json(document: object, status: int = 200) -> Response:
    response = jsonify(document)
    response.status_code = status
    return response


def _error(status: int, message: str, **more: object) -> Response:
    return _json(error(status, message, **more), status)


def _no_node(node_id: str, **data: object) -> Response:
    return _graphql_error("NOT_FOUND", f"Could not resolve to a node with the global id of '{node_id}'", **data)


def _graphql_error(kind: str, message: str, **data: object) -> Response:
    """GraphQL's errors come with status 200."""
    return _json({"data": data or None, "errors": [{"type": kind, "path": [], "message": message}]})
