"""The table: the requests that the action makes, the faults that each of them may meet, and what comes of it.

An outcome stands for a kind of request and a class of fault, with its exceptions; what is tried is each pair.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from typing import Any

from spy import DRIPPING, FLOODING, SILENT, Spy, refused, untrusted
from tfc_sandbox.faults import BAD_GATEWAY_PAGE, Answer, Delivery
from tfc_sandbox.github import JOB_TOKEN
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN


class Outcome(Enum):
    """What comes of a fault, in the words of the page."""

    AGAIN = "asked again, and nothing is missing"
    SAME = "nothing is missing"
    BARE = "taken for what it should be, and nothing is found in it"
    LESS = "said in the log, and the step goes on"
    FAILS = "the step fails"


AGAIN, SAME, BARE, LESS, FAILS = Outcome


class Fault(StrEnum):
    """A class of faults, in the words of the page."""

    PASSES = "trouble once"
    LASTS = "trouble every time"
    TLS = "TLS that is not trusted"
    UNAUTHORIZED = "401"
    HIDDEN = "403 or 404"
    REFUSED = "409 or 422"
    LOOP = "a redirect to itself"
    FORBIDDEN = "a redirect to http or to a link-local address"
    PRIVATE = "a redirect to a private address"
    UNFIT = "200 with something else"
    ENDLESS = "a body without end"


Maker = Callable[[Spy], Answer] | Callable[[], OSError]
"""The answer of a server that the spy knows how to end, or why there is no connection."""


@dataclass(frozen=True, slots=True)
class Case:
    """One fault: what happens, and what a sentence on it says of the reason. `passes` if asking again may help."""

    make: Maker
    of: Fault
    why: str

    def answer(self, spy: Spy) -> Answer:
        """What the server answers, if it is connected."""
        make: Any = self.make
        answer: Answer = make(spy)
        return answer

    @property
    def passes(self) -> bool:
        """True of what may go well the next time."""
        return self.of is Fault.PASSES


WORDS = f"it went wrong with {ADMIN_TOKEN} and {JOB_TOKEN}"
"""A server that says our own tokens in its error, so that we might show them."""
BEGUN = b'{"data": [], "resource_changes": [      '


def _status(code: int, **headers: str) -> Maker:
    said = f'"title":"{WORDS}","message":"{WORDS}"'
    body = f'{{"errors":[{{"status":"{code}",{said}}}],"message":"{WORDS}","code":"internal","msg":"{WORDS}"}}'
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Answer(status=code, body=body.encode(), headers=named)


def _redirect(to: str) -> Maker:
    return lambda _: Answer(status=307, headers={"Location": to})


def _json(body: bytes) -> Maker:
    return lambda _: Answer(body=body, content_type="application/json")


def _broken(delivery: Delivery) -> Maker:
    return lambda _: Answer(delivery=delivery, body=BEGUN)


_CUT = r"connection to HOST failed|HOST broke off|HOST did not answer \(|was refused or cut|does not answer"
_LATE = (
    r"did not answer in time|no answer from HOST in time|it timed out|the time is up|not done|broke off|does not answer"
    r"|HOST did not answer|did not take it in time"
)
_UNFIT = (
    r"instead of HCP Terraform's JSON|answers is not GitHub's|answer of GraphQL is not|answered 200|cannot be used|"
    r"is not a bundle|Cannot read the plan plan-X: (it is|its JSON)|but not as it should"
)
_TO_HTTP = r"HOST answered 307|redirects to another address|answers is not GitHub's|answered 307"
CASES: Mapping[str, Case] = {
    "refused": Case(refused, Fault.PASSES, _CUT),
    "closed": Case(_broken(Delivery.CUT), Fault.PASSES, _CUT),
    "reset": Case(_broken(Delivery.RESET), Fault.PASSES, _CUT),
    "reset in the body": Case(_broken(Delivery.RESET_IN_BODY), Fault.PASSES, _CUT),
    "shorter than Content-Length": Case(_broken(Delivery.CUT_IN_BODY), Fault.PASSES, _CUT),
    "slow headers": Case(lambda spy: Answer(delivery=Delivery.SILENT, silence=spy.ends(SILENT)), Fault.PASSES, _LATE),
    "dripping headers": Case(
        lambda spy: Answer(delivery=Delivery.ENDLESS_HEAD, silence=spy.ends(DRIPPING)), Fault.PASSES, _LATE
    ),
    "slow body": Case(
        lambda spy: Answer(delivery=Delivery.SILENT_IN_BODY, body=BEGUN, silence=spy.ends(SILENT)), Fault.PASSES, _LATE
    ),
    "dripping": Case(
        lambda spy: Answer(delivery=Delivery.ENDLESS, body=BEGUN, silence=spy.ends(DRIPPING)), Fault.PASSES, _LATE
    ),
    "no gzip": Case(
        lambda _: Answer(body=BEGUN, headers={"Content-Encoding": "gzip"}),
        Fault.PASSES,
        r"cannot be decompressed|broke off|does not answer",
    ),
    "429": Case(_status(429), Fault.PASSES, r"answered 429|rate limit is used up|no answer from HOST in time"),
    "429 with a time": Case(
        _status(429, X_RateLimit_Reset="0.75", Retry_After="7"),
        Fault.PASSES,
        r"answered 429|rate limit is used up|no answer from HOST in time",
    ),
    "500": Case(_status(500), Fault.PASSES, r"answered 500|keeps failing"),
    "502 page": Case(lambda _: BAD_GATEWAY_PAGE, Fault.PASSES, r"answered 502|keeps failing"),
    "503 with a time": Case(_status(503, Retry_After="7"), Fault.PASSES, r"answered 503|keeps failing"),
    "TLS": Case(untrusted, Fault.TLS, r"TLS with HOST failed|no TLS connection|does not answer"),
    "401": Case(_status(401), Fault.UNAUTHORIZED, r"answered 401|does not accept the token"),
    "403": Case(_status(403), Fault.HIDDEN, r"answered 403|GitHub refuses|exports, one after|answered 422"),
    "404": Case(_status(404), Fault.HIDDEN, r"answered 404|does not find it|exports, one after|answered 422"),
    "409": Case(_status(409), Fault.REFUSED, r"answered 409|GitHub refuses"),
    "422": Case(_status(422), Fault.REFUSED, r"answered 422|GitHub refuses"),
    "redirect to itself": Case(_redirect("?again"), Fault.LOOP, r"answered 307|redirects more than|not GitHub's"),
    "redirect to http": Case(_redirect("http://203.0.113.7/v1/object/x"), Fault.FORBIDDEN, _TO_HTTP),
    "redirect to metadata": Case(_redirect("https://169.254.169.254/latest/meta-data"), Fault.FORBIDDEN, _TO_HTTP),
    "redirect to a private address": Case(
        _redirect("https://10.0.0.1/v1/object/x"), Fault.PRIVATE, rf"{_TO_HTTP}|10\.0\.0\.1 did not answer"
    ),
    "empty": Case(_json(b""), Fault.UNFIT, _UNFIT),
    "page": Case(lambda _: Answer(body=b"<html>Log in</html>", content_type="text/html"), Fault.UNFIT, _UNFIT),
    "another shape": Case(_json(b'{"data": 7, "id": [], "artifacts": 7, "errors": 7}'), Fault.UNFIT, _UNFIT),
    "a list": Case(_json(b"[7]"), Fault.UNFIT, _UNFIT),
    "nested": Case(_json(b"[" * 100_000), Fault.UNFIT, _UNFIT),
    "without end": Case(
        lambda spy: Answer(delivery=Delivery.ENDLESS, body=BEGUN, silence=spy.ends(FLOODING)),
        Fault.ENDLESS,
        r"answered with more than|it has more than|has no end|does not answer",
    ),
}
"""Every fault, by its name."""


class Service(StrEnum):
    """Whom we ask."""

    API = "HCP Terraform"
    STORAGE = "HCP Terraform's storage"
    GITHUB = "GitHub"
    ARTIFACTS = "GitHub's artifact service"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """Requests for which the same holds.

    `outcomes` has the outcome of each class of faults; where it does not name a fault's own name, that of its class.
    `once` are the exceptions of what happens once. `less` is what is said where something is missing, a regular
    expression for one sentence; `missing` the words of the comment then. `fails` is the sentence of the step that
    fails. `means` says in the page what is missing, or what comes of it.
    """

    title: str
    outcomes: Mapping[Fault | str, Outcome]
    once: Mapping[Fault | str, Outcome] = field(default_factory=dict)
    fails: str = ""
    less: str = ""
    missing: str = ""
    means: str = ""
    why: str = "Nothing says"
    """What a sentence says of the reason where it does not name the fault."""
    tries: int
    """At most so often it is asked for, whatever happens; each redirect is one more."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request: what it is called, the step that makes it, whom it asks, and how to know it.

    The first `after` of them that look like it are others.
    """

    said: str
    kind: Kind
    step: str
    service: Service
    method: str
    path: str
    body: str = ""
    after: int = 0

    def is_met(self, method: str, path: str, body: str) -> bool:
        """True of a request that looks like this one."""
        return method == self.method and bool(re.search(self.path, path)) and bool(re.search(self.body, body))


def _unless_it_passes(outcome: Outcome, **exceptions: Outcome) -> dict[Fault | str, Outcome]:
    """AGAIN for what passes, and else this outcome; exceptions by the names of classes."""
    found: dict[Fault | str, Outcome] = dict.fromkeys(Fault, outcome)
    return found | {Fault.PASSES: AGAIN} | {Fault[name]: each for name, each in exceptions.items()}


_FRESH_URL: Mapping[Fault | str, Outcome] = {
    Fault.UNAUTHORIZED: AGAIN,
    Fault.HIDDEN: AGAIN,
    Fault.REFUSED: AGAIN,
    Fault.LOOP: AGAIN,
    Fault.PRIVATE: AGAIN,
}
"""What happens once at a temporary URL is of no consequence: a fresh one is asked for."""
_FOLLOWED: Mapping[Fault | str, Outcome] = {Fault.LOOP: AGAIN, Fault.PRIVATE: AGAIN}
"""The same where the API leads to a temporary URL."""

_READ = r"Cannot read run run-X: "
RUN = Kind(
    title="The run, and the runs of a commit",
    outcomes=_unless_it_passes(FAILS),
    fails=r"Cannot (read run run-X|find the runs of commit aaaaaaa in acme): ",
    means="Without it nobody knows what to show.",
    tries=6,
)
WORKSPACE = Kind(
    title="The workspace of the run, where an older host does not tell of it with the run",
    outcomes=_unless_it_passes(LESS),
    less=r"Nothing says which workspace the plan belongs to, so its comment belongs to this step of the workflow\. ",
    means="The comment does not name the workspace, and belongs to the step.",
    tries=12,
)
PLAN = Kind(
    title="The plan, while it is waited for",
    outcomes=_unless_it_passes(FAILS),
    fails=r"Cannot read plan plan-X: ",
    means="The comment says why there is no plan.",
    tries=6,
)
FULL_JSON = Kind(
    title="The plan JSON, at the API",
    outcomes=_unless_it_passes(FAILS, UNAUTHORIZED=LESS, HIDDEN=LESS),
    once={**_FOLLOWED, "dripping": FAILS},
    fails=r"Cannot read the (JSON of )?plan plan-X: ",
    less=r"Reading the redacted plan JSON, because the token may not read the full one: ",
    means="The comment says why there is no plan. Where the full plan JSON is refused, the redacted one is read.",
    tries=6,
)
REDACTED_JSON = Kind(
    title="The redacted plan JSON, at the API",
    outcomes=_unless_it_passes(FAILS),
    once={**_FOLLOWED, "dripping": FAILS},
    fails=r"Cannot read the (JSON of )?plan plan-X: ",
    means="The comment says why there is no plan.",
    tries=6,
)
STORED_JSON = Kind(
    title="The plan JSON, at its temporary URL",
    outcomes=_unless_it_passes(FAILS),
    once={**_FRESH_URL, "dripping": FAILS},
    fails=r"Cannot read the (JSON of )?plan plan-X: ",
    means="The comment says why there is no plan.",
    tries=6,
)
JSON_OF_FAILED = Kind(
    title="The plan JSON of a plan that failed",
    outcomes=_unless_it_passes(SAME, UNFIT=LESS) | {"dripping": LESS},
    once={**_FOLLOWED, "dripping": LESS},
    less=r"Cannot read the plan plan-X: |"
    r"The comment does not say why the plan failed\. Cannot read the log of plan plan-X: ",
    means="The comment says that planning failed, and shows no changes, of which there need be none. One that drips"
    " takes all of `timeout`, and there is no time left for the log.",
    tries=6,
)
FINDINGS = Kind(
    title="Policies, run tasks, cost estimate, and the run again for them",
    outcomes=_unless_it_passes(LESS),
    less=r"The comment does not say (whether the policies passed|everything of the policies|what it costs|"
    r"whether the run tasks passed|everything of the run tasks)\. Cannot read ([\w ]+ of )?run run-X: ",
    missing="could not be read",
    means="The comment shows the plan, and says which of them could not be read.",
    tries=6,
)
EVENTS = Kind(
    title="The events of the run, for HCP Terraform's warnings",
    outcomes=_unless_it_passes(LESS, HIDDEN=SAME),
    less=r"The comment does not say what HCP Terraform warns of\. Cannot read the events of run run-X: ",
    means="The comment shows the plan. A host that answers 403 or 404 has no such list.",
    tries=6,
)
TASKS_BEFORE = Kind(
    title="The run tasks before a plan that was never made",
    outcomes=_unless_it_passes(LESS),
    less=r"The comment does not say which run tasks failed\. Cannot read the run tasks of run run-X: ",
    means="The comment says that there is no plan, and not which run task is the reason.",
    tries=6,
)
RUN_AS_IT_APPLIES = Kind(
    title="The run, while its apply is waited for",
    outcomes=_unless_it_passes(LESS),
    less=rf"Stopped waiting for the apply\. {_READ}",
    means="The comment shows the plan, and the run as it was when it was last read.",
    tries=12,
)
APPLY = Kind(
    title="The apply",
    outcomes=_unless_it_passes(LESS),
    less=r"The comment does not say what was applied\. Cannot read apply apply-X: ",
    means="The comment shows the plan, and not what became of it.",
    tries=6,
)
_NO_TIME: Mapping[Fault | str, Outcome] = dict.fromkeys(
    ("slow headers", "dripping headers", "slow body", "dripping"), LESS
)
LOG = Kind(
    title="The log of a plan or apply that failed: where it is",
    outcomes=_unless_it_passes(LESS),
    once=_NO_TIME,
    less=r"The comment does not say why the (plan|apply) failed\. Cannot read the log of (plan|apply) (plan|apply)-X: ",
    means="The comment says that it failed, and not why. All of the log has to be there within 60 seconds.",
    tries=6,
)
STORED_LOG = Kind(
    title="The log of a plan or apply that failed, at its temporary URL",
    outcomes=_unless_it_passes(LESS, UNFIT=BARE),
    once={**_FRESH_URL, **_NO_TIME},
    less=LOG.less,
    means="The comment says that it failed, and not why. What comes with status 200 is the log.",
    tries=3,
)
_MOCKS = (
    r"Cannot (export plan plan-X|download the Sentinel mocks of plan plan-X|read plan plan-X|read plan export pe-X): "
)
NEW_EXPORT = Kind(
    title="The export of the Sentinel mocks: its creation",
    outcomes=_unless_it_passes(LESS),
    once={Fault.TLS: AGAIN, Fault.UNFIT: AGAIN, Fault.ENDLESS: AGAIN, "422": AGAIN},
    less=_MOCKS,
    means="The comment shows the plan, and says that there are no mocks. With `sentinel-mocks: required` the"
    " step fails. It is created again only if a look shows that the plan has none.",
    tries=6,
)
EXPORT = Kind(
    title="The export of the Sentinel mocks: looking at it, and where its bundle is",
    outcomes=_unless_it_passes(LESS),
    once={Fault.HIDDEN: AGAIN},
    less=_MOCKS,
    means="The comment shows the plan, and says that there are no mocks. One that is gone (404) is created anew.",
    tries=8,
)
PLAN_OF_EXPORT = replace(
    EXPORT,
    title="The plan, for its exports",
    once={},
    means="The comment shows the plan, and says that there are no mocks.",
)
BUNDLE = replace(
    EXPORT,
    title="The Sentinel mocks, at the API",
    once={"404": AGAIN, "empty": AGAIN, "dripping": LESS, **_FOLLOWED},
)
STORED_MOCKS = Kind(
    title="The Sentinel mocks, at their temporary URL",
    outcomes=_unless_it_passes(LESS),
    once={**_FRESH_URL, "empty": AGAIN, "dripping": LESS},
    less=_MOCKS,
    means="The comment shows the plan, and says that there are no mocks.",
    tries=6,
)
DELETED_EXPORT = Kind(
    title="The export of the Sentinel mocks: deleting it",
    outcomes={**_unless_it_passes(SAME), Fault.PASSES: SAME},
    once={"429": AGAIN, "429 with a time": AGAIN},
    means="HCP Terraform deletes the export by itself within an hour. The log says so.",
    tries=6,
)
FOUND = Kind(
    title="The pull request, and our comment on it",
    outcomes=_unless_it_passes(LESS),
    once={Fault.LOOP: AGAIN},
    less=r"(Comment on|Find the) (head of )?pull request( #7)? (of|in) acme/infra: ",
    means="There is no comment; the step summary has the whole report.",
    tries=8,
)
SEEN = replace(
    FOUND,
    title="Our comment, as it stands when it is to be edited",
    outcomes=_unless_it_passes(LESS) | {"404": SAME},
    means="There is no comment; the step summary has the whole report. 404 says that the comment is gone, and we look"
    " for others.",
)
COMMENT = Kind(
    title="The comment: writing it",
    outcomes=_unless_it_passes(LESS),
    once={Fault.LOOP: AGAIN},
    less=r"Comment on pull request #7 of acme/infra: ",
    means="The step summary has the whole report. A comment whose answer is lost is posted again only if a look shows"
    " that it is not there.",
    tries=4,
)
HIDDEN_COMMENT = Kind(
    title="An earlier comment: hiding it",
    outcomes=_unless_it_passes(LESS),
    once={Fault.LOOP: AGAIN},
    less=r"Hide the earlier comment https://github\.com/acme/infra/pull/7#issuecomment-[0-9]+: ",
    means="Both comments stand there.",
    tries=4,
)
LABEL = Kind(
    title="The labels of the pull request",
    outcomes=_unless_it_passes(LESS),
    once={Fault.LOOP: AGAIN},
    less=r"Label pull request #7 of acme/infra: ",
    means="The label is as it was.",
    tries=4,
)
REMOVED_LABEL = replace(
    LABEL,
    title="The label that is out of date: removing it",
    outcomes=_unless_it_passes(LESS) | {"404": SAME},
    means="The label is as it was. 404 says that somebody else has removed it.",
)
ARTIFACT = Kind(
    title="Artifacts: the service, and the storage behind it",
    outcomes=_unless_it_passes(LESS),
    once=_NO_TIME,
    less=r"Cannot upload the artifact tfc-plan-report: ",
    why="could not be replaced",
    means="The file is in the workspace. The comment says that there is no artifact. The upload of the HTML"
    " report gets a minute.",
    tries=10,
)
EARLIER = replace(
    ARTIFACT,
    title="Earlier artifacts of that name: looking for them",
    outcomes=_unless_it_passes(LESS) | {"another shape": SAME},
    means="The file is in the workspace. The comment says that there is no artifact. Where none is listed, we delete"
    " what this job has made.",
)

_RUN_PATH, _PLAN_PATH = "/runs/run-[0-9a-f]+$", "/plans/plan-[0-9a-f]+$"
_GRAPHQL, _TWIRP = "/graphql$", "ArtifactService/"
_A, _S, _G, _R = Service
REQUESTS: Mapping[str, Request] = {
    each.said: each
    for each in (
        Request("the run", RUN, "comment", _A, "GET", _RUN_PATH),
        Request("the run, with less that comes along", RUN, "older host", _A, "GET", _RUN_PATH, after=1),
        Request("the run alone", RUN, "older host", _A, "GET", _RUN_PATH, after=2),
        Request("the runs of the commit", RUN, "search", _A, "GET", "/acme/runs$"),
        Request("the runs of the commit alone", RUN, "search of an older host", _A, "GET", "/acme/runs$", after=1),
        Request("a run of the list", RUN, "search of an older host", _A, "GET", _RUN_PATH),
        Request("the workspace", WORKSPACE, "older host", _A, "GET", "/workspaces/ws-[0-9a-f]+$"),
        Request("the plan", PLAN, "comment", _A, "GET", _PLAN_PATH),
        Request("the plan JSON", FULL_JSON, "comment", _A, "GET", "/json-output$"),
        Request("the redacted plan JSON", REDACTED_JSON, "redacted", _A, "GET", "/json-output-redacted$"),
        Request("the plan JSON itself", STORED_JSON, "comment", _S, "GET", "/object/plan-"),
        Request("the JSON of a failed plan", JSON_OF_FAILED, "failed plan", _A, "GET", "/json-output$"),
        Request("the run after its plan", FINDINGS, "checks", _A, "GET", _RUN_PATH, after=1),
        Request("the policy checks", FINDINGS, "checks", _A, "GET", "/policy-checks$"),
        Request("a task stage", FINDINGS, "checks", _A, "GET", "/task-stages/ts-[0-9a-f]+$"),
        Request("the task stages", FINDINGS, "older host", _A, "GET", "/task-stages$"),
        Request("a task stage alone", FINDINGS, "older host", _A, "GET", "/task-stages/ts-[0-9a-f]+$", after=1),
        Request("the result of a run task", FINDINGS, "older host", _A, "GET", "/task-results/[^/]+$"),
        Request("the policy evaluations of a stage", FINDINGS, "older host", _A, "GET", "/[^/]+/policy-evaluations$"),
        Request("policies by their sets", FINDINGS, "checks", _A, "GET", "/policy-evaluations/[^/]+/policy-set-o"),
        Request("the Terraform policies", FINDINGS, "checks", _A, "GET", "/tf-policy-evaluations$"),
        Request("Terraform policies by their sets", FINDINGS, "checks", _A, "GET", "/tf-policy-set-outcomes$"),
        Request("the cost estimate", FINDINGS, "older host", _A, "GET", "/cost-estimates/[^/]+$"),
        Request("the events", EVENTS, "checks", _A, "GET", "/run-events$"),
        Request("the task stage before the plan", TASKS_BEFORE, "unplanned", _A, "GET", "/task-stages/[^/]+$"),
        Request("the run while it applies", RUN_AS_IT_APPLIES, "apply", _A, "GET", _RUN_PATH, after=2),
        Request("the apply", APPLY, "apply", _A, "GET", "/applies/[^/]+$"),
        Request("the apply for its log", LOG, "apply", _A, "GET", "/applies/[^/]+$", after=1),
        Request("the plan for its log", LOG, "failed plan", _A, "GET", _PLAN_PATH, after=2),
        Request("the log of the apply", STORED_LOG, "apply", _S, "GET", "/object/log-"),
        Request("the log of the plan", STORED_LOG, "failed plan", _S, "GET", "/object/log-"),
        Request("the new export", NEW_EXPORT, "mocks", _A, "POST", "/plan-exports$"),
        Request("the export", EXPORT, "mocks", _A, "GET", "/plan-exports/pe-[0-9a-f]+$"),
        Request("the plan for its exports", PLAN_OF_EXPORT, "mocks of somebody else", _A, "GET", _PLAN_PATH, after=2),
        Request(
            "the export of somebody else", EXPORT, "mocks of somebody else", _A, "GET", "/plan-exports/pe-[0-9a-f]+$"
        ),
        Request("the mocks", BUNDLE, "mocks", _A, "GET", "/download$"),
        Request("the mocks themselves", STORED_MOCKS, "mocks", _S, "GET", "/object/export-"),
        Request("the deleted export", DELETED_EXPORT, "mocks", _A, "DELETE", "/plan-exports/pe-[0-9a-f]+$"),
        Request("the pull requests of a commit", FOUND, "push", _G, "GET", "/commits/[0-9a-f]+/pulls$"),
        Request("the pull requests of a branch", FOUND, "workflow_run", _G, "GET", "/pulls$"),
        Request("the comments", FOUND, "first comment late", _G, "POST", _GRAPHQL, "PullRequestComments", after=1),
        Request("the comment again", SEEN, "comment seen early", _G, "POST", _GRAPHQL, "query Comment"),
        Request("the edited comment", COMMENT, "comment", _G, "PATCH", "/issues/comments/[0-9]+$"),
        Request("the posted comment", COMMENT, "first comment", _G, "POST", "/issues/7/comments$"),
        Request("the hidden comment", HIDDEN_COMMENT, "recreated comment", _G, "POST", _GRAPHQL, "HideComment"),
        Request("the labels", LABEL, "labels", _G, "GET", "/labels$"),
        Request("the added label", LABEL, "labels", _G, "POST", "/labels$"),
        Request("the removed label", REMOVED_LABEL, "labels", _G, "DELETE", "/labels/[^/]+$"),
        Request("the new artifact", ARTIFACT, "artifact", _R, "POST", f"{_TWIRP}CreateArtifact$"),
        Request("a block of the artifact", ARTIFACT, "artifact", _R, "PUT", "/blobs/"),
        Request("the list of the blocks", ARTIFACT, "artifact", _R, "PUT", "/blobs/", after=1),
        Request("the finished artifact", ARTIFACT, "artifact", _R, "POST", f"{_TWIRP}FinalizeArtifact$"),
        Request("earlier artifacts", EARLIER, "artifact again", _R, "POST", f"{_TWIRP}ListArtifacts$"),
        Request("the deleted artifact", ARTIFACT, "artifact again", _R, "POST", f"{_TWIRP}DeleteArtifact$"),
    )
}
"""Every request that the action makes, by what it is called."""


def outcome_of(kind: Kind, name: str, *, once: bool) -> Outcome:
    """The outcome of a fault, by its name, that happens once or every time."""
    case = CASES[name]
    of = Fault.LASTS if case.passes and not once else case.of
    found = kind.outcomes.get(name, kind.outcomes[of])
    return kind.once.get(name, kind.once.get(of, found)) if once else found
