"""Numbers that make names and references unique within a test run."""

from itertools import count

_numbers = count(1)


def next_number() -> int:
    """A number that no row has had yet."""
    return next(_numbers)
