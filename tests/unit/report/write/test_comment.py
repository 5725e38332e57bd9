"""The whole comment, judged by GitHub's own Markdown parser, and every sentence in it."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from comment_page import MARKER, RUN, assert_is_ours, page
from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.github_actions.commands import STEP_SUMMARY_LIMIT
from tfc_plan_comment.plan.actions import RISK
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.failed import Failed
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.view import HtmlReportView, RunView
from tfc_plan_comment.report.write.comment import render, render_failure
from tfc_plan_comment.report.write.template import Template, load_built_in

GOLDEN = Path(__file__).parents[3] / "golden"
PLANS = sorted(path.parent.name for path in GOLDEN.glob("*/plan.json"))


def summary_of(*changes: dict[str, Any], **more: Any) -> PlanSummary:
    document = {"format_version": "1.2", "resource_changes": changes, "planned_values": {}, **more}
    return summarize(parse_plan(json.dumps(document).encode(), name="plan"))


def change(address: str, actions: list[str], before: Any = None, after: Any = None, **more: Any) -> dict[str, Any]:
    inner = {"actions": actions, "before": before, "after": after, **more.pop("change", {})}
    return {"address": address, "type": "t", "name": "n", **more, "change": inner}


@pytest.mark.parametrize("name", PLANS)
def test_a_real_comment_has_our_structure_and_no_other(name: str) -> None:
    """Only our tags and attributes; no link but the run's; one HTML comment, the marker; no text that is alive."""
    summary = summarize(read_plan(GOLDEN / name / "plan.json"))
    comment = render(Report(key="acme/prod", summary=summary, workspace="prod", run=RUN))

    seen = assert_is_ours(comment)

    tags = [tag for tag, _ in seen.tags]
    folds = sum(line.startswith("<details") for line in comment.splitlines())
    assert {tags.count(tag) for tag in ("details", "/details", "summary", "/summary")} == {folds}


@pytest.mark.parametrize("name", ["hostile-values", "nested-modules-odd-keys"])
def test_hostile_values_give_the_structure_that_harmless_ones_give(name: str) -> None:
    """The page of a plan made to break comments is that of the same plan with all its strings made of letters."""
    content = (GOLDEN / name / "plan.json").read_text(encoding="utf-8")
    hostile, harmless = (
        summarize(parse_plan(json.dumps(document).encode(), name=name))
        for document in (_apart(json.loads(content)), _apart(_harmless(json.loads(content))))
    )

    seen, expected = (
        page(render(Report(key="acme/prod", summary=summary, workspace="prod", run=RUN), limit=STEP_SUMMARY_LIMIT))
        for summary in (hostile, harmless)
    )

    assert seen.skeleton == expected.skeleton


def _apart(document: Any) -> Any:
    """The document with every change of a type of its own: which of them are put together depends on the values."""
    for number, change in enumerate(document["resource_changes"]):
        before, name, key = change["address"].rpartition(f".{change['name']}")
        change["address"] = f"{before}_{number}{name}{key}"
    return document


_INDEX = re.compile(r'(?<=\[")((?:[^"\\]|\\.)*)(?="\])')
_KEPT = {"actions", "format_version", "mode", "type", "action_reason", "checks"}


def _harmless(document: Any) -> Any:
    """The document with every hostile text in its changes replaced by letters, the same ones for the same text."""
    words: dict[str, str] = {}

    def word(text: str) -> str:
        return text if re.fullmatch(r"[\w./ -]*", text, re.ASCII) else words.setdefault(text, f"word{len(words)}")

    def replaced(value: Any) -> Any:
        match value:
            case str():
                # Lines stay lines, for they decide whether a block stands open; an address keeps its form.
                return _INDEX.sub(lambda key: word(key[1]), value) if '["' in value else _lines(value)
            case list():
                return [replaced(item) for item in value]
            case dict():
                return {word(key): item if key in _KEPT else replaced(item) for key, item in value.items()}
            case _:
                return value

    def _lines(text: str) -> str:
        return "\n".join(word(line) for line in text.split("\n"))

    changed = {key: replaced(value) for key, value in document.items() if key in {"resource_changes", "output_changes"}}
    return {**document, **changed}


