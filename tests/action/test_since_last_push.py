"""What is new since the plan that the comment showed before, and which run may write the comment."""

import json
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.comment_memory import Memory, Remembered, ShownPlan, memory_line, put_memory, read_memories
from tfc_sandbox.github import JOB_TOKEN, USER_TOKEN, GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]
Push = Callable[..., StepResult]
Golden = Callable[[str], bytes]

FIRST, SECOND, THIRD = "9f8e7d6c" * 5, "b2c3d4e5" * 5, "a" * 40  # the last is the head of the pull request #7
KEY = "acme/web-app"


def change(address: str, *actions: str, before: Any = None, after: Any = None, **more: Any) -> dict[str, Any]:
    """A change as the plan JSON has it."""
    type_, _, name = address.partition("[")[0].rpartition(".")
    inner = {"actions": actions, "before": before, "after": after, **more}
    return {"address": address, "mode": "managed", "type": type_, "name": name, "change": inner}


def update(address: str, value: Any = 1, **more: Any) -> dict[str, Any]:
    return change(address, "update", before={"a": 0, "b": "x"}, after={"a": value, "b": "x"}, **more)


def create(address: str, value: Any = 1) -> dict[str, Any]:
    return change(address, "create", after={"a": value})


def delete(address: str) -> dict[str, Any]:
    return change(address, "delete", before={"a": 1})


def replace_(address: str) -> dict[str, Any]:
    return change(address, "delete", "create", before={"a": 0}, after={"a": 1}, replace_paths=[["a"]])


