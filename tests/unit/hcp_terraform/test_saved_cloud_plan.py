"""The bookmark of a saved cloud plan, and what people give instead of it."""

from pathlib import Path

import pytest

from tfc_plan_comment.errors import PlanDocumentError
from tfc_plan_comment.hcp_terraform.saved_cloud_plan import SavedCloudPlan, read_saved_cloud_plan

LOCAL_PLAN = (
    "it is a plan that Terraform made locally, not a run in HCP Terraform. Convert it with `terraform show -json`"
    " and set the input plan-json to the result."
)
NO_BOOKMARK = (
    "it is not the JSON with remote_plan_format, run_id and hostname that `terraform plan -out` writes for a run in HCP"
    " Terraform. Use that file, or set the input run-id to the id of the run."
)


def test_read(tmp_path: Path) -> None:
    """A bookmark names a run and its host."""
    path = tmp_path / "tfplan"
    path.write_text('{"remote_plan_format":1,"run_id":"run-CZcmD7eagjhyX0vN","hostname":"App.terraform.io:8443"}')

    expected = SavedCloudPlan(run_id="run-CZcmD7eagjhyX0vN", hostname="app.terraform.io:8443")
    assert expected == read_saved_cloud_plan(path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            b"PK\x03\x04\x14\x00",
            LOCAL_PLAN,
        ),
        (b"", NO_BOOKMARK),
        (b"\xff\xfe{", NO_BOOKMARK),
        (b'{"remote_plan_format":1,"run_id":"\xff","hostname":"app.terraform.io"}', NO_BOOKMARK),
        (b'{"format_version":"1.2"}', NO_BOOKMARK),
        (b'{"remote_plan_format":"1","run_id":"run-1","hostname":"app.terraform.io"}', NO_BOOKMARK),
        (b" " * 70_000 + b'{"remote_plan_format":1,"run_id":"run-1","hostname":"app.terraform.io"}', NO_BOOKMARK),
        (
            b'{"remote_plan_format":2,"run_id":"run-1","hostname":"app.terraform.io"}',
            "its remote_plan_format is 2, and only 1 is known. Set the input run-id to the id of the run.",
        ),
        (
            b'{"remote_plan_format":1,"run_id":"../run-1","hostname":"app.terraform.io"}',
            "its run_id is not the id of a run. Set the input run-id to the id of the run.",
        ),
        (
            b'{"remote_plan_format":1,"run_id":"run-1","hostname":"user@evil.example/x"}',
            "its hostname is not a host name. Set the input run-id to the id of the run.",
        ),
    ],
    ids=["local plan", "empty", "UTF-16", "no UTF-8", "plan JSON", "wrong type", "large", "format 2", "run_id", "host"],
)
def test_no_bookmark(tmp_path: Path, content: bytes, why: str) -> None:
    """Whatever else is in the file gets a sentence of its own."""
    path = tmp_path / "tfplan"
    path.write_bytes(content)

    with pytest.raises(PlanDocumentError) as caught:
        read_saved_cloud_plan(path)

    assert f"Cannot read the saved cloud plan {str(path)!r} (input cloud-plan): {why}" == str(caught.value)


def test_no_file(tmp_path: Path) -> None:
    """So does a file that is not there."""
    path = tmp_path / "tfplan"

    with pytest.raises(PlanDocumentError) as caught:
        read_saved_cloud_plan(path)

    assert (
        f"Cannot read the saved cloud plan {str(path)!r} (input cloud-plan): No such file or directory. Check the path."
    ) == str(caught.value)
