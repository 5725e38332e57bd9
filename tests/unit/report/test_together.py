"""One comment on several workspaces: whatever they hold, it fits, names each of them, and loses no change silently."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tfc_plan_comment.errors import TemplateError
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.failed import Failed
from tfc_plan_comment.report.lines.cell import Cell, Piece, Voice, say_text
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.together import order
from tfc_plan_comment.report.view import RunView
from tfc_plan_comment.report.workspace_report import Alert, Rank, WorkspaceReport, condense_failure
from tfc_plan_comment.report.write.pieces import write_cell
from tfc_plan_comment.report.write.together import render_together, share_room, tell_workspace

GOLDEN = Path(__file__).parents[2] / "golden"
PLANS = sorted(path.parent.name for path in GOLDEN.glob("*/plan.json"))
RUN = RunView(id="run-1", url="https://app.terraform.io/app/acme/workspaces/x/runs/run-1", commit="c0ffee" * 7)


@cache
def told(plan: str) -> WorkspaceReport:
    """What is told of a golden plan."""
    return tell_workspace(Report(key=plan, workspace=plan, summary=summary_of(plan), run=RUN))


def summary_of(plan: str) -> PlanSummary:
    """A golden plan, understood."""
    return summarize(parse_plan((GOLDEN / plan / "plan.json").read_bytes(), name=plan))


FAILED = condense_failure(Failed(key="acme/billing", fact="canceled", sentence="It was canceled.", workspace="billing"))


def named(names: list[str]) -> list[WorkspaceReport]:
    """Reports on these plans, each in a workspace of its own."""
    return [replace(told(plan), name=f"ws-{number}-{plan}") for number, plan in enumerate(names)]


@settings(max_examples=60, deadline=None)
@given(plans=st.lists(st.sampled_from(PLANS), min_size=1, max_size=40), limit=st.sampled_from([30_000, 65_536, 10**6]))
def test_it_fits_and_names_each(plans: list[str], limit: int) -> None:
    """Every workspace is named, and the last line counts what stands nowhere."""
    reports = named(plans)
    content = render_together("acme", reports, limit=limit)
    assert len(content.encode()) <= limit
    assert all(each.name in content for each in reports)
    changes = sum(each.layout.changes for each in reports)
    is_whole = f"ll {changes:,} changes" in content or "oth changes" in content
    is_counted = "only counted here" in content
    assert is_whole or is_counted or changes <= 1


@settings(max_examples=30, deadline=None)
@given(plans=st.lists(st.sampled_from(PLANS), min_size=1, max_size=30))
def test_every_change_has_its_line_or_is_counted(plans: list[str]) -> None:
    """With room for everything, each address of each plan stands in the fold of its workspace."""
    reports = named(plans)
    content = render_together("acme", reports, limit=10**7)
    for report in reports:
        if not report.layout.places:
            continue
        head = content.index(f"<b>{report.name}</b>", content.index("<details"))
        fold = content[head : content.index("\n\n</details>", head)]
        for place in report.layout.places:
            assert write_cell(place.row.subject) in fold


@pytest.mark.parametrize("plan", ["tags-only", "mixed-update"])
def test_nothing_is_cut_where_all_of_it_fits(plan: str) -> None:
    """A workspace whose one diff is all that it has shows all of it, though a diff may take a part of the room only."""
    content = render_together("acme", named([plan, "no-changes"]))
    assert len(content) < 40_000
    assert "more line" not in content
    assert f"All {told(plan).layout.changes} changes" in content


def test_the_worst_stands_first() -> None:
    """Data that is lost, then what cannot be planned, then other losses, what deserves a look, changes, and nothing."""
    ranks = [each.rank for each in order([*map(told, PLANS), FAILED])]
    assert ranks == sorted(ranks)
    assert {Rank.DATA_LOSS, Rank.FAILED, Rank.CHANGES, Rank.MINOR, Rank.NOTHING} <= set(ranks)


def test_what_loses_data_is_never_only_counted_behind_what_does_not() -> None:
    """The caution has the data of all workspaces before anything else of one."""
    content = render_together("acme", named(["mixed-update", "moved-import-forget", "destroy-all"]))
    caution = content[content.index("[!CAUTION]") : content.index("[!WARNING]")]
    with_data, others = caution.split("destroyed or replaced, without data")
    assert with_data.count("<b>ws-") >= 6
    assert others.count("<b>ws-") >= 3


def test_many_without_changes_are_counted() -> None:
    """With more than 15 workspaces those without changes stand in one fold."""
    content = render_together("acme", [*named(["no-changes"] * 30), told("mixed-update")])
    assert "<details><summary>✅ 30 more workspaces: 30 without changes</summary>" in content
    assert all(f"<b>ws-{number}-no-changes</b>" in content for number in range(30))


def test_what_is_only_listed_is_counted() -> None:
    """Where a workspace without changes has no room for its fold, the last line counts the lists that stand nowhere."""
    reports = named(["drift"] * 60)
    assert all(each.sections for each in reports)
    content = render_together("acme", reports, limit=16_000)
    folds = content.count("Run</a>")
    least = sum(len(each.sections) for each in reports[folds:])
    match = re.search(r"There was no room for ([0-9,]+) lists of outputs, checks, drift", content)
    assert match
    assert int(match[1]) >= least > 0


def test_what_could_not_be_read_of_a_workspace_without_changes() -> None:
    """It stands beside its name: a workspace of which something is unknown never looks like one without it."""
    unread = Alert(kind="NOTE", said=say_text("What HCP Terraform warns of could not be read."))
    plain, *others = named(["no-changes"] * 3)
    content = render_together("acme", [plain, *(replace(each, alerts=(unread,)) for each in others)])
    assert "✅ <b>ws-0-no-changes</b>: no changes\n" in content
    names = "<b>ws-1-no-changes</b>, <b>ws-2-no-changes</b>"
    assert f"✅ {names}: no changes · What HCP Terraform warns of could not be read.\n" in content


@pytest.mark.parametrize("wrong", [{"mismatch": say_text("It is of another commit.")}, {"failure": "No such folder."}])
def test_what_is_wrong_and_stops_nothing(wrong: Any) -> None:
    """It is on top, and nobody says that the plan could not be applied."""
    report = tell_workspace(Report(key="k", workspace="w", summary=summary_of("no-changes"), run=RUN, **wrong))
    assert report.rank is Rank.STOPPED
    content = render_together("acme", [report, told("tags-only")])
    assert "cannot be applied" not in content
    assert re.search(r"> \[!CAUTION\]\n> <b>w</b>: (It is of another commit|No such folder)\.", content)
    assert "<details open><summary>⚪ <b>w</b>: no changes</summary>" in content


def test_an_action_is_no_noise() -> None:
    """A plan that does nothing but invoke actions does something all the same."""
    invoked = (
        b'{"format_version":"1.2","terraform_version":"1.14.0","action_invocations":[{"address":"action.aws_lambda.x",'
        b'"type":"aws_lambda","name":"x","provider_name":"p","lifecycle_action_trigger":{'
        b'"triggering_resource_address":"t.a","action_trigger_event":"AfterCreate","action_trigger_block_index":0,'
        b'"actions_list_index":0}}]}'
    )
    report = tell_workspace(Report(key="k", workspace="w", summary=summarize(parse_plan(invoked, name="w")), run=RUN))
    assert (report.rank, report.counts) == (Rank.CHANGES, "1 action invoked")


def test_too_many_workspaces() -> None:
    """Where even the names do not fit, the error says so, and what to do."""
    message = (
        "Cannot write one comment for all workspaces: the reports on 900 workspaces take .* Set comment-mode: each"
    )
    with pytest.raises(TemplateError, match=message):
        render_together("acme", named(["mixed-update"] * 900), limit=30_000)


HOSTILE = (
    "\n\n# owned\n> [!CAUTION]\n```\n</details> <!-- tfc-plan-comment:x --> @octocat #1 <img src=x> ![x](y) ::error::"
)


def test_nothing_breaks_out() -> None:
    """The name of a workspace, an error and an alert are texts of others: none becomes Markdown."""
    hostile = condense_failure(Failed(key="k", fact=HOSTILE, sentence=HOSTILE, workspace=HOSTILE))
    alert = Alert(kind="CAUTION", said=say_text(HOSTILE) + Cell((Piece(HOSTILE, Voice.NAME),)))
    hostile = replace(hostile, alerts=(alert, replace(alert, kind="NOTE"), replace(alert, kind="WARNING")))
    content = render_together("acme", [hostile, told("no-changes")])
    harmless = condense_failure(Failed(key="k", fact="x", sentence="x", workspace="x"))
    harmless = replace(harmless, alerts=tuple(replace(each, said=say_text("x")) for each in hostile.alerts))
    plain = render_together("acme", [harmless, told("no-changes")])
    assert structure(content) == structure(plain)
    assert "<img" not in content
    assert "octocat" not in re.sub(r"<code>.*?</code>", "", content)


def structure(content: str) -> list[str]:
    """The beginnings of all lines that begin a block."""
    return re.findall(r"^(?:> )?(?:#+|>|\[!\w+\]|```|<!--|</?details|</?summary)?", content, re.MULTILINE)


@given(
    st.integers(0, 10_000),
    st.lists(st.tuples(st.integers(1, 8), st.integers(0, 3_000)), max_size=20),
)
def test_room_is_shared(room: int, wanted: list[tuple[int, int]]) -> None:
    """Nobody gets more than it needs, nobody waits while room is left, and a greater weight never gets less."""
    shares = share_room(room, wanted)
    assert all(share <= need for share, (_, need) in zip(shares, wanted, strict=True))
    assert sum(shares) <= room
    if sum(need for _, need in wanted) <= room:
        assert shares == [need for _, need in wanted]
    for share, (weight, need) in zip(shares, wanted, strict=True):
        for other, (other_weight, _) in zip(shares, wanted, strict=True):
            assert share == need or other_weight > weight or other <= share + 1
