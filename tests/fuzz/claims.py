"""What holds for every file that is given to us as a plan, whatever is in it."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import msgspec

from comment_page import OUR_TAGS, Page, assert_is_ours
from html_page import Page as HtmlPage
from json_text import read_values
from secrecy import hidden_secrets, stands_in
from texts import SECRETS
from tfc_plan_comment.errors import ActionError
from tfc_plan_comment.github_actions.commands import STEP_SUMMARY_LIMIT
from tfc_plan_comment.report.summary_json import Summary
from tfc_plan_comment.report.unseen import visible
from tfc_plan_comment.report.write.comment import COMMENT_LIMIT
from written import Written, write_all

COMMENTS = {"comment", "step summary", "together"}
LIMITS = {"comment": COMMENT_LIMIT, "step summary": STEP_SUMMARY_LIMIT, "together": COMMENT_LIMIT}
SENTENCE = re.compile(r"Cannot [^\n]+: [^\n]+\. [A-Z][^\n]+\.")


def check(content: bytes, names: Iterable[str] | None = None) -> Written | None:
    """Assert what holds for the file; returns what is written of it, or None if it is no plan.

    `names` are those of what is to be written; without them it is all. The summary JSON is always one of them.
    """
    try:
        written = write_all(content, names)
    except ActionError as error:
        assert_is_a_sentence(str(error))
        return None
    assert_fits(written)
    for name in COMMENTS & written.keys():
        assert_is_balanced(assert_is_ours(written[name]))
    if "HTML" in written:
        assert_is_our_html(written["HTML"])
    assert_keeps_secrets(content, written)
    assert_tells_all(content, written)
    assert_shows_differences(content, written)
    return written


def assert_is_a_sentence(said: str) -> None:
    """It says what failed, why, and what to do, and nothing that stands in the file."""
    assert SENTENCE.fullmatch(said), said
    assert visible(said) == said, said
    assert len(said) < 500, said
    assert not [secret for secret in SECRETS if secret in said], said


def assert_fits(written: Written) -> None:
    """Each text is UTF-8, and has room where it goes."""
    for name, text in written.items():
        size = len(text.encode())
        assert size <= LIMITS.get(name, size), (name, size)


def assert_is_balanced(page: Page) -> None:
    """Every element is closed, in the reverse order."""
    stack: list[str] = []
    for tag, _ in page.tags:
        if tag.removeprefix("/") in {"br", "wbr"}:
            continue
        if tag.startswith("/"):
            assert stack, tag
            assert stack.pop() == tag[1:], tag
        else:
            stack.append(tag)
    assert stack == []


@cache
def harmless_html() -> frozenset[tuple[str, tuple[str, ...]]]:
    """The elements of the report on a harmless plan, each with its attributes."""
    golden = Path(__file__).parents[1] / "golden"
    plans = [(golden / name / "plan.json").read_bytes() for name in ("mixed-update", "checks", "outputs-only")]
    return frozenset(tag for plan in plans for tag in HtmlPage.of(write_all(plan, ["HTML"])["HTML"]).tags)


def assert_is_our_html(report: str) -> None:
    """It has our elements and no others, closed, and nothing in it is invisible."""
    page = HtmlPage.of(report)
    strange = {tag for tag in page.tags if tag not in harmless_html() and tag[1]}
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in harmless_html()} | OUR_TAGS.keys()
    assert strange == set()
    assert len(page.all("script")) == 2
    assert visible(report, keep_lines=True) == report


def assert_keeps_secrets(content: bytes, written: Written) -> None:
    """What the plan marks stands nowhere, in no spelling."""
    try:
        secrets = hidden_secrets(read_values(content))
    except RecursionError:  # what is so deep has tests of its own
        return
    for secret in secrets:
        assert [name for name, text in written.items() if stands_in(secret, text)] == [], secret


def assert_tells_all(content: bytes, written: Written) -> None:
    """Every change is in the summary JSON and in the HTML report, and in the comment it is named or counted."""
    summary = msgspec.json.decode(written["summary JSON"], type=Summary)
    addresses = [visible(_address(change)) for change in summary.changes]
    assert len(addresses) >= _changes_in(read_values(content))
    if "HTML" in written:
        items = HtmlPage.of(written["HTML"]).data["changes"]
        assert Counter(each["address"] for item in items for each in (item, *item["alike"])) == Counter(addresses)
    for comment in (written[name] for name in ("comment", "step summary") if name in written):
        said = _words(comment + unescape(re.sub(r"</?(?:wbr|code|b)>|<br>", "", comment)))  # as it stands in a block
        unnamed = [address for address in map(_named, addresses) if not _is_named(_words(address), said)]
        assert len(unnamed) <= _counted(comment.splitlines()[-1]), unnamed


def assert_shows_differences(content: bytes, written: Written) -> None:
    """Of a change whose values differ, something that differs is in the summary JSON, whatever hides it."""
    plan = read_values(content)
    resources = plan.get("resource_changes") if isinstance(plan, dict) else None
    found = [each for each in resources or () if isinstance(each, dict)]
    changes = {str(each.get("address")): each.get("change") for each in found}
    told = msgspec.json.decode(written["summary JSON"], type=Summary).changes
    # One that is no text is made of type and name, and nobody else has it.
    at = Counter(each.address for each in told) | Counter(str(each.get("address")) for each in found)
    for each in told:
        change = changes.get(each.address) if at[each.address] == 1 else None
        if isinstance(change, dict) and _is_text(change):
            before, after = _leaves(change.get("before")), _leaves(change.get("after"))
            assert each.attributes or before == after, each.address


def _is_text(change: Any) -> bool:
    """False if something in it is no UTF-8, and so cannot be read at all."""
    return "\ufffd" not in json.dumps(change, ensure_ascii=False)


def _leaves(value: Any) -> set[tuple[Any, ...]]:
    """What is not null in the value, each with its path."""
    found: set[tuple[Any, ...]] = set()
    left: list[tuple[tuple[Any, ...], Any]] = [((), value)]
    while left:
        path, inner = left.pop()
        match inner:
            case dict() | list() if inner:
                items = inner.items() if isinstance(inner, dict) else enumerate(inner)
                left += [((*path, step), item) for step, item in items]
            case None:
                continue
            case dict() | list() if not path:
                continue  # an object that has nothing is as good as none
            case _:
                found.add((*path, repr(inner)))
    return found


def _named(address: str) -> str:
    """The address without the key of a deposed object, of which a long one is cut."""
    return address.partition(" (deposed object ")[0]


def _address(change: Any) -> str:
    return f"{change.address} (deposed object {change.deposed})" if change.deposed else change.address


def _words(text: str) -> str:
    """The text, in which blanks that nobody sees are left out."""
    return " ".join(text.split())


def _changes_in(plan: Any) -> int:
    """The number of resources that the plan changes in any case."""
    changed = (["create"], ["update"], ["delete", "create"], ["create", "delete"])
    changes = plan.get("resource_changes") if isinstance(plan, dict) else None
    return sum(
        isinstance(each, dict)
        and isinstance(each.get("change"), dict)
        and each["change"].get("actions") in changed
        and each.get("mode") == "managed"
        for each in (changes if isinstance(changes, list) else ())
    )


def _is_named(address: str, said: str) -> bool:
    """True if it stands there, or its resource and its key do."""
    if address[:100] in said:
        return True
    resource, _, key = address.partition("[")
    return resource in said and key.rpartition("[")[2] in said


def _counted(last_line: str) -> int:
    """The changes that the last line says are only counted."""
    found = re.search(r"([\d,]+) changes? (?:is|are) only counted here", last_line)
    return int(found[1].replace(",", "")) if found else 0
