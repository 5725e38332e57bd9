"""What the comment says of a result: the report, what is new since the comment that it replaces, what it remembers."""

from pathlib import Path

from msgspec.structs import replace

from tfc_plan_comment.action.files import read_template
from tfc_plan_comment.action.remembering import changes_of, put_in_front, recall, remember
from tfc_plan_comment.action.report_of import failed_of, report_of
from tfc_plan_comment.action.results import NoPlan, Planned, Result
from tfc_plan_comment.action.world import World
from tfc_plan_comment.comment_memory import NOTHING, Memories, Memory, drop_memory, memory_line
from tfc_plan_comment.github_actions.written import Superseded
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Since
from tfc_plan_comment.report.since import tell_since
from tfc_plan_comment.report.write.comment import render, render_failure


class CommentText:
    """The Markdown of the comment, by the comment that it replaces: that remembers what it showed."""

    def __init__(self, result: Result, template: Path | None, world: World, *, is_first: bool = False) -> None:
        """Write nothing yet.

        With `is_first`, the comment that stands there is one that this step wrote where there was none.
        """
        self._result, self._template, self._world = result, template, world
        self._key, self._is_first = result.subject.workspace_key, is_first
        self._changes = changes_of(result)
        self.memory = remember(result, world, self._changes)
        self._written: dict[str | None, str] = {}

    def compose(self, standing: str | None) -> str | Superseded:
        """What it says in the place of the comment that stands there; that is left alone if its run is a newer one.

        Raises TemplateError.
        """
        before = self._recall(standing).get(self._key, NOTHING)
        if before.is_newer_than(self.memory):
            return Superseded(f"run {before.run}" if before.run else "a newer run")
        return self.write(standing)

    def write(self, standing: str | None) -> str:
        """What it says in the place of that comment, even if that is a newer one. Raises TemplateError."""
        if standing not in self._written:
            self._written[standing] = (
                self._write_report(self._result, standing)
                if isinstance(self._result, Planned)
                else self._write_failure(self._result, standing)
            )
        return self._written[standing]

    def _recall(self, standing: str | None) -> Memories:
        mask = self._result.summary.mask if isinstance(self._result, Planned) else Mask()
        return recall(standing, mask)

    def _write_report(self, result: Planned, standing: str | None) -> str:
        before = self._recall(standing)
        report = replace(
            report_of(result, self._world),
            full_report=self._world.environment.workflow_run_url,
            since=self._tell_since(before.get(self._key, NOTHING)),
        )
        template = read_template(self._template) if self._template else None
        return render(report, template, memory=self._remember(before))

    def _write_failure(self, result: NoPlan, standing: str | None) -> str:
        failed, line = failed_of(result, self._world), self._remember(self._recall(standing))
        first = render_failure(failed, memory=line)
        if standing is None or self._is_first or _says(standing) == _says(first):
            return first
        return render_failure(failed, memory=line, replaces_earlier=True)

    def _remember(self, before: Memories) -> str:
        return memory_line(put_in_front({self._key: self.memory}, before))

    def _tell_since(self, before: Memory) -> Since | None:
        earlier = before.before(self.memory.commit)
        if earlier is None or self.memory.plan is None or self._changes is None:
            return None
        return tell_since(earlier, self._changes, Limits())


def _says(body: str) -> str:
    return drop_memory(body.replace("\r\n", "\n")).rstrip()
