"""The plan of a run: its state, and waiting until that is final.

Source: HCP Terraform API docs, "Plans" and "Runs", and go-tfe's OpenAPI file for what the docs leave out.
"""

from collections.abc import Callable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from tfc_plan_comment.errors import DeadlineExceeded, PlanFailed, PlanTooLate
from tfc_plan_comment.hcp_terraform.failures import one_line
from tfc_plan_comment.hcp_terraform.json_api import One, ToMany, ids_of, path_of
from tfc_plan_comment.hcp_terraform.runs import Run, read_run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.hcp_terraform.statuses import PlanFacts, PlanStatus, RunStatus, in_words
from tfc_plan_comment.http.deadline import Deadline, say_seconds
from tfc_plan_comment.http.repeat import Growth

LOOKS = Growth(first=0.5, factor=1.25, longest=5.0, jitter=(0.8, 1.0))
"""Seconds between looks: what is there after a while is seen after a quarter more of that while, and half a second.

Terraform itself looks once a second, and later every three (hashicorp/terraform, internal/cloud/backend_common.go).
"""
LATER = 120.0
"""Seconds of waiting after which looks are rarer."""
LATER_LOOKS = replace(LOOKS, longest=10.0)


class PlanState(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as far as it has come. A field that an answer leaves out is None or empty.

    The API's own object also has `log-read-url`, which is a secret: only `logs` decodes it.
    """

    id: str
    status: str
    is_exportable: bool | None  # the plan can be exported
    can_export: bool | None  # the token may do so
    export_ids: tuple[str, ...]

    @property
    def facts(self) -> PlanFacts:
        """The facts on its status."""
        return PlanStatus.of(self.status).facts


class _Actions(Struct, rename="kebab"):
    is_exportable: bool | None = None


class _Permissions(Struct, rename="kebab"):
    can_export: bool | None = None


class _Attributes(Struct, rename="kebab"):
    status: str
    actions: _Actions | None = None
    permissions: _Permissions | None = None


class _Relationships(Struct, frozen=True):
    exports: ToMany | None = None


def read_plan(session: Session, plan_id: str) -> PlanState:
    """The plan's state now.

    Raises:
        NotVisible: there is no such plan, or the token may not read it.
        HcpTerraformError: no usable answer.
    """
    data = session.read(path_of("plans", plan_id), One[_Attributes, _Relationships], what=f"read plan {plan_id}").data
    attributes = data.attributes
    return PlanState(
        id=data.id,
        status=one_line(attributes.status),
        is_exportable=attributes.actions.is_exportable if attributes.actions else None,
        can_export=attributes.permissions.can_export if attributes.permissions else None,
        export_ids=ids_of(data.relationships.exports if data.relationships else None),
    )


def wait_for_plan(
    session: Session, plan_id: str, *, run_id: str | None, on_look: Callable[[PlanState, Run | None], None]
) -> PlanState:
    """The plan once its status is final, whether it is good or not.

    `on_look` hears of every look at the plan, and of the run as it was when it was last looked at, if it was.

    The run's status is no guide to the plan's: it may be errored because of a policy, after a good plan. Only when the
    plan does not get there is the run looked at now and then: if that has ended, the plan never will.

    Raises:
        PlanTooLate: not final by the session's deadline.
        PlanFailed: the run has ended without its plan.
        HcpTerraformError: no usable answer.
    """
    start = session.clock()
    plan: PlanState | None = None
    run: Run | None = None
    looks = 0
    try:
        while True:
            looks += 1
            plan = read_plan(session, plan_id)
            on_look(plan, run)
            if plan.facts.final:
                return plan
            if run and run.facts.gave_up:
                what = f"The run was {run.facts.words}" if run.status != RunStatus.ERRORED else "The run failed"
                fact = run.facts.words if run.status != RunStatus.ERRORED else "not planned"
                raise PlanFailed(f"{what} before its plan was made", what_to_do="Start a new run", fact=fact)
            if run_id and looks % 6 == 3:  # soon, and then about twice a minute; the plan is read again before we judge
                run = read_run(session, run_id)
            session.sleep(min(_interval(looks, waited=session.clock() - start), session.deadline.left))
    except DeadlineExceeded:
        if plan is None:
            raise
        raise _too_late(plan, run, session.deadline) from None


def plan_failed(plan: PlanState, why: str = "") -> PlanFailed:
    """The error for a plan that is final but not finished; `why` are Terraform's words, if they are known."""
    what_to_do = "" if plan.facts.has_errors else "Start a new run"
    return PlanFailed(plan.facts.failed, why, what_to_do, fact=plan.facts.fact)


def _interval(polls: int, *, waited: float) -> float:
    """Seconds until the next look: half a second at first, then more and more, to 5, and after two minutes to 10.

    Up to a fifth less, so that jobs that wait for the same run do not ask at the same moment.
    """
    return (LOOKS if waited < LATER else LATER_LOOKS).after(polls)


def _too_late(plan: PlanState, run: Run | None, deadline: Deadline) -> PlanTooLate:
    still = f"the run is still {run.state}" if run else f"it is still {in_words(plan.status)}"
    return PlanTooLate(
        f"The plan did not finish within {say_seconds(deadline.seconds)}; {still}",
        what_to_do="Look at the run to see what it waits for, or raise the input timeout",
    )
