"""The subject of a row for several objects: how many they are, and what their addresses have in common."""

import re
from collections.abc import Sequence

from tfc_plan_comment.expression import expression
from tfc_plan_comment.report.groups.instance_keys import ANY_KEY, drop_keys, find_type
from tfc_plan_comment.report.lines.cell import Cell, Piece, Voice, join, say, say_name

MOST_TYPES = 3
"""At most this many types are named; the rest is counted."""

_LAST_NAME = expression(r"(.*)\.[^.]+\.[^.]+", re.DOTALL)


def say_together(addresses: Sequence[str]) -> Cell:
    """`12 × aws_sqs_queue.jobs` for instances of one resource, `12 × aws_sqs_queue in 3 modules` for one type.

    For several types it is `12 resources of 2 types: aws_s3_bucket, aws_sqs_queue`.
    """
    count = f"{len(addresses):,}"
    bases = {drop_keys(address) for address in addresses}
    if len(bases) == 1:
        # Whole, as the address of one change is: the names of the resource stand nowhere else.
        return say(f"{count} × ") + Cell((Piece(_keep_shared_keys(addresses), Voice.NAME),))
    types = list(dict.fromkeys(map(find_type, addresses)))
    if len(types) == 1:
        modules = len({_module_of(base) for base in bases})
        return say(f"{count} × ") + say_name(types[0]) + say(f" in {modules:,} modules" if modules > 1 else "")
    named = join(map(say_name, types[:MOST_TYPES]), ", ")
    more = len(types) - MOST_TYPES
    return say(f"{count} resources of {len(types):,} types: ") + named + say(f" and {more:,} more" if more > 0 else "")


def _keep_shared_keys(addresses: Sequence[str]) -> str:
    """The address of instances of one resource, with those keys only that all of them have."""
    keys = [ANY_KEY.findall(address) for address in addresses]
    between = {tuple(ANY_KEY.split(address)) for address in addresses}
    if len(between) > 1:  # one has a key where another has none
        return drop_keys(addresses[0])
    same = [found[0] if len(set(found)) == 1 else "" for found in zip(*keys, strict=True)]
    (words,) = between
    return "".join(word + key for word, key in zip(words, [*same, ""], strict=True))


def _module_of(base: str) -> str:
    found = _LAST_NAME.fullmatch(base)
    return found[1] if found else ""
