"""The attributes by which one object of a plan is known to be another one, or to be for it."""

NAMES = (
    ("name", "*"),
    ("identifier", "aws_db_instance aws_rds_cluster_instance aws_docdb_cluster_instance aws_neptune_cluster_instance"),
    ("cluster_identifier", "aws_rds_cluster aws_docdb_cluster aws_neptune_cluster aws_redshift_cluster"),
    ("replication_group_id", "aws_elasticache_replication_group"),
    ("cluster_id", "aws_elasticache_cluster"),
    ("bucket", "aws_s3_bucket aws_s3_bucket_*"),
    ("function_name", "aws_lambda_function"),
    ("alarm_name", "aws_cloudwatch_metric_alarm aws_cloudwatch_composite_alarm"),
    ("account_id", "google_service_account"),
    ("dataset_id", "google_bigquery_dataset"),
    ("table_id", "google_bigquery_table"),
    ("repository_id", "google_artifact_registry_repository"),
    ("secret_id", "google_secret_manager_secret"),
)
"""What the provider is given as the name of an object, and the types of which it is the name: of others it says to what
they belong, and several may have the same. The first that an object has counts. Source: the page of each type, such as
hashicorp/aws, aws_db_instance, and hashicorp/google, google_bigquery_dataset."""

SCOPES = (
    *("vpc_id", "zone_id", "zone_name", "region", "location", "project", "resource_group_name", "namespace", "type"),
    *("role", "user", "group", "bucket", "cluster", "cluster_arn", "cluster_name", "rest_api_id", "api_id"),
    *("function_name", "layer_name", "server_id", "server_name", "account_name", "storage_account_name", "instance"),
    *("database", "dataset_id", "repository", "team_id", "organization", "parent", "parent_id", "service_id"),
    *("listener_arn", "load_balancer_arn", "set_identifier", "set_id", "path", "subnet_id", "key"),
    *("event_bus_name", "log_group_name", "stage_name", "policy_arn", "user_pool_id", "virtual_network_name"),
    *("member", "principal", "entity", "scope", "service_namespace", "scalable_dimension"),
)
"""Attributes that say where an object is, or of what: with another one, an object of the same name is another."""

OWNERS = ("_id", "_arn", "_name", "_identifier")
"""The ends of the names of further such attributes: `key_vault_id`, `autoscaling_group_name`."""

IDS = ("id", "arn", "node_id")
"""Attributes by which others refer to an object."""

GROUP_RULES = frozenset({"aws_security_group_rule", "aws_vpc_security_group_ingress_rule"})
"""The types of rules that stand beside their security group: one may take the place of another."""

GROUP = "security_group_id"
"""The attribute of such a rule that says of which group it is."""
