"""Inputs become one `Settings`, or one sentence for each problem."""

import os
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.errors import SettingsError
from tfc_plan_comment.findings.gate import Condition, FailOn
from tfc_plan_comment.plan.attention_settings import Ignored
from tfc_plan_comment.settings.settings import (
    CommentMode,
    CommentScope,
    CommentWhen,
    PlanAccess,
    SentinelMocks,
    Settings,
    WaitFor,
)
from tfc_plan_comment.settings.source import PlanFile, PlanId, RunIds, RunsOfCommit, Summaries

TOKEN = "aBcDeFgHiJkLmN.atlasv1.secretsecretsecret"
RUN = {"run-id": "run-1", "token": TOKEN}

Read = Callable[..., Settings]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "plan.json").write_text("{}")
    return folder


@pytest.fixture
def runner_temp(tmp_path: Path) -> Path:
    folder = tmp_path / "temp"
    folder.mkdir()
    return folder


@pytest.fixture
def read(workspace: Path, runner_temp: Path) -> Read:
    """Reads inputs as the runner would hand them in: `read({"run-id": "run-1"})`."""

    def read(inputs: dict[str, str]) -> Settings:
        environ = {f"INPUT_{name.replace(' ', '_').upper()}": text for name, text in inputs.items()}
        return Settings.from_inputs(environ, workspace=workspace, runner_temp=runner_temp)

    return read


def problem(read: Read, inputs: dict[str, str]) -> str:
    """The text of the error that these inputs give."""
    with pytest.raises(SettingsError) as caught:
        read(inputs)
    return str(caught.value)


def test_only_a_run_and_a_token_are_needed(read: Read) -> None:
    """Everything else has a default."""
    assert read(RUN) == Settings(source=RunIds(("run-1",)), token=TOKEN)


def test_an_empty_input_is_one_that_was_not_given(read: Read) -> None:
    """The runner hands in an empty string for an input that the workflow leaves out."""
    empty = dict.fromkeys(["hostname", "timeout", "plan-id", "comment", "redact", "template", "github-token"], "")

    assert read({**RUN, **empty, "comment-key": " \n"}) == read(RUN)


def test_every_input_arrives(read: Read, workspace: Path, runner_temp: Path) -> None:
    """Each input is read into its field, with its type, and without the white space around it."""
    (workspace / "comment.md.j2").write_text("")
    (runner_temp / "ca.pem").write_text("")
    settings = read(
        {
            "token": f" {TOKEN}\n",
            "hostname": "tfe.example.com",
            "plan-id": "plan-2",
            "plan-access": "redacted",
            "timeout": "90s",
            "max-plan-size": "500MB",
            "github-token": "gho_x",
            "pr-number": "42",
            "comment": "recreate",
            "comment-mode": "each",
            "comment-when": "changes",
            "comment-key": "production (EU)",
            "attention": "false",
            "attention-ignore": ' aws-open-port \n\n iam-trust  module.a["x y"].* ',
            "fail-on": " drift,destroy\n\n data-loss , destroy",
            "labels": "true",
            "template": "comment.md.j2",
            "plan-json-path": "out/plan.json",
            "summary-json-path": str(workspace / "summary.json"),
            "report": "true",
            "report-path": "out/report.html",
            "report-artifact": "report of <run-id>",
            "sentinel-mocks": "required",
            "sentinel-mocks-path": "out/mocks.tar.gz",
            "sentinel-mocks-artifact": "mocks of <run-id>",
            "artifact-retention-days": "90",
            "sentinel-mocks-keep": "true",
            "ca-bundle": str(runner_temp / "ca.pem"),
            "redact": "  acme-[0-9]+\n\r\n (?i)internal\\.example  ",
            "reveal": ' aws_a.b.value \n\n module.a["x y"].* ',
        }
    )

    assert settings == Settings(
        token=TOKEN,
        hostname="tfe.example.com",
        source=PlanId("plan-2"),
        plan_access=PlanAccess.REDACTED,
        timeout=timedelta(seconds=90),
        max_plan_size=500_000_000,
        github_token="gho_x",
        pr_number=42,
        comment=CommentMode.RECREATE,
        comment_mode=CommentScope.EACH,
        comment_when=CommentWhen.CHANGES,
        comment_key="production (EU)",
        attention=False,
        attention_ignore=(Ignored("aws-open-port"), Ignored("iam-trust", 'module.a["x y"].*')),
        fail_on=FailOn(conditions=(Condition.DESTROY, Condition.DATA_LOSS, Condition.DRIFT)),
        labels=True,
        template=workspace / "comment.md.j2",
        plan_json_path=workspace / "out" / "plan.json",
        summary_json_path=workspace / "summary.json",
        report=True,
        report_path=workspace / "out" / "report.html",
        report_artifact="report of <run-id>",
        sentinel_mocks=SentinelMocks.REQUIRED,
        sentinel_mocks_path=workspace / "out" / "mocks.tar.gz",
        sentinel_mocks_artifact="mocks of <run-id>",
        artifact_retention_days=90,
        sentinel_mocks_keep=True,
        ca_bundle=runner_temp / "ca.pem",
        redact=(re.compile("acme-[0-9]+"), re.compile("(?i)internal\\.example")),
        reveal=("aws_a.b.value", 'module.a["x y"].*'),
    )


