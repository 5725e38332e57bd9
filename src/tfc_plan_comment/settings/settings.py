"""Inputs -> one frozen `Settings`, or one `SettingsError` that names every problem.

`readers` lists every input with the function of `inputs` that reads it.
What a file holds (a template's syntax, a plan) is not looked at here.
"""

import difflib
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Self

from tfc_plan_comment.errors import ActionError, SettingsError
from tfc_plan_comment.findings.gate import NO_GATE, FailOn
from tfc_plan_comment.plan.attention_settings import Ignored
from tfc_plan_comment.settings import inputs, paths
from tfc_plan_comment.settings.contradictions import find_contradictions, find_contradictions_of_gate
from tfc_plan_comment.settings.source import MORE_OF_SOURCE, SOURCES, Source
from tfc_plan_comment.unprinted import Unprinted

_MAY_BE_EMPTY = ("report-artifact", "sentinel-mocks-artifact")


class PlanAccess(StrEnum):
    """The plan JSON to read: the full one (workspace admin), the redacted one (read), or full and then redacted."""

    AUTO = "auto"
    FULL = "full"
    REDACTED = "redacted"


class WaitFor(StrEnum):
    """The part of the run to wait for: its plan alone, or policies, run tasks and cost, or its end as well."""

    PLAN = "plan"
    CHECKS = "checks"
    APPLY = "apply"


class CommentMode(StrEnum):
    """The way to treat the comment of an earlier push: edit it, post a new one, or write none."""

    UPDATE = "update"
    RECREATE = "recreate"
    NONE = "none"


class CommentScope(StrEnum):
    """The comments of several workspaces: each has one, or one tells of all together."""

    EACH = "each"
    TOGETHER = "together"


class CommentWhen(StrEnum):
    """The plans that get a comment: all of them, or those with changes."""

    ALWAYS = "always"
    CHANGES = "changes"


class SentinelMocks(StrEnum):
    """The wish for the run's Sentinel mocks: none, or export them, or let the step fail without them."""

    FALSE = "false"
    TRUE = "true"
    REQUIRED = "required"


REPORT_PATH = "tfc-plan-report.html"
"""The path of the HTML report in the workspace, unless the user gives another."""

MOCKS_PATH = "sentinel-mocks.tar.gz"
"""The path of the Sentinel mocks in the workspace, unless the user gives another."""


class Settings(Unprinted, frozen=True, kw_only=True):
    """The user's wishes, checked. `max_plan_size` is in bytes."""

    source: Source

    token: str = ""
    hostname: str = "app.terraform.io"
    plan_access: PlanAccess = PlanAccess.AUTO
    timeout: timedelta = timedelta(minutes=30)
    wait_for: WaitFor | None = None
    max_plan_size: int = 2_000_000_000
    github_token: str = ""
    pr_number: int | None = None
    comment: CommentMode = CommentMode.UPDATE
    comment_mode: CommentScope = CommentScope.TOGETHER
    comment_when: CommentWhen = CommentWhen.ALWAYS
    comment_key: str | None = None
    attention: bool = True
    attention_ignore: tuple[Ignored, ...] = ()
    fail_on: FailOn = NO_GATE
    labels: bool = False
    template: Path | None = None
    plan_json_path: Path | None = None
    summary_json_path: Path | None = None
    report: bool = False
    report_path: Path = Path(REPORT_PATH)
    report_artifact: str = f"tfc-plan-report-{inputs.RUN_ID}"
    sentinel_mocks: SentinelMocks = SentinelMocks.FALSE
    sentinel_mocks_path: Path = Path(MOCKS_PATH)
    sentinel_mocks_artifact: str = f"sentinel-mocks-{inputs.RUN_ID}"
    artifact_retention_days: int = 1
    sentinel_mocks_keep: bool = False
    ca_bundle: Path | None = None
    redact: tuple[re.Pattern[str], ...] = ()
    reveal: tuple[str, ...] = ()

    @classmethod
    def from_inputs(
        cls,
        environ: Mapping[str, str],
        *,
        workspace: Path,
        runner_temp: Path | None,
        check_template: Callable[[Path], object] = lambda _: None,
    ) -> Self:
        """The settings that the environment's `INPUT_<NAME>` variables ask for.

        GitHub's runner upper-cases an input's name, turns its spaces into `_` and keeps its dashes; an input that is
        not given arrives as its default, or as an empty string (actions/runner, `Handler.cs`). Values are stripped.
        Paths come back absolute and without symbolic links; a relative one is relative to `workspace`. Files to read
        lie in `workspace` or in `runner_temp`, files to write in `workspace`.
        `check_template` raises an ActionError for a template that cannot be used, which is told with all the rest.

        Raises:
            SettingsError: with the problems of all inputs, at once.
        """
        workspace = workspace.resolve()
        known = readers(workspace, None if runner_temp is None else runner_temp.resolve())
        texts = {key.removeprefix("INPUT_").lower(): text for key, text in environ.items() if key.startswith("INPUT_")}
        unknown = [_unknown(name, known) for name in sorted(texts.keys() - known.keys())]
        given = _given(texts, known)
        values, refused = _read(given, known)
        for name, path in _default_paths(values, workspace).items():
            values.setdefault(name, path)
        if values.get("fail-on", NO_GATE).of_run:
            values.setdefault("wait-for", WaitFor.CHECKS)
        problems = [
            *unknown,
            *refused,
            *find_contradictions(given),
            *find_contradictions_of_gate(values.get("fail-on", NO_GATE), given),
            *_clashes(values, _written(known)),
            *_template_problems(values, check_template),
        ]
        if problems:
            raise _all_in_one(problems)
        source = _source(values)
        return cls(source=source, **{name.replace("-", "_"): value for name, value in values.items()})


