"""How an element of a list is called."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.element_keys import MOST_ATTRIBUTES, MOST_LABELS, unique_keys
from tfc_plan_comment.plan.element_names import LONGEST_LIST, ElementName, name_elements
from tfc_plan_comment.plan.pairing import pair
from tfc_plan_comment.plan.values import UNKNOWN, Number, Sensitive, Value

TEXTS = st.sampled_from(["", "a", "b", "a b", "c", "line\nline", "x" * 300])
LEAVES = st.one_of(
    TEXTS,
    st.sampled_from([None, True, UNKNOWN, Sensitive(1, is_marked=True), Number.read("1"), Number.read("2")]),
)
NAMES = ["name", "namespace", "username", "port", "protocol", "role", "member", "zone", "size"]
LISTS: st.SearchStrategy[list[Any]] = st.lists(st.dictionaries(st.sampled_from(NAMES), LEAVES, max_size=5), max_size=5)


def labels(before: list[Any], after: list[Any], resource_type: str = "") -> tuple[list[str | None], list[str | None]]:
    """The labels of all elements."""
    old, new = name_elements(before, after, pair(before, after, resource_type))
    return [name.label for name in old], [name.label for name in new]


@given(LISTS, LISTS)
def test_names_are_unique_and_do_not_change(before: list[Any], after: list[Any]) -> None:
    """No two elements of a side have one name, and one that changes has the same one before and after."""
    pairing = pair(before, after)
    old, new = name_elements(before, after, pairing)
    for side in (old, new):
        known = [name.label for name in side if name.label is not None]
        assert len(set(known)) == len(known)
    for here, there in pairing.changed:
        assert old[here] == new[there]


@given(LISTS, LISTS)
def test_what_stands_beside_does_not_change(before: list[Any], after: list[Any]) -> None:
    """Of an element that has no label, attributes stand beside the change that are the same before and after."""
    pairing = pair(before, after)
    _, new = name_elements(before, after, pairing)
    for here, there in pairing.changed:
        for attribute, value in new[there].beside:
            assert attribute == "" or before[here][attribute] == after[there][attribute] == value


def number(value: int) -> Number:
    """The number as a value of a plan."""
    return Number.read(str(value))


def rule(port: int, description: str = "", **more: Value) -> dict[str, Value]:
    """A firewall rule."""
    port_number = number(port)
    return {"from_port": port_number, "to_port": port_number, "protocol": "tcp", "description": description, **more}


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ([{"name": "a"}, {"name": "b"}], ["a", "b"]),
        ([{"name": "a", "id": "1"}, {"name": "a", "id": "2"}], ["1", "2"]),
        ([{"name": "", "id": "1"}, {"name": "b", "id": "2"}], ["1", "2"]),
        ([{"namespace": "x", "name": "a"}, {"namespace": "y", "name": "a"}], ["x a", "y a"]),
        ([rule(22), rule(80)], ["22/tcp", "80/tcp"]),
        ([rule(22, "apps"), rule(22, "office"), rule(80)], ["22/tcp apps", "22/tcp office", "80/tcp"]),
        ([{"from_port": number(0), "to_port": number(0), "protocol": "-1"}, rule(1)], ["all traffic", "1/tcp"]),
        ([{"from_port": number(1), "to_port": number(9), "protocol": "udp"}, rule(1)], ["1-9/udp", "1/tcp"]),
        ([{"port": number(1), "protocol": "HTTP"}, {"port": number(2), "protocol": "HTTP"}], ["1/HTTP", "2/HTTP"]),
        ([{"role": "r", "member": "m"}, {"role": "r", "member": "n"}], ["r m", "r n"]),
        ([{"role": "r", "member": ""}, {"role": "s", "member": ""}], ["r", "s"]),
        ([{"path_pattern": "/a"}, {"path_pattern": "/b"}], ["/a", "/b"]),
        ([{"zone": "a", "size": "1"}, {"zone": "b", "size": "1"}], ["a", "b"]),
        ([{"zone": "a", "size": "1"}, {"zone": "b", "size": "1"}, {"zone": "a", "size": "2"}], ["a 1", "b 1", "a 2"]),
        ([{"weight": number(1)}, {"weight": number(2)}], ["weight 1", "weight 2"]),
        ([{"size": "1", "user_name": "x"}, {"size": "2", "user_name": "y"}], ["x", "y"]),
        ([{"on": True}, {"on": False}], [None, None]),
        ([{"zone": "a"}, {"size": "b"}], [None, None]),
        ([{"zone": "a"}, "text"], [None, None]),
        ([{"name": Sensitive(1, is_marked=True)}, {"name": UNKNOWN}], [None, None]),
        ([{"name": "a\nb"}, {"name": "x" * 300}], [None, None]),
        ([["a"], ["b"]], [None, None]),
    ],
)
def test_the_label(elements: list[Value], expected: list[str | None]) -> None:
    """By the first known key that is unique, else by the fewest attributes that are; what comes and goes alike."""
    assert labels([], elements) == ([], expected)
    assert labels(elements, []) == (expected, [])


def test_only_what_the_list_has_in_common_is_told_by_a_found_key() -> None:
    """A known key names those that it knows, and the others have no label."""
    after: list[Any] = [
        {"role": "OWNER", "user_by_email": "", "special_group": "projectOwners"},
        {"role": "READER", "user_by_email": "ana@example.com", "special_group": ""},
        {"role": "", "view": [{"table_id": "t"}]},
    ]
    assert labels([], after, "google_bigquery_dataset") == ([], ["projectOwners", "ana@example.com", None])


def test_who_has_two_roles_is_named_with_them() -> None:
    """The one who may do something is not unique where he may do two things."""
    after: list[Any] = [{"role": role, "user_by_email": "ana@example.com"} for role in ("READER", "WRITER")]
    expected = ["ana@example.com READER", "ana@example.com WRITER"]

    assert labels([], after, "google_bigquery_dataset") == ([], expected)


def test_one_element_alone_needs_no_name() -> None:
    """A block of which there is one is known by its place, unless a known attribute names it."""
    assert labels([{"zone": "a", "x": "1"}], [{"zone": "a", "x": "2"}]) == ([None], [None])
    assert labels([{"name": "a", "x": "1"}], [{"name": "a", "x": "2"}]) == (["a"], ["a"])


def beside(before: list[Any], after: list[Any]) -> tuple[tuple[str, Value], ...]:
    """What stands for the only element that changes."""
    pairing = pair(before, after)
    ((_, there),) = pairing.changed
    return name_elements(before, after, pairing)[1][there].beside


def test_what_nothing_tells_apart_is_shown_by_what_stays_of_it() -> None:
    """By that in which it is unlike the others; of a firewall's rule first come the ports, as one."""
    ssh = rule(22, "office", self=False)
    others = [ssh | {"cidr_blocks": [cidr]} for cidr in "ab"]
    before, after = [*others, ssh | {"x": True}], [*others, ssh | {"x": True, "cidr_blocks": ["c"]}]

    assert beside(before, after) == (("", "22/tcp"), ("description", "office"), ("x", True))
    assert beside([{"k": ["a"], "x": "1", "y": [1]}, {}], [{"k": ["b"], "x": "1", "y": [1]}, {}]) == (("x", "1"),)
    assert beside([{"k": [], "x": "1", "y": [1]}, {"x": "1"}], [{"k": [2], "x": "1", "y": [1]}, {"x": "1"}]) == (
        ("x", "1"),
    )
    many = dict.fromkeys("abcdef", "1")
    assert len(beside([{**many, "k": []}, many], [{**many, "k": ["x"]}, many])) == 4