def test_a_repr_holds_no_token(read: Read) -> None:
    """Settings can be logged."""
    settings = read({**RUN, "github-token": "ghs_hidden"})

    assert TOKEN not in repr(settings)
    assert "ghs_hidden" not in repr(settings)


def test_all_problems_come_in_one_error(read: Read) -> None:
    """A workflow with three mistakes is corrected once, not three times."""
    text = problem(read, {"run_id": "run-1", "run-id": "nonsense", "timeout": "soon", "token": TOKEN})

    assert text == (
        "The inputs cannot be used: 3 problems. Correct them:\n"
        "- Input 'run_id': there is no input with this name. Use run-id, if you meant that.\n"
        "- Input run-id: 'nonsense' is not the id of a run. Use an id such as run-CZcmD7eagjhyX0vN.\n"
        "- Input timeout: 'soon' is not a duration. Use seconds, minutes or hours, such as 90s, 30m or 1h."
    )


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        pytest.param(
            {"token": TOKEN},
            "Inputs: none of them names a plan to show."
            " Set exactly one of organization, run-id, plan-id, cloud-plan, plan-json and summaries.",
            id="no source",
        ),
        pytest.param(
            {**RUN, "plan-json": "plan.json"},
            "Inputs run-id, plan-json: each of them names a plan to show. "
            "Set exactly one of organization, run-id, plan-id, cloud-plan, plan-json and summaries.",
            id="two sources",
        ),
        pytest.param(
            {"plan-id": "plan-1"},
            "Input token: it is empty, and plan-id needs it. "
            "Set it to an HCP Terraform user or team token; a pull request from a fork gets no secrets.",
            id="no token",
        ),
        pytest.param(
            {**RUN, "policies": "true"},
            "Input 'policies': there is no input with this name. Remove it.",
            id="unknown input",
        ),
        pytest.param(
            {**RUN, "timeot": ""},
            "Input 'timeot': there is no input with this name. Use timeout, if you meant that.",
            id="misspelt input, though empty",
        ),
        pytest.param(
            {**RUN, "plan-access": "admin"},
            "Input plan-access: 'admin' is not a valid value. Use auto, full or redacted.",
            id="plan-access",
        ),
        pytest.param(
            {**RUN, "comment": "Update"},
            "Input comment: 'Update' is not a valid value. Use update, recreate or none.",
            id="comment",
        ),
        pytest.param(
            {**RUN, "comment-when": "never"},
            "Input comment-when: 'never' is not a valid value. Use always or changes.",
            id="comment-when",
        ),
        pytest.param(
            {**RUN, "pr-number": "#12"},
            "Input pr-number: '#12' is not the number of a pull request. Use digits only, such as 42.",
            id="pr-number",
        ),
        pytest.param(
            {**RUN, "comment-key": "a\nb"},
            "Input comment-key: 'a\\nb' is too long or not a single line. Use up to 200 printable characters.",
            id="comment-key with a line break",
        ),
        pytest.param(
            {**RUN, "comment-key": "k" * 201},
            f"Input comment-key: '{'k' * 79}…' is too long or not a single line. Use up to 200 printable characters.",
            id="comment-key too long",
        ),
        pytest.param(
            {**RUN, "timeout": "0m"},
            "Input timeout: '0m' is out of range. Use at least 1s and at most 24h.",
            id="no time at all",
        ),
        pytest.param(
            {"summaries": "parts/*.json"},
            "Input summaries: 'parts/*.json' matches no file. "
            "Use a pattern that matches the files when this step starts, relative to the workspace.",
            id="a pattern that matches nothing",
        ),
        pytest.param(
            {"summaries": "a**/x"},
            "Input summaries: 'a**/x' cannot be used (Invalid pattern: '**' can only be an entire path component). "
            "Use a pattern such as summaries/*.json.",
            id="no pattern",
            marks=pytest.mark.skipif(sys.version_info >= (3, 13), reason="newer Pythons take it for a*"),
        ),
        pytest.param(
            {"summaries": "/etc/*"},
            "Input summaries: '/etc/*' cannot be used (Non-relative patterns are unsupported). "
            "Use a pattern such as summaries/*.json.",
            id="a pattern outside of the workspace",
        ),
        pytest.param(
            {**RUN, "timeout": "25h"},
            "Input timeout: '25h' is out of range. Use at least 1s and at most 24h.",
            id="more than a day",
        ),
    ],
)
def test_a_problem_is_one_sentence(read: Read, inputs: dict[str, str], expected: str) -> None:
    """It names the input, the value and what is allowed."""
    assert problem(read, inputs) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1s", timedelta(seconds=1)), ("45m", timedelta(minutes=45)), ("24h", timedelta(days=1))],
)
def test_a_timeout_has_a_unit(read: Read, text: str, expected: timedelta) -> None:
    """Seconds, minutes and hours are understood."""
    assert read({**RUN, "timeout": text}).timeout == expected


@pytest.mark.parametrize("text", ["30", "1h30m", "-5m", "1.5h", "5 m", "٣m", "9999999s", "30M"])
def test_nothing_else_is_a_timeout(read: Read, text: str) -> None:
    """No bare number, no sum, no fraction, no other digits."""
    assert problem(read, {**RUN, "timeout": text}) == (
        f"Input timeout: {text!r} is not a duration. Use seconds, minutes or hours, such as 90s, 30m or 1h."
    )


