"""What is to be known of the grants that a file would change: what was imported before, where money hangs on them."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from grants.models import Grant, Instalment, Payment
from grants.operations.imports.compare import COLUMNS, HANG_ON_MONEY, Conflict, Facts, facts_of

REASON = "Imported from"
READ = ("id", "history_change_reason", *COLUMNS)
MONEY_HANGS_ON_IT = (
    "Money is scheduled or paid on this grant, so an import does not change its terms. Vary the grant, or put the file "
    "right."
)
MONEY_GOES_TO_ANOTHER = (
    "Money is scheduled or paid on this grant, so an import does not change its provider. Put the file right."
)
GRANT_IS_OVER = "The grant is closed in the register, so nothing more is recorded on it. Leave the row out."
OTHER_FUND = "The grant stands in a round of another fund. Put the fund right in the file."


class Background:
    """Three queries for a batch of grants; none where nothing would change."""

    def __init__(self, grants: Sequence[Grant]) -> None:
        ids = [grant.pk for grant in grants]
        self.imported: dict[int, Facts] = {}
        self.with_money: set[int] = set()
        if not ids:
            return
        told = Grant.history.filter(id__in=ids).order_by("id", "history_date", "history_id")
        rows = told.values_list(*READ, named=True).iterator()
        for grant_id, of_grant in groupby(rows, key=lambda row: row.id):
            self.imported[grant_id] = _imported(of_grant)
        for model in (Instalment, Payment):
            self.with_money.update(model.objects.filter(grant__in=ids).values_list("grant_id", flat=True))

    def insist_free(self, grant: Grant, fields: Iterable[str]) -> None:
        """Raise Conflict for what an import must not change: terms that money hangs on, and a grant that is over."""
        first = next(iter(fields))
        if grant.withdrawn_on or grant.closed_on:
            raise Conflict(
                first,
                GRANT_IS_OVER,
            )
        if grant.pk in self.with_money:
            for name in fields:
                if name == "lead_provider_id" and grant.lead_provider_id is not None:
                    raise Conflict(name, MONEY_GOES_TO_ANOTHER)
                if name in HANG_ON_MONEY:
                    raise Conflict(name, MONEY_HANGS_ON_IT)
        if "fund_id" in fields and grant.round_id is not None:
            raise Conflict("fund_id", OTHER_FUND)


def _imported(rows: Iterable[Any]) -> Facts:
    """What imports wrote last in each field, from a grant's history, oldest first.

    The row of an import holds what people wrote in other fields too: only what it changed is its own.
    """
    imported: dict[str, Any] = {}
    before: Facts = {}
    for row in rows:
        facts = facts_of(row)
        if (row.history_change_reason or "").startswith(REASON):
            imported.update({name: value for name, value in facts.items() if before.get(name) != value})
        before = facts
    return imported
