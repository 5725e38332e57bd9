"""What of a plan deserves a look: the rules of `knowledge.attention`, asked of each change on its masked values.

A rule looks at the change and never at the state: what was open and stays open is not said again. Nothing is said of
what is hidden or known only after apply. That nothing is said promises nothing.
"""

from collections.abc import Iterator
from functools import lru_cache
from string import Formatter
from typing import NamedTuple

import msgspec

from tfc_plan_comment.errors import PlanDocumentError
from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.attention_across import Across
from tfc_plan_comment.plan.attention_conditions import NOTHING, Found, Sides, ask
from tfc_plan_comment.plan.attention_needs import Needed, needed_of
from tfc_plan_comment.plan.attention_settings import AttentionSettings
from tfc_plan_comment.plan.attribute_places import text_of, values_at
from tfc_plan_comment.plan.document import Plan, ResourceChange
from tfc_plan_comment.plan.knowledge.attention import OPEN_PORT, RULE_IDS, SAME_NAME, UNDOES_DRIFT
from tfc_plan_comment.plan.knowledge.attention_rules import AttentionRule, Destroyed, Together
from tfc_plan_comment.plan.marks import Differing, differing_values, read_attributes
from tfc_plan_comment.plan.secrets.hidden_words import drop_numbers, is_masked
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.secrets.masked_address import mask_address
from tfc_plan_comment.plan.values import UNKNOWN, Sensitive, Value

LONGEST = 120
"""Characters of a value in a sentence."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
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


NOTHING_TO_SAY = Attention()

_NO_SIDES = Sides(before=None, after=None, actions=())
"""Of what more than one change tells, nothing is said of the sides of one."""

_LOOKED_AT = frozenset({Action.REPLACE, Action.DELETE, Action.UPDATE, Action.CREATE})


class Attending:
    """Finds what deserves a look in the changes of one plan, as its user wants to hear it."""

    def __init__(self, plan: Plan, mask: Mask, settings: AttentionSettings) -> None:
        """Look at nothing yet."""
        self._mask, self._settings = mask, settings
        self._across = Across(plan, mask)
        # Of the instances of one resource, most are changed alike.
        self._tell = lru_cache(maxsize=512)(self._told)

    def to(self, resource: ResourceChange, action: Action, differing: Differing | None) -> Attention:
        """What of one change deserves a look. A rule speaks once for an object.

        `differing` are its attributes that differ; None if the object comes or goes, or if it is not known.
        """
        if self._settings.off or resource.mode != "managed":
            return NOTHING_TO_SAY
        if differing is None:
            sides = (read_attributes(side) or {} for side in (resource.change.before, resource.change.after))
            differing = differing_values(*sides)
        found = [*self._alone(resource, action, differing), *self._with_others(resource, action, differing)]
        if not found:
            return NOTHING_TO_SAY
        by_rule: dict[str, Notice] = {}
        for notice in found:
            by_rule.setdefault(notice.rule, notice)
        found = sorted(by_rule.values(), key=lambda notice: RULE_IDS.index(notice.rule))
        heard = tuple(each for each in found if not self._settings.ignores(each.rule, resource.address))
        return Attention(heard, len(found) - len(heard))

    def _alone(self, resource: ResourceChange, action: Action, differing: Differing) -> Iterator[Notice]:
        """What is to be said of the change by itself."""
        needed = needed_of(resource, differing) if action in _LOOKED_AT else None
        for notice, owners in self._tell(needed, resource.deposed is not None) if needed else ():
            goes = any(self._across.goes(name, types, but=resource.address) for name, types in owners)
            if not goes and not (notice.rule == OPEN_PORT and self._across.was_open(resource)):
                yield notice

    def _told(self, needed: Needed, is_deposed: bool) -> list[tuple[Notice, list[tuple[str, str]]]]:  # noqa: FBT001 - a key of the cache
        """The notices, each with the names and types of what the object is for: where that goes, nothing is lost."""
        try:
            before, after = self._mask.sides(needed.change())
        except PlanDocumentError:  # whoever shows the value says so
            return []
        sides = Sides(before=before, after=after, actions=needed.actions, is_deposed=is_deposed)
        found = ((rule, ask(rule.when, sides)) for rule in needed.rules() if not isinstance(rule.when, Together))
        return [(_notice(rule, each, sides), _owners(rule, sides)) for rule, each in found if each]

    def _with_others(self, resource: ResourceChange, action: Action, differing: Differing) -> Iterator[Notice]:
        """What is to be said of the change beside others of the plan."""
        if other := self._across.same_name(resource):
            words = {"action": "forgotten" if action is Action.FORGET else "destroyed"}
            found = Found(values={"address": mask_address(other, self._mask)}, words=words)
            yield _notice(SAME_NAME, found, _NO_SIDES)
        if action is Action.UPDATE and (undone := self._across.undone(resource, differing)):
            yield _notice(UNDOES_DRIFT, undone, _NO_SIDES)


def _owners(rule: AttentionRule, sides: Sides) -> list[tuple[str, str]]:
    """The names of what the object is for, each with the types that it may be of."""
    if not isinstance(rule.when, Destroyed):
        return []
    return [
        (text_of(value), types)
        for paths, types in rule.when.of
        for path in paths.split("|")
        for value in values_at(sides.before, path)
    ]


def _notice(rule: AttentionRule, found: Found, sides: Sides) -> Notice:
    """The rule's sentences about what was found. Our own words are put in, the plan's texts stay apart."""
    sentence, short = (_with_words(words, found) for words in (rule.sentence + found.behind, rule.short))
    paths = dict(rule.names)
    values = {
        name: found.values.get(name) or _attribute(paths.get(name, name), sides) for name in _names(sentence, short)
    }
    return Notice(
        rule=rule.id,
        sentence=sentence,
        short=short,
        values=tuple((name, shortened(value)) for name, value in values.items()),
        is_remark=rule.is_remark,
    )


def _with_words(sentence: str, found: Found) -> str:
    for name, words in found.words.items():
        sentence = sentence.replace(f"{{{name}}}", words)
    return sentence


@lru_cache(maxsize=1_024)
def _names(*sentences: str) -> tuple[str, ...]:
    """The names in the sentences."""
    return tuple(dict.fromkeys(name for each in sentences for _, name, _, _ in Formatter().parse(each) if name))


def _attribute(path: str, sides: Sides) -> str:
    """The values at a path of the object that will be, or of the one that goes."""
    side = sides.after if sides.after is not None else sides.before
    values = [value for each in path.split("|") for value in values_at(side, each)]
    values = [value for value in values if value is not None] or values
    return ", ".join(dict.fromkeys(_said(value) for value in values)) or NOTHING


def _said(value: Value) -> str:
    if isinstance(value, Sensitive):
        return value.words
    return UNKNOWN.value if value is UNKNOWN else text_of(value) or NOTHING


def shortened(text: str) -> str:
    """The text on one line, up to so many characters, without the numbers of what is hidden in it."""
    line = " ".join((drop_numbers(text) if is_masked(text) else text).split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
