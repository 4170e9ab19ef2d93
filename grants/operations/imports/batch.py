"""One batch of rows: what becomes of each, and the writes, in a number of queries that does not hang on the rows."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models.functions import Lower
from django.utils.text import slugify

from core.bulk import insert_with_history, update_with_history
from core.models import User
from grants.models import AwardType, Fund, Grant
from grants.models.decisions import DecisionKind
from grants.operations.imports.background import Background
from grants.operations.imports.compare import (
    FIELDS,
    LINKS,
    Conflict,
    Facts,
    facts_in,
    facts_of,
    insist_order,
    insist_ours,
    news,
    put,
)
from grants.operations.imports.funds import FundRefused, Funds
from grants.operations.imports.summary import ImportSummary
from grants.rules.import_names import name_in
from grants.rules.import_rows import GrantRow, RefusedRow, Remark, shown
from providers.models import Organisation
from providers.operations.matching import Matcher, is_named

LONGEST_REF = 60
NOT_WRITTEN_YET = -1


class Terms(NamedTuple):
    """What holds for the whole import. `actor` is the system's own, who stands as the one who decided."""

    actor: User
    by: User
    reason: str
    tracked_from: date | None
    columns: Mapping[str, str]


ILLUSTRATIVE = (
    "The identifier belongs to an illustrative grant, which never mixes with real ones. Give another one."
)
TWO_ORGANISATIONS = (
    "The row's numbers belong to two organisations. The grant is with the first; say under probable duplicates whether "
    "they are one."
)
ANOTHER_NAME = (
    "The recipient's number stands under another name. The grant is with the organisation of that number: if that is "
    "wrong, put the number right in the file."
)
SHOWN: Mapping[str, Callable[[GrantRow], Any]] = {
    "title": lambda row: row.title,
    "summary": lambda row: row.summary,
    "fund_id": lambda row: row.programme or row.funder,
    "lead_provider_id": lambda row: row.recipient.name if row.recipient else "",
    "amount_awarded": lambda row: row.amount_awarded,
    "amount_applied_for": lambda row: row.amount_applied_for,
    "amount_disbursed_undated": lambda row: row.amount_disbursed,
    "decided": lambda row: row.decided,
    "starts": lambda row: row.starts,
    "ends": lambda row: row.ends,
    "source": lambda row: row.source,
}


class Placed(NamedTuple):
    """A row with its fund and its provider, perhaps not written yet, and what of it changes a grant that stands."""

    row: GrantRow
    fund: Fund
    provider: Organisation | None
    changes: tuple[str, ...] = ()