def everywhere(text: Callable[[int], str]) -> dict[str, Any]:
    """A plan with a text of the caller's in every place that holds a string."""
    address = f'module.m["{text(1)}"].t.n["{text(2)}"]'
    return {
        "format_version": "1.2",
        "terraform_version": f"1.{text(0)}",
        "planned_values": {},
        "complete": False,
        "resource_changes": [
            change(
                address,
                ["update"],
                {text(3): text(4), "list": [text(5)], "object": {text(6): text(7)}, "json": json.dumps({text(8): 1})},
                {text(3): text(9), "list": [text(8)], "object": {text(6): text(5)}, "json": json.dumps({text(8): 2})},
                module_address=f'module.m["{text(1)}"]',
                previous_address=f"n{text(3)}",
            ),
            change(f"n{text(4)}", ["delete"], {text(5): text(6)}, action_reason="delete_because_no_module"),
            change(f"n{text(5)}", ["delete"], {"a": text(6)}, deposed=f"n{text(7)}", index=text(7)),
            change(f"n{text(6)}", [f"n{text(7)}", text(8)], {"a": text(6)}, type=f"n{text(8)}"),
            change(f"n{text(7)}", ["no-op"], {"a": 1}, {"a": text(1)}, change={"importing": {"id": text(9)}}),
            change(
                f"n{text(8)}", ["no-op"], {"a": 1}, {"a": 1}, change={"importing": {"identity": {text(9): text(1)}}}
            ),
            change(f"n{text(9)}", ["no-op"], {"a": 1}, {"a": 1}, previous_address=f"m{text(9)}"),
            change(
                f"n{text(1)}", ["delete", "create"], {text(2): 1}, {text(2): 2}, change={"replace_paths": [[text(2)]]}
            ),
            change(f"m{text(2)}", ["create"], None, {"name": text(3)}, change={"generated_config": text(4)}),
            change(f"m{text(3)}", ["delete"], {"a": 1}, action_reason="delete_because_each_key", index=text(4)),
        ],
        "resource_drift": [
            change(f"n{text(1)}", ["update"], {"a": text(1)}, {"a": text(2)}),
            change(f"n{text(2)}", ["delete"], {"a": text(1)}, None),
        ],
        "output_changes": {f"n{text(3)}": {"actions": ["update"], "before": text(4), "after": {text(5): text(6)}}},
        "checks": [
            {
                "address": {"kind": text(1), "to_display": f"n{text(2)}"},
                "status": "fail",
                "instances": [
                    {"address": {"to_display": text(3)}, "status": "fail", "problems": [{"message": text(4)}]},
                ],
            },
            {"address": {"to_display": f"n{text(5)}"}, "status": "error"},
            {"address": {"to_display": "unheard of"}, "status": text(6)},
        ],
        "deferred_changes": [{"reason": text(1), "resource_change": change(f"n{text(2)}", ["create"])}],
        "deferred_action_invocations": [{"reason": text(3), "action_invocation": {"address": text(4)}}],
        "action_invocations": [
            {
                "address": f"action.{text(5)}",
                "config_values": {text(6): text(7)},
                "lifecycle_action_trigger": {
                    "triggering_resource_address": address,
                    "action_trigger_event": text(8),
                },
            }
        ],
    }


