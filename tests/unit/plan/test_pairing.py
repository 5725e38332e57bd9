"""Which element of a list became which."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan import pairing as module
from tfc_plan_comment.plan.pairing import MOST_COMPARISONS, Pairing, pair
from tfc_plan_comment.plan.values import UNKNOWN, Number, Sensitive, Value, identity, identity_but_for_marks

LEAVES = st.sampled_from(
    [
        *(None, True, "", "a", "b", Number.read("1"), Number.read("1.0"), UNKNOWN),
        *(Sensitive(token, is_marked=True) for token in (1, 2, 3)),
    ]
)
OBJECTS = st.dictionaries(st.sampled_from(["name", "id", "port", "username", "x", "y"]), LEAVES, max_size=4)
LISTS: st.SearchStrategy[list[Any]] = st.lists(st.one_of(LEAVES, OBJECTS, st.lists(LEAVES, max_size=2)), max_size=8)
OF_OBJECTS: st.SearchStrategy[list[Any]] = st.lists(OBJECTS, max_size=6)


@given(LISTS, LISTS)
def test_each_element_has_one_fate(before: list[Any], after: list[Any]) -> None:
    """Each element is the same, changes, goes or comes, and exactly one of these; what moves is one of a pair."""
    pairing = pair(before, after)
    pairs = [*pairing.equal, *pairing.changed]
    assert sorted([*pairing.removed, *(here for here, _ in pairs)]) == list(range(len(before)))
    assert sorted([*pairing.added, *(there for _, there in pairs)]) == list(range(len(after)))
    assert all(identity(before[here]) == identity(after[there]) for here, there in pairing.equal)
    assert all(identity(before[here]) != identity(after[there]) for here, there in pairing.changed)
    assert set(pairing.moved) <= set(pairs)


@given(LISTS, LISTS)
def test_what_can_stay_stays(before: list[Any], after: list[Any]) -> None:
    """An element that is on both sides is never said to go and to come."""
    pairing = pair(before, after)
    gone = {identity(before[place]) for place in pairing.removed}
    come = {identity(after[place]) for place in pairing.added}
    assert not gone & come


@given(LISTS, LISTS)
def test_the_others_keep_their_order(before: list[Any], after: list[Any]) -> None:
    """But for those that move, what stands in front of another one stands in front of it afterwards."""
    pairing = pair(before, after)
    stay = sorted({*pairing.equal, *pairing.changed} - set(pairing.moved))
    assert [there for _, there in stay] == sorted(there for _, there in stay)


@given(st.one_of(LEAVES, OBJECTS), st.one_of(LEAVES, OBJECTS))
def test_a_glance_tells_only_what_is_unlike(one: Any, other: Any) -> None:
    """What it calls unlike is never the same but for a mark: a secret that is not marked any more stays the same."""
    if module._are_plainly_unlike(one, other):
        assert identity_but_for_marks(one) != identity_but_for_marks(other)


@given(OF_OBJECTS, OF_OBJECTS)
def test_pairing_is_symmetric(before: list[Any], after: list[Any]) -> None:
    """Who became whom does not depend on which side is looked at first."""

    def pairs(old: list[Any], new: list[Any], one: int, other: int) -> Counter[tuple[bytes, bytes]]:
        found = pair(old, new).changed
        sides = [(identity(old[here]), identity(new[there])) for here, there in found]
        return Counter((each[one], each[other]) for each in sides)

    assert pairs(before, after, 0, 1) == pairs(after, before, 1, 0)


@given(OF_OBJECTS, OF_OBJECTS)
def test_nobody_becomes_somebody_else(before: list[Any], after: list[Any]) -> None:
    """Where nothing known is the same on both sides, no pair changes an attribute that identifies."""
    before, after = [
        [{key: item for key, item in each.items() if key in {"username", "x", "y"}} for each in side]
        for side in (before, after)
    ]
    for here, there in pair(before, after).changed:
        old, new = before[here].get("username"), after[there].get("username")
        assert old == new or UNKNOWN in (old, new) or (not old and not new)


def number(value: int) -> Number:
    """The number as a value of a plan."""
    return Number.read(str(value))


def rule(start: int, end: int, protocol: str = "tcp", **more: Value) -> dict[str, Value]:
    """A firewall rule."""
    return {"from_port": number(start), "to_port": number(end), "protocol": protocol, **more}


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (
            [{"name": "a", "x": "1"}, {"name": "b", "x": "1"}],
            [{"name": "b", "x": "2"}, {"name": "a", "x": "3"}],
            ((1, 0), (0, 1)),
        ),
        (
            [rule(22, 22, cidr="a"), rule(80, 90, cidr="a"), rule(0, 0, "-1", cidr="a")],
            [rule(22, 22, cidr="b"), rule(80, 90, cidr="b"), rule(0, 0, "-1", cidr="b")],
            ((0, 0), (1, 1), (2, 2)),
        ),
        (
            [{"port": number(80), "protocol": "HTTP", "x": "1"}, {"port": number(443), "protocol": "HTTPS", "x": "1"}],
            [{"port": number(80), "protocol": "HTTP", "x": "2"}, {"port": number(443), "protocol": "HTTPS", "x": "2"}],
            ((0, 0), (1, 1)),
        ),
        (
            [rule(22, 22, description="apps", cidr="a"), rule(22, 22, description="bastion", cidr="b")],
            [rule(22, 22, description="bastion", cidr="c"), rule(22, 22, description="apps", cidr="d")],
            ((1, 0), (0, 1)),
        ),
    ],
)
def test_by_a_known_key(before: list[Value], after: list[Value], changed: tuple[Any, ...]) -> None:
    """What is known to identify the objects of a list says which became which, even if all else changes."""
    pairing = pair(before, after)
    assert pairing.changed == changed
    assert not pairing.removed
    assert not pairing.added


def test_by_the_key_under_which_most_are_found() -> None:
    """Of several known keys the one counts under which more of what is left on both sides is the same."""
    before: list[Value] = [{"name": "a", "username": "alice", "x": "1"}, {"name": "b", "username": "bob", "x": "1"}]
    after: list[Value] = [{"name": "c", "username": "alice", "x": "2"}, {"name": "d", "username": "bob", "x": "2"}]

    assert pair(before, after).changed == ((0, 0), (1, 1))


def test_a_number_is_a_place_that_another_one_may_take() -> None:
    """A rule with another name at the same priority is another rule; one without a name is the same."""
    ssh: Value = {"name": "ssh", "priority": number(100)}
    deny: Value = {"name": "deny", "priority": number(100)}
    others: list[Value] = [{"name": "x", "priority": number(1)}]

    assert pair([*others, ssh], [*others, deny]) == Pairing(equal=((0, 0),), removed=(1,), added=(1,))
    assert pair(
        [{"rule_no": number(1), "cidr_block": "a"}, {"rule_no": number(2), "cidr_block": "b"}],
        [{"rule_no": number(1), "cidr_block": "c"}, {"rule_no": number(2), "cidr_block": "b"}],
    ).changed == ((0, 0),)


def test_what_an_object_refers_to_may_change() -> None:
    """A route is known by where it leads, not by the gateway; who has another address is another one."""
    before: list[Value] = [{"host_name": "a", "gateway_id": "g1", "ip_address": "1"}, {"host_name": "b"}]
    gateway: list[Value] = [{"host_name": "a", "gateway_id": "g2", "ip_address": "1"}, {"host_name": "b"}]
    address: list[Value] = [{"host_name": "a", "gateway_id": "g1", "ip_address": "2"}, {"host_name": "b"}]

    assert pair(before, gateway).changed == ((0, 0),)
    assert pair(before, address).changed == ()


def test_by_a_key_that_is_found() -> None:
    """Where no key is known, the fewest attributes tell that are unique on both sides and the same in the pairs."""
    before: list[Value] = [{"zone": zone, "size": "s", "count": number(1)} for zone in "abc"]
    after: list[Value] = [{"zone": zone, "size": "s", "count": number(2)} for zone in "cab"]

    assert pair(before, after).changed == ((2, 0), (0, 1), (1, 2))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"variable": "a", "value": "1"}, {"variable": "a", "value": "2"}),
        ({"variable": "a", "members": ["x"]}, {"variable": "a", "members": ["y"]}),
        ({"variable": "a", "weight": number(1), "on": True}, {"variable": "a", "weight": number(2), "on": False}),
    ],
)
def test_where_no_text_changes(before: Value, after: Value) -> None:
    """One text alone is enough where all that changes are numbers, flags, lists, or what is called a value."""
    assert pair([{"variable": "z"}, before], [{"variable": "z"}, after]).changed == ((1, 1),)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"username": "dana", "role": "maintainer"}, {"username": "eli", "role": "maintainer"}),
        ({"reader": "dana", "role": "maintainer"}, {"reader": "eli", "role": "maintainer"}),
        ({"email": "a@x", "role": "owner", "scope": "all"}, {"email": "b@x", "role": "owner", "scope": "all"}),
        ({"cidr_block": "a", "x": "1", "y": "1", "z": "1"}, {"cidr_block": "b", "x": "1", "y": "1", "z": "1"}),
        ({"user": "a", "empty": "", "nothing": None, "x": "1"}, {"user": "b", "empty": "", "nothing": None, "x": "1"}),
        ({"x": "1", "y": "1", "a": "1", "b": "1", "c": "1"}, {"x": "1", "y": "1", "a": "2", "b": "2", "c": "2"}),
        ({"a": "1"}, ["a"]),
    ],
)
def test_likeness_is_no_identity(before: Value, after: Value) -> None:
    """Who shares a role, a scope or whatever else with one that goes is not the one that goes."""
    others: list[Value] = [{"username": "bob", "role": "member"}, {"username": "eve", "role": "guest"}]

    assert pair([*others, before], [*others, after]) == Pairing(equal=((0, 0), (1, 1)), removed=(2,), added=(2,))


def test_what_can_be_no_other_one() -> None:
    """Where one alone is alike on both sides, and nothing that identifies changes, it is one that changes."""
    others: list[Value] = [rule(80, 80, cidr_blocks=["a"]), rule(80, 80, cidr_blocks=["b"])]
    ssh = rule(22, 22, cidr_blocks=["a"], description="office")
    moved = rule(2222, 2222, cidr_blocks=["a"], description="office")

    assert pair([*others, ssh], [*others, {**moved, "self": False, "x": True}]).changed == ()
    assert pair([*others, {**ssh, "x": "1"}], [*others, {**moved, "x": "1"}]).changed == ((2, 2),)
    assert pair([*others, ssh, ssh], [*others, moved, moved]).changed == ()


@pytest.mark.parametrize("names", ["user_id", "principal_arn", "team_id", "member", "login"])
@pytest.mark.parametrize("ids", [("1", "2"), (Number.read("1"), Number.read("2"))])
def test_who_has_another_role_is_the_same(names: str, ids: tuple[Value, Value]) -> None:
    """Who it is says the id, be it a number, and not the role that two of them swap."""
    one, other = ids
    before: list[Value] = [{names: one, "role": "a"}, {names: other, "role": "b"}]
    after: list[Value] = [{names: one, "role": "b"}, {names: other, "role": "a"}]

    assert pair(before, after).changed == ((0, 0), (1, 1))


def test_one_of_several_kinds_of_principals() -> None:
    """Users, groups and services of Databricks and GitLab stand in attributes of their own."""
    user: dict[str, Value] = {"user_name": "a", "group_name": "", "permission_level": "CAN_USE"}
    group: dict[str, Value] = {"user_name": "", "group_name": "g", "permission_level": "CAN_MANAGE"}
    swapped: list[Value] = [{**user, "permission_level": "CAN_MANAGE"}, {**group, "permission_level": "CAN_USE"}]
    assert pair([user, group], swapped, "databricks_permissions").changed == ((0, 0), (1, 1))
    assert pair([user], [{**user, "user_name": "b"}], "databricks_permissions").changed == ()


def test_one_object_on_each_side() -> None:
    """The only one of a list is one that changes, however little stays of it; not so another person, or a value."""
    assert pair([{"a": "1"}], [{"b": "2"}]).changed == ((0, 0),)
    assert pair([{"name": "a", "x": "1"}], [{"name": "b", "x": "1"}]).changed == ((0, 0),)
    assert pair([{"username": "dana", "role": "x"}], [{"username": "eli", "role": "x"}]).changed == ()
    assert pair([{"name": "dana", "role": "x"}], [{"name": "eli", "role": "x"}]).changed == ()
    assert pair([{"name": "dana", "role": "x"}], [{"name": "dana", "role": "y"}]).changed == ((0, 0),)
    assert pair([{"username": "dana"}], [{"username": UNKNOWN}]).changed == ((0, 0),)
    assert pair(["1"], ["2"]).changed == ()
    assert pair([{"a": "1"}], ["2"]).changed == ()


def secret(token: int) -> Sensitive:
    """A hidden value."""
    return Sensitive(token, is_marked=True)


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ([secret(1)], [secret(2)], [(0, 0)]),
        (["a", secret(1)], ["b", secret(2)], [(0, 0), (1, 1)]),
        (["kept", secret(1), "a"], [secret(2), "kept", secret(3), "b"], [(1, 2), (2, 3)]),
        ([secret(1), {"a": "1"}], [{"b": "2"}, secret(2)], [(0, 1)]),
        ([secret(1), "kept"], ["kept", secret(2)], []),
        ([secret(1)], [secret(2), secret(3)], []),
        ([secret(1), "a"], ["b", secret(2)], []),
        ([secret(1), None], [secret(2), "a"], []),
        ([secret(1)], [["a"]], []),
        (["a", "b"], ["c", "d"], []),
    ],
)
def test_secrets_in_place(before: list[Value], after: list[Value], changed: list[tuple[int, int]]) -> None:
    """Between what stays, as many values before as after are those that were there, if a secret becomes another."""
    assert list(pair(before, after).changed) == changed


def test_an_element_that_only_gets_a_mark_stays_itself() -> None:
    """It does not go and come, whatever comes beside it and wherever it stands."""
    before: list[Value] = ["x", Sensitive(1, is_marked=False), [Sensitive(2, is_marked=True)]]
    after: list[Value] = ["new", "x", [Sensitive(2, is_marked=False)], Sensitive(1, is_marked=True)]

    pairing = pair(before, after)

    assert (pairing.equal, pairing.removed, pairing.added) == (((0, 1),), (), (0,))
    assert pairing.changed == ((2, 2), (1, 3))


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ("abc", "abc", []),
        ("abcd", "bcda", ["a"]),
        ("abcd", "dabc", ["d"]),
        ("abcd", "acbd", ["b"]),
        ("abcd", "xdabc", ["d"]),
        ("aab", "baa", ["b"]),
        ("abc", "cba", ["c", "a"]),
        ("abmyz", "yzmab", ["a", "b", "m"]),
    ],
)
def test_as_few_as_possible_move(before: str, after: str, moved: list[str]) -> None:
    """One that goes from the top to the end is one that moves, not all the others; what comes moves nothing."""
    found = pair([*before], [*after]).moved
    assert sorted(after[there] for _, there in found) == sorted(moved)
    assert sorted(before[here] for here, _ in found) == sorted(moved)


def test_what_changes_can_move() -> None:
    """An object that changes and stands in another place is one that moves as well."""
    before: list[Value] = [{"name": name, "x": "1"} for name in "abc"]
    after: list[Value] = [{"name": "c", "x": "2"}, *before[:2]]

    assert pair(before, after).changed == pair(before, after).moved == ((2, 0),)


def test_the_cost_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what nothing identifies, each is compared with each other one as long as they are few; then with none."""
    count = 0
    compare = module._can_be_one

    def counted(*args: Any, **more: Any) -> bool:
        nonlocal count
        count += 1
        return compare(*args, **more)

    monkeypatch.setattr(module, "_can_be_one", counted)
    most = int(MOST_COMPARISONS**0.5)
    before: list[Value] = [{"a": [number(place)], "b": [number(place)]} for place in range(most + 1)]
    after: list[Value] = [{"a": [number(-place)], "b": [number(place)]} for place in range(1, most + 2)]

    pair(before[:most], after[:most])
    assert 0 < count <= MOST_COMPARISONS
    count = 0
    assert not pair(before, after).changed
    assert count == 0
