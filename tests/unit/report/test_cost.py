"""What a large plan costs, by counting: work for what is shown, and for the rest little more than to skip it."""

import json
import re
import tracemalloc
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.github_actions.commands import STEP_SUMMARY_LIMIT
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.plan.values import read_any_number
from tfc_plan_comment.plan.whole_modules import find_whole_modules
from tfc_plan_comment.report.model import Report
from tfc_plan_comment.report.sections import list_sections
from tfc_plan_comment.report.write.comment import COMMENT_LIMIT, render
from tfc_plan_comment.report.write.comment_view import view_place
from tfc_plan_comment.report.write.template import Template, load_built_in

# Calls are counted, not lines: under coverage as well it would take twice as long.
pytestmark = [pytest.mark.cost, pytest.mark.no_cover]

Document = dict[str, Any]

LITTLE = COMMENT_LIMIT // 8
"""Room for so little that a small plan is a large one: what costs more than is shown stands out."""

MUCH = COMMENT_LIMIT + COMMENT_LIMIT // 8
"""More than a comment has room for: longer values are shown, as in the step summary."""

OUT_OF_RANGE = "1e9999999999999999999999"
"""A number in good JSON that has to be read in a way of its own: so it shows who looks at the value that holds it."""


def change(address: str, action: str, before: Any, after: Any) -> Document:
    inner = {"actions": [action], "before": before, "after": after}
    return {"address": address, "type": address.partition(".")[0], "name": "n", "change": inner}


def updates(count: int) -> Document:
    """Updates no two of which are alike."""
    return {"resource_changes": [change(f"t.n{n}", "update", {"a": n, "b": "x"}, {f"a{n}": n}) for n in range(count)]}


def alike(count: int) -> Document:
    """The instances of one resource, each changed in the same way."""
    sides = {"size": "small", "tags": {"a": "b"}}, {"size": "large", "tags": {"a": "b"}}
    return {"resource_changes": [change(f't.n["key-{n}"]', "update", *sides) for n in range(count)]}


def nearly_alike(count: int) -> Document:
    """The same attribute of many objects, each with values of its own."""
    return {
        "resource_changes": [change(f"t.n[{n}]", "update", {"a": n, "b": 1}, {"a": -n, "b": 1}) for n in range(count)]
    }


def deletes(count: int) -> Document:
    """Objects that go, of many types."""
    return {"resource_changes": [change(f"t{n % 50}.n{n}", "delete", {"a": n}, None) for n in range(count)]}


def secrets(count: int) -> Document:
    """Objects with a sensitive value each."""
    marked = [change(f"t.n{n}", "create", None, {"a": f"secret-number-{n}", "b": "x"}) for n in range(count)]
    for each in marked:
        each["change"]["after_sensitive"] = {"a": True}
    return {"resource_changes": marked}


def outputs(count: int) -> Document:
    """Outputs, and nothing else."""
    return {"output_changes": {f"o{n}": {"actions": ["create"], "before": None, "after": n} for n in range(count)}}


def drifted(count: int) -> Document:
    """Objects that changed outside."""
    return {"resource_drift": updates(count)["resource_changes"]}


def checks(count: int) -> Document:
    """Failed checks."""
    instance = {"status": "fail", "problems": [{"message": "It is not so."}]}
    return {
        "checks": [
            {"address": {"kind": "check", "to_display": f"check.c{n}"}, "status": "fail", "instances": [instance]}
            for n in range(count)
        ]
    }


PLANS: list[Callable[[int], Document]] = [updates, alike, nearly_alike, deletes, secrets, outputs, drifted, checks]


