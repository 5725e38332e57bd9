"""The addresses of changes that are alike, on as few lines as say each of them.

Instances of one resource stand there by their keys, and modules that have the same instances by theirs:

    aws_sqs_queue.jobs["orders"] ["users"]
    aws_sns_topic.alerts[0] in module.region["eu-west-1"] ["us-east-1"]
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from tfc_plan_comment.expression import expression
from tfc_plan_comment.report.groups.instance_keys import ANY_KEY, split_key
from tfc_plan_comment.report.lines.line import WIDTH, Line
from tfc_plan_comment.report.unseen import visible

_IN_MODULE = expression(rf"(.*)({ANY_KEY.pattern})\.([\w.-]+)", re.DOTALL)


def list_addresses(addresses: Iterable[str]) -> Iterator[Line]:
    """The lines; keys alone where all are instances of one resource, for its address is the subject of the row."""
    instances: dict[tuple[str, bool], list[str]] = {}
    for address in addresses:
        resource, key = split_key(address)
        instances.setdefault((resource, bool(key)), []).append(key)
    if len(instances) == 1 and all(keys := next(iter(instances.values()))):
        yield from _fill("", keys)
        return
    modules: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for (resource, _), keys in instances.items():
        module, key, name = _split_module(resource)
        modules.setdefault((module, name, tuple(keys)), []).append(key)
    for (module, name, same), module_keys in modules.items():
        head = f"{name}{' '.join(same)} in {module}"
        is_clear = len(same) == 1 or all(same)  # of one address without a key there may be several deposed objects
        if len(module_keys) > 1 and is_clear and len(visible(f"  {head}{module_keys[0]}")) <= WIDTH:
            yield from _fill(head, module_keys, each=len(same))
            continue
        for key in module_keys:
            yield from _fill(f"{module}{key}.{name}" if key else name, same)


def _split_module(resource: str) -> tuple[str, str, str]:
    """The module up to the last key in its address, that key, and what stands behind it; no key without a module."""
    match = _IN_MODULE.fullmatch(resource)
    return (match[1], match[2], match[3]) if match else ("", "", resource)


def _fill(head: str, keys: Sequence[str], *, each: int = 1) -> Iterator[Line]:
    """The head, as many of the keys behind it as a line holds, and the others below; each says `each` addresses."""
    text, count, indent = visible(head), 0, 0
    for key in map(visible, keys):
        if count and (not key or 2 + indent + len(text) + len(" ") + len(key) > WIDTH):
            yield Line(text, indent=indent, addresses=count)
            text, count, indent = ("", 0, 2) if head and key else (visible(head), 0, 0)
        text += f" {key}" if count else key
        count += each
    yield Line(text, indent=indent, addresses=count)
