"""Rules for what data there is after it: what goes for good, and what no longer keeps it from going."""

from tfc_plan_comment.plan.knowledge.attention_rules import (
    AttentionRule,
    Destroyed,
    Falls,
    Loses,
    Rises,
    TurnsOff,
)

_CLUSTERS = (
    "aws_db_instance aws_rds_cluster aws_neptune_cluster aws_docdb_cluster aws_docdbelastic_cluster "
    "aws_redshift_cluster aws_elasticache_cluster aws_elasticache_replication_group aws_elasticache_serverless_cache "
    "aws_memorydb_cluster azurerm_postgresql_flexible_server azurerm_mysql_flexible_server azurerm_postgresql_server"
)
_RETENTION = (
    "backup_retention_period",
    "automated_snapshot_retention_period",
    "snapshot_retention_limit",
    "backup_retention_days",
)

GONE = (
    AttentionRule(
        id="kms-gone",
        types="aws_kms_key aws_kms_replica_key google_kms_crypto_key google_kms_crypto_key_version "
        "azurerm_key_vault_key",
        when=Destroyed(replaced=True, deposed=True),
        sentence="is destroyed: what it encrypted cannot be read without it",
        short="what it encrypted cannot be read without it",
        source="AWS KMS, Deleting AWS KMS keys",
    ),
    AttentionRule(
        id="kms-gone",
        types="aws_kms_key aws_kms_external_key aws_kms_replica_key",
        when=TurnsOff(paths=("is_enabled", "enabled")),
        sentence="is disabled: what it encrypted cannot be read until it is enabled again",
        short="{path} off",
        source="hashicorp/aws, aws_kms_key: is_enabled",
    ),
    AttentionRule(
        id="force-destroy",
        types="aws_s3_bucket aws_s3_directory_bucket google_storage_bucket aws_ecr_repository "
        "aws_ecrpublic_repository aws_route53_zone aws_backup_vault aws_athena_database",
        when=Destroyed(given=(("force_destroy|force_delete", "true"),), replaced=True, deposed=True),
        sentence="is destroyed with everything in it",
        short="with everything in it",
        source="hashicorp/aws, aws_s3_bucket: force_destroy",
    ),
    AttentionRule(
        id="no-final-snapshot",
        types="aws_db_instance aws_rds_cluster aws_neptune_cluster aws_docdb_cluster aws_redshift_cluster",
        when=Destroyed(
            given=(("skip_final_snapshot", "true"), ("replicate_source_db", ""), ("replication_source_identifier", "")),
            replaced=True,
            deposed=True,
        ),
        sentence="is destroyed without a final snapshot",
        short="without a final snapshot",
        source="hashicorp/aws, aws_db_instance: skip_final_snapshot",
    ),
    AttentionRule(
        id="k8s-namespace-gone",
        types="kubernetes_namespace kubernetes_namespace_v1",
        when=Destroyed(replaced=True, deposed=True),
        sentence="is destroyed with everything in it",
        short="with everything in it",
        source="Kubernetes, Namespaces: deleting a namespace",
    ),
    AttentionRule(
        id="gh-repository-gone",
        types="github_repository",
        when=Destroyed(given=(("archive_on_destroy", "false|"),), replaced=True, deposed=True),
        sentence="is destroyed with its issues and pull requests",
        short="with its issues and pull requests",
        source="integrations/github, github_repository: archive_on_destroy",
    ),
    AttentionRule(
        id="access-key-gone",
        types="aws_iam_access_key google_service_account_key azuread_application_password "
        "azuread_service_principal_password",
        when=Destroyed(replaced=True, of=(("user", "aws_iam_user"), ("service_account_id", "google_service_account"))),
        sentence="is destroyed: what still uses this key is locked out",
        short="what still uses this key is locked out",
        source="hashicorp/aws, aws_iam_access_key",
    ),
    AttentionRule(
        id="dns-delegation",
        types="aws_route53_record google_dns_record_set",
        when=Loses(paths=("records", "rrdatas"), given=(("type", "NS|MX|DS"),), hosts=True),
        sentence="takes {old} from the {type} records of {name}",
        short="takes {old} from {type}",
        source="hashicorp/aws, aws_route53_record",
    ),
    AttentionRule(
        id="dns-delegation",
        types="aws_route53_record google_dns_record_set",
        when=Destroyed(given=(("type", "NS|MX|DS"),), of=(("zone_id", "aws_route53_zone"),)),
        sentence="takes the {type} records from {name}",
        short="takes {type} from {name}",
        source="hashicorp/aws, aws_route53_record",
    ),
)

