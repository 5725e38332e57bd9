"""The actions and condition keys of AWS IAM by which rights are given, and kept.

Sources: AWS, Service Authorization Reference; AWS IAM, AWS global condition context keys; AWS STS, condition keys.
"""

ADMINISTRATORS = frozenset({"*", "*:*", "iam:*", "sts:*", "organizations:*", "kms:*"})
"""Patterns of actions, in small letters, that are all rights, or all of a service that hands them out."""

ESCALATIONS = (
    "iam:PassRole",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:AttachGroupPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:PutGroupPolicy",
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:UpdateLoginProfile",
    "iam:UpdateAssumeRolePolicy",
    "iam:AddUserToGroup",
    "sts:AssumeRole",
)
"""Calls that, on every resource, let whoever may make them get any right that there is."""

ASSUMING = ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
"""Calls with which a role is assumed; others in a trust policy, such as sts:TagSession, only go with them."""

REQUIREMENTS = {
    "aws:multifactorauthpresent": "MFA",
    "aws:multifactorauthage": "MFA",
    "sts:externalid": "an external ID",
    "aws:sourcearn": "a source ARN",
    "aws:sourceaccount": "a source account",
    "aws:sourceorgid": "an organization",
    "aws:principalorgid": "an organization",
    "aws:principalorgpaths": "an organization",
    "aws:sourceip": "a source address",
    "aws:vpcsourceip": "a source address",
    "aws:sourcevpc": "a source VPC",
    "aws:sourcevpce": "a VPC endpoint",
    "aws:securetransport": "TLS",
    ":sub": "a subject",
}
"""What a condition asks for, in words, by the key in small letters. One that begins with a colon is the end of a key:
`token.actions.githubusercontent.com:sub` says whose token an identity provider must have given."""
