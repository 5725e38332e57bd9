"""Policy documents of AWS IAM as statements: what they allow and deny, whom, and under which conditions.

Source: AWS IAM, Reference: IAM JSON policy elements, and Grammar of the IAM JSON policy language.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import translate
from functools import lru_cache

import msgspec

from tfc_plan_comment.plan.attribute_places import is_hidden
from tfc_plan_comment.plan.secrets.hidden_words import is_masked
from tfc_plan_comment.plan.values import Json, Value, read_embedded_json

TRUST = "assume_role_policy"
"""The attribute of the document that says who may assume a role."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One statement. Actions stand as they are written; what it does not have is empty."""

    sid: str = ""
    allows: bool = False
    denies: bool = False
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    principals: tuple[tuple[str, str], ...] = ()
    """The kind, such as `AWS`, and the name; `*` alone is of the kind AWS."""
    requires: frozenset[str] = frozenset()
    """The keys, in small letters, whose values a condition asks for: not those of what is excluded, or absent."""
    is_conditional: bool = False
    is_hidden: bool = False
    """Something that it is about is hidden."""

    @property
    def about(self) -> tuple[tuple[object, ...], ...]:
        """All that it names: actions, principals and resources."""
        return (*self.actions, *self.not_actions), self.principals, self.resources

    @property
    def is_everywhere(self) -> bool:
        """True if it is about every resource."""
        return "*" in self.resources

    @property
    def is_for_everyone(self) -> bool:
        """True if it is about every principal there is."""
        return ("AWS", "*") in self.principals

    def covers(self, action: str) -> bool:
        """True if the actions that it names include this one, which may be a pattern itself."""
        named = any(_covers(pattern, action) for pattern in self.actions)
        return named or bool(self.not_actions and not any(overlap(each, action) for each in self.not_actions))


def _covers(pattern: str, action: str) -> bool:
    """True if the pattern includes all that `action` does. Letter case means nothing in the names of actions."""
    if pattern in {"*", "*:*"}:
        return True
    if "*" not in pattern and "?" not in pattern:
        return pattern.lower() == action.lower()
    return _compiled(pattern.lower())(action.lower()) is not None


