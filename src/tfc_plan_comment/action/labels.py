"""The story of the labels: the pull request has the one that says the worst of its plans."""

from collections.abc import Collection, Mapping, Sequence

from tfc_plan_comment.action.pull_request_comment import PullRequestComment
from tfc_plan_comment.report.workspace_facts import WorkspaceFacts
from tfc_plan_comment.report.worst import Worst
from tfc_plan_comment.settings.settings import Settings

CHANGES = "terraform: changes"
LABELS: Mapping[Worst, str | None] = {
    Worst.FAILED: None,
    Worst.DATA_LOSS: "terraform: destroy",
    Worst.DESTROY: "terraform: destroy",
    Worst.REPLACE: "terraform: replace",
    Worst.UNKNOWN: CHANGES,
    Worst.ATTENTION: CHANGES,
    Worst.CHANGES: CHANGES,
    Worst.NO_CHANGES: "terraform: no changes",
}
"""The label for each plan. Data that is lost in a replacement is destroyed, as the title of the comment says too."""

OURS = frozenset(filter(None, LABELS.values()))


def label_of(plans: Collection[Worst]) -> str | None:
    """The label for the worst that is known of the plans. Of one that failed it is not known that nothing changes."""
    known = [word for word in Worst if word in plans and word is not Worst.FAILED]
    if not known or (known[0] is Worst.NO_CHANGES and Worst.FAILED in plans):
        return None
    return LABELS[known[0]]


def keep_labels(workspaces: Sequence[WorkspaceFacts], comment: PullRequestComment, settings: Settings) -> None:
    """Keep the label of the pull request in step, if the user wants it."""
    if settings.labels and workspaces:
        comment.label(label_of({each.worst for each in workspaces}), ours=OURS)