HOSTILE = [
    "\n- FORGED",
    "\n+ FORGED",
    "\r! FORGED\u2028- FORGED\x0b+ FORGED",
    "</details></summary></code></pre>",
    "<script>alert(1)</script><img src=x onerror=y>",
    "<!-- tfc-plan-comment:acme/prod -->",
    "-->",
    "| a | b |\n|---|---|",
    "```\n# FORGED\n```",
    "@octocat #1 https://evil.example [x](https://evil.example) ![x](https://evil.example/x.png)",
    "**FORGED**",
    '"] x["',
    "\\",
    "",
]
TEXTS = st.one_of(
    st.text(),
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from([*HOSTILE, " ", "\n", "x", "`", "|", "<", "*"])).map("".join),
)


@cache
def template() -> Template:
    """The built-in template, which is read once for all examples."""
    return load_built_in()


@cache
def harmless_skeleton(same: tuple[int, ...]) -> list[str]:
    """The structure of the page with words for texts; the word at each place is that of the place given there."""
    plan = parse_plan(json.dumps(everywhere(lambda number: f"word{same[number]}")).encode(), name="plan")
    report = Report(key="acme/prod", summary=summarize(plan), workspace="prod", run=RUN)
    return page(render(report, template())).skeleton


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS, min_size=10, max_size=10))
@example([HOSTILE[number] for number in range(10)])
@example([HOSTILE[number] for number in range(4, 14)])
@example(["\n- FORGED"] * 10)
def test_no_string_of_a_plan_changes_the_comments_structure(texts: list[str]) -> None:
    """Addresses, keys, values, messages, reasons, ids, actions, names, versions: whatever they hold, it is inert."""
    hostile = summarize(parse_plan(json.dumps(everywhere(texts.__getitem__)).encode(), name="plan"))

    seen = assert_is_ours(
        render(Report(key="acme/prod", summary=hostile, workspace="prod", run=RUN), template=template())
    )

    assert seen.skeleton == harmless_skeleton(tuple(map(texts.index, texts)))


def first_screen(comment: str) -> list[str]:
    return [line for line in comment.split("<details", 1)[0].splitlines() if line]


def comment_of(summary: PlanSummary, **more: Any) -> str:
    return render(Report(key="acme/prod", summary=summary, workspace="prod", run=RUN, **more))


def test_the_first_screen_says_what_the_run_does_and_where_it_is() -> None:
    """Marker, headline, Terraform's own sentence, the run and its commit; the version stands in the last line."""
    summary = summary_of(change("t.n", ["update"], {"a": 1}, {"a": 2}), terraform_version="1.11.4")

    comment = comment_of(summary)

    assert first_screen(comment) == [
        MARKER,
        "## Terraform plan for <code>prod</code>: 1 changed",
        "**Plan: 0 to add, 1 to change, 0 to destroy.**",
        f'<a href="{RUN.url}">Run</a> of <code>0123456</code>',
    ]
    assert last_line(comment).endswith(" Terraform 1.11.4.")


def test_without_a_run_the_first_screen_has_the_plan_alone() -> None:
    """A plan on disk has no run, no workspace, and perhaps no version: then it has no last line either."""
    comment = render(Report(key="plan.json", summary=summary_of()))

    assert first_screen(comment)[1:] == [
        "## Terraform plan: no changes",
        "**No changes. Your infrastructure matches the configuration.**",
    ]


def test_opentofu_is_called_by_its_name() -> None:
    """A plan whose providers come from OpenTofu's registry was made by OpenTofu."""
    tofu = change("t.n", ["create"], None, {"a": 1}, provider_name="registry.opentofu.org/hashicorp/aws")

    comment = comment_of(summary_of(tofu, terraform_version="1.9.0"))

    assert first_screen(comment)[1] == "## OpenTofu plan for <code>prod</code>: 1 created"
    assert last_line(comment).endswith("Values that OpenTofu marks as sensitive are masked. OpenTofu 1.9.0.")


