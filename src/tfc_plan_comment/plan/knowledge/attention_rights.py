"""Rules for who may do more from now on, or is asked for less."""

from tfc_plan_comment.plan.knowledge.attention_rules import AttentionRule, Becomes, Hidden, Policy

_IDENTITY_POLICIES = (
    "aws_iam_policy aws_iam_role_policy aws_iam_user_policy aws_iam_group_policy aws_iam_role "
    "aws_ssoadmin_permission_set_inline_policy"
)
_BASIC_ROLES = (
    "roles/owner",
    "roles/editor",
    "roles/iam.securityAdmin",
    "roles/iam.serviceAccountTokenCreator",
    "roles/iam.serviceAccountKeyAdmin",
    "roles/resourcemanager.projectIamAdmin",
    "roles/resourcemanager.folderIamAdmin",
    "roles/resourcemanager.organizationIamAdmin",
)
_GOOGLE_GRANTS = (
    "google_project_iam_member google_project_iam_binding google_folder_iam_member google_folder_iam_binding "
    "google_organization_iam_member google_organization_iam_binding"
)
_BINDINGS = (
    "kubernetes_cluster_role_binding kubernetes_cluster_role_binding_v1 kubernetes_role_binding "
    "kubernetes_role_binding_v1"
)
_ROLES = "kubernetes_cluster_role kubernetes_cluster_role_v1 kubernetes_role kubernetes_role_v1"
_SUBSCRIPTION = "/subscriptions/????????-????-????-????-????????????"

AWS = (
    AttentionRule(
        id="iam-admin",
        types=_IDENTITY_POLICIES,
        when=Policy(kind="administrator"),
        sentence="allows {what} on every resource",
        short="allows {what} on *",
        source="AWS IAM, JSON policy elements: Action",
    ),
    AttentionRule(
        id="iam-escalation",
        types=_IDENTITY_POLICIES,
        when=Policy(kind="escalation"),
        sentence="allows {what} on every resource",
        short="allows {what} on *",
        source="AWS, Service Authorization Reference: Identity And Access Management",
    ),
    AttentionRule(
        id="iam-condition-gone",
        types="aws_*",
        when=Policy(kind="condition"),
        sentence="no longer requires {what}",
        short="no longer requires {what}",
        source="AWS IAM, JSON policy elements: Condition",
    ),
    AttentionRule(
        id="iam-deny-gone",
        types="aws_*",
        when=Policy(kind="deny"),
        sentence="no longer denies {what}",
        short="no longer denies {what}",
        source="AWS IAM, Policy evaluation logic: an explicit deny overrides",
    ),
    AttentionRule(
        id="iam-trust",
        types="aws_iam_role",
        when=Policy(kind="trust"),
        sentence="may be assumed by {what}",
        short="may be assumed by {what}",
        source="hashicorp/aws, aws_iam_role: assume_role_policy",
    ),
    AttentionRule(
        id="iam-attach-admin",
        types="aws_iam_role_policy_attachment aws_iam_user_policy_attachment aws_iam_group_policy_attachment "
        "aws_iam_policy_attachment aws_ssoadmin_managed_policy_attachment aws_iam_role "
        "aws_iam_role_policy_attachments_exclusive",
        when=Becomes(
            paths=("policy_arn", "managed_policy_arn", "managed_policy_arns", "policy_arns"),
            values=(
                "arn:*:iam::aws:policy/AdministratorAccess",
                "arn:*:iam::aws:policy/IAMFullAccess",
                "arn:*:iam::aws:policy/PowerUserAccess",
            ),
            each=True,
        ),
        sentence="attaches {new}",
        short="attaches {new}",
        source="AWS, Managed Policy Reference: AdministratorAccess",
    ),
)

GOOGLE = (
    AttentionRule(
        id="gcp-basic-role",
        types=_GOOGLE_GRANTS,
        when=Becomes(paths=("member", "members"), values=("?*",), given=(("role", "|".join(_BASIC_ROLES)),), each=True),
        sentence="grants {role} to {new}",
        short="grants {role} to {new}",
        source="Google Cloud IAM, Basic roles",
    ),
    AttentionRule(
        id="gcp-basic-role",
        types=_GOOGLE_GRANTS,
        when=Becomes(paths=("role",), values=_BASIC_ROLES, each=True),
        sentence="grants {new} to {who}",
        short="grants {new} to {who}",
        source="Google Cloud IAM, Basic roles",
        names=(("who", "member|members"),),
    ),
)