@lru_cache(maxsize=4_096)
def _compiled(pattern: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(translate(pattern.replace("[", "[[]"))).match


def overlap(pattern: str, action: str) -> bool:
    """True if one of the two patterns includes the other."""
    return _covers(pattern, action) or _covers(action, pattern)


Documents = Mapping[str, "Document"]


class Document(msgspec.Struct, frozen=True):
    """The statements at one attribute of an object, of all documents in it. `is_whole` says that none is hidden."""

    statements: tuple[Statement, ...] = ()
    is_whole: bool = True

    def allow(self) -> Iterator[Statement]:
        """The statements that allow something, and of which all is known."""
        return (each for each in self.statements if each.allows and not each.is_hidden)

    def deny(self) -> Iterator[Statement]:
        """Those that deny something."""
        return (each for each in self.statements if each.denies and not each.is_hidden)


def read_documents(value: Value) -> Documents:
    """The policy documents of an object, by the attribute in which they stand.

    An attribute that has none is left out, unless something in it is hidden or not known.
    """
    if not isinstance(value, dict):
        return {}
    read = ((name, _read(list(_leaves(item)))) for name, item in value.items())
    return {name: document for name, document in read if document.statements or not document.is_whole}


def _leaves(value: Value) -> Iterator[Value]:
    left = [value]
    while left:
        match left.pop():
            case dict() as inner:
                left += inner.values()
            case list() as items:
                left += items
            case leaf:
                yield leaf


def _read(leaves: list[Value]) -> Document:
    texts = [leaf for leaf in leaves if isinstance(leaf, str)]
    read = [read_statements(text) for text in texts if "Statement" in text]
    statements = tuple(each for found in read for each in found or ())
    is_hidden_in_part = any(is_hidden(leaf) for leaf in leaves if not isinstance(leaf, str) or "Statement" not in leaf)
    is_whole = None not in read and not is_hidden_in_part and not any(each.is_hidden for each in statements)
    return Document(statements, is_whole)


LARGEST = 50_000
"""Characters. AWS takes no policy that is larger; most services take 20,480. Source: the quotas of each service."""

MOST_STATEMENTS = 300
MOST_NAMES = 1_000
"""Actions, resources and principals in a document: each is compared with each, and nobody writes so many."""


@lru_cache(maxsize=256)  # many roles have the same, and it is asked once for each rule
def read_statements(text: str) -> tuple[Statement, ...] | None:
    """The statements of a document that stands in a string; None if it is no policy document, or too large for one."""
    document = read_embedded_json(text) if len(text) <= LARGEST else None
    if not isinstance(document, dict) or "Statement" not in document:
        return None
    inside = document["Statement"]
    listed = inside if isinstance(inside, list) else [inside]
    statements = tuple(_statement(each) for each in listed if isinstance(each, dict) and "Effect" in each)
    names = (len(part) for each in statements for part in each.about)
    return statements if len(statements) <= MOST_STATEMENTS and sum(names) <= MOST_NAMES else None


def _statement(each: dict[str, Json]) -> Statement:
    principals = tuple(_principals(each.get("Principal")))
    named = {name: tuple(_texts(each.get(name))) for name in ("Action", "NotAction", "Resource", "Sid", "Effect")}
    texts = [text for found in named.values() for text in found] + [name for _, name in principals]
    conditions = each.get("Condition")
    return Statement(
        sid="".join(named["Sid"]),
        allows=named["Effect"] == ("Allow",),
        denies=named["Effect"] == ("Deny",),
        actions=named["Action"],
        not_actions=named["NotAction"],
        resources=named["Resource"],
        principals=principals,
        requires=frozenset(_required(conditions)),
        is_conditional=bool(conditions),
        is_hidden=any(map(is_masked, texts)) or any(map(is_masked, each)),
    )


def _texts(value: Json) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield each


def _principals(value: Json) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for kind, names in value.items():
            yield from ((kind, name) for name in _texts(names))
    else:
        yield from (("AWS", name) for name in _texts(value))


def _required(conditions: Json) -> Iterator[str]:
    for operator, asked in conditions.items() if isinstance(conditions, dict) else ():
        if not isinstance(asked, dict) or "Not" in operator:
            continue
        for key, values in asked.items():
            texts = [str(value).lower() for value in (values if isinstance(values, list) else [values])]
            if operator == "Null" and texts != ["false"]:
                continue  # it asks for a key to be absent
            if operator.startswith("Bool") and texts != ["true"]:
                continue
            yield key.lower()


def pairs(before: Document, after: Document) -> Iterator[tuple[Statement, Statement]]:
    """The statements that changed, with what became of each: one with the same Sid, else with most actions in common.

    Order means nothing, and a statement that has no partner lost nothing: a document that is written anew is another.
    """
    left = list(after.statements)
    rest: list[Statement] = []
    for old in before.statements:
        if old in left:  # it stays, and is no other one's partner
            left.remove(old)
        else:
            rest.append(old)
    changed, rest = rest, []
    for old in changed:
        same = [new for new in left if old.sid and new.sid == old.sid and new.allows == old.allows]
        if same:
            left.remove(same[0])
            yield old, same[0]
        else:
            rest.append(old)
    sets = {id(each): _sets(each) for each in (*rest, *left)}
    for old in rest:
        best = max(((_likeness(old, new, sets), -at) for at, new in enumerate(left)), default=None)
        if best is not None and best[0] > (0,):
            yield old, left.pop(-best[1])


Sets = tuple[frozenset[object], ...]


def _sets(statement: Statement) -> Sets:
    return tuple(map(frozenset, statement.about))


def _likeness(old: Statement, new: Statement, sets: Mapping[int, Sets]) -> tuple[int, ...]:
    """What two statements have in common: actions before all else."""
    was, will_be = sets[id(old)], sets[id(new)]
    is_other = bool(old.sid and new.sid) and was != will_be
    if old.allows != new.allows or is_other or was[0].isdisjoint(will_be[0]):
        return (0,)
    return tuple(len(mine & others) for mine, others in zip(was, will_be, strict=True))
