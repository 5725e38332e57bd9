"""The policies of a run: which there are, what became of each, and how long they are waited for."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from tfc_plan_comment.errors import DeadlineExceeded
from tfc_plan_comment.findings.policies import Evaluation, Level, Policies, Policy
from tfc_plan_comment.hcp_terraform.checks import wait_for_checks
from tfc_plan_comment.hcp_terraform.plans import read_plan
from tfc_plan_comment.hcp_terraform.policy_outcomes import MOST_PAGES
from tfc_plan_comment.hcp_terraform.runs import read_run
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.http.deadline import Deadline
from tfc_sandbox.clock import Clock
from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.hcp_terraform import READ_TOKEN, HcpTerraformSandbox
from tfc_sandbox.policies import Policy as Given
from tfc_sandbox.policies import PolicyResults, PolicySet
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Connect = Callable[..., Session]
Read = Callable[..., Policies]

NOT_FOUND = Answer(status=404, body=b'{"errors":[{"status":"404","title":"not found"}]}')
ALL_PASSED = PolicyResults(policy_sets=(PolicySet(name="network", policies=(Given(name="one"), Given(name="two"))),))


@pytest.fixture
def read(connect: Connect, clock: Clock) -> Read:
    """Reads the policies of the server's newest run, whose plan is finished.

    `wait` is how many seconds they may take to be decided, `at_most` when the session has no time any more.
    """

    def read(
        server: HcpTerraformSandbox, *, wait: float = 60, token: str = READ_TOKEN, at_most: float = math.inf
    ) -> Policies:
        session = connect(server.url, token=token, seconds=at_most)
        assert read_plan(session, server.plan_id).status == "finished"
        server.requests.clear()
        run = read_run(session, server.run_id)
        return wait_for_checks(session, run, until=Deadline.after(wait, clock)).policies

    return read


def script(**how: Any) -> Script:
    """A run with a finished plan."""
    return Script(plan_statuses=("finished",), **how)


def paths(server: HcpTerraformSandbox) -> list[str]:
    """What was asked, without ids and queries."""
    return [request.path.partition("?")[0].rpartition("/")[2].partition("-")[0] for request in server.requests]


def only(policies: Policies) -> Evaluation:
    """The one evaluation that there is."""
    (evaluation,) = policies.evaluations
    return evaluation


def test_a_run_without_policies_costs_one_request(serve: Serve, read: Read) -> None:
    """Its document says that there are none."""
    server = serve(script=script())
    assert read(server).is_empty
    assert paths(server) == ["run"]


def test_a_task_stage_without_anything_costs_no_more(serve: Serve, read: Read) -> None:
    """It says so where the run says that it is there."""
    server = serve(script=script(has_task_stage=True))
    assert read(server).is_empty
    assert paths(server) == ["run"]


def test_what_passed_is_counted(serve: Serve, read: Read) -> None:
    """Who may read runs may read policies; those that passed have no names, but their sets may warn."""
    server = serve(script=script(policy_checks=(ALL_PASSED,), policy_evaluations=(ALL_PASSED,)))
    policies = read(server)
    assert [(each.status, each.passed, each.failed, each.policies) for each in policies.evaluations] == [
        ("passed", 2, {}, ())
    ] * 2
    assert paths(server) == ["run", "policy", "ts", "policy"]


def test_warnings_where_everything_passed(serve: Serve, read: Read) -> None:
    """What a policy set warns of is no less true where its policies hold."""
    given = PolicyResults(policy_sets=(PolicySet(name="network", policies=(Given(name="a"),), warnings=("old",)),))
    policies = read(serve(script=script(policy_evaluations=(given,))))
    assert (policies.warnings, only(policies).passed, only(policies).policies) == (("network: old",), 1, ())


def test_a_policy_evaluation(serve: Serve, read: Read) -> None:
    """What did not pass is named, with its set, its level and what it says; what passed is counted."""
    given = PolicyResults(
        statuses=("failed",),
        policy_sets=(
            PolicySet(
                name="network",
                policies=(
                    Given(name="open", status="failed", description="No open ports.", output=["22 is open", {"n": 1}]),
                    Given(name="named", status="failed", enforcement_level="advisory"),
                    Given(name="fine"),
                ),
            ),
            PolicySet(name="cost", error="cannot be downloaded"),
        ),
    )
    evaluation = only(read(serve(script=script(policy_evaluations=(given,)))))
    assert (evaluation.status, evaluation.passed, evaluation.failed, evaluation.errored) == (
        "failed",
        1,
        {"mandatory": 1, "advisory": 1},
        1,
    )
    assert evaluation.policies == (
        Policy(
            name="open",
            policy_set="network",
            status="failed",
            enforcement_level="mandatory",
            description="No open ports.",
            output='22 is open\n{"n":1}',
        ),
        Policy(name="named", policy_set="network", status="failed", enforcement_level="advisory"),
        Policy(name="", policy_set="cost", status="errored", enforcement_level="", output="cannot be downloaded"),
    )
    assert "22 is open" not in repr(evaluation)


@pytest.mark.parametrize(
    ("level", "others", "shown"),
    [
        ("soft-mandatory", (), "soft-mandatory"),
        ("hard-mandatory", (), "hard-mandatory"),
        ("advisory", (), "advisory"),
        ("soft-mandatory", (Given(name="b", status="failed", enforcement_level="hard-mandatory"),), "mandatory"),
    ],
)
def test_a_policy_check(serve: Serve, read: Read, level: str, others: tuple[Given, ...], shown: str) -> None:
    """A check counts by level, but does not say which policy has which; where that is not clear it is not claimed."""
    policies = (Given(name="a", status="failed", enforcement_level=level, output="a is wrong\n"), *others)
    given = PolicyResults(statuses=("soft_failed",), policy_sets=(PolicySet(name="network", policies=policies),))
    evaluation = only(read(serve(script=script(policy_checks=(given,)))))
    assert evaluation.failed == {each.enforcement_level: 1 for each in reversed(policies)}
    assert evaluation.policies[0] == Policy(
        name="a", policy_set="network", status="failed", enforcement_level=shown, output="a is wrong\n"
    )


def test_a_policy_that_errored_in_a_check(serve: Serve, read: Read) -> None:
    """Its error is what it says."""
    policy = Given(name="a", status="errored", enforcement_level="hard-mandatory", output="undefined: tfplan")
    given = PolicyResults(statuses=("errored",), policy_sets=(PolicySet(name="network", policies=(policy,)),))
    (shown,) = only(read(serve(script=script(policy_checks=(given,))))).policies
    assert (shown.status, shown.output) == ("errored", "undefined: tfplan")


@pytest.mark.parametrize("sentinel", [b"null", b"{}", b'{"data":{"a":{"policies":[{"name":1}]}}}'])
def test_a_check_that_does_not_name_its_policies(serve: Serve, read: Read, sentinel: bytes) -> None:
    """The hash `sentinel` may change or be missing: then the policies are only counted."""
    body = (
        b'{"data":[{"id":"polchk-1","attributes":{"status":"hard_failed","result":{"passed":3,"hard-failed":2,"result":false,'
        b'"total-failed":2,"soft-failed":null,"sentinel":' + sentinel + b"}}}]}"
    )
    given = PolicyResults()
    evaluation = only(
        read(
            serve(
                script=script(policy_checks=(given,)), faults=[Fault(path="/policy-checks$", answer=Answer(body=body))]
            )
        )
    )
    assert evaluation == Evaluation(
        id="polchk-1", status="hard_failed", passed=3, failed={Level.HARD_MANDATORY: 2}, errored=0, policies=()
    )


def test_every_level_that_we_know_is_counted(serve: Serve, read: Read) -> None:
    """Each has its count in an answer, of a policy check or of an evaluation."""
    counts = {"mandatory-failed": 1, "hard-failed": 2, "soft-failed": 3, "advisory-failed": 4}
    counts["mandatory-overridable-failed"] = 5
    body = {"data": [{"id": "polchk-1", "attributes": {"status": "hard_failed", "result": counts}}]}
    faults = [Fault(path="/policy-checks$", answer=Answer(body=json.dumps(body).encode()))]
    failed = only(read(serve(script=script(policy_checks=(ALL_PASSED,)), faults=faults))).failed
    assert list(failed) == [level for level in Level if level is not Level.UNKNOWN]
    assert list(failed.values()) == [1, 2, 3, 5, 4]


@pytest.mark.parametrize(
    "status", ["passed", "soft_failed", "hard_failed", "overridden", "errored", "canceled", "unreachable"]
)
def test_every_status_of_a_check_that_is_final(serve: Serve, read: Read, clock: Clock, status: str) -> None:
    """Nothing is waited for, and what has no result yet is no error."""
    server = serve(script=script(policy_checks=(PolicyResults(statuses=(status,)),)))
    policies = read(server)
    assert only(policies).status == status
    assert policies.is_decided
    assert clock.sleeps == []


@pytest.mark.parametrize("status", ["passed", "failed", "overridden", "errored", "canceled", "unreachable"])
def test_every_status_of_an_evaluation_that_is_final(serve: Serve, read: Read, clock: Clock, status: str) -> None:
    """The same for policy evaluations."""
    policies = read(serve(script=script(policy_evaluations=(PolicyResults(statuses=(status,)),))))
    assert only(policies).status == status
    assert clock.sleeps == []


def test_what_is_pending_is_waited_for(serve: Serve, read: Read, clock: Clock) -> None:
    """Both kinds, until both are decided; in the end they say what they said at the last look."""
    check = PolicyResults(statuses=("pending", "queued", "passed"), policy_sets=ALL_PASSED.policy_sets)
    evaluation = PolicyResults(statuses=("pending", "queued", "running", "passed"), policy_sets=ALL_PASSED.policy_sets)
    policies = read(serve(script=script(policy_checks=(check,), policy_evaluations=(evaluation,))))
    assert policies.is_decided
    assert [each.passed for each in policies.evaluations] == [2, 2]
    for slept, longest in zip(clock.sleeps, [0.5, 0.75, 1.125], strict=True):
        assert longest * 0.8 <= slept <= longest


@pytest.mark.parametrize("status", ["pending", "contemplating\nfor long"])
def test_waiting_ends(serve: Serve, read: Read, clock: Clock, status: str) -> None:
    """A status that does not change, known or not, is shown as it is when the time is over."""
    policies = read(serve(script=script(policy_checks=(PolicyResults(statuses=(status,)),))), wait=5)
    assert not policies.is_decided
    assert only(policies).status == status.replace("\n", " ")
    assert sum(clock.sleeps) == pytest.approx(5)


def test_there_is_one_look_at_least(serve: Serve, read: Read, clock: Clock) -> None:
    """Where the plan took all the time there was, policies that are decided are still shown."""
    policies = read(serve(script=script(policy_evaluations=(ALL_PASSED,))), wait=-1)
    assert only(policies).passed == 2
    assert clock.sleeps == []


def test_outcomes_on_several_pages(serve: Serve, read: Read) -> None:
    """All of them are read."""
    sets = tuple(PolicySet(name=f"set-{n}", policies=(Given(name="a", status="failed"),)) for n in range(250))
    server = serve(script=script(policy_evaluations=(PolicyResults(statuses=("failed",), policy_sets=sets),)))
    assert [policy.policy_set for policy in only(read(server)).policies] == [each.name for each in sets]
    assert paths(server).count("policy") == 3


def test_pages_that_go_in_circles(serve: Serve, read: Read) -> None:
    """A list that names a page again as its next one ends there."""
    body = json.dumps({"data": [], "meta": {"pagination": {"next-page": 1}}}).encode()
    given = PolicyResults(statuses=("failed",))
    faults = [Fault(path="/policy-set-outcomes$", answer=Answer(body=body))]
    assert only(read(serve(script=script(policy_evaluations=(given,)), faults=faults))).policies == ()


def test_pages_without_an_end(serve: Serve, read: Read) -> None:
    """Of a list that always has a next page only so many are read."""
    pages = [{"data": [], "meta": {"pagination": {"next-page": page + 2}}} for page in range(MOST_PAGES)]
    faults = [
        Fault(path="/policy-set-outcomes$", answer=Answer(body=json.dumps(page).encode()), times=1) for page in pages
    ]
    server = serve(script=script(policy_evaluations=(PolicyResults(statuses=("failed",)),)), faults=faults)
    assert only(read(server)).policies == ()
    assert paths(server).count("policy") == MOST_PAGES


RATE_LIMITED_FOR_LONG = Answer(status=429, headers={"X-RateLimit-Reset": "60"})


def test_no_time_for_the_first_look(serve: Serve, read: Read, clock: Clock) -> None:
    """A rate limit that lasts longer than there is time is not waited for: nothing is known."""
    faults = [Fault(path="/policy-checks$", answer=RATE_LIMITED_FOR_LONG)]
    server = serve(script=script(policy_checks=(ALL_PASSED,)), faults=faults)
    (why,) = read(server, at_most=30).unread
    assert isinstance(why, DeadlineExceeded)
    assert str(why).startswith(f"Cannot read the policies of run {server.run_id}: ")
    assert clock.sleeps == []


def test_no_time_for_another_look(serve: Serve, read: Read, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the policies are as they were at the last one."""
    server = serve(script=script(policy_checks=(PolicyResults(statuses=("queued",)),)))

    def limit(seconds: float) -> None:
        server.misbehave([Fault(path="/policy-checks$", answer=RATE_LIMITED_FOR_LONG)])
        Clock.sleep(clock, seconds)

    monkeypatch.setattr(clock, "sleep", limit)  # while we sleep the rate limit is reached
    assert only(read(server, at_most=30)).status == "queued"


