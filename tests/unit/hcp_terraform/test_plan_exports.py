"""A plan's export: created or found, waited for, downloaded, checked, and deleted only if it is ours."""

import os
import re
import resource
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tfc_plan_comment.errors import (
    ActionError,
    DeadlineExceeded,
    HcpTerraformError,
    PlanExportFailed,
    PlanExportRefused,
    Unauthorized,
    UnexpectedAnswer,
    Unreachable,
)
from tfc_plan_comment.hcp_terraform.mock_bundle import MockBundle
from tfc_plan_comment.hcp_terraform.plan_exports import export_mocks
from tfc_plan_comment.hcp_terraform.plans import PlanState, read_plan
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_sandbox.clock import Clock
from tfc_sandbox.faults import BAD_GATEWAY_PAGE, CUT, RATE_LIMITED, Answer, Fault
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, READ_TOKEN, WRITE_TOKEN, HcpTerraformSandbox, Storage
from tfc_sandbox.mock_bundle import mock_bundle
from tfc_sandbox.runs import Script

Serve = Callable[..., HcpTerraformSandbox]
Connect = Callable[..., Session]
Export = Callable[..., MockBundle]

FILES = (
    "mock-tfconfig-v2.sentinel",
    "mock-tfconfig.sentinel",
    "mock-tfplan-v2.sentinel",
    "mock-tfplan.sentinel",
    "mock-tfstate-v2.sentinel",
    "mock-tfstate.sentinel",
    "sentinel.hcl",
    "mock-tfrun.sentinel",
)
FINISHED = Script(plan_statuses=("finished",))
CREATE, SHOW, DOWNLOAD, BLOB = "/plan-exports$", "/plan-exports/pe-[0-9a-f]+$", "/download$", "/v1/object/"


def script(*statuses: str, error: str | None = None) -> Script:
    """A finished plan, and how its exports go."""
    return Script(plan_statuses=("finished",), export_statuses=statuses, export_error=error)


@pytest.fixture
def progress() -> list[str]:
    """What was said while it went on."""
    return []


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Where the bundle goes."""
    return tmp_path / "mocks.tar.gz"


@pytest.fixture
def export(connect: Connect, progress: list[str], bundle: Path) -> Export:
    """Exports the server's plan: `export(server, keep=True)`."""

    def export(
        server: HcpTerraformSandbox, *, token: str = ADMIN_TOKEN, plan: PlanState | None = None, keep: bool = False
    ) -> MockBundle:
        session = connect(server.url, token=token)
        plan = plan or read_plan(session, server.plan_id)
        return export_mocks(session, plan, to=bundle, keep=keep, progress=progress.append)

    return export


def asked(server: HcpTerraformSandbox) -> list[str]:
    """What the API was asked, with `*` for every id."""
    lines = [f"{each.method} {each.path.removeprefix('/api/v2/')}" for each in server.requests]
    return [re.sub(r"\b(plan|pe)-[0-9a-f]{16}", "*", line) for line in lines]


def raised(export: Export, server: HcpTerraformSandbox, kind: type[ActionError], **how: object) -> str:
    """The sentence of the error that an export gives, with `HOST` for the server's and `*` for ids."""
    with pytest.raises(kind) as caught:
        export(server, **how)
    assert type(caught.value) is kind
    text = str(caught.value).replace(server.url.removeprefix("http://"), "HOST").replace(server.plan_id, "plan-*")
    for export_id in [*server.plan_exports.deleted, *server.plan_exports.ids_of(server._runs[-1])]:
        text = text.replace(export_id, "pe-*")
    return text


