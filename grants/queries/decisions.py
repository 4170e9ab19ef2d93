"""The register: the rows of one page with their figures, and the totals of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum, Value

from core.rules.dates import add_months
from core.rules.working_days import WorkingDays
from grants.models import ClockStop, Flag, Grant, Instalment, OutcomeReturn, Payment
from grants.models.decisions import APPROVED, may_be_support
from grants.models.payments import Basis
from grants.queries.pounds import SIGNED_AMOUNT, Pounds
from grants.rules.cliff import CASELOAD_GOOD_FOR_RETURN_PERIODS
from grants.rules.clock import Clock, ClockCase, Stop, measure

COLUMNS = (
    "pk",
    "ref",
    "title",
    "purpose",
    "tracked_from",
    "decision",
    "decided_on",
    "decided_about",
    "implementable_on",
    "planned_start",
    "first_paid_on",
    "withdrawn_on",
    "closed_on",
    "ends_on",
    "ends_about",
    "amount_awarded",
    "fund__name",
    "fund__code",
    "fund__payment_standard_working_days",
    "fund__return_period_months",
    "lead_provider__name",
)


RUNS = Q(withdrawn_on__isnull=True, closed_on__isnull=True)
"""Neither withdrawn nor closed."""


def ends_within(on: date, months: int) -> Q:
    """Grants that run and end from a day until so many calendar months on."""
    return RUNS & Q(ends_on__gte=on, ends_on__lte=add_months(on, months))


def funded(on: date) -> Q:
    """Not withdrawn, and approved, or with a decision that is not recorded here."""
    stands = Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on)
    return stands & (Q(decision__in=APPROVED) | Q(decision__isnull=True))


class Families(NamedTuple):
    """A caseload that is recent enough to be known: people, and what they are counted in."""

    number: int
    unit: str
    counted_on: date


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One line of the register. What is not known is None."""

    pk: int
    ref: str
    title: str
    provider: str | None
    fund: str
    fund_code: str
    awarded: Decimal | None
    paid: Decimal | None
    tracked: bool
    approved: bool
    decided: bool
    decided_about: str | None
    first_paid_on: date | None
    is_stopped: bool
    clock: Clock | None
    standard_working_days: int
    ends: date | str | None
    is_support: bool
    families: Families | None
    levels: tuple[str, ...]


class Totals(NamedTuple):
    """What a list adds up to: grants, pounds awarded and paid, amounts not known, grants not tracked.

    Pounds are None where not one amount is known.
    """

    grants: int
    awarded: Decimal | None
    amounts_not_known: int
    paid: Decimal | None
    untracked: int


def known_sum(total: Decimal, of: int, not_known: int) -> Decimal | None:
    """What the amounts of so many grants add up to; None where not one of them is known: unknown is not zero."""
    return None if of and not_known >= of and not total else total


def totals(grants: QuerySet[Grant]) -> Totals:
    """The totals of a list of some thousands of grants at most, in one query: what narrows it is asked once."""
    payments = Payment.objects.order_by().filter(grant=OuterRef("pk"))
    paid = Subquery(payments.values("grant").annotate(total=Sum(SIGNED_AMOUNT)).values("total"))
    found = list(grants.order_by().values_list("amount_awarded", "tracked_from", paid))
    amounts = [amount for amount, _, _ in found if amount is not None]
    not_known = len(found) - len(amounts)
    untracked = sum(tracked_from is None for _, tracked_from, _ in found)
    return Totals(
        len(found),
        known_sum(sum(amounts, Decimal(0)), len(found), not_known),
        not_known,
        known_sum(sum((pounds or Decimal(0) for _, _, pounds in found), Decimal(0)), len(found), untracked),
        untracked,
    )


def paid_by_grant(ids: Sequence[int]) -> dict[int, Decimal]:
    """Pounds paid, less what was reversed or recovered, of each grant that ever had a payment."""
    lines = Payment.objects.order_by().filter(grant_id__in=ids).values_list("grant_id")
    return dict(lines.annotate(total=Pounds(Sum(SIGNED_AMOUNT))))


class FirstInstalment(NamedTuple):
    """What the payment clock needs of a grant's first instalment."""

    due_on: date | None
    basis: str
    claim_valid_on: date | None


def levels_by_grant(
    ids: Sequence[int], instalments: Mapping[int, int], stops: Mapping[int, int]
) -> dict[int, tuple[str, ...]]:
    """The levels of the flags that stand on each grant, its instalments and its clock stops, worst first, each once.

    `instalments` and `stops` give the grant of each of their ids: so no table is joined. Three parts and no OR: SQLite
    would read every flag that stands.
    """
    parts: tuple[tuple[str, Mapping[int, int]], ...] = (
        ("grant_id", dict(zip(ids, ids, strict=True))),
        ("instalment_id", instalments),
        ("clock_stop_id", stops),
    )
    standing = Flag.objects.standing().order_by()
    first, *rest = (
        standing.filter(**{f"{about}__in": list(grant_of)}).values_list(Value(part), about, "rank", "level")
        for part, (about, grant_of) in enumerate(parts)
    )
    found: dict[int, set[tuple[int, str]]] = {}
    for part, subject, rank, level in first.union(*rest, all=True):
        found.setdefault(parts[part][1][subject], set()).add((-rank, level))
    return {grant_id: tuple(level for _, level in sorted(levels)) for grant_id, levels in found.items()}


