"""Rules for what everyone can reach or read from now on."""

from tfc_plan_comment.plan.knowledge.attention_rules import (
    AttentionRule,
    Becomes,
    Destroyed,
    Loses,
    Policy,
    TurnsOff,
)

INTERNET = ("0.0.0.0/0", "::/0")

AWS = (
    AttentionRule(
        id="aws-db-public",
        types="aws_db_instance aws_rds_cluster_instance aws_rds_shard_group aws_redshift_cluster "
        "aws_redshiftserverless_workgroup aws_neptune_cluster_instance aws_dms_replication_instance aws_mq_broker",
        when=Becomes(paths=("publicly_accessible",), values=("true",)),
        sentence="gets a public address ({path} true)",
        short="gets a public address",
        source="hashicorp/aws, aws_db_instance: publicly_accessible",
    ),
    AttentionRule(
        id="aws-resource-policy-public",
        types="aws_s3_bucket aws_s3_bucket_policy aws_s3control_access_point_policy aws_sqs_queue aws_sqs_queue_policy "
        "aws_sns_topic aws_sns_topic_policy aws_kms_key aws_kms_key_policy aws_ecr_repository_policy "
        "aws_secretsmanager_secret aws_secretsmanager_secret_policy aws_efs_file_system_policy "
        "aws_cloudwatch_event_bus_policy aws_backup_vault_policy aws_glacier_vault aws_dynamodb_resource_policy "
        "aws_kinesis_resource_policy aws_ecr_registry_policy",
        when=Policy(kind="everyone"),
        sentence="allows {what} to everyone",
        short="allows {what} to everyone",
        source="AWS IAM, JSON policy elements: Principal",
    ),
    AttentionRule(
        id="aws-s3-acl",
        types="aws_s3_bucket aws_s3_bucket_acl aws_s3_object aws_s3_bucket_object",
        when=Becomes(paths=("acl",), values=("public-read-write",)),
        sentence="may be read and written by everyone (acl {new})",
        short="acl {new}",
        source="hashicorp/aws, aws_s3_bucket_acl: acl",
    ),
    AttentionRule(
        id="aws-s3-acl",
        types="aws_s3_bucket aws_s3_bucket_acl aws_s3_object aws_s3_bucket_object",
        when=Becomes(paths=("acl",), values=("public-read",), like=("public-read-write",)),
        sentence="may be read by everyone (acl {new})",
        short="acl {new}",
        source="hashicorp/aws, aws_s3_bucket_acl: acl",
    ),
    AttentionRule(
        id="aws-s3-acl",
        types="aws_s3_bucket aws_s3_bucket_acl aws_s3_object aws_s3_bucket_object",
        when=Becomes(paths=("acl",), values=("authenticated-read",), like=("public-read", "public-read-write")),
        sentence="may be read by everyone with an AWS account (acl {new})",
        short="acl {new}",
        source="hashicorp/aws, aws_s3_bucket_acl: acl",
    ),
    AttentionRule(
        id="aws-s3-block-off",
        types="aws_s3_bucket_public_access_block aws_s3_account_public_access_block",
        when=TurnsOff(
            paths=("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
        ),
        sentence="no longer blocks public access ({path} off)",
        short="{path} off",
        source="hashicorp/aws, aws_s3_bucket_public_access_block",
    ),
    AttentionRule(
        id="aws-s3-block-off",
        types="aws_s3_bucket_public_access_block aws_s3_account_public_access_block",
        when=Destroyed(
            given=(("block_public_acls|block_public_policy|ignore_public_acls|restrict_public_buckets", "true"),),
            of=(("bucket", "aws_s3_bucket"),),
        ),
        sentence="no longer blocks public access",
        short="no longer blocks public access",
        source="hashicorp/aws, aws_s3_bucket_public_access_block",
    ),
    AttentionRule(
        id="aws-lambda-public",
        types="aws_lambda_permission",
        when=Becomes(
            paths=("principal",),
            values=("[*]",),
            unset=("source_arn", "source_account", "principal_org_id"),
        ),
        sentence="lets everyone call {function_name} ({action})",
        short="lets everyone call {function_name}",
        source="hashicorp/aws, aws_lambda_permission: principal",
    ),
    AttentionRule(
        id="aws-lambda-public",
        types="aws_lambda_layer_version_permission",
        when=Becomes(paths=("principal",), values=("[*]",), unset=("organization_id",)),
        sentence="lets everyone use the layer {layer_name}",
        short="lets everyone use the layer",
        source="hashicorp/aws, aws_lambda_layer_version_permission: principal",
    ),
    AttentionRule(
        id="auth-none",
        types="aws_lambda_function_url aws_apigatewayv2_route aws_api_gateway_method",
        when=Becomes(
            paths=("authorization_type", "authorization"),
            values=("NONE",),
            was=("AWS_IAM", "JWT", "CUSTOM", "COGNITO_USER_POOLS"),
        ),
        sentence="no longer asks for authorization ({old} → {new})",
        short="{path} {old} → {new}",
        source="hashicorp/aws, aws_lambda_function_url: authorization_type",
    ),
    AttentionRule(
        id="aws-eks-open",
        types="aws_eks_cluster",
        when=Becomes(
            paths=("vpc_config.public_access_cidrs",),
            values=INTERNET,
            given=(("vpc_config.endpoint_public_access", "true"),),
        ),
        sentence="lets every address reach the Kubernetes API ({new})",
        short="opens the Kubernetes API to {new}",
        source="hashicorp/aws, aws_eks_cluster: vpc_config",
    ),
    AttentionRule(
        id="aws-eks-open",
        types="aws_eks_cluster",
        when=Becomes(paths=("vpc_config.endpoint_public_access",), values=("true",), was=("false",)),
        sentence="lets the Kubernetes API be reached from outside of the VPC ({path} true)",
        short="{path} true",
        source="hashicorp/aws, aws_eks_cluster: vpc_config",
    ),
)

_EVERYONE = ("allUsers", "allAuthenticatedUsers")

GOOGLE = (
    AttentionRule(
        id="gcp-public-member",
        types="google_*_iam_member google_*_iam_binding google_storage_bucket_access_control "
        "google_storage_object_access_control google_storage_default_object_access_control "
        "google_bigquery_dataset_access",
        when=Becomes(paths=("member", "members", "entity", "special_group", "iam_member"), values=_EVERYONE, each=True),
        sentence="grants {role} to {new}",
        short="grants {role} to {new}",
        source="Google Cloud IAM, Principal identifiers: allUsers",
    ),
    AttentionRule(
        id="gcp-public-member",
        types="google_bigquery_dataset",
        when=Becomes(paths=("access.special_group", "access.iam_member"), values=_EVERYONE),
        sentence="grants access to {new}",
        short="grants access to {new}",
        source="hashicorp/google, google_bigquery_dataset: access",
    ),
    AttentionRule(
        id="gcp-bucket-guard",
        types="google_storage_bucket",
        when=TurnsOff(paths=("public_access_prevention",), value="enforced"),
        sentence="may be made public again ({path} {old} → {new})",
        short="{path} {old} → {new}",
        source="hashicorp/google, google_storage_bucket: public_access_prevention",
    ),
    AttentionRule(
        id="gcp-bucket-guard",
        types="google_storage_bucket",
        when=TurnsOff(paths=("uniform_bucket_level_access",)),
        sentence="lets single objects have access lists again ({path} off)",
        short="{path} off",
        source="hashicorp/google, google_storage_bucket: uniform_bucket_level_access",
    ),
    AttentionRule(
        id="gcp-sql-open",
        types="google_sql_database_instance",
        when=Becomes(paths=("settings.ip_configuration.authorized_networks.value",), values=INTERNET),
        sentence="lets every address connect ({new})",
        short="lets {new} connect",
        source="hashicorp/google, google_sql_database_instance: ip_configuration",
    ),
    AttentionRule(
        id="gcp-sql-open",
        types="google_sql_database_instance",
        when=Becomes(paths=("settings.ip_configuration.ipv4_enabled",), values=("true",), was=("false",)),
        sentence="gets a public address ({path} true)",
        short="gets a public address",
        source="hashicorp/google, google_sql_database_instance: ip_configuration",
    ),
    AttentionRule(
        id="gcp-gke-open",
        types="google_container_cluster",
        when=Becomes(paths=("master_authorized_networks_config.cidr_blocks.cidr_block",), values=INTERNET),
        sentence="lets every address reach the Kubernetes API ({new})",
        short="opens the Kubernetes API to {new}",
        source="hashicorp/google, google_container_cluster: master_authorized_networks_config",
    ),
    AttentionRule(
        id="gcp-gke-open",
        types="google_container_cluster",
        when=TurnsOff(
            paths=("private_cluster_config.enable_private_endpoint", "private_cluster_config.enable_private_nodes")
        ),
        sentence="gives public addresses to what had private ones ({path} off)",
        short="{path} off",
        source="hashicorp/google, google_container_cluster: private_cluster_config",
    ),
)

AZURE = (
    AttentionRule(
        id="az-container-public",
        types="azurerm_storage_container",
        when=Becomes(paths=("container_access_type",), values=("blob", "container")),
        sentence="may be read by everyone ({path} {new})",
        short="{path} {new}",
        source="hashicorp/azurerm, azurerm_storage_container: container_access_type",
    ),
    AttentionRule(
        id="az-storage-public",
        types="azurerm_storage_account",
        when=Becomes(
            paths=("allow_nested_items_to_be_public", "allow_blob_public_access"), values=("true",), was=("false",)
        ),
        sentence="lets containers in it be made public ({path} true)",
        short="{path} true",
        source="hashicorp/azurerm, azurerm_storage_account: allow_nested_items_to_be_public",
    ),
    AttentionRule(
        id="az-db-firewall",
        types="azurerm_mssql_firewall_rule azurerm_postgresql_firewall_rule azurerm_mysql_firewall_rule "
        "azurerm_mariadb_firewall_rule azurerm_postgresql_flexible_server_firewall_rule "
        "azurerm_mysql_flexible_server_firewall_rule azurerm_redis_firewall_rule azurerm_sql_firewall_rule",
        when=Becomes(
            paths=("start_ip_address", "start_ip"),
            values=("0.0.0.0",),  # noqa: S104 - no socket is bound to it
            given=(("end_ip_address|end_ip", "255.255.255.255"),),
        ),
        sentence="lets every address connect ({new} to 255.255.255.255)",
        short="lets every address connect",
        source="hashicorp/azurerm, azurerm_mssql_firewall_rule",
    ),
    AttentionRule(
        id="az-db-firewall",
        types="azurerm_mssql_firewall_rule azurerm_postgresql_firewall_rule azurerm_mysql_firewall_rule "
        "azurerm_mariadb_firewall_rule azurerm_postgresql_flexible_server_firewall_rule "
        "azurerm_mysql_flexible_server_firewall_rule azurerm_redis_firewall_rule azurerm_sql_firewall_rule",
        when=Becomes(
            paths=("end_ip_address", "end_ip"),
            values=("255.255.255.255",),
            given=(("start_ip_address|start_ip", "0.0.0.0"),),  # noqa: S104 - the same
        ),
        sentence="lets every address connect (0.0.0.0 to {new})",
        short="lets every address connect",
        source="hashicorp/azurerm, azurerm_mssql_firewall_rule",
    ),
    AttentionRule(
        id="az-public-network",
        types="azurerm_storage_account azurerm_key_vault azurerm_cosmosdb_account azurerm_mssql_server "
        "azurerm_postgresql_flexible_server azurerm_mysql_flexible_server azurerm_redis_cache "
        "azurerm_container_registry azurerm_search_service azurerm_cognitive_account azurerm_servicebus_namespace "
        "azurerm_eventhub_namespace",
        when=Becomes(paths=("public_network_access_enabled",), values=("true",), was=("false",)),
        sentence="can be reached from public networks ({path} true)",
        short="{path} true",
        source="hashicorp/azurerm, azurerm_storage_account: public_network_access_enabled",
    ),
    AttentionRule(
        id="az-default-allow",
        types="azurerm_storage_account azurerm_storage_account_network_rules azurerm_key_vault "
        "azurerm_container_registry",
        when=Becomes(
            paths=(
                "network_rules.default_action",
                "network_acls.default_action",
                "network_rule_set.default_action",
                "default_action",
            ),
            values=("Allow",),
            was=("Deny",),
        ),
        sentence="allows every network that no rule names ({path} {old} → {new})",
        short="{path} {old} → {new}",
        source="hashicorp/azurerm, azurerm_storage_account: network_rules",
    ),
    AttentionRule(
        id="az-aks-open",
        types="azurerm_kubernetes_cluster",
        when=Loses(
            paths=("api_server_access_profile.authorized_ip_ranges", "api_server_authorized_ip_ranges"), to_none=True
        ),
        sentence="lets every address reach the Kubernetes API (no more {path})",
        short="no more {path}",
        source="hashicorp/azurerm, azurerm_kubernetes_cluster: api_server_access_profile",
    ),
    AttentionRule(
        id="az-aks-open",
        types="azurerm_kubernetes_cluster",
        when=Becomes(
            paths=("api_server_access_profile.authorized_ip_ranges", "api_server_authorized_ip_ranges"),
            values=INTERNET,
        ),
        sentence="lets every address reach the Kubernetes API ({new})",
        short="opens the Kubernetes API to {new}",
        source="hashicorp/azurerm, azurerm_kubernetes_cluster: api_server_access_profile",
    ),
    AttentionRule(
        id="az-aks-open",
        types="azurerm_kubernetes_cluster",
        when=TurnsOff(paths=("role_based_access_control_enabled", "local_account_disabled")),
        sentence="asks less of whoever calls the Kubernetes API ({path} off)",
        short="{path} off",
        source="hashicorp/azurerm, azurerm_kubernetes_cluster: local_account_disabled",
    ),
)

EXPOSURE = (*AWS, *GOOGLE, *AZURE)
