"""The full report: one file, nothing loaded, nothing cut, no secret, and a structure that no value can change."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from html_page import Page
from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.plan.attention_settings import AttentionSettings, Ignored
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.addresses import show_object
from tfc_plan_comment.report.lines.line import UNCUT
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.room import OPEN_LINES
from tfc_plan_comment.report.rows import tell_change
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.view import MocksView, RunView
from tfc_plan_comment.report.write.comment import render
from tfc_plan_comment.report.write.html import Origin, write_html
from tfc_plan_comment.report.write.pieces import write_lines

GOLDEN = Path(__file__).parents[3] / "golden"
PLANS = sorted(path.parent.name for path in GOLDEN.glob("*/plan.json"))
RUN = RunView(id="run-1", url="https://app.terraform.io/app/acme/prod/runs/run-1", commit="0123456789", message="Grow")


def html(summary: PlanSummary) -> str:
    """The report of a plan of which no run is known, as a whole."""
    return "".join(write_html(Report(key="", summary=summary)))


def summary_of(name: str) -> PlanSummary:
    return summarize(read_plan(GOLDEN / name / "plan.json"))


def plan_of(*changes: dict[str, Any], **more: Any) -> PlanSummary:
    document = {"format_version": "1.2", "terraform_version": "1.12.0", "resource_changes": list(changes), **more}
    return summarize(parse_plan(json.dumps(document).encode(), name="plan"))


def update(address: str, before: Any, after: Any, **more: Any) -> dict[str, Any]:
    change = {"actions": ["update"], "before": {"input": before}, "after": {"input": after}}
    return {"address": address, "type": "terraform_data", "name": "x", "change": change, **more}


def policy_of(page: Page) -> dict[str, str]:
    policy = page.values("meta", "content")[0]
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";"))


@pytest.fixture(params=PLANS)
def name(request: pytest.FixtureRequest) -> str:
    """Every real plan."""
    return str(request.param)


def test_the_policy_allows_our_style_and_our_script_by_their_hashes_and_nothing_else(name: str) -> None:
    """Nothing is loaded and nothing else runs: the hashes are those of the text between the tags."""
    page = Page.of(html(summary_of(name)))
    (style,), (_, script) = page.all("style"), page.all("script")

    assert policy_of(page) == {
        "default-src": "'none'",
        "style-src": f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'",
        "script-src": f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_nothing_in_the_page_could_ask_the_network_or_run_by_itself(name: str) -> None:
    """No element has a source, a style of its own or an event handler; links only lead within the page."""
    page = Page.of(html(summary_of(name)))

    assert {attribute for _, attribute, _ in page.attributes if attribute in {"src", "style", "srcdoc"}} == set()
    assert {attribute for _, attribute, _ in page.attributes if attribute.startswith("on")} == set()
    assert page.values("link", "href") == ["data:,"]
    assert all(target.startswith("#") for target in page.values("a", "href"))
    assert "import" not in policy_of(page)["style-src"]
    assert "@import" not in page.all("style")[0]
    assert "url(" not in page.all("style")[0]


def test_the_script_makes_nothing_but_text_out_of_values() -> None:
    """No value can become markup in the browser: the script knows none of the ways to do that."""
    folder = files("tfc_plan_comment.report.write").joinpath("templates")
    script = "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in ("report_rows.js", "report.js"))

    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function\(|srcdoc", script) == []


@pytest.mark.parametrize("hostile", ["hostile-values", "nested-modules-odd-keys"])
def test_hostile_plans_get_the_elements_that_harmless_ones_get(hostile: str) -> None:
    """The page's structure is what ours makes: the same elements with the same attributes, whatever values say."""
    page, harmless = Page.of(html(summary_of(hostile))), Page.of(html(summary_of("mixed-update")))

    assert set(page.tags) - {("wbr", ())} <= set(harmless.tags)
    assert len(page.all("script")) == 2
    assert page.data["changes"]


def addresses_of(item: dict[str, Any]) -> list[str]:
    """The addresses for which an item of the report's data speaks."""
    return [each["address"] for each in (item, *item["alike"])]