class TestTheWholeLife:
    """From the request to the deletion."""

    @pytest.mark.parametrize("storage", [Storage.ARCHIVIST, Storage.SAME_ORIGIN])
    @pytest.mark.parametrize("token", [ADMIN_TOKEN, WRITE_TOKEN])
    def test_create_wait_download_delete(
        self, serve: Serve, export: Export, progress: list[str], storage: Storage, token: str
    ) -> None:
        """The bundle is on disk, its eight files are named, and nothing is left in HCP Terraform."""
        server = serve(script=FINISHED, storage=storage)

        exported = export(server, token=token)

        assert exported.files == FILES
        assert server.plan_exports.created == len(server.plan_exports.deleted) == 1
        assert server.archivist.leaks == []
        export_id = server.plan_exports.deleted[0]
        assert progress == [
            f"Plan export {export_id} is queued",
            f"Plan export {export_id} is pending",
            f"Plan export {export_id} is finished",
            f"Plan export {export_id} is deleted",
        ]
        assert asked(server) == [
            "GET plans/*",
            "POST plan-exports",
            "GET plan-exports/*",
            "GET plan-exports/*",
            "GET plan-exports/*/download",
            "DELETE plan-exports/*",
        ]

    def test_the_temporary_url_is_masked(self, serve: Serve, export: Export, masked: list[str]) -> None:
        """The log is told of the blob's URL before it is asked."""
        server = serve(script=FINISHED)

        export(server)

        assert [request.path in masked for request in server.archivist.requests] == [True]

    def test_keep(self, serve: Serve, export: Export) -> None:
        """An export that is to be kept stays."""
        server = serve(script=FINISHED)

        export(server, keep=True)

        assert (server.plan_exports.created, server.plan_exports.deleted) == (1, [])

    def test_an_unknown_status_is_waited_on(self, serve: Serve, export: Export, progress: list[str]) -> None:
        """A status that we have never heard of may still become finished."""
        server = serve(script=script("queued", "a new\u202estatus", "finished"))

        export(server)

        assert f"Plan export {server.plan_exports.deleted[0]} is a new status" in progress

    def test_what_the_plan_leaves_out_is_tried(self, serve: Serve, export: Export, connect: Connect) -> None:
        """A plan that does not say whether it is exportable may be."""
        server = serve(script=FINISHED)
        body = b'{"data":{"id":"%s","attributes":{"status":"finished"}}}' % server.plan_id.encode()
        silent = serve(faults=[Fault(path="/plans/", answer=Answer(body=body))])

        exported = export(server, plan=read_plan(connect(silent.url), server.plan_id))

        assert exported.files == FILES

    def test_waiting_gets_slower(self, serve: Serve, export: Export, clock: Clock) -> None:
        """It looks after half a second at first, and never less often than every five."""
        server = serve(script=script(*["queued"] * 12, "finished"))

        export(server)

        assert 0.4 <= clock.sleeps[0] <= 0.5
        assert max(clock.sleeps) <= 5
        assert clock.sleeps[-1] >= 4


class TestSomebodyElsesExport:
    """Another job exports the same plan."""

    def test_it_is_used_and_not_deleted(self, serve: Serve, export: Export, progress: list[str]) -> None:
        """A 422 leads to the export that is there; it is waited for, downloaded and left alone."""
        server = serve(script=FINISHED)
        theirs = server.plan_exports.create(server._runs[0])
        assert theirs

        assert export(server).files == FILES

        assert (server.plan_exports.created, server.plan_exports.deleted) == (1, [])
        assert progress[0] == f"Plan export {theirs.id} is pending, and somebody else's"

    def test_dead_ones_are_passed_over(self, serve: Serve, export: Export, clock: Clock) -> None:
        """An export that expired is no reason not to create one, and none to look at."""
        server = serve(script=script("finished"))
        theirs = server.plan_exports.create(server._runs[0])
        assert theirs
        server.plan_exports.get(theirs.id)
        clock.sleep(3600)

        export(server)

        assert (server.plan_exports.created, len(server.plan_exports.deleted)) == (2, 1)
        assert theirs.id not in server.plan_exports.deleted

    @pytest.mark.parametrize("status", ["is pending, and somebody else's", "is finished"])
    def test_deleted_under_our_hands(self, serve: Serve, connect: Connect, bundle: Path, status: str) -> None:
        """The job that created it deletes it when it is done; then we create our own."""
        server = serve(script=FINISHED)
        theirs = server.plan_exports.create(server._runs[0])
        assert theirs
        session = connect(server.url)
        said = []

        def progress(text: str) -> None:
            said.append(text)
            if text == f"Plan export {theirs.id} {status}":
                server.plan_exports.delete(theirs.id)

        export_mocks(session, read_plan(session, server.plan_id), to=bundle, keep=False, progress=progress)

        assert f"Plan export {theirs.id} is gone; asking for another one" in said
        assert (server.plan_exports.created, len(server.plan_exports.deleted)) == (2, 2)

    def test_deleted_before_we_look(self, serve: Serve, export: Export, connect: Connect) -> None:
        """An export that the plan names but that is gone is passed over."""
        server = serve(script=FINISHED)
        plan = read_plan(connect(server.url), server.plan_id)
        conflict = Answer(status=422, body=b'{"errors":[]}')
        exports = b'{"exports":{"data":[{"id":"pe-0"}]}}'
        stale = b'{"data":{"id":"plan-1","attributes":{"status":"finished"},"relationships":' + exports + b"}}"
        server.misbehave(
            [Fault(path=CREATE, answer=conflict, times=1), Fault(path="/plans/", answer=Answer(body=stale))]
        )

        assert export(server, plan=plan).files == FILES

    def test_gone_while_we_look(self, serve: Serve, export: Export) -> None:
        """A 422 for an export that is gone a moment later is asked again."""
        conflict = Answer(status=422, body=b'{"errors":[{"status":"422","title":"unprocessable entity"}]}')
        server = serve(script=FINISHED, faults=[Fault(path=CREATE, answer=conflict, times=1)])

        export(server)

        assert server.plan_exports.created == 1

    def test_theirs_fails(self, serve: Serve, export: Export) -> None:
        """An export of somebody else's that errors is not our failure: ours may go better."""
        server = serve(script=script("queued", "errored"))
        assert server.plan_exports.create(server._runs[0])

        sentence = raised(export, server, PlanExportFailed)

        assert server.plan_exports.created == 2
        assert sentence == "Cannot export plan plan-*: its export pe-* is errored. Run the job again."


