"""The addresses of alike changes take few lines, and each of them can be read from these."""

import json
import re
from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.report.groups.address_list import list_addresses
from tfc_plan_comment.report.lines.line import WIDTH
from tfc_plan_comment.report.unseen import visible

_KEY = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')


def listed(*addresses: str) -> list[str]:
    return [str(line)[2:] for line in list_addresses(addresses)]


def read(lines: Sequence[str]) -> Iterator[str]:
    """The addresses that a reader makes of the lines: each key with what stands in front of the first one."""
    keys: list[str] = []

    def take(match: re.Match[str]) -> str:
        keys.append(match[0])
        return f"<{len(keys) - 1}>"

    for line in _KEY.sub(take, "\n".join(lines)).replace("\n  <", " <").split("\n"):
        name, _, module = line.partition(" in ")
        for where in _instances(module):
            yield from (
                re.sub(r"<(\d+)>", lambda match: keys[int(match[1])], f"{where}{'.' if where else ''}{each}")
                for each in _instances(name)
            )


def _instances(text: str) -> list[str]:
    first, *others = text.split(" ")
    return [first, *(first[: first.rindex("<")] + key for key in others)]


def test_instances_stand_there_by_their_keys() -> None:
    """Behind the address of their resource, as many on a line as fit; of one resource alone, keys alone."""
    long = [f't.d["{"k" * 30}{number}"]' for number in range(4)]

    assert listed("t.a[0]", "t.a[1]", "t.b", 't.c["x"]', 't.c["y\\"]["]', *long) == [
        "t.a[0] [1]",
        "t.b",
        't.c["x"] ["y\\"]["]',
        f't.d["{"k" * 30}0"] ["{"k" * 30}1"]',
        f'  ["{"k" * 30}2"] ["{"k" * 30}3"]',
    ]
    assert listed(*(f"t.n[{number}]" for number in range(12))) == [" ".join(f"[{number}]" for number in range(12))]


def test_modules_with_the_same_instances_stand_there_by_theirs() -> None:
    """Only the last key of a module's address varies on a line, and a module of its own has its whole address."""
    assert listed("module.a[0].t.n[0]", "module.a[0].t.n[1]", "module.a[1].t.n[0]", "module.a[1].t.n[1]") == [
        "t.n[0] [1] in module.a[0] [1]"
    ]
    assert listed("module.a[0].t.n[0]", "module.a[0].t.n[1]", "module.a[1].t.n[0]") == [
        "module.a[0].t.n[0] [1]",
        "module.a[1].t.n[0]",
    ]
    assert listed('module.a["x"].module.b.data.t.n', 'module.a["y"].module.b.data.t.n') == [
        'module.b.data.t.n in module.a["x"] ["y"]'
    ]
    twice = [f'module.a["{outer}"].module.b[{inner}].t.n' for outer in "xy" for inner in range(2)]
    assert listed(*twice) == ['t.n in module.a["x"].module.b[0] [1]', 't.n in module.a["y"].module.b[0] [1]']


def test_modules_stand_alone_where_their_instances_fill_a_line() -> None:
    """What is read together is not torn apart."""
    addresses = [f'module.a[{module}].t.n["{"k" * 30}{number}"]' for module in range(2) for number in range(4)]

    assert [line for line in listed(*addresses) if line.startswith("module.a[1].")]
    assert list(read(listed(*addresses))) == addresses


def test_an_address_without_a_key_has_a_line_for_each_object() -> None:
    """Of one address there may be several deposed objects."""
    assert listed("t.n", "t.n", "t.m") == ["t.n", "t.n", "t.m"]
    assert listed("t.n", "t.n") == ["t.n", "t.n"]
    assert listed("t.n", "t.n[0]", "t.n[1]") == ["t.n", "t.n[0] [1]"]
    deposed = ["module.a[0].t.n", "module.a[0].t.n", "module.a[1].t.n", "module.a[1].t.n"]
    assert listed(*deposed) == deposed


_KEYS = st.none() | st.integers(0, 3) | st.text(max_size=12).map(json.dumps)


def _join(module: str, outer: object, inner: object, name: str, key: object) -> str:
    at = ["" if each is None else f"[{each}]" for each in (outer, inner, key)]
    return f"{module}{at[0]}.module.m{at[1]}.{name}{at[2]}"


_ADDRESSES = st.builds(
    _join,
    st.sampled_from(["module.a", "module.b"]),
    _KEYS,
    _KEYS,
    st.sampled_from(["t.n", "t.o", "data.t.n"]),
    _KEYS,
)


@given(st.lists(_ADDRESSES, min_size=1, max_size=30, unique=True))
def test_every_address_can_be_read(addresses: list[str]) -> None:
    """Whatever the keys, each is on one line of several that are not too long, and counted once."""
    found = list(list_addresses([*addresses, "t.other"]))
    lines = [str(line)[2:] for line in found]

    assert sorted(read(lines)) == sorted(visible(address) for address in [*addresses, "t.other"])
    assert sum(line.addresses for line in found) == len(addresses) + 1
    assert all(len(line) <= WIDTH for line in lines if line.count(" [") > 1)
