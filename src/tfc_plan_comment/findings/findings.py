"""All that a run says beside its plan: a field for each kind."""

import msgspec

from tfc_plan_comment.findings.apply import Apply
from tfc_plan_comment.findings.cost import CostEstimate
from tfc_plan_comment.findings.diagnostics import Diagnostics
from tfc_plan_comment.findings.policies import Policies
from tfc_plan_comment.findings.said import NotAsked, Said
from tfc_plan_comment.findings.tasks import Tasks


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """The findings that stand beside the plan, each kind as far as it was asked for and is known."""

    policies: Said[Policies] = msgspec.field(default_factory=NotAsked)
    tasks: Said[Tasks] = msgspec.field(default_factory=NotAsked)
    cost: Said[CostEstimate | None] = msgspec.field(default_factory=NotAsked)
    """None where the run has no estimate: it is switched off."""
    warnings: Said[tuple[str, ...]] = msgspec.field(default_factory=NotAsked)
    """The words by which HCP Terraform warns of ignored policy sets and of changed enforcement."""
    apply: Said[Apply] = msgspec.field(default_factory=NotAsked)
    """Asked of a run whose apply has ended, or may have."""
    diagnostics: Said[Diagnostics] = msgspec.field(default_factory=NotAsked)
    """Why the plan failed, without a secret in it; asked of a plan that did."""
