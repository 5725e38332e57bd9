"""Servers of an organization's own network: a private authority has signed for them, and a proxy leads to them."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tfc_sandbox.github import GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import HcpTerraformSandbox, Storage
from tfc_sandbox.private_authority import PrivateAuthority
from tfc_sandbox.proxy import PASSWORD, USER, Proxy, credentials
from tfc_sandbox.runner import Runner, StepResult
from tfc_sandbox.runs import Script

Step = Callable[..., StepResult]

TFE, GITHUB = "tfe.acme.example", "github.acme.example"
FINISHED = Script(plan_statuses=("finished",), export_statuses=("finished",))
OWN = {"GITHUB_SERVER_URL": f"https://{GITHUB}"}
FILES = {"sentinel_mocks": "required", "labels": "true"}
WRONG = "wr0ng-Pq8vT2"
"""A password that the proxy does not know."""
VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """The two servers, at names that only this network knows, and the files of the authorities that signed for them."""

    tfe: HcpTerraformSandbox
    github: GitHubSandbox
    tfe_authority: Path
    github_authority: Path
    ports: dict[str, int]
    folder: Path
    """Where the authorities and the runner are."""
    resolved: list[str] = field(default_factory=list)
    """The names that were asked for without a proxy."""

    def resolve(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Be the name server of this process, which leads to the loopback ports."""
        resolve = socket.getaddrinfo

        def known(host: Any, port: Any, *how: Any, **more: Any) -> Any:
            if host in self.ports:
                self.resolved.append(host)
                return resolve("127.0.0.1", self.ports[host], *how, **more)
            return resolve(host, port, *how, **more)

        monkeypatch.setattr(socket, "getaddrinfo", known)


def port_of(url: str) -> int:
    """The port of a server."""
    return urlsplit(url).port or 0


