"""The one label of ours on a pull request: it is kept in step, and labels that are not ours are never touched.

Importing this imports PyGithub.
Source: GitHub REST API docs, "Labels": a name is the same in upper and lower case, a pull request has at most 100
labels, which is one page, and one that the repository does not have is made when it is added.
"""

from collections.abc import Collection
from typing import Any
from urllib.parse import quote

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
        # As GitHub's OpenAPI description has it: `Issue.add_to_labels` sends the list alone.
        session.ask(lambda: _check_names(session.send("POST", f"{issue.url}/labels", {"labels": [missing]}), missing))
    for name in stale:
        _remove(session, issue, name)
    return bool(missing or stale)


def _remove(session: Session, issue: Issue, name: str) -> None:
    url = f"{issue.url}/labels/{quote(name, safe='')}"
    try:
        session.ask(lambda: _check_names(session.send("DELETE", url)))
    except RequestFailed as error:
        if error.failure.status != 404:  # somebody else has removed it meanwhile
            raise


def _check_names(answer: Any, *names: str) -> None:
    """Raise an error of SHAPELESS unless the answer has the labels that there are now, with these among them."""
    if not isinstance(answer, list):
        raise TypeError
    present = {label["name"].casefold() for label in answer}
    if not present >= set(map(str.casefold, names)):
        raise ValueError