@pytest.mark.parametrize(
    ("text", "expected"), [("1KB", 1_000), ("500MB", 500_000_000), ("2GB", 2_000_000_000), ("64GB", 64_000_000_000)]
)
def test_a_size_has_a_unit(read: Read, text: str, expected: int) -> None:
    """Kilobytes, megabytes and gigabytes are understood, each a thousand of the one before."""
    assert read({**RUN, "max-plan-size": text}).max_plan_size == expected


@pytest.mark.parametrize(
    "text", ["2000", "0GB", "2GiB", "2 GB", "1.5GB", "2gb", "2G", "-1GB", "٣GB", "1000000MB", "TB"]
)
def test_nothing_else_is_a_size(read: Read, text: str) -> None:
    """No bare number, no fraction, no other unit, and not nothing at all."""
    assert problem(read, {**RUN, "max-plan-size": text}) == (
        f"Input max-plan-size: {text!r} is not a size. Use a whole number of KB, MB or GB, such as 500MB or 2GB;"
        " 1GB is 1,000,000,000 bytes."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("app.terraform.io", "app.terraform.io"),
        ("TFE.Example.com:8443", "tfe.example.com:8443"),
        ("https://tfe.example.com/", "tfe.example.com"),
        ("tfe", "tfe"),
        ("10.0.0.7:443", "10.0.0.7:443"),
        ("https://[2001:db8::1]:8443", "[2001:db8::1]:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_a_host_name_becomes_bare(read: Read, text: str, expected: str) -> None:
    """`https://` and a last slash mean nothing; `http://` stays, for loopback addresses only."""
    assert read({**RUN, "hostname": text}).hostname == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://app.terraform.io/app/acme", "https://app.terraform.io/…"),
        ("app.terraform.io/app", "app.terraform.io/app"),
        ("app.terraform.io:0", "app.terraform.io:0"),
        ("app.terraform.io:65536", "app.terraform.io:65536"),
        ("app terraform io", "app terraform io"),
        ("-a.example.com", "-a.example.com"),
        ("a..example.com", "a..example.com"),
        ("tfe.example.com.", "tfe.example.com."),
        ("a_b.example.com", "a_b.example.com"),
        ("münchen.example", "münchen.example"),
        ("127.1", "127.1"),
        ("[::1", "[::1"),
        ("[1::2::3]", "[1::2::3]"),
        ("ftp://tfe.example.com", "ftp://tfe.example.com/…"),
        ("host.example?x=1", "host.example?x=1"),
    ],
)
def test_nothing_else_is_a_host_name(read: Read, text: str, shown: str) -> None:
    """A path, a query, a port that is none, or a name that DNS does not know, is refused."""
    assert problem(read, {**RUN, "hostname": text}) == (
        f"Input hostname: {shown!r} is not a host name. "
        "Use the name alone, such as app.terraform.io or tfe.example.com:8443."
    )


@pytest.mark.parametrize("host", ["tfe.example.com", "10.0.0.1:80", "localhost.example.com", "[2001:db8::1]"])
def test_the_token_is_never_sent_unencrypted(read: Read, host: str) -> None:
    """`http://` is refused for every host but a loopback address."""
    assert problem(read, {**RUN, "hostname": f"http://{host}"}) == (
        f"Input hostname: the token would go to 'http://{host}/…' unencrypted. Use the name alone, which means "
        "https; http:// is only for loopback addresses, such as http://127.0.0.1:8080."
    )


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (
            {"run-id": "https://app.terraform.io/app/acme/workspaces/web/runs/run-abc123", "token": TOKEN},
            "Input run-id: 'https://app.terraform.io/…' is not the id of a run. Use the id alone: run-abc123.",
        ),
        (
            {"plan-id": "/api/v2/plans/plan-9", "token": TOKEN},
            "Input plan-id: '/api/v2/plans/plan-9' is not the id of a plan. Use the id alone: plan-9.",
        ),
        (
            {"plan-id": "run-9", "token": TOKEN},
            "Input plan-id: 'run-9' is not the id of a plan. Use an id such as plan-8F5JFydVYAmtTjET.",
        ),
        (
            {"run-id": "run-1/../2", "token": TOKEN},
            "Input run-id: 'run-1/../2' is not the id of a run. Use the id alone: run-1.",
        ),
    ],
)
def test_an_id_is_not_a_url(read: Read, inputs: dict[str, str], expected: str) -> None:
    """An address that was pasted is refused, and the id in it is pointed out."""
    assert problem(read, inputs) == expected


