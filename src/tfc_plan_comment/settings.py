"""Inputs -> one frozen `Settings`, or one `SettingsError` that names every problem."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path


class PlanAccess(StrEnum):
    """Which plan JSON to read: the full one (workspace admin), the redacted one (read), or full and then redacted."""

    AUTO = "auto"
    FULL = "full"
    REDACTED = "redacted"


class CommentMode(StrEnum):
    """What to do with the comment of an earlier push."""

    UPDATE = "update"
    RECREATE = "recreate"
    NONE = "none"


class CommentWhen(StrEnum):
    """Whether a plan without changes gets a comment."""

    ALWAYS = "always"
    CHANGES = "changes"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What the user asked for, checked. Exactly one of run_id, plan_id, cloud_plan, plan_json is set."""

    token: str = field(default="", repr=False)
    hostname: str = "app.terraform.io"
    run_id: str | None = None
    plan_id: str | None = None
    cloud_plan: Path | None = None
    plan_json: Path | None = None
    plan_access: PlanAccess = PlanAccess.AUTO
    timeout: timedelta = timedelta(minutes=30)
    github_token: str = field(default="", repr=False)
    pr_number: int | None = None
    comment: CommentMode = CommentMode.UPDATE
    comment_when: CommentWhen = CommentWhen.ALWAYS
    comment_key: str | None = None
    template: Path | None = None
    plan_json_path: Path | None = None
    summary_json_path: Path | None = None
    ca_bundle: Path | None = None
    redact: tuple[re.Pattern[str], ...] = ()
