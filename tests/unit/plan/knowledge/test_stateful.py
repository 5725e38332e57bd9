"""Resource types that hold data."""

import pytest

from tfc_plan_comment.plan.knowledge.stateful import HOLDS_DATA


@pytest.mark.parametrize(
    "resource_type",
    ["aws_s3_bucket", "aws_db_instance", "azurerm_storage_account", "google_sql_database_instance", "tls_private_key"],
)
def test_data_is_lost_with_it(resource_type: str) -> None:
    """Databases, buckets, volumes, keys and zones hold data."""
    assert HOLDS_DATA.of(resource_type)


@pytest.mark.parametrize("resource_type", ["aws_security_group", "null_resource", "aws_s3_bucket_policy", "", "aws_s3"])
def test_nothing_is_lost_with_it(resource_type: str) -> None:
    """What can be made again as it was does not, nor does a type that nobody listed."""
    assert not HOLDS_DATA.of(resource_type)
