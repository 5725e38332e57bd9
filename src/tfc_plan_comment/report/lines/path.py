"""The path of a part of a difference, and the name of an element in it, as they are written."""

from tfc_plan_comment.plan.difference import Part
from tfc_plan_comment.plan.element_names import ElementName
from tfc_plan_comment.plan.values import Value
from tfc_plan_comment.report.lines.hcl import inline, name_key, quote
from tfc_plan_comment.report.lines.line import UNCUT


def path_to(part: Part, prefix: str = "") -> str:
    """The path of a part as it is written: `ingress["22/tcp"]`, `statement[0].action`, `tags["a b"]`."""
    if part.is_only:
        return prefix
    if isinstance(part.step, int):
        return f"{prefix}[{write_name(part.name) or part.step}]"
    return path_to_key(part.step, prefix)


def path_to_key(step: str, prefix: str) -> str:
    """The path of what stands under a key."""
    key = name_key(step)
    if not prefix:
        return key
    return f"{prefix}[{key}]" if key.startswith('"') else f"{prefix}.{key}"


def write_name(name: ElementName) -> str:
    """The name of an element: its label in quotation marks, or what stands for it; nothing for a nameless one."""
    if name.label is not None:
        return quote(name.label)
    has_ports = name.beside[:1] != () and not name.beside[0][0]
    return " ".join(_write_beside(attribute, value, has_ports=has_ports) for attribute, value in name.beside)


def _write_beside(attribute: str, value: Value, *, has_ports: bool) -> str:
    """The value with the name of its attribute; ports, and a description of theirs, speak for themselves."""
    if not attribute:
        return str(value)
    written = inline(value, UNCUT).text
    return written if has_ports and attribute == "description" else f"{name_key(attribute)}={written}"


def write_ordinal(position: int) -> str:
    """The place in words: `1st` for the position 0."""
    number = position + 1
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"