def report_about(word: str) -> str:
    """The report of a plan with that word in every place."""
    change = update(f'module.m["{word}"].terraform_data.x["{word}"]', {word: word}, {word: f"{word} new"})
    change |= {"module_address": f'module.m["{word}"]', "type": word, "action_reason": word}
    destroyed = {**update(f"{word}.gone", word, None), "change": {"actions": ["delete"], "before": {"input": word}}}
    failed = {"address": {"to_display": word}, "status": "fail", "instances": [{"problems": [{"message": word}]}]}
    summary = plan_of(
        change,
        destroyed,
        output_changes={word: {"actions": ["create"], "after": word}},
        checks=[failed],
        terraform_version=f"1.{word}",  # one before 0.15 would have a note of its own
    )
    run = replace(RUN, id=word, commit=word, message=word)
    return "".join(write_html(Report(key="k", summary=summary, workspace=word, run=run, failure=word)))


@cache
def harmless_page() -> Page:
    """The report with a word that can do no harm."""
    return Page.of(report_about("harmless"))


@given(text=st.text(min_size=1))
@example("</script><script>alert(1)</script>")
@example("<!--<script>")
@example('"><img src=x onerror=alert(1)>')
@example("\u202e{{ 7 * 7 }}\u2028")
@example("]]>\0</style>&lt;/script&gt;&#60;/script&#62;")
def test_no_text_of_a_plan_changes_the_structure(text: str) -> None:
    """Any text, in any place of a plan, run and workspace, leaves the page's elements as they are, and stands in it."""
    hostile = Page.of(report_about(text))

    inside = {"code", "wbr", "br"}  # what `text` and `code` make of a link's label
    assert [tag for tag in hostile.tags if tag[0] not in inside] == [
        tag for tag in harmless_page().tags if tag[0] not in inside
    ]
    assert visible(text) in "".join(hostile.data["changes"][1]["address"])


def test_what_nobody_sees_is_shown_as_an_escape(name: str) -> None:
    """No control, invisible or bidirectional character is left in the file, which is valid UTF-8."""
    report = html(summary_of(name))

    assert visible(report, keep_lines=True) == report
    assert "\t" not in report
    assert report.encode()


@pytest.mark.parametrize(
    ("plan", "bait"),
    [("sensitive-nested", "secrets"), ("sensitive-nested", "leaked"), ("unmarked-secrets", "secrets")],
)
def test_no_secret_is_in_the_file(plan: str, bait: str) -> None:
    """Neither what is marked as sensitive, nor the same value where it turns up unmarked, nor what nobody marks."""
    report = html(summary_of(plan))
    words = (GOLDEN / plan / bait).read_text(encoding="utf-8").split()

    assert words
    assert [word for word in words if word in report] == []


def test_a_secret_in_an_address_is_masked_everywhere_it_stands() -> None:
    """In the row, in its link, in the heading and in the list of modules."""
    secret = "Zq7vW9kPxw2mLmQx"
    marked = update("terraform_data.marked", "old", secret)
    marked["change"]["after_sensitive"] = {"input": True}
    module = f'module.m["{secret}"]'
    destroyed = update(f'{module}.terraform_data.x["{secret}"]', "a", None, module_address=module)
    destroyed["change"] = {"actions": ["delete"], "before": {"input": "a"}}

    report = html(plan_of(marked, destroyed))

    assert secret not in report
    assert secret not in unquote(report)
    assert "(hidden: equals a sensitive value" in Page.of(report).data["changes"][0]["module"]


def test_every_change_is_in_it(name: str) -> None:
    """Once, by its address, be it one that speaks for others or one of these."""
    summary = summary_of(name)
    shown = Page.of(html(summary)).data["changes"]
    addresses = [visible(show_object(change.resource, change.mask, UNCUT).text) for change in summary.changes]

    assert sorted(address for item in shown for address in addresses_of(item)) == sorted(addresses)