class TestLostAnswers:
    """The export was created, and nobody told us."""

    @pytest.mark.parametrize("answer", [CUT, BAD_GATEWAY_PAGE])
    def test_the_export_is_found(self, serve: Serve, export: Export, answer: Answer) -> None:
        """It is not created twice; and as nobody says that it is ours, it is left to expire."""
        server = serve(script=FINISHED, lost_answers=[Fault(path=CREATE, answer=answer, times=1)])

        assert export(server).files == FILES

        assert (server.plan_exports.created, server.plan_exports.deleted) == (1, [])

    @pytest.mark.parametrize("answer", [CUT, BAD_GATEWAY_PAGE, RATE_LIMITED])
    def test_nothing_was_done(self, serve: Serve, export: Export, answer: Answer) -> None:
        """If nothing came of the request, it is made again."""
        server = serve(script=FINISHED, faults=[Fault(path=CREATE, answer=answer, times=2)])

        export(server)

        assert (server.plan_exports.created, len(server.plan_exports.deleted)) == (1, 1)

    def test_never_an_answer(self, serve: Serve, export: Export) -> None:
        """After four requests the connection's failure is the error."""
        server = serve(script=FINISHED, faults=[Fault(path=CREATE, answer=CUT)])

        sentence = raised(export, server, Unreachable)

        assert asked(server).count("POST plan-exports") == 4
        assert sentence.startswith("Cannot export plan plan-*: the connection to HOST failed (")

    def test_always_a_servers_error(self, serve: Serve, export: Export) -> None:
        """After four requests the server's error is the error."""
        server = serve(script=FINISHED, faults=[Fault(path=CREATE, answer=BAD_GATEWAY_PAGE)])

        assert raised(export, server, UnexpectedAnswer) == (
            "Cannot export plan plan-*: HOST answered 502 (a web page) after 4 tries. Try again later."
        )

    def test_an_answer_that_cannot_be_read(self, serve: Serve, export: Export) -> None:
        """A 201 that is none of HCP Terraform's ends it."""
        server = serve(script=FINISHED, faults=[Fault(path=CREATE, answer=Answer(status=201, body=b"{}"))])

        assert raised(export, server, UnexpectedAnswer) == (
            "Cannot export plan plan-*: HOST answered with something else instead of HCP Terraform's JSON. "
            "Check the input hostname, and that there is no login page or proxy in between."
        )


