"""Every request that the action makes, under every fault: what comes of it is what the table says.

Whatever happens: the step ends, with sentences, and soon; there is never a second comment, nor half a file; and no
token, signed URL or sensitive value goes to where it may not go.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from spy import Conversation, NoConnection, PrivateTime, Spy, refused, requests_in, untrusted
from steps import SECRET, STEPS, Ended, Servers, Stage
from table import AGAIN, BARE, CASES, FAILS, HIDDEN_COMMENT, LESS, REQUESTS, Case, Fault, Request, Service, outcome_of
from tfc_sandbox import faults
from tfc_sandbox.github import JOB_TOKEN
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN

LONGEST = 2 * 3600.0
"""Seconds within which every step ends; the input timeout is half an hour."""
STRANGER = ("10.0.0.1", 443)
"""The only address that is not one of the servers', and with which a connection is tried: a redirect leads there."""
MASK = "::add-mask::"
SENTENCE = re.compile(r"[A-Z][^\n]*(: [^\n]+)?\. [A-Z][^\n]+\.")
"""`<what failed>: <why>. <what to do>.`"""
IDS = re.compile(r"\b(run|plan|cv|ws|apply|pe|ts|ce|taskrs|polchk|poleval|tfpoleval)-[0-9a-f]{8,}\b")


@dataclass(frozen=True, slots=True)
class Pair:
    """A request and the fault that it meets, once or every time."""

    request: Request
    fault: str
    once: bool

    def __str__(self) -> str:
        return f"{self.request.said}-{self.fault}-{'once' if self.once else 'every time'}"


def pairs() -> Iterator[Pair]:
    """Each request with each fault: every time, and what passes once; the rest is no better for happening once."""
    for request in REQUESTS.values():
        for name, case in CASES.items():
            yield Pair(request, name, once=False)
            if case.passes or name in request.kind.once or case.of in request.kind.once:
                yield Pair(request, name, once=True)


@dataclass(frozen=True, slots=True)
class Seen:
    """A step that has ended, and what is to be seen of it."""

    ended: Ended
    comments: tuple[str, ...]
    labels: tuple[str, ...]
    asked: int
    """How often the request was made."""

    @property
    def messages(self) -> list[str]:
        """The annotations."""
        return [plain(each) for kind in ("error", "warning", "notice") for each in self.ended.said(kind)]


def plain(text: str) -> str:
    """The text without what is new each time: ids, ports, times."""
    text = re.sub(r"(?:http://)?127\.0\.0\.1:\d+", "HOST", IDS.sub(r"\1-X", text))
    text = re.sub(r"<!-- tfc-plan-comment-memory[^>]*-->", "", text)
    return re.sub(r"until \d{4}-\d\d-\d\d", "until DAY", text)


def perform(servers: Servers, spy: Spy, folder: Path, request: Request, case: Case | None, *, once: bool) -> Seen:
    """Run the step of the request, which meets the fault; whatever the fault, nothing of it must be wrong."""
    step = STEPS[request.step]
    stage = servers.stage(step, folder)
    before = len(spy.conversations)
    if case is not None:
        happen(case, request, stage, spy, times=1 if once else None)
    temporary = folder / "temporary"
    temporary.mkdir(parents=True)
    usual, tempfile.tempdir = tempfile.tempdir, str(temporary)
    try:
        ended = stage.run(step)
    finally:
        tempfile.tempdir = usual
    said = spy.conversations[before:]
    check_rows(said)
    check_bytes(said, stage)
    check_places(ended, stage, folder)
    assert ended.stderr == ""
    assert "Traceback" not in ended.result.log
    assert list(temporary.rglob("*")) == []
    assert not spy.is_endless
    assert {*spy.strangers} <= ({STRANGER} if case is not None and case.of is Fault.PRIVATE else set())
    assert ended.seconds < LONGEST
    asked = [each for one in said for each in requests_in(bytes(one.sent)) if is_of(request, one, each)]
    comments = tuple(plain(comment.body) for comment in stage.github.comments if not comment.minimized)
    return Seen(ended, comments, tuple(stage.github.labels[7]), len(asked))


