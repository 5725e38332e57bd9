"""Attributes that tell objects apart: those of a list from each other, and one resource from others of its type."""

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.knowledge.rules import Rule, Rules, name_each

ELEMENTS = Rules(
    Rule(
        "google_bigquery_dataset",
        "user_by_email|group_by_email|special_group|domain|iam_member",
        "hashicorp/google, google_bigquery_dataset",
    ),
    Rule(
        "google_bigquery_dataset",
        "user_by_email|group_by_email|special_group|domain|iam_member",
        "hashicorp/google, google_bigquery_dataset",
        ("role",),
    ),
    Rule("aws_elastic_beanstalk_*", "namespace", "hashicorp/aws, aws_elastic_beanstalk_environment", ("name",)),
    Rule(
        "aws_elastic_beanstalk_*",
        "namespace",
        "hashicorp/aws, aws_elastic_beanstalk_environment",
        ("name", "resource?"),
    ),
    Rule(
        "databricks_*", "user_name|group_name|service_principal_name", "databricks/databricks, databricks_permissions"
    ),
    Rule("gitlab_*", "user_id|group_id", "gitlabhq/gitlab, gitlab_branch_protection"),
    Rule("*", "name", "hashicorp/kubernetes, kubernetes_deployment"),
    Rule("*", "namespace", "hashicorp/aws, aws_elastic_beanstalk_environment", ("name",)),
    Rule("*", "namespace", "hashicorp/aws, aws_elastic_beanstalk_environment", ("name", "resource?")),
    Rule("*", "Name", "AWS Glue, API Column"),
    Rule("*", "key", "hashicorp/aws, aws_autoscaling_group"),
    Rule("*", "id", "hashicorp/aws, aws_s3_bucket_lifecycle_configuration"),
    Rule("*", "Id", "Amazon EventBridge, API Target"),
    Rule("*", "sid", "hashicorp/aws, aws_iam_policy_document"),
    Rule("*", "Sid", "AWS IAM, JSON policy elements: Sid"),
    Rule("*", "statement_id", "hashicorp/aws, aws_lambda_permission"),
    Rule("*", "username", "integrations/github, github_team_members"),
    Rule("*", "object_id", "hashicorp/azurerm, azurerm_key_vault"),
    Rule("*", "object_id", "hashicorp/azurerm, azurerm_key_vault", ("application_id?",)),
    Rule("*", "role", "hashicorp/google, google_project_iam_member", ("member",)),
    Rule("*", "path_pattern", "hashicorp/aws, aws_cloudfront_distribution"),
    Rule("*", "rule_number", "hashicorp/aws, aws_network_acl_rule"),
    Rule("*", "rule_no", "hashicorp/aws, aws_network_acl"),
    Rule("*", "priority", "hashicorp/azurerm, azurerm_network_security_group"),
    Rule("*", "from_port", "hashicorp/aws, aws_security_group", ("to_port", "protocol")),
    Rule("*", "from_port", "hashicorp/aws, aws_security_group", ("to_port", "protocol", "description?")),
    Rule("*", "port", "hashicorp/kubernetes, kubernetes_service", ("protocol",)),
    Rule("*", "container_port", "hashicorp/kubernetes, kubernetes_deployment", ("protocol",)),
    Rule("*", "host", "hashicorp/kubernetes, kubernetes_ingress_v1", ("path?",)),
    Rule("*", "path", "hashicorp/kubernetes, kubernetes_ingress_v1"),
    Rule("*", "mount_path", "hashicorp/kubernetes, kubernetes_deployment"),
    Rule("*", "device_name", "hashicorp/aws, aws_instance"),
    Rule("*", "cidr_block|ipv6_cidr_block|destination_prefix_list_id", "hashicorp/aws, aws_route_table"),
    Rule("*", "address", "cloudflare/cloudflare, cloudflare_load_balancer_pool"),
)
"""Attributes that tell the objects of a list apart, the best first, together with those that are named beside.

Of several with `|` between them an object has one. All must say something, but for those with `?`.
"""

NUMBERS = Rules(
    *name_each("rule_number rule_no", "hashicorp/aws, aws_network_acl"),
    *name_each("priority", "hashicorp/azurerm, azurerm_network_security_group"),
    *name_each("from_port", "hashicorp/aws, aws_security_group"),
    *name_each("port container_port", "hashicorp/kubernetes, kubernetes_service"),
)
"""Attributes of those above that are a place which another element may take, one with another name."""