def test_lists_stand_beside_where_words_fit_another_one_as_well() -> None:
    """A rule for secrets is not told from one for pods by a position."""
    pods = {"api_groups": [""], "resources": ["pods"], "verbs": ["get"]}
    secrets = {"api_groups": [""], "resources": ["secrets"], "verbs": ["get"]}
    opened = {**secrets, "verbs": ["get", "*"]}
    assert beside([pods, secrets], [pods, opened]) == (("resources", ["secrets"]),)

    owner = {"role": "owner", "members": ["a"], "condition": []}
    other = {"role": "owner", "members": ["b"], "condition": [{"title": "t"}]}
    assert beside([owner, other], [owner, {**other, "condition": [{"title": "u"}]}]) == (
        ("role", "owner"),
        ("members", ["b"]),
    )

    long = {**secrets, "resources": ["x" * (LONGEST_LIST + 1)]}
    assert beside([pods, long], [pods, {**long, "verbs": ["*"]}]) == ()
    odd = {**secrets, "resources": [None]}
    assert beside([pods, odd], [pods, {**odd, "verbs": ["*"]}]) == ()


def test_one_name_is_one_element() -> None:
    """Where one goes and another one comes, what they share names neither."""
    before: list[Any] = [{"reader": "dana", "role": "x"}, {"reader": "bob", "role": "y"}]
    after: list[Any] = [{"reader": "eli", "role": "x"}, {"reader": "bob", "role": "y"}]

    assert labels(before, after) == (["dana", "bob"], ["eli", "bob"])


def test_what_has_nothing_to_be_named_by_is_nameless() -> None:
    """Its position has to do."""
    before: list[Any] = [{"k": [1], "l": [1], "m": [1]}, {}]
    after: list[Any] = [{"k": [2], "l": [1], "m": [1]}, {}]
    assert name_elements(before, after, pair(before, after))[1] == [ElementName(), ElementName()]


def test_the_cost_is_bounded() -> None:
    """Of many attributes the best are tried, of a long list fewer keys, and of many small keys all."""
    wide: list[Value] = [{f"k{column}": f"{place % 3}" for column in range(40)} for place in range(10)]
    assert len(list(unique_keys(wide, wide))) == 0
    named: list[Value] = [{**dict.fromkeys("abcdefghijklmnop", "1"), "user_id": f"{place}"} for place in range(10)]
    assert [labels.key for labels in unique_keys(named, named)] == [("user_id",)]
    assert MOST_ATTRIBUTES < 16

    long: list[Value] = [{f"k{column}": f"{place}" for column in range(4)} for place in range(MOST_LABELS // 4)]
    assert len(list(unique_keys(long, long))) == 2


@pytest.mark.parametrize("odd", [{"protocol": "x] @y"}, {"from_port": "1\u202e"}, {"to_port": "9" * 9}])
def test_ports_that_are_none_are_said_as_they_are(odd: dict[str, Value]) -> None:
    """What stands in the place of ports has no marks around it, so it can be nothing but numbers and a word."""
    before: list[Any] = [rule(22, x="1", k=["1"]) | odd, rule(22, x="1") | odd]
    after: list[Any] = [rule(22, x="1", k=["2"]) | odd, rule(22, x="1") | odd]

    assert "" not in dict(beside(before, after))
