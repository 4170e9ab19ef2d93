"""Does the register add up? What the payment operations keep is worked out anew, slowly, from the ledger.

The other sums of money are compared with what they are parts of: the years of a funding award, what a lead passed on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.apps import apps
from django.db.models import (
    BooleanField,
    CheckConstraint,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Coalesce

from grants.models import (
    FundingAward,
    FundingAwardYear,
    Grant,
    Instalment,
    OnwardPayment,
    OutcomeReturn,
    Payment,
)
from grants.models.decisions import IS_TRACKED_SUPPORT
from grants.queries.candidates.base import CHUNK, Beside
from grants.rules.ledger import (
    REVERSAL,
    Line,
    covered_on,
    first_paid_on,
    known_above,
    net_paid,
    recovered,
    standing,
)

NOTHING = Decimal(0)
APPS = ("core", "providers", "grants")


class Fault(NamedTuple):
    """Something that does not add up; `subject` as `kind:ref`."""

    kind: str
    subject: str
    message: str


class Due(NamedTuple):
    """One line of a payment schedule."""

    id: int
    number: int
    amount: Decimal | None
    paid_on: date | None


class Account(NamedTuple):
    """One grant with its whole ledger and schedule, and what its lead provider passed on."""

    ref: str
    amount_awarded: Decimal | None
    first_paid_on: date | None
    is_tracked: bool
    lines: list[Line]
    schedule: list[Due]
    passed_on: Decimal


def faults() -> Iterator[Fault]:
    """Everything in the register that does not add up. Streams: memory does not grow with the register."""
    for account in accounts():
        for check in CHECKS:
            for kind, message in check(account):
                yield Fault(kind, f"grant:{account.ref}", message)
    yield from _award_years()
    yield from _mixed_registers()
    yield from _broken_constraints()


def accounts() -> Iterator[Account]:
    """Every grant with all its money: four queries, laid beside each other in order of the grant."""
    grants = Grant.objects.order_by("id").values_list(
        "id", "ref", "amount_awarded", "first_paid_on", "tracked_from"
    )
    ledger = Payment.objects.order_by("grant_id", "id").values_list(
        "grant_id", "id", "kind", "amount", "paid_on", "reverses_id", "instalment_id", "above_award"
    )
    schedule = Instalment.objects.order_by("grant_id", "number").values_list(
        "grant_id", "id", "number", "amount", "paid_on"
    )
    onward = OnwardPayment.objects.order_by("grant_id", "id").values_list("grant_id", "amount")
    lines_of, schedule_of = Beside(ledger.iterator(CHUNK)), Beside(schedule.iterator(CHUNK))
    onward_of = Beside(onward.iterator(CHUNK))
    for grant_id, ref, awarded, kept, tracked_from in grants.iterator(CHUNK):
        lines = [Line(*row[1:]) for row in lines_of(grant_id)]
        dues = [Due(*row[1:]) for row in schedule_of(grant_id)]
        passed_on = sum((amount for _, amount in onward_of(grant_id)), NOTHING)
        yield Account(ref, awarded, kept, tracked_from is not None, lines, dues, passed_on)


Told = Iterator[tuple[str, str]]


def _first_payment(account: Account) -> Told:
    """The first payment is the earliest that is not fully reversed."""
    first = first_paid_on(account.lines)
    if first != account.first_paid_on:
        yield "first payment", f"kept as {_said(account.first_paid_on)}, the ledger says {_said(first)}"


def _instalments(account: Account) -> Told:
    """An instalment is paid on the day on which the payments that stand had covered it."""
    for due in account.schedule:
        covered = covered_on(due.id, due.amount, account.lines)
        if covered != due.paid_on:
            told = f"kept as paid {_said(due.paid_on)}, the ledger says {_said(covered)}"
            yield "instalment", f"instalment {due.number} is {told}"
    own = {due.id for due in account.schedule}
    for line in account.lines:
        if line.instalment is not None and line.instalment not in own:
            yield "instalment", f"ledger line {line.id} pays an instalment of another grant"


def _reversals(account: Account) -> Told:
    """A reversal undoes a payment or recovery of the same grant, not before it was made, never more than it was."""
    undoable = {line.id: line for line in account.lines if line.kind != REVERSAL}
    back: dict[int, Decimal] = defaultdict(Decimal)
    for line in account.lines:
        if line.kind == REVERSAL and line.reverses in undoable:
            undone = undoable[line.reverses]
            back[undone.id] += line.amount
            if line.paid_on < undone.paid_on:
                yield "reversal", f"ledger line {line.id} is dated before the {undone.kind} that it reverses"
        elif line.kind == REVERSAL:
            yield "reversal", f"ledger line {line.id} reverses no payment and no recovery of this grant"
    for line_id, amount in back.items():
        if amount > undoable[line_id].amount:
            undone = undoable[line_id]
            yield "reversal", f"£{amount} was reversed of a {undone.kind} of £{undone.amount}"


def _totals(account: Account) -> Told:
    """What stands as paid and what is scheduled are within the award; what came back is within what was paid.

    Payments recorded as above the award are flagged until they are put right: they are no slip of the register.
    """
    net = net_paid(account.lines)
    scheduled = sum((due.amount for due in account.schedule if due.amount is not None), NOTHING)
    if net < 0:
        yield "ledger", f"£{-net} more came back than was paid"
    if account.amount_awarded is None:
        return
    if net > account.amount_awarded + known_above(account.lines):
        yield "award", f"£{net} is paid of an award of £{account.amount_awarded}"
    # A paid instalment stays as it was when money of it came back and the award was lowered by as much.
    if scheduled - recovered(account.lines) > account.amount_awarded:
        yield "award", f"£{scheduled} is scheduled of an award of £{account.amount_awarded}"


def _onward(account: Account) -> Told:
    """A lead provider passes on no more than it was paid; what came back later undoes nothing that was passed on.

    What was paid on a grant that is not tracked is not known.
    """
    paid = sum((amount for _, amount in standing(account.lines)), NOTHING)
    if account.is_tracked and account.passed_on > paid:
        yield "onward payment", f"£{account.passed_on} was passed on of £{paid} paid"


CHECKS: tuple[Callable[[Account], Told], ...] = (_first_payment, _instalments, _reversals, _totals, _onward)


def _said(day: date | None) -> str:
    return "unpaid" if day is None else day.isoformat()


def _award_years() -> Iterator[Fault]:
    """The years of a funding award add up to its total; while one is not known, the others are within it."""
    awards = FundingAward.objects.filter(total_amount__isnull=False).order_by("id")
    years = FundingAwardYear.objects.order_by("award_id", "financial_year").values_list("award_id", "amount")
    years_of = Beside(years.iterator(CHUNK))
    for award_id, ref, total in awards.values_list("id", "ref", "total_amount").iterator(CHUNK):
        amounts = [amount for _, amount in years_of(award_id)]
        known = sum((amount for amount in amounts if amount is not None), NOTHING)
        if known > total or (amounts and None not in amounts and known != total):
            yield Fault("award years", f"award:{ref}", f"its years add up to £{known}, its total is £{total}")


def _mixed_registers() -> Iterator[Fault]:
    """Real and illustrative never share a grant: its fund, award and provider are all of one register."""
    for part in ("funding_award", "lead_provider", "round__fund"):
        other = Grant.objects.filter(**{f"{part}__isnull": False}).exclude(
            **{f"{part}__is_illustrative": F("fund__is_illustrative")}
        )
        for ref in other.order_by("id").values_list("ref", flat=True).iterator(CHUNK):
            where = part.split("__")[0].replace("_", " ")
            yield Fault(
                "register", f"grant:{ref}", f"its fund and its {where} are one real, one illustrative"
            )


def _broken_constraints() -> Iterator[Fault]:
    """Paired facts stand or fall together: every check of every table, asked anew of every row."""
    for model in (model for label in APPS for model in apps.get_app_config(label).get_models()):
        for constraint in model._meta.constraints:
            if isinstance(constraint, CheckConstraint):
                holds = ExpressionWrapper(Q(constraint.condition), output_field=BooleanField())
                broken = model._default_manager.annotate(holds=Coalesce(holds, Value(value=True))).filter(
                    holds=False
                )
                for key in broken.order_by("pk").values_list("pk", flat=True).iterator(CHUNK):
                    yield Fault("pairing", f"{model._meta.model_name}:{key}", f"breaks {constraint.name}")


def completeness(*, illustrative: bool) -> dict[str, int]:
    """How many grants of one register there are, and of how many something is not known. Never both registers."""
    told = OutcomeReturn.objects.filter(grant=OuterRef("pk"), caseload__isnull=False)
    unknown: dict[str, Q] = {
        "amount": Q(amount_awarded__isnull=True),
        "decision": Q(decided_on__isnull=True),
        "award_type": Q(award_type__isnull=True),
        "lead_provider": Q(lead_provider__isnull=True),
        "payer": Q(payer__isnull=True),
        "locality": Q(localities__isnull=True),
        "end": Q(ends_on__isnull=True),
        "caseload": IS_TRACKED_SUPPORT & ~Q(Exists(told)),
    }
    counts = {f"{name}_not_known": Count("id", filter=test, distinct=True) for name, test in unknown.items()}
    untracked = Count("id", filter=Q(tracked_from__isnull=True), distinct=True)
    grants = Grant.objects.in_register(illustrative=illustrative)
    return grants.aggregate(grants=Count("id", distinct=True), untracked=untracked, **counts)
