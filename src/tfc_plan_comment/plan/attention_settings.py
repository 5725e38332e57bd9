"""What a user wants to hear of what deserves a look: everything, nothing, or all but some rules at some addresses."""

import re
from functools import lru_cache

import msgspec


class Ignored(msgspec.Struct, frozen=True):
    """A rule that is not heard where the address fits the pattern."""

    rule: str
    address: str = "*"
    """A pattern in which `*` stands for any text and `?` for one character; brackets stand for themselves, for
    addresses have them."""


class AttentionSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The user's wishes; nothing is asked where it is off."""

    off: bool = False
    ignored: tuple[Ignored, ...] = ()

    def ignores(self, rule: str, address: str) -> bool:
        """True if the rule is not to be heard at the address."""
        return any(each.rule == rule and _pattern(each.address).fullmatch(address) for each in self.ignored)


@lru_cache(maxsize=1_024)
def _pattern(address: str) -> re.Pattern[str]:
    pieces = {"*": ".*", "?": "."}
    return re.compile("".join(pieces.get(each) or re.escape(each) for each in address), re.DOTALL)