@pytest.mark.parametrize("answer", [RATE_LIMITED_FOR_LONG, Answer(body=b'{"data":[{"attributes":"\\ud800"}]}')])
def test_names_that_are_not_to_be_had(serve: Serve, read: Read, answer: Answer) -> None:
    """For want of time, or of sense: the policies that did not pass are counted all the same."""
    sets = (PolicySet(name="s", policies=(Given(name="a", status="failed"),)),)
    given = PolicyResults(statuses=("failed",), policy_sets=sets)
    faults = [Fault(path="/policy-set-outcomes$", answer=answer)]
    evaluation = only(read(serve(script=script(policy_evaluations=(given,)), faults=faults), at_most=30))
    assert (evaluation.failed, evaluation.policies) == ({"mandatory": 1}, ())


def test_a_stage_that_does_not_say_what_it_has(serve: Serve, read: Read) -> None:
    """It is asked; a stage of the apply, to which the run has not come, is not."""
    server = serve(script=script(policy_evaluations=(ALL_PASSED,), includes=("workspace",)))
    stage = server._runs[-1].task_stage_id
    stages = [
        {"id": "ts-other", "attributes": {"stage": "pre_apply", "status": "pending"}},
        {"id": stage, "attributes": {"stage": "post_plan"}},
    ]
    server.misbehave([Fault(path="/task-stages$", answer=Answer(body=json.dumps({"data": stages}).encode()))])
    assert only(read(server)).passed == 2
    assert paths(server)[-3:] == ["task", "ts", "policy"]