class TestRefusals:
    """What cannot be exported, and what to do."""

    def test_not_permitted(self, serve: Serve, export: Export) -> None:
        """A plan that may be read but not exported says which permission is missing, before anything is created."""
        server = serve(script=FINISHED)

        assert raised(export, server, PlanExportRefused, token=READ_TOKEN) == (
            "Cannot export plan plan-*: the token may not download Sentinel mocks. "
            "Use a user or team token of HOST with write or admin access to the workspace, or with the custom "
            "permission to download Sentinel mocks."
        )
        assert asked(server) == ["GET plans/*"]

    def test_refused_with_404(self, serve: Serve, export: Export, connect: Connect) -> None:
        """Where the plan does not say so, the 404 does: the plan itself could be read."""
        server = serve(script=FINISHED)
        plan = read_plan(connect(server.url), server.plan_id)

        assert raised(export, server, PlanExportRefused, plan=plan, token=READ_TOKEN) == (
            "Cannot export plan plan-*: HOST answered 404 (not found), though the plan itself can be read: the token "
            "may not download Sentinel mocks. Use a user or team token of HOST with write or admin access to the "
            "workspace, or with the custom permission to download Sentinel mocks."
        )

    @pytest.mark.parametrize("status", ["errored", "canceled", "unreachable"])
    def test_not_finished(self, serve: Serve, export: Export, status: str) -> None:
        """Only a finished plan has mocks."""
        server = serve(script=Script(plan_statuses=(status,)))

        assert raised(export, server, PlanExportRefused) == (
            f"Cannot export plan plan-*: it is {status}, and only a finished plan has mocks. Start a new run."
        )

    def test_too_old(self, serve: Serve, export: Export) -> None:
        """A plan from before HCP Terraform kept its data cannot be exported."""
        server = serve(script=Script(plan_statuses=("finished",), is_exportable=False))

        assert raised(export, server, PlanExportRefused) == (
            "Cannot export plan plan-*: HCP Terraform says that it is not exportable: its data is too old, or was "
            "deleted. Start a new run."
        )

    def test_422_without_an_export(self, serve: Serve, export: Export) -> None:
        """A 422 that no export explains is shown in the server's words, after a second try."""
        conflict = Answer(status=422, body=b'{"errors":[{"status":"422","title":"invalid attribute"}]}')
        server = serve(script=FINISHED, faults=[Fault(path=CREATE, answer=conflict)])

        assert raised(export, server, PlanExportRefused) == (
            "Cannot export plan plan-*: HOST answered 422 (invalid attribute). "
            "There may be an export of this plan that the token cannot see: run the job again in an hour."
        )
        assert asked(server).count("POST plan-exports") == 2

    def test_the_token_expires_meanwhile(self, serve: Serve, export: Export) -> None:
        """A 401 is what it always is."""
        expired = Answer(status=401, body=b'{"errors":[{"status":"401","title":"unauthorized"}]}')
        server = serve(script=FINISHED, faults=[Fault(path=CREATE, answer=expired)])

        assert "does not accept the token" in raised(export, server, Unauthorized)


