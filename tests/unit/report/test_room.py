"""The comment stays within its limit, whatever the plan; what can hurt keeps its details longest."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any, cast

import jinja2
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.errors import TemplateError
from tfc_plan_comment.github_actions.commands import STEP_SUMMARY_LIMIT
from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.budget import Budget
from tfc_plan_comment.report.cautions import MOST_COMPARED, MOST_OTHERS, MOST_WITH_DATA
from tfc_plan_comment.report.folds import lay_out
from tfc_plan_comment.report.groups.search import LARGE, MOST_ROUNDS, USUAL_ROW, find_groups
from tfc_plan_comment.report.layout import make_layout
from tfc_plan_comment.report.left import Left
from tfc_plan_comment.report.lines.line import Cut, Limits, Line, first_lines
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.room import OPEN_LINES, Chosen, choose
from tfc_plan_comment.report.write.comment import COMMENT_LIMIT, render
from tfc_plan_comment.report.write.comment_view import view_report
from tfc_plan_comment.report.write.pieces import write_lines
from tfc_plan_comment.report.write.ruler import make_ruler
from tfc_plan_comment.report.write.template import Template, check_template, load_built_in

GOLDEN = Path(__file__).parents[2] / "golden"
REAL = sorted(GOLDEN.glob("*/plan.json"))
DETAILS = "<details"
MEGABYTE = "x" * 1_000_000


def plan_of(*changes: dict[str, Any], **more: Any) -> Plan:
    document = {"format_version": "1.2", "resource_changes": changes, "planned_values": {}, **more}
    return parse_plan(json.dumps(document).encode(), name="plan")


def change(address: str, actions: Iterable[str], before: Any, after: Any, **more: Any) -> dict[str, Any]:
    inner = {"actions": list(actions), "before": before, "after": after}
    return {"address": address, "type": address.partition(".")[0], "name": "x", "change": inner, **more}


def multiplied(count: int) -> Plan:
    """So many changes of every kind, out of all real plans."""
    changes = [each for path in REAL for each in read_plan(path).resource_changes if each.change.actions != ("no-op",)]
    many = [
        msgspec.structs.replace(each, address=f"module.copy[{number}].{each.address}")
        for number, each in enumerate(islice(cycle(changes), count))
    ]
    return msgspec.structs.replace(read_plan(REAL[0]), resource_changes=tuple(many))


def report_of(plan: Plan) -> Report:
    return Report(key="acme/prod", summary=summarize(plan), workspace="prod", full_report="https://github.com/acme")


def chosen(summary: PlanSummary, room: int, limits: Limits | None = None) -> Chosen:
    ruler = make_ruler()
    return choose(make_layout(summary, find_groups(summary, room, limits or Limits(), ruler)), Budget.of(room), ruler)


def counted(shown: Chosen) -> int:
    return sum(1 + len(place.row.alike) for place in shown.places) + sum(more.count for more in shown.more)


def distinct(action: tuple[str, ...], count: int, **more: Any) -> list[dict[str, Any]]:
    """Changes no two of which are alike: each has an attribute of its own."""
    before = {f"attribute_{number}": "a" * 100 for number in range(3)} if action != ("create",) else None
    return [
        change(f"{'_'.join(action)}.n{number}", action, before, {f"value_{number}": f"v{number} {number * 7}"}, **more)
        for number in range(count)
    ]


@pytest.mark.parametrize(
    "after",
    [
        lambda end: {"a": "x" * 300 + end},
        lambda end: {"a": "line\n" * 60 + end},
        lambda end: {**{f"long_attribute_name_{number}": "" for number in range(20)}, f"y_{end}": ""},
    ],
)
def test_what_is_not_shown_is_alike_as_well(after: Callable[[str], dict[str, str]]) -> None:
    """Changes that differ only where a diff is cut are not said to be the same; those that do not differ there are."""

    def alike(*ends: str) -> list[int]:
        changes = [change(f't.n["key-{n}"]', ["update"], {}, after(end)) for n, end in enumerate(ends)]
        return [len(place.row.alike) for place in chosen(summarize(plan_of(*changes)), COMMENT_LIMIT).places]

    assert alike("safe", "safe", "evil", "safe") == [2, 0]
    assert alike("safe", "safe", "safe", "safe") == [3]


EXTREMES = {
    "a value of a megabyte": plan_of(change("t.n", ["update"], {"a": MEGABYTE}, {"a": MEGABYTE + "y"})),
    "a new value of a megabyte": plan_of(change("t.n", ["create"], None, {"a": MEGABYTE})),
    "an address of a megabyte": plan_of(change(f't.n["{MEGABYTE}"]', ["delete"], {"a": 1}, None)),
    "a type of a megabyte": plan_of(*[change(f"{MEGABYTE}{n}.n", ["delete"], {"a": 1}, None) for n in range(2)]),
    "an action of a megabyte": plan_of(change("t.n", [MEGABYTE], None, {"a": 1})),
    "a version of a megabyte": plan_of(terraform_version=MEGABYTE),
    "an attribute name of a megabyte": plan_of(change("t.n", ["update"], {MEGABYTE: 1}, {MEGABYTE: 2})),
    "a text of 200,000 lines": plan_of(
        change("t.n", ["create"], None, {"a": "\n".join(str(number) for number in range(200_000))})
    ),
    "200,000 lines and one more": plan_of(
        change("t.n", ["update"], {"a": "a\n" * 200_000}, {"a": "a\n" * 200_000 + "b"})
    ),
    "20,000 attributes": plan_of(change("t.n", ["delete"], {f"a{number}": number for number in range(20_000)}, None)),
    "20,000 elements": plan_of(change("t.n", ["create"], None, {"a": list(range(20_000))})),
    "5,000 outputs": plan_of(
        output_changes={f"o{number}": {"actions": ["create"], "after": "v" * 100} for number in range(5_000)}
    ),
    "2,000 drifted objects": plan_of(
        change("t.n", ["update"], {"a": 1}, {"a": 2}),
        resource_drift=[change(f"t.n[{number}]", ["update"], {"a": 1}, {"a": 2}) for number in range(2_000)],
    ),
    "1,000 failing checks": plan_of(
        change("t.n", ["update"], {"a": 1}, {"a": 2}),
        checks=[
            {
                "address": {"kind": "check", "to_display": f"check.number_{number}"},
                "status": "fail",
                "instances": [{"status": "fail", "problems": [{"message": "m" * 300}]}],
            }
            for number in range(1_000)
        ],
    ),
    "3,000 types": plan_of(*[change(f"type_{n}.n", ["create"], None, {"a": f"{n} {n}"}) for n in range(3_000)]),
    "what takes more room escaped": plan_of(
        *[change(f't.n["|*`<&@\u202e{n}"]', ["update"], {"|": "|" * 99}, {"|": f"{n}*{n}" * 20}) for n in range(1_200)]
    ),
}


@pytest.mark.cost
@pytest.mark.parametrize("name", EXTREMES)
def test_whatever_is_huge_stays_within_the_limit(name: str) -> None:
    """Nothing crashes and nothing is too long: not a value, a name, a text, nor thousands of anything."""
    report = report_of(EXTREMES[name])

    for limit in (COMMENT_LIMIT, STEP_SUMMARY_LIMIT):
        assert len(render(report, limit=limit).encode()) <= limit
    assert counted(chosen(report.summary, COMMENT_LIMIT)) == len(report.summary.changes)


@pytest.mark.cost
@pytest.mark.parametrize("count", [12_000, 24_000])
def test_tens_of_thousands_of_real_changes_are_all_counted(count: int) -> None:
    """Every change has a line, is alike one that has, or is counted; the comment says how many are only counted."""
    report = report_of(multiplied(count))

    shown = chosen(report.summary, COMMENT_LIMIT)
    content = render(report)

    assert len(content.encode()) <= COMMENT_LIMIT
    assert counted(shown) == len(report.summary.changes) == count
    assert "changes are only counted here." in content
    assert len(render(report, limit=STEP_SUMMARY_LIMIT).encode()) <= STEP_SUMMARY_LIMIT


@pytest.mark.cost
def test_the_work_is_proportional_to_what_can_be_shown() -> None:
    """Of 12,000 changes only those are compared that may have a line, and those that the caution has lines for."""
    report = report_of(multiplied(12_000))

    render(report)

    compared = sum("diff" in each.__dict__ for each in report.summary.changes)
    in_caution = (MOST_WITH_DATA + MOST_OTHERS + 2) * MOST_COMPARED
    assert compared <= MOST_ROUNDS * (COMMENT_LIMIT // USUAL_ROW) + in_caution


def test_a_plan_that_fits_is_shown_whole() -> None:
    """The first step: everything with its details, nothing counted, nothing left out."""
    summary = summarize(plan_of(*distinct(("delete",), 2), *distinct(("update",), 10), *distinct(("create",), 10)))

    shown = chosen(summary, COMMENT_LIMIT)

    assert (len(shown.places), shown.more, shown.left) == (22, (), Left())
    assert all(place.has_details for place in shown.places)


def test_alike_changes_share_their_details_before_any_are_left_out() -> None:
    """The second step costs nothing: three hundred alike changes have one row and keep their details."""
    many = [change(f't.n["key-{number}"]', ["update"], {"a": 1}, {"a": 2}) for number in range(300)]
    summary = summarize(plan_of(*many))

    (place,) = chosen(summary, COMMENT_LIMIT).places

    assert len(place.row.alike) == 299
    assert write_lines(place.row.lines) == "! a = 1 -> 2"
    assert all(f'["key-{number}"]' in write_lines(place.row.same_for) for number in range(300))


def test_details_go_first_and_those_of_destroyed_objects_last() -> None:
    """The third step: all lines stay; what is destroyed keeps its details when creates and updates have lost theirs."""
    summary = summarize(plan_of(*distinct(("create",), 100), *distinct(("update",), 100), *distinct(("delete",), 9)))

    shown = chosen(summary, 40_000)

    assert (len(shown.places), shown.left.counted) == (209, 0)
    with_details = [place.row.action for place in shown.places if place.has_details]
    assert with_details[:9] == ["delete"] * 9
    assert 9 < len(with_details) < 100
    assert with_details.count(Action.CREATE) <= 5, "only what the last gap has room for"
    assert shown.left.without_details == 209 - len(with_details)


def test_then_lines_keep_nothing_but_their_address() -> None:
    """The fourth step: all lines stay, the last of them without what changes; what is destroyed says all it says."""
    updates = [
        change(f"update.n{number}", ["update"], {"a": 1}, {f"{'long' * 9}_{number}": 2}) for number in range(200)
    ]
    summary = summarize(plan_of(*updates, *distinct(("delete",), 9, action_reason="delete_because_no_module")))

    shown = chosen(summary, 28_000)

    assert (len(shown.places), shown.left.counted) == (209, 0)
    assert all(place.has_cell and place.has_details for place in shown.places[:9])
    names = [place.has_cell for place in shown.places[9:]]
    assert 0 < names.count(True) < 200
    assert names == sorted(names, reverse=True)
    bare = [place for place in shown.places if not (place.has_cell or place.has_details)]
    assert shown.left.by_address == len(bare) > 0
    assert shown.left.without_details == sum(not place.has_details for place in shown.places) - len(bare)


def test_lines_go_last_and_are_counted_by_action_and_type() -> None:
    """The last step but one: what is destroyed keeps line and details, the rest is counted."""
    changes = [*distinct(("create",), 300), *distinct(("update",), 300), *distinct(("delete",), 9)]
    summary = summarize(plan_of(*changes))

    shown = chosen(summary, 15_000)

    assert [place.row.action for place in shown.places[:9]] == ["delete"] * 9
    assert all(place.has_details for place in shown.places[:9])
    assert {(more.action, more.type) for more in shown.more} == {("update", "update"), ("create", "create")}
    assert counted(shown) == 609
    assert shown.left.counted == sum(more.count for more in shown.more) > 300


def test_without_any_room_everything_is_counted() -> None:
    """The last step."""
    summary = summarize(plan_of(*distinct(("create",), 3), *distinct(("delete",), 2)))

    shown = chosen(summary, 0)

    assert shown.places == ()
    assert [(more.action, more.count, more.type) for more in shown.more] == [
        ("delete", 2, "delete"),
        ("create", 3, "create"),
    ]


@pytest.mark.parametrize(
    ("modules", "cell"),
    [
        ([None, None], ""),
        (["module.a", "module.a"], "in <code>module.a</code>"),
        (['module.a["x"]', 'module.a["y"]', None], "in <code>module.a</code> and 1 other module"),
        (["module.a", "module.a", "module.b", "module.c"], "in <code>module.a</code> and 2 other modules"),
        (["module.a", "module.b", "module.c"], "in 3 modules"),
    ],
)
def test_what_is_counted_says_in_which_modules_it_is(modules: list[str | None], cell: str) -> None:
    """By name where at least half of it is in one module."""
    changes = [
        change(f"t.n{number}", ["create"], None, {}, module_address=module) for number, module in enumerate(modules)
    ]
    report = report_of(plan_of(*changes))
    view = view_report(report, choose(make_layout(report.summary, ()), Budget.of(0), make_ruler()), Limits(), 0)

    comment = load_built_in().render({field.name: getattr(view, field.name) for field in fields(view)})

    (line,) = [line for line in comment.splitlines() if " more " in line]
    assert line == f"🟢 <b>create</b> {len(modules)} more <code>t</code> {cell}".rstrip()


def test_of_very_many_types_the_rest_is_counted_by_action() -> None:
    """There are a few counted lines, what is destroyed first and by its type; no type is dropped."""
    created = [change(f"type_{number}.n", ["create"], None, {"a": number}) for number in range(40)]
    summary = summarize(plan_of(*created, *[change("z.n", ["delete"], {"a": 1}, None)]))

    lines = chosen(summary, 0).more

    assert [(more.action, more.type) for more in lines[:2]] == [("delete", "z"), ("create", "type_0")]
    assert (lines[-1].action, lines[-1].type, lines[-1].count) == ("create", "", 21)
    assert len(lines) == 21


def test_a_single_diff_does_not_take_all_the_room() -> None:
    """Of a diff of ten thousand lines the first are shown and the rest is counted; the comment says so."""
    plan = plan_of(
        change("t.huge", ["update"], *({f"a{number}": number + side for number in range(10_000)} for side in (0, 1))),
        *distinct(("update",), 3),
    )
    report = report_of(plan)

    shown = chosen(report.summary, COMMENT_LIMIT)
    huge, *others = shown.places

    assert huge.has_details
    assert write_lines(huge.row.lines).startswith("! a0 = 0 -> 1\n")
    assert write_lines(huge.row.lines).endswith(" more lines")
    assert all(place.has_details for place in others)
    assert shown.left.cut.lines > 8_000
    assert "Long values are shortened. More of it is in the <a" in render(report)


@given(st.lists(st.text("ab…", max_size=9).map(Line), max_size=9).map(tuple), st.integers(0, 50))
def test_cut_lines_are_counted(lines: tuple[Line, ...], room: int) -> None:
    """What is kept are whole lines from the beginning, and with the counted ones there are as many as before."""
    shown = first_lines(lines, room)

    if len(write_lines(lines)) <= room:
        assert shown == lines
        return
    *kept, last = shown
    left = len(lines) - len(kept)
    assert tuple(kept) == lines[: len(kept)]
    assert len(write_lines(kept)) <= room
    assert (str(last), last.cut) == (f"  … {left} more lines", Cut(lines=left))


def test_only_so_many_lines_stand_open() -> None:
    """The first small diffs that have to be read stand open, and the rest is folded."""
    changes = distinct(("delete", "create"), 60, type="aws_dynamodb_table")

    shown = chosen(summarize(plan_of(*changes)), COMMENT_LIMIT).places

    opened = [place for place in shown if place.is_open]
    assert shown[: len(opened)] == tuple(opened)
    lines = sum(len(place.row.lines) for place in opened)
    assert OPEN_LINES - 5 <= lines <= OPEN_LINES


def test_an_address_stands_once() -> None:
    """In the line of its change, whole, however long the path of its module is."""
    module = 'module.platform.module.network["eu-west-1"]'
    changes = [
        change(f"{module}.t.{name}", ["update"], {"a": 1}, {name: name}, module_address=module) for name in ("a", "b")
    ]

    content = render(report_of(plan_of(*changes)))

    assert [content.count(f"<b>change</b> <code>{module}.t.{name}</code>") for name in ("a", "b")] == [1, 1]
    assert [content.count(f"{module}.t.{name}") for name in ("a", "b")] == [1, 1]


def opened(port: int) -> dict[str, Any]:
    return {"ingress": [{"from_port": port, "to_port": port, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]}


def test_what_deserves_a_look_comes_first_and_keeps_its_words_and_details() -> None:
    """Before every other change but loss, by itself, and as long as anything has room."""
    looks = [
        change(f"aws_security_group.g{n}", ["update"], {"ingress": []}, opened(22 + n), type="aws_security_group")
        for n in range(4)
    ]
    summary = summarize(plan_of(*distinct(("update",), 300), *looks, *distinct(("delete",), 2)))

    for room in (COMMENT_LIMIT, 12_000, 6_000):
        first = chosen(summary, room).places[:6]
        assert [place.row.address.partition(".")[0] for place in first] == ["delete"] * 2 + ["aws_security_group"] * 4
        assert all(place.has_cell and place.has_details and place.row.count == 1 for place in first)
        assert all(place.fold is None for place in first)
    assert not any("aws_security_group" in more.type for more in chosen(summary, 2_000).more)


class Counting:
    """A compiled template that keeps what it is written with."""

    def __init__(self, template: Template) -> None:
        """Nothing is written yet."""
        self.compiled = template.compiled
        self.contexts: list[Mapping[str, Any]] = []

    def generate(self, context: Mapping[str, Any]) -> Iterator[str]:
        """What the template itself writes."""
        self.contexts.append(context)
        return self.compiled.generate(context)


many_changes = st.lists(
    st.tuples(
        st.sampled_from(["create", "update", "delete", "forget", "x"]),
        st.integers(1, 40),
        st.sampled_from(["module.platform.module.network", "", "module.a"]),
        st.text("ab|*_`<\u202e", max_size=30),
        st.integers(0, 2_000),
        st.sampled_from(["a", "tags", "name", "id"]),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(many_changes, st.integers(8_000, COMMENT_LIMIT), st.booleans())
def test_the_first_try_fits_and_leaves_hardly_any_room(kinds: list[Any], limit: int, is_alike: bool) -> None:  # noqa: FBT001
    """Our own template is measured, not guessed: what is left is less than any piece that was left out would take."""
    changes = []
    for kind, (action, count, module, text, length, attribute) in enumerate(kinds):
        for number in range(count):
            before = None if action == "create" else {"b": text, attribute: {"k": "x" * length}}
            after = (
                None if action in {"delete", "forget"} else {attribute: {"k": text if is_alike else f"{text}{number}"}}
            )
            address = f'{module}{"." if module else ""}t{kind}.n["{text}{number}"]'
            changes.append(change(address, [action], before, after, module_address=module or None, type=f"t{kind}"))
    report = report_of(plan_of(*changes))
    counting = Counting(load_built_in())

    content = render(report, Template(cast(jinja2.Template, counting), "counting"), limit=limit)

    unused = limit - len(content.encode())
    assert len(counting.contexts) == 2, "once to measure what stands around the changes, once for good"
    assert unused >= 0
    ruler = make_ruler()
    written = {view.address: view for view in counting.contexts[-1]["changes"]}
    left_out = []
    for place in lay_out(report.summary, find_groups(report.summary, limit, Limits(), ruler)):
        row, view = place.row, written.get(place.row.address)
        if view is None:
            left_out.append(ruler.line(place))
        elif view.diff is None and not row.is_told_by_itself:
            left_out.append(ruler.details(place))
        elif not view.says and ruler.words(row):
            left_out.append(ruler.words(row))
    assert unused <= min(left_out, default=limit) + 1_000, "the last line could have been so much longer"


def test_a_template_that_writes_more_than_ours_still_fits() -> None:
    """The room shrinks until the whole is within the limit."""
    source = '{% extends "comment.md.j2" %}{% block changes %}{{ super() }}{{ super() }}{{ super() }}{% endblock %}'
    plan = plan_of(*distinct(("update",), 400))

    content = render(report_of(plan), check_template(source, "the template x"))

    assert COMMENT_LIMIT // 3 < len(content.encode()) <= COMMENT_LIMIT


def test_a_template_that_is_too_long_in_itself_is_an_error() -> None:
    """Where nothing is left to leave out, the error says how much it is and how much there is room for."""
    source = "{{ marker }}\n" + "words and " * 7_000
    report = report_of(plan_of(*distinct(("update",), 3)))

    with pytest.raises(TemplateError) as raised:
        render(report, check_template(source, "the template long.md.j2"))

    size = len(f"<!-- tfc-plan-comment:acme/prod -->\n{'words and ' * 7_000}".strip()) + 1
    assert str(raised.value) == (
        f"Cannot render the template long.md.j2: it gives {size:,} bytes even without details, "
        "and there is room for 65,536. Leave out more in the template."
    )


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.parent.name)
def test_every_real_plan_fits_any_sensible_limit(path: Path) -> None:
    """The bytes are never more than asked for, and every change is counted at every size."""
    report = report_of(read_plan(path))
    for limit in (8_000, 16_000, 30_000, COMMENT_LIMIT):
        assert len(render(report, limit=limit).encode()) <= limit
        assert counted(chosen(report.summary, limit)) == len(report.summary.changes)


def test_a_comment_without_changes_needs_no_room() -> None:
    """An empty plan has neither rows nor details."""
    shown = chosen(summarize(plan_of()), COMMENT_LIMIT)

    assert shown == Chosen()
    assert DETAILS not in render(replace(report_of(plan_of()), full_report=None))


def test_all_moves_are_one_list() -> None:
    """Each says from where to where, whatever their types; where the list has no room, they are counted."""
    moves = [
        change(f"t{number}.new", ["no-op"], {"a": 1}, {"a": 1}, previous_address=f"t{number}.old")
        for number in range(150)
    ]
    summary = summarize(plan_of(*distinct(("delete",), 9), *moves))

    shown = chosen(summary, 30_000)

    (moved,) = [place for place in shown.places if place.row.action is Action.MOVE]
    assert [str(line) for line in moved.row.lines] == [f"  t{number}.old -> t{number}.new" for number in range(150)]
    assert (moved.has_details, shown.left) == (True, Left())
    short = chosen(summary, 4_500)
    assert not short.places[-1].has_details
    assert (short.left.without_details, short.left.counted) == (0, 150)


def test_a_single_move_is_told_by_its_line() -> None:
    """It says from where, takes no room for details, and nothing is said to be left out of it."""
    move = change("t.new", ["no-op"], {"a": 1}, {"a": 1}, previous_address="t.old")

    shown = chosen(summarize(plan_of(move)), COMMENT_LIMIT)

    (place,) = shown.places
    assert place.row.is_told_by_itself
    assert (place.has_cell, place.has_details, shown.left) == (True, False, Left())


def test_alike_changes_without_their_diff_are_counted() -> None:
    """Their addresses stand with the diff only, that of the first as well: the last line counts all of them.

    So it does where the list of their addresses is cut.
    """
    alike = [change(f't.n["key-{number}"]', ["update"], {"a": "x" * 200}, {"a": "y" * 200}) for number in range(300)]
    summary = summarize(plan_of(*alike))

    bare, cut, whole = (chosen(summary, room) for room in (120, 300, COMMENT_LIMIT))

    assert (bare.left.without_details, bare.left.counted) == (0, 300)
    assert (cut.left.without_details, cut.left.counted) == (0, 300)
    assert whole.left == Left()


def test_every_fold_has_its_first_change() -> None:
    """However little room there is: the line of the fold has room with it, and never stands alone."""
    gone = [
        change(
            f"module.m{module}.t.n{number}",
            ["delete"],
            {f"a{module}{number}": 1},
            None,
            module_address=f"module.m{module}",
        )
        for module in range(4)
        for number in range(5)
    ]
    summary = summarize(plan_of(*gone, complete=True))

    for room in range(0, 4_000, 100):
        places = chosen(summary, room).places
        opening = [place for place in places if place.opens_fold]
        assert [place.fold for place in opening] == list(dict.fromkeys(place.fold for place in places))


def keyed(kind: str, count: int) -> Iterator[dict[str, Any]]:
    """Changes that are put together, each with a key of its own."""
    for number in range(count):
        key = f'["key-{number:04}"]'
        match kind:
            case "same":
                yield change(f"t.n{key}", ["update"], {"a": 1}, {"a": 2})
            case "varying":
                yield change(f"t.n{key}", ["update"], {"a": 1}, {"a": number + 5})
            case "moved and varying":
                yield change(f"t.n{key}", ["update"], {"a": 1}, {"a": number + 5}, previous_address=f"t.old[{number}]")
            case "look":
                yield change(f"aws_security_group.n{key}", ["update"], {"ingress": []}, opened(22))
            case "move":
                yield change(f"t.n{key}", ["no-op"], {"a": 1}, {"a": 1}, previous_address=f"t.old[{number}]")
            case "long move":
                old = f"t.{'long' * 11}[{number}]"
                yield change(f"t.n{key}", ["no-op"], {"a": 1}, {"a": 1}, previous_address=old)
            case _:
                yield change(f"t.n{key}", ["forget"], {"a": 1}, None)


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        *product(["same", "varying", "moved and varying", "move", "long move", "forget"], [3, 150]),
        ("look", 150),
        ("look", LARGE + 50),
        ("same", LARGE + 50),
    ],
)
def test_each_address_stands_or_is_counted(kind: str, count: int) -> None:
    """However short the list of addresses is cut: the last line counts exactly those that are cut off."""
    summary = summarize(plan_of(*keyed(kind, count)))

    for room in (200, 400, 800, 2_000, 6_000, 20_000, COMMENT_LIMIT):
        shown = chosen(summary, room)
        places = [place for place in shown.places if place.has_details]
        said = "".join(write_lines((*place.row.lines, *place.row.same_for)) for place in places)
        standing = sum(f'["key-{number:04}"]' in said for number in range(count))
        bare = sum(not (place.has_details or place.row.alike) for place in shown.places)
        assert standing + shown.left.counted + bare == count, room
    assert shown.left == Left()
