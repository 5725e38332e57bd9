"""Values that nobody prints by mistake, neither in a message nor in the output of a test."""

import msgspec


class Unprinted(msgspec.Struct, frozen=True):
    """A struct of which nothing but its name is printed: it holds a token, or a text that may hold a secret."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"
