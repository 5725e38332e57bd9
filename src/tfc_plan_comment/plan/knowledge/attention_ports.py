"""Rules for ports that the whole internet can reach from now on."""

from tfc_plan_comment.plan.knowledge.attention_rules import AttentionRule, OpensPorts

PORTS = (
    AttentionRule(
        id="aws-open-port",
        types="aws_security_group aws_default_security_group aws_security_group_rule "
        "aws_vpc_security_group_ingress_rule",
        when=OpensPorts(form="aws"),
        sentence="opens {what} to the whole internet ({who})",
        short="opens {what} to {who}",
        source="hashicorp/aws, aws_security_group",
    ),
    AttentionRule(
        id="gcp-open-port",
        types="google_compute_firewall",
        when=OpensPorts(form="google"),
        sentence="opens {what} to the whole internet ({who})",
        short="opens {what} to {who}",
        source="hashicorp/google, google_compute_firewall",
    ),
    AttentionRule(
        id="az-open-port",
        types="azurerm_network_security_group azurerm_network_security_rule",
        when=OpensPorts(form="azure"),
        sentence="opens {what} to the whole internet ({who})",
        short="opens {what} to {who}",
        source="hashicorp/azurerm, azurerm_network_security_rule",
    ),
    AttentionRule(
        id="aws-nacl-open",
        types="aws_network_acl aws_default_network_acl aws_network_acl_rule",
        when=OpensPorts(form="aws-acl", ports=(22, 3389)),
        sentence="lets the whole internet ({who}) in to {what}",
        short="lets {who} in to {what}",
        source="hashicorp/aws, aws_network_acl",
    ),
)
