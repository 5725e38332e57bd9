"""An address in which what is sensitive in its keys is masked."""

from tfc_plan_comment.expression import expression
from tfc_plan_comment.plan.secrets.looks import Kind, judge
from tfc_plan_comment.plan.secrets.mask import Mask

_KEY = expression(r'\["((?:[^"\\]|\\.)*)"\]')


def mask_address(address: str, mask: Mask) -> str:
    """The address with what is sensitive in its keys masked; the other parts are names out of the configuration."""
    if '["' not in address:
        return address
    return _KEY.sub(lambda match: f'["{mask.name(match[1])}"]', address)


def hide_random_keys(address: str) -> str:
    """The address without the keys that look like secrets, whether anything marks them or not."""
    return _KEY.sub(lambda match: '["(hidden)"]' if judge(match[1]) is Kind.LOOKS else match[0], address)