@pytest.mark.parametrize("of", ["mixed-update", "web-app-create", "replace-kinds", "fan-out-300"])
def test_order_and_words_are_those_of_the_comment(of: str) -> None:
    """Whoever has read the comment finds everything where it stood there."""
    report = Report(key="", summary=summary_of(of))
    lines = re.findall(r"(?:<summary>|^)(.{2}<b>.*?)(?:</summary>|$)", render(report), re.MULTILINE)
    said = [unescape(re.sub("<.*?>", "", line)) for line in lines]

    rows = []
    for item in Page.of("".join(write_html(report))).data["changes"]:
        if fold := item["opens"]:
            rows.append(f"{fold['symbol']} {fold['label']} {''.join(fold['title'])}")
        data = (" (hold data)" if item["alike"] else " (holds data)") if item["data"] else ""
        sign = " ⚠️" if item["look"] else ""
        rows.append(f"{item['symbol']} {item['label']}{sign} {''.join(item['subject'])}{data}{''.join(item['says'])}")

    assert rows == said


def test_what_stands_alone_is_whole(name: str) -> None:
    """With the comment's words, and without anything that is left out for want of room."""
    summary = summary_of(name)
    shown = {item["address"]: item for item in Page.of(html(summary)).data["changes"] if not item["alike"]}
    uncut = [tell_change(change, limits=UNCUT) for change in summary.changes]
    rows = {visible(row.address): row for row in uncut if visible(row.address) in shown}

    for address, item in shown.items():
        row = rows[address]
        assert (item["label"], item["heading"]) == (row.label, visible(row.heading))
        assert item["diff"] == visible(write_lines(row.lines), keep_lines=True)
        remarks = ["".join(piece.text for piece in remark.pieces) for remark in row.remarks]
        assert ["".join(remark) for remark in item["remarks"]] == list(map(visible, remarks))


def resize(address: str, before: Any = "small", after: Any = "large") -> dict[str, Any]:
    return update(address, before, after)


@pytest.mark.parametrize("count", [30, 1_169])
def test_changes_that_are_alike_are_one(count: int) -> None:
    """One item with all the addresses, named after the resource; what differs stands by itself."""
    alike = [resize(f"terraform_data.x[{n}]") for n in range(count)]

    one, other = Page.of(html(plan_of(*alike, resize("terraform_data.y", "small", "tiny")))).data["changes"]

    assert addresses_of(one) == [f"terraform_data.x[{n}]" for n in range(count)]
    assert one["subject"] == [f"{count:,} × ", "terraform_data.x"]
    assert one["diff"].splitlines()[0] == '! input = "small" -> "large"'
    assert addresses_of(other) == other["subject"][1:] == ["terraform_data.y"]


def test_of_a_very_large_plan_the_last_are_put_together_where_they_do_the_same() -> None:
    """All that is alike is looked for among the first 10,000 only; none of the others is lost."""
    alike = [resize(f"terraform_data.x[{n}]") for n in range(10_005)]
    last = [resize("terraform_data.y[0]"), resize("terraform_data.y[1]", "small", "tiny")]

    shown = Page.of(html(plan_of(*alike, *last))).data["changes"]

    assert [len(addresses_of(item)) for item in shown] == [10_000, 6, 1]
    assert [item["diff"].splitlines()[0] for item in shown] == [
        '! input = "small" -> "large"',
        '! input = "small" -> "large"',
        '! input = "small" -> "tiny"',
    ]


@pytest.mark.cost
@pytest.mark.no_cover
def test_twice_the_changes_cost_hardly_more_than_twice_as_much(count_calls: Callable[..., int]) -> None:
    """Even where no two of them are alike, which takes the most comparing."""
    once, twice = (
        plan_of(*(resize(f"terraform_data.x{n}", {f"a{n}": n}, {f"a{n}": -n}) for n in range(count)))
        for count in (1_100, 2_200)
    )

    assert count_calls(lambda: html(twice)) < 2.5 * count_calls(lambda: html(once))