@pytest.fixture(params=[True, False], ids=["old", "new"])
def network(
    request: pytest.FixtureRequest, golden: Callable[[str], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Network]:
    """A GitHub Enterprise Server, and a Terraform Enterprise, old or of today; each has an authority of its own."""
    for name in (*VARIABLES, *PROXIES):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    authorities = [PrivateAuthority(tmp_path / "of-tfe"), PrivateAuthority(tmp_path / "of-github")]
    contexts = [authority.server_context(host) for authority, host in zip(authorities, (TFE, GITHUB), strict=True)]
    with ExitStack() as stack:
        tfe = HcpTerraformSandbox(
            golden("mixed-update"),
            script=FINISHED,
            storage=Storage.SAME_ORIGIN,
            relative_location=True,
            old_enterprise=request.param,
            ssl_context=contexts[0],
        )
        pull_requests = [PullRequest(number=7, head_sha="a" * 40)]
        github = GitHubSandbox(pull_requests, enterprise_server=True, ssl_context=contexts[1])
        ports = {TFE: port_of(tfe.url), GITHUB: port_of(github.api_url)}
        github.api_url = f"https://{GITHUB}/api/v3"
        stack.enter_context(tfe)
        stack.enter_context(github)
        network = Network(
            tfe=tfe,
            github=github,
            tfe_authority=authorities[0].certificate,
            github_authority=authorities[1].certificate,
            ports=ports,
            folder=tmp_path,
        )
        network.resolve(monkeypatch)
        yield network


@pytest.fixture
def trusting(network: Network, step: Step, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> Step:
    """Runs a step that is told of both authorities as the README says, or less with other inputs."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(network.github_authority))
    at = replace(runner, api_url=network.github.api_url)
    (at.workspace / "ca.pem").write_bytes(network.tfe_authority.read_bytes())

    def trusting(**inputs: str) -> StepResult:
        return step(network.tfe, at=at, environ=OWN, **{"hostname": TFE, "ca_bundle": "ca.pem", **FILES, **inputs})

    return trusting


@pytest.fixture
def proxy(network: Network) -> Iterator[Proxy]:
    """The way to both."""
    with Proxy(network.ports) as proxy:
        yield proxy


def complaints(done: StepResult) -> list[str]:
    """The warnings and errors of a log, but for what is said of the plan itself."""
    lines = [line for line in done.log.splitlines() if line.startswith(("::warning", "::error"))]
    return [line for line in lines if not line.startswith("::warning title=Terraform plan for ")]


def without_github(why: str, what_to_do: str) -> list[str]:
    """What a step complains of that GitHub does not hear."""
    because = f"no answer from https://{GITHUB}/api/v3 ({why}). {what_to_do}."
    comment = f"Comment on pull request #7 of acme/infra: {because} The step summary has the whole report."
    label = f"Label pull request #7 of acme/infra: {because}"
    return [f"::warning title=No comment was written::{comment}", f"::warning title=No label was set::{label}"]


def places(network: Network, done: StepResult) -> Iterator[str]:
    """All that a step says, all that the servers heard, and what is left in the runner's folder."""
    yield from (done.log, done.summary, *done.outputs.values())
    yield from (comment.body for comment in network.github.comments)
    yield from (f"{each.path} {each.headers}" for each in network.tfe.requests)
    yield from (*network.github.requests, *network.github.graphql_queries)
    for path in network.folder.rglob("*"):
        if path.is_file():
            yield path.read_text(encoding="utf-8", errors="replace")


def test_both_authorities(network: Network, trusting: Step) -> None:
    """The input ca-bundle is for the one server, and the variable for the other: all of the step is as elsewhere."""
    done = trusting()

    assert (done.exit_code, complaints(done)) == (0, [])
    (comment,) = network.github.comments
    assert "Plan: 4 to add, 6 to change, 3 to destroy." in comment.body
    assert f'https://{TFE}/app/acme/workspaces/web-app/runs/{network.tfe.run_id}">' in comment.body
    assert done.outputs["sentinel-mocks-path"] == "sentinel-mocks.tar.gz"
    assert network.github.labels == {7: ["terraform: destroy"]}
    assert trusting().outputs["comment-id"] == done.outputs["comment-id"]


def test_nobody_told_the_authority_of_terraform_enterprise(network: Network, trusting: Step) -> None:
    """The token is not sent, and the sentence names the input."""
    done = trusting(ca_bundle="")

    assert done.exit_code == 1
    sentence = (
        f"Cannot read run {network.tfe.run_id}: TLS with {TFE} failed (unable to get local issuer certificate). If its"
        " certificate is from a private CA, set the input ca-bundle to the CA's PEM file."
    )
    assert done.log.splitlines()[-1] == f"::error::{sentence}"
    assert f"TLS with {TFE} failed (unable to get local issuer certificate)" in done.summary
    assert network.tfe.requests == []


def test_nobody_told_the_authority_of_github(network: Network, trusting: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    """The input is not for GitHub: no request goes there, and the step goes on with a sentence."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")

    done = trusting()

    assert done.exit_code == 0
    assert network.github.requests == []
    assert complaints(done) == without_github(
        "no TLS connection that can be trusted",
        "Set the environment variable REQUESTS_CA_BUNDLE to the PEM file of its certificate authority",
    )


def test_through_the_proxy(network: Network, proxy: Proxy, trusting: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request to either server goes through it, and its password to nobody but the proxy."""
    monkeypatch.setenv("HTTPS_PROXY", proxy.url())

    done = trusting()

    assert (done.exit_code, complaints(done)) == (0, [])
    assert {*proxy.asked} == {f"{TFE}:443", f"{GITHUB}:443"}
    assert network.resolved == []
    assert all(head.count(credentials()) == 1 for head in proxy.heads)
    assert not any("Bearer" in head or "token" in head for head in proxy.heads)
    for place in places(network, done):
        assert not any(secret in place for secret in (PASSWORD, f"{USER}:", credentials())), place


def test_what_the_proxy_is_not_for(
    network: Network, proxy: Proxy, trusting: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_PROXY names a server or a domain, with or without a dot in front."""
    monkeypatch.setenv("HTTPS_PROXY", proxy.url())
    for exception, asked in ((TFE, {GITHUB}), (GITHUB, {TFE}), ("acme.example", set()), (".acme.example", set())):
        monkeypatch.setenv("NO_PROXY", exception)
        proxy.asked.clear()
        network.resolved.clear()

        done = trusting()

        assert (done.exit_code, complaints(done)) == (0, [])
        assert {each.removesuffix(":443") for each in proxy.asked} == asked
        assert {*network.resolved} == {TFE, GITHUB} - asked


def test_a_proxy_that_refuses(network: Network, proxy: Proxy, trusting: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says of either server that it is the proxy, without the password that it does not take."""
    monkeypatch.setenv("HTTPS_PROXY", proxy.url(WRONG))
    run = trusting()
    monkeypatch.setenv("NO_PROXY", TFE)
    comment = trusting()

    why = f"the proxy refuses the connection to {TFE} (Tunnel connection failed: 407 Proxy Authentication Required)"
    assert complaints(run) == [f"::error::Cannot read run {network.tfe.run_id}: {why}. Check HTTPS_PROXY and NO_PROXY."]
    assert complaints(comment) == without_github(
        "the proxy does not let us through",
        "Check that the runner can reach it, and the variables HTTPS_PROXY and NO_PROXY",
    )
    assert (run.exit_code, comment.exit_code, network.github.requests) == (1, 0, [])
    assert all(credentials(WRONG) in head for head in proxy.heads)
    for place in (*places(network, run), *places(network, comment)):
        assert not any(secret in place for secret in (WRONG, f"{USER}:", credentials(WRONG))), place
