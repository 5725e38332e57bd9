"""Whether a policy document may have lost a condition, told before any of its values is masked or understood.

Most changes of policies name other actions or resources, and leave the conditions alone.
"""

from collections import Counter
from collections.abc import Iterator

import msgspec

from tfc_plan_comment.errors import PlanDocumentError
from tfc_plan_comment.plan.document import NULL
from tfc_plan_comment.plan.marks import read_value
from tfc_plan_comment.plan.unreadable import UNREADABLE
from tfc_plan_comment.plan.values import Json


class _Document(msgspec.Struct):
    statements: list[msgspec.Raw] = msgspec.field(name="Statement")


class _Statement(msgspec.Struct):
    condition: msgspec.Raw = msgspec.field(name="Condition", default=NULL)


_DOCUMENT, _STATEMENT = msgspec.json.Decoder(_Document), msgspec.json.Decoder(_Statement)


def may_lose_condition(old: msgspec.Raw, new: msgspec.Raw) -> bool:
    """False if what changes of the statements in an attribute had no condition, or one that all of it still has.

    What stays as it is, byte by byte, loses nothing. What cannot be told so may have lost one.
    """
    try:
        were, are = Counter(_statements(old)), Counter(_statements(new))
        had = {_condition_of(each) for each in were - are} - {bytes(NULL)}
        have = {_condition_of(each) for each in are - were}
    except (*UNREADABLE, PlanDocumentError):
        return True
    return bool(had) and len(had | have) > 1


def _statements(attribute: msgspec.Raw) -> Iterator[bytes]:
    """The statements of all documents in an attribute, as they are written in them."""
    for text in _texts(read_value(attribute)):
        if "Statement" in text:
            yield from map(bytes, _DOCUMENT.decode(text).statements)


def _texts(value: Json) -> Iterator[str]:
    left = [value]
    while left:
        match left.pop():
            case str() as text:
                yield text
            case dict() as inner:
                left += inner.values()
            case list() as items:
                left += items


def _condition_of(statement: bytes) -> bytes:
    return bytes(_STATEMENT.decode(statement).condition)