def test_what_is_alike_is_whole_and_what_differs_where_the_comment_cuts_is_not_alike() -> None:
    """A text that is longer than the comment shows stands here as a whole, and is compared as a whole."""
    long = "x" * 1_000
    same = [resize(f"terraform_data.same[{n}]", long, f"{long} and its end") for n in range(3)]
    other = [resize(f"terraform_data.other[{n}]", long, f"{long} {n}") for n in range(3)]

    shown = Page.of(html(plan_of(*same, *other))).data["changes"]

    diffs = [item["diff"] for item in shown]
    assert addresses_of(shown[0]) == [f"terraform_data.same[{n}]" for n in range(3)]
    assert f"{long} and its end" in diffs[0]
    assert [f'{long} {n}"' in "".join(diffs) for n in range(3)] == [True] * 3


def test_a_group_says_its_modules_and_types() -> None:
    """Each of its changes is found by the filters of its own module and type."""
    in_modules = [
        resize(f"module.m[{n}].terraform_data.x", "a", "b") | {"module_address": f"module.m[{n}]"} for n in (1, 2, 3)
    ]

    (item,) = Page.of(html(plan_of(*in_modules))).data["changes"]

    assert [each["module"] for each in (item, *item["alike"])] == ["module.m[1]", "module.m[2]", "module.m[3]"]
    assert {each["type"] for each in (item, *item["alike"])} == {"terraform_data"}
    assert item["subject"] == ["3 × ", "module.m.terraform_data.x"]


def open_port(address: str, block: str = "0.0.0.0/0") -> dict[str, Any]:
    """A security group that gets a rule for port 22."""
    closed: dict[str, Any] = {"id": "sg-1", "ingress": [], "egress": []}
    rule = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": [block]}
    change = {"actions": ["update"], "before": closed, "after": {**closed, "ingress": [rule]}}
    provider = "registry.terraform.io/hashicorp/aws"
    return {
        "address": address,
        "mode": "managed",
        "type": "aws_security_group",
        "name": "x",
        "provider_name": provider,
        "change": change,
    }


def test_what_deserves_a_look_is_said_on_the_first_screen_and_in_its_row() -> None:
    """As a fact with its value, with a link to the change; our words and the plan's text stay apart."""
    page = Page.of(html(plan_of(open_port("aws_security_group.web"), resize("terraform_data.x"))))

    look, plain = page.data["changes"]
    assert (look["look"], plain["look"]) == (True, False)
    assert look["says"] == [": opens port 22 to 0.0.0.0/0"]
    assert "1 change deserves a look" in page.all("strong")
    assert "aws_security_group.web opens port 22 to the whole internet (0.0.0.0/0)" in page.said


def test_nothing_is_said_of_a_plan_in_which_nothing_deserves_a_look() -> None:
    """No empty warning."""
    assert Page.of(html(plan_of(resize("terraform_data.x")))).all("h2") == []


def test_the_header_says_what_it_is_a_plan_of() -> None:
    """On paper as well: run, commit, pull request and time, each where it is known."""
    origin = Origin(
        pull_request=7,
        pull_request_url="https://github.com/acme/infra/pull/7",
        made=datetime(2026, 11, 30, 13, 5, tzinfo=UTC),
    )
    report = Report(key="k", summary=plan_of(), workspace="prod", run=RUN)

    page = Page.of("".join(write_html(report, origin)))

    assert "Run run-1 on 0123456\n" in page.said
    assert "Pull request #7\n" in page.said
    assert page.all("time") == ["2026-11-30 13:05 UTC"]
    assert page.values("time", "datetime") == ["2026-11-30T13:05Z"]
    assert page.values("a", "href") == [RUN.url, origin.pull_request_url]
    assert "Pull request" not in Page.of("".join(write_html(report))).said


def test_long_values_are_not_shortened() -> None:
    """What the comment cuts stands here as a whole: long strings, and texts of many lines."""
    line, text = "x" * 5_000, "".join(f"line {number}\n" for number in range(1_000))
    changes = [update("a.long", "", f"{line}!"), update("a.text", "", text)]

    long, many = Page.of(html(plan_of(*changes))).data["changes"]

    assert f'"{line}!"' in long["diff"]
    assert many["diff"].count("│ line ") == 1_000


