"""The comments that the token itself wrote on a pull request: finding them, and hiding one of them; by GraphQL.

GraphQL, because one request says all: the texts, whose they are and which are hidden. REST says nothing of hidden
ones, and `GET /user`, which would say who we are, is forbidden to GITHUB_TOKEN and to GitHub Apps.
"""

import msgspec

from tfc_plan_comment.github_actions.session import Session

COMMENTS_QUERY = """
query PullRequestComments($owner: String!, $name: String!, $number: Int!, $after: String) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid
      comments(first: 100, after: $after) {
        nodes { id fullDatabaseId url body isMinimized viewerDidAuthor author { __typename login } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
"""
COMMENT_QUERY = """
query Comment($id: ID!) {
  node(id: $id) { ... on IssueComment { isMinimized body pullRequest { headRefOid } } }
}
"""
HIDE_MUTATION = """
mutation HideComment($input: MinimizeCommentInput!) {
  minimizeComment(input: $input) { minimizedComment { isMinimized } }
}
"""


class _Author(msgspec.Struct, frozen=True):
    login: str
    kind: str = msgspec.field(name="__typename")


class Comment(msgspec.Struct, frozen=True, rename="camel"):
    """A comment as GraphQL shows it."""

    id: str
    full_database_id: int
    """The id that the REST API knows it by; GraphQL sends these 64 bits as a string."""
    url: str
    body: str
    is_minimized: bool
    viewer_did_author: bool
    author: _Author | None
    """None if the account is gone."""


class _PageInfo(msgspec.Struct, frozen=True, rename="camel"):
    has_next_page: bool
    end_cursor: str | None


class _Page(msgspec.Struct, frozen=True, rename="camel"):
    nodes: list[Comment | None]
    page_info: _PageInfo


class _PullRequest(msgspec.Struct, frozen=True, rename="camel"):
    comments: _Page
    head_ref_oid: str | None = None


class _Repository(msgspec.Struct, frozen=True, rename="camel"):
    pull_request: _PullRequest


class _Viewer(msgspec.Struct, frozen=True):
    login: str


class _Answer(msgspec.Struct, frozen=True):
    viewer: _Viewer
    repository: _Repository


class _Head(msgspec.Struct, frozen=True, rename="camel"):
    head_ref_oid: str | None = None


class Standing(msgspec.Struct, frozen=True, rename="camel"):
    """A comment that still stands there: hidden or not, its text, and its pull request."""

    is_minimized: bool
    body: str = ""
    pull_request: _Head | None = None

    @property
    def head_sha(self) -> str | None:
        """The commit at the head of its pull request."""
        return self.pull_request.head_ref_oid if self.pull_request else None


class _Minimized(msgspec.Struct, frozen=True, rename="camel"):
    is_minimized: bool


class _Hidden(msgspec.Struct, frozen=True, rename="camel"):
    minimized_comment: _Minimized


class _HiddenAnswer(msgspec.Struct, frozen=True, rename="camel"):
    minimize_comment: _Hidden


class _Node(msgspec.Struct, frozen=True):
    node: Standing | None


class OwnComments(msgspec.Struct, frozen=True, kw_only=True):
    """The token's own comments on a pull request, oldest first, and the commit at its head."""

    comments: tuple[Comment, ...]
    head_sha: str | None


def own_visible_comments(session: Session, repository: str, number: int) -> OwnComments:
    """The token's own comments that are not hidden, oldest first; one request for each 100 comments of anybody.

    Raises session.RequestFailed, and msgspec.ValidationError for an answer of another shape.
    """
    owner, _, name = repository.partition("/")
    own: list[Comment] = []
    after: str | None = None
    while True:
        data = session.graphql(COMMENTS_QUERY, {"owner": owner, "name": name, "number": number, "after": after})
        answer = msgspec.convert(data, _Answer, strict=False)
        page = answer.repository.pull_request.comments
        own += [
            comment
            for comment in page.nodes
            if comment is not None and not comment.is_minimized and _wrote(answer.viewer, comment)
        ]
        if not page.page_info.has_next_page:
            return OwnComments(comments=tuple(own), head_sha=answer.repository.pull_request.head_ref_oid)
        after = page.page_info.end_cursor


def look_again(session: Session, comment: Comment) -> Standing | None:
    """The comment as it stands now; None if it is gone, or somebody has hidden it. By one request.

    Raises session.RequestFailed, also with 404 for one that is gone, and msgspec.ValidationError for an odd answer.
    """
    found = msgspec.convert(session.graphql(COMMENT_QUERY, {"id": comment.id}), _Node).node
    return None if found is None or found.is_minimized else found


def hide(session: Session, comment: Comment) -> None:
    """Fold a comment away as outdated.

    Raises session.RequestFailed, and msgspec.ValidationError for an answer that does not say that it is.
    """
    data = session.graphql(HIDE_MUTATION, {"input": {"subjectId": comment.id, "classifier": "OUTDATED"}})
    msgspec.convert(data, _HiddenAnswer)


def _wrote(viewer: _Viewer, comment: Comment) -> bool:
    """True if the token's own account wrote it.

    `viewerDidAuthor` says it. Should it not for a token that stands for an App, the names do: such a viewer is
    `github-actions[bot]`, its comment's author the Bot `github-actions`. A user of that name is no Bot.
    """
    if comment.viewer_did_author:
        return True
    is_bot = comment.author is not None and comment.author.kind == "Bot"
    return is_bot and comment.author is not None and viewer.login == f"{comment.author.login}[bot]"
