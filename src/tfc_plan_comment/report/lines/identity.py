"""By what people know an object: the name behind its address."""

import re

from tfc_plan_comment.plan.difference import Added, Removed
from tfc_plan_comment.plan.knowledge.identity import RESOURCES
from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, say_text
from tfc_plan_comment.report.lines.hcl import inline
from tfc_plan_comment.report.lines.line import Cut, Limits

LONGEST_IDENTIFIER = 40


def identify(diff: ResourceDiff, address: str) -> Cell:
    """By what people know the object that comes or goes, such as its name; nothing if its address says it already."""
    values = {part.step: part.difference for part in diff.parts}
    said = _letters(address)
    for name in (rule.attribute for rule in RESOURCES.of(diff.resource_type)):
        match values.get(name):
            case Added(str(value)) | Removed(str(value)) if value and _letters(value) not in said:
                missing = len(value) - LONGEST_IDENTIFIER
                shown = inline(value[:LONGEST_IDENTIFIER], Limits()).text
                return say_text(f"{shown}…", Cut(characters=missing)) if missing > 0 else say_text(shown)
            case _:
                continue
    return EMPTY


def _letters(value: str) -> str:
    return re.sub(r"[\W_]+", "", value).casefold()