def test_the_sections_below_the_changes_are_in_it() -> None:
    """Outputs, drift, checks, deferred changes: their titles are links, their lines are whole."""
    outputs = {f"output_{number:04}": {"actions": ["create"], "after": number} for number in range(3_000)}

    page = Page.of(html(plan_of(output_changes=outputs)))
    (section,) = page.data["sections"]

    assert "".join(section["title"]).startswith("Outputs: output_0000 ")
    assert section["title"][1] == "output_0000"
    assert section["diff"].count("\n+ output_") == 2_999
    assert f"#{section['address']}" in page.values("a", "href")


def test_each_change_has_a_link_of_its_own(name: str) -> None:
    """Links name addresses, of which no two changes share one."""
    addresses = [address for item in Page.of(html(summary_of(name))).data["changes"] for address in addresses_of(item)]

    assert len(set(addresses)) == len(addresses)


def test_what_is_lost_is_said_in_the_caution() -> None:
    """As in the comment: what holds data first."""
    page = Page.of(html(summary_of("mixed-update")))

    assert page.all("h2") == ["Caution", "Warning"]
    assert page.all("strong")[1:3] == ["2 resources that hold data are destroyed", "Also replaced"]
    assert "aws_dynamodb_table.locks: replaced, destroyed first, because hash_key" in page.said


def test_what_is_forgotten_goes_on_existing() -> None:
    """The comment says so in its warning, and so does the report."""
    page = Page.of(html(summary_of("moved-import-forget")))

    assert re.search(r"\d+ resources? (?:is|are) forgotten: (?:it continues|they continue) to exist", page.said)


def test_what_is_ignored_is_counted() -> None:
    """Who asks for not being told is told that something is not told."""
    document = {"format_version": "1.2", "resource_changes": [open_port("aws_security_group.web")]}
    plan = parse_plan(json.dumps(document).encode(), name="plan")
    rule = summarize(plan).changes[0].attention[0].rule

    page = Page.of(html(summarize(plan, attention=AttentionSettings(ignored=(Ignored(rule),)))))

    assert page.data["changes"][0]["look"] is False
    assert "1 fact that deserves a look is ignored because of attention-ignore." in page.said


def test_the_verdict_stands_there_without_javascript() -> None:
    """Headline, Terraform's sentence, the run, cautions, and a plain note on why the rest is missing."""
    report = Report(key="k", summary=summary_of("mixed-update"), workspace="prod", run=RUN)
    page = Page.of("".join(write_html(report)))
    said = page.said

    heading = render(report).splitlines()[1].removeprefix("## ")
    assert page.all("title") == [re.sub("</?code>", "", heading)], "the page has the heading of the comment"
    assert page.all("h1") == [heading.partition(": ")[2]]
    assert "Plan: 4 to add, 6 to change, 3 to destroy." in said
    assert "run-1 on 0123456" in said
    assert "Grow" in said
    assert "Terraform 1.11.4" in said
    assert "2 resources that hold data are destroyed" in said
    assert "Allow JavaScript to see them" in said
    assert page.values("a", "href")[0] == RUN.url


def test_a_run_with_an_address_that_is_not_of_the_web_is_no_link() -> None:
    """Only http and https become links."""
    report = Report(key="k", summary=plan_of(), run=replace(RUN, url="javascript:alert(1)"))

    assert Page.of("".join(write_html(report))).values("a", "href") == []


MOCKS = MocksView(
    pending=False,
    files=("mock-<tfplan>.sentinel", "sentinel.hcl"),
    size="1.0 kB",
    path="mocks.tar.gz",
    artifact="mocks-run-1.tar.gz",
    url="https://github.com/acme/infra/actions/runs/1/artifacts/2",
    expires="2026-11-23",
    failure=None,
)

FILES = (
    "mock-<tfplan>.sentinel, sentinel.hcl. They may expose data from the plan and the state. Treat them as a secret."
)


