"""What a change of a policy document allows that it did not allow before, in the kinds that the rules know."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.knowledge.policy_actions import ADMINISTRATORS, ASSUMING, ESCALATIONS, REQUIREMENTS
from tfc_plan_comment.plan.policy_document import TRUST, Document, Documents, Statement, overlap, pairs

MOST = 3
"""Actions or principals that are named one by one."""


class PolicyChange(msgspec.Struct, frozen=True, kw_only=True):
    """What of a document changed: texts of the plan and words of ours, by name, and words behind the sentence."""

    values: dict[str, str] = msgspec.field(default_factory=dict)
    words: dict[str, str] = msgspec.field(default_factory=dict)
    behind: str = ""


def find_policy_change(kind: str, old: Documents, new: Documents) -> PolicyChange | None:
    """The first change of the kind in any document of an object; None if there is none, or it is not known."""
    for name in dict.fromkeys([*new, *old]):
        if (name == TRUST) is not (kind == "trust") and kind in {"trust", "everyone", "administrator", "escalation"}:
            continue
        was, will_be = old.get(name, Document()), new.get(name, Document())
        found = next(_KINDS[kind](was, will_be), None) if was != will_be and _may_tell(kind, was, will_be) else None
        if found:
            return found
    return None


def _may_tell(kind: str, before: Document, after: Document) -> bool:
    """True if enough is known: all of what was where something is gained, and of what will be where it is lost."""
    return (after if kind in {"condition", "deny"} else before).is_whole


def _behind(statement: Statement) -> str:
    condition = " under a condition" if statement.allows and statement.is_conditional else ""
    return f'{condition} in statement "{{sid}}"' if statement.sid else condition


def _named(names: Iterable[str]) -> str:
    listed = list(dict.fromkeys(names))
    more = f" and {len(listed) - MOST} more" if len(listed) > MOST else ""
    return ", ".join(listed[:MOST]) + more


def _everyone(before: Document, after: Document) -> Iterator[PolicyChange]:
    """Everyone may do something that not everyone could."""
    were = [each for each in before.allow() if each.is_for_everyone and not each.is_conditional]
    for new in after.allow():
        if new.is_for_everyone and not new.is_conditional:
            yield from _gained(new, were, new.actions)


def _gained(new: Statement, were: list[Statement], actions: Iterable[str]) -> Iterator[PolicyChange]:
    """Those of the actions that no earlier statement covers; or all but those that the new one excludes."""
    gained = [action for action in actions if not any(old.covers(action) for old in were)]
    if gained:
        yield PolicyChange(values={"what": _named(gained), "sid": new.sid}, behind=_behind(new))
    elif new.not_actions and not any(old.covers("*") or old.not_actions for old in were):
        values = {"but": _named(new.not_actions), "sid": new.sid}
        yield PolicyChange(values=values, words={"what": "all actions but {but}"}, behind=_behind(new))


def _administrator(before: Document, after: Document) -> Iterator[PolicyChange]:
    """All rights, or all of a service that hands out rights, on every resource."""
    were = [each for each in before.allow() if each.is_everywhere]
    for new in (each for each in after.allow() if each.is_everywhere):
        for found in _gained(new, were, [action for action in new.actions if _is_administrator(action)]):
            if any(action in {"*", "*:*"} for action in new.actions):
                yield PolicyChange(values={"sid": new.sid}, words={"what": "every action"}, behind=_behind(new))
            else:
                yield found


def _is_administrator(action: str) -> bool:
    return action.lower() in ADMINISTRATORS


def _escalation(before: Document, after: Document) -> Iterator[PolicyChange]:
    """Calls on every resource, without a condition, with which somebody can give himself more rights."""
    were = [each for each in before.allow() if each.is_everywhere and not each.is_conditional]
    for new in (each for each in after.allow() if each.is_everywhere and not each.is_conditional):
        narrow = [action for action in new.actions if not _is_administrator(action)]
        named = Statement(actions=tuple(narrow))
        calls = [call for call in ESCALATIONS if named.covers(call) and not any(old.covers(call) for old in were)]
        if calls:
            yield PolicyChange(values={"what": _named(calls), "sid": new.sid}, behind=_behind(new))


def _condition(before: Document, after: Document) -> Iterator[PolicyChange]:
    """The same actions are allowed, and something is no longer asked for."""
    for old, new in pairs(before, after):
        if not old.allows or old.is_hidden or new.is_hidden or not _are_about_one_thing(old, new):
            continue
        gone = [word for key, word in _asked(old) if key not in new.requires and not _still(word, new)]
        kept = [action for action in old.actions if new.covers(action)]
        if gone and kept and not _was_allowed_anyway(old, kept, before):
            words = " and ".join(dict.fromkeys(gone))
            behind = ' in statement "{sid}"' if (new.sid or old.sid) else ""
            yield PolicyChange(values={"sid": new.sid or old.sid}, words={"what": words}, behind=behind)


def _are_about_one_thing(old: Statement, new: Statement) -> bool:
    """True if there may be a resource that both are about."""
    either = (old.resources, new.resources)
    return not all(either) or any(overlap(was, will_be) for was in old.resources for will_be in new.resources)


def _asked(statement: Statement) -> Iterator[tuple[str, str]]:
    for key in sorted(statement.requires):
        for ending, word in REQUIREMENTS.items():
            if key == ending or (ending.startswith(":") and key.endswith(ending)):
                yield key, word


def _still(word: str, statement: Statement) -> bool:
    return any(word == other for _, other in _asked(statement))


def _was_allowed_anyway(statement: Statement, actions: list[str], document: Document) -> bool:
    """True if another statement allowed all of it already, and asked for less."""
    others = [
        each
        for each in document.allow()
        if each is not statement
        and not each.is_conditional
        and (each.is_everywhere or {*statement.resources} <= {*each.resources})
        and {*statement.principals} <= {*each.principals}
    ]
    return all(any(other.covers(action) for other in others) for action in actions)


def _deny(before: Document, after: Document) -> Iterator[PolicyChange]:
    """What was denied, and is denied by no statement any more."""
    still = list(after.deny())
    for old in before.deny():
        behind = ' in statement "{sid}"' if old.sid else ""
        gone = [action for action in old.actions if not any(new.covers(action) for new in still)]
        if gone:
            yield PolicyChange(values={"what": _named(gone), "sid": old.sid}, behind=behind)
        elif old.not_actions and not still:
            values = {"but": _named(old.not_actions), "sid": old.sid}
            yield PolicyChange(values=values, words={"what": "all actions but {but}"}, behind=behind)


def _trust(before: Document, after: Document) -> Iterator[PolicyChange]:
    """Somebody else may assume the role; at its creation that is news only of everyone."""
    were = {_account(name) for each in before.allow() for _, name in each.principals}
    open_to = {_account(name) for each in before.allow() if not each.is_conditional for _, name in each.principals}
    for new in (each for each in after.allow() if any(map(each.covers, ASSUMING))):
        names = [
            name
            for kind, name in new.principals
            if kind in {"AWS", "Federated"}
            and _account(name) not in were
            and not _covering(name) & open_to
            and (before.statements or (name == "*" and not new.is_conditional))
        ]
        if names:
            words = {"what": "everyone"} if "*" in names else {}
            yield PolicyChange(values={"what": _named(names), "sid": new.sid}, words=words, behind=_behind(new))


_ACCOUNT = expression(r"(?:arn:[^:]*:iam::)?([0-9]{12})(?::root)?")
_MEMBER = expression(r"arn:[^:]*:(?:iam|sts)::([0-9]{12}):")


def _account(name: str) -> str:
    """The account, for a principal that is one, or is in one; else the name itself."""
    whole = _ACCOUNT.fullmatch(name)
    return whole[1] if whole else name


def _covering(name: str) -> set[str]:
    """The principals that include this one: itself, everyone, and the account that it is in."""
    member = _MEMBER.match(name)
    return {"*", _account(name), *([member[1]] if member else [])}


_KINDS: dict[str, Callable[[Document, Document], Iterator[PolicyChange]]] = {
    "everyone": _everyone,
    "administrator": _administrator,
    "escalation": _escalation,
    "condition": _condition,
    "deny": _deny,
    "trust": _trust,
}
