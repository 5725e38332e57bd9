"""The lists in documents whose order means nothing. Every other list of a document is ordered."""

from tfc_plan_comment.plan.knowledge.rules import Rule, Rules, name_each

UNORDERED = Rules(
    *name_each(
        "container_definitions.environment container_definitions.secrets",
        "hashicorp/aws, internal/service/ecs/task_definition_equivalency.go",
        types="aws_ecs_task_definition",
    ),
)
"""Lists in JSON, each at its path without positions."""

UNORDERED_IN_POLICIES = Rules(
    *name_each("Statement.Action Statement.NotAction", "AWS IAM, JSON policy elements: Action"),
    *name_each("Statement.Resource Statement.NotResource", "AWS IAM, JSON policy elements: Resource"),
    *name_each("Statement.Principal.* Statement.NotPrincipal.*", "AWS IAM, JSON policy elements: Principal"),
    Rule("*", "Statement.Condition.*", "AWS IAM, JSON policy elements: Condition"),
)
"""Lists in a policy document of IAM, each at its path in it without positions."""

POLICY_VERSIONS = frozenset({"2008-10-17", "2012-10-17"})
"""AWS IAM, JSON policy elements: Version. By it, and by its statements, a policy document is told from other JSON."""