class TestTheExportFails:
    """Exports that come to nothing."""

    def test_errored(self, serve: Serve, export: Export) -> None:
        """HCP Terraform's own message is shown on one line, and the export is not left behind."""
        server = serve(script=script("queued", "errored", error="could not\nread ::error:: state."))

        assert raised(export, server, PlanExportFailed) == (
            "Cannot export plan plan-*: its export pe-* is errored: could not read ::error:: state. Run the job again."
        )
        assert len(server.plan_exports.deleted) == 1

    def test_canceled(self, serve: Serve, export: Export) -> None:
        """A canceled export says no more than that."""
        server = serve(script=script("canceled"))

        assert raised(export, server, PlanExportFailed) == (
            "Cannot export plan plan-*: its export pe-* is canceled. Run the job again."
        )

    def test_expired_once(self, serve: Serve, connect: Connect, bundle: Path, clock: Clock) -> None:
        """An export that expires before it is downloaded is created once more."""
        server = serve(script=script("finished"))
        session = connect(server.url)
        said: list[str] = []

        def progress(text: str) -> None:
            said.append(text)
            if server.plan_exports.created == 1 and text.endswith("is finished"):
                clock.sleep(3601)

        plan = read_plan(session, server.plan_id)
        assert export_mocks(session, plan, to=bundle, keep=False, progress=progress, timeout=9000).files == FILES
        assert server.plan_exports.created == 2
        assert sum("is gone; asking for another one" in text for text in said) == 1

    def test_expired_always(self, serve: Serve, export: Export) -> None:
        """After three it is given up."""
        server = serve(script=script("queued", "expired"))

        assert raised(export, server, PlanExportFailed) == (
            "Cannot export plan plan-*: 3 exports, one after the other, were gone before they could be downloaded. "
            "Run fewer jobs at a time that export the same plan."
        )
        assert server.plan_exports.created == len(server.plan_exports.deleted) == 3

    def test_deadline(self, serve: Serve, export: Export, clock: Clock) -> None:
        """After ten minutes it is given up, and the export is deleted."""
        server = serve(script=script("queued", "pending"))
        start = clock()

        assert raised(export, server, DeadlineExceeded) == (
            "Cannot export plan plan-*: after 600 s its export pe-* is still pending. Run the job again later."
        )
        assert 600 <= clock() - start <= 606
        assert len(server.plan_exports.deleted) == 1

    def test_it_cannot_be_deleted(self, serve: Serve, connect: Connect, bundle: Path) -> None:
        """The bundle is there all the same; what is left expires by itself."""
        refused = Answer(status=500, body=b"{}")
        said: list[str] = []
        server = serve(script=FINISHED)
        session = connect(server.url)
        plan = read_plan(session, server.plan_id)

        def progress(text: str) -> None:
            said.append(text.replace(server.url.removeprefix("http://"), "HOST"))
            if text.endswith("is finished"):
                server.misbehave([Fault(path=SHOW, answer=refused)])

        assert export_mocks(session, plan, to=bundle, keep=False, progress=progress).files == FILES
        export_id = server.plan_exports.ids_of(server._runs[0])[0]
        assert said[-1] == (
            f"Cannot delete plan export {export_id}: HOST answered 500. Try again later. "
            "It expires by itself within an hour."
        )