def test_several_runs(read: Read) -> None:
    """One on each line; blank ones do not count."""
    assert read({**RUN, "run-id": " run-1 \n\n run-2\n"}).source == RunIds(("run-1", "run-2"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, RunsOfCommit("acme-1_x")),
        ("prod", RunsOfCommit("acme-1_x", ("prod",))),
        (" prod\n\n app-*\r\n*", RunsOfCommit("acme-1_x", ("prod", "app-*", "*"))),
    ],
)
def test_the_runs_of_the_commit(read: Read, text: str | None, expected: RunsOfCommit) -> None:
    """In an organization, of all of its workspaces or of those that are named."""
    workspaces = {} if text is None else {"workspaces": text}

    assert read({"token": TOKEN, "organization": "acme-1_x", **workspaces}) == Settings(source=expected, token=TOKEN)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        pytest.param(
            {**RUN, "run-id": "run-1\nnonsense\nplan-3"},
            "Input run-id: 'nonsense' is not the id of a run; 'plan-3' is not the id of a run."
            " Use an id such as run-CZcmD7eagjhyX0vN.",
            id="every id is checked",
        ),
        pytest.param(
            {**RUN, "run-id": "run-1\nrun-2\nrun-1"},
            "Input run-id: 'run-1' is there more than once. Name each once.",
            id="a run twice",
        ),
        pytest.param(
            {**RUN, "run-id": "\n".join(f"run-{number}" for number in range(201))},
            "Input run-id: it has 201 names. Use at most 200.",
            id="too many runs",
        ),
        pytest.param(
            {"organization": "acme"},
            "Input token: it is empty, and organization needs it."
            " Set it to an HCP Terraform user or team token; a pull request from a fork gets no secrets.",
            id="organization without token",
        ),
        pytest.param(
            {**RUN, "organization": "acme"},
            "Inputs organization, run-id: each of them names a plan to show. "
            "Set exactly one of organization, run-id, plan-id, cloud-plan, plan-json and summaries.",
            id="organization and run",
        ),
        pytest.param(
            {"token": TOKEN, "organization": "https://app.terraform.io/app/acme"},
            "Input organization: 'https://app.terraform.io/…' is not the name of an organization."
            " Use the name alone, such as acme.",
            id="address of an organization",
        ),
        pytest.param(
            {"token": TOKEN, "organization": "acme", "workspaces": "prod, staging\nacme/dev\nprod-[ab]"},
            "Input workspaces: 'prod, staging' is not the name of a workspace; 'acme/dev' is not the name of a"
            " workspace; 'prod-[ab]' is not the name of a workspace."
            " Put each name on its own line, such as prod or prod-*, without the organization.",
            id="unfit names of workspaces",
        ),
        pytest.param(
            {"token": TOKEN, "organization": "acme", "workspaces": "prod\nprod"},
            "Input workspaces: 'prod' is there more than once. Name each once.",
            id="a workspace twice",
        ),
        pytest.param(
            {**RUN, "workspaces": "prod"},
            "Input workspaces: it needs organization, which is empty. Set organization, or remove workspaces.",
            id="workspaces and run",
        ),
        pytest.param(
            {"workspaces": "prod"},
            "The inputs cannot be used: 2 problems. Correct them:\n"
            "- Input workspaces: it needs organization, which is empty. Set organization, or remove workspaces.\n"
            "- Input token: it is empty, and workspaces needs it."
            " Set it to an HCP Terraform user or team token; a pull request from a fork gets no secrets.",
            id="workspaces alone",
        ),
        pytest.param(
            {"organization": "a b", "workspaces": "c d", "run-id": "e"},
            "The inputs cannot be used: 5 problems. Correct them:\n"
            "- Input organization: 'a b' is not the name of an organization. Use the name alone, such as acme.\n"
            "- Input workspaces: 'c d' is not the name of a workspace."
            " Put each name on its own line, such as prod or prod-*, without the organization.\n"
            "- Input run-id: 'e' is not the id of a run. Use an id such as run-CZcmD7eagjhyX0vN.\n"
            "- Inputs organization, run-id: each of them names a plan to show. "
            "Set exactly one of organization, run-id, plan-id, cloud-plan, plan-json and summaries.\n"
            "- Input token: it is empty, and organization needs it."
            " Set it to an HCP Terraform user or team token; a pull request from a fork gets no secrets.",
            id="all at once",
        ),
    ],
)
def test_what_names_no_runs(read: Read, inputs: dict[str, str], expected: str) -> None:
    """It is refused before anything is asked, and everything that is wrong is told at once."""
    assert problem(read, inputs) == expected


@pytest.mark.parametrize("name", ["token", "github-token"])
@pytest.mark.parametrize("token", ["Bearer abcdef", "abc\ndef", '"abc def"', "abcdéf"])
def test_a_malformed_token_is_not_shown(read: Read, name: str, token: str) -> None:
    """A token that cannot be one is refused before it is sent, and stays a secret."""
    assert problem(read, {**RUN, name: token}) == (
        f"Input {name}: its value contains a space, a line break or another character that no token contains. "
        "Set it to the token alone, without “Bearer” or quotes; the value is not shown here."
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (TOKEN, "what looks like a secret"),
        ("ghp_0123456789abcdef", "what looks like a secret"),
        ("github_pat_0123456789abcdef", "what looks like a secret"),
        ("gho_0", "what looks like a secret"),
        (f"glpat-{'a1B2' * 5}", "what looks like a secret"),
        (f"run-{'a1B2' * 4} AKIA{'Q3R4' * 4}", "what looks like a secret"),
        ("password=Zq7vW9kPxw2m", "what looks like a secret"),
        (f"https://xoxb-1234567890-{'a1B2' * 5}/", "what looks like a secret"),
        ("paths_of_highs_1", "'paths_of_highs_1'"),
        ("https://archivist.example/v1/object/secret", "'https://archivist.example/…'"),
        ("https://blob.example?sig=secret", "'https://blob.example/…'"),
        ("https://user:pass/secret@tfe.example.com/x", "'https:///…'"),
        ("user:secret@tfe.example.com", "'…@tfe.example.com'"),
        ("run-\x1b[31m::error::x", "'run-\\x1b[31m::error::x'"),
    ],
)
def test_a_secret_in_the_wrong_input_is_not_shown(read: Read, text: str, shown: str) -> None:
    """What may be a token, a password or a signature is left out of the sentence; control characters are escaped."""
    assert problem(read, {"token": TOKEN, "run-id": text}) == (
        f"Input run-id: {shown} is not the id of a run. Use an id such as run-CZcmD7eagjhyX0vN."
    )


