"""The documents of runs, plans and workspaces, as HCP Terraform's API has them."""

from collections.abc import Sequence

from tfc_sandbox.runs import ORGANIZATION, Run


def workspace_document(run: Run) -> dict[str, object]:
    """The workspace of a run."""
    return {
        "id": run.workspace_id,
        "type": "workspaces",
        "attributes": {
            "name": run.script.workspace,
            "working-directory": run.script.working_directory,
            "terraform-version": run.script.terraform_version,
            "execution-mode": "remote",
            "operations": True,
            "permissions": {"can-queue-run": True, "can-update": True},
        },
        "relationships": {"organization": {"data": {"id": ORGANIZATION, "type": "organizations"}}},
    }


def run_document(run: Run, includes: Sequence[str]) -> dict[str, object]:
    """`GET /runs/:id?include=workspace,configuration_version.ingress_attributes,task_stages,cost_estimate`."""
    return {"data": run_resource(run), "included": included_resources([run], includes)}


def run_resource(run: Run) -> dict[str, object]:
    """The run itself, as every document has it."""
    # The task stage is there from the beginning; policy checks need not be before the plan is finished.
    checks = run.policy_checks if run.plan_status == "finished" else ()
    estimate = {"id": run.cost_estimate_id, "type": "cost-estimates"} if run.script.cost_estimate else None
    terraform_policies = [{"id": each, "type": "tf-policy-evaluations"} for each in run.terraform_policies]
    return {
        "id": run.id,
        "type": "runs",
        "attributes": {
            "status": run.status,
            "created-at": run.script.created_at,
            "message": run.script.message,
            "source": "tfe-configuration-version",
            "plan-only": run.script.is_plan_only,
            "auto-apply": run.script.is_auto_apply,
            "is-destroy": run.script.is_destroy,
            "save-plan": run.script.is_save_plan,
            "refresh-only": run.script.is_refresh_only,
            "replace-addrs": list(run.script.replace_addrs) or None,
            "target-addrs": list(run.script.target_addrs) or None,
            "terraform-version": run.script.terraform_version,
            "actions": {
                "is-cancelable": False,
                "is-confirmable": run.script.is_confirmable,
                "is-discardable": run.script.is_confirmable,
                "is-force-cancelable": False,
            },
        },
        "relationships": {
            "plan": {"data": {"id": run.plan_id, "type": "plans"}},
            "apply": {"data": {"id": run.apply_id, "type": "applies"}},
            "workspace": {"data": {"id": run.workspace_id, "type": "workspaces"}},
            "configuration-version": {"data": {"id": run.configuration_id, "type": "configuration-versions"}},
            "policy-checks": {"data": [{"id": each, "type": "policy-checks"} for each in checks]},
            "task-stages": {"data": [{"id": each, "type": "task-stages"} for each in run.stages]},
            "cost-estimate": {"data": estimate},
            "tf-policy-evaluations": {"data": terraform_policies},
        },
    }


def included_resources(runs: Sequence[Run], includes: Sequence[str]) -> list[dict[str, object]]:
    """The resources that come along with these runs, each of them once."""
    included: list[dict[str, object]] = []
    if "workspace" in includes:
        included += {run.workspace_id: workspace_document(run) for run in runs}.values()
    if "plan" in includes:
        included += (plan_resource(run, can_export=False, export_ids=()) for run in runs)
    if "configuration_version.ingress_attributes" in includes:
        included += (each for run in runs for each in _configuration_documents(run))
    if "task_stages" in includes:
        included += (run.stage_document(stage_id) for run in runs for stage_id in run.stages)
    if "cost_estimate" in includes:
        included += (run.cost_document() for run in runs if run.script.cost_estimate)
    return included


def _configuration_documents(run: Run) -> list[dict[str, object]]:
    """The configuration version, and where version control has it from; another's comes along, as lists have it.

    What was uploaded through the API or by the CLI comes from nowhere.
    """
    configuration: dict[str, object] = {
        "id": run.configuration_id,
        "type": "configuration-versions",
        "attributes": {"source": "github", "speculative": True, "status": "uploaded"},
        "relationships": {"ingress-attributes": {"data": None}},
    }
    if not run.script.commit_sha:
        return [configuration | {"attributes": {"source": "tfe-api", "speculative": True, "status": "uploaded"}}]
    ingress_id = run.configuration_id.replace("cv-", "ia-")
    ours = {
        "commit-sha": run.script.commit_sha,
        "is-pull-request": run.script.is_plan_only,
        "pull-request-number": run.script.pull_request_number,
        "identifier": run.script.identifier,
    }
    other = {"commit-sha": "0" * 40, "is-pull-request": True, "pull-request-number": 1_000_000}
    ingress = {"data": {"id": ingress_id, "type": "ingress-attributes"}}
    return [
        configuration | {"relationships": {"ingress-attributes": ingress}},
        {"id": ingress_id, "type": "ingress-attributes", "attributes": ours},
        {"id": f"{ingress_id}-other", "type": "ingress-attributes", "attributes": other},
    ]


def run_event_documents(run: Run) -> list[dict[str, object]]:
    """`GET /runs/:id/run-events`, which has no pages (go-tfe, run_event.go)."""
    return [
        {
            "id": f"re-{number}",
            "type": "run-events",
            "attributes": {
                "action": action,
                "created-at": "2026-03-01T10:00:00.000Z",
                "description": description,
            },
            "relationships": {"actor": {"data": None}, "comment": {"data": None}},
        }
        for number, (action, description) in enumerate(run.script.events, 1)
    ]


def plan_document(
    run: Run, *, can_export: bool, export_ids: Sequence[str], log_url: str | None = None
) -> dict[str, object]:
    """`GET /plans/:id`. `log-read-url` is a secret, as the real one's is."""
    return {"data": plan_resource(run, can_export=can_export, export_ids=export_ids, log_url=log_url)}


def plan_resource(
    run: Run, *, can_export: bool, export_ids: Sequence[str], log_url: str | None = None
) -> dict[str, object]:
    """The plan itself, as every document has it."""
    exports = [{"id": export_id, "type": "plan-exports"} for export_id in export_ids]
    finished = run.plan_status == "finished"
    path = f"/api/v2/plans/{run.plan_id}"
    return {
        "id": run.plan_id,
        "type": "plans",
        "attributes": {
            "status": run.plan_status,
            "has-changes": finished,
            "resource-additions": 1 if finished else None,
            "resource-changes": 2 if finished else None,
            "resource-destructions": 3 if finished else None,
            "resource-imports": 0 if finished else None,
            "log-read-url": log_url,
            "actions": {"is-exportable": finished and run.script.is_exportable},
            "permissions": {"can-export": can_export},
        },
        "relationships": {"state-versions": {"data": []}, "exports": {"data": exports}},
        "links": {
            "self": path,
            "json-output": f"{path}/json-output",
            "json-output-redacted": f"{path}/json-output-redacted",
        },
    }
