"""What must not leave, and what must not become something else, on its way through the whole action."""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from tfc_plan_comment.cli import main as command_line
from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, READ_TOKEN, HcpTerraformSandbox, Storage
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Golden = Callable[[str], bytes]
Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

NESTED = Path(__file__).parents[1] / "golden" / "sensitive-nested"
SECRETS = [word for name in ("secrets", "leaked") for word in (NESTED / name).read_text(encoding="utf-8").split()]
MASK = "::add-mask::"
GROUP = ["::group::Waiting for the plan", "::endgroup::"]
HOSTILE = "prod\n::error::forged\r\n##[error]forged %0A::warning::forged <img src=x> @octocat #1 | `"


def places(done: StepResult, github: GitHubSandbox) -> dict[str, str]:
    """All that a step says, by where it says it; the log without the lines that tell the runner what to mask."""
    log = "".join(line for line in done.log.splitlines(keepends=True) if not line.startswith(MASK))
    outputs = "\n".join(done.outputs.values())
    return {"log": log, "outputs": outputs, "summary": done.summary, "comment": github.comments[-1].body}


def test_sensitive_values_are_shown_nowhere(
    serve: Serve, step: Step, github: GitHubSandbox, runner: Runner, tmp_path: Path
) -> None:
    """No value that the plan marks as sensitive is in any output, nor where it turns up unmarked."""
    done = step(serve("sensitive-nested"), summary_json_path="summary.json", plan_json_path="plan.json")
    assert done.exit_code == 0
    command_line(["render", str(NESTED / "plan.json"), "--format", "html", "-o", str(tmp_path / "plan.html")])
    said = places(done, github) | {
        "summary JSON": (runner.workspace / "summary.json").read_text(encoding="utf-8"),
        "HTML": (tmp_path / "plan.html").read_text(encoding="utf-8"),
    }
    for place, content in said.items():
        assert [secret for secret in SECRETS if secret in content] == [], place
    kept = (runner.workspace / "plan.json").read_text(encoding="utf-8")
    assert all(secret in kept for secret in SECRETS)


def test_the_redacted_plan_has_none_to_show(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """The same for the plan JSON that HCP Terraform has redacted: what it leaves in clear where it is marked."""
    done = step(serve("sensitive-nested"), token=READ_TOKEN)
    marked = (NESTED / "secrets").read_text(encoding="utf-8").split()
    for place, content in places(done, github).items():
        assert [secret for secret in marked if secret in content] == [], place


def test_redact_masks_what_its_patterns_match(serve: Serve, step: Step, github: GitHubSandbox, runner: Runner) -> None:
    """What matches a pattern of the input redact is shown nowhere either; without it, it is."""
    server = serve()
    assert "10.0.12.0/24" in step(server).summary
    done = step(server, redact="nothing-like-this\n10\\.0\\.[0-9.]+/24", summary_json_path="summary.json")
    said = places(done, github) | {"summary JSON": (runner.workspace / "summary.json").read_text(encoding="utf-8")}
    for place, content in said.items():
        assert "/24" not in content.replace("<wbr>", ""), place
    assert "hash_key" in done.summary


@pytest.mark.parametrize("storage", Storage)
def test_tokens_and_temporary_urls_are_masked(
    serve: Serve, step: Step, github: GitHubSandbox, storage: Storage
) -> None:
    """Tokens and the temporary URL stand only in the lines that tell the runner to mask them."""
    server = serve(storage=storage)
    done = step(server)
    paths = [request.path for request in server.archivist.requests]
    assert len(paths) == (storage is not Storage.INLINE)
    for place, content in places(done, github).items():
        assert [secret for secret in (ADMIN_TOKEN, JOB_TOKEN, "/v1/object/", *paths) if secret in content] == [], place
    assert server.archivist.leaks == []


def test_no_value_is_a_workflow_command(serve: Serve, step: Step) -> None:
    """No line of the log is a command but ours, whatever the plan, the workspace, the status and the message say."""
    script = Script(plan_statuses=(HOSTILE, "finished"), workspace=HOSTILE, message=HOSTILE, commit_sha=HOSTILE)
    done = step(serve("hostile-values", script=script))
    assert done.exit_code == 0
    commands = [line for line in done.log.splitlines() if line.lstrip().startswith("::") or "##[" in line]
    assert [line for line in commands if not line.startswith(MASK)] == GROUP
    assert done.outputs["plan-summary"] == "Plan: 44 to add, 48 to change, 0 to destroy."
    assert done.outputs["comment-result"] == "created"


def test_no_name_changes_the_comment(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """However hostile the values and names are, the comment has one heading, and its only links are the run's."""
    script = Script(workspace=HOSTILE, message=HOSTILE, commit_sha=HOSTILE)
    server = serve("hostile-values", script=script)
    done = step(server)
    body = github.comments[0].body
    html = cmarkgfm.markdown_to_html_with_extensions(
        body, options=Options.CMARK_OPT_UNSAFE, extensions=["table", "strikethrough", "autolink", "tasklist"]
    )
    assert len(re.findall(r"<h\d", html)) == 1
    assert "<img" not in html
    links = {unescape(url) for url in re.findall(r'<a href="([^"]*)"', html)}
    assert links <= {done.outputs["run-url"], "https://github.com/acme/infra/actions/runs/4711"}


def test_hostile_errors_are_quoted(serve: Serve, step: Step) -> None:
    """The status of a plan that never ends is in an error's sentence, on its one line."""
    done = step(serve(script=Script(plan_statuses=(HOSTILE,))), timeout="5s")
    assert done.exit_code == 1
    commands = [line for line in done.log.splitlines() if line.startswith("::") and not line.startswith(MASK)]
    assert commands[:2] == GROUP
    (error,) = commands[2:]
    assert error.startswith("::error::The plan did not finish within 5 seconds; ")


def test_summary_json_of_hostile_values_is_json(serve: Serve, step: Step, runner: Runner) -> None:
    """The summary JSON can be read whatever the values are."""
    step(serve("hostile-values"), summary_json_path="summary.json")
    assert len(json.loads((runner.workspace / "summary.json").read_bytes())["changes"]) == 92
