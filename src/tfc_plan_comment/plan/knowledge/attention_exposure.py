"""Rules for what becomes open to everyone."""

from tfc_plan_comment.plan.knowledge.attention_rules import AttentionRule, OpensPorts

EXPOSURE = (
    AttentionRule(
        id="aws-open-port",
        types="aws_security_group aws_default_security_group aws_security_group_rule "
        "aws_vpc_security_group_ingress_rule",
        when=OpensPorts(form="aws"),
        sentence="opens {what} to the whole internet ({who})",
        short="opens {what} to {who}",
        source="hashicorp/aws, aws_security_group",
    ),
)