ONE_OF_EACH = [
    change("t.a", ["delete", "create"], {"a": 1}, {"a": 2}),
    change("t.b", ["delete"], {"a": 1}),
    change("t.c", ["defrost"], {"a": 1}, {"a": 2}),
    change("t.d", ["forget"], {"a": 1}),
    change("t.e", ["update"], {"a": 1}, {"a": 2}),
    change("t.f", ["create"], None, {"a": 1}),
    change("t.g", ["no-op"], {"a": 1}, {"a": 1}, change={"importing": {"id": "x"}}),
    change("t.h", ["no-op"], {"a": 1}, {"a": 1}, previous_address="t.old"),
    change("data.t.i", ["read"], None, {"a": 1}, mode="data"),
]


def test_there_is_one_of_each() -> None:
    """The plan that stands for all plans below has every action that is listed."""
    assert {each.action for each in summary_of(*ONE_OF_EACH).changes} == set(RISK)


def check(name: str, status: str, **more: Any) -> dict[str, Any]:
    return {"address": {"kind": "check", "to_display": f"check.{name}"}, "status": status, **more}


def saying(message: str) -> dict[str, Any]:
    return {"address": {"to_display": "check.x"}, "status": "fail", "problems": [{"message": message}]}


@pytest.mark.parametrize(
    ("plan", "failure", "alert"),
    [
        (
            summary_of(),
            "Cannot apply: the run was canceled.",
            "> [!CAUTION]\n> Cannot apply: the run was canceled.",
        ),
        (
            summary_of(errored=True),
            None,
            f'> [!CAUTION]\n> Terraform could not make the plan.<br><a href="{RUN.url}">Open the run</a>',
        ),
        (
            summary_of(ONE_OF_EACH[2]),
            None,
            (
                "> [!WARNING]\n> 1 change has an action that this version of tfc-plan-comment does not know: "
                "look at the run."
            ),
        ),
        (
            summary_of(ONE_OF_EACH[2], ONE_OF_EACH[2]),
            None,
            "> 2 changes have an action that this version of tfc-plan-comment does not know: look at the run.",
        ),
        (
            summary_of(checks=[check("a", "fail"), check("b", "pass")]),
            None,
            "> [!WARNING]\n> 1 check does not pass, see below: check.a.",
        ),
        (
            summary_of(
                checks=[
                    check("a", "fail", instances=[saying("Only 2 tables.\nSee @octocat.")]),
                    check("b", "fail", instances=[saying("long " * 40)]),
                ]
            ),
            None,
            "> 2 checks do not pass, see below: check.a (Only 2 tables), check.b.",
        ),
        (
            summary_of(checks=[check(name, "error") for name in "abcde"]),
            None,
            "> [!WARNING]\n> 5 checks do not pass, see below: check.a, check.b, check.c and 2 more.",
        ),
        (
            summary_of(
                change("t.n", ["delete"], {"a": 1}),
                prior_state={"values": {"root_module": {"resources": [{"address": "t.n"}]}}},
            ),
            None,
            "## Terraform plan for <code>prod</code>: destroys everything",
        ),
        (
            summary_of(resource_drift=[change("t.n", ["update"], {"a": 1}, {"a": 2})], applyable=True),
            None,
            (
                "> [!NOTE]\n> This is a refresh-only plan: Terraform only records in the state what changed "
                "outside of it."
            ),
        ),
        (
            summary_of(complete=False),
            None,
            (
                "> [!WARNING]\n> This plan is not complete: it was limited to targets, "
                "or changes are deferred to a later plan."
            ),
        ),
        (
            summary_of(format_version="1.9"),
            None,
            "> [!NOTE]\n> The plan has the format 1.9, which is newer than 1.2. New parts of it may not be shown.",
        ),
    ],
)
def test_what_to_know_about_the_plan_stands_in_an_alert(plan: PlanSummary, failure: str | None, alert: str) -> None:
    """Each alert is a whole sentence, and its kind says how bad it is."""
    assert alert + "\n" in comment_of(plan, failure=failure)