def test_outcomes_that_say_little(serve: Serve, read: Read) -> None:
    """What is missing or null is empty, and a status that is unknown is no pass."""
    body = json.dumps(
        {
            "data": [
                {"id": "psout-1", "attributes": {"policy-set-name": None, "outcomes": None, "error": None}},
                {
                    "id": "psout-2",
                    "attributes": {"outcomes": [{}, {"policy_name": "a", "status": "odd\x1b", "output": None}]},
                },
            ],
            "meta": {},
        }
    ).encode()
    given = PolicyResults(statuses=("failed",))
    faults = [Fault(path="/policy-set-outcomes$", answer=Answer(body=body))]
    assert only(read(serve(script=script(policy_evaluations=(given,)), faults=faults))).policies == (
        Policy(name="", policy_set="", status="unknown", enforcement_level=""),
        Policy(name="a", policy_set="", status="odd", enforcement_level=""),
    )


def test_terraform_policies_that_could_not_run(serve: Serve, read: Read) -> None:
    """The reason is what their set says."""
    attributes = {
        "status": "errored",
        "stage-type": "Plan",
        "result-count": {"unknown": 2},
        "error": {"type": "setup_error", "summary": "No agent", "detail": "it is too old"},
    }
    body = json.dumps({"data": [{"id": "tfpoleval-1", "attributes": attributes}]}).encode()
    faults = [Fault(path="/tf-policy-evaluations$", answer=Answer(body=body))]
    evaluation = only(read(serve(script=script(terraform_policies=(ALL_PASSED,)), faults=faults)))
    assert evaluation.undetermined == 2
    assert [(each.policy_set, each.output) for each in evaluation.policies] == [
        ("Terraform policies", "No agent: it is too old")
    ]
    assert evaluation.problem  # there are no details of that evaluation


