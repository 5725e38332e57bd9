"""Rules for repositories: who may do more in them, and what is no longer reviewed."""

from tfc_plan_comment.plan.knowledge.attention_rules import (
    AttentionRule,
    Becomes,
    Destroyed,
    Falls,
    Loses,
    TurnsOff,
)

_BRANCHES = "github_branch_protection github_branch_protection_v3 gitlab_branch_protection"
_RULESETS = "github_repository_ruleset github_organization_ruleset"

MEMBERS = (
    AttentionRule(
        id="gh-admin",
        types="github_membership",
        when=Becomes(paths=("role",), values=("admin",)),
        sentence="makes {username} an owner of the organization",
        short="makes {username} an owner",
        source="integrations/github, github_membership: role",
    ),
    AttentionRule(
        id="gh-admin",
        types="github_team_membership",
        when=Becomes(paths=("role",), values=("maintainer",)),
        sentence="makes {username} {new} of the team",
        short="makes {username} {new}",
        source="integrations/github, github_team_membership: role",
    ),
    AttentionRule(
        id="gh-admin",
        types="github_team_repository github_repository_collaborator",
        when=Becomes(paths=("permission",), values=("admin", "maintain"), like=("admin",)),
        sentence="gives {who} the permission {new} on {repository}",
        short="gives {who} {new}",
        source="integrations/github, github_repository_collaborator: permission",
        names=(("who", "username|team_id"),),
    ),
    AttentionRule(
        id="gh-deploy-key",
        types="github_repository_deploy_key",
        when=Becomes(paths=("read_only",), values=("false",)),
        sentence="may push to {repository} ({path} false)",
        short="may push",
        source="integrations/github, github_repository_deploy_key: read_only",
    ),
)

REVIEW = (
    AttentionRule(
        id="gh-public",
        types="github_repository",
        when=Becomes(paths=("visibility",), values=("public",), was=("private", "internal")),
        sentence="becomes public ({old} → {new})",
        short="becomes public",
        source="integrations/github, github_repository: visibility",
    ),
    AttentionRule(
        id="gh-protection",
        types=f"{_BRANCHES} {_RULESETS}",
        when=Destroyed(of=(("repository_id|repository", "github_repository"),)),
        sentence="protects nothing any more",
        short="protects nothing any more",
        source="integrations/github, github_branch_protection",
    ),
    AttentionRule(
        id="gh-protection",
        types=_RULESETS,
        when=TurnsOff(paths=("enforcement",), value="active"),
        sentence="is no longer enforced ({path} {old} → {new})",
        short="{path} {old} → {new}",
        source="integrations/github, github_repository_ruleset: enforcement",
    ),
    AttentionRule(
        id="gh-protection",
        types=f"{_BRANCHES} {_RULESETS}",
        when=Becomes(
            paths=("allows_force_pushes", "allows_deletions", "allow_force_push"), values=("true",), was=("false",)
        ),
        sentence="allows more ({path} {new})",
        short="{path} {new}",
        source="integrations/github, github_branch_protection: allows_force_pushes",
    ),
    AttentionRule(
        id="gh-protection",
        types=f"{_BRANCHES} {_RULESETS}",
        when=TurnsOff(
            paths=(
                "required_pull_request_reviews.required_approving_review_count",
                "rules.pull_request.required_approving_review_count",
            ),
            value="[1-9]*",
        ),
        sentence="asks for no approvals any more ({path})",
        short="asks for no approvals",
        source="integrations/github, github_branch_protection: required_pull_request_reviews",
    ),
    AttentionRule(
        id="gh-protection",
        types=f"{_BRANCHES} {_RULESETS}",
        when=Falls(
            paths=(
                "required_pull_request_reviews.required_approving_review_count",
                "rules.pull_request.required_approving_review_count",
            ),
            to_zero=False,
        ),
        sentence="asks for fewer approvals ({old} → {new})",
        short="approvals {old} → {new}",
        source="integrations/github, github_branch_protection: required_pull_request_reviews",
    ),
    AttentionRule(
        id="gh-protection",
        types=f"{_BRANCHES} {_RULESETS}",
        when=Loses(
            paths=("required_status_checks.contexts", "rules.required_status_checks.required_check.context"),
        ),
        sentence="no longer waits for the check {old}",
        short="no longer waits for {old}",
        source="integrations/github, github_branch_protection: required_status_checks",
    ),
    AttentionRule(
        id="gh-protection",
        types=f"{_BRANCHES} {_RULESETS}",
        when=TurnsOff(
            paths=(
                "enforce_admins",
                "require_signed_commits",
                "require_conversation_resolution",
                "required_status_checks.strict",
                "rules.deletion",
                "rules.non_fast_forward",
                "rules.required_signatures",
            )
        ),
        sentence="protects less ({path} off)",
        short="{path} off",
        source="integrations/github, github_branch_protection",
    ),
)

GITHUB = (*MEMBERS, *REVIEW)