IDENTIFIERS = Rules(
    *name_each("name Name *_name *Name key Key sid Sid", "hashicorp/kubernetes, kubernetes_deployment"),
    *name_each("id Id *_id *Id arn *_arn *Arn", "hashicorp/aws, aws_autoscaling_group"),
    *name_each("user username login email *_email", "integrations/github, github_team_members"),
    *name_each("group special_group domain iam_member", "hashicorp/google, google_bigquery_dataset"),
    *name_each(
        "member principal *_principal Principal subject grantee assignee", "hashicorp/google, google_iam_policy"
    ),
    *name_each("cidr cidr_block cidr_ip *_cidr *_cidr_block", "hashicorp/aws, aws_network_acl"),
    *name_each("address *_address *_address_prefix", "hashicorp/azurerm, azurerm_network_security_group"),
    *name_each("path path_* *_path host hostname *_host", "hashicorp/kubernetes, kubernetes_ingress_v1"),
)
"""Attributes that identify an object of a list: who has another one is another object, however alike the rest is."""

REFERENCES = Rules(
    *name_each("*_id *Id *_arn *Arn", "hashicorp/aws, aws_route_table"),
)
"""Those of the identifiers that may as well lead to something else, as the gateway of a route does."""

PRINCIPALS = Rules(
    *name_each("user username login email *_email", "integrations/github, github_team_members"),
    *name_each("special_group domain iam_member", "hashicorp/google, google_bigquery_dataset", types="google_*"),
    *name_each("member principal principal_id user_id subject grantee assignee", "hashicorp/google, google_iam_policy"),
    *name_each("object_id", "hashicorp/azurerm, azurerm_key_vault"),
    *name_each(
        "user_name group_name service_principal_name",
        "databricks/databricks, databricks_permissions",
        types="databricks_*",
    ),
)
"""Attributes that say who it is that may do something. In the place of one, another one is never the same."""

VALUES = Rules(
    *name_each("value *_value *Value", "hashicorp/aws, aws_elastic_beanstalk_environment"),
)
"""Texts that are what an object says, not what it is."""

GRANTS = Rules(
    *name_each("role roles", "integrations/github, github_team_members"),
    *name_each("permission permissions", "hashicorp/aws, aws_s3_bucket_acl"),
    *name_each("permission_level", "databricks/databricks, databricks_permissions"),
    *name_each("access_level", "gitlabhq/gitlab, gitlab_branch_protection"),
    *name_each("privilege privileges", "cyrilgdn/postgresql, postgresql_grant"),
)
"""Attributes that say what somebody may do: an object that has one is about him whom it identifies."""

RESOURCES = Rules(
    Rule("aws_s3_object", "key", "hashicorp/aws, aws_s3_object"),
    Rule("aws_s3_bucket_object", "key", "hashicorp/aws, aws_s3_bucket_object"),
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

PORTS = ("from_port", "to_port", "protocol")

_PORT = expression(r"-?[0-9]{1,5}")
_PROTOCOL = expression(r"-?[A-Za-z0-9]{1,10}")


def label_element(key: tuple[str, ...], texts: tuple[str, ...]) -> str:
    """The values of the attributes `key`, by which an element is known, in words: `22/tcp` for a firewall's ports.

    Others stand one after the other, a port and its protocol with a stroke between them.
    """
    if key[:3] == PORTS and (ports := label_ports(*texts[:3])):
        return " ".join((ports, *filter(None, texts[3:])))
    return ("/" if key[-1] == "protocol" else " ").join(filter(None, texts))


def label_ports(start: str, end: str, protocol: str) -> str | None:
    """The ports of a firewall rule, `80-90/tcp`; None where one of the texts is missing or odd.

    Protocol -1 is all traffic: hashicorp/aws, aws_security_group.
    """
    if not (_PORT.fullmatch(start) and _PORT.fullmatch(end) and _PROTOCOL.fullmatch(protocol)):
        return None
    if protocol == "-1":
        return "all traffic"
    return f"{start if start == end else f'{start}-{end}'}/{protocol}"
