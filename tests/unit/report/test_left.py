"""The last line says exactly what was left out: it is computed from what was cut, not guessed from finished text."""

import json
import re
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.budget import SECTION_SHARE, Budget
from tfc_plan_comment.report.groups.search import find_groups
from tfc_plan_comment.report.layout import make_layout
from tfc_plan_comment.report.left import Left
from tfc_plan_comment.report.lines.line import WHOLE, Cut, Limits
from tfc_plan_comment.report.model import Report, Row
from tfc_plan_comment.report.room import choose
from tfc_plan_comment.report.sections import list_sections
from tfc_plan_comment.report.write.comment import COMMENT_LIMIT, render
from tfc_plan_comment.report.write.ruler import make_ruler

MASKED = "Values that Terraform marks as sensitive are masked."
ALL = ""
LONG = "Long values are shortened."


def summary_of(*changes: dict[str, Any], **more: Any) -> PlanSummary:
    document = {"format_version": "1.2", "resource_changes": changes, "planned_values": {}, **more}
    return summarize(parse_plan(json.dumps(document).encode(), name="plan"))


def change(address: str, actions: list[str], before: Any, after: Any, **more: Any) -> dict[str, Any]:
    inner = {"actions": actions, "before": before, "after": after, **more.pop("change", {})}
    return {"address": address, "type": "t", "name": "n", "change": inner, **more}


def said(summary: PlanSummary) -> str:
    """The last line of the comment, without what stands above it, and without what is said of secrets."""
    line = render(Report(key="k", summary=summary)).splitlines()[-1]
    found = re.fullmatch(
        rf"<sub>(?:All|Both|The) [\w ,]+ of the plan (?:is|are) listed above\. (.*){MASKED}</sub>", line
    )
    assert found
    return found[1].strip()


OLD = "t.old" * 100


@pytest.mark.parametrize(
    ("summary", "sentence"),
    [
        (summary_of(change("t.n", ["update"], {"a": "Loading…"}, {"a": "Please wait…"})), ALL),
        (summary_of(change("t.n", ["update"], {"a": 'a "…', "b": "… (5 x)"}, {"a": "2 more lines…", "b": "…"})), ALL),
        (summary_of(change("t.n", ["create"], None, {"a": "x" * 240})), ALL),
        (summary_of(change("t.n", ["create"], None, {"a": "x" * 241})), LONG),
        (summary_of(change("t.n", ["create"], None, {"a": [{"b": "x" * 241}, 1]})), LONG),
        (summary_of(change("t.n", ["update"], {"a": "x" * 241}, {"a": "x" * 241 + "y"})), LONG),
        (summary_of(change("t.n", ["update"], {"a": "x\n" * 40}, {"a": "y\n" * 40})), LONG),
        (summary_of(change("t.n" + "n" * 300, ["delete"], {"a": 1}, None), change("t.m", ["read"], None, {})), LONG),
        (summary_of(change("t.n", ["no-op"], {"a": 1}, {"a": 1}, previous_address=OLD)), LONG),
        (summary_of(change("t.n", ["x" * 61], {"a": 1}, {"a": 2})), LONG),
        (summary_of(change("t.n", ["forget"], {"name": "x" * 41}, None)), LONG),
        (summary_of(*[change(f"t.n{n}", ["forget"], {"name": f"{n}" * 41}, None) for n in range(2)]), LONG),
        (summary_of(change("t.n", ["delete"], {"name": "x" * 41}, None), change("t.m", ["read"], None, {})), ALL),
        (summary_of(change("t.n", ["update"], dict.fromkeys("abcde", 1), dict.fromkeys("abcde", 2))), ALL),
        (summary_of(output_changes={"o": {"actions": ["create"], "after": "x" * 241}}), LONG),
    ],
)
def test_what_is_shortened_is_said_and_what_only_looks_so_is_not(summary: PlanSummary, sentence: str) -> None:
    """A value that ends in `…` itself is whole; a cut value, text, address or action is not, wherever it stands."""
    assert said(summary) == sentence


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (4, ALL),
        (140, ALL),
        (141, "2 attributes that are known after apply, unset or empty are only counted here."),
        (240, "106 attributes that are known after apply, unset or empty are only counted here."),
    ],
)
def test_names_that_are_only_counted_are_not_shown(count: int, sentence: str) -> None:
    """A remark has room for many names, not for any number; the last line does not claim that it has all."""
    unknown = {"after_unknown": {f"attribute_{number:02}": True for number in range(count)}}

    summary = summary_of(change("t.n", ["update"], {"a": 1}, {"a": 2}, change=unknown))

    assert said(summary) == sentence


