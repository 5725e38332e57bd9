"""What more than one change of a plan tells: an object that is created again elsewhere, a change that undoes another.

What is hidden is compared byte by byte and never shown; an object is told by its name where nothing else differs that
says where it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

import msgspec

from tfc_plan_comment.errors import PlanDocumentError
from tfc_plan_comment.plan.attention_conditions import NOTHING, Found
from tfc_plan_comment.plan.attention_needs import Needed, part_of
from tfc_plan_comment.plan.attribute_places import is_hidden, text_of
from tfc_plan_comment.plan.document import NULL, Plan, ResourceChange
from tfc_plan_comment.plan.drift import are_alike
from tfc_plan_comment.plan.knowledge.attention_names import GROUP, GROUP_RULES, GROUPS, IDS, NAMES, OWNERS, SCOPES
from tfc_plan_comment.plan.knowledge.attention_rules import OpensPorts
from tfc_plan_comment.plan.knowledge.attributes import REPEATS
from tfc_plan_comment.plan.knowledge.pattern import fits_pattern
from tfc_plan_comment.plan.marks import Attributes, Differing, marks_at, read_attributes, read_marks, read_value
from tfc_plan_comment.plan.open_ports import ATTRIBUTES, Covered, find_open, opened_beyond
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.unreadable import UNREADABLE
from tfc_plan_comment.plan.values import Value


class Across:
    """The changes of one plan beside each other; what is asked for is looked for once."""

    def __init__(self, plan: Plan, mask: Mask) -> None:
        """Look at nothing yet."""
        self._plan, self._mask = plan, mask
        # Alike rules are read once, and so are groups that open the same.
        self._find_open = lru_cache(maxsize=512)(self._found_open)
        self._opens = lru_cache(maxsize=512)(self._opens_more)

    def goes(self, name: str, types: str, *, but: str) -> bool:
        """True if an object of one of these types, with this id or ARN, is destroyed; not the one at the address."""
        patterns = types.split("|")
        return bool(name) and any(
            address != but and any(fits_pattern(type_, pattern) for pattern in patterns)
            for type_, address in self._destroyed.get(name, ())
        )

    def was_open(self, resource: ResourceChange) -> bool:
        """True if other rules of the same security group opened the same ports: one is only written anew."""
        group = _group_of(resource)
        return group in self._opening and not self._opens(group, _ports_of(resource))

    def same_name(self, resource: ResourceChange) -> str | None:
        """The address at which an object that goes is created again; None if it is none, or not told for certain."""
        return self._created_again.get(resource.address) if resource.deposed is None else None

    def undone(self, resource: ResourceChange, changed: Differing) -> Found | None:
        """The attributes that changed outside of Terraform, and are set back to what they were.

        `changed` are those that the change changes.
        """
        drift = self._drifted.get(resource.address)
        if drift is None or resource.deposed is not None or not changed:
            return None
        were = read_attributes(drift.change.before) or {}
        is_same = drift.change.after == resource.change.before  # as it is when the plan was made right after it
        drifted = None if is_same else read_attributes(drift.change.after) or {}
        names = [
            name
            for name, old in were.items()
            if name in changed
            and old != changed[name][0]
            and (drifted is None or drifted.get(name, NULL) == changed[name][0])
            and _is_set_back(old, *changed[name])
        ]
        return self._say_undone(resource, [name for name in names if not _repeats(resource.type, name, names)])

    def _say_undone(self, resource: ResourceChange, names: list[str]) -> Found | None:
        if not names:
            return None
        try:
            was, will_be = self._mask.sides(resource.change)
        except PlanDocumentError:
            return None
        if not isinstance(was, dict) or not isinstance(will_be, dict):
            return None
        plain = {name: (_plain(was.get(name)), _plain(will_be.get(name))) for name in names}
        match list(plain.items()):
            case [(name, (str(drifted), str(old)))]:
                values = {"path": name, "drifted": drifted, "old": old}
                return Found(values=values, words={"what": "{path} {drifted} → {old}"})
            case _:
                return Found(values={"path": ", ".join(plain)}, words={"what": "{path}"})

    @cached_property
    def _destroyed(self) -> dict[str, list[tuple[str, str]]]:
        """The types and addresses of what is destroyed, by each id that it has."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for each in self._plan.resource_changes:
            if each.change.actions == ("delete",):
                attributes = read_attributes(each.change.before) or {}
                for name in {_text(attributes.get(name, NULL)) for name in IDS} - {""}:
                    found[name].append((each.type, each.address))
        return found

    @cached_property
    def _opening(self) -> dict[str, list[ResourceChange]]:
        """What had rules of a security group, be it that itself, by its id."""
        found: dict[str, list[ResourceChange]] = defaultdict(list)
        for each in self._plan.resource_changes:
            is_rule = each.type in GROUPS | GROUP_RULES and each.mode == "managed" and each.change.before != NULL
            if is_rule and (group := _group_of(each)):
                found[group].append(each)
        return dict(found)

    def _found_open(self, group: str) -> Covered | None:
        """The ports that were open by anything of a security group; None if it is not known."""
        parts = dict.fromkeys(map(_ports_of, self._opening[group]))
        try:
            return find_open(_PORTS, [self._mask.sides(each.change())[0] for each in parts])
        except PlanDocumentError:
            return {}

    def _opens_more(self, group: str, part: Needed) -> bool:
        """True if a change opens ports that nothing of the security group had opened."""
        was = self._find_open(group)
        try:
            return was is not None and opened_beyond(_PORTS, was, self._mask.sides(part.change())[1]) is not None
        except PlanDocumentError:
            return True

    @cached_property
    def _drifted(self) -> dict[str, ResourceChange]:
        return {
            each.address: each
            for each in self._plan.resource_drift
            if each.change.actions == ("update",) and each.deposed is None
        }

    @cached_property
    def _created_again(self) -> dict[str, str]:
        """The new address of each object that goes, where there is one object alone that it can be."""
        going = [each for each in self._plan.resource_changes if _goes(each)]
        coming = [each for each in self._plan.resource_changes if each.change.actions == ("create",)]
        types = {each.type for each in going} & {each.type for each in coming}
        gone = _by_name((each for each in going if each.type in types), before=True)
        made = _by_name((each for each in coming if each.type in types), before=False)
        return {
            old.address: new.address
            for key in gone.keys() & made.keys()
            if len(gone[key]) == len(made[key]) == 1
            for (old, was), (new, will_be) in [(gone[key][0], made[key][0])]
            if all(_are_alike(was.get(name, NULL), will_be.get(name, NULL)) for name in _places(was, named=key[1]))
        }


