"""Write-only attributes, which are null in every plan: only the configuration says that somebody sets them.

A provider writes one when it creates the object, and again when the version beside it changes. Shape: Terraform,
internal/command/jsonconfig/config.go and expression.go.
"""

from tfc_plan_comment.plan.configured import Configured, Place, place_of
from tfc_plan_comment.plan.document import ResourceChange
from tfc_plan_comment.plan.knowledge.attributes import WRITE_ONLY, WRITE_ONLY_VERSIONS
from tfc_plan_comment.plan.marks import read_value
from tfc_plan_comment.plan.pairing import pair
from tfc_plan_comment.plan.values import UNKNOWN, Described, Json, Value

Tree = dict[str, "Tree | list[Tree] | None"]
"""The write-only attributes in a block that the configuration sets: None for each, and trees for the blocks in it."""

WRITTEN = Described("write-only attribute", "")
WRITTEN_ANEW = Described("write-only attribute, written anew", "")

_HINTS = (b'_wo"', b'"ephemeral.')
"""One of them stands in all expressions that set a write-only attribute, as far as we can tell one; most have none."""


class WriteOnly:
    """The write-only attributes that a plan's configuration sets; it is looked at when somebody asks."""

    def __init__(self, configured: Configured) -> None:
        """Take the configuration of the plan."""
        self._configured = configured
        self._trees: dict[Place, Tree] = {}

    def of(self, resource: ResourceChange) -> Tree | None:
        """Those of the resource; None if there is none."""
        if resource.mode != "managed":
            return None
        place = place_of(resource)
        if place not in self._trees:
            written = self._configured.expressions(place)
            expressions = read_value(written) if written is not None and _may_set(bytes(written)) else None
            self._trees[place] = _prune(expressions, resource.type) if isinstance(expressions, dict) else {}
        return self._trees[place] or None


def _may_set(expressions: bytes) -> bool:
    return any(hint in expressions for hint in _HINTS)


def _prune(expressions: dict[str, Json], resource_type: str) -> Tree:
    """The part of a block's expressions that sets write-only attributes."""
    tree: Tree = {}
    for name, inner in expressions.items():
        match inner:
            case {"references": [*references]} if _is_write_only(resource_type, name, references):
                tree[name] = None
            case {"constant_value": value} if value is not None and _is_write_only(resource_type, name, []):
                tree[name] = None
            case dict() if block := _prune(inner, resource_type):
                tree[name] = block
            case list():
                blocks = [_prune(each, resource_type) if isinstance(each, dict) else {} for each in inner]
                tree |= {name: blocks} if any(blocks) else {}
    return tree


def _is_write_only(resource_type: str, name: str, references: list[Json]) -> bool:
    """True if its name says so, or what it is set to: nothing else takes what is ephemeral."""
    is_ephemeral = any(isinstance(each, str) and each.startswith("ephemeral.") for each in references)
    return is_ephemeral or WRITE_ONLY.find(resource_type, name) is not None


def show_write_only(before: Value, after: Value, tree: Tree, resource_type: str = "") -> Value:
    """The value after, with words in the place of each write-only attribute that the plan writes."""
    if not isinstance(after, dict) or not isinstance(before, dict | None):
        return after
    shown = dict(after)
    for name, inner in tree.items():
        was, value = (before or {}).get(name), after.get(name)
        match inner, value:
            case None, None if words := _say_written(before, after, name):
                shown[name] = words
            case dict(), dict():
                shown[name] = show_write_only(was, value, inner, resource_type)
            case list(), list() if len(inner) == len(value):
                shown[name] = _show_in_each(was, value, inner, resource_type)
    return shown


def _say_written(before: dict[str, Value] | None, after: dict[str, Value], name: str) -> Described | None:
    """The words for an attribute; None if the plan does not say that it is written, or not yet."""
    if before is None:
        return WRITTEN
    for version in (f"{name}{end}" for end in WRITE_ONLY_VERSIONS):
        was, will_be = before.get(version), after.get(version)
        if will_be not in (None, UNKNOWN, was):
            return WRITTEN if was is None else WRITTEN_ANEW
    return None


def _show_in_each(before: Value, after: list[Value], trees: list[Tree], resource_type: str) -> Value:
    """The blocks of a list, each beside the one that it was, as the comment pairs them; what comes is written."""
    if not isinstance(before, list | None):
        return after
    old = before or []
    pairing = pair(old, after, resource_type)
    pairs = [*pairing.equal, *pairing.changed]
    if len(old) == len(after):  # where nothing tells two apart, a provider goes by their places
        pairs += [(place, place) for place in pairing.added if place in pairing.removed]
    were = {there: old[here] for here, there in pairs}
    return [
        show_write_only(were.get(place), value, tree, resource_type)
        for place, (value, tree) in enumerate(zip(after, trees, strict=True))
    ]
