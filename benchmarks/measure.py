"""Timing a piece of work and its memory, and printing it as a multiple of another."""

import gc
import time
import tracemalloc
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

MEGABYTE = 1024 * 1024


def seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """The best time of a piece of work, after one run to warm up where it is repeated.

    The best, not the middle: on a machine that others use too, everything that is not ours only adds.
    """
    if repeats > 1:
        work()
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def queries(work: Callable[[], object]) -> list[str]:
    """The SQL that a piece of work sends, but for the beginning and end of transactions."""
    with CaptureQueriesContext(connection) as captured:
        work()
    sent = [query["sql"] for query in captured]
    return [sql for sql in sent if not sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]


def peak_megabytes(work: Callable[[], object]) -> float:
    """The most memory that Python held at one moment of a piece of work, above what it held before.

    Run the work once before, so that what is kept for good is not counted.
    """
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / MEGABYTE
    finally:
        tracemalloc.stop()


def line(what: str, measured: float, base: float, base_name: str, reach: str) -> None:
    """One result: the time, and how many times the base it is (or how many times faster)."""
    ratio = measured / base if measured >= base else base / measured
    direction = "×" if measured >= base else "× faster than"
    print(f"  {what:<52} {measured * 1000:10.1f} ms   {ratio:8.1f} {direction} {base_name:<24} {reach}")
