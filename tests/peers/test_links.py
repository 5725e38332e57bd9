"""GitHub finds no mention, link, reference or picture in our comments but those that we mean.

GitHub's own html-pipeline says whom a comment notifies, and what it links and loads; remark-github and
rehype-github-emoji say what else GitHub makes of the text. Both read all golden comments, those of the demo, and those
on plans, runs and summaries in which every text is hostile.
"""

import html
import itertools
import json
import re
import shutil
import subprocess
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tfc_plan_comment.errors import SummaryUnreadable
from tfc_plan_comment.findings.cost import CostEstimate as Estimate
from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.findings.said import Known
from tfc_plan_comment.findings.tasks import Task, Tasks
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.summaries import keep, read_kept
from tfc_plan_comment.report.view import RunView
from tfc_plan_comment.report.workspace_facts import WorkspaceFacts, plan_facts
from tfc_plan_comment.report.workspace_report import WorkspaceReport
from tfc_plan_comment.report.write.comment import render
from tfc_plan_comment.report.write.together import render_together, tell_workspace
from tfc_sandbox.applies import Apply
from tfc_sandbox.artifacts import ArtifactsSandbox
from tfc_sandbox.clock import Clock
from tfc_sandbox.cost_estimates import CostEstimate
from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.policies import Policy, PolicyResults, PolicySet
from tfc_sandbox.preview import parse
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script
from tfc_sandbox.scenarios import OPENED, PULL_REQUEST, SCENARIOS, Push, play
from tfc_sandbox.task_stages import TaskResult

pytestmark = [pytest.mark.peers, pytest.mark.timeout(300)]  # hundreds of comments are looked at in one go

RunScript = Callable[..., Any]
RunAction = Callable[[Runner, str, Mapping[str, str], Clock], StepResult]
Links = dict[str, list[str]]

GOLDEN = Path(__file__).parents[1] / "golden"
PLANS = sorted(path.parent.name for path in GOLDEN.glob("*/plan.json"))
TURNS = 4
SHA = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678"
HOSTILE = (
    "@octocat",
    "@acme/security-team",
    "#1",
    "GH-2",
    "acme/shop#3",
    f"acme/shop@{SHA}",
    SHA,
    SHA[:7],
    "https://evil.example/x",
    "www.evil.example",
    "me@evil.example",
    "[a](https://evil.example)",
    "![a](https://evil.example/x.png)",
    '<img src="https://evil.example/x.png">',
    '<a href="//evil.example">a</a>',
    "[a]\n\n[a]: https://evil.example",
    ":shipit:",
    ":+1:",
    "</details>\n\n@octocat #1\n",
    "\n```\n@octocat #1\n",
    "</code> @octocat <code>",
    "https://github.com/acme/infra/issues/1",
)

# What may be linked, by origin.
RUN_PAGES = r"(?:https://app\.terraform\.io|http://127\.0\.0\.1:\d+)/app/acme/(?:workspaces/[\w-]+/)?runs/run-\w+"
TASK_PAGES = r"https://(?:app\.snyk\.io/org/acme|dashboard\.infracost\.io|tasks\.example/result)"
THE_JOB = r"https://github\.com/acme/infra/actions/runs/4711(?:/artifacts/\d+)?"
MEANT = re.compile(f"{RUN_PAGES}|{TASK_PAGES}|{THE_JOB}")


def poison(text: str, turn: int) -> str:
    """The text with something hostile before or after it: the same for the same text, another one at the next turn."""
    number = zlib.crc32(text.encode(errors="replace")) + turn
    hostile = HOSTILE[number % len(HOSTILE)]
    return f"{hostile} {text}" if number // len(HOSTILE) % 2 else f"{text} {hostile}"


def all_of(turn: int) -> str:
    """All that is hostile; what is cut off at one turn comes first at another."""
    start = turn * 5 % len(HOSTILE)
    return " ".join([*HOSTILE[start:], *HOSTILE[:start]])


UNTOUCHED = {"actions", "mode", "format_version", "terraform_version"}
KNOWN = {"type", "provider_name", "name"}
VALUES = {"before", "after", "after_unknown", "before_sensitive", "after_sensitive"}