AZURE = (
    AttentionRule(
        id="az-owner",
        types="azurerm_role_assignment",
        when=Becomes(
            paths=("role_definition_name",),
            values=("Owner", "User Access Administrator", "Role Based Access Control Administrator"),
            each=True,
        ),
        sentence="makes {principal_id} {new} of {scope}",
        short="makes {principal_id} {new}",
        source="Azure RBAC, Azure built-in roles for Privileged",
    ),
    AttentionRule(
        id="az-owner",
        types="azurerm_role_assignment",
        when=Becomes(paths=("role_definition_id",), values=("*8e3af657-a8ff-443c-a75c-2fe8c4bcb635",)),
        sentence="makes {principal_id} Owner of {scope}",
        short="makes {principal_id} Owner",
        source="Azure RBAC, Azure built-in roles for Privileged: Owner",
    ),
    AttentionRule(
        id="az-owner",
        types="azurerm_role_assignment",
        when=Becomes(paths=("role_definition_id",), values=("*18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",)),
        sentence="makes {principal_id} User Access Administrator of {scope}",
        short="makes {principal_id} User Access Administrator",
        source="Azure RBAC, Azure built-in roles for Privileged: User Access Administrator",
    ),
    AttentionRule(
        id="az-owner",
        types="azurerm_role_assignment",
        when=Becomes(
            paths=("role_definition_name",),
            values=("Contributor",),
            given=(("scope", f"{_SUBSCRIPTION}|/providers/Microsoft.Management/managementGroups/*"),),
        ),
        sentence="makes {principal_id} {new} of {scope}",
        short="makes {principal_id} {new}",
        source="Azure RBAC, Azure built-in roles for Privileged: Contributor",
    ),
)

KUBERNETES = (
    AttentionRule(
        id="k8s-cluster-admin",
        types=_BINDINGS,
        when=Becomes(paths=("subject.name",), values=("?*",), given=(("role_ref.name", "cluster-admin"),), each=True),
        sentence="grants cluster-admin to {new}",
        short="grants cluster-admin to {new}",
        source="Kubernetes, Using RBAC Authorization: User-facing roles",
    ),
    AttentionRule(
        id="k8s-cluster-admin",
        types=_BINDINGS,
        when=Becomes(paths=("role_ref.name",), values=("cluster-admin",)),
        sentence="grants cluster-admin to {who}",
        short="grants cluster-admin to {who}",
        source="Kubernetes, Using RBAC Authorization: User-facing roles",
        names=(("who", "subject.name"),),
    ),
    AttentionRule(
        id="k8s-everyone",
        types=_BINDINGS,
        when=Becomes(
            paths=("subject.name",),
            values=("system:unauthenticated", "system:anonymous", "system:authenticated"),
            each=True,
        ),
        sentence="grants {what} to {new}",
        short="grants {what} to {new}",
        source="Kubernetes, Using RBAC Authorization: Referring to subjects",
        names=(("what", "role_ref.name"),),
    ),
    AttentionRule(
        id="k8s-wildcard",
        types=_ROLES,
        when=Becomes(paths=("rule.verbs",), values=("[*]", "escalate", "bind", "impersonate"), each=True),
        sentence="allows the verb {new}",
        short="allows the verb {new}",
        source="Kubernetes, Role Based Access Control Good Practices",
    ),
    AttentionRule(
        id="k8s-wildcard",
        types=_ROLES,
        when=Becomes(paths=("rule.resources",), values=("[*]",)),
        sentence="is about all resources from now on ({new})",
        short="all resources ({new})",
        source="Kubernetes, Role Based Access Control Good Practices",
    ),
)

UNREVIEWABLE = (
    AttentionRule(
        id="unreviewable",
        types=f"{_IDENTITY_POLICIES} aws_*_policy aws_security_group aws_default_security_group "
        f"google_compute_firewall azurerm_network_security_group {_ROLES}",
        when=Hidden(
            paths=("policy", "inline_policy", "assume_role_policy", "ingress", "allow", "security_rule", "rule")
        ),
        sentence="cannot be reviewed here: its {path} is sensitive",
        short="{path} cannot be reviewed here",
        source="Terraform, Manage sensitive data",
    ),
)

RIGHTS = (*AWS, *GOOGLE, *AZURE, *KUBERNETES, *UNREVIEWABLE)
