"""What stands below the changes: checks, actions, outputs, deferred changes, drift."""

import json
from typing import Any

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.lines.line import Cut, Limits, cut_of
from tfc_plan_comment.report.model import Section
from tfc_plan_comment.report.sections import MOST_TOLD, list_sections
from tfc_plan_comment.report.write.pieces import write_cell, write_lines

ROOM = 100_000
SECRET = "Zq7vW9kPxw2mLmQx"


def resource(address: str, actions: list[str], before: Any = None, after: Any = None, **more: Any) -> dict[str, Any]:
    return {"address": address, "type": "t", "change": {"actions": actions, "before": before, "after": after}, **more}


UPDATED = resource("t.n", ["update"], {"a": 1}, {"a": 2})


def shown(room: int = ROOM, **plan: Any) -> tuple[Section, ...]:
    document = {"format_version": "1.2", "planned_values": {}, **plan}
    return list_sections(summarize(parse_plan(json.dumps(document).encode(), name="plan")), Limits(), room)


def read(section: Section) -> tuple[str, str, bool]:
    """The section as it is read."""
    return str(write_cell(section.title)), write_lines(section.lines), section.is_open


def only(**plan: Any) -> tuple[str, list[str], bool]:
    """The title, lines and openness of the one section."""
    (section,) = shown(**plan)
    title, diff, is_open = read(section)
    return title, diff.split("\n"), is_open


def test_a_plan_with_nothing_of_it_has_no_sections() -> None:
    """There are no empty sections."""
    assert shown(resource_changes=[UPDATED]) == ()


def test_an_unknown_action_of_an_output_is_said_on_one_line() -> None:
    """Whatever it is called, and whatever the value is, also one that is told by what it is."""
    name, number = "defrost\n- FORGED", int("9" * 2_000)

    _, lines, _ = only(output_changes={"a": {"actions": [name], "before": 1, "after": 2}})
    _, same, _ = only(output_changes={"a": {"actions": [name], "before": number, "after": number}})
    _, other, _ = only(output_changes={"a": {"actions": [name], "before": number, "after": number - 1}})

    said = "  # unknown action: defrost\\n- FORGED"
    assert lines == [said, "! a = 1 -> 2"]
    assert same == [said, "! a = (a number of 2,000 characters)"]
    assert other == [said, "! a = (another number of 2,000 characters)"]


def test_outputs_are_named_with_what_becomes_of_them() -> None:
    """The first of them in the title; open where the plan changes nothing else."""
    outputs = {
        "b": {"actions": ["create"], "before": None, "after": "x"},
        "a": {"actions": ["update"], "before": 1, "after": 2},
        "c": {"actions": ["delete"], "before": [1], "after": None},
        "d": {"actions": ["update"], "before": {"k": 1}, "after": {}, "after_unknown": {"k": True}},
        "e": {"actions": ["no-op"], "before": 1, "after": 1},
    }
    lines = ["! a = 1 -> 2", '+ b = "x"', "- c = [1]", "! d.k = 1 -> (known after apply)"]

    title = (
        "Outputs: <code>a</code> 1 → 2, <code>d.k</code> 1 → (known after apply), "
        '<code>b</code> "x" added, <code>c</code> &#91;1&#93; removed'
    )
    assert only(output_changes=outputs) == (title, lines, True)
    assert only(output_changes=outputs, resource_changes=[UPDATED])[2] is False


def test_long_sections_are_folded() -> None:
    """Up to forty lines stand open where they are what the plan is about."""
    outputs = {f"o{number:02}": {"actions": ["create"], "after": number} for number in range(41)}

    title, lines, is_open = only(output_changes=outputs)

    assert (len(lines), is_open) == (41, False)
    assert title.endswith(", 35 more")


