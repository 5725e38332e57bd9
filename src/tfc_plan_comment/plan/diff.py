"""Two values of a plan -> their difference, as the tree that `difference` has the parts of.

Terraform's own renderer, whose rules are the measure, is internal/command/jsonformat/differ.
"""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.plan.difference import (
    Added,
    Changed,
    ChangedText,
    Difference,
    Form,
    Moved,
    Nested,
    Part,
    Path,
    Place,
    Removed,
    forces_inside,
)
from tfc_plan_comment.plan.element_names import NAMELESS, ElementName, describe, name_elements
from tfc_plan_comment.plan.encoded_difference import encoded, encoded_change
from tfc_plan_comment.plan.knowledge.attributes import DYNAMIC
from tfc_plan_comment.plan.knowledge.order import POLICY_VERSIONS, UNORDERED, UNORDERED_IN_POLICIES
from tfc_plan_comment.plan.pairing import Pairing, pair
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.set_order import may_be_set
from tfc_plan_comment.plan.text_diff import diff_texts
from tfc_plan_comment.plan.values import (
    MAX_DEPTH,
    EmbeddedJson,
    Number,
    Sensitive,
    Unknown,
    Value,
    read_embedded_json,
)

LONGEST_DOCUMENT = 1_000_000
"""A JSON document of more characters than this stays a text: to take it apart would take seconds."""

FORMATTING_ONLY = "only the JSON's formatting changes"

ORDER_ONLY = "only the order changes, and means nothing"

_AS_LIST, _AS_ONE = "written as a list", "written as a single value"


class _Lists(msgspec.Struct, frozen=True):
    """Two lists, and what is known of their elements."""

    before: list[Value]
    after: list[Value]
    pairing: Pairing
    names: tuple[list[ElementName], list[ElementName]]
    is_ordered: bool
    """Their order means something."""


