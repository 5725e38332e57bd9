"""What the comment says of several workspaces: what is new since the one that it replaces, and what it remembers."""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from tfc_plan_comment.action.remembering import put_in_front, recall
from tfc_plan_comment.action.world import World
from tfc_plan_comment.comment_memory import NOTHING, Memories, memory_line, put_memory
from tfc_plan_comment.errors import TemplateError
from tfc_plan_comment.github_actions.written import Superseded
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.report.failed import Failed
from tfc_plan_comment.report.since_together import SinceTogether, tell_since_together
from tfc_plan_comment.report.together import order
from tfc_plan_comment.report.workspace_report import WorkspaceReport
from tfc_plan_comment.report.write.comment import COMMENT_LIMIT, render_failure
from tfc_plan_comment.report.write.together import render_together
from tfc_plan_comment.settings.settings import Settings


class TogetherText:
    """The Markdown of the comment, by the comment that it replaces: that remembers what it showed."""

    def __init__(self, key: str, reports: Sequence[WorkspaceReport], settings: Settings, world: World) -> None:
        """Write nothing yet."""
        # By a key that several share, such as that of a step without a run, none could be told from the others later.
        keys = Counter(each.key for each in reports)
        self._shared = {key for key, count in keys.items() if count > 1}
        own = [replace(each, key="") if each.key in self._shared else each for each in reports]
        self._key, self._reports, self._world = key, order(own), world
        # What the plans mark is not known here any more.
        self._mask = Mask(redact=settings.redact)
        self._written: dict[str | None, str] = {}
        self.failure: TemplateError | None = None
        """Why it says that there is no room for the reports, if it does: an earlier one must not stand there still."""

    def compose(self, standing: str | None) -> str | Superseded:
        """What it says in the place of the comment that stands there; that is left alone if its runs are newer ones.

        They are if one is newer than ours of the same workspace, and none is older.
        """
        recalled = recall(standing, self._mask)
        before = {key: memory for key, memory in recalled.items() if key not in self._shared}
        both = [(before.get(each.key, NOTHING), each.memory) for each in self._reports]
        newer = [was for was, now in both if was.is_newer_than(now)]
        if newer and not any(now.is_newer_than(was) for was, now in both):
            return Superseded(f"run {newer[0].run}" if newer[0].run else "a newer run")
        if standing not in self._written:
            self._written[standing] = self._write(before)
        return self._written[standing]

    def step_summary(self, limit: int) -> str:
        """The same edition, without what is remembered, in so many bytes."""
        return self._render(limit=limit)

    def _write(self, before: Memories) -> str:
        line = memory_line(put_in_front({each.key: each.memory for each in self._reports if each.key}, before))
        body = self._render(
            limit=COMMENT_LIMIT - len(line) - 1,
            full_report=self._world.environment.workflow_run_url,
            since=tell_since_together(self._reports, before),
        )
        return put_memory(body, line)

    def _render(self, *, limit: int, full_report: str | None = None, since: SinceTogether | None = None) -> str:
        try:
            return render_together(self._key, self._reports, limit=limit, full_report=full_report, since=since)
        except TemplateError as error:
            self.failure = error
            fact = "too many reports for one comment"
            return render_failure(Failed(key=self._key, fact=fact, sentence=str(error)))