@pytest.mark.parametrize("name", ["plan-json", "cloud-plan", "template", "ca-bundle"])
def test_a_file_to_read_is_there(read: Read, name: str) -> None:
    """A path that names nothing is refused before anything is sent."""
    inputs = {"token": TOKEN, name: "none.json"} | ({} if name in {"plan-json", "cloud-plan"} else RUN)

    assert problem(read, inputs) == (
        f"Input {name}: 'none.json' cannot be read (No such file or directory). "
        "Use the path of a file that exists when this step starts, relative to the workspace."
    )


def test_a_plan_on_disk_needs_no_token(read: Read, workspace: Path) -> None:
    """No server is asked, so nothing but the path is needed."""
    assert read({"plan-json": "plan.json"}) == Settings(source=PlanFile(workspace / "plan.json"))


def test_a_file_to_read_may_lie_in_the_runners_temporary_folder(read: Read, runner_temp: Path) -> None:
    """An earlier step may keep the plan out of the checkout."""
    (runner_temp / "plan.json").write_text("{}")

    assert read({"plan-json": str(runner_temp / "plan.json")}).source == PlanFile(runner_temp / "plan.json")


def test_without_a_temporary_folder_only_the_workspace_is_read(workspace: Path, runner_temp: Path) -> None:
    """The folder is optional: it is the runner's."""
    (runner_temp / "plan.json").write_text("{}")
    environ = {"INPUT_PLAN-JSON": str(runner_temp / "plan.json")}

    with pytest.raises(SettingsError, match="points outside the workspace"):
        Settings.from_inputs(environ, workspace=workspace, runner_temp=None)


@pytest.mark.parametrize("text", ["../secret.json", "/etc/hostname", "link.json", "linked/hostname"])
def test_a_file_to_read_lies_in_the_workspace_or_the_temporary_folder(read: Read, workspace: Path, text: str) -> None:
    """Neither `..` nor a symbolic link leads out of them: a pull request can bring its own links."""
    (workspace.parent / "secret.json").write_text("{}")
    (workspace / "link.json").symlink_to("../secret.json")
    (workspace / "linked").symlink_to("/etc")

    assert problem(read, {"plan-json": text}) == (
        f"Input plan-json: {text!r} points outside the workspace and the runner's temporary folder. "
        "Copy the file into one of them in an earlier step."
    )


@pytest.mark.parametrize("text", [".", "folder", "pipe"])
def test_a_file_to_read_is_a_file(read: Read, workspace: Path, text: str) -> None:
    """Reading a folder fails and reading a pipe would never end."""
    (workspace / "folder").mkdir()
    os.mkfifo(workspace / "pipe")

    assert problem(read, {"plan-json": text}) == (
        f"Input plan-json: {text!r} is not a regular file. Use the path of a file."
    )


@pytest.mark.parametrize("text", ["../out.json", "/out.json", "link.json"])
def test_a_file_to_write_lies_in_the_workspace(read: Read, workspace: Path, runner_temp: Path, text: str) -> None:
    """Only a path in the workspace can be named to the steps that follow: outside the container all else moves."""
    (workspace / "link.json").symlink_to(runner_temp / "new.json")

    assert problem(read, {**RUN, "plan-json-path": text}) == (
        f"Input plan-json-path: {text!r} points outside the workspace. Use a path in the workspace."
    )


@pytest.mark.parametrize("text", [".", "folder", "plan.json/out.json"])
def test_a_file_to_write_is_no_folder(read: Read, workspace: Path, text: str) -> None:
    """A folder cannot be written, nor a file below a file."""
    (workspace / "folder").mkdir()

    assert problem(read, {**RUN, "summary-json-path": text}) == (
        f"Input summary-json-path: {text!r} is a folder, or a part of it is a file. "
        "Use a path where a file can be written."
    )


def test_a_file_to_write_may_be_there(read: Read, workspace: Path) -> None:
    """Running again on a self-hosted runner overwrites the file of the last run."""
    assert read({**RUN, "plan-json-path": "plan.json"}).plan_json_path == workspace / "plan.json"


@pytest.mark.parametrize("name", ["template", "plan-json-path"])
def test_links_in_a_circle_are_named(read: Read, workspace: Path, name: str) -> None:
    """They are an error in the input, not in the action."""
    (workspace / "a").symlink_to("b")
    (workspace / "b").symlink_to("a")

    assert problem(read, {**RUN, name: "a"}) == (
        f"Input {name}: 'a' is a symbolic link that leads back to itself. Use another path."
    )


def test_a_path_that_no_file_can_have_is_named(read: Read) -> None:
    """The file system's own reason is given."""
    assert problem(read, {**RUN, "plan-json-path": "x" * 300}) == (
        f"Input plan-json-path: '{'x' * 79}…' cannot be used (File name too long). Use another path."
    )


