"""Attributes that tell objects apart: those of a list from each other, and one resource from others of its type."""

from tfc_plan_comment.plan.knowledge.rules import Rule, Rules

ELEMENTS = Rules(
    Rule("*", "name", "hashicorp/kubernetes, kubernetes_deployment"),
    Rule("*", "Name", "AWS Glue, API Column"),
    Rule("*", "key", "hashicorp/aws, aws_autoscaling_group"),
    Rule("*", "id", "hashicorp/aws, aws_s3_bucket_lifecycle_configuration"),
    Rule("*", "Id", "Amazon EventBridge, API Target"),
    Rule("*", "sid", "hashicorp/aws, aws_iam_policy_document"),
    Rule("*", "Sid", "AWS IAM, JSON policy elements: Sid"),
    Rule("*", "rule_number", "hashicorp/aws, aws_network_acl_rule"),
    Rule("*", "rule_no", "hashicorp/aws, aws_network_acl"),
    Rule("*", "priority", "hashicorp/azurerm, azurerm_network_security_group"),
    Rule("*", "from_port", "hashicorp/aws, aws_security_group", ("to_port", "protocol")),
    Rule("*", "port", "hashicorp/kubernetes, kubernetes_service", ("protocol",)),
    Rule("*", "device_name", "hashicorp/aws, aws_instance"),
    Rule("*", "address", "cloudflare/cloudflare, cloudflare_load_balancer_pool"),
)
"""Attributes that tell the objects of a list apart, the best first, together with those that are named beside."""

RESOURCES = Rules(
    Rule("*", "name", "hashicorp/aws, aws_iam_role"),
    Rule("*", "identifier", "hashicorp/aws, aws_db_instance"),
    Rule("*", "cluster_identifier", "hashicorp/aws, aws_rds_cluster"),
    Rule("*", "bucket", "hashicorp/aws, aws_s3_bucket"),
    Rule("*", "function_name", "hashicorp/aws, aws_lambda_function"),
    Rule("*", "alarm_name", "hashicorp/aws, aws_cloudwatch_metric_alarm"),
    Rule("*", "domain_name", "hashicorp/aws, aws_acm_certificate"),
    Rule("*", "cidr_block", "hashicorp/aws, aws_vpc"),
    Rule("*", "account_id", "hashicorp/google, google_service_account"),
    Rule("*", "zone_name", "hashicorp/azurerm, azurerm_dns_a_record"),
    Rule("*", "key", "hashicorp/aws, aws_s3_object"),
)
"""The attributes by which people know an object, the best first."""


def label_element(rule: Rule, texts: tuple[str, ...]) -> str:
    """The values by which the rule knows an element, in words: `22/tcp` for a firewall's ports, else as they are.

    Protocol -1 is all traffic: hashicorp/aws, aws_security_group.
    """
    match dict(zip((rule.attribute, *rule.also), texts, strict=True)):
        case {"from_port": _, "to_port": _, "protocol": "-1"}:
            return "all traffic"
        case {"from_port": start, "to_port": end, "protocol": protocol}:
            return f"{start if start == end else f'{start}-{end}'}/{protocol}"
        case _:
            return "/".join(texts)
