"""Timing statistics over the whole register, against reading the same columns as plain tuples."""

from collections import deque
from datetime import date

from benchmarks.measure import line, seconds
from grants.models import Grant
from grants.queries.timing.scope import Scope
from grants.queries.timing.waits import timing_histogram
from grants.rules.timing import kaplan_meier, quantile


def statistics(on: date) -> None:
    """Quartiles by a histogram in SQL and a curve in numpy; the control takes every grant as an object."""
    sample = Scope(Grant.objects.in_register(illustrative=True), on).sample()

    def by_histogram() -> int | None:
        bins = timing_histogram(on, illustrative=True)
        durations, ended, counts = zip(*bins, strict=True)
        return quantile(kaplan_meier(durations, ended, counts), 0.5)

    def scan() -> None:
        deque(sample.values_list("decided_on", "until", "paid_on").iterator(2000), maxlen=0)

    base = seconds(scan, repeats=3)
    print(f"Timing statistics over {sample.count():,} grants: median {by_histogram()} working days")
    line("scan of the columns, plain tuples", base, base, "the scan", "the floor")
    line("histogram, Kaplan–Meier, median", seconds(by_histogram, repeats=3), base, "the scan", "reach ≤ 3 ×")
