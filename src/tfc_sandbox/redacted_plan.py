"""The redacted plan JSON, which HCP Terraform makes for those who may read a run but not its secrets."""

import json


def redacted(plan: bytes) -> bytes:
    """The document of `json-output-redacted` for a full plan JSON.

    It is a schema of its own (terraform's internal/command/jsonformat/plan.go): no format_version, no
    terraform_version, no configuration, no state; sensitive values are strings, whatever their type was.
    The provider schemas, which only Terraform itself needs to show it, are those that the full document brings along.
    """
    full = json.loads(plan)
    document = {
        "plan_format_version": full.get("format_version", "1.2"),
        "provider_format_version": "1.0",
        "resource_changes": [_without_secrets(resource) for resource in full.get("resource_changes", [])],
        "resource_drift": [_without_secrets(resource) for resource in full.get("resource_drift", [])],
        "output_changes": {name: _change(change) for name, change in full.get("output_changes", {}).items()},
        "relevant_attributes": full.get("relevant_attributes", []),
        "provider_schemas": full.get("provider_schemas", {}),
    }
    return json.dumps(document).encode()


def _without_secrets(resource: dict[str, object]) -> dict[str, object]:
    change = resource["change"]
    return {**resource, "change": _change(change)} if isinstance(change, dict) else resource


def _change(change: dict[str, object]) -> dict[str, object]:
    return {
        **change,
        "before": _redact(change.get("before"), change.get("before_sensitive")),
        "after": _redact(change.get("after"), change.get("after_sensitive")),
    }


def _redact(value: object, sensitive: object) -> object:
    """`value` with a string in place of every part that `sensitive`, which has the same shape, marks with true."""
    match value, sensitive:
        case None, _:
            return None
        case _, True:
            return "REDACTED"
        case dict(), dict():
            return {key: _redact(part, sensitive.get(key)) for key, part in value.items()}
        case list(), list():
            marks = [*sensitive, *[False] * len(value)]
            return [_redact(part, mark) for part, mark in zip(value, marks, strict=False)]
    return value
