"""The errors of a plan that failed are annotations on the lines of the repository that they are about."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tfc_sandbox.faults import Answer, Fault
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]

HEAD = "a" * 40
FROM_PULL_REQUEST: dict[str, Any] = {"commit_sha": HEAD, "identifier": "acme/infra", "pull_request_number": 7}
TITLE = "title=Terraform plan for web-app"


def errored(*said: dict[str, Any], **how: Any) -> Script:
    """A run whose plan fails with these diagnostics, in a structured log."""
    lines = [json.dumps({"type": "diagnostic", "diagnostic": {"severity": "error", **each}}) for each in said]
    return Script(plan_statuses=("errored",), logs=(f"\x02{chr(10).join(lines)}\n\x03".encode(),), **how)


def at(filename: str, line: int = 12, column: int = 3, *, summary: str = "Bad", **more: Any) -> dict[str, Any]:
    """An error there."""
    return {"summary": summary, "range": {"filename": filename, "start": {"line": line, "column": column}}, **more}


def annotations(done: StepResult) -> list[str]:
    """All errors that are annotations, but the last one, which says why the step fails."""
    found = [line for line in done.log.splitlines() if line.startswith("::error")]
    assert found[-1].startswith("::error::Terraform could not make the plan")
    return found[:-1]


@pytest.mark.parametrize(
    ("working_directory", "filename", "path"),
    [
        (None, "main.tf", "main.tf"),
        ("", "modules/queue/main.tf", "modules/queue/main.tf"),
        ("infra/prod", "main.tf", "infra/prod/main.tf"),
        ("/infra/prod/", "../modules/queue/main.tf", "infra/modules/queue/main.tf"),
        ("a,b:c", "100%.tf", "a%2Cb%3Ac/100%25.tf"),
    ],
)
def test_the_line_in_the_repository(
    serve: Serve, step: Step, working_directory: str | None, filename: str, path: str
) -> None:
    """The working directory of the workspace stands in front of what Terraform calls the file."""
    error = at(filename, summary="Invalid CIDR", detail='"10.0.0" is no CIDR.\n\nUse another.', address="aws_vpc.main")
    script = errored(error, working_directory=working_directory, **FROM_PULL_REQUEST)
    (found,) = annotations(step(serve(script=script)))
    in_words = filename.replace("%", "%25")
    assert found == (
        f"::error file={path},line=12,col=3,{TITLE}::"
        f'Invalid CIDR ({in_words} line 12, in aws_vpc.main)%0A"10.0.0" is no CIDR.%0AUse another.'
    )


@pytest.mark.parametrize("filename", ["", "/etc/main.tf", "../../main.tf", ".terraform/modules/vpc/main.tf"])
def test_what_is_not_in_the_repository(serve: Serve, step: Step, filename: str) -> None:
    """An installed module, or what lies outside, has no line there; the message names it all the same."""
    done = step(serve(script=errored(at(filename), working_directory="infra", **FROM_PULL_REQUEST)))
    place = f" ({filename} line 12)" if filename else ""
    assert annotations(done) == [f"::error {TITLE}::Bad{place}"]


@pytest.mark.parametrize(
    "source",
    [
        {"commit_sha": HEAD, "identifier": "acme/other"},
        {"commit_sha": "c" * 40, "identifier": "acme/infra"},
        {},
    ],
    ids=["another repository", "another commit", "an upload"],
)
def test_another_source_than_the_head(serve: Serve, step: Step, source: dict[str, Any]) -> None:
    """No line of what is looked at is blamed for what may stand elsewhere."""
    assert annotations(step(serve(script=errored(at("main.tf"), **source)))) == [
        f"::error {TITLE}::Bad (main.tf line 12)"
    ]


def test_an_upload_of_what_is_checked_out(serve: Serve, step: Step, runner: Runner) -> None:
    """Where the file is in the checkout, its line is."""
    (runner.workspace / "prod").mkdir()
    (runner.workspace / "prod" / "main.tf").touch()
    done = step(serve(script=errored(at("main.tf"), at("other.tf"), working_directory="prod")))
    assert annotations(done) == [
        f"::error file=prod/main.tf,line=12,col=3,{TITLE}::Bad (main.tf line 12)",
        f"::error {TITLE}::Bad (other.tf line 12)",
    ]


def test_a_log_in_plain_text(serve: Serve, step: Step) -> None:
    """It knows the line, and no column."""
    box = "\x02╷\n│ Error: Bad name\n│ \n│   on main.tf line 3, in locals:\n│    3:   a-b = c\n│ \n│ So it is.\n╵\n\x03"
    script = Script(plan_statuses=("errored",), logs=(box.encode(),), **FROM_PULL_REQUEST)
    assert annotations(step(serve(script=script))) == [
        f"::error file=main.tf,line=3,{TITLE}::Bad name (main.tf line 3, in locals)%0ASo it is."
    ]


def test_the_runner_keeps_few(serve: Serve, step: Step) -> None:
    """The last error of the step says why it fails, and must not be the eleventh: the rest is counted."""
    said = [at("main.tf", line, summary=f"Error {line}") for line in range(1, 31)]
    done = step(serve(script=errored(*said, **FROM_PULL_REQUEST)), fail_on="errored")
    found = [line for line in done.log.splitlines() if line.startswith("::error")]
    assert len(found) == 10
    assert [line.partition(",")[0] for line in found[:8]] == ["::error file=main.tf"] * 8
    assert "\nTerraform plan for web-app: 22 more errors\n" in done.log


def test_no_secret_and_no_command(serve: Serve, step: Step) -> None:
    """What the configuration's author writes is masked, stays one command, and is cut."""
    secret = "Zq7vW9kPxw2mLmQxT4sJ"
    hostile = f'password = "{secret}"\n::warning::x,file=y'
    error = at(f"a,line=1::\n{secret}.tf", summary=hostile, detail=f"::add-mask::x\r\n{hostile * 100}")
    done = step(serve(script=errored(error, **FROM_PULL_REQUEST)))
    (found,) = annotations(done)
    assert secret not in done.log + done.summary
    assert not any(line.startswith(("::warning", "::add-mask::x")) for line in done.log.splitlines())
    assert len(found) < 4_000
    properties = found.removeprefix("::error ").partition("::")[0].split(",")
    assert [each.partition("=")[0] for each in properties] == ["file", "line", "col", "title"]


