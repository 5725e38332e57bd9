"""What of a change deserves a look: all rules, the strongest first. The rows stand in a file for each field.

What is left out, for it cannot be told precisely from a plan: roles and queues that name another account as a rule
(that is what they are for), S3's and SQS's own encryption (off means another key, not none), containers that may gain
rights (the provider's default), `google_*_iam_policy` and the creation of a binding (what they take away stands in no
plan), GKE's list of networks (gone is open to all, empty is open to nobody), keys made by `tls_private_key` and
`random_password` (who uses them is not known), values that only look like secrets (the mask's business).
"""

from functools import lru_cache

from tfc_plan_comment.plan.knowledge.attention_data import GONE, KEPT
from tfc_plan_comment.plan.knowledge.attention_exposure import EXPOSURE
from tfc_plan_comment.plan.knowledge.attention_github import GITHUB
from tfc_plan_comment.plan.knowledge.attention_guards import GUARDS
from tfc_plan_comment.plan.knowledge.attention_ports import PORTS
from tfc_plan_comment.plan.knowledge.attention_rights import RIGHTS
from tfc_plan_comment.plan.knowledge.attention_rules import AttentionRule, SameName, Together, UndoesDrift
from tfc_plan_comment.plan.knowledge.pattern import fits_pattern

SAME_NAME = AttentionRule(
    id="same-name",
    types="*",
    when=SameName(),
    sentence="is {action} and created again as {address}: a moved block may be missing",
    short="created again as {address}: a moved block may be missing",
    source="Terraform, Refactor modules: moved blocks",
)
UNDOES_DRIFT = AttentionRule(
    id="undoes-drift",
    types="*",
    when=UndoesDrift(),
    sentence="undoes a change made outside of Terraform ({what})",
    short="undoes a change made outside of Terraform",
    source="Terraform, JSON output format: resource_drift",
    is_remark=True,
)

ATTENTION: tuple[AttentionRule, ...] = (
    *PORTS,
    *EXPOSURE,
    *RIGHTS,
    *GITHUB,
    *GONE,
    SAME_NAME,
    *KEPT,
    *GUARDS,
    UNDOES_DRIFT,
)
"""Of several that fire for one object, the first is the strongest."""

OPEN_PORT = "aws-open-port"
"""The rule of which another resource may tell that there is nothing new."""

RULE_IDS = tuple(dict.fromkeys(rule.id for rule in ATTENTION))
"""The ids, each once."""


@lru_cache(maxsize=1_024)
def attention_rules(resource_type: str) -> tuple[int, ...]:
    """The rules that look at the changes of a resource type one by one, by their number in `ATTENTION`."""
    return tuple(
        number
        for number, rule in enumerate(ATTENTION)
        if not isinstance(rule.when, Together)
        and any(fits_pattern(resource_type, pattern) for pattern in rule.types.split())
    )
