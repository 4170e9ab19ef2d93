"""The most harmful of thousands of instalments, and what all of them add up to: one query, sorted by the database.

The queryset stays the one definition of what is due and of what each row says. Around it stands one SELECT, for which
the ORM has no words: every row is worked out once and then read three times. Nothing that a person typed comes near the
text of the query.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from grants.models import Instalment

COLUMNS = ("pk", "is_ready", "left", "not_late", "kept", "waiting", "payable_from")
MOST_HARMFUL = "SELECT is_ready, pk, 0, 0, 0 FROM due WHERE {group} ORDER BY {order} LIMIT %s"
ORDER = "not_late, kept, waiting DESC, payable_from, pk"
# In pence: sums of whole numbers are exact on both databases.
SIFT = f"""
WITH due AS ({{due}})
SELECT is_ready, NULL AS pk, COUNT(*), SUM(CAST(ROUND("left" * 100) AS BIGINT)), COUNT(*) - COUNT("left")
FROM due GROUP BY is_ready
UNION ALL SELECT * FROM ({MOST_HARMFUL.format(group="is_ready", order=ORDER)}) AS ready
UNION ALL SELECT * FROM ({MOST_HARMFUL.format(group="NOT is_ready", order=ORDER)}) AS blocked
"""  # noqa: S608 names of columns only


@dataclass(slots=True)
class Sifted:
    """The ids of the most harmful of a group, how many it has, their pounds, and how many amounts are not known."""

    most: list[int] = field(default_factory=list)
    count: int = 0
    total: Decimal = Decimal(0)
    not_known: int = 0


def sift(due: QuerySet[Instalment], limit: int) -> tuple[Sifted, Sifted]:
    """The ready and the blocked of instalments with the COLUMNS beside them, each group cut to `limit`."""
    groups = {True: Sifted(), False: Sifted()}
    for is_ready, key, count, pence, not_known in _rows(due, limit):
        group = groups[bool(is_ready)]
        if key is not None:
            group.most.append(key)
        else:
            group.count, group.not_known = count, not_known
            group.total = Decimal(int(pence or 0)).scaleb(-2)
    return groups[True], groups[False]


def _rows(due: QuerySet[Instalment], limit: int) -> list[tuple[Any, ...]]:
    try:
        inner, params = due.order_by().values(*COLUMNS).query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(SIFT.format(due=inner), (*params, limit, limit))
        return list(cursor.fetchall())
