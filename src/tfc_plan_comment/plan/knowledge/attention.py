"""What of a change deserves a look: all rules, the strongest first. The rows stand in a file for each field."""

from fnmatch import fnmatchcase
from functools import lru_cache

from tfc_plan_comment.plan.knowledge.attention_data import DATA
from tfc_plan_comment.plan.knowledge.attention_exposure import EXPOSURE
from tfc_plan_comment.plan.knowledge.attention_rules import AttentionRule

ATTENTION: tuple[AttentionRule, ...] = (*EXPOSURE, *DATA)
"""Of several that fire for one object, the first is the strongest."""


@lru_cache(maxsize=1_024)
def attention_rules(resource_type: str) -> tuple[AttentionRule, ...]:
    """The rules for a resource type."""
    return tuple(
        rule for rule in ATTENTION if any(fnmatchcase(resource_type, pattern) for pattern in rule.types.split())
    )
