"""The runner's variables become one typed value, and a broken event file is no crash."""

from pathlib import Path

import pytest

from tfc_plan_comment.github_actions.environment import GitHubEnvironment


def test_a_step_of_a_workflow(tmp_path: Path) -> None:
    """Every variable that we use has its field."""
    (tmp_path / "event.json").write_text('{"number": 7}')
    environ = {
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_REPOSITORY": "acme/infra",
        "GITHUB_SHA": "a" * 40,
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_API_URL": "https://ghe.acme.example/api/v3/",
        "GITHUB_SERVER_URL": "https://ghe.acme.example/",
        "GITHUB_RUN_ID": "42",
        "GITHUB_WORKSPACE": "/github/workspace",
        "RUNNER_TEMP": "/github/runner_temp",
        "GITHUB_OUTPUT": "/github/file_commands/output",
        "GITHUB_STEP_SUMMARY": "/github/file_commands/summary",
    }

    environment = GitHubEnvironment.from_environ(environ)

    assert environment == GitHubEnvironment(
        event_name="pull_request",
        event={"number": 7},
        repository="acme/infra",
        sha="a" * 40,
        ref="refs/pull/7/merge",
        api_url="https://ghe.acme.example/api/v3",
        server_url="https://ghe.acme.example",
        run_id="42",
        workspace=Path("/github/workspace"),
        runner_temp=Path("/github/runner_temp"),
        output_file=Path("/github/file_commands/output"),
        summary_file=Path("/github/file_commands/summary"),
    )
    assert environment.workflow_run_url == "https://ghe.acme.example/acme/infra/actions/runs/42"


@pytest.mark.parametrize("environ", [{}, {"GITHUB_API_URL": "", "GITHUB_OUTPUT": "", "GITHUB_EVENT_PATH": ""}])
def test_outside_a_runner(environ: dict[str, str]) -> None:
    """What is missing or empty has its default, and there is no page of a workflow run."""
    environment = GitHubEnvironment.from_environ(environ)

    assert environment == GitHubEnvironment(event={})
    assert environment.api_url == "https://api.github.com"
    assert environment.workflow_run_url is None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'{"number": ', "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[1]", "holds no JSON object"),
    ],
    ids=["cut", "no text", "too deep", "no object"],
)
def test_a_broken_event_file_is_said(tmp_path: Path, content: bytes, problem: str) -> None:
    """The event is empty then, and why is kept."""
    path = tmp_path / "event.json"
    path.write_bytes(content)

    environment = GitHubEnvironment.from_environ({"GITHUB_EVENT_PATH": str(path)})

    assert environment.event == {}
    assert environment.event_problem == f"the event's file {path} {problem}"


def test_a_missing_event_file_is_said(tmp_path: Path) -> None:
    """The event is empty then, and the system's reason is kept."""
    path = tmp_path / "event.json"

    environment = GitHubEnvironment.from_environ({"GITHUB_EVENT_PATH": str(path)})

    assert environment.event == {}
    assert environment.event_problem == f"the event's file {path} cannot be read (No such file or directory)"


def test_the_artifact_service() -> None:
    """What the runner says of it is read, and its token is in no text of ours."""
    environment = GitHubEnvironment.from_environ(
        {
            "ACTIONS_RESULTS_URL": "https://results.example/",
            "ACTIONS_RUNTIME_TOKEN": "a.secret.token",
            "GITHUB_RETENTION_DAYS": "30",
        }
    )

    assert environment.results_url == "https://results.example/"
    assert environment.runtime_token == "a.secret.token"
    assert environment.retention_days == 30
    assert "secret" not in repr(environment)
    assert GitHubEnvironment.from_environ({"GITHUB_RETENTION_DAYS": "many"}).retention_days is None


@pytest.mark.parametrize(
    ("server_url", "is_enterprise_server"),
    [
        ("https://github.com", False),
        ("https://GitHub.com/", False),
        ("https://acme.ghe.com", False),
        ("http://github.localhost", False),
        ("", False),
        ("https://github.acme.example", True),
        ("https://github.com.acme.example", True),
        ("https://ghe.com", True),
    ],
)
def test_an_enterprise_server_is_known_by_its_address(server_url: str, *, is_enterprise_server: bool) -> None:
    """As the official clients know it."""
    environment = GitHubEnvironment.from_environ({"GITHUB_SERVER_URL": server_url})
    assert environment.is_enterprise_server is is_enterprise_server
