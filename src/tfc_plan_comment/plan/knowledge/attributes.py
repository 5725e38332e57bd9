"""The kinds of attributes: tags, computed ones, ids, repetitions of others."""

from tfc_plan_comment.plan.knowledge.rules import Rule, Rules, name_each

TAGS = Rules(
    *name_each("tags tags_all", "hashicorp/aws, guide resource-tagging", types="aws_*"),
    *name_each("tags", "Microsoft, azure-resource-manager/management/tag-resources", types="azurerm_*"),
    *name_each(
        "labels effective_labels terraform_labels", "hashicorp/google, guide version_5_upgrade", types="google_*"
    ),
)
"""Attributes that mark an object rather than change it, as long as they are maps of strings: the `tags` of an instance
on Google Cloud are a list, and choose the firewall rules that hold for it."""

NO_TAGS = Rules(
    Rule(
        "google_monitoring_notification_channel", "labels", "hashicorp/google, google_monitoring_notification_channel"
    ),
    Rule("google_cloud_identity_group", "labels", "hashicorp/google, google_cloud_identity_group"),
)
"""Attributes that are called like tags, and are what the object is: where alerts are sent, the kind of a group."""

DECIDING_TAGS = Rules(
    *name_each("*kubernetes.io/* *k8s.io/*", "Kubernetes, Well-Known Labels, Annotations and Taints"),
    *name_each("*access* *role* *permission* *principal*", "AWS IAM, Tutorial: attribute-based access control"),
    *name_each("*policy* *policies* *allow* *deny* *restrict* *public*", "AWS IAM, Controlling access using tags"),
    *name_each("*confidential* *sensitiv* *classification*", "AWS Organizations, Tag policies"),
    *name_each("*env* *stage* *team* *project* *tenant*", "AWS IAM, Tutorial: attribute-based access control"),
    *name_each("*secur* *complian* *exposure* *internet* *private*", "AWS, Tagging best practices: Tags for security"),
    *name_each("*lifecycle* *archiv* *expir*", "Amazon S3, Lifecycle configuration elements: Filter"),
    *name_each("*backup* *snapshot* *retention*", "AWS Backup, Assigning resources to a backup plan"),
    *name_each("*schedul* *start* *stop* *uptime*", "AWS Solutions, Instance Scheduler"),
    *name_each("*patch* *maintenance*", "AWS Systems Manager, Patch groups"),
    *name_each("aws:* *autoscal* *karpenter*", "AWS, Tagging best practices"),
)
"""Keys of tags, in small letters, by which people and services decide who may do what, and what is done when."""

REPEATS = Rules(
    Rule("*", "tags_all", "hashicorp/aws, guide resource-tagging", ("tags",)),
    Rule("*", "terraform_labels", "hashicorp/google, guide version_5_upgrade", ("labels",)),
    Rule("*", "effective_labels", "hashicorp/google, guide version_5_upgrade", ("labels",)),
)
"""Attributes that providers compute out of another one, which is named beside, and repeat as a whole."""

COMPUTED = Rules(
    *name_each(
        "effective_annotations effective_labels terraform_labels",
        "hashicorp/google, guide version_5_upgrade",
        types="google_*",
    ),
    *name_each(
        "generation observed_generation update_time", "hashicorp/google, google_cloud_run_v2_service", types="google_*"
    ),
    *name_each(
        "metadata_fingerprint self_link tags_fingerprint", "hashicorp/google, google_compute_instance", types="google_*"
    ),
    *name_each("label_fingerprint", "hashicorp/google, google_compute_disk", types="google_*"),
    *name_each("fingerprint", "hashicorp/google, google_compute_backend_service", types="google_*"),
    *name_each("tags_all", "hashicorp/aws, guide resource-tagging", types="aws_*"),
    *name_each(
        "last_modified qualified_arn qualified_invoke_arn source_code_size",
        "hashicorp/aws, aws_lambda_function",
        types="aws_lambda_*",
    ),
    *name_each("last_modified_date", "hashicorp/aws, aws_cognito_user_pool", types="aws_cognito_*"),
    *name_each("latest_restorable_time", "hashicorp/aws, aws_db_instance", types="aws_db_instance"),
    *name_each("updated_at", "hashicorp/aws, aws_dataexchange_event_action", types="aws_dataexchange_*"),
    *name_each("version_id", "hashicorp/aws, aws_s3_object", types="aws_s3_*object"),
    *name_each("modified_at", "IBM-Cloud/ibm, ibm_iam_trusted_profile", types="ibm_*"),
    *name_each("last_updated", "vmware/vra, vra_deployment", types="vra_*"),
)
"""Attributes that follow from the others: only a provider sets them. Where any other one is known only after apply,
somebody's configuration refers to it: such as the task definition of a service, which is what is rolled out."""

EMPTY_IS_UNSET = Rules(
    *name_each("tags tags_all", "hashicorp/aws, guide resource-tagging", types="aws_*"),
    *name_each("tags", "Microsoft, azure-resource-manager/management/tag-resources", types="azurerm_*"),
    *name_each(
        "labels effective_labels terraform_labels", "hashicorp/google, guide version_5_upgrade", types="google_*"
    ),
)
"""Attributes of which an empty list or map is the same as none. Elsewhere it may be all, or nobody."""

DEFAULTS = Rules(
    Rule("aws_dynamodb_table", "table_class", "hashicorp/aws, aws_dynamodb_table", ("STANDARD",)),
)
"""Texts that an attribute has where nobody sets it: where such a one goes, nothing changes."""

DYNAMIC = Rules(Rule("terraform_data", "*", "hashicorp/terraform, terraform_data"))
"""Attributes that hold whatever somebody puts there: a list of one object is no block."""

DESCRIPTIONS = Rules(*name_each("description comment Description Comment", "hashicorp/aws, aws_security_group"))
"""Attributes of an element of a list that say to people what it is."""

WRITE_ONLY = Rules(
    Rule("*", "*_wo", "hashicorp/aws, aws_db_instance; hashicorp/azurerm, topics/guide-new-write-only-attribute"),
)
"""Attributes that are sent to the provider and stand in no plan or state."""

WRITE_ONLY_VERSIONS = ("_version", "_revision")
"""Behind the name of a write-only attribute, the attribute whose change says that it is to be written anew:
hashicorp/aws, aws_db_instance (`password_wo_version`); hashicorp/kubernetes, kubernetes_secret_v1 (`data_wo_revision`).
"""

_AZURE = "Microsoft, azure-resource-manager/management/resource-name-rules"
_ACTIONS = "AWS IAM, JSON policy elements: Action"

CASELESS = Rules(
    *name_each("id *_id *_ids scope scopes", _AZURE, types="azurerm_*"),
    *name_each("id *_id", _AZURE, types="azapi_*"),
)
"""Attributes that hold ids of Azure resources. In what begins like one, letter case means nothing."""

CASELESS_IN_JSON = Rules(*name_each("Statement.Action Statement.NotAction", _ACTIONS, types="aws_*"))
"""Values in JSON documents that mean the same in any letter case, each at its path without positions."""

IDENTIFIERS = Rules(
    Rule("aws_iam_access_key", "id", "AWS IAM, Manage access keys: the ID is like a user name"),
)
"""Attributes that have the form of a secret, and only say which object it is."""
