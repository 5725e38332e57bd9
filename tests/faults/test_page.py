"""docs/behaviour-under-faults.md is what the table says, below what is written by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from table import CASES, REQUESTS, Fault, Kind, Outcome, Service, outcome_of

PAGE = Path(__file__).parents[2] / "docs" / "behaviour-under-faults.md"
BEGIN = "## What is tried\n"
"""The first line that is generated."""


def generated(page: str) -> str:
    """The page with what the table says; what stands above it stays."""
    return page.partition(BEGIN)[0] + BEGIN + "\n".join(lines()) + "\n"


def lines() -> Iterator[str]:
    """All that is generated but its first line."""
    yield ""
    yield "Trouble is one of these, once or every time:"
    yield ""
    yield f"{', '.join(name for name, case in CASES.items() if case.passes)}."
    yield ""
    yield "Besides:"
    yield ""
    for of in Fault:
        names = [name for name, case in CASES.items() if case.of is of]
        if names and of is not Fault.PASSES:
            yield f"- {of.value}" + ("" if names[0].isdecimal() or len(names) == 1 else f": {', '.join(names)}")
    for service in Service:
        yield ""
        yield f"## {service}"
        kinds = dict.fromkeys(each.kind.title for each in REQUESTS.values() if each.service is service)
        for title in kinds:
            yield from section(next(each.kind for each in REQUESTS.values() if each.kind.title == title))


def section(kind: Kind) -> Iterator[str]:
    """What comes of each fault, for requests of this kind."""
    requests = [each.said for each in REQUESTS.values() if each.kind == kind]
    yield ""
    yield f"### {kind.title}"
    yield ""
    yield f"{kind.means} Requests: {', '.join(requests)}."
    yield ""
    yield "| what comes of it | what happens |"
    yield "|:--|:--|"
    happens = {outcome: list(faults(kind, outcome)) for outcome in Outcome}
    usual = max(Outcome, key=lambda outcome: len(happens[outcome]))
    for outcome, found in happens.items():
        if found and outcome is not usual:
            yield f"| {outcome.value} | {'; '.join(found)} |"
    yield f"| {usual.value} | anything else |"


def faults(kind: Kind, outcome: Outcome) -> Iterator[str]:
    """The faults that come to this, class by class, and single ones where only these do; what happens once as such."""
    for of in Fault:
        once = of is Fault.PASSES
        of_class = [name for name, case in CASES.items() if case.of is (Fault.PASSES if of is Fault.LASTS else of)]
        found = [name for name in of_class if outcome_of(kind, name, once=once) is outcome]
        if found and 2 * len(found) > len(of_class):
            rest = [name for name in of_class if name not in found]
            yield of.value + (f", except {' and '.join(rest)}" if rest else "")
        elif found:
            yield f"{', '.join(found)}{' once' if once else ''}"
        if of not in {Fault.PASSES, Fault.LASTS}:
            other = [name for name in of_class if outcome_of(kind, name, once=False) is not outcome]
            only_once = [name for name in other if outcome_of(kind, name, once=True) is outcome]
            if only_once:
                yield f"{of.value if only_once == of_class else ', '.join(only_once)}, if only once"


def test_the_page_is_the_generated_one(request: pytest.FixtureRequest) -> None:
    """The file in docs is generated from the table; each kind of request has its section."""
    if request.config.getoption("--regenerate-golden"):
        PAGE.write_text(generated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    assert page == generated(page)
    assert {f"### {each.kind.title}" for each in REQUESTS.values()} <= set(page.splitlines())