def test_the_caution_says_what_is_lost_and_why() -> None:
    """In one alert: a heading for each kind of loss, a line for each group, the only one behind it."""
    changes = [
        change(
            "aws_s3_bucket.logs",
            ["delete", "create"],
            {"bucket": "a", "region": "a"},
            {"bucket": "b", "region": "b"},
            type="aws_s3_bucket",
            change={"replace_paths": [["bucket"], ["region"]]},
        ),
        change("t.b", ["create", "delete"], {"a": 1}, {"a": 2}, action_reason="replace_because_tainted"),
        change("t.d", ["delete"], {"a": 1}, action_reason="delete_because_no_resource_config"),
        *[change(f"t.f[{number}]", ["delete"], {"a": 1}) for number in range(1_007)],
    ]

    lines = first_screen(comment_of(summary_of(*changes)))

    assert lines[lines.index("> [!CAUTION]") + 1 :] == [
        (
            "> **1 resource that holds data is destroyed:** <code>aws_s3_bucket.logs</code>: replaced, "
            'destroyed first, because <code>bucket</code> "a" → "b", <code>region</code> "a" → "b"'
        ),
        ">",
        "> **Also destroyed or replaced**",
        "> <code>t.b</code>: replaced, created first, because it is tainted, by a failed apply or by hand",
        "> <code>t.d</code>: no longer in the configuration",
        "> 1,007 × <code>t.f</code>",
    ]


def test_what_deserves_a_look_and_what_is_forgotten_stand_in_one_warning() -> None:
    """Below the caution, one line each; that objects go on existing is said once for all of them."""
    opened = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
    rules = [
        change("aws_security_group.a", ["update"], {"ingress": []}, {"ingress": [opened]}, type="aws_security_group")
    ]
    gone = [change(f"t.n{number}", ["forget"], {"a": 1}) for number in range(2)]

    look = "> **1 change deserves a look**\n> <code>aws_security_group.a</code> opens port 22 to the whole internet "
    look += "(0&#46;0.0.0/0)\n"
    forgotten = "> **2 resources are forgotten:** they continue to exist, but Terraform stops managing them\n"
    assert f"\n> [!WARNING]\n{look}>\n{forgotten}\n" in comment_of(summary_of(*rules, *gone))
    assert f"\n> [!WARNING]\n{look}\n" in comment_of(summary_of(*rules))
    assert f"\n> [!WARNING]\n{forgotten}\n" in comment_of(summary_of(*gone))
    assert "> **1 resource is forgotten:** it continues to exist, but Terraform stops managing it\n" in comment_of(
        summary_of(gone[0])
    )


def test_each_change_is_a_fold_whose_line_says_what_happens() -> None:
    """Symbol, action, address, data, why and what, in words; below it the diff, open if it must be read."""
    table = change("aws_dynamodb_table.t", ["delete", "create"], {"k": 1}, {"k": 2}, change={"replace_paths": [["k"]]})

    assert (
        "\n<details open><summary>🔴 <b>replace</b> <code>aws_dynamodb_table.t</code> (holds data), "
        "because <code>k</code> 1 → 2</summary>\n\n```diff\n! k = 1 -> 2\n```\n</details>\n"
    ) in comment_of(summary_of({**table, "type": "aws_dynamodb_table"}))


def test_many_alike_changes_list_their_addresses_in_a_fold_of_their_own() -> None:
    """Below the diff, which all of them share; the line says how many they are."""
    changes = [change(f't.n["key-{number}"]', ["update"], {"a": 1}, {"a": 2}) for number in range(90)]

    comment = comment_of(summary_of(*changes))

    assert "<summary>🟡 <b>change</b> 90 × <code>t.n</code>: <code>a</code> 1 → 2</summary>" in comment
    assert "```\n\n<details><summary>All 90 addresses</summary>\n\n```\n" in comment