@pytest.mark.parametrize(
    ("diagnostics", "output"),
    [
        ([{"summary": "Open", "resources": [{"resource_name": "a.b", "error_message": "no"}, {}]}], "Open\na.b: no"),
        ([{"error_message": "no", "resources": None}], "no"),
        ("odd", ""),
        (None, ""),
    ],
)
def test_what_a_terraform_policy_says(serve: Serve, read: Read, diagnostics: object, output: str) -> None:
    """Its diagnostics, as far as they have the form that is documented."""
    outcomes = [{"policy_name": "a", "status": "failed", "diagnostics": diagnostics}]
    body = json.dumps({"data": [{"id": "1", "attributes": {"outcomes": outcomes}}], "meta": None}).encode()
    faults = [Fault(path="/tf-policy-set-outcomes$", answer=Answer(body=body))]
    server = serve(script=script(terraform_policies=(PolicyResults(statuses=("failed",)),)), faults=faults)
    assert [each.output for each in only(read(server)).policies] == [output]


@pytest.mark.parametrize("path", ["/policy-checks$", "/task-stages/", "/policy-set-outcomes$"])
def test_what_is_refused(serve: Serve, read: Read, path: str) -> None:
    """Each part may be refused: the rest stands, and the error says what is missing."""
    failed = PolicyResults(
        statuses=("failed",), policy_sets=(PolicySet(name="n", policies=(Given(name="a", status="failed"),)),)
    )
    server = serve(
        script=script(policy_checks=(ALL_PASSED,), policy_evaluations=(failed,)),
        faults=[Fault(path=path, answer=NOT_FOUND)],
    )
    host = server.url.removeprefix("http://")
    policies = read(server)
    (problem,) = policies.problems
    assert len(policies.evaluations) == (2 if "outcomes" in path else 1)
    assert str(problem) == (
        f"Cannot read the policies of run {server.run_id}: {host} answered 404 (not found): it does not exist, it is"
        f" on another host, or the token may not read the runs of its workspace. Check the id, the input hostname,"
        f" and that the token's user or team can read the workspace."
    )


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"[" * 20_000, b'{"data":[{"id":"x","attributes":{"status":null}}]}', b'{"data":1}']
)
def test_garbage(serve: Serve, read: Read, body: bytes) -> None:
    """An answer that makes no sense is an error that we expect."""
    server = serve(
        script=script(policy_checks=(ALL_PASSED,)), faults=[Fault(path="/policy-checks$", answer=Answer(body=body))]
    )
    policies = read(server)
    assert policies.evaluations == ()
    assert str(policies.unread[0]).startswith(f"Cannot read the policies of run {server.run_id}: ")
