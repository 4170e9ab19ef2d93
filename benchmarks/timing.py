"""Timing statistics over the whole register, against reading the same columns as plain tuples."""

from collections import deque
from datetime import date

from django.db.models import Max

from benchmarks.measure import line, seconds
from grants.models import Grant
from grants.queries.timing.scope import Scope
from grants.queries.timing.waits import timing_histogram
from grants.rules.timing import kaplan_meier, quantile


def statistics(on: date) -> None:
    """The median by a histogram and a curve in numpy, against a scan that fetches every row and one that does not."""
    sample = Scope(Grant.objects.in_register(illustrative=True), on).sample()
    read = ("decided_on", "until", "paid_on")

    def fetch() -> None:
        deque(sample.values_list(*read).iterator(2000), maxlen=0)

    def look() -> None:
        sample.aggregate(**{f"last_{name}": Max(name) for name in read})

    base, floor = seconds(fetch, repeats=3), seconds(look, repeats=3)
    ours = seconds(lambda: median(on), repeats=3)
    print(f"Timing statistics over {sample.count():,} grants: median {median(on)} working days")
    line("scan of the columns, plain tuples", base, base, "the scan", "the floor")
    line("scan inside the database, nothing fetched", floor, base, "the scan", "")
    line("histogram, Kaplan–Meier, median", ours, base, "the scan", "reach ≤ 3 ×")
    line("histogram, Kaplan–Meier, median", ours, floor, "the scan inside", "")


def median(on: date) -> int | None:
    """Working days after which half of the illustrative register has its money."""
    durations, ended, counts = timing_histogram(on, illustrative=True)
    return quantile(kaplan_meier(durations, ended, counts), 0.5)
