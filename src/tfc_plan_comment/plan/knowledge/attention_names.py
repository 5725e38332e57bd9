"""The attributes by which one object of a plan is known to be another one, or to be for it."""

NAMES = (
    "name",
    "identifier",
    "cluster_identifier",
    "replication_group_id",
    "cluster_id",
    "bucket",
    "function_name",
    "alarm_name",
    "role_name",
    "user_name",
    "account_id",
    "dataset_id",
    "table_id",
    "repository_id",
    "secret_id",
)
"""What the provider is given as the name of an object: hashicorp/aws, aws_db_instance; hashicorp/google,
google_bigquery_dataset. The first that an object has counts."""

SCOPES = (
    *("vpc_id", "zone_id", "zone_name", "region", "location", "project", "resource_group_name", "namespace", "type"),
    *("role", "user", "group", "bucket", "cluster", "cluster_arn", "cluster_name", "rest_api_id", "api_id"),
    *("function_name", "layer_name", "server_id", "server_name", "account_name", "storage_account_name", "instance"),
    *("database", "dataset_id", "repository", "team_id", "organization", "parent", "parent_id", "service_id"),
    *("listener_arn", "load_balancer_arn", "set_identifier", "set_id", "path", "subnet_id", "key"),
    *("event_bus_name", "log_group_name", "stage_name", "policy_arn", "user_pool_id", "virtual_network_name"),
)
"""Attributes that say where an object is, or of what: with another one, an object of the same name is another."""

IDS = ("id", "arn", "node_id")
"""Attributes by which others refer to an object."""

GROUP_RULES = frozenset({"aws_security_group_rule", "aws_vpc_security_group_ingress_rule"})
"""The types of rules that stand beside their security group: one may take the place of another."""

GROUP = "security_group_id"
"""The attribute of such a rule that says of which group it is."""