def plan(*changes: dict[str, Any], **more: Any) -> bytes:
    """A plan with these changes."""
    document = {"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {}}
    return json.dumps({**document, "resource_changes": changes, **more}).encode()


@pytest.fixture
def push(serve: Serve, step: Step) -> Push:
    """Pushes a commit: HCP Terraform plans it in a run, made a minute after the one before, and a step tells of it."""
    servers: list[HcpTerraformSandbox] = []
    minutes = iter(range(60))

    def push(content: bytes, commit: str | None, *, at: Runner | None = None, **script: Any) -> StepResult:
        made = {"plan_statuses": ("finished",), "created_at": f"2026-03-01T10:{next(minutes):02}:00.000Z", **script}
        asked = Script(commit_sha=commit, **made)
        if servers:
            servers[0].add_run(content, script=asked)
        else:
            servers.append(serve(content, script=asked))
        return step(servers[0], **({"at": at} if at else {}))

    return push


def since(body: str) -> list[str]:
    """What the comment says of the earlier plan, line by line."""
    lines = body.splitlines()
    found = [number for number, line in enumerate(lines) if line.startswith(("**Since the plan", "Same plan"))]
    if not found:
        return []
    (start,) = found
    block = lines[start:]
    end = next(
        number
        for number, line in enumerate(block)
        if line.startswith(("<details", "<sub>", ">", "🔴", "🟢", "🟡", "⚪", "✅"))
    )
    return [line for line in block[:end] if line]


def test_what_is_new_gone_and_changed(push: Push, github: GitHubSandbox) -> None:
    """Each difference has its line, what can hurt first, below the alerts and above the changes."""
    push(
        plan(
            update("aws_db_instance.orders"),
            delete("aws_sqs_queue.old"),
            update("aws_sns_topic.same"),
            update("aws_sns_topic.other"),
        ),
        FIRST,
    )
    assert since(github.comments[0].body) == []

    done = push(
        plan(
            replace_("aws_db_instance.orders"),
            create("aws_sqs_queue.new"),
            update("aws_sns_topic.same"),
            update("aws_sns_topic.other", 2),
        ),
        SECOND,
    )

    assert done.outputs["comment-result"] == "updated"
    (comment,) = github.comments
    assert since(comment.body) == [
        "**Since the plan of <code>9f8e7d6</code>**",
        "now replaces <code>aws_db_instance.orders</code>, which it only changed before",
        "still changes <code>aws_sns_topic.other</code>, but differently",
        "new: creates <code>aws_sqs_queue.new</code>",
        "no longer destroys <code>aws_sqs_queue.old</code>",
    ]
    assert comment.body.index("[!CAUTION]") < comment.body.index("**Since") < comment.body.index("<details")
    assert "Since the plan" not in done.summary
    assert "tfc-plan-comment-memory" not in done.summary


def test_the_same_plan(push: Push, github: GitHubSandbox) -> None:
    """A push that changes nothing in the plan is told in one sentence; a plan without changes is one as well."""
    for content in (plan(update("t.a"), create("t.b")), plan()):
        github.comments.clear()
        push(content, FIRST)
        push(content, SECOND)

        assert since(github.comments[0].body) == ["Same plan as <code>9f8e7d6</code>"]


def test_an_output_is_a_change_as_well(push: Push, github: GitHubSandbox) -> None:
    """A plan in which only an output is another one is not the same."""
    outputs = [
        {"url": {"actions": ["create"], "before": None, "after": value}, "id": {"actions": ["no-op"]}}
        for value in ("a", "b")
    ]
    for commit, each in zip((FIRST, SECOND), outputs, strict=True):
        push(plan(update("t.a"), output_changes=each), commit)

    assert since(github.comments[0].body)[1:] == ["still creates <code>output.url</code>, but differently"]


def test_the_same_commit_again(push: Push, github: GitHubSandbox) -> None:
    """Another run of the same commit says what is new since the commit before, as the first one did."""
    push(plan(update("t.a")), FIRST)
    push(plan(update("t.a"), create("t.b")), SECOND)
    said = since(github.comments[0].body)
    assert said[1:] == ["new: creates <code>t.b</code>"]

    push(plan(update("t.a"), create("t.b")), SECOND)
    assert since(github.comments[0].body) == said

    push(plan(update("t.a"), create("t.b"), create("t.c")), SECOND)
    assert since(github.comments[0].body)[1:] == ["new: creates <code>t.b</code>, <code>t.c</code>"]

    push(plan(update("t.a")), FIRST)
    assert since(github.comments[0].body)[0] == "**Since the plan of <code>b2c3d4e</code>**"


def test_the_same_step_again(step: Step, serve: Serve, github: GitHubSandbox) -> None:
    """A job that runs again for the same run leaves the comment alone."""
    server = serve(plan(update("t.a")), script=Script(plan_statuses=("finished",), commit_sha=FIRST))
    step(server)
    server.add_run(plan(create("t.b")), script=Script(plan_statuses=("finished",), commit_sha=SECOND))
    step(server)
    before = github.comments[0].body

    assert step(server).outputs["comment-result"] == "unchanged"
    assert github.comments[0].body == before


def test_of_a_failed_plan_nothing_is_remembered(push: Push, github: GitHubSandbox) -> None:
    """It says nothing of the plan before, and does not make that be forgotten; what it planned itself is not whole."""
    push(plan(update("t.a"), update("t.b")), FIRST)
    push(plan(update("t.a"), errored=True), SECOND, plan_statuses=("errored",))
    assert since(github.comments[0].body) == []
    push(b"{}", SECOND, plan_statuses=("errored",))
    assert since(github.comments[0].body) == []

    push(plan(update("t.a")), THIRD)

    assert since(github.comments[0].body) == [
        "**Since the plan of <code>9f8e7d6</code>**",
        "no longer changes <code>t.b</code>",
    ]


def test_a_run_that_cannot_be_read_forgets_nothing(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Nobody knows its workspace then; the comment is found by its key, and goes on where it was."""
    server = serve(plan(update("t.a")), script=Script(plan_statuses=("finished",), commit_sha=FIRST))
    step(server, comment_key="prod")
    step(server, comment_key="prod", run_id="run-gone")
    assert "run-gone" in github.comments[0].body
    server.add_run(plan(), script=Script(plan_statuses=("finished",), commit_sha=SECOND))

    step(server, comment_key="prod")

    assert since(github.comments[0].body)[1:] == ["no longer changes <code>t.a</code>"]


def test_the_commit_of_the_workflow(push: Push, runner: Runner, github: GitHubSandbox) -> None:
    """A run that carries no commit, as one of the CLI, is of the commit for which the workflow runs."""
    for commit, content in ((FIRST, plan(update("t.a"))), (SECOND, plan())):
        at = replace(runner, event={"pull_request": {"number": 7, "head": {"sha": commit}}})
        push(content, None, at=at)

    assert since(github.comments[0].body) == [
        "**Since the plan of <code>9f8e7d6</code>**",
        "no longer changes <code>t.a</code>",
    ]


def test_without_a_commit_nothing_is_said(push: Push, github: GitHubSandbox) -> None:
    """Nobody knows whether it is another push."""
    push(plan(update("t.a")), None)
    push(plan(create("t.b")), None)

    assert since(github.comments[0].body) == []


def test_a_plan_on_disk(step: Step, runner: Runner, github: GitHubSandbox) -> None:
    """Two pushes are compared without any server, too."""
    for commit, content in ((FIRST, plan(update("t.a"))), (SECOND, plan(replace_("t.a")))):
        (runner.workspace / "plan.json").write_bytes(content)
        at = replace(runner, event={"pull_request": {"number": 7, "head": {"sha": commit}}})
        step(at=at, plan_json="plan.json", comment_key="prod")

    assert since(github.comments[0].body)[1:] == [
        "now replaces <code>t.a</code>, which it only changed before",
    ]


@pytest.mark.parametrize("comment", ["update", "recreate"])
def test_an_older_run_leaves_the_comment_alone(serve: Serve, step: Step, github: GitHubSandbox, comment: str) -> None:
    """A job that comes late, or is started again, for a run that was created before the one that the comment shows."""
    newer = Script(plan_statuses=("finished",), created_at="2026-03-01T10:00:01.000Z")
    server = serve(plan(update("t.a")), script=newer)
    shown = server.run_id
    step(server)
    before = github.comments[0].body
    server.add_run(plan(create("t.b")), script=replace(newer, created_at="2026-03-01T10:00:00.999Z"))

    done = step(server, comment=comment)

    assert done.exit_code == 0
    assert [each.body for each in github.comments] == [before]
    assert done.outputs["comment-result"] == "unchanged"
    url = done.outputs["comment-url"]
    assert url.endswith(f"#issuecomment-{github.comments[0].id}")
    assert (
        f"::notice::The comment on pull request #7 is left alone: this plan is superseded by that of run {shown},"
        f" of which it tells: {url}\n" in done.log
    )
    assert "<code>t.b</code>" in done.summary


def test_a_failure_of_an_older_run_leaves_it_alone_as_well(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """And a newer failure is not overwritten by an older plan."""
    newer = Script(plan_statuses=("errored",), created_at="2026-03-01T10:00:01.000Z")
    server = serve(plan(errored=True), script=newer)
    step(server)
    before = github.comments[0].body
    for status in ("finished", "errored"):
        older = replace(newer, plan_statuses=(status,), created_at="2026-03-01T10:00:00.000Z")
        server.add_run(plan(create("t.b")), script=older)
        assert step(server).outputs["comment-result"] == "unchanged"

    assert [each.body for each in github.comments] == [before]


def test_runs_of_two_workspaces_are_not_compared(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Two workspaces that are given the same comment-key replace each other's comment, whichever run is older."""
    one = Script(plan_statuses=("finished",), created_at="2026-03-01T10:00:01.000Z", commit_sha=FIRST)
    server = serve(plan(update("t.a")), script=one)
    step(server, comment_key="both")
    other = replace(one, workspace="other", created_at="2026-03-01T10:00:00.000Z", commit_sha=SECOND)
    server.add_run(plan(create("t.b")), script=other)

    assert step(server, comment_key="both").outputs["comment-result"] == "updated"
    assert since(github.comments[0].body) == []


HOSTILE = '</details>\n![x](https://evil.example/x) @octocat <!-- tfc-plan-comment:acme/web-app --> #1 "]'


def remembering(**changes: str) -> str:
    """A comment of ours with these changes of the first commit, each by its action."""
    shown = {address: Remembered(action, "forged") for address, action in changes.items()}
    memory = Memory(FIRST, "run-0", 1, ShownPlan(FIRST, "forged", len(shown), shown))
    return put_memory(f"{marker(KEY)}\nbody\n", memory_line({KEY: memory}))


def test_hostile_addresses_in_the_memory(push: Push, github: GitHubSandbox) -> None:
    """Whoever may edit the comment may write any text there: it is shown as code, cut, or not at all."""
    addresses = {HOSTILE: "delete", f"t.{'x' * 1_000}": "update", "t.action": "explode", "t.none": "no-op"}
    comment = github.write(7, remembering(**addresses))

    push(plan(update("t.a")), SECOND)

    first, *lines = since(comment.body)
    assert first == "**Since the plan of <code>9f8e7d6</code>**"
    assert [line.partition("<code>")[0] for line in lines] == [
        "new: changes ",
        "no longer destroys ",
        "no longer changes ",
    ]
    assert lines[2] == f"no longer changes <code>t.{'x' * 298}…</code>"
    assert "@octocat" not in comment.body
    assert "![" not in comment.body
    assert comment.body.count("<!-- tfc-plan-comment:") == 1
    assert comment.body.count("</details>") == comment.body.count("<details")


def test_what_is_secret_now_is_hidden(push: Push, github: GitHubSandbox) -> None:
    """An address that was shown before with a secret in it is not shown with it again."""
    secret = "xK9#mQ2$vL7pR4wZ"
    comment = github.write(7, remembering(**{f't.n["{secret}"]': "delete"}))
    known = change("t.a", "create", after={"password": secret}, after_sensitive={"password": True})

    push(plan(known), SECOND)

    assert since(unescape(comment.body))[2:] == ['no longer destroys <code>t.n["(sensitive value)"]</code>']
    memory = read_memories(comment.body)[KEY].earlier
    assert secret not in comment.body
    assert memory is not None
    assert list(memory.changes) == ['t.n["(sensitive value)"]']


@pytest.mark.parametrize(("token", "key"), [(USER_TOKEN, KEY), (JOB_TOKEN, "acme/other")])
def test_nobody_elses_comment_is_read(push: Push, github: GitHubSandbox, token: str, key: str) -> None:
    """A memory counts only in a comment that our own account wrote, and below our marker."""
    github.write(7, remembering(**{"t.a": "delete"}).replace(marker(KEY), marker(key)), token=token)

    push(plan(update("t.a")), SECOND)

    assert since(github.comments[-1].body) == []


@pytest.mark.parametrize(
    "break_", [lambda body: body.replace("memory:2", "memory:1"), lambda body: body[:90] + body[91:]]
)
def test_what_cannot_be_read_is_as_if_there_were_none(
    push: Push, github: GitHubSandbox, break_: Callable[[str], str]
) -> None:
    """A broken memory, or one of another version, is ignored, and replaced by a good one."""
    comment = github.write(7, break_(remembering(**{"t.a": "delete"})))

    push(plan(update("t.a")), SECOND)

    assert since(comment.body) == []
    assert read_memories(comment.body)[KEY].commit == SECOND


def test_a_large_plan_is_compared_as_far_as_it_is_remembered(push: Push, github: GitHubSandbox) -> None:
    """Where not all changes are remembered none is called new; and how much was compared is said."""
    many = [update(f't.n["key-{number}"]') for number in range(1_000)]
    push(plan(*many), FIRST)
    assert len(github.comments[0].body.encode()) <= 65_536

    push(plan(*many), SECOND)
    assert since(github.comments[0].body) == [
        "Same plan as <code>9f8e7d6</code>; of the last 750 changes only addresses and actions were compared"
    ]

    memory = read_memories(github.comments[0].body)[KEY].plan
    assert memory is not None
    push(plan(delete('t.n["key-0"]'), *many[2:], create("u.new")), THIRD)
    assert since(github.comments[0].body) == [
        "**Since the plan of <code>b2c3d4e</code>**",
        'now destroys <code>t.n["key-0"]</code>, which it only changed before',
        'no longer changes <code>t.n["key-1"]</code>',
        f"only {len(memory.changes)} of its 1,000 changes are remembered, so that nothing is called new",
    ]


def test_it_takes_no_more_requests(push: Push, github: GitHubSandbox) -> None:
    """One to look, one to see whether the comment still stands, one to edit."""
    push(plan(update("t.a")), FIRST)
    github.requests.clear()

    push(plan(create("t.b")), SECOND)

    assert len(github.requests) <= 3


@pytest.fixture
def push_all(serve: Serve, step: Step, runner: Runner, github: GitHubSandbox) -> Callable[..., StepResult]:
    """Pushes a commit for which HCP Terraform plans several workspaces: their plans by their names, or a script."""
    servers: list[HcpTerraformSandbox] = []
    minutes = iter(range(60))

    def push_all(commit: str, *, minute: int | None = None, **plans: bytes | Script) -> StepResult:
        created_at = f"2026-03-01T10:{next(minutes) if minute is None else minute:02}:00.000Z"
        of = Script(plan_statuses=("finished",), commit_sha=commit, identifier="acme/infra", created_at=created_at)
        for name, content in plans.items():
            if isinstance(content, Script):
                script = replace(content, commit_sha=commit, identifier="acme/infra", created_at=created_at)
            else:
                script = of
            run, script = (b"{}", script) if isinstance(content, Script) else (content, script)
            if servers:
                servers[0].add_run(run, script=replace(script, workspace=name))
            else:
                servers.append(serve(run, script=replace(script, workspace=name)))
        github.pull_requests[0] = replace(github.pull_requests[0], head_sha=commit)
        at = replace(runner, event={"pull_request": {"number": 7, "head": {"sha": commit}}})
        return step(servers[0], at=at, run_id="", organization="acme")

    return push_all


ERRORED = Script(plan_statuses=("errored",))


def test_several_workspaces(push_all: Callable[..., StepResult], github: GitHubSandbox) -> None:
    """Each line names its workspace, the worst one first; those in which nothing is new stand in one line."""
    same = {"dev": plan(create("t.a")), "dns": plan(), "net": plan()}
    push_all(FIRST, prod=plan(update("t.orders")), staging=plan(delete("t.old")), billing=plan(update("t.a")), **same)
    assert since(github.comments[0].body) == []

    push_all(SECOND, prod=plan(replace_("t.orders")), staging=plan(), billing=ERRORED, **same)

    (comment,) = github.comments
    first, *lines = since(comment.body)
    assert first == "**Since the plans of <code>9f8e7d6</code>**"
    assert sorted(lines) == [
        "<b>billing</b> has no plan now, and had one before",
        "<b>dev</b>, <b>dns</b>, <b>net</b> as before",
        "<b>prod</b> now replaces <code>t.orders</code>, which it only changed before",
        "<b>staging</b> no longer destroys <code>t.old</code>",
    ]
    assert lines[-1].endswith("as before")
    assert comment.body.index("[!CAUTION]") < comment.body.index("**Since") < comment.body.index("<details")

    push_all(THIRD, prod=plan(replace_("t.orders")), staging=plan(), billing=plan(), **same)

    first, *lines = since(comment.body)
    assert first == "**Since the plans before**"
    assert lines == [
        "<b>billing</b> no longer changes <code>t.a</code>",
        "<b>prod</b>, <b>dev</b>, <b>dns</b>, <b>net</b>, <b>staging</b> as before",
    ]


def test_the_same_plans(push_all: Callable[..., StepResult], github: GitHubSandbox) -> None:
    """Where nothing is new anywhere, one sentence says so."""
    for commit in (FIRST, SECOND):
        push_all(commit, prod=plan(update("t.a")), dev=plan())

    assert since(github.comments[0].body) == ["Same plans as <code>9f8e7d6</code>"]


def test_a_push_that_touches_fewer_workspaces(push_all: Callable[..., StepResult], github: GitHubSandbox) -> None:
    """What is remembered of the others stays, though the comment of one workspace does not tell of them."""
    push_all(FIRST, prod=plan(update("t.a")), dev=plan(create("t.b")))
    push_all(SECOND, prod=plan(update("t.a")))
    assert since(github.comments[0].body) == ["Same plan as <code>9f8e7d6</code>"]

    push_all(THIRD, prod=plan(update("t.a")), dev=plan())

    assert since(github.comments[0].body) == [
        "**Since the plans before**",
        "<b>dev</b> no longer creates <code>t.b</code>",
        "<b>prod</b> as before",
    ]


def test_older_runs_of_several_workspaces(push_all: Callable[..., StepResult], github: GitHubSandbox) -> None:
    """They leave the comment alone, unless one of them is newer than what it shows."""
    push_all(FIRST, minute=20, prod=plan(update("t.a")), dev=plan(create("t.b")))
    before = github.comments[0].body
    done = push_all(SECOND, minute=10, prod=plan(), dev=plan())
    assert done.outputs["comment-result"] == "unchanged"
    assert "this plan is superseded by that of run run-" in done.log
    assert github.comments[0].body == before

    assert push_all(THIRD, minute=30, prod=plan(), dev=plan()).outputs["comment-result"] == "updated"