def test_an_output_counts_once_however_much_of_it_changes() -> None:
    """The title and the last line count the same: of an output in which several values change it says that it does."""
    keys = {f"k{number}": number for number in range(9)}
    changed = {"actions": ["update"], "before": keys, "after": {key: value + 1 for key, value in keys.items()}}
    known_later = {"actions": ["create"], "before": None, "after_unknown": True}

    title, *_ = only(output_changes={"a b": changed, "many": changed, "url": known_later})

    assert title == (
        'Outputs: <code>"a b"</code> changed, <code>many</code> changed, <code>url</code> added (known after apply)'
    )


def test_a_section_that_has_no_room_is_cut_and_counted() -> None:
    """Whole lines from the beginning; the rest is counted, and the title is the same."""
    outputs = {f"o{number:04}": {"actions": ["create"], "after": number} for number in range(1_500)}

    (section,) = shown(room=30, output_changes=outputs)

    (whole,) = shown(output_changes=outputs)
    assert section.title == whole.title
    assert read(section)[1:] == ("+ o0000 = 0\n+ o0001 = 1\n  … 1,498 more lines", False)
    assert cut_of(section.lines) == Cut(lines=1_498)


def check(name: str, status: str, *messages: str, instance: str = "") -> dict[str, Any]:
    problems = [{"message": message} for message in messages]
    instances = [{"address": {"to_display": instance}, "status": status, "problems": problems}] if messages else []
    return {"address": {"kind": "check", "to_display": name}, "status": status, "instances": instances}


def test_checks_that_fail_say_what_they_say() -> None:
    """By instance, line by line behind a gutter, so that a message cannot look like a diff; the others are counted."""
    checks = [
        check("check.a", "fail", "Too few.\n- Too old.\x0b+ Too new.", instance="t.n[0]"),
        check("check.b", "error", "Broken."),
        check("check.c", "fail"),
        check("check.d", "pass"),
        check("check.e", "unknown"),
        check("check.f", "unknown"),
    ]
    checks[0]["instances"].append({"address": {"to_display": "t.n[1]"}, "status": "pass"})

    assert only(checks=checks) == (
        "Checks: 3 failed, 1 passed, 2 known after apply",
        [
            "! t.n[0] does not pass",
            "  │ Too few.",
            "  │ - Too old.",
            "  │ + Too new.",
            "! check.b could not be evaluated",
            "  │ Broken.",
            "! check.c does not pass",
        ],
        True,
    )
    assert shown(checks=[check("check.d", "pass"), check("check.e", "unknown")]) == ()


def test_a_check_that_fails_is_named_whatever_its_instances_say() -> None:
    """So is a status that we have never heard of: it is not taken for a check that passed."""
    odd = check("check.a", "fail", "Odd.", instance="t.n[0]")
    odd["instances"][0]["status"] = "skipped"

    assert only(checks=[odd, check("check.b", "skipped"), check("check.c", "pass")]) == (
        "Checks: 1 failed, 1 passed, 1 with an unknown status",
        ["! check.a does not pass"],
        True,
    )


def test_deferred_changes_say_why() -> None:
    """In words for the reasons that we know; actions, too."""
    deferred = [
        {"reason": "instance_count_unknown", "resource_change": resource("t.a", ["create"])},
        {"reason": "unheard_of", "resource_change": resource("t.b", ["create"])},
    ]
    actions = [{"reason": "deferred_prereq", "action_invocation": {"address": "action.x.y"}}]

    assert only(deferred_changes=deferred, deferred_action_invocations=actions) == (
        "Deferred to a later plan: 3",
        [
            "  t.a was deferred: the number of resource instances is unknown",
            "  t.b was deferred: the reason is unknown",
            "  action.x.y was deferred: a prerequisite for this resource is deferred",
        ],
        True,
    )


def test_actions_to_invoke_are_shown_with_their_configuration() -> None:
    """What is invoked, for which object, with what; what is sensitive or unset is not."""
    actions = [
        {
            "address": "action.aws_lambda_invoke.x",
            "config_values": {"payload": "p", "token": SECRET, "unset": None},
            "config_sensitive": {"token": True},
            "config_unknown": {"id": True},
            "lifecycle_action_trigger": {"triggering_resource_address": "t.n", "action_trigger_event": "AfterCreate"},
        },
        {"address": "action.x.y"},
    ]

    assert only(action_invocations=actions) == (
        "Actions to invoke: 2",
        [
            "! action.aws_lambda_invoke.x will be invoked after t.n is created",
            '    payload = "p"',
            "    token = (sensitive value)",
            "    id = (known after apply)",
            "! action.x.y will be invoked",
        ],
        True,
    )


