"""A second, independent reading of the flag rules, and random registers to compare it on.

Nothing here may know the product's rules, queries, operations or calendar: its worth is that it was written from the
words alone. Slow and obvious on purpose.
"""

from tests.grants.oracle.oracle import expected_flags
from tests.grants.oracle.random_records import write_random_register

__all__ = ["expected_flags", "write_random_register"]