def test_a_list_of_addresses_that_is_cut_says_how_many_stand_there() -> None:
    """It does not say that all of them do, and the last line counts the others."""
    long = "k" * 60
    changes = [change(f't.n["{long}-{number:04}"]', ["update"], {"a": 1}, {"a": 2}) for number in range(2_000)]

    comment = comment_of(summary_of(*changes))

    said = re.search(r"<summary>([\d,]+) of 2,000 addresses</summary>", comment)
    assert said
    listed = int(said[1].replace(",", ""))
    assert comment.count(f'["{long}-') == listed > 100
    assert f"<sub>{2_000 - listed:,} changes are only counted here." in comment


def test_a_fold_of_several_changes_ends_where_the_next_one_begins() -> None:
    """Two modules that go as a whole, and what follows them: each fold holds its own changes and nothing else."""
    gone = [
        change(f"module.{module}.t.n{number}", ["delete"], {"a": number}, module_address=f"module.{module}")
        for module in ("a" * 80 + "1", "a" * 80 + "2")
        for number in range(3)
    ]

    comment = comment_of(summary_of(*gone, change("t.z", ["update"], {"a": 1}, {"a": 2}), complete=True))

    assert _depths(comment) == [1, 2, 2, 2, 1, 2, 2, 2, 1]
    assert comment.count(": all 3 resources, each <code>t</code></summary>") == 2


def _depths(comment: str) -> list[int]:
    """How deep each fold stands."""
    depths, depth = [], 0
    for tag, _ in page(comment).tags:
        depth += (tag == "details") - (tag == "/details")
        if tag == "details":
            depths.append(depth)
    return depths


MASKED = "Values that Terraform marks as sensitive are masked."


def last_line(comment: str) -> str:
    return re.sub("</?sub>", "", comment.splitlines()[-1])


def test_the_last_line_says_what_was_left_out_and_where_it_stands() -> None:
    """Without details, only counted, shortened: each in a sentence; it says that all stands there only if it does."""
    few = summary_of(change("t.n", ["update"], {"a": 1}, {"a": 2}))
    long = summary_of(change("t.n", ["create"], None, {"a": "x" * 300}))
    changes = [
        change(f"t.n{number}", ["update"], {f"a{number}": "a" * 150}, {f"a{number}": "b" * 150})
        for number in range(2_000)
    ]
    url = "https://github.com/acme/shop/actions/runs/1"
    more = f'More of it is in the <a href="{url}">step summary</a>.'

    assert last_line(comment_of(few, full_report=url)) == f"The change of the plan is listed above. {MASKED}"
    assert last_line(comment_of(long, full_report=url)) == (
        f"The change of the plan is listed above. Long values are shortened. {more} {MASKED}"
    )
    assert re.fullmatch(
        r"All 250 changes of the plan are listed above\. There was no room for the details of 1\d\d changes\. (.*)",
        last_line(comment_of(summary_of(*changes[:250]), full_report=url)),
    )
    said = re.fullmatch(
        r"All 1,000 changes of the plan are listed above\. There was no room for the details of (\d+) changes\. "
        r"There was room only for the address of (\d+) changes\. (.*)",
        last_line(comment_of(summary_of(*changes[:1_000]), full_report=url)),
    )
    assert said
    assert int(said[1]) + int(said[2]) == 1_000
    assert said[3] == f"{more} {MASKED}"
    said = re.fullmatch(
        r"There was no room for the details of \d+ changes\. 1,\d\d\d changes are only counted here\. (.*)",
        last_line(comment_of(summary_of(*changes), full_report=url)),
    )
    assert said
    assert said[1] == f"{more} {MASKED}"


REPORT = HtmlReportView(
    path="out/report.html",
    artifact="report-run-1.html",
    url="https://github.com/acme/shop/actions/runs/1/artifacts/2",
    expires="2026-11-23",
    failure=None,
)
NO_ARTIFACT = replace(REPORT, artifact=None, url="", expires="")


