"""A loopback HCP Terraform: runs, plans and their exports, over a real socket, faithful where a client can go wrong."""

import re
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from flask import Blueprint, Flask, Response, jsonify, request

from tfc_sandbox.applies import apply_document
from tfc_sandbox.archivist import Archivist, Received
from tfc_sandbox.faults import Fault, Faults
from tfc_sandbox.plan_exports import DATA_TYPE, PlanExports
from tfc_sandbox.policies import (
    page_document,
    policy_check_document,
    policy_evaluation_document,
    policy_set_outcome_document,
    terraform_policies_document,
)
from tfc_sandbox.redacted_plan import redacted
from tfc_sandbox.run_documents import plan_document, run_document, run_event_documents, workspace_document
from tfc_sandbox.run_lists import MinuteLimit, listed, runs_document
from tfc_sandbox.runs import GOOD_DAY, ORGANIZATION, Run, Script
from tfc_sandbox.server import LoopbackServer

ADMIN_TOKEN = "sandbox-admin-token"
WRITE_TOKEN = "sandbox-write-token"
READ_TOKEN = "sandbox-read-token"
ORGANIZATION_TOKEN = "sandbox-organization-token"
EXPIRED_TOKEN = "sandbox-expired-token"

JSON_API = "application/vnd.api+json"
_LACKS_WHERE_OLD = re.compile(
    r"/(run-events|task-stages|policy-evaluations|tf-policy-evaluations|json-output-redacted)\b"
    r"|/organizations/[^/]+/runs$"
)
"""The paths that an old Terraform Enterprise may lack: the documents do not say from when on there was each."""


class Storage(StrEnum):
    """The place where the plan JSON lies."""

    ARCHIVIST = "archivist"  # HCP Terraform: on another origin
    SAME_ORIGIN = "same-origin"  # Terraform Enterprise: under /_archivist/ of the API's own origin
    INLINE = "inline"  # no redirect at all: a redacted plan that is not generated yet, and otf