def readers(workspace: Path, runner_temp: Path | None) -> dict[str, Callable[[str], object]]:
    """Every input and the function that turns its text into its value, or raises `inputs.RefusedError`."""
    file_to_read = partial(paths.file_to_read, workspace=workspace, runner_temp=runner_temp)
    file_to_write = partial(paths.file_to_write, workspace=workspace)
    return {
        "token": inputs.token,
        "hostname": inputs.hostname,
        "organization": inputs.organization,
        "workspaces": inputs.workspace_patterns,
        "run-id": inputs.run_ids,
        "plan-id": partial(inputs.resource_id, kind="plan", example="plan-8F5JFydVYAmtTjET"),
        "cloud-plan": file_to_read,
        "plan-json": file_to_read,
        "summaries": partial(paths.files_to_read, workspace=workspace, runner_temp=runner_temp),
        "plan-access": partial(inputs.choice, choices=PlanAccess),
        "timeout": inputs.duration,
        "wait-for": partial(inputs.choice, choices=WaitFor),
        "max-plan-size": inputs.size,
        "github-token": inputs.token,
        "pr-number": inputs.pull_request_number,
        "comment": partial(inputs.choice, choices=CommentMode),
        "comment-mode": partial(inputs.choice, choices=CommentScope),
        "comment-when": partial(inputs.choice, choices=CommentWhen),
        "comment-key": inputs.comment_key,
        "attention": inputs.boolean,
        "attention-ignore": inputs.ignored_attention,
        "fail-on": inputs.fail_on,
        "labels": inputs.boolean,
        "template": file_to_read,
        "plan-json-path": file_to_write,
        "summary-json-path": file_to_write,
        "report": inputs.boolean,
        "report-path": file_to_write,
        "report-artifact": inputs.artifact_name,
        "sentinel-mocks": partial(inputs.choice, choices=SentinelMocks),
        "sentinel-mocks-path": file_to_write,
        "sentinel-mocks-artifact": inputs.artifact_name,
        "artifact-retention-days": inputs.retention_days,
        "sentinel-mocks-keep": inputs.boolean,
        "ca-bundle": file_to_read,
        "redact": inputs.regular_expressions,
        "reveal": inputs.places,
    }


def _given(texts: Mapping[str, str], known: Iterable[str]) -> dict[str, str]:
    """The known inputs that the user gives, stripped; an empty text counts only where it means something."""
    stripped = {name: texts[name].strip() for name in known if name in texts}
    return {name: text for name, text in stripped.items() if text or name in _MAY_BE_EMPTY}


def _read(
    given: Mapping[str, str], known: Mapping[str, Callable[[str], object]]
) -> tuple[dict[str, Any], list[SettingsError]]:
    """The values of the inputs by name, and the problems of those that have none."""
    values: dict[str, Any] = {}
    problems: list[SettingsError] = []
    for name, text in given.items():
        try:
            values[name] = known[name](text)
        except inputs.RefusedError as refusal:
            problems.append(SettingsError(f"Input {name}", *refusal.args))
    return values, problems


def _source(values: dict[str, Any]) -> Source:
    """The source, out of the values of the inputs that are no fields: they are taken from `values`."""
    [name] = [name for name in SOURCES if name in values]
    more = MORE_OF_SOURCE.get(name, "")
    return SOURCES[name](*(values.pop(each) for each in (name, more) if each in values))


def _default_paths(values: Mapping[str, object], workspace: Path) -> dict[str, Any]:
    """The paths of the files that the step will write if the user gives no other."""
    written: dict[str, Any] = {}
    if values.get("sentinel-mocks", SentinelMocks.FALSE) is not SentinelMocks.FALSE:
        written["sentinel-mocks-path"] = workspace / MOCKS_PATH
    if values.get("report"):
        written["report-path"] = workspace / REPORT_PATH
    return written


def _unknown(name: str, known: Iterable[str]) -> SettingsError:
    close = difflib.get_close_matches(name.replace("_", "-"), known, n=1)
    return SettingsError(
        f"Input {inputs.shown(name)}",
        "there is no input with this name",
        f"Use {close[0]}, if you meant that" if close else "Remove it",
    )


def _written(known: Mapping[str, Callable[[str], object]]) -> set[str]:
    """The inputs that name a file to write."""
    return {name for name, read in known.items() if isinstance(read, partial) and read.func is paths.file_to_write}


def _clashes(values: Mapping[str, object], written: set[str]) -> list[SettingsError]:
    """The problems of files to write that would overwrite each other, or a file to read."""
    files = [(name, path) for name, path in values.items() if isinstance(path, Path)]
    return [
        SettingsError(f"Inputs {one} and {other}", "both name the same file", "Use a different path for each")
        for (one, path), (other, other_path) in itertools.combinations(files, 2)
        if path == other_path and not written.isdisjoint((one, other))
    ]


def _template_problems(values: Mapping[str, Any], check_template: Callable[[Path], object]) -> Iterator[SettingsError]:
    if "template" in values:
        try:
            check_template(values["template"])
        except ActionError as error:
            yield SettingsError(error.what_failed, error.why, error.what_to_do)


def _all_in_one(problems: Sequence[SettingsError]) -> SettingsError:
    """The only problem as it is, or one error with a line for each."""
    if len(problems) == 1:
        return problems[0]
    lines = "".join(f"\n- {problem}" for problem in problems)
    return SettingsError("The inputs cannot be used", f"{len(problems)} problems", f"Correct them:{lines}"[:-1])