class Differ(msgspec.Struct, frozen=True):
    """Compares values. `mask` hides what is sensitive in a text that only shows when a value is taken apart."""

    mask: Mask
    replace_paths: frozenset[Path] = frozenset()
    resource_type: str = ""
    document: int | None = None
    """The length of the path to the JSON document in which the values stand."""
    is_policy: bool = False
    """That document is a policy of IAM."""

    def part(self, step: str, before: Value, after: Value) -> Part | None:
        """The difference of one attribute; None if there is none."""
        part = self._part(step, before, after, ())
        if part is None or not self.replace_paths or forces_inside(part):
            return part
        # A path that leads to no part of ours, such as an element of a set, still names the attribute.
        forces = any(path[:1] == (step,) for path in self.replace_paths)
        return Part(step=step, difference=part.difference, forces_replacement=forces)

    def _part(self, step: str | int, before: Value, after: Value, path: Path) -> Part | None:
        difference = self._difference(before, after, (*path, step))
        return self._as_part(step, difference, path) if difference else None

    def _as_part(self, step: str | int, difference: Difference, path: Path) -> Part:
        if not self.replace_paths:
            return Part(step=step, difference=difference)
        path = (*path, step)
        if isinstance(difference, Nested) and not difference.is_json:
            forces = path in self.replace_paths
        else:
            forces = any(forcing[: len(path)] == path for forcing in self.replace_paths)
        return Part(step=step, difference=difference, forces_replacement=forces)

    def _difference(self, before: Value, after: Value, path: Path) -> Difference | None:
        if before == after:
            return None
        match before, after:
            case (None, _) | (_, None):
                return self._to_or_from_null(before, after)
            case _, Unknown():
                return Changed(self._opened(before), after)
            case dict(), dict():
                return self._objects(before, after, path)
            case list(), list():
                return self._lists(before, after, path)
            case str(), str():
                return self._strings(before, after, path)
            case (str() | Number(), list()) if any(before == item for item in after):
                return _note_form(self._lists([before], after, path), _AS_LIST)
            case (list(), str() | Number()) if any(item == after for item in before):
                return _note_form(self._lists(before, [after], path), _AS_ONE)
            case _:
                return Changed(before, after, _mark_note(before, after))

    def _to_or_from_null(self, before: Value, after: Value) -> Difference:
        """The difference to null: one comes or goes; but null is a value in JSON, and [] and {} may be none."""
        old, new = self._opened(before), self._opened(after)
        if self.document is not None or before in ([], {}) or after in ([], {}):
            return Changed(old, new)
        return Added(new) if before is None else Removed(old)

    def _objects(self, before: dict[str, Value], after: dict[str, Value], path: Path) -> Nested:
        parts: list[Part | None] = []
        for key in sorted(before.keys() | after.keys()):
            if key not in before:
                parts.append(self._as_key(key, Added(self._opened(after[key])), path))
            elif key not in after:
                parts.append(self._as_key(key, Removed(self._opened(before[key])), path))
            else:
                parts.append(self._part(key, before[key], after[key], path))
        changed = tuple(part for part in parts if part)
        unchanged = sum(before[key] is not None or after[key] is not None for key in before.keys() & after.keys())
        unchanged -= sum(part.step in before and part.step in after for part in changed)
        return Nested(form=Form.OBJECT, parts=changed, unchanged=unchanged)

    def _as_key(self, key: str, difference: Added | Removed, path: Path) -> Part:
        return msgspec.structs.replace(self._as_part(key, difference, path), comes_or_goes=True)

    def _lists(self, before: list[Value], after: list[Value], path: Path) -> Nested:
        pairing = pair(before, after, self.resource_type)
        # Of two of one name the last may be the one that counts.
        is_unordered = self._is_unordered(path) and not (_repeats_a_name(before) or _repeats_a_name(after))
        is_ordered = bool(pairing.moved or pairing.added) and not is_unordered
        is_ordered = is_ordered and (self.document is not None or not _may_be_sets(before, after, pairing))
        names = name_elements(before, after, pairing)
        parts = tuple(self._elements(_Lists(before, after, pairing, names, is_ordered=is_ordered), path))
        unchanged = set(pairing.equal) - set(pairing.moved) if is_ordered else pairing.equal
        has_places = any(isinstance(part.difference, Moved) or _has_place(part.difference) for part in parts)
        return Nested(
            form=Form.LIST,
            parts=parts,
            unchanged=len(unchanged),
            note=ORDER_ONLY if pairing.moved and is_unordered and not parts else None,
            whole=self._whole(before, after) if has_places else None,
            order=_labels(names[1]) if has_places else (),
        )

    def _elements(self, lists: "_Lists", path: Path) -> Iterator[Part]:
        """The elements that differ, in the order in which they will stand."""
        before, after, pairing = lists.before, lists.after, lists.pairing
        old, new = lists.names
        is_only = self._is_only_block(before, after, path)
        parts = [
            msgspec.structs.replace(
                part,
                name=new[there],
                is_only=is_only and new[there] == NAMELESS,
                context=describe(before[here], after[there], new[there]),
            )
            for here, there in pairing.changed
            if (part := self._part(there, before[here], after[there], path))
        ]
        parts += [
            msgspec.structs.replace(self._as_part(here, Removed(self._opened(before[here])), path), name=old[here])
            for here in pairing.removed
        ]
        last = max((there for _, there in (*pairing.equal, *pairing.changed)), default=-1)
        for there in pairing.added:
            place = Place(there, len(after)) if lists.is_ordered and there < last else None
            part = self._as_part(there, Added(self._opened(after[there]), place), path)
            parts.append(msgspec.structs.replace(part, name=new[there]))
        for here, there in pairing.moved if lists.is_ordered else ():
            moved = Moved(self._opened(after[there]), Place(here, len(before)), Place(there, len(after)))
            parts.append(msgspec.structs.replace(self._as_part(there, moved, path), name=new[there]))
        return iter(sorted(parts, key=lambda part: part.step))

    def _is_only_block(self, before: list[Value], after: list[Value], path: Path) -> bool:
        """True if both lists are one block of a resource's, as `ttl { enabled = true }`, or one in such a block."""
        are_blocks = len(before) == len(after) == 1 and isinstance(before[0], dict) and isinstance(after[0], dict)
        in_blocks = all(isinstance(step, int) == bool(place % 2) for place, step in enumerate(path))
        has_schema = bool(self.resource_type) and not DYNAMIC.of(self.resource_type)
        return are_blocks and in_blocks and has_schema and self.document is None

    def _whole(self, before: list[Value], after: list[Value]) -> Changed | None:
        """Both lists, if a line can say what stands where in them."""
        old, new = self._opened(before), self._opened(after)
        return Changed(old, new) if _are_plain(old) and _are_plain(new) else None

    def _is_unordered(self, path: Path) -> bool:
        """True of a list in a document in which the order is known to mean nothing."""
        if self.document is None:
            return False
        if UNORDERED.find(self.resource_type, _join(path)):
            return True
        return self.is_policy and UNORDERED_IN_POLICIES.find("", _join(path[self.document :])) is not None

    def _strings(self, before: str, after: str, path: Path) -> Difference:
        if max(len(before), len(after)) > LONGEST_DOCUMENT and (difference := self._long_documents(before, after)):
            return difference
        old, new = self._document(before, len(path)), self._document(after, len(path))
        if old and new:
            if old == new:
                return Changed(before, after, FORMATTING_ONLY, formatting_only=True)
            is_policy = _is_policy(old.document) and _is_policy(new.document)
            inside = replace(self, document=len(path), is_policy=is_policy)
            difference = inside._difference(old.document, new.document, path)  # noqa: SLF001 - of the same class
            return (
                msgspec.structs.replace(difference, is_json=True)
                if isinstance(difference, Nested)
                else Changed(old, new)
            )
        if "\n" in before or "\n" in after:
            return encoded_change(before, after) or ChangedText(before, after, diff_texts(before, after))
        return encoded_change(before, after) or Changed(before, after)

    def _long_documents(self, before: str, after: str) -> Difference | None:
        """The difference of two documents line by line, for it would take seconds to take them apart."""
        if read_embedded_json(before) is None or read_embedded_json(after) is None:
            return None
        old, new = (self.mask.text_within(msgspec.json.format(text, indent=2)) for text in (before, after))
        if old == new:
            return Changed(before, after, FORMATTING_ONLY, formatting_only=True)
        return ChangedText(old, new, diff_texts(old, new), "JSON, compared line by line for its length")

    def _opened(self, value: Value, depth: int = 0) -> Value:
        """The value with what stands in its strings taken apart: JSON documents, texts in base64, certificates."""
        match value:
            case dict():
                return {key: self._opened(item, depth + 1) for key, item in value.items()}
            case list():
                return [self._opened(item, depth + 1) for item in value]
            case str():
                return self._document(value, depth) or encoded(value) or value
            case _:
                return value

    def _document(self, text: str, depth: int) -> EmbeddedJson | None:
        """The document that stands in a string; JSON in JSON in JSON is taken apart to a depth that can be shown."""
        document = read_embedded_json(text) if depth <= MAX_DEPTH and len(text) <= LONGEST_DOCUMENT else None
        return None if document is None else EmbeddedJson(self.mask.document(document))