@pytest.mark.parametrize(
    ("mocks", "said"),
    [
        (
            MOCKS,
            f"Sentinel mocks: mocks-run-1.tar.gz (1.0 kB, until 2026-11-23): {FILES}",
        ),
        (
            replace(MOCKS, artifact=None, url="", expires="", failure="Cannot upload it."),
            f"Sentinel mocks: mocks.tar.gz in the workspace of the job (1.0 kB): {FILES} Cannot upload it.",
        ),
        (
            replace(MOCKS, pending=True, files=()),
            "Sentinel mocks: they were not ready when this was written; the comment links them.",
        ),
        (replace(MOCKS, files=(), failure="Cannot export <it>."), "No Sentinel mocks: Cannot export <it>."),
    ],
)
def test_the_mocks_are_named(mocks: MocksView, said: str) -> None:
    """Where they are, or that they are yet to come, or why there are none."""
    page = Page.of("".join(write_html(Report(key="k", summary=plan_of(), mocks=mocks))))

    assert said in page.said
    assert page.values("a", "href") == ([mocks.url] if mocks is MOCKS else [])


def test_notes_say_what_the_comment_says() -> None:
    """A plan that failed, and a redacted one, say so here as well."""
    errored = Page.of(html(summary_of("errored")))

    assert errored.all("h2")[0] == "Caution"
    assert "Planning stopped at aws_sns_topic.alerts: There is nothing to alert about" in errored.said


def test_rows_have_the_comments_words_without_its_markdown() -> None:
    """What is code there is told from what is not; entities are letters again."""
    changes = Page.of(html(summary_of("mixed-update"))).data["changes"]
    by_address = {change["address"]: change for change in changes}

    assert by_address['aws_subnet.app["b"]']["subject"] == ["", 'aws_subnet.app["b"]']
    assert by_address['aws_subnet.app["b"]']["says"][:2] == [", because ", "cidr_block"]
    assert by_address["aws_cloudwatch_log_group.legacy"]["says"] == [
        ': "/prod/legacy-cron", no longer in the configuration'
    ]


def test_only_the_first_few_stand_open(name: str) -> None:
    """As many lines as one can read at once; the rest is folded."""
    changes = Page.of(html(summary_of(name))).data["changes"]

    assert sum(change["diff"].count("\n") + 1 for change in changes if change["open"]) <= OPEN_LINES


def test_a_diff_is_gone_once_it_is_written() -> None:
    """Nothing of what the report is made of is kept, and a piece holds one item at most."""
    summary = summary_of("web-app-create")

    pieces = list(write_html(Report(key="k", summary=summary)))

    assert [change.resource.address for change in summary.changes if "diff" in vars(change)] == []
    assert max(piece.count('"heading"') for piece in pieces) == 1
    assert "".join(pieces) == html(summary)


def themes() -> Iterator[tuple[str, dict[str, str]]]:
    style = files("tfc_plan_comment.report.write").joinpath("templates", "report.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    for theme, block in (("light", light), ("dark", dark)):
        yield theme, dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("theme", "colours"), list(themes()), ids=["light", "dark"])
def test_every_text_has_enough_contrast(theme: str, colours: dict[str, str]) -> None:
    """At least 4.5 for text and 3 for the edges of fields and lines, in both themes (WCAG 2.2, 1.4.3 and 1.4.11)."""
    texts = [("fg", ground) for ground in ("bg", "subtle", "add", "del", "chg", "mark")]
    texts += [(text, ground) for text in ("muted", "accent") for ground in ("bg", "subtle")]
    texts += [("danger", "bg"), ("danger", "subtle"), ("attention", "bg")]
    edges = [("control", "bg"), *((f"{kind}-edge", "bg") for kind in ("add", "del", "chg"))]
    pairs = [(*pair, 4.5) for pair in texts] + [(*pair, 3.0) for pair in edges]

    weak = [pair for *pair, least in pairs if contrast(colours[pair[0]], colours[pair[1]]) < least]

    assert weak == [], theme
