"""What identifies an object of a list, to name one that comes or goes as a whole."""

from tfc_plan_comment.plan.pairing import IDENTIFYING, label
from tfc_plan_comment.plan.values import Number, Value


def name_element(value: Value) -> str | None:
    """Such as `22/tcp` of a firewall rule; None for a plain value, and for an object in which nothing identifies it."""
    if not isinstance(value, dict):
        return None
    for keys in IDENTIFYING:
        found = [value.get(key) for key in keys]
        texts = [each.text if isinstance(each, Number) else each for each in found if isinstance(each, str | Number)]
        if len(texts) == len(keys) and all(texts):
            return label(keys, tuple(texts))
    return None