def poisoned(value: Any, turn: int, *, keys: bool = False) -> Any:
    """A plan in which every text is hostile; at even turns types and attributes keep their names, and so are known."""
    match value:
        case str():
            return poison(value, turn)
        case list():
            return [poisoned(each, turn, keys=keys) for each in value]
        case dict() if keys:
            return {poison(key, turn): poisoned(each, turn, keys=True) for key, each in value.items()}
        case dict():
            kept = UNTOUCHED if turn % 2 else UNTOUCHED | KNOWN | {"replace_paths"}
            return {
                key: each if key in kept else poisoned(each, turn, keys=key in VALUES and turn % 2 == 1)
                for key, each in value.items()
            }
        case _:
            return value


def golden_comments() -> Iterator[tuple[str, str]]:
    """Those that were read by eye."""
    for name in PLANS:
        yield f"golden {name}", (GOLDEN / name / "comment.md").read_text(encoding="utf-8")


def comments_on_hostile_plans() -> Iterator[tuple[str, str]]:
    """Each golden plan at each turn, of a workspace and a run that are hostile as well."""
    url = "https://app.terraform.io/app/acme/workspaces/prod/runs/run-1"
    for name in PLANS:
        plan = json.loads((GOLDEN / name / "plan.json").read_text(encoding="utf-8"))
        for turn in range(TURNS):
            told = all_of(turn)
            run = RunView(id=told, url=url, organization=told, workspace=told, commit=SHA, message=told, status=told)
            summary = summarize(parse_plan(json.dumps(poisoned(plan, turn)).encode(), name=told))
            yield f"plan {name} {turn}", render(Report(key="k", summary=summary, workspace=told, run=run))


def comments_on_hostile_summaries() -> Iterator[tuple[str, str]]:
    """The one comment on summary files in which every text is hostile that may be without the file being refused."""
    task = Task(
        name="Snyk", status="failed", enforcement_level="advisory", message="m", url="https://tasks.example/result"
    )
    cost = Estimate(status="finished", given_delta=Decimal("5.20"), prior=Decimal(1), proposed=Decimal("6.20"))
    findings = Findings(tasks=Known(Tasks(tasks=(task,))), cost=Known(cost))
    run = RunView(id="run-1", url="https://app.terraform.io/app/acme/workspaces/x/runs/run-1")
    for name in ("drift", "errored", "tags-only"):
        summary = summarize(parse_plan((GOLDEN / name / "plan.json").read_bytes(), name=name))
        report = tell_workspace(Report(key=name, workspace=name, summary=summary, run=run, findings=findings))
        kept = keep(WorkspaceFacts(name=name, plan=plan_facts(summary)), report)
        free = {place for place in range(texts_in(json.loads(kept))) if forged(kept, {place}, 0) is not None}
        assert len(free) > 100
        for turn in range(TURNS):
            read = forged(kept, free, turn)
            assert read is not None
            yield f"summary {name} {turn}", render_together("k", [read])


