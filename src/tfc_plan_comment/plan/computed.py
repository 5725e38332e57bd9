"""The names of attributes that follow from others, or mark an object rather than change it."""

TAGS = frozenset({"tags", "tags_all", "labels", "effective_labels", "terraform_labels"})

COMPUTED = frozenset(
    """
    effective_annotations fingerprint generation label_fingerprint last_modified last_modified_date last_updated
    latest_restorable_time metadata_fingerprint modified_at observed_generation qualified_arn qualified_invoke_arn
    self_link source_code_size tags_fingerprint update_time updated_at version_id
    """.split()  # noqa: SIM905 - reads better without the quotation marks
)
"""Attributes that follow from the others: only a provider sets them. Where any other one is known only after apply,
somebody's configuration refers to it: such as the task definition of a service, which is what is rolled out."""
