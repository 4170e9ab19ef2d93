"""The whole register as CSV, JSON and Excel, against drawing the same rows with their figures and writing nothing."""

from collections import deque
from datetime import date
from itertools import islice

from django.utils import timezone

from benchmarks.measure import line, peak_megabytes, seconds
from benchmarks.pages import Reader
from core.calendar import working_days
from core.models import Role
from core.web.views import EXPORT_BATCH
from grants.models import Grant
from grants.queries.decisions import ends_within, register_rows

REACH = {"csv": "reach ≤ 2.5 ×", "json": "reach ≤ 4 ×", "xlsx": "reach ≤ 15 ×"}
ALL, PART = "/grants/?download={}", "/grants/?download={}&ends=6"


def exports(on: date) -> None:
    """Time of each kind over the whole register; memory over part of it and over the whole."""
    reader = Reader(Role.COMMISSIONER)
    grants = Grant.objects.in_register(illustrative=True)
    few, many = grants.filter(ends_within(timezone.localdate(), 6)).count(), grants.count()
    fetch = seconds(lambda: _fetch(on), repeats=1)
    print(f"Downloads of the register: {many:,} rows (and, of those that end within six months, {few:,})")
    line("fetch: the rows with their figures", fetch, fetch, "the fetch", "the floor")
    for kind, reach in REACH.items():
        taken = seconds(lambda: reader.get(ALL.format(kind)), repeats=1)  # noqa: B023
        line(kind, taken, fetch, "the fetch", reach)
    for kind in REACH:
        small = peak_megabytes(lambda: reader.get(PART.format(kind)))  # noqa: B023
        large = peak_megabytes(lambda: reader.get(ALL.format(kind)))  # noqa: B023
        print(
            f"  {kind + ': peak memory at ' + f'{few:,} and {many:,} rows':<52} {small:10.1f} and {large:.1f} MB"
        )


def _fetch(on: date) -> None:
    grants = Grant.objects.in_register(illustrative=True).order_by("title", "pk")
    keys = grants.values_list("pk", flat=True).iterator(EXPORT_BATCH)
    calendar = working_days()
    while batch := list(islice(keys, EXPORT_BATCH)):
        deque(
            register_rows(grants.filter(pk__in=batch), on=on, calendar=calendar, with_people=True), maxlen=0
        )