@pytest.mark.parametrize(
    ("inputs", "names"),
    [
        (
            {**RUN, "plan-json-path": "a/../o.json", "summary-json-path": "o.json"},
            "plan-json-path and summary-json-path",
        ),
        ({"plan-json": "plan.json", "plan-json-path": "plan.json"}, "plan-json and plan-json-path"),
        ({**RUN, "template": "plan.json", "summary-json-path": "plan.json"}, "template and summary-json-path"),
    ],
)
def test_no_file_overwrites_another(read: Read, inputs: dict[str, str], names: str) -> None:
    """Two files to write, or one to read and one to write, are never the same."""
    assert problem(read, inputs) == f"Inputs {names}: both name the same file. Use a different path for each."


def test_two_inputs_may_read_the_same_file(read: Read, workspace: Path) -> None:
    """Odd, but harmless."""
    settings = read({**RUN, "template": "plan.json", "ca-bundle": "plan.json"})

    assert settings.template == settings.ca_bundle == workspace / "plan.json"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("fine\nhunter2(", "line 2 is not a regular expression (missing ), unterminated subpattern at position 7)"),
        ("[[:alpha:]]+", "line 1 is not a regular expression (Possible nested set at position 1)"),
        ("a{99999999999}", "line 1 is not a regular expression (the repetition number is too large)"),
    ],
)
def test_a_line_that_is_no_regular_expression_is_named(read: Read, text: str, reason: str) -> None:
    """By its number: the pattern may be what is to be hidden. A POSIX class would hide nothing, so it is refused."""
    assert problem(read, {**RUN, "redact": text}) == (f"Input redact: {reason}. Use the syntax of Python's re module.")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "aws_a.b aws_a.c",
            (
                "'aws_a.b aws_a.c' is more than an address or a path. Put each on its own line, such as "
                "aws_lambda_function.api or module.a.aws_instance.b.user_data."
            ),
        ),
        ("aws_a.b\naws_a.b", "'aws_a.b' is there more than once. Name each once."),
    ],
)
def test_a_line_that_is_no_place(read: Read, text: str, reason: str) -> None:
    """Each line is one address, or a path behind one."""
    assert problem(read, {**RUN, "reveal": text}) == f"Input reveal: {reason}"


@pytest.mark.parametrize("text", ["a*", "x|", "^", "(?:)"])
def test_a_pattern_that_masks_everything_is_refused(read: Read, text: str) -> None:
    """A pattern that matches the empty text would put a mask between all characters."""
    assert problem(read, {**RUN, "redact": f"ok\n\n{text}"}) == (
        "Input redact: line 3 matches an empty text, so it would mask everything. Make it match at least one character."
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "iam-trust\naws-open-prt module.a",
            (
                "line 2, 'aws-open-prt module.a', does not start with the id of a rule. "
                "Use aws-open-port, if you meant that; docs/attention.md lists all rules."
            ),
        ),
        (
            "aws_instance.web",
            (
                "line 1, 'aws_instance.web', does not start with the id of a rule. "
                "Put the id of a rule first; docs/attention.md lists all rules."
            ),
        ),
        (
            'iam-trust a.b, c.d["e f"]',
            (
                "line 1, 'iam-trust a.b, c.d[\"e f\"]', contains more than a rule and an address pattern. "
                "Put each pair on its own line, such as aws-open-port module.edge.*."
            ),
        ),
        (
            "x\niam-trust\ny",
            (
                "line 1, 'x', does not start with the id of a rule; "
                "line 3, 'y', does not start with the id of a rule. "
                "Put the id of a rule first; docs/attention.md lists all rules."
            ),
        ),
    ],
)
def test_a_line_that_ignores_no_rule_is_named(read: Read, text: str, reason: str) -> None:
    """Each line that is broken, or names a rule that is not there: it would ignore nothing, and nobody would know."""
    assert problem(read, {**RUN, "attention-ignore": text}) == f"Input attention-ignore: {reason}"


WORDS = (
    "Use any of destroy, replace, data-loss, attention, policy-failed, task-failed, checks-failed, errored, drift and "
    "cost-increase:100."
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("destroyed", "'destroyed' is nothing that the step can fail on"),
        ("cost-increase", "'cost-increase' is nothing that the step can fail on"),
        ("cost-increase:$5", "'cost-increase:$5' is nothing that the step can fail on"),
        ("drift, Destroy\npolicy failed", "'Destroy', 'policy failed' are nothing that the step can fail on"),
    ],
)
def test_a_word_on_which_nothing_fails_is_named(read: Read, text: str, reason: str) -> None:
    """All of them at once, with those that are known: a gate that is misspelt would let everything pass."""
    assert problem(read, {**RUN, "fail-on": text}) == f"Input fail-on: {reason}. {WORDS}"


@pytest.mark.parametrize("source", ["plan-id", "plan-json"])
def test_what_only_a_run_can_say_needs_a_run(read: Read, source: str) -> None:
    """Without one, nothing would ever be known of it."""
    inputs = {"plan-id": {"plan-id": "plan-1", "token": TOKEN}, "plan-json": {"plan-json": "plan.json"}}[source]
    assert problem(read, {**inputs, "fail-on": "task-failed, destroy, policy-failed"}) == (
        f"Input fail-on: only a run can say policy-failed and task-failed, and {source} names none. "
        f"Set organization, run-id or cloud-plan instead of {source}, or remove policy-failed and task-failed."
    )
    assert read({**inputs, "fail-on": "destroy"}).fail_on.conditions == (Condition.DESTROY,)


