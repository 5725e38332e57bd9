"""The subject of a row for several objects: what their addresses have in common, and no part of one as the whole."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.report.groups.instance_keys import drop_keys
from tfc_plan_comment.report.groups.subject import MOST_TYPES, say_together
from tfc_plan_comment.report.lines.cell import Voice
from tfc_plan_comment.report.write.pieces import write_cell


def said(addresses: Sequence[str]) -> str:
    return "".join(f"`{p.text}`" if p.voice is Voice.NAME else p.text for p in say_together(addresses).pieces)


@pytest.mark.parametrize(
    ("addresses", "subject"),
    [
        (["t.n[0]", "t.n[1]", "t.n[2]"], "3 × `t.n`"),
        (['module.m["x"].t.n[0]', 'module.m["x"].t.n[1]'], '2 × `module.m["x"].t.n`'),
        (['module.m["x"].t.n[0]', 'module.m["y"].t.n[0]'], "2 × `module.m.t.n[0]`"),
        (["module.m[0].t.n[0]", "module.m[1].t.n[1]"], "2 × `module.m.t.n`"),
        (["t.n", "t.n[0]"], "2 × `t.n`"),
        (
            [f"module.{'long_' * 20}.t.{'name_' * 20}[{n}]" for n in (0, 1)],
            f"2 × `module.{'long_' * 20}.t.{'name_' * 20}`",
        ),
        (["t.a", "t.b"], "2 × `t`"),
        (["module.a.t.n", "module.b.t.n"], "2 × `t` in 2 modules"),
        (["module.a[0].t.n", "module.a[1].t.m"], "2 × `t`"),
        (["t.n", "module.b.t.n"], "2 × `t` in 2 modules"),
        (["data.t.a", "data.t.b"], "2 × `t`"),
        (["a.n", "b.n"], "2 resources of 2 types: `a`, `b`"),
        ([f"t{n}.n" for n in range(MOST_TYPES + 2)], "5 resources of 5 types: `t0`, `t1`, `t2` and 2 more"),
        ([f"t.n[{n}]" for n in range(1_234)], "1,234 × `t.n`"),
        (['t.n["a.b[0]"]', 't.n["c\\"]["]'], "2 × `t.n`"),
    ],
)
def test_it_says_what_they_have_in_common(addresses: list[str], subject: str) -> None:
    """One resource, else one type, else the types."""
    assert said(addresses) == subject


keys = st.sampled_from(["", "[0]", "[17]", '["x"]', '["a.b"]', '["]"]', '["<b>@x"]'])
addresses = st.tuples(
    st.sampled_from(["", "module.a", "module.b"]), keys, st.sampled_from("tu"), st.sampled_from("nm"), keys
)


@given(
    st.lists(
        addresses.map(lambda a: f"{a[0]}{a[1]}.{a[2]}.{a[3]}{a[4]}" if a[0] else f"{a[2]}.{a[3]}{a[4]}"), min_size=2
    )
)
def test_the_address_that_it_names_fits_all(found: list[str]) -> None:
    """Where it is one resource, each key in it is a key of all; the count is theirs."""
    cell = say_together(found)

    assert cell.pieces[0].text.startswith(f"{len(found)} ")
    names = [piece.text for piece in cell.pieces if piece.voice is Voice.NAME]
    if len({drop_keys(address) for address in found}) == 1:
        (name,) = names
        assert drop_keys(name) == drop_keys(found[0])
        if name != drop_keys(name):
            for address in found:
                assert all(key in address for key in name.replace(drop_keys(name), "").split())
    else:
        assert set(names) <= {"t", "u"}


def test_no_address_breaks_out_of_it() -> None:
    """Keys and types are texts of others."""
    hostile = "<img src=x> @octocat"

    for found in ([f't.n["{hostile}"].x.y[0]', f't.n["{hostile}"].x.y[1]'], [f"{hostile}.n", f"{hostile}.m"]):
        shown = str(write_cell(say_together(found)))
        assert "<img" not in shown
        assert "@octocat" not in shown