def texts_in(value: Any) -> int:
    """How many texts there are in a document, but for keys."""
    if isinstance(value, dict | list):
        return sum(map(texts_in, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str)


def forged(kept: bytes, places: Collection[int], turn: int) -> WorkspaceReport | None:
    """What is read of a summary the texts of which are hostile at these places; None if it is refused."""
    numbers = itertools.count()

    def forge(value: Any) -> Any:
        match value:
            case str():
                number = next(numbers)
                return all_of(turn + number) if number in places else value
            case dict():
                return {key: forge(each) for key, each in value.items()}
            case list():
                return [*map(forge, value)]
            case _:
                return value

    document = {"format_version": "1.1", "changes": [{"address": "t.n"}], "comment": forge(json.loads(kept))}
    try:
        return read_kept(json.dumps(document).encode(), "a.json", origin="https://app.terraform.io").report
    except SummaryUnreadable:
        return None


def comments_of_the_demo(folder: Path, run_action: RunAction) -> Iterator[tuple[str, str]]:
    """The comment after each push of each scenario, and the step summaries, with artifacts to link to."""
    for name in SCENARIOS:
        written = written_in(name, folder / name, run_action)
        yield from ((f"demo {name} {number}", text) for number, text in enumerate(written))


def written_in(scenario: str, folder: Path, run_action: RunAction) -> list[str]:
    """What the pushes of a scenario leave."""
    clock, written = Clock(), list[str]()
    with (
        HcpTerraformSandbox(clock=clock) as server,
        GitHubSandbox([PullRequest(number=PULL_REQUEST, head_sha=OPENED)]) as github,
        ArtifactsSandbox() as artifacts,
    ):
        runner = Runner(
            folder=folder, api_url=github.api_url, results_url=artifacts.results_url, runtime_token=artifacts.token
        )

        def run_step(push: Push, inputs: Mapping[str, str]) -> StepResult:
            done = run_action(
                push.at(runner), push.commit, {**inputs, "sentinel-mocks": "true", "report": "true"}, clock
            )
            written.extend([*(comment.body for comment in github.comments), done.summary])
            return done

        steps = play(SCENARIOS[scenario], server, github, run_step)
    assert len(written) == 2 * len(steps)
    return written


def hostile_script(turn: int) -> Script:
    """A run every text of which is hostile."""
    texts = map(all_of, range(turn, 1000))
    policies = tuple(
        Policy(name=next(texts), status=status, description=next(texts), output=[next(texts)])
        for status in ("failed", "passed", "errored", next(texts))
    )
    sets = PolicyResults(
        policy_sets=(
            PolicySet(name=next(texts), policies=policies, warnings=(next(texts),)),
            PolicySet(name=next(texts), error=next(texts)),
        ),
        statuses=("failed",),
    )
    tasks = tuple(
        TaskResult(name=next(texts), status=status, message=next(texts), url=url)
        for status, url in (
            ("failed", "https://tasks.example/result"),
            ("passed", next(texts)),
            (next(texts), "javascript:alert(1)"),
        )
    )
    return Script(
        plan_statuses=("finished",),
        message=next(texts),
        terraform_version=next(texts),
        commit_sha="a" * 40,
        target_addrs=(next(texts),),
        replace_addrs=(next(texts),),
        policy_checks=(replace(sets, kind="sentinel"),),
        policy_evaluations=(sets,),
        terraform_policies=(sets,),
        task_results=tasks,
        cost_estimate=CostEstimate(statuses=("errored",), error=next(texts)),
        events=(("ignored_policy_sets", next(texts)),),
    )


def diagnostics(turn: int) -> bytes:
    """The log of a plan or an apply that fails with hostile errors."""
    texts = map(all_of, range(turn, 1000))
    lines = [
        {
            "@level": "error",
            "@message": next(texts),
            "type": "diagnostic",
            "diagnostic": {
                "severity": "error",
                "summary": next(texts),
                "detail": next(texts),
                "address": f'aws_vpc.x["{next(texts)}"]',
                "range": {"filename": next(texts), "start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 2}},
                "snippet": {"context": next(texts), "code": next(texts).replace("\n", " "), "start_line": 1},
            },
        }
        for _ in range(2)
    ]
    return b"\x02" + b"\n".join(json.dumps(line).encode() for line in lines) + b"\n\x03"


def comments_on_hostile_runs(folder: Path, run_action: RunAction) -> Iterator[tuple[str, str]]:
    """A run that is planned, one that cannot be, and one that cannot be applied."""
    plan = json.loads((GOLDEN / "drift" / "plan.json").read_text(encoding="utf-8"))
    for turn in range(TURNS):
        planned = hostile_script(turn)
        failed = replace(planned, plan_statuses=("errored",), logs=(diagnostics(turn),), working_directory=all_of(turn))
        applied = replace(
            planned,
            is_plan_only=False,
            run_statuses=("applying", "errored"),
            apply=Apply(status="errored", log=diagnostics(turn)),
        )
        for kind, script, inputs in (
            ("planned", planned, {"fail-on": "policy-failed"}),
            ("failed", failed, {}),
            ("applied", applied, {"wait-for": "apply"}),
        ):
            clock = Clock()
            content = json.dumps(poisoned(plan, turn)).encode()
            with (
                HcpTerraformSandbox(content, script=script, clock=clock) as server,
                GitHubSandbox([PullRequest(number=7, head_sha="a" * 40)]) as github,
            ):
                runner = Runner(
                    folder=folder / f"{kind}-{turn}", api_url=github.api_url, event={"pull_request": {"number": 7}}
                )
                done = run_action(runner, kind, {**server.inputs, **inputs, "github-token": JOB_TOKEN}, clock)
            (comment,) = github.comments
            yield f"run {kind} {turn}", comment.body
            yield f"step summary {kind} {turn}", done.summary


@pytest.fixture(scope="module")
def comments(tmp_path_factory: pytest.TempPathFactory, run_action: RunAction) -> dict[str, str]:
    """All of them, by name."""
    folder = tmp_path_factory.mktemp("runs")
    return {
        **dict(golden_comments()),
        **dict(comments_on_hostile_plans()),
        **dict(comments_on_hostile_summaries()),
        **dict(comments_of_the_demo(folder, run_action)),
        **dict(comments_on_hostile_runs(folder, run_action)),
    }


@pytest.fixture(scope="session")
def html_pipeline() -> Callable[[dict[str, str]], dict[str, Links]]:
    """Whom GitHub would notify of each comment, and what it would link and load."""
    ruby = [shutil.which("ruby") or "ruby", "-W0"]
    needed = [*ruby, "-r", "html/pipeline", "-r", "commonmarker", "-r", "sanitize", "-e", ""]
    if not shutil.which("ruby") or subprocess.run(needed, check=False, capture_output=True).returncode:  # noqa: S603 - ruby
        pytest.skip("needs Ruby with html-pipeline 2, commonmarker and sanitize; Debian's packages are called ruby-…")

    def look(comments: dict[str, str]) -> dict[str, Links]:
        command = [*ruby, str(Path(__file__).with_name("html-pipeline.rb"))]
        done = subprocess.run(  # noqa: S603 - our own script
            command, input=json.dumps(comments), stdout=subprocess.PIPE, text=True, check=True
        )
        found: dict[str, Links] = json.loads(done.stdout)
        return found

    return look


@pytest.fixture(scope="session")
def github_references(run_script: RunScript) -> Callable[[dict[str, str]], dict[str, Links]]:
    """What GitHub's parser, and what remark-github and rehype-github-emoji make of its page, find in each comment."""
    return lambda comments: run_script(
        "github-references.mjs", {name: parse(comment) for name, comment in comments.items()}
    )


def unmeant(found: dict[str, Links]) -> dict[str, Links]:
    """What is found in each comment, but for the links that we mean."""
    left = {
        name: {
            kind: sorted({each for each in places if kind != "links" or not MEANT.fullmatch(each)})
            for kind, places in kinds.items()
        }
        for name, kinds in found.items()
    }
    return {name: {k: each for k, each in kinds.items() if each} for name, kinds in left.items() if any(kinds.values())}


def test_githubs_pipeline_finds_what_we_mean(
    html_pipeline: Callable[[dict[str, str]], dict[str, Links]], comments: dict[str, str]
) -> None:
    """Nobody is notified, nothing is loaded, and nothing linked but pages of runs, tasks and the job."""
    found = html_pipeline(comments)

    assert unmeant(found) == {}
    for pages in (RUN_PAGES, TASK_PAGES, THE_JOB):
        assert any(re.fullmatch(pages, link) for links in found.values() for link in links["links"])


def test_remark_github_finds_what_we_mean(
    github_references: Callable[[dict[str, str]], dict[str, Links]], comments: dict[str, str]
) -> None:
    """No issue, commit or person is referred to, and no `:name:` becomes a picture."""
    assert unmeant(github_references(comments)) == {}


def test_what_is_hostile_is_there(comments: dict[str, str]) -> None:
    """So that the silence of both means something: all that is hostile stands in comments, as text."""
    shown = html.unescape(re.sub(r"<[^>]*>", "", "\n".join(map(parse, comments.values()))))

    assert {each for each in HOSTILE if each.strip().partition("\n")[0] not in shown} == set()


@pytest.fixture(scope="module")
def alive() -> dict[str, str]:
    """What is hostile as it is, in a paragraph and in a summary."""
    return {each: f"{each}\n\n<details><summary>a {each}</summary>\n\n</details>\n" for each in HOSTILE}


def test_githubs_pipeline_notices(
    html_pipeline: Callable[[dict[str, str]], dict[str, Links]], alive: dict[str, str]
) -> None:
    """So that its silence means something: whatever is hostile is found, but for references and emoji."""
    silent = alive.keys() - unmeant(html_pipeline(alive)).keys()

    assert silent == {"#1", "GH-2", "acme/shop#3", SHA, SHA[:7], f"acme/shop@{SHA}", ":shipit:", ":+1:"}


def test_remark_github_notices(
    github_references: Callable[[dict[str, str]], dict[str, Links]], alive: dict[str, str]
) -> None:
    """So that its silence means something: whatever is hostile is found."""
    assert alive.keys() - unmeant(github_references(alive)).keys() == set()
