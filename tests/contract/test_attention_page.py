"""docs/attention.md is what the table of rules says, and nothing else."""

import pathlib
import re
from collections.abc import Iterable

import pytest

from tfc_plan_comment.plan.knowledge.attention import ATTENTION
from tfc_plan_comment.plan.knowledge.attention_rules import (
    AttentionRule,
    Becomes,
    Condition,
    Destroyed,
    Falls,
    Hidden,
    Loses,
    LowersTls,
    OpensPorts,
    Policy,
    Rises,
    SameName,
    TurnsOff,
    UndoesDrift,
    Weaker,
)

HEAD = "|:--|:--|:--|:--|:--|\n"
"""The end of the table's head, and so of what is written by hand."""

KINDS = {
    "everyone": "an `Allow` for everyone, without a condition, gains actions",
    "administrator": "an `Allow` on every resource gains all actions, or all of `iam`, `sts`, `organizations` or `kms`",
    "escalation": "an `Allow` on every resource, without a condition, gains a call that gives more rights",
    "condition": "an `Allow` keeps its actions and loses a condition that asks for something",
    "deny": "no `Deny` names an action any longer that one named before",
    "trust": "the trust policy of an existing role gains an account, a user, a role or an identity provider, "
    "or the trust policy of a new role names everyone",
}


WORDS = {"?*": "something", "[1-9]*": "more than 0", "[*]": "`*`", "": "not set"}
"""Patterns of values in words."""


def generated(page: str) -> str:
    """The page with the rows for the table of rules; what stands above them stays."""
    return page.partition(HEAD)[0] + HEAD + "".join(f"{row(rule)}\n" for rule in ATTENTION)


def row(rule: AttentionRule) -> str:
    """A line of the page's table."""
    types = "any" if rule.types == "*" else ", ".join(map(code, rule.types.split()))
    cells = (code(rule.id), types, said(rule.when), rule.sentence, rule.source)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def code(text: str) -> str:
    """The text as code."""
    return f"`{text}`"


def any_of(texts: Iterable[str], word: str = "or") -> str:
    """The texts in code, with a word before the last."""
    *most, last = (WORDS.get(text) or code(text) for text in dict.fromkeys(texts))
    return f"{', '.join(most)} {word} {last}" if most else last


def where(given: tuple[tuple[str, str], ...]) -> str:
    """What must hold besides."""
    return "".join(f", where {any_of(paths.split('|'))} is {any_of(texts.split('|'))}" for paths, texts in given)


def said(when: Condition) -> str:  # noqa: C901, PLR0912 - a row for each kind
    """The condition in words."""
    match when:
        case Becomes():
            was = f", and was {any_of(when.was)}" if when.was else ""
            unset = f", and none of {any_of(when.unset)} is set" if when.unset else ""
            return f"{any_of(when.paths)} becomes {any_of(when.values)} in more places{was}{where(when.given)}{unset}"
        case TurnsOff():
            old = "true" if when.value == "true" else any_of([when.value])
            return f"{any_of(when.paths)} was {old} and no longer is{where(when.given)}"
        case Falls():
            to = {None: "", True: " to 0", False: ", but not to 0"}[when.to_zero]
            return f"{any_of(when.paths)} falls{to}" + (" (0 means forever)" if when.zero_is_forever else "")
        case Rises():
            return f"the major version in {code(when.path)} rises, in place"
        case Weaker():
            return f"{code(when.key)} in {any_of(when.paths)} is removed or becomes weaker: {any_of(when.order, 'and')}"
        case LowersTls():
            return f"the lowest version of TLS that {any_of(when.paths)} names falls"
        case Loses():
            return f"{any_of(when.paths)} loses {'all entries' if when.to_none else 'an entry'}{where(when.given)}"
        case Destroyed():
            also = " or replaced" if when.replaced else ""
            stays = ", and the object that it belongs to is not" if when.of else ""
            return f"it is destroyed{also}{where(when.given)}{stays}"
        case OpensPorts():
            ports = f"{any_of(map(str, when.ports))} alone, or all" if when.ports else "all ports except 80 and 443"
            return f"a rule opens ports to the whole internet that no rule opened to it before; {ports}"
        case Policy():
            return KINDS[when.kind]
        case Hidden():
            return f"{any_of(when.paths)} changes, and all of it is sensitive"
        case SameName():
            return "the plan creates another object of the same type with the same name"
        case UndoesDrift():
            return "an attribute changed outside of Terraform, and the plan sets it back"


def test_the_page_is_the_generated_one(root: pathlib.Path, request: pytest.FixtureRequest) -> None:
    """The file in docs is generated from the table; each rule has its line."""
    file = root / "docs" / "attention.md"

    if request.config.getoption("--regenerate-golden"):
        file.write_text(generated(file.read_text(encoding="utf-8")), encoding="utf-8")
    page = file.read_text(encoding="utf-8")
    assert page == generated(page)
    assert re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE) == [rule.id for rule in ATTENTION]


@pytest.mark.parametrize("rule", ATTENTION, ids=lambda rule: f"{rule.id}-{rule.sentence}")
def test_every_rule_is_written_as_the_others_are(rule: AttentionRule) -> None:
    """An id of small letters, a sentence without a capital or a full stop, a source that names its page."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+|unreviewable", rule.id)
    for sentence in (rule.sentence, rule.short):
        assert re.fullmatch(r"[a-z{].*[^.]", sentence)
    assert len(rule.short) <= len(rule.sentence)
    assert re.fullmatch(r"[A-Z\w./ -]+, \S.*", rule.source)


def test_rows_of_one_id_stand_together() -> None:
    """So that the first that fires is the strongest of them."""
    ids = [rule.id for rule in ATTENTION]
    runs = [rule for number, rule in enumerate(ids) if number == 0 or ids[number - 1] != rule]

    assert len(runs) == len(set(runs))