KEPT = (
    AttentionRule(
        id="db-backups",
        types=_CLUSTERS,
        when=Falls(paths=_RETENTION, to_zero=True),
        sentence="makes no more backups by itself (days kept: {old} → {new})",
        short="{path} {old} → {new}",
        source="hashicorp/aws, aws_db_instance: backup_retention_period",
    ),
    AttentionRule(
        id="db-backups",
        types=_CLUSTERS,
        when=Falls(paths=_RETENTION, to_zero=False),
        sentence="keeps backups for less time (days: {old} → {new})",
        short="{path} {old} → {new}",
        source="hashicorp/aws, aws_db_instance: backup_retention_period",
    ),
    AttentionRule(
        id="deletion-protection",
        types="*",
        when=TurnsOff(
            paths=(
                "deletion_protection",
                "deletion_protection_enabled",
                "enable_deletion_protection",
                "disable_api_termination",
                "termination_protection",
                "purge_protection_enabled",
                "settings.deletion_protection_enabled",
            )
        ),
        sentence="can be deleted from now on ({path} off)",
        short="{path} off",
        source="hashicorp/aws, aws_db_instance: deletion_protection",
    ),
    AttentionRule(
        id="deletion-protection",
        types="aws_cognito_user_pool",
        when=TurnsOff(paths=("deletion_protection",), value="ACTIVE"),
        sentence="can be deleted from now on ({path} {old} → {new})",
        short="{path} {old} → {new}",
        source="hashicorp/aws, aws_cognito_user_pool: deletion_protection",
    ),
    AttentionRule(
        id="az-lock-gone",
        types="azurerm_management_lock",
        when=Destroyed(of=(("scope", "azurerm_*"),)),
        sentence="no longer locks {scope} ({lock_level})",
        short="no longer locks {scope}",
        source="hashicorp/azurerm, azurerm_management_lock",
    ),
    AttentionRule(
        id="backup-off",
        types="google_sql_database_instance aws_dynamodb_table azurerm_postgresql_flexible_server "
        "azurerm_mysql_flexible_server",
        when=TurnsOff(
            paths=(
                "settings.backup_configuration.enabled",
                "settings.backup_configuration.point_in_time_recovery_enabled",
                "settings.backup_configuration.binary_log_enabled",
                "point_in_time_recovery.enabled",
                "geo_redundant_backup_enabled",
            )
        ),
        sentence="can be restored to fewer moments or places ({path} off)",
        short="{path} off",
        source="hashicorp/aws, aws_dynamodb_table: point_in_time_recovery",
    ),
    AttentionRule(
        id="versioning-off",
        types="aws_s3_bucket_versioning",
        when=TurnsOff(paths=("versioning_configuration.status",), value="Enabled"),
        sentence="keeps no old versions of objects from now on ({path} {old} → {new})",
        short="{path} {old} → {new}",
        source="hashicorp/aws, aws_s3_bucket_versioning",
    ),
    AttentionRule(
        id="versioning-off",
        types="aws_s3_bucket_versioning",
        when=Destroyed(given=(("versioning_configuration.status", "Enabled"),), of=(("bucket", "aws_s3_bucket"),)),
        sentence="keeps no old versions of objects from now on",
        short="keeps no old versions of objects",
        source="hashicorp/aws, aws_s3_bucket_versioning",
    ),
    AttentionRule(
        id="versioning-off",
        types="aws_s3_bucket google_storage_bucket azurerm_storage_account",
        when=TurnsOff(paths=("versioning.enabled", "blob_properties.versioning_enabled")),
        sentence="keeps no old versions of objects from now on ({path} off)",
        short="{path} off",
        source="hashicorp/google, google_storage_bucket: versioning",
    ),
    AttentionRule(
        id="logs-shorter",
        types="aws_cloudwatch_log_group google_logging_project_bucket_config azurerm_log_analytics_workspace",
        when=Falls(paths=("retention_in_days", "retention_days"), zero_is_forever=True),
        sentence="deletes events sooner (days kept: {old} → {new})",
        short="{path} {old} → {new}",
        source="hashicorp/aws, aws_cloudwatch_log_group: retention_in_days",
    ),
    AttentionRule(
        id="messages-shorter",
        types="aws_sqs_queue",
        when=Falls(paths=("message_retention_seconds",)),
        sentence="deletes messages sooner (seconds kept: {old} → {new})",
        short="{path} {old} → {new}",
        source="hashicorp/aws, aws_sqs_queue: message_retention_seconds",
    ),
    AttentionRule(
        id="messages-shorter",
        types="aws_kinesis_stream",
        when=Falls(paths=("retention_period",)),
        sentence="deletes records sooner (hours kept: {old} → {new})",
        short="{path} {old} → {new}",
        source="hashicorp/aws, aws_kinesis_stream: retention_period",
    ),
    AttentionRule(
        id="objects-expire",
        types="aws_s3_bucket_lifecycle_configuration",
        when=Falls(paths=("rule.expiration.days", "rule.noncurrent_version_expiration.noncurrent_days")),
        sentence="deletes objects sooner (days kept: {old} → {new})",
        short="{path} {old} → {new}",
        source="hashicorp/aws, aws_s3_bucket_lifecycle_configuration: expiration",
    ),
    AttentionRule(
        id="db-major",
        types="aws_db_instance aws_rds_cluster aws_docdb_cluster",
        when=Rises(path="engine_version"),
        sentence="goes to a new major version ({old} → {new}), and not back",
        short="{path} {old} → {new}",
        source="Amazon RDS, Upgrading a DB instance engine version",
    ),
    AttentionRule(
        id="db-major",
        types="google_sql_database_instance",
        when=Rises(path="database_version"),
        sentence="goes to a new major version ({old} → {new}), and not back",
        short="{path} {old} → {new}",
        source="Cloud SQL, Upgrade the database major version in-place",
    ),
    AttentionRule(
        id="db-major",
        types="azurerm_postgresql_flexible_server azurerm_mysql_flexible_server",
        when=Rises(path="version"),
        sentence="goes to a new major version ({old} → {new}), and not back",
        short="{path} {old} → {new}",
        source="Azure Database for PostgreSQL, Major version upgrades",
    ),
)
