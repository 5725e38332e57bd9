"""What a comment of ours remembers of what it shows, on its second line, for the comment that will replace it.

The line is `<!-- tfc-plan-comment-memory:VERSION BASE64 -->`. The Base64 holds zlib-compressed JSON: an object with a
`Memory` for each workspace of which the comment tells, by its key, such as `acme/prod`. Each struct is an array there,
with its fields in their order.
"""

import binascii
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Annotated

import msgspec

from tfc_plan_comment.expression import expression

MEMORY_VERSION = 2
"""Of what is remembered, and of the fingerprints in it. A comment of another version remembers nothing."""

LONGEST_MEMORY = 4_096
"""Characters, out of the 65,536 that a comment may have."""
MOST_REMEMBERED = 250
"""More changes have no room, however well the rest can be compressed: a fingerprint cannot."""

_COMMIT = "(?:[0-9a-f]{40}|[0-9a-f]{64})"
_RUN = "run-[A-Za-z0-9]{1,64}"

Count = Annotated[int, msgspec.Meta(ge=0)]

_MEMORY = expression(rf"<!-- tfc-plan-comment-memory:{MEMORY_VERSION} ([A-Za-z0-9+/]+={{0,2}}) -->")
_SECOND_LINE = 1


class Remembered(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One change as the comment showed it: its action, and the fingerprint of all of it (`plan.fingerprint`)."""

    action: str
    fingerprint: str


class ShownPlan(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A plan that a comment showed: its commit, and its changes by masked address, what can hurt first.

    There are `count` changes. Where that is more than are remembered, nobody knows whether one that is not remembered
    is new; but two plans with the same `digest` have the same changes, as far as `report.shown_changes` looks at them.
    """

    commit: Annotated[str, msgspec.Meta(pattern=rf"\A{_COMMIT}\Z")]
    digest: str
    count: Count
    changes: Annotated[Mapping[str, Remembered], msgspec.Meta(max_length=MOST_REMEMBERED)]

    @property
    def is_whole(self) -> bool:
        """True if all of its changes are remembered."""
        return len(self.changes) == self.count

    def cut(self, most: int) -> "ShownPlan":
        """The same with at most so many changes, the first ones."""
        return msgspec.structs.replace(self, changes=dict(list(self.changes.items())[:most]))


class Memory(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a comment remembers of one workspace: which run it tells of, and which plans it compared.

    `run` is the id of the run, and `created` when that was created, in milliseconds since 1970. `commit` is the one
    that was planned. Each is empty, or 0, where nobody knows it. `plan` is the newest plan that a comment showed whole,
    which is none of this run if that failed. `earlier` is the newest one of another commit before it: a comment that
    is written again for the same commit is compared with the same plan as before.
    """

    commit: Annotated[str, msgspec.Meta(pattern=rf"\A(?:{_COMMIT})?\Z")] = ""
    run: Annotated[str, msgspec.Meta(pattern=rf"\A(?:{_RUN})?\Z")] = ""
    created: Count = 0
    plan: ShownPlan | None = None
    earlier: ShownPlan | None = None

    def before(self, commit: str) -> ShownPlan | None:
        """The newest plan of another commit, against which one of this commit is compared."""
        return self.plan if self.plan and self.plan.commit != commit else self.earlier

    @classmethod
    def of(cls, commit: str, run: str, created: int, plan: ShownPlan | None = None) -> "Memory":
        """What is remembered of one run; what has another form than commits and ids of runs is as if nobody knew it."""
        is_commit, is_run = re.fullmatch(_COMMIT, commit), re.fullmatch(_RUN, run)
        return cls(commit if is_commit else "", run if is_run else "", created, plan)

    def followed_by(self, newer: "Memory") -> "Memory":
        """What a comment remembers that replaces the one with this memory, and tells of that newer run."""
        if newer.plan is None:
            return msgspec.structs.replace(newer, plan=self.plan, earlier=self.earlier)
        return msgspec.structs.replace(newer, earlier=self.before(newer.plan.commit))

    def is_newer_than(self, other: "Memory") -> bool:
        """True if its run was created after that other one; nobody knows it where either has no time."""
        return other.run != self.run and 0 < other.created < self.created

    def cut(self, most: int) -> "Memory":
        """The same with at most so many changes of each plan."""
        return self.with_plans(lambda plan: plan.cut(most))

    def with_plans(self, make: Callable[[ShownPlan], ShownPlan]) -> "Memory":
        """The same with what is made of its plans."""
        plan, earlier = (make(each) if each else None for each in (self.plan, self.earlier))
        return msgspec.structs.replace(self, plan=plan, earlier=earlier)


Memories = Mapping[str, Memory]
"""By the key of the workspace; those of which more should be remembered stand first."""

NOTHING = Memory()

_decoder = msgspec.json.Decoder(dict[str, Memory])


def memory_line(memories: Memories) -> str:
    """As much of it as has room, as one HTML comment, which nothing in it can end: the line below the marker.

    Where it is too much, all plans have fewer changes, down to none but their digests; then the earlier plans are
    forgotten, then the ids of the runs, and then the last workspaces.
    """
    most = MOST_REMEMBERED
    while len(line := _write(memories)) > LONGEST_MEMORY:
        if most:
            most = min(most - 1, most * LONGEST_MEMORY // len(line))
            memories = {key: each.cut(most) for key, each in memories.items()}
        elif any(each.earlier for each in memories.values()):
            memories = {key: msgspec.structs.replace(each, earlier=None) for key, each in memories.items()}
        elif any(each.run for each in memories.values()):
            memories = {key: msgspec.structs.replace(each, run="") for key, each in memories.items()}
        else:
            memories = dict(list(memories.items())[:-1])
    return line


def read_memories(body: str) -> Memories:
    """The memories on the second line of a comment; none where there is nothing that we can read."""
    line = next(iter(body.split("\n", _SECOND_LINE + 1)[_SECOND_LINE:]), "").removesuffix("\r")
    match = _MEMORY.fullmatch(line) if len(line) <= LONGEST_MEMORY else None
    if match is None:
        return {}
    try:  # what is so short cannot become more than 4 MB
        return _decoder.decode(zlib.decompress(binascii.a2b_base64(match[1])))
    except (ValueError, zlib.error, msgspec.DecodeError):
        return {}


def put_memory(body: str, line: str) -> str:
    """The comment with that line below its marker."""
    first, end, rest = body.partition("\n")
    return f"{first}\n{line}{end}{rest}"


def drop_memory(body: str) -> str:
    """The comment without its memory, whatever that is."""
    lines = body.split("\n", _SECOND_LINE + 1)
    is_there = len(lines) > _SECOND_LINE and _MEMORY.fullmatch(lines[_SECOND_LINE].removesuffix("\r"))
    return "\n".join([lines[0], *lines[_SECOND_LINE + 1 :]]) if is_there else body


def _write(memories: Memories) -> str:
    packed = binascii.b2a_base64(zlib.compress(msgspec.json.encode(memories), level=9), newline=False).decode()
    return f"<!-- tfc-plan-comment-memory:{MEMORY_VERSION} {packed} -->"