@pytest.mark.parametrize(("text", "dollars"), [("100", "100"), ("0", "0"), ("12.50", "12.5"), ("0.1", "0.1")])
def test_a_cost_has_its_limit(read: Read, text: str, dollars: str) -> None:
    """An exact number of dollars, with or without cents."""
    fail_on = read({**RUN, "fail-on": f"drift, cost-increase:{text}"}).fail_on
    assert fail_on == FailOn(conditions=(Condition.DRIFT, Condition.COST_INCREASE), dollars=Decimal(dollars))


def test_a_cost_has_one_limit(read: Read) -> None:
    """Nobody has to guess which one counts."""
    assert problem(read, {**RUN, "fail-on": "cost-increase:1,cost-increase:2"}) == (
        "Input fail-on: cost-increase:1 and cost-increase:2 are more than one limit. Use one of them."
    )


def test_what_is_judged_is_waited_for(read: Read) -> None:
    """As long as the plan may take; not to wait, and to judge, is a contradiction."""
    assert read({**RUN, "fail-on": "destroy, policy-failed"}).wait_for is WaitFor.CHECKS
    assert read({**RUN, "fail-on": "destroy"}).wait_for is None
    assert problem(read, {**RUN, "fail-on": "task-failed, cost-increase:5", "wait-for": "plan"}) == (
        "Inputs fail-on and wait-for: because of task-failed and cost-increase the step has to wait, and with "
        "wait-for: plan it does not. Remove wait-for or task-failed and cost-increase."
    )


def test_what_is_switched_off_cannot_fail_the_step(read: Read) -> None:
    """A gate on what nobody looks for would always pass."""
    assert problem(read, {**RUN, "attention": "false", "fail-on": "attention"}) == (
        "Inputs fail-on and attention: attention: false looks for nothing that deserves a look. Remove one of them."
    )
    assert not read({**RUN, "fail-on": " ,\n"}).fail_on


NAMES = [
    *("token", "hostname", "run-id", "plan-id", "cloud-plan", "plan-json", "plan-access", "timeout", "github-token"),
    *("pr-number", "comment", "comment-when", "comment-key", "template", "plan-json-path", "summary-json-path"),
    *("ca-bundle", "redact", "reveal", "attention", "attention-ignore", "fail-on", "labels"),
]


@given(st.dictionaries(st.sampled_from(NAMES), st.text(st.characters(exclude_characters="\0", codec="utf-8"))))
def test_whatever_is_given_the_answer_is_settings_or_sentences(inputs: dict[str, str]) -> None:
    """No text makes anything but a `SettingsError`, with one line for each problem and no token in it."""
    environ = {f"INPUT_{name.upper()}": text for name, text in inputs.items()}
    environ["INPUT_TOKEN"] = f"{TOKEN} {TOKEN}"
    workspace = Path("/nowhere")

    with pytest.raises(SettingsError) as caught:
        Settings.from_inputs(environ, workspace=workspace, runner_temp=None)

    assert TOKEN not in str(caught.value)
    assert all(line.endswith(".") for line in str(caught.value).split("\n")[1:])


def test_an_empty_artifact_name_means_none(read: Read) -> None:
    """The runner hands in the default for an input that is left out, so an empty one was emptied."""
    assert read({**RUN, "sentinel-mocks-artifact": " "}).sentinel_mocks_artifact == ""
    assert read({**RUN, "report-artifact": " "}).report_artifact == ""
    assert read(RUN).sentinel_mocks_artifact == "sentinel-mocks-<run-id>"
    assert read(RUN).report_artifact == "tfc-plan-report-<run-id>"


@pytest.mark.parametrize("name", ["sentinel-mocks-keep", "report", "labels"])
@pytest.mark.parametrize("text", ["True", "yes", "1", "required"])
def test_only_true_and_false_are_booleans(read: Read, name: str, text: str) -> None:
    """YAML's other words are not guessed at."""
    assert problem(read, {**RUN, name: text}) == (f"Input {name}: '{text}' is not a valid value. Use true or false.")


@pytest.mark.parametrize("text", ["0", "91", "100", "1.5", "-1", "one", "\u0663"])
def test_days_that_github_does_not_know(read: Read, text: str) -> None:
    """Artifacts are kept for one day to ninety."""
    assert problem(read, {**RUN, "artifact-retention-days": text}) == (
        f"Input artifact-retention-days: '{text}' is not a number of days that GitHub allows. Use 1 to 90."
    )


@pytest.mark.parametrize("text", ["a/b", "a\\b", 'a"b', "a:b", "a<b", "a>b", "a|b", "a*b", "a?b", "<run-id", "a\nb"])
@pytest.mark.parametrize("name", ["sentinel-mocks-artifact", "report-artifact"])
def test_names_that_no_artifact_has(read: Read, name: str, text: str) -> None:
    """What GitHub would refuse is refused before anything is asked for."""
    assert problem(read, {**RUN, name: text}) == (
        f"Input {name}: {text!r} cannot be the name of an artifact. Use up to 200 characters, without "
        '" < > | * ? : \\ /; only the placeholder <run-id> is allowed.'
    )


def test_a_name_that_is_too_long(read: Read) -> None:
    """It ends somewhere."""
    assert "cannot be the name of an artifact" in problem(read, {**RUN, "sentinel-mocks-artifact": "a" * 201})


