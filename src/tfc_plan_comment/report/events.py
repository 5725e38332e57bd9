"""The moment at which a resource's life cycle invokes an action, in words.

The events are those of Terraform, internal/configs/action.go (ActionTriggerEvent).
"""

import re

from tfc_plan_comment.expression import expression
from tfc_plan_comment.report.unseen import visible

_HAPPENS = {"create": "is created", "update": "is updated", "destroy": "is destroyed"}
_EVENT = expression(r"(before|after)_?(create|update|destroy)", re.IGNORECASE)


def tell_when(event: str, address: str) -> str:
    """The moment, such as `before aws_instance.web is created`, with a space in front; an unknown event as it is."""
    if known := _EVENT.fullmatch(event):
        return f" {known[1].lower()} {address} {_HAPPENS[known[2].lower()]}"
    return f" for {address}" + (f", on the event {visible(event)}" if event else "")
