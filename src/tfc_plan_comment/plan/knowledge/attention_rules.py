"""The form of a rule that says what of a change deserves a look, and the kinds of its conditions.

A condition looks at one change, before and after, and never at what stays as it is. `plan.attention` asks them; all of
them are silent where a value is hidden, or known only after apply. A path leads from the object to a value: names with
dots between them, through every element of a list, and `**` through everything.
"""

from typing import Literal

import msgspec

Given = tuple[tuple[str, str], ...]
"""What must hold besides: paths, with `|` between those of which one is enough, each with the patterns of what may
stand there, with `|` between them as well."""


class Becomes(msgspec.Struct, frozen=True, kw_only=True):
    """A value that fits one of the patterns stands at the path, in more places than before.

    At the creation of an object as well, unless `was` says that a value that fits one of those stands in fewer places.
    """

    paths: tuple[str, ...]
    values: tuple[str, ...]
    was: tuple[str, ...] = ()
    given: Given = ()
    like: tuple[str, ...] = ()
    """Values that are as bad: what had one of them before has nothing new."""
    each: bool = False
    """One of the values in the place of another is something new."""
    unset: tuple[str, ...] = ()
    """What must not be set: nothing stands at any of these paths, and it is known that nothing does."""


class TurnsOff(msgspec.Struct, frozen=True, kw_only=True):
    """What was true, or `value`, is something else, or nothing, in some place. A place that goes as a whole is none."""

    paths: tuple[str, ...]
    value: str = "true"
    even_gone: bool = True
    """The block may go as a whole: then there is nothing of the kind left."""
    given: Given = ()


class Falls(msgspec.Struct, frozen=True, kw_only=True):
    """A number is less than before. `zero_is_forever` says that 0 is the most."""

    paths: tuple[str, ...]
    zero_is_forever: bool = False
    to_zero: bool | None = None
    """True for a fall to 0 alone, False for any other."""


class Rises(msgspec.Struct, frozen=True, kw_only=True):
    """The major version of an object that stays is greater than before."""

    path: str


class Weaker(msgspec.Struct, frozen=True, kw_only=True):
    """A word of the object is further to the left in the order than before; no word is as weak as the first."""

    paths: tuple[str, ...]
    key: str
    order: tuple[str, ...]


class LowersTls(msgspec.Struct, frozen=True, kw_only=True):
    """The lowest version of TLS that is accepted, as the value names it, falls."""

    paths: tuple[str, ...]


class Loses(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a list is no longer in it, and the list's owner stays; with `to_none` only if none is left."""

    paths: tuple[str, ...]
    given: Given = ()
    to_none: bool = False
    hosts: bool = False
    """The entries are names of hosts, or end in one."""


class Destroyed(msgspec.Struct, frozen=True, kw_only=True):
    """The object is destroyed, while the state has what `given` says; where `replaced`, also by being replaced."""

    given: Given = ()
    replaced: bool = False
    deposed: bool = False
    """What is left over from a failed replacement counts as well: the fact is about the very object."""
    of: Given = ()
    """What it is for: the path of its id or ARN, and the types that it may be of. Nothing is lost where that is
    destroyed as well."""


class OpensPorts(msgspec.Struct, frozen=True, kw_only=True):
    """The whole internet may reach ports that it could not reach before; `form` says how the type writes its rules."""

    form: Literal["aws", "aws-acl", "google", "azure"]
    ports: tuple[int, ...] = ()
    """These alone, and all traffic, count; without any all but 80 and 443 do."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy document of IAM says something else, as `kind` has it, wherever it stands in the object."""

    kind: Literal["everyone", "administrator", "escalation", "condition", "deny", "trust"]


class Hidden(msgspec.Struct, frozen=True, kw_only=True):
    """The whole value is sensitive, and another one than before."""

    paths: tuple[str, ...]


class SameName(msgspec.Struct, frozen=True, kw_only=True):
    """Another object of the type, with the same name, is created in this plan."""


class UndoesDrift(msgspec.Struct, frozen=True, kw_only=True):
    """What changed outside of Terraform is set back to what it was."""


Weakening = TurnsOff | Falls | Rises | Weaker | LowersTls | Loses
"""The conditions that look at an object before and after; the others may look at one of the two alone."""

Alone = Weakening | Becomes | Destroyed | OpensPorts | Policy | Hidden
"""The conditions that look at one change alone."""

Together = SameName | UndoesDrift
"""The conditions that take more than one change."""

Condition = Alone | Together


class AttentionRule(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that deserves a look. Several may have one id: of these the first that fires speaks for the object."""

    id: str
    types: str
    """Shell patterns of resource types, with spaces between them."""
    when: Condition
    sentence: str
    """What the change does, after the address: a fact, no judgement. In braces the names of what it says of the plan:
    `path`, `old`, `new`, `what`, `who`, or an attribute of the object."""
    short: str
    """The same fact, shorter, for the row."""
    source: str
    """The document that says what the attribute means: `hashicorp/aws, aws_instance` is a page of that provider's."""
    names: tuple[tuple[str, str], ...] = ()
    """Further names in the sentence, each with the path of what it stands for."""
    is_remark: bool = False
    """It tells more of a change, and is no reason to look at it: it is not counted."""