def _instalments(ids: Sequence[int]) -> tuple[dict[int, FirstInstalment], dict[int, int]]:
    """Each grant's first instalment, and the grant of each instalment."""
    first: dict[int, FirstInstalment] = {}
    grant_of: dict[int, int] = {}
    lines = Instalment.objects.order_by().filter(grant_id__in=ids)
    columns = ("pk", "grant_id", "number", "due_on", "basis", "claim_valid_on")
    for key, grant_id, number, due_on, basis, claim_valid_on in lines.values_list(*columns):
        grant_of[key] = grant_id
        if number == 1:
            first[grant_id] = FirstInstalment(due_on, basis, claim_valid_on)
    return first, grant_of


def _stops(ids: Sequence[int]) -> tuple[dict[int, list[Stop]], dict[int, int]]:
    """Each grant's clock stops, and the grant of each stop."""
    found: dict[int, list[Stop]] = {}
    grant_of: dict[int, int] = {}
    lines = ClockStop.objects.order_by().filter(grant_id__in=ids)
    columns = ("pk", "grant_id", "waiting_on", "started_on", "ended_on")
    for key, grant_id, waiting_on, start, end in lines.values_list(*columns):
        grant_of[key] = grant_id
        found.setdefault(grant_id, []).append(Stop(waiting_on, start, end))
    return found, grant_of


def _caseloads(ids: Sequence[int], on: date) -> dict[int, Families]:
    """The last caseload of each grant, however old."""
    lines = OutcomeReturn.objects.filter(grant_id__in=ids, caseload__isnull=False, period_to__lte=on)
    rows = lines.order_by("period_to").values_list("grant_id", "caseload", "caseload_unit", "period_to")
    return {grant_id: Families(number or 0, unit or "", day) for grant_id, number, unit, day in rows}


def register_rows(
    page: QuerySet[Grant], *, on: date, calendar: WorkingDays, with_people: bool
) -> list[GrantRow]:
    """The rows of one page, in its order: six queries whatever its length; five without people figures."""
    records = list(page.values(*COLUMNS))
    ids = [record["pk"] for record in records]
    paid = paid_by_grant(ids)
    first, instalments = _instalments(ids)
    stops, stop_ids = _stops(ids)
    levels = levels_by_grant(ids, instalments, stop_ids)
    caseloads = _caseloads(ids, on) if with_people else {}
    return [
        _row(
            record,
            clock=measure(
                _clock_case(record, first.get(record["pk"]), stops.get(record["pk"], [])),
                record["fund__payment_standard_working_days"],
                on,
                calendar,
            ),
            paid=paid.get(record["pk"]),
            families=_recent(caseloads.get(record["pk"]), record, on),
            levels=levels.get(record["pk"], ()),
        )
        for record in records
    ]


def _clock_case(record: dict[str, Any], first: FirstInstalment | None, stops: list[Stop]) -> ClockCase:
    approved = record["decision"] in APPROVED
    due_on, basis, claim_valid_on = first or FirstInstalment(None, "", None)
    return ClockCase(
        implementable_on=record["implementable_on"] if approved else None,
        first_due_on=due_on,
        on_claim=basis == Basis.ON_CLAIM,
        claim_valid_on=claim_valid_on,
        first_paid_on=record["first_paid_on"],
        decided_on=record["decided_on"] if approved else None,
        planned_start=record["planned_start"],
        stops=tuple(stops),
    )


def _recent(families: Families | None, record: dict[str, Any], on: date) -> Families | None:
    """A caseload older than two return periods, on the day or at the grant's end, is not known."""
    if families is None:
        return None
    measured_at = min(on, record["ends_on"] or on)
    months = CASELOAD_GOOD_FOR_RETURN_PERIODS * record["fund__return_period_months"]
    return families if families.counted_on >= add_months(measured_at, -months) else None


def _row(
    record: dict[str, Any],
    *,
    clock: Clock | None,
    paid: Decimal | None,
    families: Families | None,
    levels: tuple[str, ...],
) -> GrantRow:
    tracked = record["tracked_from"] is not None
    return GrantRow(
        pk=record["pk"],
        ref=record["ref"],
        title=record["title"],
        provider=record["lead_provider__name"],
        fund=record["fund__name"],
        fund_code=record["fund__code"],
        awarded=record["amount_awarded"],
        paid=(paid or Decimal(0)) if tracked else paid,
        tracked=tracked,
        approved=record["decision"] in APPROVED,
        decided=record["decision"] is not None,
        decided_about=record["decided_about"],
        first_paid_on=record["first_paid_on"],
        is_stopped=record["withdrawn_on"] is not None or record["closed_on"] is not None,
        clock=clock if tracked else None,
        standard_working_days=record["fund__payment_standard_working_days"],
        ends=record["ends_on"] or record["ends_about"],
        is_support=may_be_support(record["purpose"], record["decision"]),
        families=families,
        levels=levels,
    )