def written(document: Document) -> bytes:
    """The plan as Terraform writes it."""
    return json.dumps(
        {"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {}, **document}
    ).encode()


def summarized(content: bytes) -> PlanSummary:
    return summarize(parse_plan(content, name="plan"))


@cache
def template() -> Template:
    """The built-in template, read once: that takes more calls than a whole plan."""
    return load_built_in()


def shown(summary: PlanSummary, limit: int) -> str:
    return render(Report(key="acme/prod", summary=summary, workspace="prod"), template(), limit=limit)


def rendered(content: bytes, limit: int = COMMENT_LIMIT) -> str:
    """What becomes of a plan's JSON."""
    return shown(summarized(content), limit)


def memory_of(work: Callable[[], object]) -> int:
    """The most bytes that the work had in memory at once; a mapped file is not counted."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("count", "limit"), [(300, COMMENT_LIMIT), (1_050, LITTLE)])
@pytest.mark.parametrize("make", PLANS, ids=lambda make: make.__name__)
def test_twice_the_plan_takes_little_more_than_twice_the_calls(
    make: Callable[[int], Document], count: int, limit: int, count_calls: Callable[..., int]
) -> None:
    """Nothing in a plan costs its square, however much of it is shown: small plans, large ones, and beyond."""
    once, twice = written(make(count)), written(make(2 * count))
    rendered(once, limit)  # what is made at the first call only, such as the template
    assert count_calls(lambda: rendered(twice, limit)) <= 2.5 * count_calls(lambda: rendered(once, limit))


@pytest.mark.parametrize("limit", [COMMENT_LIMIT // 4, COMMENT_LIMIT, STEP_SUMMARY_LIMIT])
@pytest.mark.parametrize("make", [updates, deletes, alike, nearly_alike], ids=lambda make: make.__name__)
def test_each_piece_is_measured_once(
    make: Callable[[int], Document], limit: int, count_calls: Callable[..., int]
) -> None:
    """A row is viewed once to be measured, its details once, and both together once to be written."""
    content = written(make(400))
    viewed = count_calls(lambda: rendered(content, limit), view_place.__code__)
    assert 0 < viewed <= 3 * 400 + 5, "three for all, and those of a change that says nothing"


@pytest.mark.parametrize(("make", "limit"), [(updates, LITTLE), (updates, MUCH), (deletes, LITTLE), (secrets, LITTLE)])
def test_diffs_are_made_for_what_is_shown(make: Callable[[int], Document], limit: int) -> None:
    """Of a large plan as many changes are compared as of one twice its size, for the comment and for the summary."""
    compared = []
    for count in (2_000, 4_000):
        summary = summarized(written(make(count)))
        shown(summary, limit)
        compared.append(sum("diff" in each.__dict__ for each in summary.changes))
    assert compared[0] == compared[1] < 2_000


@pytest.mark.parametrize("action", ["update", "create", "delete"])
def test_values_that_are_not_shown_are_not_decoded(action: str, count_calls: Callable[..., int]) -> None:
    """Nor is any value behind the changes that can have a place in the comment."""
    good = [change(f"t.n{n}", action, {"a": n} if action != "create" else None, {"a": -n}) for n in range(1_200)]
    odd = [change(f"t.odd{n}", action, {"a": "ODD"}, {"a": "-ODD"}) for n in range(400)]
    first, behind = (
        written({"resource_changes": changes})
        .replace(b'"ODD"', OUT_OF_RANGE.encode())
        .replace(b'"-ODD"', f"-{OUT_OF_RANGE}".encode())
        for changes in (odd, good + odd)
    )
    assert count_calls(lambda: rendered(first), read_any_number.__code__) > 0

    assert count_calls(lambda: rendered(behind, LITTLE), read_any_number.__code__) == 0

    comment = rendered(behind, LITTLE)
    assert "1,600" in comment
    assert "only counted here" in comment


def test_what_does_not_depend_on_the_room_is_made_once(count_calls: Callable[..., int]) -> None:
    """The sections, and which modules come or go as a whole, though a comment is measured before it is written."""
    content = written({**deletes(1_050), **drifted(50)})
    for made in (list_sections, find_whole_modules):
        assert count_calls(lambda: rendered(content), made.__code__) == 1


def test_what_is_not_needed_costs_no_memory() -> None:
    """The planned values, of which a plan consists in large part, are skipped where they stand."""
    small = written(updates(100))
    large = written({**updates(100), "planned_values": {"root_module": {"a": ["value"] * 100_000}}})
    assert len(large) > len(small) + 800_000
    rendered(small)
    assert memory_of(lambda: rendered(large)) <= memory_of(lambda: rendered(small)) + 100_000


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="this system does not count what a process reads")
def test_a_file_is_not_read_but_mapped(tmp_path: Path) -> None:
    """Of a plan on disk hardly a byte is copied into our memory by reading it."""

    def bytes_read() -> int:
        return int(Path("/proc/self/io").read_text(encoding="ascii").split()[1])

    path = tmp_path / "plan.json"
    path.write_bytes(written(updates(20_000)))
    read_plan(path)
    before = bytes_read()
    assert len(read_plan(path).resource_changes) == 20_000
    assert bytes_read() - before < path.stat().st_size / 100


TEXTS = {
    "one word": "x",
    "words": "some words and no more ",
    "lines": "one line of many\n",
    "base64": b64encode(b"a text that goes on and on: ").decode(),
}


@pytest.mark.parametrize("action", ["create", "update"])
@pytest.mark.parametrize("name", TEXTS)
def test_one_long_string(name: str, action: str, count_calls: Callable[..., int]) -> None:
    """A string of many bytes is shown by its beginning, in few calls and a bounded multiple of its memory."""

    def plan(size: int) -> bytes:
        text = TEXTS[name] * (size // len(TEXTS[name]))
        before = {"a": text, "b": 1} if action == "update" else None
        return written({"resource_changes": [change("t.n", action, before, {"a": f"{text}.", "b": 1})]})

    once, twice = plan(100_000), plan(200_000)
    rendered(once)
    assert count_calls(lambda: rendered(twice)) <= 2.5 * count_calls(lambda: rendered(once))
    assert memory_of(lambda: rendered(twice)) <= 2.5 * memory_of(lambda: rendered(once))


def test_very_many_outputs() -> None:
    """The first are named in the title and as many as have room are shown; the others are counted in both places."""
    comment = rendered(written(outputs(2_000)))
    assert len(comment.encode()) <= COMMENT_LIMIT
    assert re.search(r"<summary>Outputs: .*, 1,99\d more</summary>", comment)
    assert " more lines" in comment
