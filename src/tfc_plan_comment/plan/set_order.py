"""The order in which Terraform writes the elements of a set: whoever stands in another one is in a list.

A plan does not say which of its arrays are sets. But cty, Terraform's values, sorts a set wherever it walks through it
(zclconf/go-cty, cty/set_internals.go: `Less`, `appendSetHashBytes`), so an array in any other order is a list, and its
order means something.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from json.encoder import encode_basestring

from tfc_plan_comment.plan.values import Number, Unknown, Value, identity

DIGITS = 10
"""Go writes a number of cty's with so many (math/big, Float.String)."""

_Key = tuple[bytes, bool]
"""What an element is sorted by, and False where it ends early, at a value that nobody shows us."""


def may_be_set(elements: Sequence[Value]) -> bool:
    """True if the elements stand in the order of a set, as far as they are known; True of fewer than two."""
    return all(_are_in_order(one, other) for one, other in pairwise(elements))


def _are_in_order(one: Value, other: Value) -> bool:
    match one, other:
        case _, None:
            return one is not None
        case None, _:
            return False
        case _, Unknown():
            return True
        case Unknown(), _:
            return False
        case str(), str():
            return one < other
        case bool(), bool():
            return one < other
        case Number(), Number():
            return one.value < other.value
        case _:
            return _are_keys_in_order(_key(one), _key(other))


def _are_keys_in_order(one: _Key, other: _Key) -> bool:
    known = min((len(key) for key, is_whole in (one, other) if not is_whole), default=None)
    if known is None:
        return one[0] < other[0]
    return one[0][:known] <= other[0][:known]


def _key(value: Value) -> _Key:
    written = bytearray()
    is_whole = _write(value, written)
    return bytes(written), is_whole


def _write(value: Value, written: bytearray) -> bool:
    """Write the value as it is sorted; False if it cannot be told any further.

    The names of attributes are written, as those of a map are: the objects of a set have the same ones, so they decide
    nothing.
    """
    match value:
        case None:
            written += b"~"
        case Unknown():
            written += b"?"
        case bool():
            written += b"T" if value else b"F"
        case str():
            written += encode_basestring(value).encode(errors="surrogatepass")
        case Number(number) if abs(number) < Decimal(10) ** DIGITS and number == number.to_integral_value():
            written += identity(value)
        case list():
            return _write_list(value, written)
        case dict():
            return _write_object(value, written)
        case _:
            return False
    return True


def _write_list(items: Sequence[Value], written: bytearray) -> bool:
    written += b"["
    for item in items:
        if not _write(item, written):
            return False
        written += b";"
    written += b"]"
    return True


def _write_object(value: dict[str, Value], written: bytearray) -> bool:
    written += b"{"
    for name in sorted(value):
        written += encode_basestring(name).encode(errors="surrogatepass") + b":"
        if not _write(value[name], written):
            return False
        written += b";"
    written += b"}"
    return True