class TestTheDownload:
    """What can go wrong between the export and the disk."""

    GOOD = mock_bundle(b"{}", run_id="run-1", workspace="w")

    @pytest.mark.parametrize(
        "answer",
        [
            Answer(body=b""),
            Answer(body=GOOD[:100]),
            Answer(body=GOOD[:100], headers={"Content-Length": str(len(GOOD))}),
            Answer(body=GOOD[:200] + b"\xff" * 20 + GOOD[220:]),
            Answer(status=403, body=b"expired"),
            Answer(status=503),
            CUT,
        ],
        ids=["empty", "cut", "too short", "damaged", "refused", "unavailable", "no answer"],
    )
    def test_a_fresh_url_helps(self, serve: Serve, export: Export, answer: Answer) -> None:
        """Whatever is wrong with the blob for a while is asked for again, and never taken for a bundle."""
        server = serve(script=FINISHED, faults=[Fault(path=BLOB, answer=answer, times=3)])

        assert export(server).files == FILES
        assert len(server.archivist.requests) == 4

    def test_an_empty_body_is_no_bundle(self, serve: Serve, export: Export) -> None:
        """An empty download, which comes of asking too early, is given up after six tries."""
        server = serve(script=FINISHED, faults=[Fault(path=BLOB, answer=Answer(body=b""))])

        assert raised(export, server, PlanExportFailed) == (
            "Cannot download the Sentinel mocks of plan plan-*: the bundle cannot be used, it is empty (6 tries). "
            "Run the job again."
        )
        assert len(server.plan_exports.deleted) == 1

    def test_something_else_is_no_bundle(self, serve: Serve, export: Export) -> None:
        """What is not a bundle is not asked for again."""
        server = serve(script=FINISHED, faults=[Fault(path=BLOB, answer=Answer(body=b"<html>"))])

        assert raised(export, server, PlanExportFailed) == (
            "Cannot download the Sentinel mocks of plan plan-*: what came is not a bundle of mocks, it is not "
            "compressed with gzip. Look at the run in HCP Terraform."
        )
        assert len(server.archivist.requests) == 1

    def test_an_answer_without_redirect(self, serve: Serve, export: Export) -> None:
        """The API may give the bundle itself, as go-tfe's OpenAPI file has it."""
        server = serve(script=FINISHED, faults=[Fault(path=DOWNLOAD, answer=Answer(body=self.GOOD))])

        assert export(server).files == FILES

    def test_refused(self, serve: Serve, export: Export) -> None:
        """Any other answer is the error that it is."""
        server = serve(script=FINISHED, faults=[Fault(path=DOWNLOAD, answer=Answer(status=410))])

        assert "answered 410" in raised(export, server, UnexpectedAnswer)

    def test_too_slow(self, serve: Serve, connect: Connect, bundle: Path, clock: Clock) -> None:
        """The deadline holds for the download as well."""
        server = serve(script=script("finished"))
        session = connect(server.url)

        with pytest.raises(DeadlineExceeded) as caught:
            export_mocks(
                session,
                read_plan(session, server.plan_id),
                to=bundle,
                keep=False,
                progress=lambda text: clock.sleep(601) if text.endswith("finished") else None,
            )

        assert str(caught.value) == (
            f"Cannot export plan {server.plan_id}: after 600 s its download is not done. Run the job again later."
        )
        assert not bundle.exists()
        assert len(server.plan_exports.deleted) == 1

    def test_the_disk_is_full(self, serve: Serve, connect: Connect, tmp_path: Path, progress: list[str]) -> None:
        """On a file system without room the error says so, nothing half-written stays, and the export is deleted."""
        small = tmp_path / "small"
        small.mkdir()
        mounted = subprocess.run(  # noqa: S603 (a fixed command)
            ["/bin/mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(small)], check=False, capture_output=True
        )
        if mounted.returncode:
            pytest.skip("only root may mount a small tmpfs")
        try:
            noise = os.urandom(100_000).hex()
            server = serve(b'{"variables":{"noise":"%s"}}' % noise.encode(), script=FINISHED)
            session = connect(server.url)
            plan = read_plan(session, server.plan_id)
            with pytest.raises(ActionError) as caught:
                export_mocks(session, plan, to=small / "mocks.tar.gz", keep=False, progress=progress.append)
            assert str(caught.value) == (
                f"Cannot download the Sentinel mocks of plan {server.plan_id}: '{small}/mocks.tar.gz' cannot be "
                "written (No space left on device). Check the disk and the directory."
            )
            assert list(small.iterdir()) == []
            assert len(server.plan_exports.deleted) == 1
        finally:
            subprocess.run(["/bin/umount", str(small)], check=True)  # noqa: S603 (a fixed command)

    def test_no_file_may_be_so_large(self, serve: Serve, export: Export) -> None:
        """Where only the process is limited, it is the same: no room is a sentence, and no crash."""
        server = serve(b'{"variables":{"noise":"%s"}}' % os.urandom(100_000).hex().encode(), script=FINISHED)
        limits, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, limits[1]))
        try:
            sentence = raised(export, server, ActionError)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, handler)

        assert sentence.endswith("cannot be written (File too large). Check the disk and the directory.")


def test_stopped_while_waiting(serve: Serve, connect: Connect, bundle: Path) -> None:
    """Whoever stops us in the middle of a wait, the export that we created is deleted."""

    class Stop(Exception):
        """Raised instead of sleeping."""

    def stop(_: float) -> None:
        raise Stop

    server = serve(script=FINISHED)
    session = connect(server.url)
    plan = read_plan(session, server.plan_id)
    session.sleep = stop

    with pytest.raises(Stop):
        export_mocks(session, plan, to=bundle, keep=False, progress=lambda _: None)

    assert len(server.plan_exports.deleted) == 1
    assert not bundle.exists()


def test_two_jobs_at_once(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    """Two jobs that export the same plan, one inside the other's wait, both get a bundle."""
    server = serve(script=FINISHED)
    first, second = connect(server.url), connect(server.url)
    plan = read_plan(first, server.plan_id)
    bundles: list[MockBundle | HcpTerraformError] = []

    def progress(text: str) -> None:
        if text.endswith("is queued"):
            bundles.append(export_mocks(second, plan, to=tmp_path / "second", keep=False, progress=lambda _: None))

    bundles.append(export_mocks(first, plan, to=tmp_path / "first", keep=False, progress=progress))

    assert bundles[0] == bundles[1]
    assert (server.plan_exports.created, len(server.plan_exports.deleted)) == (1, 1)