class HcpTerraformSandbox:
    """Serves one run with `plan`, if there is one, and those that `add_run` adds, for as long as the `with` lasts.

    `url` is what the input hostname takes, `run_id` and `plan_id` belong to the newest run, `requests` are those that
    came to the API and `archivist` knows those for blobs. `clock` decides when a temporary URL or an export expires,
    when a run appears, and when lists may be asked again; unless they `include`, they know nothing to come along.
    `faults` happen instead of what was asked; `lost_answers` after it was done. Every answer takes `latency` seconds.
    An `old_enterprise` is a Terraform Enterprise that knows no `include`, has no list of an organization's runs, no run
    events, task stages, policy evaluations and redacted plan JSON, and whose rate limit is switched off.
    With an `ssl_context` it is https.
    """

    def __init__(  # noqa: PLR0913 (each is a word of the script)
        self,
        plan: bytes | None = None,
        *,
        script: Script = GOOD_DAY,
        faults: Sequence[Fault] = (),
        storage: Storage = Storage.ARCHIVIST,
        redirect_status: int = 307,
        relative_location: bool = False,
        lenient_archivist: bool = False,
        lost_answers: Sequence[Fault] = (),
        clock: Callable[[], float] = time.monotonic,
        latency: float = 0,
        lists_include: bool = True,
        old_enterprise: bool = False,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.requests: list[Received] = []
        self.on_answer: Callable[[], None] = lambda: None
        """Called when a request was carried out, before its answer goes out."""
        self.archivist = Archivist(clock, lenient=lenient_archivist, latency=latency)
        self.plan_exports = PlanExports(clock)
        self._storage, self._redirect_status, self._relative_location = storage, redirect_status, relative_location
        self._latency, self._clock = latency, clock
        self._minute, self._lists_include = MinuteLimit(clock), lists_include
        self._old_enterprise = old_enterprise
        self._runs: list[Run] = []
        if plan is not None:
            self.add_run(plan, script=script)

        self._faults, self._lost_answers = Faults(faults), Faults(lost_answers)
        application = Flask(__name__, static_folder=None)
        application.register_blueprint(self._api(), url_prefix="/api/v2")
        blobs = application if storage is Storage.SAME_ORIGIN else Flask("archivist", static_folder=None)
        prefix = "/_archivist" if storage is Storage.SAME_ORIGIN else ""
        blobs.register_blueprint(self.archivist.blueprint(self._faults), url_prefix=prefix)
        self._servers = [LoopbackServer(application, ssl_context=ssl_context)]
        if blobs is not application:
            self._servers.append(LoopbackServer(blobs, ssl_context=ssl_context))
        self.url = self._servers[0].url
        self._blob_url = ("" if relative_location else self._servers[-1].url) + prefix
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for server in self._servers:
            self._stack.enter_context(server)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def answered(self) -> list[tuple[float, float]]:
        """When each request came, and when its answer was made, as `time.monotonic` counts."""
        return [times for server in self._servers for times in server.answered]

    @property
    def inputs(self) -> dict[str, str]:
        """The inputs by which a step finds the newest run, with a token that may do all."""
        return {"token": ADMIN_TOKEN, "hostname": self.url, "run-id": self.run_id}

    @property
    def run_id(self) -> str:
        """The newest run."""
        return self._runs[-1].id

    @property
    def plan_id(self) -> str:
        """The newest run's plan."""
        return self._runs[-1].plan_id

    def misbehave(self, faults: Sequence[Fault]) -> None:
        """From now on the API and the blob store have these faults and no others."""
        self._faults.begin(faults)

    def add_run(self, plan: bytes, *, script: Script = GOOD_DAY) -> str:
        """A further run, as a push makes one; its id."""
        self._runs.append(Run(plan, script, appears_at=self._clock() + script.appears_after))
        return self.run_id

    def _api(self) -> Blueprint:
        api = Blueprint("api", __name__)
        api.before_request(self._receive)
        api.after_request(self._send)
        api.get("/ping", endpoint="ping")(lambda: Response(status=204))
        api.get("/organizations/<organization>/entitlement-set")(self._show_entitlements)
        api.get("/organizations/<organization>/workspaces/<name>")(self._show_workspace_by_name)
        api.get("/organizations/<organization>/runs")(self._list_runs_of_organization)
        api.get("/workspaces/<workspace_id>/runs")(self._list_runs_of_workspace)
        api.get("/workspaces/<workspace_id>")(self._show_workspace)
        api.get("/runs/<run_id>")(self._show_run)
        api.get("/runs/<run_id>/policy-checks")(self._list_policy_checks)
        api.get("/runs/<run_id>/task-stages")(self._list_task_stages)
        api.get("/runs/<run_id>/run-events")(self._list_run_events)
        api.get("/runs/<run_id>/tf-policy-evaluations")(self._list_terraform_policies)
        api.get("/tf-policy-evaluations/<evaluation_id>/tf-policy-set-outcomes")(self._list_policy_set_outcomes)
        api.get("/task-stages/<stage_id>")(self._show_task_stage)
        api.get("/task-results/<result_id>")(self._show_task_result)
        api.get("/cost-estimates/<estimate_id>")(self._show_cost_estimate)
        api.get("/task-stages/<stage_id>/policy-evaluations")(self._list_policy_evaluations)
        api.get("/policy-evaluations/<evaluation_id>/policy-set-outcomes")(self._list_policy_set_outcomes)
        api.get("/plans/<plan_id>")(self._show_plan)
        api.get("/applies/<apply_id>")(self._show_apply)
        api.get("/plans/<plan_id>/<any('json-output','json-output-redacted'):output>")(self._plan_json)
        api.get("/runs/<run_id>/plan/json-output")(self._plan_json_of_run)
        api.post("/plan-exports")(self._create_export)
        api.get("/plan-exports/<export_id>")(self._show_export)
        api.get("/plan-exports/<export_id>/download")(self._download_export)
        api.delete("/plan-exports/<export_id>")(self._delete_export)
        anything = api.route("/<path:_>", endpoint="anything", methods=["GET", "POST", "PATCH", "DELETE"])
        anything(lambda _: _not_found())
        return api

    def _receive(self) -> Response | None:
        self.requests.append(Received.of(request))
        time.sleep(self._latency)
        if answer := self._faults.answer(request):
            return answer
        if self._old_enterprise and _LACKS_WHERE_OLD.search(request.path):
            return _not_found()
        # A session cookie overrides the bearer token (hashicorp/python-tfe's changelog, 1.2.0).
        if request.cookies or _token() not in (ADMIN_TOKEN, WRITE_TOKEN, READ_TOKEN, ORGANIZATION_TOKEN):
            return _error(401, "unauthorized")
        if request.method != "GET" and request.content_type != JSON_API:
            return _error(415, "unsupported media type")
        return None

    def _send(self, response: Response) -> Response:
        self.on_answer()
        response = self._lost_answers.answer(request) or response
        return response if self._old_enterprise else _add_headers(response)

    def _show_run(self, run_id: str) -> Response:
        run = self._run(run_id)
        if run is None:
            return _not_found()
        includes = request.args.get("include", "").split(",") if "include" in request.args else []
        if not {*includes} <= ({*run.script.includes} if not self._old_enterprise else set()):
            return _error(400, "Invalid include parameter")
        run.times_run_read += run.plan_status == "finished"
        return _document(run_document(run, includes))

    def _list_runs_of_organization(self, organization: str) -> Response:
        return self._list_runs(self._runs, has_totals=False) if organization == ORGANIZATION else _not_found()

    def _list_runs_of_workspace(self, workspace_id: str) -> Response:
        runs = [run for run in self._runs if run.workspace_id == workspace_id]
        return self._list_runs(runs, has_totals=True) if runs else _not_found()

    def _list_runs(self, runs: Sequence[Run], *, has_totals: bool) -> Response:
        if refusal := self._minute.refusal():
            return refusal
        includes = [each for each in request.args.get("include", "").split(",") if each]
        if not {*includes} <= ({*runs[0].script.includes} if self._lists_include else set()):
            return _error(400, "Invalid include parameter")
        found = listed([run for run in runs if run.appears_at <= self._clock()], request.args)
        page = _page_asked_for()
        return _document(runs_document(found, includes, page=page, path=request.path, has_totals=has_totals))

    def _show_workspace(self, workspace_id: str) -> Response:
        run = next((run for run in self._runs if run.workspace_id == workspace_id), None)
        return _document({"data": workspace_document(run)}) if run else _not_found()

    def _show_workspace_by_name(self, organization: str, name: str) -> Response:
        run = next((run for run in self._runs if run.script.workspace == name), None)
        return _document({"data": workspace_document(run)}) if run and organization == ORGANIZATION else _not_found()

    def _show_entitlements(self, organization: str) -> Response:
        """What the CLI asks for before anything else."""
        attributes = {"operations": True, "state-storage": True}
        entitlements = {"id": "org-acme", "type": "entitlement-sets", "attributes": attributes}
        return _document({"data": entitlements}) if organization == ORGANIZATION else _not_found()

    def _list_policy_checks(self, run_id: str) -> Response:
        if not (run := self._run(run_id)):
            return _not_found()
        return _document(
            {"data": [policy_check_document(*each, run.look(each[0])) for each in run.policy_checks.items()]}
        )

    def _list_task_stages(self, run_id: str) -> Response:
        if not (run := self._run(run_id)):
            return _not_found()
        return _page([run.stage_document(stage_id) for stage_id in run.stages])

    def _show_task_stage(self, stage_id: str) -> Response:
        run = next((run for run in self._runs if stage_id in run.stages), None)
        if run is None:
            return _not_found()
        # HashiCorp's docs and its client for Python write the names with hyphens, its OpenAPI file with underscores.
        asked = request.args.get("include", "").replace("-", "_")
        includes = asked.split(",") if asked else []
        if not {*includes} <= {*run.script.stage_includes}:
            return _error(400, "Invalid include parameter")
        return _document({"data": run.stage_document(stage_id), "included": run.stage_resources(stage_id, includes)})

    def _show_task_result(self, result_id: str) -> Response:
        run = next((run for run in self._runs if result_id in run.task_results), None)
        return _document({"data": run.task_document(result_id)}) if run else _not_found()

    def _show_cost_estimate(self, estimate_id: str) -> Response:
        run = next((run for run in self._runs if run.cost_estimate_id == estimate_id), None)
        return _document({"data": run.cost_document()}) if run and run.script.cost_estimate else _not_found()

    def _list_run_events(self, run_id: str) -> Response:
        run = self._run(run_id)
        return _document({"data": run_event_documents(run)}) if run else _not_found()

    def _list_terraform_policies(self, run_id: str) -> Response:
        if not (run := self._run(run_id)):
            return _not_found()
        return _page([terraform_policies_document(*each, run.look(each[0])) for each in run.terraform_policies.items()])

    def _list_policy_evaluations(self, stage_id: str) -> Response:
        run = next((run for run in self._runs if stage_id in run.stages), None)
        if run is None:
            return _not_found()
        evaluations = run.evaluations_of(run.stages[stage_id])
        documents = [
            policy_evaluation_document(*each, run.look(each[0]), stage_id=stage_id) for each in evaluations.items()
        ]
        return _page(documents)

    def _list_policy_set_outcomes(self, evaluation_id: str) -> Response:
        for run in self._runs:
            evaluations = {**run.policy_evaluations, **run.terraform_policies}
            if evaluation_id in evaluations:
                policy_sets = evaluations[evaluation_id].policy_sets
                return _page(
                    [policy_set_outcome_document(policy_set, evaluation_id=evaluation_id) for policy_set in policy_sets]
                )
        return _not_found()

    def _show_plan(self, plan_id: str) -> Response:
        run = self._run_of(plan_id)
        if run is None:
            return _not_found()
        run.times_read += 1
        log_url = None if run.log is None else self._blob_url + self.archivist.keep_log(run.log)
        export_ids = self.plan_exports.ids_of(run)
        return _document(plan_document(run, can_export=_may_export(), export_ids=export_ids, log_url=log_url))

    def _show_apply(self, apply_id: str) -> Response:
        run = next((run for run in self._runs if run.apply_id == apply_id), None)
        if run is None:
            return _not_found()
        log_url = self._blob_url + self.archivist.keep_log(run.apply.log) if run.apply.log is not None else None
        return _document(apply_document(apply_id, run.apply, log_url=log_url))

    def _plan_json(self, plan_id: str, output: str) -> Response:
        run = self._run_of(plan_id)
        full = output == "json-output"
        # Only a user's or team's token with admin access to the workspace reads the full one (docs, "Plans").
        if run is None or (full and _token() != ADMIN_TOKEN) or run.plan_status == "errored":
            return _not_found()
        if run.plan_status != "finished" or run.not_yet > 0:
            run.not_yet -= run.plan_status == "finished"
            return Response(status=204)
        content = run.plan if full else redacted(run.plan)
        if self._storage is Storage.INLINE:
            return Response(content, content_type="application/json")
        return self._redirect(content, "application/json", self._redirect_status)

    def _plan_json_of_run(self, run_id: str) -> Response:
        run = self._run(run_id)
        return self._plan_json(run.plan_id, "json-output") if run else _not_found()

    def _create_export(self) -> Response:
        wanted: Any = request.get_json(force=True, silent=True)
        try:
            data = wanted["data"]
            plan = data["relationships"]["plan"]["data"]
            well_formed = (data["type"], plan["type"], data["attributes"]["data-type"]) == (
                "plan-exports",
                "plans",
                DATA_TYPE,
            )
        except (TypeError, KeyError):
            well_formed = False
        if not well_formed:
            return _error(422, "unprocessable entity")
        run = self._run_of(plan["id"])
        if run is None or not _may_export() or run.plan_status != "finished":
            return _not_found()
        export = self.plan_exports.create(run)
        if export is None:
            return _error(422, "unprocessable entity")
        response = _document(self.plan_exports.document(export))
        response.status_code = 201
        return response

    def _show_export(self, export_id: str) -> Response:
        export = self.plan_exports.get(export_id)
        if export is None or not _may_export():
            return _not_found()
        export.times_read += 1
        return _document(self.plan_exports.document(self.plan_exports.get(export_id) or export))

    def _download_export(self, export_id: str) -> Response:
        export = self.plan_exports.get(export_id)
        if export is None or not _may_export() or export.status == "expired":
            return _not_found()
        content = self.plan_exports.content(export)
        return self._redirect(content, "application/octet-stream", 302, kind="export")

    def _delete_export(self, export_id: str) -> Response:
        return Response(status=204) if _may_export() and self.plan_exports.delete(export_id) else _not_found()

    def _redirect(self, content: bytes, content_type: str, status: int, *, kind: str = "plan") -> Response:
        """To a temporary URL."""
        location = self._blob_url + self.archivist.keep(content, content_type, kind=kind)
        response = Response(status=status, headers={"Location": location})
        response.autocorrect_location_header = False
        return response

    def _run(self, run_id: str) -> Run | None:
        return next((run for run in self._runs if run.id == run_id), None)

    def _run_of(self, plan_id: str) -> Run | None:
        return next((run for run in self._runs if run.plan_id == plan_id), None)


def _page(documents: list[dict[str, Any]]) -> Response:
    """The page that the query asks for: the first, of 20, unless it says otherwise; at most 100."""
    number, size = _page_asked_for()
    return _document(page_document(documents, number=number, size=size))


def _page_asked_for() -> tuple[int, int]:
    return int(request.args.get("page[number]", 1)), min(int(request.args.get("page[size]", 20)), 100)


def _token() -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _may_export() -> bool:
    """HCP Terraform docs, "Permissions": downloading mocks comes with write and admin access."""
    return _token() in (ADMIN_TOKEN, WRITE_TOKEN)


def _add_headers(response: Response) -> Response:
    """Add what every answer of the API carries; the cookie is the trap that a client with a cookie jar falls into."""
    response.headers.setdefault("X-RateLimit-Limit", "30")
    response.headers.setdefault("X-RateLimit-Remaining", "29")
    response.headers.setdefault("X-RateLimit-Reset", "0.0")
    response.headers.update({"TFP-API-Version": "2.6", "TFP-AppName": "HCP Terraform"})
    response.set_cookie("_atlas_session_data", "trap")
    return response


def _document(document: dict[str, object]) -> Response:
    response = jsonify(document)
    response.content_type = f"{JSON_API}; charset=utf-8"
    return response


def _error(status: int, title: str) -> Response:
    response = _document({"errors": [{"status": str(status), "title": title}]})
    response.status_code = status
    return response


def _not_found() -> Response:
    return _error(404, "not found")
