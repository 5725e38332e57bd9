"""The one label of ours on a pull request: it is kept in step, and labels that are not ours are never touched.

Importing this imports PyGithub.
Source: GitHub REST API docs, "Labels": a name is the same in upper and lower case, a pull request has at most 100
labels, which is one page, and one that the repository does not have is made when it is added.
"""

from collections.abc import Collection

from github.Issue import Issue

from tfc_plan_comment.github_actions.session import RequestFailed, Session


def keep_label(session: Session, issue: Issue, *, wanted: str | None, ours: Collection[str]) -> bool:
    """Leave exactly the wanted label of ours on the pull request, or none; True if anything had to change.

    Requests: one to look; one to add; one for each label to remove, which is done last, so that one of ours stays.
    Raises session.RequestFailed.
    """
    present = session.ask(lambda: [label.name for label in issue.get_labels()])
    names = {name.casefold() for name in ours}
    standing = [name for name in present if name.casefold() in names]
    missing = wanted if wanted and wanted.casefold() not in map(str.casefold, standing) else None
    stale = [name for name in standing if wanted is None or name.casefold() != wanted.casefold()]
    if missing:
        session.ask(lambda: _add(issue, missing))
    for name in stale:
        _remove(session, issue, name)
    return bool(missing or stale)


def _add(issue: Issue, name: str) -> None:
    """As GitHub's OpenAPI description has it: `Issue.add_to_labels` sends the list alone."""
    issue.requester.requestJsonAndCheck("POST", f"{issue.url}/labels", input={"labels": [name]})


def _remove(session: Session, issue: Issue, name: str) -> None:
    try:
        session.ask(lambda: issue.remove_from_labels(name))
    except RequestFailed as error:
        if error.failure.status != 404:  # somebody else has removed it meanwhile
            raise
