"""The kinds of attributes: tags, computed ones, ids, repetitions of others."""

from tfc_plan_comment.plan.knowledge.rules import Rule, Rules, name_each

TAGS = Rules(
    *name_each("tags tags_all", "hashicorp/aws, guide resource-tagging"),
    *name_each("labels effective_labels terraform_labels", "hashicorp/google, guide version_5_upgrade"),
)
"""Attributes that mark an object rather than change it."""

REPEATS = Rules(
    Rule("*", "tags_all", "hashicorp/aws, guide resource-tagging", ("tags",)),
    Rule("*", "terraform_labels", "hashicorp/google, guide version_5_upgrade", ("labels",)),
    Rule("*", "effective_labels", "hashicorp/google, guide version_5_upgrade", ("labels",)),
)
"""Attributes that providers compute out of another one, which is named beside, and repeat as a whole."""

COMPUTED = Rules(
    *name_each("effective_annotations", "hashicorp/google, guide version_5_upgrade"),
    *name_each("generation observed_generation update_time", "hashicorp/google, google_cloud_run_v2_service"),
    *name_each("metadata_fingerprint self_link tags_fingerprint", "hashicorp/google, google_compute_instance"),
    *name_each("label_fingerprint", "hashicorp/google, google_compute_disk"),
    *name_each("fingerprint", "hashicorp/google, google_compute_backend_service"),
    *name_each(
        "last_modified qualified_arn qualified_invoke_arn source_code_size", "hashicorp/aws, aws_lambda_function"
    ),
    *name_each("last_modified_date", "hashicorp/aws, aws_cognito_user_pool"),
    *name_each("latest_restorable_time", "hashicorp/aws, aws_db_instance"),
    *name_each("updated_at", "hashicorp/aws, aws_dataexchange_event_action"),
    *name_each("version_id", "hashicorp/aws, aws_s3_object"),
    *name_each("modified_at", "IBM-Cloud/ibm, ibm_iam_trusted_profile"),
    *name_each("last_updated", "vmware/vra, vra_deployment"),
)
"""Attributes that follow from the others: only a provider sets them. Where any other one is known only after apply,
somebody's configuration refers to it: such as the task definition of a service, which is what is rolled out."""

_AZURE = "Microsoft, azure-resource-manager/management/resource-name-rules"

IDS = Rules(
    *name_each("*id *ids *Id *Ids", _AZURE),
    Rule("*", "*", _AZURE, ("/subscriptions/",)),
)
"""Attributes that hold ids, in which letter case means nothing. A beginning beside is what their values begin with."""
