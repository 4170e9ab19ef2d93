"""Timing statistics over a million grants: the register copied again and again inside the database, then the scan.

Only when it is asked for by name, and after every other part: what it leaves is no register.
"""

from datetime import date
from typing import Any

from django.db import connection

from benchmarks.measure import peak_megabytes
from benchmarks.timing import median, statistics
from core.database import refresh_statistics
from grants.models import Grant

GRANTS = 1_000_000
ROWS_AT_A_TIME = 100_000
UNIQUE = {"ref", "source_id", "request_key"}
COUNT_TO = {
    "postgresql": "SELECT generate_series(%s, %s) AS number",
    "sqlite": "WITH RECURSIVE counted(number) AS "
    "(SELECT %s UNION ALL SELECT number + 1 FROM counted WHERE number < %s) SELECT number FROM counted",
}


def million(on: date) -> None:
    """What the timing part measures, over a million, and the memory it takes."""
    _fill()
    refresh_statistics()
    statistics(on)
    peak = peak_megabytes(lambda: median(on))
    print(f"  {'peak memory of histogram and median':<52} {peak:10.1f} MB of Python")


def _fill() -> None:
    """Copies of every grant under new references, a hundred thousand at a time."""
    begun = Grant.objects.count()
    wanted, most = GRANTS // begun, max(1, ROWS_AT_A_TIME // begun)
    last = Grant.objects.order_by("-pk").values_list("pk", flat=True)[0]
    for start in range(1, wanted, most):
        _copy(last, start, min(start + most, wanted) - 1)


def _copy(last: int, first_number: int, last_number: int) -> None:
    quote = connection.ops.quote_name
    fields: list[Any] = [f for f in Grant._meta.concrete_fields if not f.generated and not f.primary_key]
    plain = ", ".join(quote(field.column) for field in fields if field.column not in UNIQUE)
    table = quote(Grant._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (ref, {plain}) SELECT 'copy-' || number || '-' || id, {plain} "  # noqa: S608
            f"FROM {table} CROSS JOIN ({COUNT_TO[connection.vendor]}) AS copies WHERE id <= %s",
            [first_number, last_number, last],
        )
