"""Regular expressions that are compiled when a text needs them first.

There are more than a hundred, and most plans need few of them: to compile all took a tenth of a small plan's time.
"""

import re
from typing import Any, AnyStr, cast


def expression(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The expression, compiled as soon as more is asked of it than its pattern.

    It is not the one that its matches call theirs, `match.re`.
    """
    return cast("re.Pattern[AnyStr]", _Expression(pattern, flags))


class _Expression:
    """Has the attributes of a compiled expression; each one that was asked for is kept, so that it is as fast."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, attribute)
        return attribute
