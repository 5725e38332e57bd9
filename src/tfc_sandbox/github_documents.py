"""The answers of GitHub's REST API, whole: the tests in tests/peers hold them to GitHub's OpenAPI description."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

GITHUB = "https://github.com"
_TIME = "2026-10-01T12:00:00Z"
_USER_LINKS = (  # noqa: SIM905 - a list of words reads better as words
    "events followers following gists organizations received_events repos starred subscriptions"
).split()
_REPOSITORY_LINKS = (  # noqa: SIM905 - forty words would be forty lines
    "archive assignees blobs branches collaborators comments commits compare contents contributors deployments "
    "downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels "
    "languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags "
    "teams trees"
).split()


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """Whom a token stands for, and what it may do."""

    login: str
    kind: str = "User"
    may_write: bool = True
    may_hide: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class PullRequest:
    """A pull request; `commits` are those that it holds below its head."""

    number: int
    head_sha: str
    branch: str = "change"
    head_owner: str | None = None
    commits: tuple[str, ...] = ()
    state: str = "open"
    locked: bool = False
    merge_sha: str | None = None
    """The commit by which it was merged, or GitHub's test merge while it is open."""


@dataclass(kw_only=True, slots=True)
class Comment:
    """A comment as GitHub keeps it."""

    id: int
    number: int
    author: Account
    body: str
    minimized: bool = False

    @property
    def node_id(self) -> str:
        """Its name in GraphQL."""
        return f"IC_{self.id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Documents:
    """Makes the documents of one repository, with `api_url` in all links that a client may follow."""

    api_url: str
    owner: str
    name: str

    def comment(self, comment: Comment) -> dict[str, Any]:
        """An `issue-comment`."""
        repository = f"{self.api_url}/repos/{self.owner}/{self.name}"
        return {
            "id": comment.id,
            "node_id": comment.node_id,
            "url": f"{repository}/issues/comments/{comment.id}",
            "html_url": self.comment_url(comment),
            "issue_url": f"{repository}/issues/{comment.number}",
            "body": comment.body,
            "user": self._user(comment.author.login, comment.author.kind),
            "author_association": "CONTRIBUTOR",
            "performed_via_github_app": None,
            "created_at": _TIME,
            "updated_at": _TIME,
        }

    def comment_url(self, comment: Comment) -> str:
        """Its place in the browser."""
        return f"{GITHUB}/{self.owner}/{self.name}/pull/{comment.number}#issuecomment-{comment.id}"

    def label(self, name: str) -> dict[str, Any]:
        """A `label`, as GitHub makes it where nobody has chosen a color."""
        return {
            "id": 1,
            "node_id": "LA_1",
            "url": f"{self.api_url}/repos/{self.owner}/{self.name}/labels/{quote(name)}",
            "name": name,
            "description": None,
            "color": "ededed",
            "default": False,
        }

    def pull_request(self, pull_request: PullRequest) -> dict[str, Any]:
        """A `pull-request-simple`."""
        repository = f"{self.api_url}/repos/{self.owner}/{self.name}"
        url = f"{repository}/pulls/{pull_request.number}"
        issue = f"{repository}/issues/{pull_request.number}"
        page = f"{GITHUB}/{self.owner}/{self.name}/pull/{pull_request.number}"
        links = {
            "self": url,
            "html": page,
            "issue": issue,
            "comments": f"{issue}/comments",
            "review_comments": f"{url}/comments",
            "review_comment": f"{repository}/pulls/comments{{/number}}",
            "commits": f"{url}/commits",
            "statuses": f"{repository}/statuses/{pull_request.head_sha}",
        }
        return {
            "id": 1000 + pull_request.number,
            "node_id": f"PR_{pull_request.number}",
            "number": pull_request.number,
            "state": pull_request.state,
            "locked": pull_request.locked,
            "title": f"Change {pull_request.number}",
            "body": None,
            "user": self._user("octocat", "User"),
            "author_association": "CONTRIBUTOR",
            "labels": [],
            "assignee": None,
            "milestone": None,
            "auto_merge": None,
            "merge_commit_sha": pull_request.merge_sha,
            "created_at": _TIME,
            "updated_at": _TIME,
            "closed_at": _TIME if pull_request.state == "closed" else None,
            "merged_at": _TIME if pull_request.merge_sha and pull_request.state == "closed" else None,
            "head": self._side(pull_request.head_owner or self.owner, pull_request.branch, pull_request.head_sha),
            "base": self._side(self.owner, "main", "b" * 40),
            "url": url,
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "issue_url": issue,
            **{f"{name}_url": links[name] for name in ("comments", "commits", "review_comment", "statuses")},
            "review_comments_url": links["review_comments"],
            "_links": {name: {"href": link} for name, link in links.items()},
        }

    def _side(self, owner: str, branch: str, sha: str) -> dict[str, Any]:
        user = self._user(owner, "Organization")
        return {"label": f"{owner}:{branch}", "ref": branch, "sha": sha, "user": user, "repo": self._repository(owner)}

    def _repository(self, owner: str) -> dict[str, Any]:
        url, page = f"{self.api_url}/repos/{owner}/{self.name}", f"{GITHUB}/{owner}/{self.name}"
        return {
            "id": 1,
            "node_id": "R_1",
            "name": self.name,
            "full_name": f"{owner}/{self.name}",
            "owner": self._user(owner, "Organization"),
            "private": False,
            "description": None,
            "fork": owner != self.owner,
            "url": url,
            "html_url": page,
            **{f"{link}_url": f"{url}/{link}" for link in _REPOSITORY_LINKS},
            **{f"{link}_url": f"{page}.git" for link in ("clone", "git", "ssh", "svn")},
            **dict.fromkeys(("homepage", "language", "license", "mirror_url"), None),
            **dict.fromkeys(("has_downloads", "has_issues", "has_pages", "has_projects", "has_wiki"), True),
            **dict.fromkeys(("forks", "forks_count", "open_issues", "open_issues_count"), 0),
            **dict.fromkeys(("size", "stargazers_count", "watchers", "watchers_count"), 0),
            **dict.fromkeys(("created_at", "pushed_at", "updated_at"), _TIME),
            "default_branch": "main",
            "archived": False,
            "disabled": False,
        }

    def _user(self, login: str, kind: str) -> dict[str, Any]:
        name = quote(login)
        url = f"{self.api_url}/users/{name}"
        return {
            "login": login,
            "id": 41898282,
            "node_id": "U_1",
            "type": kind,
            "site_admin": False,
            "avatar_url": f"{GITHUB}/{name}.png",
            "gravatar_id": "",
            "url": url,
            "html_url": f"{GITHUB}/{name}",
            **{f"{link}_url": f"{url}/{link}" for link in _USER_LINKS},
        }


def error(status: int, message: str, **more: object) -> Mapping[str, object]:
    """A `basic-error`, or with `errors` a `validation-error`."""
    return {"message": message, **more, "documentation_url": "https://docs.github.com/rest", "status": str(status)}
