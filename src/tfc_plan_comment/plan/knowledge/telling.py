"""The attributes that say most of a change: those that a reviewer looks for among many."""

from tfc_plan_comment.plan.knowledge.rules import Rules, name_each

TELLING = Rules(
    *name_each("image *_image image_* ami ami_id *_image_id", "hashicorp/aws, aws_instance"),
    *name_each("engine version *_version runtime", "hashicorp/aws, aws_db_instance"),
    *name_each(
        "instance_type instance_class node_type machine_type sku sku_name vm_size", "hashicorp/aws, aws_instance"
    ),
    *name_each(
        "size *_size count *_count capacity *_capacity replicas *_storage iops", "hashicorp/aws, aws_db_instance"
    ),
    *name_each(
        "cidr cidr_* *_cidr *_cidr_block *_cidr_blocks *_address_prefix source_ranges", "hashicorp/aws, aws_vpc"
    ),
    *name_each("Condition Effect Action Principal role *_role role_arn *policy", "hashicorp/aws, aws_iam_role"),
    *name_each("deletion_protection* *retention* force_destroy skip_final_snapshot", "hashicorp/aws, aws_db_instance"),
    *name_each("*encrypt* *public* *kms_key* http_tokens", "hashicorp/aws, aws_db_instance"),
    *name_each("query threshold expression message", "DataDog/datadog, datadog_monitor"),
    *name_each("name *_name Name bucket identifier key domain host", "hashicorp/aws, aws_s3_bucket"),
    *name_each("task_definition user_data* content value *_value input", "hashicorp/aws, aws_ecs_service"),
    *name_each("from_port to_port port protocol", "hashicorp/aws, aws_security_group"),
    *name_each("enabled *_enabled type *_type mode", "hashicorp/aws, aws_lb"),
)
"""Their names, the most telling first. Others are named behind them."""

AT_STAKE = Rules(
    *name_each(
        "force_destroy force_delete skip_final_snapshot final_snapshot_identifier", "hashicorp/aws, aws_db_instance"
    ),
    *name_each("deletion_protection* skip_destroy delete_automated_backups", "hashicorp/aws, aws_db_instance"),
    *name_each("*retention* deletion_window_in_days recovery_window_in_days", "hashicorp/aws, aws_kms_key"),
    *name_each("engine allocated_storage vpc_id", "hashicorp/aws, aws_db_instance"),
)
"""Attributes that say what is lost with an object, and whether it can be had back."""

SOURCES = Rules(
    *name_each("action access", "hashicorp/aws, aws_network_acl"),
    *name_each("cidr_blocks ipv6_cidr_blocks cidr_block ipv6_cidr_block", "hashicorp/aws, aws_security_group"),
    *name_each("prefix_list_ids security_groups", "hashicorp/aws, aws_security_group"),
    *name_each("source_address_prefix source_address_prefixes", "hashicorp/azurerm, azurerm_network_security_group"),
    *name_each("source_ranges", "hashicorp/google, google_compute_firewall"),
)
"""Attributes of a rule that say whom it lets in or keeps out: they stand behind its name where it comes or goes."""
