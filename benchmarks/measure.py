"""Timing a piece of work, and printing it as a multiple of another."""

import time
from collections.abc import Callable
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext


def seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """The median time of a piece of work, after one run to warm up where it is repeated."""
    if repeats > 1:
        work()
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return median(taken)


def queries(work: Callable[[], object]) -> list[str]:
    """The SQL that a piece of work sends."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return [query["sql"] for query in captured]


def line(what: str, measured: float, base: float, base_name: str, reach: str) -> None:
    """One result: the time, and how many times the base it is (or how many times faster)."""
    ratio = measured / base if measured >= base else base / measured
    direction = "×" if measured >= base else "× faster than"
    print(f"  {what:<46} {measured * 1000:10.1f} ms   {ratio:8.1f} {direction} {base_name:<28} {reach}")
