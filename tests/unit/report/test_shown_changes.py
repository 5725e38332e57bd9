"""The changes of a plan, as the next comment compares them: nothing secret in them, little work for a large plan."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tfc_plan_comment.comment_memory import MOST_REMEMBERED, Memory, memory_line
from tfc_plan_comment.plan.fingerprint import fingerprint
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.secrets.masked_address import hide_random_keys
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.shown_changes import ShownChanges, can_be_compared, mask_earlier

A = "a" * 40
SECRET = "xK9#mQ2$vL7pR4wZ"


def change(address: str, before: Any = None, after: Any = None, **more: Any) -> dict[str, Any]:
    """A change as the plan JSON has it; its actions follow from its sides, unless they are given."""
    actions = ["create"] if before is None else ["delete"] if after is None else ["update"]
    type_, _, name = address.partition("[")[0].rpartition(".")
    about: dict[str, Any] = {
        key: more.pop(key) for key in ("action_reason", "previous_address", "deposed") if key in more
    }
    inner = {"actions": actions, "before": before, "after": after, **more}
    return {"address": address, "mode": "managed", "type": type_, "name": name, **about, "change": inner}


def summarized(*changes: dict[str, Any], **more: Any) -> PlanSummary:
    """A plan with these changes, understood."""
    document = {"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {}, **more}
    return summarize(parse_plan(json.dumps({**document, "resource_changes": changes}).encode(), name="plan"))


def digest(*changes: dict[str, Any], **more: Any) -> str:
    """The digest of a plan with these changes."""
    return ShownChanges(summarized(*changes, **more)).plan(A).digest


def test_a_digest_is_of_all_that_a_plan_does() -> None:
    """Two plans have the same if and only if the same happens to the same objects, in whatever order they stand."""
    one, other = change("t.a", {"a": 1}, {"a": 2}), change("t.b", None, {"a": 1})
    digests = [
        digest(),
        digest(one),
        digest(one, other),
        digest(one, change("t.b", None, {"a": 2})),
        digest(one, change("t.c", None, {"a": 1})),
        digest(change("t.a", {"a": 1}, {"a": 2}, actions=["delete", "create"])),
        digest(change("t.a", {"a": 1}, {"a": 2}, actions=["create", "delete"])),
        digest(change("t.a", {"a": 1}, {"a": 2}, actions=["delete", "create"], replace_paths=[["a"]])),
        digest(change("t.a", {"a": 1}, {"a": 2}, actions=["delete", "create"], action_reason="replace_by_request")),
        digest(change("t.a", {"a": 1}, {"a": 2}, previous_address="t.old")),
        digest(change("t.a", {"a": 1}, {"a": 2}, importing={"id": "i-1"})),
        digest(change("t.a", {"a": 1}, {"a": 2}, importing={"id": "i-2"})),
        digest(change("t.a", {"a": 1}, {"a": 2}, importing={"identity": {"id": "i-2"}})),
        digest(change("t.a", {"a": 1}, {"a": 2}, importing={"id": "i-2"}, generated_config="resource {}")),
        digest(change("t.a", {"a": 1}, None)),
        digest(change("t.a", {"a": 1}, None, deposed="0a1b2c3d")),
        digest(change("t.a", {"a": 1}, None, action_reason="delete_because_no_module")),
        digest(one, output_changes={"url": {"actions": ["create"], "before": None, "after": "a"}}),
        digest(one, output_changes={"url": {"actions": ["create"], "before": None, "after": "b"}}),
        digest(one, resource_drift=[change("t.a", {"a": 1}, None)], output_changes={"u": {"actions": ["explode"]}}),
        digest(change("t.a", None, {"a": 1})),
        digest(change("t.a", None, {"a": 1}), resource_drift=[change("t.a", {"a": 1}, None)]),
    ]

    assert [digests.index(each) for each in digests] == list(range(len(digests)))
    assert digest(one, other) == digest(other, one)


def test_what_stays_makes_no_difference() -> None:
    """An attribute that is the same on both sides may be another one than in the plan before."""
    assert digest(change("t.a", {"a": 1, "etag": "x"}, {"a": 2, "etag": "x"})) == digest(
        change("t.a", {"a": 1, "etag": "y"}, {"a": 2, "etag": "y"})
    )


def test_no_secret_is_remembered() -> None:
    """Of a key that is a secret stands a word there, and of a value nothing: another secret gives the same."""

    def line(secret: str) -> str:
        known = change("t.a", None, {"password": secret}, after_sensitive={"password": True})
        summary = summarized(known, change(f't.n["{secret}"]', {"a": 1, "b": secret}, {"a": 2, "b": "x"}))
        shown = ShownChanges(summary)
        assert list(shown) == ['t.n["(sensitive value)"]', "t.a"]
        return memory_line({"acme/prod": Memory(plan=shown.plan(A))})

    assert line(SECRET) == line("pR4wZ$vL7xK9#mQ2")


def test_changes_whose_addresses_are_the_same_are_one() -> None:
    """Several keys that are hidden: it differs if one of them does, whichever comes first, and is the worst of them."""
    second = SECRET[::-1]
    known = change(
        "u.a",
        None,
        {"password": SECRET, "b_password": second},
        after_sensitive=dict.fromkeys(("password", "b_password"), True),
    )
    one = change(f't.n["{SECRET}"]', {"a": 1}, None)
    other = change(f't.n["{second}"]', {"a": 1}, {"a": 2})
    third = change(f't.n["{second}"]', {"a": 1}, {"a": 3})

    shown = ShownChanges(summarized(known, one, other))

    (address, _) = shown
    assert shown.action(address) == "delete"
    assert digest(known, one, other) == digest(known, other, one) != digest(known, one, third)


def test_what_was_shown_before_is_masked_by_what_is_known_now() -> None:
    """A key that turns out to be a secret is not carried on."""
    earlier = ShownChanges(summarized(change(f't.n["{SECRET}"]', None, {"a": 1}))).plan(A)
    assert SECRET in str(earlier)

    masked = mask_earlier(earlier, Mask([SECRET]))

    assert list(masked.changes) == ['t.n["(sensitive value)"]']
    assert (masked.digest, masked.count, masked.commit) == (earlier.digest, earlier.count, earlier.commit)
    assert mask_earlier(masked, Mask([SECRET])) == masked


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (f't.n["{SECRET}"]', 't.n["(hidden)"]'),
        (f'module.m["{SECRET}"].t.n["eu-central-1"]', 'module.m["(hidden)"].t.n["eu-central-1"]'),
        ('t.n["i-0a1b2c3d4e5f67890"]', 't.n["i-0a1b2c3d4e5f67890"]'),
        ('t.n["api"]', 't.n["api"]'),
        ("t.n[0]", "t.n[0]"),
        ("not an address", "not an address"),
    ],
)
def test_a_key_that_looks_like_a_secret_is_hidden(address: str, shown: str) -> None:
    """Of an object that is gone no plan says any more what of it is one; names and ids stay."""
    assert hide_random_keys(address) == shown


@pytest.mark.parametrize(
    ("more", "can"),
    [
        ({}, True),
        ({"errored": True}, False),
        ({"resource_changes": []}, True),
        ({"output_changes": {"a": 1}}, False),
        ({"applyable": True, "resource_changes": [], "resource_drift": [change("t.a", {"a": 1}, {"a": 2})]}, False),
    ],
    ids=["whole", "errored", "nothing", "unread", "refresh-only"],
)
def test_what_can_be_compared(more: dict[str, Any], *, can: bool) -> None:
    """A plan that has all its changes; a refresh-only one has none, but what was found outside."""
    document = {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": [change("t.a", None, {})]}
    summary = summarize(parse_plan(json.dumps({**document, **more}).encode(), name="plan"))

    assert can_be_compared(summary) is can


@pytest.mark.cost
def test_of_a_large_plan_few_values_are_looked_at(count_calls: Callable[..., int]) -> None:
    """As many as can be remembered, and those that an earlier comment remembers; of the rest, address and action."""
    for count in (1_500, 3_000):
        summary = summarized(*(change(f"t.n{number}", {"a": number}, {"a": -number}) for number in range(count)))
        shown = ShownChanges(summary)

        assert count_calls(lambda shown=shown: shown.plan(A), fingerprint.__code__) == MOST_REMEMBERED
        assert count_calls(lambda shown=shown: shown.plan(A), fingerprint.__code__) == 0
        assert not any("diff" in each.__dict__ for each in summary.changes[MOST_REMEMBERED:])


@pytest.mark.cost
@pytest.mark.no_cover
def test_twice_the_plan_takes_less_than_twice_the_calls(count_calls: Callable[..., int]) -> None:
    """What is remembered has a limit."""
    once, twice = (
        summarized(*(change(f"t.n{number}", {"a": number}, {"a": -number}) for number in range(count)))
        for count in (2_000, 4_000)
    )

    assert count_calls(lambda: ShownChanges(twice).plan(A)) < 2 * count_calls(lambda: ShownChanges(once).plan(A))
