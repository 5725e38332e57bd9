"""The plans that a step is about: what they are called."""

from tfc_plan_comment.action.subjects import Subject, tell_apart
from tfc_plan_comment.hcp_terraform.runs import Run


def subject(organization: str, workspace: str) -> Subject:
    """A run of that workspace."""
    run = Run(
        id="run-1",
        status="planned",
        url=None,
        organization=organization,
        workspace=workspace,
        plan_id=None,
        message=None,
        commit_sha=None,
        terraform_version=None,
        policy_check_ids=(),
        task_stage_ids=(),
        terraform_policy_evaluation_ids=(),
    )
    return Subject(key=f"{organization}/{workspace}", workspace=workspace, run=run)


def test_workspaces_of_one_name() -> None:
    """They are called by their organizations as well, in every line that names them; all others are not."""
    unknown = Subject(key="run-2", workspace=None)
    subjects = [subject("acme", "prod"), subject("other", "prod"), subject("acme", "dev"), unknown, unknown]
    assert [each.workspace for each in tell_apart(subjects)] == ["acme/prod", "other/prod", "dev", None, None]
