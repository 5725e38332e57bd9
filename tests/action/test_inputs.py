"""Inputs that cannot be used: all that is wrong is said at once, and nothing is asked of anybody."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tfc_plan_comment.report.write.markdown import text
from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox
from tfc_sandbox.runner import Runner, StepResult

Serve = Callable[..., HcpTerraformSandbox]
Step = Callable[..., StepResult]
Refuses = Callable[..., StepResult]

CORRECT = "Correct the template; docs/templates.md lists what it may use."


@pytest.fixture
def refuses(serve: Serve, step: Step, github: GitHubSandbox) -> Refuses:
    """Runs a step that must end with this message, in the annotation and the step summary, without any request."""

    def refuses(message: str, **inputs: str) -> StepResult:
        server = serve()
        done = step(server, **inputs)
        annotation = message.replace("%", "%25").replace("\n", "%0A")
        assert [line for line in done.log.splitlines() if not line.startswith("::add-mask::")] == [
            f"::error::{annotation}"
        ]
        assert done.summary == f"\n> [!CAUTION]\n> {text(message)}\n"
        assert (done.exit_code, done.outputs) == (1, {})
        assert [*server.requests, *server.archivist.requests, *github.requests] == []
        return done

    return refuses


@pytest.fixture
def template(runner: Runner) -> Callable[[str], Path]:
    """Writes a template into the workspace."""

    def template(source: str) -> Path:
        path = runner.workspace / "comment.j2"
        path.write_text(source, encoding="utf-8")
        return path

    return template


Template = Callable[[str], Path]


def test_every_problem_in_one_message(refuses: Refuses, template: Template) -> None:
    """Each problem has its own line, the template's among them, and everything can be corrected at once."""
    path = template("{{ marker }}\n{{ headlin }}\n")
    refuses(
        "The inputs cannot be used: 6 problems. Correct them:\n"
        "- Input 'timout': there is no input with this name. Use timeout, if you meant that.\n"
        "- Input comment: 'maybe' is not a valid value. Use update, recreate or none.\n"
        "- Input plan-json-path: '../elsewhere' points outside the workspace. Use a path in the workspace.\n"
        "- Input redact: line 2 is not a regular expression (unterminated character set at position 0). Use"
        " the syntax of Python's re module.\n"
        "- Inputs run-id, plan-id: each of them names a plan to show. Set exactly one of organization, run-id,"
        " plan-id, cloud-plan, plan-json and summaries.\n"
        f"- Cannot render the template {path}: there is no headlin. {CORRECT}",
        timout="1h",
        comment="maybe",
        plan_json_path="../elsewhere",
        redact="fine\n[unfinished",
        plan_id="plan-1",
        template="comment.j2",
    )


def test_one_problem_is_one_sentence(refuses: Refuses) -> None:
    """A single problem stands alone."""
    refuses(
        "Input timeout: '3 days' is not a duration. Use seconds, minutes or hours, such as 90s, 30m or 1h.",
        timeout="3 days",
    )


def test_token_is_not_shown(refuses: Refuses) -> None:
    """A token that cannot be one appears nowhere but in its mask."""
    done = refuses(
        "Input token: its value contains a space, a line break or another character that no token contains. "
        "Set it to the token alone, without “Bearer” or quotes; the value is not shown here.",
        token="Bearer abcdefgh",
    )
    assert done.log.splitlines()[0] == "::add-mask::Bearer abcdefgh"
    assert done.log.count("abcdefgh") == 1
    assert "abcdefgh" not in done.summary


def test_ca_bundle_that_is_none(refuses: Refuses, runner: Runner) -> None:
    """A CA bundle without a certificate is found out before the first request."""
    (runner.workspace / "ca.pem").write_text("nothing", encoding="utf-8")
    refuses(
        f"Input ca-bundle: '{runner.workspace}/ca.pem' cannot be read as PEM certificates. Use a file with one or more"
        " blocks that start with -----BEGIN CERTIFICATE-----.",
        ca_bundle="ca.pem",
    )


class TestTemplate:
    """A template that cannot be used is found out with the other inputs."""

    @pytest.mark.parametrize(
        ("source", "why"),
        [
            ("{{ marker }}\n{% if %}\n", "line 2: Expected an expression, got 'end of statement block'"),
            ("{{ marker }}\n{{ secret }}{{ environ }}\n", "there is no environ, secret"),
            ("Hello\n{{ marker }}\n", "its first line is not {{ marker }} alone"),
            (
                "{{ marker }}\n{{ run.nothing }}\n",
                "'tfc_plan_comment.report.view.RunView object' has no attribute 'nothing'",
            ),
            ("{{ marker }}\n{{ 1 // 0 }}\n", "integer division or modulo by zero"),
        ],
    )
    def test_that_is_wrong(self, refuses: Refuses, template: Template, source: str, why: str) -> None:
        """Its syntax, the names in it, the marker, and what happens when it is tried."""
        path = template(source)
        refuses(f"Cannot render the template {path}: {why}. {CORRECT}", template="comment.j2")

    def test_that_is_not_utf_8(self, refuses: Refuses, runner: Runner) -> None:
        """A template in another encoding is no template."""
        (runner.workspace / "comment.j2").write_bytes(b"\xff\xfe{")
        refuses(
            f"Cannot read the template {runner.workspace}/comment.j2: it is not UTF-8. Save it as UTF-8.",
            template="comment.j2",
        )

    def test_that_is_not_there(self, refuses: Refuses) -> None:
        """The input is named, and the path as it was given."""
        refuses(
            "Input template: 'nowhere.j2' cannot be read (No such file or directory). Use the path of a file that"
            " exists when this step starts, relative to the workspace.",
            template="nowhere.j2",
        )

    def test_that_is_good(self, serve: Serve, step: Step, template: Template, github: GitHubSandbox) -> None:
        """The comment is the template's."""
        template("{{ marker }}\n## {{ headline }}\n{{ sentence }}\n")
        assert step(serve(), template="comment.j2").exit_code == 0
        assert github.comments[0].body.splitlines()[2:] == [
            "## destroys 2 resources with data, 2 changes deserve a look",
            "Plan: 4 to add, 6 to change, 3 to destroy.",
        ]

    def test_that_fails_on_this_plan(
        self, serve: Serve, step: Step, template: Template, github: GitHubSandbox, runner: Runner
    ) -> None:
        """A template that was good for the example, but not for this plan, fails the step; ours takes its place."""
        template("{{ marker }}\n{{ 7 // (changes | length - 11) }}\n")
        done = step(serve(), template="comment.j2")
        sentence = (
            f"Cannot render the template {runner.workspace}/comment.j2: integer division or modulo by zero. {CORRECT}"
        )
        assert done.exit_code == 1
        assert f"::error::{sentence}" in done.log.splitlines()
        assert done.outputs["comment-result"] == "created"
        assert done.outputs["to-add"] == "4"
        for report in (github.comments[0].body, done.summary):
            assert "Plan: 4 to add, 6 to change, 3 to destroy." in report
            assert report.count("integer division or modulo by zero") == 1