def happen(case: Case, request: Request, stage: Stage, spy: Spy, *, times: int | None) -> None:
    """Let the fault happen to the request."""
    if case.make is refused or case.make is untrusted:
        given = NoConnection(is_met=request.is_met, after=request.after, port=port_of(request, stage), why=case.make)
        spy.give_no_connection(given, times=times)
        return
    answer = case.answer(spy)
    fault = faults.Fault(
        path=request.path,
        method=request.method,
        body=request.body,
        after=request.after,
        times=times,
        answer=answer,
    )
    match request.service:
        case Service.API | Service.STORAGE:
            stage.hcp_terraform.misbehave([fault])
        case Service.GITHUB:
            stage.github.misbehave(faults=[fault])
        case Service.ARTIFACTS:
            stage.artifacts.misbehave(faults=[fault])


def port_of(request: Request, stage: Stage) -> int:
    """The port of the service."""
    urls = {
        Service.API: stage.hcp_terraform.url,
        Service.STORAGE: stage.hcp_terraform._blob_url,
        Service.GITHUB: stage.github.api_url,
        Service.ARTIFACTS: stage.artifacts.results_url,
    }
    return int(urls[request.service].split(":")[2].partition("/")[0])


def is_of(request: Request, said: Conversation, each: tuple[str, str]) -> bool:
    """True if it is this request, as far as method, path and body say."""
    method, path = each
    return request.is_met(method, path.partition("?")[0], said.sent.decode(errors="replace"))


def check_rows(said: list[Conversation]) -> None:
    """Whatever is asked has a row in the table: also what is asked only because of a fault."""
    for one in said:
        for each in requests_in(bytes(one.sent)):
            assert any(is_of(request, one, each) for request in REQUESTS.values()), each


def check_bytes(said: list[Conversation], stage: Stage) -> None:
    """A token goes to its own origin, in its own header; a signed URL to its own host, as the path; values nowhere."""
    api, storage = stage.hcp_terraform.url, stage.hcp_terraform._blob_url
    homes = {
        ADMIN_TOKEN: api,
        JOB_TOKEN: stage.github.api_url,
        stage.artifacts.token: stage.artifacts.results_url,
    }
    signed = dict.fromkeys((each.path for each in stage.hcp_terraform.archivist.requests), storage)
    signed |= {quote(each, safe=""): stage.artifacts.results_url for each in stage.artifacts.signatures}
    for one in said:
        sent, here = one.sent.decode(errors="replace"), f":{one.peer[1]}"
        for token, home in homes.items():
            rest = sent
            if here in home:
                rest = re.sub(rf"(?m)^Authorization: (Bearer|token) {re.escape(token)}\r$", "", sent)
            assert token not in rest, f"a token in {sent}"
        for secret, home in signed.items():
            head, _, rest = sent.partition("\r\n")
            assert secret not in (rest if here in home else sent), f"a signed URL in {sent}"
            assert "Authorization" not in sent or secret not in head
        assert SECRET not in sent, f"a sensitive value in {sent}"
        assert "Cookie:" not in sent
    assert stage.hcp_terraform.archivist.leaks == stage.artifacts.leaks == []


def check_places(ended: Ended, stage: Stage, folder: Path) -> None:
    """No secret in the log, in the comments, in the outputs or in a file; what is masked is only in the masks."""
    log = "\n".join(line for line in ended.result.log.splitlines() if not line.startswith(MASK))
    places = {
        "log": log,
        "stderr": ended.stderr,
        "summary": ended.result.summary,
        "outputs": "\n".join(ended.result.outputs.values()),
        "comments": "\n".join(comment.body for comment in stage.github.comments),
    }
    for path in (folder / "repo").rglob("*"):
        places[path.name] = path.read_text(encoding="utf-8", errors="replace")
    paths = [each.path for each in stage.hcp_terraform.archivist.requests]
    secrets = (SECRET, ADMIN_TOKEN, JOB_TOKEN, stage.artifacts.token, *paths, *stage.artifacts.signatures)
    for place, content in places.items():
        assert [secret for secret in secrets if secret in content] == [], place
    assert {path.name for path in (folder / "repo").rglob("*")} <= {"tfc-plan-report.html", "sentinel-mocks.tar.gz"}


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """The servers: to start them takes longer than a step."""
    with Servers(PrivateTime()) as servers:
        yield servers


