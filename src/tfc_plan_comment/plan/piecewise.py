"""A document that does not fit its type everywhere, read place by place: one broken value costs only itself.

It takes several times as long as to decode the document at once, so it is for one that cannot be decoded at once.
"""

import json
from collections.abc import Mapping
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from tfc_plan_comment.plan.unreadable import UNREADABLE

_NOTHING = object()
"""Nothing can be read at a place, and nothing stands for it."""

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])

Encoded = bytes | memoryview | msgspec.Raw


class Pieces(msgspec.Struct, frozen=True):
    """Reads documents of structs, and of tuples, dicts and optional values of them.

    `stands_for` holds, by type, what stands in the place of a value that is none of it, so that it is not lost.
    `never_in_part` are the types of which no value counts if one in it is broken.
    """

    stands_for: Mapping[Any, Any]
    never_in_part: frozenset[Any] = frozenset()
    unread: list[str] = msgspec.field(default_factory=list)
    """The places of all that could not be read, such as `resource_changes[3].change.importing`."""
    broken: list[msgspec.Raw] = msgspec.field(default_factory=list)
    """What stands at these places."""

    def read(self, raw: Encoded, kind: Any) -> Any:
        """The document; what is broken has its default, and its place is noted. Raises what decoding raises."""
        value = self._inside(raw, kind, "")
        return msgspec.json.decode(raw, type=kind) if value is _NOTHING else value

    def _read(self, raw: msgspec.Raw, kind: Any, place: str) -> Any:
        try:
            return msgspec.json.decode(raw, type=kind)
        except UNREADABLE:
            kind = _without_none(kind)
        noted = len(self.unread)
        value = self._inside(raw, kind, place)
        if value is _NOTHING:
            self.unread[noted:], self.broken[noted:] = [place], [raw]
            return self.stands_for.get(kind, _NOTHING)
        return value

    def _inside(self, raw: Encoded, kind: Any, place: str) -> Any:
        """The value with what can be read inside of it; nothing if it is no value of its type at all.

        Of an array of plain values, such as the actions of a change, a part would say something else than the whole.
        """
        inner = next(iter(get_args(kind)[-1:] if get_origin(kind) is dict else get_args(kind)), None)
        try:
            match get_origin(kind):
                case None if _is_struct(kind):
                    return self._struct(_OBJECT.decode(raw), kind, place)
                case origin if origin is tuple and _is_struct(inner):
                    items = enumerate(_ARRAY.decode(raw))
                    read = (self._read(each, inner, f"{place}[{number}]") for number, each in items)
                    return tuple(item for item in read if item is not _NOTHING)
                case origin if origin is dict and _is_struct(inner):
                    named = _OBJECT.decode(raw).items()
                    pairs = ((key, self._read(each, inner, f"{place}[{_quoted(key)}]")) for key, each in named)
                    return {key: value for key, value in pairs if value is not _NOTHING}
                case _:
                    return _NOTHING
        except UNREADABLE:
            return _NOTHING

    def _struct(self, found: dict[str, msgspec.Raw], kind: Any, place: str) -> Any:
        """The object; null is as good as a key that is missing."""
        noted = len(self.unread)
        kinds = get_type_hints(kind)
        read = {
            name: self._read(found[name], kinds[name], f"{place}.{name}" if place else name)
            for name in kind.__struct_fields__
            if name in found and bytes(found[name]) != b"null"
        }
        if kind in self.never_in_part and len(self.unread) > noted:
            return _NOTHING
        return kind(**{name: value for name, value in read.items() if value is not _NOTHING})


def _quoted(key: str) -> str:
    """The key as an address has it."""
    return json.dumps(key, ensure_ascii=False)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _without_none(kind: Any) -> Any:
    """The type of an optional value, if it is there."""
    kinds = [each for each in get_args(kind) if each is not type(None)]
    return kinds[0] if get_origin(kind) is UnionType and len(kinds) == 1 else kind
