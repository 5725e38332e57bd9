"""Addresses as they are shown: what is sensitive in their keys is masked."""

from tfc_plan_comment.plan.actions import display_address
from tfc_plan_comment.plan.document import ResourceChange
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.secrets.masked_address import mask_address
from tfc_plan_comment.report.lines.line import Limits, Shown

__all__ = ["mask_address", "shorten", "show_address", "show_object"]


def show_address(address: str, mask: Mask, limits: Limits) -> Shown:
    """The masked address, cut where it is absurdly long."""
    return shorten(mask_address(address, mask), limits.address)


def show_object(resource: ResourceChange, mask: Mask, limits: Limits) -> Shown:
    """The address of the object itself."""
    return show_address(display_address(resource), mask, limits)


def shorten(text: str, limit: int) -> Shown:
    """The text up to so many characters."""
    return Shown(text) if len(text) <= limit else Shown(f"{text[:limit]}…", len(text) - limit)
