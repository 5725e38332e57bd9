"""The beginning and the end that two strings have in common."""


def count_shared(one: str, other: str) -> int:
    """The length of what two strings begin with in common; found by halving, for strings may be megabytes long."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def shared_ends(one: str, other: str) -> tuple[int, int]:
    """The lengths of what they begin with, and of what they end with behind that."""
    start = count_shared(one, other)
    return start, count_shared(one[start:][::-1], other[start:][::-1])
