"""How long this council's own stages take, kept while nothing that they are worked out from has changed.

A pass works them out once; a page of one grant would read the whole register for two dates of it.
"""

from datetime import date
from typing import NamedTuple

from django.db import connection

from grants.models import Fund, Grant
from grants.queries.cases import planned_durations
from grants.queries.durations import own_durations
from grants.rules.safe_date import LatestSafe, OwnDurations, choose_durations, latest_safe

Own = dict[bool, OwnDurations]

# The last entry in the grants' history, and whether nobody else is in the middle of writing to it. Who is may have a
# number before the last, and commit after it: what is worked out meanwhile is not kept. SQLite has one writer.
EDITION = {
    "postgresql": """
        SELECT MAX(history_id), NOT EXISTS (
            SELECT 1 FROM pg_locks
            WHERE relation = '{table}'::regclass AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        FROM {table}""",
    "sqlite": "SELECT MAX(history_id), 1 FROM {table}",
}


class Edition(NamedTuple):
    """A day, and the last entry in the grants' history: each decision, first payment and extension writes one."""

    on: date
    last_entry: int | None


_kept: dict[Edition, Own] = {}


def kept_durations(on: date) -> Own:
    """Each register's own durations (True: illustrative): one small query, one more after something changed."""
    last_entry, is_settled = _last_entry()
    edition = Edition(on, last_entry)
    own = _kept.get(edition)
    if own is None:
        own = own_durations(on)
        if is_settled:
            _kept.clear()
            _kept[edition] = own
    return own


def _last_entry() -> tuple[int | None, bool]:
    sql = EDITION[connection.vendor].format(table=Grant.history.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        last, is_settled = cursor.fetchone()
    return last, bool(is_settled)


def latest_safe_dates(ends_on: date, fund: Fund, own: Own) -> LatestSafe:
    """Until when a new round or an extension comes in time for a grant of a fund that ends on a day."""
    durations = choose_durations(own[fund.is_illustrative], planned_durations(fund))
    return latest_safe(ends_on, fund.notice_period_months, durations)