_PORTS = OpensPorts(form="aws")
_PORT_ATTRIBUTES = frozenset(ATTRIBUTES[_PORTS.form])


def _ports_of(resource: ResourceChange) -> Needed:
    """The part of a change that says which ports are open."""
    return part_of(resource.change, _PORT_ATTRIBUTES)


def _group_of(resource: ResourceChange) -> str:
    """The id of the security group that it is, or is a rule of; empty if that is not known."""
    change = resource.change
    if resource.type in GROUPS:
        return _text((read_attributes(change.before) or {}).get("id", NULL))
    if resource.type not in GROUP_RULES:
        return ""
    sides = (read_attributes(side) or {} for side in (change.before, change.after))
    return next(filter(None, (_text(side.get(GROUP, NULL)) for side in sides)), "")


def _is_set_back(old: msgspec.Raw, drifted: msgspec.Raw, after: msgspec.Raw) -> bool:
    """True if a value is what it was, but for what providers only read back otherwise, and that is a change."""
    try:
        was, changed, will_be = read_value(old), read_value(drifted), read_value(after)
    except PlanDocumentError:
        return False
    return are_alike(was, will_be) and not are_alike(was, changed)


def _goes(resource: ResourceChange) -> bool:
    is_going = resource.change.actions in {("delete",), ("forget",)}
    return is_going and resource.mode == "managed" and resource.deposed is None


Named = dict[tuple[str, str, str], list[tuple[ResourceChange, Attributes]]]


def _by_name(resources: Iterable[ResourceChange], *, before: bool) -> Named:
    """The objects with their attributes, by type and name; without those whose name is not known or is hidden."""
    found: Named = defaultdict(list)
    for each in resources:
        change = each.change
        hidden = read_marks(change.before_sensitive if before else change.after_sensitive)
        attributes = read_attributes(change.before if before else change.after) or {}
        name = next((name for name in _names_of(each.type) if _text(attributes.get(name, NULL))), None)
        if name is not None and hidden is not True and marks_at(hidden, name) is None:
            found[each.type, name, _text(attributes[name])].append((each, attributes))
    return found


@lru_cache(maxsize=1_024)
def _names_of(resource_type: str) -> tuple[str, ...]:
    """The attributes that may be the name of an object of the type."""
    return tuple(name for name, types in NAMES if any(fits_pattern(resource_type, each) for each in types.split()))


def _places(attributes: Attributes, *, named: str) -> Iterator[str]:
    """The attributes that say where an object is, or of what."""
    yield from SCOPES
    yield from (name for name in attributes if name.endswith(OWNERS) and name != named)


def _are_alike(was: msgspec.Raw, will_be: msgspec.Raw) -> bool:
    return NULL in (was, will_be) or was == will_be


def _text(raw: msgspec.Raw) -> str:
    """The text that a raw value is; empty if it is none."""
    written = bytes(raw)
    if not written.startswith(b'"'):
        return ""
    try:
        return msgspec.json.decode(written, type=str)
    except UNREADABLE:
        return ""


def _repeats(resource_type: str, name: str, names: list[str]) -> bool:
    rule = REPEATS.find(resource_type, name)
    return rule is not None and any(other in names for other in rule.also)


def _plain(value: Value) -> str | None:
    """A plain value as a text; None of one that is hidden, or has more in it."""
    if is_hidden(value) or isinstance(value, dict | list):
        return None
    return text_of(value) or NOTHING