@pytest.mark.parametrize(
    ("html_report", "said"),
    [
        (None, ""),
        (REPORT, f'All of it is {{}} the <a href="{REPORT.url}">full report</a> (until 2026&#45;11-23). '),
        (NO_ARTIFACT, "All of it is {} <code>out/report.html</code> in the workspace of the job. "),
        (
            replace(NO_ARTIFACT, failure="Cannot <do> it."),
            "All of it is {} <code>out/report.html</code> in the workspace of the job. Cannot &lt;do> it. ",
        ),
        (replace(NO_ARTIFACT, path="", failure="Cannot do it."), "There is no full report: Cannot do it. "),
    ],
)
def test_the_last_line_says_where_the_html_report_is(html_report: HtmlReportView | None, said: str) -> None:
    """Before the step summary, which has less in it, and also where nothing was left out."""
    few = summary_of(change("t.n", ["update"], {"a": 1}, {"a": 2}))
    long = summary_of(change("t.n", ["create"], None, {"a": "x" * 300}))
    url = "https://github.com/acme/shop/actions/runs/1"

    assert last_line(comment_of(few, full_report=url, html_report=html_report)) == (
        f"The change of the plan is listed above. {said.format('also in')}{MASKED}"
    )
    assert last_line(comment_of(long, full_report=url, html_report=html_report)) == (
        f"The change of the plan is listed above. Long values are shortened. {said.format('in')}"
        f'More of it is in the <a href="{url}">step summary</a>. {MASKED}'
    )


def test_a_redacted_plan_says_so() -> None:
    """HCP Terraform's redacted plan JSON has less in it; the last line says which it was."""
    document = {"plan_format_version": "1.2", "resource_changes": []}
    summary = summarize(parse_plan(json.dumps(document).encode(), name="plan"))

    assert last_line(comment_of(summary)) == "Read from the redacted plan JSON."


def test_without_a_plan_the_comment_says_what_happened() -> None:
    """The same marker, so that it replaces the comment that was there; the worst fact, the run, one alert."""
    failed = Failed(
        key="acme/prod",
        fact="canceled",
        sentence="The plan was canceled. Look at https://evil.example @octocat.",
        workspace="prod",
        run=replace(RUN, status="discarded", terraform_version="1.13.4"),
    )

    assert render_failure(failed) == (
        f"{MARKER}\n"
        "## Terraform plan for <code>prod</code>: canceled\n\n"
        f'<a href="{RUN.url}">Run</a> of <code>0123456</code>, discarded\n\n'
        "> [!CAUTION]\n"
        "> The plan was canceled. Look at <code>https:<wbr>//evil.example</code> <code>@<wbr>octocat</code>."
        f'<br><a href="{RUN.url}">Open the run</a>\n\n'
        "<sub>Terraform 1.13.4.</sub>\n"
    )
    assert render_failure(failed, replaces_earlier=True).endswith(
        "<sub>Terraform 1.13.4. The earlier comment here is no longer valid.</sub>\n"
    )


def test_without_a_plan_and_without_a_run() -> None:
    """Where nothing is known of the run, nothing is said of it."""
    assert render_failure(Failed(key="acme/prod", fact="no plan to show", sentence="Because.")) == (
        f"{MARKER}\n## Terraform plan: no plan to show\n\n> [!CAUTION]\n> Because.\n"
    )
    unnamed = Failed(key="acme/prod", fact="canceled", sentence="So.", run=RunView(id="run-1", url=""))
    assert "\n\nRun <code>run-1</code>\n\n> [!CAUTION]\n> So.\n" in render_failure(unnamed)


def test_the_runs_version_stands_in_where_the_plan_does_not_say() -> None:
    """A redacted plan has no terraform_version; the run knows it."""
    plan = parse_plan(json.dumps({"plan_format_version": "1.2", "resource_changes": []}).encode(), name="plan")
    run = RunView(id="run-1", url="https://app.terraform.io/run-1", terraform_version="1.9.8")

    assert last_line(render(Report(key="k", summary=summarize(plan), run=run))).endswith(" Terraform 1.9.8.")
