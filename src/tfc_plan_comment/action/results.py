"""The result for one subject: a plan to show, or why there is none."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from tfc_plan_comment.action.products import Product
from tfc_plan_comment.action.subjects import Subject
from tfc_plan_comment.findings.diagnostics import Diagnostics
from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.findings.said import NOT_ASKED, Said
from tfc_plan_comment.hcp_terraform.runs import Run
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.lines.cell import EMPTY, Cell


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A plan to show. `failure` is why the step fails all the same: the plan is errored, or a file was not written."""

    subject: Subject
    plan_status: str | None
    summary: PlanSummary
    failure: Exception | None = None
    findings: Findings = msgspec.field(default_factory=Findings)
    run: Run | None = None
    """The run as it was when it was last read, once its plan was there."""
    mismatch: Cell = EMPTY
    """The sentence that says that the plan is of another commit than the pull request is at."""
    html_report: Product | None = None
    mocks: Product | None = None
    kept: Mapping[str, Path] = msgspec.field(default_factory=dict)
    """The files in the workspace that later steps may use, each by the output that names it."""


class NoPlan(msgspec.Struct, frozen=True, kw_only=True):
    """No plan to show, and why: an ActionError, or a bug; `errors` are Terraform's own, without a secret in them."""

    subject: Subject
    failure: Exception
    errors: Said[Diagnostics] = NOT_ASKED
    plan_status: str | None = None
    mocks: Product | None = None
    mismatch: Cell = EMPTY
    """As of a plan."""
    kept: Mapping[str, Path] = msgspec.field(default_factory=dict)
    """As of a plan."""


Result = Planned | NoPlan
