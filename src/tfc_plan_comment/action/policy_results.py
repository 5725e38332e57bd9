"""The story of the policies: ask for them while the plan is downloaded, wait a little, and put them into words.

The comment waits for them, unlike for the Sentinel mocks: they are decided seconds after the plan, a reviewer wants to
know them before anything else, and the e-mail that GitHub sends holds the comment as it was first written.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Self

from tfc_plan_comment.action.background import Background, StillRunning
from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import ActionError, bug
from tfc_plan_comment.hcp_terraform.failures import out_of_time
from tfc_plan_comment.hcp_terraform.policies import (
    ADVISORY,
    LEVELS,
    Evaluation,
    Policies,
    to_read_policies,
    wait_for_policies,
)
from tfc_plan_comment.report.view import PoliciesView, PolicyView
from tfc_plan_comment.settings.settings import Settings

LONGEST_WAIT = 60.0
"""Seconds that the comment waits for policies which are not decided."""
LONGEST_LOOK = 5.0
"""Seconds more, after which we do without what HCP Terraform has not said of them."""
SECONDS_TO_STOP = 1.0


class PoliciesInBackground:
    """Reads the policies in a thread. Leaving the `with` before they are there stops it."""

    def __init__(self, settings: Settings, world: World) -> None:
        """Ask for nothing yet."""
        self._settings, self._world = settings, world
        self._background: Background[Policies | None] = Background(world.sleep)
        self._run_id, self._end = "", 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._background.stop(SECONDS_TO_STOP)

    def begin(self, run_id: str, *, until: float) -> None:
        """Begin. The run's plan is finished; the clock says `until` when all waiting has to end."""
        now = self._world.clock()
        deadline = max(now, min(until, now + LONGEST_WAIT))
        self._run_id, self._end = run_id, deadline + LONGEST_LOOK
        self._background.begin(lambda: self._read(deadline))

    def result(self) -> PoliciesView | None:
        """The run's policies, if it has any. Why they are not known is said in the log, and costs nothing else."""
        commands = self._world.commands
        try:
            policies = self._wait()
        except ActionError as error:
            commands.notice(f"The comment does not say whether the policies passed. {error}")
            return None
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the user the comment
            commands.warning(str(bug(error)))
            return None
        if policies is None:
            return None
        view = policies_view(policies)
        commands.info(f"Policies: {view.sentence}")
        return view

    def _wait(self) -> Policies | None:
        try:
            return self._background.result(max(0.0, self._end - self._world.clock()))
        except StillRunning:  # a server that says nothing is not waited for as long as a request may take
            host = self._settings.hostname.removeprefix("http://")
            raise out_of_time(host, what=to_read_policies(self._run_id)) from None

    def _read(self, deadline: float) -> Policies | None:
        with self._world.hcp_terraform(self._settings, sleep=self._background.sleep, until=self._end) as session:
            return wait_for_policies(session, self._run_id, until=deadline)


def policies_view(policies: Policies) -> PoliciesView:
    """The policies as the report takes them: counted, in words, and one by one where they did not pass."""
    failed: Counter[str] = Counter()
    overridden: Counter[str] = Counter()
    for each in policies.evaluations:
        for level, count in _failed(each).items():
            (overridden if _is_overridden(each, level) else failed)[level] += count
    unevaluated = [each.status for each in policies.evaluations if _is_unevaluated(each)]
    uncounted = [each.status for each in policies.evaluations if _is_uncounted(each)]
    return PoliciesView(
        sentence=_sentence(policies, failed, overridden, unevaluated, uncounted),
        decided=policies.is_decided,
        failed=dict(failed),
        overridden=dict(overridden),
        errored=sum(each.errored for each in policies.evaluations),
        unevaluated=tuple(unevaluated),
        not_passed=tuple(
            PolicyView(
                name=policy.name,
                policy_set=policy.policy_set,
                status=policy.status,
                enforcement_level=policy.enforcement_level,
                description=policy.description,
                output=policy.output,
                overridden=policy.status == "failed" and _is_overridden(evaluation, policy.enforcement_level),
            )
            for evaluation in policies.evaluations
            for policy in evaluation.policies
        ),
        uncounted=tuple(uncounted),
    )


def _failed(evaluation: Evaluation) -> Mapping[str, int]:
    """How many policies failed, by level: as it counts them, and as it names them where it counts none that stop it."""
    if evaluation.failed.keys() - {ADVISORY}:
        return evaluation.failed
    levels = [policy.enforcement_level for policy in evaluation.policies if policy.status == "failed"]
    # A level that we do not know is taken for one that stops the run.
    named = Counter(level if level in LEVELS else "mandatory" for level in levels)
    counted = {**named, **evaluation.failed}
    return {level: counted[level] for level in LEVELS if level in counted}


def _is_uncounted(evaluation: Evaluation) -> bool:
    """Whether its status says that policies failed, and nothing else does: the status is the verdict all the same."""
    if evaluation.status == "failed":
        return not _failed(evaluation) and not evaluation.errored
    stopped = evaluation.status in {"soft_failed", "hard_failed", "overridden"}
    return stopped and not _failed(evaluation).keys() - {ADVISORY}


def _is_overridden(evaluation: Evaluation, level: str) -> bool:
    """Whether somebody has overridden what failed at that level: one that stops no run is never overridden."""
    return evaluation.status == "overridden" and level != ADVISORY


def _is_unevaluated(evaluation: Evaluation) -> bool:
    """Whether it came to an end without a result."""
    return evaluation.status in {"canceled", "unreachable"} or (
        evaluation.status == "errored" and not evaluation.errored
    )


def _sentence(
    policies: Policies,
    failed: Mapping[str, int],
    overridden: Mapping[str, int],
    unevaluated: Sequence[str],
    uncounted: Sequence[str],
) -> str:
    passed = sum(each.passed for each in policies.evaluations)
    errored = sum(each.errored for each in policies.evaluations)
    said = [f"{passed:,} passed"] if passed else []
    said += [f"{count:,} failed ({level})" for level, count in failed.items()]
    said += [f"{count:,} failed ({level}) and overridden" for level, count in overridden.items()]
    said += [f"{errored:,} errored"] if errored else []
    said += ["some failed, see the run"] if set(uncounted) - {"overridden"} else []
    said += ["some failed and overridden, see the run"] if "overridden" in uncounted else []
    said += dict.fromkeys(f"not evaluated ({status})" for status in unevaluated)
    pending = [each.status for each in policies.evaluations if not each.is_decided]
    if pending:
        # A status that we do not know is shown as it is: it may say more than that nothing is decided.
        unknown = dict.fromkeys(status for status in pending if status not in {"pending", "queued", "running"})
        said.append("not decided yet" + (f" ({', '.join(unknown)})" if unknown else ""))
    if policies.has_unread:
        said.append("Terraform policies are not read, see the run")
    return ", ".join(said) or "none applied"
