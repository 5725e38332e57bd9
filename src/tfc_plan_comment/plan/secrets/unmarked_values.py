"""A value in which the plan marks nothing: hidden in it is what equals a marked value, and what nobody marked.

That is what looks like a secret in any text, what has the name of one in a map, and the data of a Kubernetes Secret.
"""

from functools import lru_cache

from tfc_plan_comment.plan.secrets.document_parts import holds_secret_data
from tfc_plan_comment.plan.secrets.hidden_words import WORD, why_hidden
from tfc_plan_comment.plan.secrets.named_secrets import is_placeholder, is_unmarked_secret
from tfc_plan_comment.plan.secrets.places import VALUE_KEYS, name_inside
from tfc_plan_comment.plan.secrets.text_mask import MOST_KEPT, SHORT, TextMask
from tfc_plan_comment.plan.values import MAX_DEPTH, Json, Number, Sensitive, Value, Why, make_readable, write_json


class UnmarkedValues:
    """Makes of a value in which nothing is marked one that may be shown."""

    def __init__(self, texts: TextMask) -> None:
        self._texts = texts
        self._asks_names, self._hides_unmarked = texts.asks_names, texts.hides_unmarked
        self._read_short = lru_cache(MOST_KEPT)(self._read_string)
        self._read_number = lru_cache(MOST_KEPT)(self._read_digits)
        self._read_entry = lru_cache(MOST_KEPT)(self._text_entry)

    def shown(self, value: Json, depth: int, name: str) -> Value:
        """The value under a name; an object at depth 0 has a provider's attributes, not data, for its keys."""
        match value:
            case str():
                return self.text(value, name)
            case None | bool():
                return value
            case dict() | list() if depth >= MAX_DEPTH:
                return self.text(write_json(value), name)
            case dict():
                return self._object(value, depth + 1)
            case list():
                return [self.shown(item, depth + 1, name) for item in value]
            case _:
                written = value.text if isinstance(value, Number) else str(value)
                return self._read_number(written, name if self._asks_names else "")

    def _object(self, value: dict[str, Json], depth: int) -> Value:
        """An object of which the entries are at this depth."""
        key_of = self._texts.name if depth > 1 else str
        if not value.keys().isdisjoint(VALUE_KEYS):  # then the name of a text may stand beside it
            return {key_of(key): self.entry(value, key, item, depth) for key, item in value.items()}
        return {
            key_of(key): self._read_entry(key, item, depth)
            if isinstance(item, str) and len(item) <= SHORT
            else self.entry(value, key, item, depth)
            for key, item in value.items()
        }

    def _text_entry(self, key: str, text: str, depth: int) -> Value:
        """A short text in an object in which its key is its name: most stand there before and after."""
        return self.entry({}, key, text, depth)

    def entry(self, inside: dict[str, Json], key: str, item: Json, depth: int) -> Value:
        """What stands in an object under a key; a provider's attribute, at depth 1, is no secret by its name."""
        is_value = key in VALUE_KEYS
        name = name_inside(inside, key) if is_value or self._asks_names else key
        shown = self.shown(item, depth, name if self._asks_names else "")
        is_named = self._hides_unmarked and isinstance(item, str) and (depth > 1 or (is_value and name != key))
        if is_named and not isinstance(shown, Sensitive) and is_unmarked_secret(name, str(item)):
            return self._looks(item)
        return self.without_data(inside, key, shown)

    def without_data(self, inside: dict[str, Json], key: str, shown: Value) -> Value:
        """What is shown of what stands in an object under a key; of the data of a Kubernetes Secret, its keys alone."""
        item = inside.get(key)
        if not (self._hides_unmarked and isinstance(item, dict) and isinstance(shown, dict)):
            return shown
        if not holds_secret_data(inside, key):
            return shown
        hidden = [
            self._looks(value)
            if isinstance(value, str) and isinstance(masked, str) and not is_placeholder(value)
            else masked
            for value, masked in zip(item.values(), shown.values(), strict=False)  # of what is unknown there is no item
        ]
        return {**shown, **dict(zip(shown, hidden, strict=False))}

    def text(self, text: str, name: str) -> Value:
        """A text under a name, hidden as a whole where nothing but secrets is in it."""
        if len(text) < self._texts.shortest:
            return text
        if len(text) > SHORT:
            return self._read_string(text, name)
        return self._read_short(text, name if self._asks_names else "")

    def _read_string(self, text: str, name: str) -> Value:
        masked = self._texts.text(text, name)
        if masked == text:
            return text
        return self._secret(text, why_hidden(masked)) if WORD.fullmatch(masked.strip()) else masked

    def _read_digits(self, written: str, name: str) -> Value:
        number, found = Number.read(written), self._texts.find(written, name)
        return self._secret(number, min(each.why for each in found)) if found else make_readable(number)

    def _secret(self, value: object, why: Why) -> Sensitive:
        return Sensitive(self._texts.number(value), is_marked=False, why=why)

    def _looks(self, value: object) -> Sensitive:
        return self._secret(value, Why.LOOKS)
