"""The resource types that hold data: a warning stands beside their destruction.

The list is a help, not a promise: a type that is missing here is shown like any other. To extend it, add the type
under its provider. The source of each is its page in the provider's documentation, which says what it holds.
"""

from tfc_plan_comment.plan.knowledge.rules import Rule, Rules

_TYPES = {
    "hashicorp/aws": """
        aws_backup_vault aws_cloudwatch_log_group aws_cognito_user_pool aws_db_instance aws_db_snapshot
        aws_docdb_cluster aws_docdb_cluster_instance aws_dynamodb_table aws_ebs_snapshot aws_ebs_volume
        aws_ecr_repository aws_efs_file_system aws_elasticache_cluster aws_elasticache_replication_group
        aws_elasticsearch_domain aws_fsx_lustre_file_system aws_fsx_ontap_file_system aws_fsx_openzfs_file_system
        aws_fsx_windows_file_system aws_glacier_vault aws_keyspaces_table aws_kinesis_stream aws_kms_key
        aws_memorydb_cluster aws_msk_cluster aws_neptune_cluster aws_opensearch_domain aws_qldb_ledger aws_rds_cluster
        aws_rds_cluster_instance aws_rds_global_cluster aws_redshift_cluster aws_route53_zone aws_s3_bucket
        aws_s3_object aws_secretsmanager_secret aws_sqs_queue aws_ssm_parameter aws_timestreamwrite_table
        aws_volume_attachment
    """,
    "hashicorp/azurerm": """
        azurerm_container_registry azurerm_cosmosdb_account azurerm_cosmosdb_sql_container azurerm_cosmosdb_sql_database
        azurerm_dns_zone azurerm_eventhub azurerm_key_vault azurerm_key_vault_key azurerm_key_vault_secret
        azurerm_kusto_database azurerm_log_analytics_workspace azurerm_managed_disk azurerm_mariadb_server
        azurerm_mssql_database azurerm_mssql_server azurerm_mysql_flexible_server azurerm_mysql_server
        azurerm_postgresql_flexible_server azurerm_postgresql_server azurerm_private_dns_zone
        azurerm_recovery_services_vault azurerm_redis_cache azurerm_resource_group azurerm_snapshot
        azurerm_storage_account azurerm_storage_blob azurerm_storage_container azurerm_storage_share
    """,
    "hashicorp/google": """
        google_alloydb_cluster google_artifact_registry_repository google_bigquery_dataset google_bigquery_table
        google_bigtable_instance google_bigtable_table google_compute_disk google_compute_snapshot
        google_dns_managed_zone google_filestore_instance google_firestore_database google_kms_crypto_key
        google_kms_key_ring google_project google_pubsub_subscription google_pubsub_topic google_redis_instance
        google_secret_manager_secret google_spanner_database google_spanner_instance google_sql_database
        google_sql_database_instance google_storage_bucket google_storage_bucket_object
    """,
    "digitalocean/digitalocean": "digitalocean_database_cluster digitalocean_spaces_bucket digitalocean_volume",
    "hashicorp/kubernetes": "kubernetes_namespace kubernetes_persistent_volume kubernetes_persistent_volume_claim",
    "hashicorp/tls": "tls_private_key",
    "hashicorp/random": "random_password",
}

HOLDS_DATA = Rules(
    *(Rule(name, "*", f"{provider}, {name}") for provider, names in _TYPES.items() for name in names.split())
)
"""Types whose resources hold data or keys that are gone when they are."""