def test_everything_that_can_be_left_out_has_its_sentence() -> None:
    """One after the other, in the order of the loss."""
    left = Left(without_details=1, by_address=1, counted=1, cut=Cut(characters=1, names=1, moves=1, values=1))
    more = Left(without_details=1_000, by_address=2, counted=3, cut=Cut(lines=1, names=1_000, moves=9, values=2))

    assert list(Left().say()) == []
    assert list(left.say()) == [
        "There was no room for the details of 1 change.",
        "There was room only for the address of 1 change.",
        "1 change is only counted here.",
        "1 attribute that is known after apply, unset or empty is only counted here.",
        "1 attribute of destroyed or imported resources is only named here.",
        "1 moved list element is only counted here.",
        LONG,
    ]
    assert list(more.say()) == [
        "There was no room for the details of 1,000 changes.",
        "There was room only for the address of 2 changes.",
        "3 changes are only counted here.",
        "1,000 attributes that are known after apply, unset or empty are only counted here.",
        "2 attributes of destroyed or imported resources are only named here.",
        "9 moved list elements are only counted here.",
        LONG,
    ]


def cuts(value: object) -> list[Cut]:
    """All that is cut anywhere in a value of the model, but in cells of which the whole stands in the lines."""
    match value:
        case Cut():
            return [value] if value != WHOLE else []
        case tuple():
            return [cut for item in value for cut in cuts(item)]
        case msgspec.Struct():
            beside = {"cell", "subject", "title"}
            if isinstance(value, Row) and not value.action.facts.instead:
                beside.add("names")
            names = [field.name for field in msgspec.structs.fields(value) if field.name not in beside]
            return [cut for name in names for cut in cuts(getattr(value, name))]
        case _:
            return []


texts = st.one_of(
    st.text("ab…\n", max_size=6),
    st.integers(230, 250).map(lambda length: "x" * length),
    st.integers(30, 50).map(lambda lines: "line\n" * lines),
    st.integers(50, 70).map(lambda length: "y" * length),
)
values = st.one_of(texts, st.none(), st.booleans(), st.lists(texts, max_size=3), st.dictionaries(st.text("ab"), texts))
attributes = st.dictionaries(st.sampled_from([f"attribute_{number}" for number in range(12)]), values, max_size=12)
addresses = st.sampled_from(["t.n", "t.m", f"t.{'n' * 299}", 't.n["key"]'])
changes = st.builds(
    lambda address, actions, before, after, unknown, moved: change(
        address,
        actions,
        None if actions == ["create"] else before,
        None if actions in (["delete"], ["forget"]) else before if actions == ["no-op"] else after,
        change={"after_unknown": dict.fromkeys(unknown, True)},
        previous_address=moved,
    ),
    addresses,
    st.sampled_from([["create"], ["update"], ["delete"], ["delete", "create"], ["forget"], ["no-op"], ["x"]]),
    attributes,
    attributes,
    st.lists(st.text("abc", min_size=1, max_size=40), max_size=9),
    st.none() | addresses,
)
outputs = st.dictionaries(st.text("ab", min_size=1), values.map(lambda value: {"actions": ["create"], "after": value}))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(changes, max_size=30), outputs, st.sampled_from([6_000, 12_000, COMMENT_LIMIT]))
def test_the_last_line_is_true(plan: list[dict[str, Any]], output_changes: dict[str, Any], limit: int) -> None:
    """Whatever is cut or counted in any row, line, address or section is said; where nothing is, that is said."""
    summary = summary_of(*plan, output_changes=output_changes)
    ruler = make_ruler()
    shown = choose(make_layout(summary, find_groups(summary, limit, Limits(), ruler)), Budget.of(limit), ruler)
    sections = list_sections(summary, Limits(), limit // SECTION_SHARE)
    is_bare = any(not (place.has_details or place.row.is_told_by_itself) for place in shown.places)
    found = cuts((shown.places, sections))
    is_whole = not (found or is_bare or shown.more)

    comment = render(Report(key="k", summary=summary), limit=COMMENT_LIMIT if is_whole else limit)

    last = comment.splitlines()[-1]
    is_said = bool(re.search(r"counted|shortened|room|only named", last))
    assert is_said is not is_whole
    stands = re.search(r"(?:All|Both|The) .*(?:changes?|outputs?) of the plan (?:is|are) listed above\.", last)
    is_counted = bool(re.search("changes? (?:is|are) only counted here", last))
    assert is_counted >= bool(shown.more)
    is_output_counted = bool(re.search("outputs? (?:is|are) only counted here", last))
    listed = summary.changes or (summary.outputs and not is_output_counted)
    assert bool(stands) is (bool(listed) and not is_counted)