@pytest.mark.parametrize("text", ["true", "required"])
def test_mocks_need_a_server(read: Read, text: str) -> None:
    """A plan JSON on disk has no mocks."""
    assert problem(read, {"plan-json": "plan.json", "sentinel-mocks": text}) == (
        "Input sentinel-mocks: the mocks come from HCP Terraform, and plan-json reads nothing from there. "
        "Set organization, run-id, plan-id or cloud-plan instead, or remove sentinel-mocks."
    )


def test_sentinel_mocks_has_three_values(read: Read) -> None:
    """Anything else is refused."""
    assert problem(read, {**RUN, "sentinel-mocks": "yes"}) == (
        "Input sentinel-mocks: 'yes' is not a valid value. Use false, true or required."
    )


def test_every_line_of_redact_is_checked(read: Read) -> None:
    """All lines that are wrong are told at once."""
    assert problem(read, {**RUN, "redact": "(\nok\n[[:alpha:]]\n"}).startswith("Input redact: line 1 is not")
    assert "; line 3 is not a regular expression" in problem(read, {**RUN, "redact": "(\nok\n[[:alpha:]]\n"})


def test_the_mocks_own_path_clashes_like_any_other(read: Read) -> None:
    """A kept file must not overwrite the Sentinel mocks, also where their path was not given."""
    inputs = {**RUN, "sentinel-mocks": "true", "plan-json-path": "sentinel-mocks.tar.gz"}

    assert problem(read, inputs) == (
        "Inputs plan-json-path and sentinel-mocks-path: both name the same file. Use a different path for each."
    )


def test_the_reports_path(read: Read) -> None:
    """Without one of the user's it has a name of its own in the workspace."""
    assert str(read({**RUN, "report": "true"}).report_path).endswith("/tfc-plan-report.html")
    assert str(read({**RUN, "report": "true", "report-path": "out/plan.html"}).report_path).endswith("/out/plan.html")


def test_the_reports_own_path_clashes_like_any_other(read: Read) -> None:
    """A kept file must not overwrite the report, also where its path was not given."""
    inputs = {**RUN, "report": "true", "summary-json-path": "tfc-plan-report.html"}

    assert problem(read, inputs) == (
        "Inputs summary-json-path and report-path: both name the same file. Use a different path for each."
    )


def test_a_report_outside_the_workspace(read: Read) -> None:
    """Files are written in the workspace only."""
    assert problem(read, {**RUN, "report": "true", "report-path": "../report.html"}) == (
        "Input report-path: '../report.html' points outside the workspace. Use a path in the workspace."
    )


class TestSummaries:
    """The files of other jobs, named by patterns."""

    @pytest.fixture(autouse=True)
    def _files(self, workspace: Path, runner_temp: Path) -> None:
        for path in ("parts/b/summary.json", "parts/a/summary.json", "parts/a/other.txt"):
            (workspace / path).parent.mkdir(parents=True, exist_ok=True)
            (workspace / path).write_text("{}")
        (runner_temp / "c.json").write_text("{}")

    def test_patterns(self, read: Read, workspace: Path, runner_temp: Path) -> None:
        """Each line is one, in the workspace or in the runner's temporary folder; a file counts once."""
        found = read({"summaries": f"parts/*/*.json\n{runner_temp}/*.json\n**/a/*.json"}).source
        names = (workspace / "parts/a/summary.json", workspace / "parts/b/summary.json", runner_temp / "c.json")
        assert found == Summaries(names)

    @pytest.mark.parametrize("name", ["sentinel-mocks", "report"])
    def test_what_they_cannot_give(self, read: Read, name: str) -> None:
        """Only the job that reads the plan can make more of it than the comment."""
        message = (
            f"^Input {name}: summaries only writes the comment on what other jobs have made. "
            f"Set {name} where these jobs set summary-json-path, or remove it.$"
        )
        with pytest.raises(SettingsError, match=message):
            read({"summaries": "parts/*/*.json", name: "true"})

    def test_one_comment(self, read: Read) -> None:
        """There is no other with them."""
        with pytest.raises(SettingsError, match=r"^Input comment-mode: summaries only writes the comment"):
            read({"summaries": "parts/*/*.json", "comment-mode": "each"})

    def test_other_sources(self, read: Read) -> None:
        """They are a source of their own."""
        with pytest.raises(SettingsError, match=r"^Inputs run-id, summaries: each of them names a plan to show"):
            read({**RUN, "summaries": "parts/*/*.json"})

    def test_a_folder(self, read: Read) -> None:
        """What is no file cannot be read."""
        with pytest.raises(SettingsError, match="is not a regular file"):
            read({"summaries": "parts/*"})

    def test_too_many(self, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
        """A pattern that matches half of the disk is a mistake."""
        monkeypatch.setattr("tfc_plan_comment.settings.paths.MOST_FILES", 2)
        with pytest.raises(SettingsError, match=r"^Input summaries: it matches 3 files\. Use patterns"):
            read({"summaries": "parts/*/*.*"})

    def test_a_template_for_all(self, read: Read, workspace: Path) -> None:
        """A template is for one workspace."""
        (workspace / "own.md").write_text("{{ marker }}")
        message = (
            r"^Inputs comment-mode and template: a template writes the comment on one workspace\. "
            r"Set comment-mode: each, or remove template\.$"
        )
        with pytest.raises(SettingsError, match=message):
            read({**RUN, "comment-mode": "together", "template": "own.md"})
