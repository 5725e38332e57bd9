"""What of a plan deserves a look: the rules of `knowledge.attention`, asked of each change on its masked values.

A rule looks at the change and never at the state: what was open and stays open is not said again. Nothing is said of
what is hidden or known only after apply. That nothing is said promises nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from typing import NamedTuple

from tfc_plan_comment.errors import PlanDocumentError
from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.attention_conditions import NOTHING, Found, Sides, ask
from tfc_plan_comment.plan.attention_settings import AttentionSettings
from tfc_plan_comment.plan.attribute_places import text_of, values_at
from tfc_plan_comment.plan.document import ResourceChange
from tfc_plan_comment.plan.knowledge.attention import attention_rules
from tfc_plan_comment.plan.knowledge.attention_rules import AttentionRule
from tfc_plan_comment.plan.masking import Mask, drop_numbers, is_masked
from tfc_plan_comment.plan.values import UNKNOWN, Sensitive, Value

LONGEST = 120
"""Characters of a value in a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One thing that deserves a look, as a sentence without its subject, which is the address.

    The sentences are our words, with names in braces for texts of the plan. Those are masked and shortened, and may
    say anything: whoever shows them escapes them.
    """

    rule: str
    sentence: str
    short: str
    values: tuple[tuple[str, str], ...] = ()
    is_remark: bool = False
    """It stands in the row and is not counted: it tells more of the change, and is no reason to look at it."""

    def pieces(self, *, short: bool = False) -> Iterator[tuple[str, str | None]]:
        """The sentence in pieces: words of ours, and the text of the plan that follows them, if one does."""
        values = dict(self.values)
        for words, name, _, _ in Formatter().parse(self.short if short else self.sentence):
            yield words, None if name is None else values[name]

    def plain(self, *, short: bool = False) -> str:
        """The sentence as it is, for programs."""
        return "".join(words + (value or "") for words, value in self.pieces(short=short))


class Attention(NamedTuple):
    """The notices of a change, the strongest first, and how many more there are that are ignored as asked for."""

    notices: tuple[Notice, ...] = ()
    ignored: int = 0


_LOOKED_AT = frozenset({Action.REPLACE, Action.DELETE, Action.UPDATE, Action.CREATE})


def attend(resource: ResourceChange, action: Action, mask: Mask, settings: AttentionSettings) -> Attention:
    """What of one change deserves a look."""
    if settings.off or action not in _LOOKED_AT or resource.mode != "managed":
        return Attention()
    found = list(_notices(resource, mask))
    heard = tuple(each for each in found if not settings.ignores(each.rule, resource.address))
    return Attention(heard, len(found) - len(heard))


def _notices(resource: ResourceChange, mask: Mask) -> Iterator[Notice]:
    change = resource.change
    before, after = bytes(change.before), bytes(change.after)
    rules = [rule for rule in attention_rules(resource.type) if _may_fire(rule, before, after)]
    if not rules:
        return
    try:
        was, will_be = mask.sides(change)
    except PlanDocumentError:  # whoever shows the value says so
        return
    sides = Sides(before=was, after=will_be, actions=change.actions, is_deposed=resource.deposed is not None)
    for rule in rules:
        if found := ask(rule.when, sides):
            yield _notice(rule, found, sides)


def _may_fire(_rule: AttentionRule, _before: bytes, _after: bytes) -> bool:
    return True


def _notice(rule: AttentionRule, found: Found, sides: Sides) -> Notice:
    """The rule's sentences about what was found. Our own words are put in, the plan's texts stay apart."""
    paths = dict(rule.names)
    names = [name for name in _names(rule) if name not in found.words]
    values = {name: found.values.get(name) or _attribute(paths.get(name, name), sides) for name in names}
    return Notice(
        rule=rule.id,
        sentence=_with_words(rule.sentence, found),
        short=_with_words(rule.short, found),
        values=tuple((name, shortened(value)) for name, value in values.items()),
    )


@lru_cache(maxsize=1_024)
def _names(rule: AttentionRule) -> tuple[str, ...]:
    """The names in the rule's sentences."""
    both = (*Formatter().parse(rule.sentence), *Formatter().parse(rule.short))
    return tuple(dict.fromkeys(name for _, name, _, _ in both if name))


def _with_words(sentence: str, found: Found) -> str:
    for name, words in found.words.items():
        sentence = sentence.replace(f"{{{name}}}", words)
    return sentence


def _attribute(path: str, sides: Sides) -> str:
    """The values at a path of the object that will be, or of the one that goes."""
    values = values_at(sides.after if sides.after is not None else sides.before, path)
    return ", ".join(dict.fromkeys(_said(value) for value in values)) or NOTHING


def _said(value: Value) -> str:
    if isinstance(value, Sensitive):
        return value.words
    return UNKNOWN.value if value is UNKNOWN else text_of(value) or NOTHING


def shortened(text: str) -> str:
    """The text on one line, up to so many characters, without the numbers of what is hidden in it."""
    line = " ".join((drop_numbers(text) if is_masked(text) else text).split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
