"""What is new since an earlier plan: all of it and nothing else, what can hurt first, in a bounded number of lines."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.comment_memory import ShownPlan
from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.lines.cell import Cell
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Report, Since
from tfc_plan_comment.report.shown_changes import ShownChanges
from tfc_plan_comment.report.since import MOST_LINES, MOST_SUBJECTS, tell_since
from tfc_plan_comment.report.write.comment import COMMENT_LIMIT, render

A = "9f8e7d6c" * 5
ACTIONS = {
    "create": (["create"], None, "new"),
    "update": (["update"], "old", "new"),
    "delete": (["delete"], "old", None),
    "replace": (["delete", "create"], "old", "new"),
    "forget": (["forget"], "old", None),
    "read": (["read"], None, "new"),
    "unknown": (["explode"], "old", "new"),
}
Changes = dict[str, tuple[str, int]]
"""By address: the action, and a number that stands in the values."""

PLANS = st.dictionaries(
    st.sampled_from([f"{type_}.{name}" for type_ in "tu" for name in "abcdef"]),
    st.tuples(st.sampled_from(sorted(ACTIONS)), st.integers(0, 1)),
    max_size=8,
)


def plan(changes: Changes, **more: Any) -> PlanSummary:
    """A plan with these changes."""
    resources = []
    for address, (action, number) in changes.items():
        actions, before, after = ACTIONS[action]
        sides = {side: {"a": f"{value} {number}"} for side, value in (("before", before), ("after", after)) if value}
        type_, _, name = address.partition("[")[0].rpartition(".")
        mode = "data" if action == "read" else "managed"
        named = {"address": address, "mode": mode, "type": type_.rpartition(".")[2], "name": name}
        resources.append({**named, "change": {"before": None, "after": None, **sides, "actions": actions}})
    document = {"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {}}
    return summarize(parse_plan(json.dumps({**document, "resource_changes": resources, **more}).encode(), name="plan"))


def shown(changes: Changes) -> ShownPlan:
    """A plan as the comment before remembers it."""
    return ShownChanges(plan(changes)).plan(A)


def told(earlier: ShownPlan, now: Changes) -> Since | None:
    """What is said of the plan since the earlier one."""
    return tell_since(earlier, ShownChanges(plan(now)), Limits())


def text(cell: Cell) -> str:
    """The line as it is read."""
    return "".join(piece.text for piece in cell.pieces)


def lines(earlier: Changes, now: Changes) -> list[str]:
    """The lines on two plans."""
    since = told(shown(earlier), now)
    assert since is not None
    return list(map(text, since.lines))


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (None, "create", "new: creates t.n"),
        (None, "delete", "new: destroys t.n"),
        (None, "unknown", "new: does something unknown to t.n"),
        ("delete", None, "no longer destroys t.n"),
        ("read", None, "no longer reads t.n"),
        ("update", "replace", "now replaces t.n, which it only changed before"),
        ("replace", "update", "now changes t.n, which it replaced before"),
        ("create", "update", "now changes t.n, which it created before"),
        ("forget", "delete", "now destroys t.n, which it only forgot before"),
        ("delete", "forget", "now forgets t.n, which it destroyed before"),
        ("unknown", "update", "now changes t.n, which it did something unknown to before"),
        ("replace", "delete", "now destroys t.n, which it replaced before"),
    ],
)
def test_the_words_of_a_difference(before: str | None, after: str | None, line: str) -> None:
    """Each is a clause of whole words, with what happened before where that is another thing."""
    earlier, now = ({"t.n": (action, 1)} if action else {} for action in (before, after))

    assert lines(earlier, now) == [line]


def test_other_values() -> None:
    """The same action that does another thing."""
    assert lines({"t.n": ("replace", 1)}, {"t.n": ("replace", 2)}) == ["still replaces t.n, but differently"]


@given(PLANS, PLANS)
def test_every_difference_is_told_and_no_other(earlier: Changes, now: Changes) -> None:
    """Of two small plans exactly those addresses are named that differ; or it is the same plan."""
    since = told(shown(earlier), now)

    assert since is not None
    assert since.commit == A
    assert since.is_same == (earlier == now)
    differing = {address for address in earlier | now if earlier.get(address) != now.get(address)}
    said = " ".join(map(text, since.lines))
    if "more" not in said and "×" not in said:
        assert {address for address in earlier | now if address in said} == differing
    assert bool(since.lines) == bool(differing)


def test_what_can_hurt_stands_first() -> None:
    """New and other changes in the order of the plan, and what is gone behind them."""
    earlier: Changes = {"t.gone": ("delete", 1), "t.c": ("create", 1), "t.d": ("update", 1)}
    now: Changes = {"t.a": ("create", 1), "t.b": ("delete", 1), "t.c": ("update", 1), "t.d": ("replace", 1)}

    assert lines(earlier, now) == [
        "now replaces t.d, which it only changed before",
        "new: destroys t.b",
        "now changes t.c, which it created before",
        "new: creates t.a",
        "no longer destroys t.gone",
    ]


def test_instances_of_one_resource_share_a_line() -> None:
    """As far as the same is said of them."""
    earlier: Changes = {f't.n["{key}"]': ("update", 1) for key in "abc"}
    now: Changes = {f't.n["{key}"]': ("replace", 1) for key in "ab"} | {
        "t.n[0]": ("create", 1),
        "t.n[1]": ("create", 1),
    }

    assert lines(earlier, now) == [
        "now replaces 2 × t.n, which it only changed before",
        "new: creates 2 × t.n",
        'no longer changes t.n["c"]',
    ]


def test_what_differs_in_the_same_way_shares_a_line() -> None:
    """As many objects as can be read, those of one resource together; the rest is counted."""
    new: Changes = {f"t{number}.n": ("create", 1) for number in range(MOST_SUBJECTS + 1)}
    assert lines({}, new) == ["new: creates t0.n, t1.n, t2.n, t3.n, t4.n"]

    new |= {f't5.n["{key}"]': ("create", 1) for key in "abc"}
    assert lines({}, new) == ["new: creates t0.n, t1.n, t2.n, t3.n and 4 more"]


def test_many_of_one_type_are_told_together() -> None:
    """Before any is only counted."""
    earlier: Changes = {f"t.gone{number}": ("delete", 1) for number in range(20)}
    now: Changes = {f"t.n{number}": ("create", 1) for number in range(1_000)}

    assert lines(earlier, now) == ["new: creates 1,000 × t", "no longer destroys 20 × t"]


def test_there_is_a_most_of_lines() -> None:
    """The rest is counted by what is new of it; a line is never spent on counting what one could tell."""
    actions = sorted(ACTIONS)
    earlier: Changes = {f"t.n{n}{m}": (one, 1) for n, one in enumerate(actions) for m, _ in enumerate(actions)}
    now: Changes = {f"t.n{n}{m}": (other, 2) for n, _ in enumerate(actions) for m, other in enumerate(actions)}

    said = lines(earlier, now)

    assert len(said) == MOST_LINES + 1
    assert said[-1].startswith(f"and {len(earlier) - MOST_LINES} more: ")
    assert said[-1].endswith(" with another action") or said[-1].endswith(" different")


def test_where_not_all_is_remembered_nothing_is_called_new() -> None:
    """A change that is not remembered may have been there; what is gone is gone for certain."""
    earlier: Changes = {"t.a": ("replace", 1), "t.b": ("update", 1), "t.c": ("update", 1)}
    part = shown(earlier).cut(2)

    same = told(part, earlier)
    new = told(part, earlier | {"t.d": ("create", 1)})
    gone = told(part, {"t.a": ("update", 1), "t.x": ("delete", 1)})

    assert same == Since(commit=A, is_same=True)
    assert new is not None
    assert (new.lines, text(new.note)) == ((), "nothing differs in the 2 of its 3 changes that are remembered")
    assert gone is not None
    assert list(map(text, gone.lines)) == [
        "now changes t.a, which it replaced before",
        "no longer changes t.b",
    ]
    assert text(gone.note) == "only 2 of its 3 changes are remembered, so that nothing is called new"


def test_a_memory_that_contradicts_itself_says_nothing() -> None:
    """Where nothing differs but the digest, or an action is none, somebody forged it."""
    earlier = shown({"t.a": ("update", 1)})
    forged = ShownPlan(A, "forged", 1, earlier.changes)

    assert told(forged, {"t.a": ("update", 1)}) is None
    assert told(forged, {"t.a": ("replace", 1)}) is not None


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.NO_OP])
def test_every_action_has_its_words(action: Action) -> None:
    """No line has a hole in it, whatever happens."""
    assert action.facts.does
    assert action.facts.did


@given(st.lists(st.text(min_size=1, max_size=400), max_size=12, unique=True))
def test_hostile_addresses(addresses: list[str]) -> None:
    """Whatever texts stand in the memory, the comment has its room, and they are code that nothing breaks out of."""
    forged = shown({"t.x": ("delete", 1)})
    earlier = ShownPlan(A, "forged", len(addresses), dict.fromkeys(addresses, forged.changes["t.x"]))
    summary = plan({"t.a": ("update", 1)})
    since = tell_since(earlier, ShownChanges(summary), Limits())

    body = render(Report(key="acme/prod", summary=summary, since=since), memory="<!-- memory -->")

    assert since is not None
    assert len(since.lines) <= MOST_LINES + 1
    assert len(body.encode()) <= COMMENT_LIMIT
    start = body.index("**Since the plan of <code>9f8e7d6</code>**\n")
    block = body[start : body.index("\n\n", start + 50)].split("\n")
    assert len(block) == 1 + len(since.lines)
    for line in block[1:]:
        words, _, rest = line.partition("<code>")
        assert words.startswith(("new: changes ", "no longer destroys ", "and "))
        assert "<" not in rest.partition("</code>")[0].replace("<wbr>", "")
