"""How facts about providers are asked for, and what every table of them must keep to."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import combinations
from pathlib import Path

import pytest

from tfc_plan_comment.plan.knowledge import attributes, identity, order, routine, stateful, telling
from tfc_plan_comment.plan.knowledge.rules import Rule, Rules

MODULES = (attributes, identity, order, routine, stateful, telling)
ATTENTION = {path.stem for path in Path(attributes.__file__).parent.glob("attention*.py")} | {"policy_actions"}
"""What deserves a look is looked at in `test_attention`."""
SECRETS = {"secret_forms"}
"""What is a secret is looked at in `test_unmarked_secrets`."""
TABLES = {name: table for module in MODULES for name, table in vars(module).items() if isinstance(table, Rules)}
PATTERNS = Rules(Rule("aws_*", "*_id", "a"), Rule("*", "name", "b", ("x",)), Rule("aws_vpc", "name", "c"))


def shadowed(rules: Rules) -> Iterator[tuple[Rule, Rule]]:
    """Each rule that is never asked, after the one that is asked in its place.

    The keys of elements are tried one after the other: one with more attributes beside is another one.
    """
    for first, second in combinations(rules.rules, 2):
        is_other = rules is identity.ELEMENTS and first.also != second.also
        if not is_other and fnmatchcase(second.types, first.types) and fnmatchcase(second.attribute, first.attribute):
            yield first, second


def test_every_table_is_checked() -> None:
    """Each data file of the room is among those that these tests look at."""
    files = {path.stem for path in Path(attributes.__file__).parent.glob("*.py")} - {
        "__init__",
        "pattern",
        "rules",
        *ATTENTION,
        *SECRETS,
    }

    assert files == {module.__name__.rpartition(".")[2] for module in MODULES}


@pytest.mark.parametrize("name", TABLES)
def test_every_fact_has_a_source(name: str) -> None:
    """Each says who wrote it down, and on which page."""
    assert [rule for rule in TABLES[name].rules if not re.fullmatch(r"[A-Z\w./ -]+, \S.*", rule.source)] == []


@pytest.mark.parametrize("name", TABLES)
def test_no_fact_is_shadowed(name: str) -> None:
    """None stands twice, or behind one that always fits before it."""
    assert list(shadowed(TABLES[name])) == []


def test_what_is_shadowed_is_found() -> None:
    """A narrower rule behind a wider one would never be asked."""
    wide, narrow, other = Rule("*", "*id", "a"), Rule("aws_*", "vpc_id", "b"), Rule("*", "ids", "c")

    assert list(shadowed(Rules(wide, narrow, other))) == [(wide, narrow)]
    assert list(shadowed(Rules(narrow, wide))) == []


@pytest.mark.parametrize(
    ("resource_type", "attribute", "source"),
    [
        ("aws_vpc", "vpc_id", "a"),
        ("aws_vpc", "name", "b"),
        ("", "name", "b"),
        ("", "vpc_id", None),
        ("google_x", "vpc_id", None),
        ("aws_vpc", "Name", None),
        ("aws_vpc", 0, None),
    ],
)
def test_the_first_fact_that_fits_counts(resource_type: str, attribute: str | int, source: str | None) -> None:
    """Both the type and the attribute must fit, letter case included; a position in a list is no attribute."""
    found = PATTERNS.find(resource_type, attribute)

    assert (found and found.source) == source


def test_facts_of_a_type_keep_their_order() -> None:
    """What is asked for by the type alone comes as it stands in the table."""
    assert [rule.source for rule in PATTERNS.of("aws_vpc")] == ["a", "b", "c"]
    assert [rule.also for rule in PATTERNS.of("google_x")] == [("x",)]
