"""The limits of the memory that this process may have, and the least of it with which there is any use in starting.

With less, nobody can promise a sentence, nor an end: a thread or a library that gets no memory may end the process, or
wait for ever. So this is asked before anything else is imported, and imports next to nothing itself.
"""

import sys
from collections.abc import Mapping

FOR_A_STEP = {"RLIMIT_AS": 1_500_000_000, "RLIMIT_DATA": 400_000_000}
"""Bytes. For several workspaces 1.3 GB of addresses and 0.2 GB of data are taken (measured): nearly all of them are
reserved for threads, and less than 0.1 GB is ever used."""
FOR_THE_COMMAND = {"RLIMIT_AS": 60_000_000, "RLIMIT_DATA": 60_000_000}
"""The same where there are no threads, and no connection."""

_ULIMIT = {"RLIMIT_AS": "ulimit -v", "RLIMIT_DATA": "ulimit -d"}


def too_low(least: Mapping[str, int]) -> str:
    """The sentence that says that a limit is lower than that, or nothing.

    Only Linux holds a process to these limits.
    """
    if sys.platform != "linux":
        return ""
    import resource  # noqa: PLC0415 - Windows has none

    for name, needed in least.items():
        limit, _ = resource.getrlimit(getattr(resource, name))
        if limit != resource.RLIM_INFINITY and limit < needed:
            return (
                f"Cannot start: {name} limits the memory of the process to {limit // 1_000_000:,} MB, and it needs"
                f" {needed // 1_000_000:,} MB. Raise the limit, with {_ULIMIT[name]} or where it is set."
            )
    return ""