def _mark_note(before: Value, after: Value) -> str | None:
    """Terraform warns of a mark that comes or goes, wherever it stands (jsonformat/renderers/sensitive.go)."""
    if not (isinstance(before, Sensitive) and isinstance(after, Sensitive)):
        return None
    will_be = f"{'will' if after.is_marked else 'will no longer'} be marked as sensitive"
    has_other_mark = before.is_marked != after.is_marked
    if after.may_differ and (has_other_mark or before.number == after.number):
        unsaid = "the redacted plan does not say whether it changes"
        return f"it {will_be}, and {unsaid}" if has_other_mark else unsaid
    if before.number == after.number:
        return f"the value is unchanged, but {will_be}"
    return f"the value changes, and {will_be}" if has_other_mark else None


def _note_form(lists: Nested, note: str) -> Nested:
    """The lists, of which one was written otherwise: as one value, or as a list of it."""
    return msgspec.structs.replace(lists, note=note if lists.parts else f"{note}, the same value")


def _may_be_sets(before: list[Value], after: list[Value], pairing: Pairing) -> bool:
    """True if the order of a list may be that of a set: then it follows from the elements, and says nothing itself."""
    places = [here for here, _ in pairing.equal]
    return places == sorted(places) and may_be_set(before) and may_be_set(after)


def _labels(names: list[ElementName]) -> tuple[str, ...]:
    """The labels of all elements; none if one of them has none."""
    labels = tuple(name.label for name in names if name.label is not None)
    return labels if len(labels) == len(names) else ()


def _repeats_a_name(items: list[Value]) -> bool:
    """True if two objects of a list have the same name."""
    names = [item["name"] for item in items if isinstance(item, dict) and isinstance(item.get("name"), str)]
    return len(set(names)) < len(names)


def _has_place(difference: Difference) -> bool:
    return isinstance(difference, Added) and difference.place is not None


def _are_plain(items: Value) -> bool:
    """True of a list of which no element is hidden, or has parts or lines of its own."""
    return isinstance(items, list) and all(
        isinstance(item, bool | Number) or (isinstance(item, str) and "\n" not in item) for item in items
    )


def _join(path: Path) -> str:
    return ".".join(step for step in path if isinstance(step, str))


def _is_policy(document: Value) -> bool:
    """True if a document is one of IAM: it has statements, and one of the two versions of the language."""
    if not (isinstance(document, dict) and "Statement" in document):
        return False
    version = document.get("Version")
    return isinstance(version, str) and version in POLICY_VERSIONS