DRIFT = [
    resource("t.changed", ["update"], {"a": 1, "b": 1}, {"a": 2, "b": 1}),
    resource("t.gone", ["delete"], {"a": 1}),
]


def test_drift_that_led_to_the_plan_is_shown_with_what_changed() -> None:
    """As Terraform does; what else changed outside is listed apart, and what the plan changes again is said."""
    relevant = [{"resource": "t.changed", "attribute": ["a"]}]
    more = [*DRIFT, resource("t.n", ["update"], {"a": 0}, {"a": 1})]

    first, second = shown(resource_changes=[UPDATED], resource_drift=more, relevant_attributes=relevant)

    assert read(first) == (
        "Changed outside of Terraform: 1 object, and this plan changes something because of it",
        "  # t.changed has changed\n! a = 1 -> 2\n  # 1 unchanged",
        True,
    )
    assert read(second) == (
        "Also changed outside of Terraform: 2 objects",
        "  t.n has changed: a 0 → 1; this plan changes it, too\n  t.gone has been deleted",
        False,
    )


def test_the_values_of_drift_are_not_those_of_the_plan() -> None:
    """They stand in front of the words about the plan, which puts the value back: 3 became 30 outside, not here."""
    drift = [resource("t.n", ["update"], {"a": 3}, {"a": 30})]

    _, lines, _ = only(resource_changes=[resource("t.n", ["update"], {"a": 30}, {"a": 3})], resource_drift=drift)

    assert lines == ["  t.n has changed: a 3 → 30; this plan changes it, too"]


def test_drift_without_any_that_led_to_the_plan_is_listed() -> None:
    """The title does not say more than is known."""
    assert only(resource_changes=[UPDATED], resource_drift=DRIFT) == (
        "Changed outside of Terraform: 2 objects",
        ["  t.changed has changed: a 1 → 2", "  t.gone has been deleted"],
        False,
    )


def test_of_much_drift_only_the_first_says_what_changed() -> None:
    """Nothing is compared of the rest, and each of them is named."""
    drift = [resource(f"t.n{number:02}", ["update"], {"a": 1}, {"a": 2}) for number in range(MOST_TOLD + 5)]

    _, lines, _ = only(resource_changes=[UPDATED], resource_drift=drift)

    assert [line.endswith(": a 1 → 2") for line in lines] == [True] * MOST_TOLD + [False] * 5
    assert all(f"t.n{number:02} has changed" in line for number, line in enumerate(lines))


def test_a_refresh_only_plan_is_about_its_drift() -> None:
    """All of it is shown, and it led to nothing."""
    assert only(resource_drift=DRIFT, applyable=True) == (
        "Changed outside of Terraform: 2 objects",
        ["  # t.changed has changed", "! a = 1 -> 2", "  # 1 unchanged", "", "  # t.gone has been deleted"],
        True,
    )


def test_no_secret_is_in_any_section() -> None:
    """Addresses and messages are masked like values."""
    secret = {"actions": ["create"], "before": None, "after": SECRET, "after_sensitive": True}
    seen = shown(
        output_changes={"secret": secret, "copy": {"actions": ["create"], "after": f"x{SECRET}"}},
        checks=[check(f'check.a["{SECRET}"]', "fail", f"Not {SECRET}")],
        deferred_changes=[{"reason": "x", "resource_change": resource(f't.a["{SECRET}"]', ["create"])}],
        action_invocations=[{"address": f'action.a["{SECRET}"]', "config_values": {"x": SECRET}}],
        resource_drift=[resource(f't.a["{SECRET}"]', ["delete"], {"a": 1})],
    )

    assert len(seen) == 5
    assert SECRET not in str(seen)
