"""The numbers of policies by outcome, as the three kinds of policies count them.

Sources: HCP Terraform API docs, "Policy Checks" and "Policy Evaluations"; go-tfe's OpenAPI file for Terraform policies.
"""

import msgspec
from msgspec import Struct

from tfc_plan_comment.findings.policies import Level


class Counts(Struct, rename="kebab"):
    """The counts, of which a kind has only its own; `unknown` are those of Terraform policies that wait for apply."""

    passed: int | None = None
    errored: int | None = None
    unknown: int | None = None
    advisory_failed: int | None = None
    mandatory_failed: int | None = None
    mandatory_overridable_failed: int | None = None
    soft_failed: int | None = None
    hard_failed: int | None = None
    sentinel: msgspec.Raw = msgspec.Raw(b"null")

    @property
    def failed(self) -> dict[Level, int]:
        """By enforcement level, what stops a run first."""
        counts = {
            Level.MANDATORY: self.mandatory_failed,
            Level.HARD_MANDATORY: self.hard_failed,
            Level.SOFT_MANDATORY: self.soft_failed,
            Level.MANDATORY_OVERRIDABLE: self.mandatory_overridable_failed,
            Level.ADVISORY: self.advisory_failed,
        }
        return {level: count for level, count in counts.items() if count}