class Batches:
    """Sorts batch after batch of rows into new, changed, unchanged and refused, and writes them."""

    def __init__(self, terms: Terms, funds: Funds, matcher: Matcher, summary: ImportSummary) -> None:
        self.terms, self.funds, self.matcher, self.summary = terms, funds, matcher, summary
        self.refused: set[int] = set()

    def take(self, rows: Sequence[GrantRow]) -> None:
        """Rows of different identifiers, none of which came before in the file."""
        standing = {str(grant.source_id): grant for grant in _standing(rows)}
        placed = self._place(rows, standing)
        changes = {
            one.row.source_id: _news(one, standing[one.row.source_id])
            for one in placed
            if one.row.source_id in standing
        }
        background = Background([standing[source_id] for source_id, fields in changes.items() if fields])
        new: list[tuple[Grant, Placed]] = []
        changed: list[tuple[Grant, Placed]] = []
        for one in placed:
            grant = standing.get(one.row.source_id)
            try:
                if grant is None:
                    new.append((self._made(one), one))
                elif brought := self._bring(grant, one, changes[one.row.source_id], background):
                    changed.append((grant, brought))
                else:
                    self.summary.unchanged += 1
            except Conflict as conflict:
                self.refuse(one.row, conflict.field, str(conflict))
            else:
                self.summary.note(one.row)
        self._write(new, changed)

    def _place(self, rows: Sequence[GrantRow], standing: Mapping[str, Grant]) -> list[Placed]:
        """Each row with its fund and provider; those that have none they could have are refused."""
        placed = []
        for row, match in zip(rows, self.matcher.match([row.recipient for row in rows]), strict=True):
            try:
                grant = standing.get(row.source_id)
                fund = self.funds.of(row, grant.fund if grant is not None else None)
            except FundRefused as refusal:
                self.refuse(row, "fund_id", str(refusal))
                continue
            if match.refusal:
                self.refuse(row, "lead_provider_id", match.refusal)
                continue
            if match.other is not None:
                self.summary.warn(row.row, Remark(self._column("lead_provider_id"), TWO_ORGANISATIONS))
            elif match.organisation and row.recipient and not is_named(match.organisation, row.recipient):
                self.summary.warn(row.row, Remark(self._column("lead_provider_id"), ANOTHER_NAME))
            placed.append(Placed(row, fund, match.organisation))
        return placed

    def _bring(
        self, grant: Grant, one: Placed, fields: Sequence[str], background: Background
    ) -> Placed | None:
        """Bring a grant to what the file says, in memory: None when nothing changes. Raises Conflict.

        The answer has the fund and the provider that the grant is to have; a provider of None stays as it is.
        """
        if grant.fund.is_illustrative:
            raise Conflict("id", ILLUSTRATIVE)
        stands, said = facts_of(grant), _said(one)
        imported = background.imported.get(grant.pk, {})
        ours = [name for name in fields if insist_ours(name, stands, said, imported)]
        if not ours:
            return None
        background.insist_free(grant, ours)
        for name in ours:
            if name not in LINKS:
                put(grant, name, said[name])
        insist_order(grant)
        if "decided" in ours:
            self._decide(grant)
        grant.version += 1
        return one._replace(
            fund=one.fund if "fund_id" in ours else grant.fund,
            provider=one.provider if "lead_provider_id" in ours else None,
            changes=tuple(ours),
        )

    def _made(self, one: Placed) -> Grant:
        """A new grant. Its fund and provider get their keys when they are written."""
        row = one.row
        grant = Grant(
            ref=slugify(row.source_id)[:LONGEST_REF].strip("-") or _digest(row.source_id),
            source_id=row.source_id,
            award_type=AwardType.GRANT,
            tracked_from=self.terms.tracked_from,
        )
        for name, value in _said(one).items():
            if name not in LINKS:
                put(grant, name, value)
        self._decide(grant)
        return grant

    def _decide(self, grant: Grant) -> None:
        """An award date is a decision to approve; who took it is not published, so the import stands for them."""
        if grant.decided_on is None:
            grant.decision, grant.decided_by = None, None
        elif grant.decision is None:
            grant.decision, grant.decided_by = DecisionKind.APPROVE, self.terms.actor

    def _write(self, new: Sequence[tuple[Grant, Placed]], changed: Sequence[tuple[Grant, Placed]]) -> None:
        needed = [one for _, one in (*new, *changed)]
        by, reason = self.terms.by, self.terms.reason
        self.funds.keep((one.fund for one in needed), by=by, reason=reason)
        providers = (one.provider for one in needed if one.provider is not None)
        self.matcher.keep(providers, by=by, reason=reason)
        for grant, one in (*new, *changed):
            grant.fund = one.fund
            if one.provider is not None:
                grant.lead_provider = one.provider
        _name_apart([grant for grant, _ in new])
        insert_with_history([grant for grant, _ in new], by=by, reason=reason)
        names = {name for _, one in changed for name in one.changes}
        columns = sorted({column for name in names for column in FIELDS[name].writes})
        update_with_history([grant for grant, _ in changed], [*columns, "version"], by=by, reason=reason)
        self.summary.created += len(new)
        self.summary.decided_before_tracking += sum(_is_before_tracking(grant) for grant, _ in new)
        self.summary.updated += len(changed)

    def refuse(self, row: GrantRow, field: str, message: str) -> None:
        """Count a row as refused; `field` is one of SHOWN, or "id"."""
        value = SHOWN[field](row) if field in SHOWN else row.source_id
        self.refused.add(row.row)
        self.summary.refuse(RefusedRow(row.row, self._column(field), shown(value), message))

    def _column(self, field: str) -> str:
        return name_in(self.terms.columns, FIELDS[field].column if field in FIELDS else field)


def _is_before_tracking(grant: Grant) -> bool:
    decided, tracked = grant.decided_on, grant.tracked_from
    return decided is not None and tracked is not None and decided < tracked


def _standing(rows: Iterable[GrantRow]) -> Iterable[Grant]:
    """The grants that the rows speak of, held until the import is through."""
    source_ids = [row.source_id for row in rows]
    return (
        Grant.objects.select_for_update(of=("self",)).select_related("fund").filter(source_id__in=source_ids)
    )


def _said(one: Placed) -> Facts:
    provider = one.provider
    return facts_in(
        one.row,
        fund_id=one.fund.pk or NOT_WRITTEN_YET,
        provider_id=None if provider is None else provider.pk or NOT_WRITTEN_YET,
    )


def _news(one: Placed, grant: Grant) -> list[str]:
    return news(facts_of(grant), _said(one), is_individual=one.row.is_individual)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _name_apart(grants: Sequence[Grant]) -> None:
    """Give each new grant a reference that no other has, in capitals or without: those made here have none."""
    stand = Grant.objects.annotate(plain=Lower("ref")).filter(plain__in=[grant.ref for grant in grants])
    taken = set(stand.values_list("plain", flat=True))
    for grant in grants:
        if grant.ref in taken:
            grant.ref = f"{grant.ref}-{_digest(str(grant.source_id))}"
        taken.add(grant.ref)
