"""Each rule of what deserves a look fires on what it is about, and not on what is near it.

The cases stand in `attention_cases`, by the field and the id of their rule: small changes, with attributes as the
provider's schema has them. `fires` have the sentence, `silent` have why nothing is to be said.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.attention import Notice
from tfc_plan_comment.plan.attention_conditions import Sides, ask
from tfc_plan_comment.plan.document import Change
from tfc_plan_comment.plan.knowledge.attention import ATTENTION, RULE_IDS
from tfc_plan_comment.plan.knowledge.attention_rules import Hidden, SameName, UndoesDrift
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.summary import summarize

Case = dict[str, Any]
CASES: dict[str, dict[str, list[Case]]] = {
    rule: cases
    for path in sorted((Path(__file__).parent / "attention_cases").glob("*.json"))
    for rule, cases in json.loads(path.read_bytes()).items()
}
ALONE = [rule for rule in ATTENTION if not isinstance(rule.when, SameName | UndoesDrift)]


def cases(kind: str) -> list[Any]:
    """The cases of all rules, each with the id of its rule."""
    return [
        pytest.param(rule, case, id=f"{rule}-{number}-{case.get('why', '')}")
        for rule, both in CASES.items()
        for number, case in enumerate(both[kind])
    ]


def entry(case: Case) -> dict[str, Any]:
    """The resource change of a case."""
    before, after = case["before"], case["after"]
    actions = ["create"] if before is None else ["delete"] if after is None else ["update"]
    marks = case.get("sensitive", False)
    change = {
        "actions": case.get("actions", actions),
        "before": before,
        "after": after,
        "after_unknown": case.get("unknown", {}),
        "before_sensitive": marks if before is not None else False,
        "after_sensitive": marks if after is not None else False,
    }
    return {"address": f"{case['type']}.x", "mode": "managed", "type": case["type"], "name": "x", "change": change}


def notices(*changes: dict[str, Any], **keys: Any) -> list[Notice]:
    """What deserves a look in a plan of these changes."""
    document = {"format_version": "1.2", "terraform_version": "1.14.0", "resource_changes": list(changes), **keys}
    summary = summarize(parse_plan(json.dumps(document).encode(), name="plan"))
    return [notice for change in summary.changes for notice in change.attention]


@pytest.mark.parametrize(("rule", "case"), cases("fires"))
def test_it_fires(rule: str, case: Case) -> None:
    """The sentence says the fact, with its values."""
    said = {notice.rule: notice.plain() for notice in notices(entry(case))}

    assert said.get(rule) == case["sentence"]


@pytest.mark.parametrize(("rule", "case"), cases("silent"))
def test_it_is_silent(rule: str, case: Case) -> None:
    """What is near does not fire the rule, nor any other one."""
    said = {notice.rule: notice.plain() for notice in notices(entry(case))}

    assert rule not in said


def test_a_real_plan() -> None:
    """What Terraform and the AWS provider make of a configuration fires as the cases do, and so is what is near it."""
    folder = Path(__file__).parent / "attention_cases" / "real"
    summary = summarize(parse_plan((folder / "plan.json").read_bytes(), name="plan"))
    said = {each.resource.address: [notice.plain() for notice in each.attention] for each in summary.changes}

    assert {address: each for address, each in said.items() if each} == json.loads(
        (folder / "notices.json").read_bytes()
    )
    assert sorted(address for address, each in said.items() if not each) == [
        "aws_cloudwatch_log_group.forever",
        "aws_iam_role_policy_attachment.near",
        "aws_instance.fresh",
        "aws_s3_bucket_versioning.old",
        "aws_security_group.near",
        "aws_security_group_rule.ssh",
        "aws_security_group_rule.unknown",
        'aws_sns_topic.team["0"]',
        'aws_sns_topic.team["1"]',
        "aws_sqs_queue.open",
    ]


@pytest.mark.parametrize("rule", sorted({rule.id for rule in ALONE}))
def test_every_rule_has_its_cases(rule: str) -> None:
    """One that fires at least, and two near ones that do not."""
    assert len(CASES[rule]["fires"]) >= 1
    assert len(CASES[rule]["silent"]) >= 2
    assert all({"type", "before", "after", "why"} <= case.keys() for case in CASES[rule]["silent"])


def test_every_case_has_its_rule() -> None:
    """No case is of a rule that is not there."""
    assert set(CASES) <= set(RULE_IDS)


@pytest.mark.parametrize("rule", ALONE, ids=lambda rule: f"{rule.id}-{rule.sentence}")
def test_every_row_fires(rule: Any) -> None:
    """Where several rows have one id, each of them has a case of its own."""
    assert any(ask(rule.when, sides(case)) for case in CASES[rule.id]["fires"])


def sides(case: Case) -> Sides:
    """A case as a condition sees it."""
    change = msgspec.json.decode(json.dumps(entry(case)["change"]), type=Change)
    before, after = Mask().sides(change)
    return Sides(before=before, after=after, actions=change.actions)


@pytest.mark.parametrize("actions", [["no-op"], ["read"], ["forget"], ["rename"]])
def test_what_changes_nothing_fires_nothing(actions: list[str]) -> None:
    """Nor does what only leaves the state, nor an action that nobody has heard of."""
    all_cases = [case for both in CASES.values() for case in both["fires"]]

    assert [case for case in all_cases if notices(entry({**case, "actions": actions}))] == []


@pytest.mark.parametrize("side", ["before", "after"])
def test_what_stays_as_it_is_fires_nothing(side: str) -> None:
    """A rule looks at the change and never at the state: what was open and stays open is not said again."""
    for both in CASES.values():
        for case in both["fires"]:
            value = case[side]
            if value is None:
                continue
            change = entry({**case, "before": value, "after": {**value, "x_other": 1}, "actions": ["update"]})
            assert notices(change) == []


def leaf_paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all leaves."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    items = list(inner)
    if not items:
        yield path
    for step, item in items:
        yield from leaf_paths(item, (*path, step))


FIRING = [(rule, case) for rule, both in CASES.items() for case in both["fires"]]


@pytest.mark.parametrize(("rule", "case"), [pytest.param(*each, id=f"{each[0]}-{n}") for n, each in enumerate(FIRING)])
def test_what_is_not_known_fires_nothing(rule: str, case: Case) -> None:
    """All attributes known after apply, or marked as sensitive: there is nothing to be said."""
    names = {**(case["before"] or {}), **(case["after"] or {})}
    everything = dict.fromkeys(names, True)
    unknown = entry({**case, "after": {} if case["after"] is not None else None, "unknown": everything})
    sensitive = entry({**case, "sensitive": everything})
    is_gone = case["after"] is None or "delete" in case.get("actions", [])  # what goes is told by what was

    if not is_gone:
        assert notices(unknown) == []
    said = {notice.rule for notice in notices(sensitive)}
    allowed = {"unreviewable"} | ({rule} if is_gone else set())
    assert said <= allowed


SECRET = "hunter2-Secret-Value-9!"


@given(st.sampled_from(FIRING), st.data())
def test_no_notice_has_a_sensitive_value(firing: tuple[str, Case], data: st.DataObject) -> None:
    """Whichever leaf is a secret, no notice says it; and what is said twice is the same."""
    rule, case = firing
    name = data.draw(st.sampled_from([side for side in ("before", "after") if case[side]]))
    path = data.draw(st.sampled_from(list(leaf_paths(case[name]))))
    changed = json.loads(json.dumps(case))
    parent = changed[name]
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = SECRET
    change = entry(changed)
    marks: Any = {path[0]: True}
    change["change"][f"{name}_sensitive"] = marks

    said = notices(change)

    assert not [notice for notice in said if SECRET in repr(notice)]
    assert notices(change) == said
    assert rule


def test_no_rule_but_one_is_about_what_is_hidden() -> None:
    """Only `unreviewable` looks at it, and says no more than that it is."""
    assert {rule.id for rule in ATTENTION if isinstance(rule.when, Hidden)} == {"unreviewable"}