@pytest.fixture
def spy(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Spy:
    """The spy, who is at work."""
    spy = Spy(servers.clock)
    spy.install(monkeypatch)
    return spy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The runner's folder."""
    return tmp_path / "runner"


GOOD_DAYS: dict[str, Seen] = {}
"""What each request's step comes to when nothing goes wrong."""


@pytest.fixture
def good_day(servers: Servers, spy: Spy, tmp_path: Path, request: pytest.FixtureRequest) -> Seen:
    """The step of the request when nothing goes wrong."""
    asked: Request = request.getfixturevalue("pair").request
    if asked.said not in GOOD_DAYS:
        GOOD_DAYS[asked.said] = perform(servers, spy, tmp_path / "good day", asked, None, once=True)
    return GOOD_DAYS[asked.said]


@pytest.mark.parametrize("pair", list(pairs()), ids=str)
def test_the_outcome_is_that_of_the_table(servers: Servers, spy: Spy, folder: Path, good_day: Seen, pair: Pair) -> None:
    """The step ends as the table says, and says so itself; and it asks no more often than it says there."""
    request, case = pair.request, CASES[pair.fault]
    outcome = outcome_of(request.kind, pair.fault, once=pair.once)

    seen = perform(servers, spy, folder, request, case, once=pair.once)

    result, new = seen.ended.result, [each for each in seen.messages if each not in good_day.messages]
    hops = 6 if case.of is Fault.LOOP else 1
    assert seen.asked <= good_day.asked + request.kind.tries * hops
    assert len(seen.comments) <= max(1, len(good_day.comments), *([2] if request.kind is HIDDEN_COMMENT else []))
    assert result.exit_code == (1 if outcome is FAILS else good_day.ended.result.exit_code), seen.messages
    if outcome in {LESS, FAILS}:
        pattern = request.kind.fails if outcome is FAILS else request.kind.less
        found = [each for each in new if re.match(pattern, each)]
        assert found, new
        assert all(SENTENCE.fullmatch(each) for each in found), found
        assert any(re.search(case.why, each) for each in found) or request.kind.why in found[0], found
    if outcome is FAILS:
        assert plain(result.log).splitlines()[-1] in {f"::error::{each}" for each in found}
        assert result.outputs.get("comment-result") != "unchanged"
    if outcome is LESS and request.kind.missing:
        assert request.kind.missing in "".join(seen.comments)
    if outcome not in {LESS, FAILS}:
        assert new == [] or outcome is BARE
        assert seen.comments == good_day.comments or outcome is BARE
        assert seen.labels == good_day.labels or "label" in request.said
        if outcome is AGAIN:
            assert seen.asked > good_day.asked or case.make in {refused, untrusted}


@pytest.mark.timeout(300)
def test_every_request_has_a_row(servers: Servers, spy: Spy, tmp_path: Path) -> None:
    """No step of the suite, among which are all kinds of steps, makes a request that is not in the table."""
    for name, step in STEPS.items():
        before = len(spy.conversations)
        servers.stage(step, tmp_path / name).run(step)
        check_rows(spy.conversations[before:])


@pytest.mark.timeout(300)
def test_every_fault_meets_its_request(servers: Servers, spy: Spy, tmp_path: Path) -> None:
    """The step of a row makes its request, and more of them than are spared."""
    for number, request in enumerate(REQUESTS.values()):
        seen = perform(servers, spy, tmp_path / str(number), request, None, once=True)
        assert seen.asked > request.after, request.said