def test_the_partly_planned(serve: Serve, step: Step, golden: Callable[[str], bytes]) -> None:
    """Where Terraform planned something before it failed, the errors are annotations as well."""
    part = Fault(path="/json-output$", answer=Answer(body=golden("errored"), content_type="application/json"))
    done = step(serve("errored", script=errored(at("main.tf"), **FROM_PULL_REQUEST), faults=[part]))
    assert annotations(done) == [f"::error file=main.tf,line=12,col=3,{TITLE}::Bad (main.tf line 12)"]


def test_several_workspaces_share_what_the_runner_keeps(serve: Serve, step: Step, github: GitHubSandbox) -> None:
    """Each error has its workspace as the title; the rest is counted for each; their warnings are in their folds."""
    many = [at("main.tf", line, summary=f"Error {line}") for line in range(1, 8)]
    old = at("main.tf", summary="Old", severity="warning")
    server = serve(
        "mixed-update", script=errored(*many, old, workspace="a", working_directory="a", **FROM_PULL_REQUEST)
    )
    ids = [
        server.run_id,
        server.add_run(b"{}", script=errored(*many, workspace="b", working_directory="b", **FROM_PULL_REQUEST)),
    ]

    done = step(server, run_id="\n".join(ids))

    found = annotations(done)
    assert [line.partition(",")[0] for line in found] == ["::error file=a/main.tf"] * 7 + ["::error file=b/main.tf"]
    assert "title=Terraform plan for b::Error 1 (main.tf line 1)" in found[-1]
    assert "\nTerraform plan for b: 6 more errors\n" in done.log
    (comment,) = github.comments
    assert "Warnings in the log: 1" in comment.body
    assert "! Old (main.tf line 12)" in comment.body
