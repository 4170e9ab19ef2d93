"""Payments, reversals and recoveries. A line of the ledger is never edited. See docs/rules/money-moves.md."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from core.errors import ActionRefused
from core.models import User
from core.records import write
from core.rules.dates import long_date
from core.rules.money import format_pounds, to_pence
from grants.models import Grant, Instalment, Payment, PaymentKind
from grants.models.decisions import APPROVED
from grants.models.payments import Route
from grants.operations.payments.derived import keep_paid_dates
from grants.operations.writing import (
    held,
    insist_it_runs,
    insist_not_before,
    insist_not_future,
    repeated,
    words,
)
from grants.queries.blocking import block_case_of
from grants.queries.ledger import authorised_of, ledger_lines, scheduled_of
from grants.queries.paid import with_standing
from grants.rules.blocking import blockers, needs_second_approver
from grants.rules.ledger import Line, known_above, left_of, net_paid, paid_towards, recovered
from providers.models import Organisation

NOTHING = Decimal(0)
# What a form says of a line: sent again, it must say the same.
TYPED = (
    "grant_id", "instalment_id", "kind", "route", "amount", "paid_on", "payee_id", "reverses_id", "reference", "reason",
)  # fmt: skip
# Two lines of which all of this is the same are hardly two.
ALIKE = ("grant_id", "instalment_id", "kind", "amount", "paid_on", "reference")


@transaction.atomic
def record_payment(
    *,
    grant: Grant,
    amount: Decimal,
    paid_on: date,
    instalment: Instalment | None = None,
    route: str = Route.BACS,
    reference: str = "",
    payee: Organisation | None = None,
    above_award: bool = False,
    another: bool = False,
    by: User,
    on: date,
    at: datetime,
    request_key: uuid.UUID | None = None,
) -> Payment:
    """Record money that moved to the provider. The same form sent twice pays once.

    Refuses above the award unless it is said that the money has moved all the same (`above_award`): then it is recorded
    so, and flagged by the next pass until it came back or the award is varied. Refuses what is recorded already, unless
    it is said to be `another` payment of the same amount, day and reference. Refuses in the future, before the decision
    can be acted on, on a grant that is not tracked, approved and running, for an instalment that is paid or blocked, by
    the person who decided, and above the fund's threshold without another person's authorisation.
    """
    grant = held(grant, by, "grants.record_payment")
    instalment = _of_grant(grant, instalment)
    payment = Payment(
        grant=grant,
        instalment=instalment,
        kind=PaymentKind.PAYMENT,
        route=route,
        amount=amount,
        paid_on=paid_on,
        payee=payee,
        reference=words(reference, "reference"),
        recorded_by=by,
        recorded_at=at,
        request_key=request_key,
    )
    before = _made_before(payment)
    if before is not None:
        return before
    _insist_payable(grant)
    _insist_amount(amount)
    insist_not_future(paid_on, on, "paid_on")
    insist_not_before(paid_on, grant.implementable_on, "paid_on", "the decision could first be acted on")
    lines = ledger_lines(grant)
    _insist_within_instalment(instalment, amount, lines)
    payment.above_award = _is_above_award(grant, amount, lines, above_award)
    _insist_unblocked(grant, instalment, paid_on, on)
    _insist_second_approver(grant, instalment, amount, lines, by)
    _insist_another(payment, another)
    above = ", above the award" if payment.above_award else ""
    return _written(grant, payment, by, f"Payment of {format_pounds(amount)} recorded{above}")


@transaction.atomic
def reverse_payment(
    *,
    payment: Payment,
    amount: Decimal | None = None,
    reversed_on: date,
    reason: str,
    by: User,
    on: date,
    at: datetime,
    request_key: uuid.UUID | None = None,
) -> Payment:
    """Undo a payment or a recovery, or `amount` of it, by another line. Never more than stands of it.

    Of a payment never more than is still paid. What came back and did not is paid after all: that must be within the
    award, but for what was said to be above it, and so must what is scheduled or authorised.
    """
    grant = held(payment.grant, by, "grants.reverse_payment")
    if payment.kind == PaymentKind.REVERSAL:
        raise ActionRefused("A reversal stays as it is. Record the payment, or the recovery, again.")
    what = payment.get_kind_display().lower()
    lines = ledger_lines(grant)
    left = left_of(payment.pk, lines)
    line = Payment(
        grant=grant,
        instalment_id=payment.instalment_id,
        kind=PaymentKind.REVERSAL,
        route=payment.route,
        amount=left if amount is None else amount,
        paid_on=reversed_on,
        payee_id=payment.payee_id,
        reverses=payment,
        reason=words(reason, "reason", missing=f"Say why the {what} is reversed."),
        recorded_by=by,
        recorded_at=at,
        request_key=request_key,
    )
    before = _made_before(line, without="amount" if amount is None else "")
    if before is not None:
        return before
    insist_not_future(reversed_on, on, "reversed_on")
    insist_not_before(reversed_on, payment.paid_on, "reversed_on", f"the {what} was made")
    if not left:
        raise ActionRefused(f"This {what} was reversed already. Nothing of it is left.")
    _insist_amount(line.amount)
    if line.amount > left:
        raise ActionRefused(f"Only {format_pounds(left)} of this {what} is left to reverse.", "amount")
    if payment.kind == PaymentKind.PAYMENT:
        _insist_still_paid(line.amount, lines)
    else:
        _insist_not_needed(grant, line.amount, lines)
    return _written(grant, line, by, line.reason)


@transaction.atomic
def recover_payment(
    *,
    grant: Grant,
    amount: Decimal,
    recovered_on: date,
    reason: str,
    reference: str = "",
    route: str = Route.BACS,
    another: bool = False,
    by: User,
    on: date,
    at: datetime,
    request_key: uuid.UUID | None = None,
) -> Payment:
    """Record money that came back from the provider. Never more than is still paid.

    Refuses what is recorded already, unless it is said to be `another` of the same amount, day and reference.
    """
    grant = held(grant, by, "grants.reverse_payment")
    line = Payment(
        grant=grant,
        kind=PaymentKind.RECOVERY,
        route=route,
        amount=amount,
        paid_on=recovered_on,
        reference=words(reference, "reference"),
        reason=words(reason, "reason", missing="Say why the money is recovered."),
        recorded_by=by,
        recorded_at=at,
        request_key=request_key,
    )
    before = _made_before(line)
    if before is not None:
        return before
    _insist_amount(amount)
    insist_not_future(recovered_on, on, "recovered_on")
    insist_not_before(recovered_on, grant.first_paid_on, "recovered_on", "the first payment was made")
    _insist_still_paid(amount, ledger_lines(grant))
    _insist_another(line, another)
    return _written(grant, line, by, line.reason)


@transaction.atomic
def confirm_receipt(*, payment: Payment, confirmed_on: date, by: User, on: date) -> Payment:
    """The provider says that a payment arrived. Said twice for the same day it is one confirmation."""
    grant = held(payment.grant, by, "grants.confirm_receipt")
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if payment.receipt_confirmed_on == confirmed_on:
        return payment
    if payment.receipt_confirmed_on is not None:
        said = long_date(payment.receipt_confirmed_on)
        raise ActionRefused(f"Receipt was confirmed already, for {said}.")
    if payment.kind != PaymentKind.PAYMENT or not left_of(payment.pk, ledger_lines(grant)):
        raise ActionRefused("This payment was taken back, so there is nothing to confirm.")
    insist_not_future(confirmed_on, on, "confirmed_on")
    insist_not_before(confirmed_on, payment.paid_on, "confirmed_on", "the payment was made")
    payment.receipt_confirmed_on = confirmed_on
    write(payment, by=by, reason="Provider confirmed receipt")
    return payment


def _made_before(line: Payment, *, without: str = "") -> Payment | None:
    """The line that the same form made before; refuses one that says otherwise, `without` left aside."""
    typed = {name: getattr(line, name) for name in TYPED if name != without}
    return repeated(Payment, line.request_key, **typed)


def _insist_another(line: Payment, said: bool) -> None:
    """Ask where the same stands already: a browser that goes back and sends again has a new form, with a new key."""
    alike = Payment.objects.filter(**{name: getattr(line, name) for name in ALIKE})
    if said or not with_standing(alike).filter(standing__gt=0).exists():
        return
    reference = f"with the reference {line.reference}" if line.reference else "without a reference"
    raise ActionRefused(
        f"{format_pounds(line.amount)} on {long_date(line.paid_on)} {reference} is recorded here already. "
        "If this is another one, record it by itself and say so.",
        "another",
    )


def _written(grant: Grant, line: Payment, by: User, reason: str) -> Payment:
    write(line, by=by, reason=reason)
    keep_paid_dates(grant, by=by, reason=reason)
    return line


def _of_grant(grant: Grant, instalment: Instalment | None) -> Instalment | None:
    """The instalment as it stands now, which must be one of this grant's."""
    if instalment is None:
        return None
    fresh = grant.instalments.filter(pk=instalment.pk).first()
    if fresh is None:
        raise ActionRefused("That instalment does not belong to this grant.", "instalment")
    return fresh


def _insist_payable(grant: Grant) -> None:
    if grant.tracked_from is None:
        raise ActionRefused(
            "This grant is not tracked: its payments are not recorded here. Have it tracked first."
        )
    if grant.decision not in APPROVED:
        raise ActionRefused("No approval is recorded for this grant, so nothing can be paid.")
    insist_it_runs(grant)


def _insist_amount(amount: Decimal) -> None:
    if amount <= 0 or amount != to_pence(amount):
        raise ActionRefused("Enter an amount above £0, in pounds and pence.", "amount")


def _insist_within_instalment(instalment: Instalment | None, amount: Decimal, lines: list[Line]) -> None:
    if instalment is None or instalment.amount is None:
        return
    left = instalment.amount - paid_towards(instalment.pk, lines)
    if left <= 0:
        raise ActionRefused(f"Instalment {instalment.number} is paid in full already.", "instalment")
    if amount > left:
        pounds = format_pounds(left)
        raise ActionRefused(f"Only {pounds} of instalment {instalment.number} is left to pay.", "amount")


def _is_above_award(grant: Grant, amount: Decimal, lines: list[Line], said: bool) -> bool:
    """Whether the payment goes beyond the award; refuses one that does unless that was said."""
    if grant.amount_awarded is None:
        raise ActionRefused("The amount awarded is not known. Record it by a variation first.", "amount")
    left = grant.amount_awarded - net_paid(lines)
    if amount > left and not said:
        award = format_pounds(grant.amount_awarded)
        raise ActionRefused(
            f"Of the award of {award} only {format_pounds(max(left, NOTHING))} is left to pay. "
            "Vary the award first. Money that moved all the same is recorded by itself, saying so.",
            "above_award",
        )
    return bool(amount > left)


def _insist_still_paid(amount: Decimal, lines: list[Line]) -> None:
    still_paid = net_paid(lines)
    if amount > still_paid:
        raise ActionRefused(f"Only {format_pounds(still_paid)} is still paid on this grant.", "amount")


def _insist_not_needed(grant: Grant, amount: Decimal, lines: list[Line]) -> None:
    """Refuse to undo a recovery on which a lower award stands."""
    award = grant.amount_awarded
    if award is None:
        return
    paid, authorised = net_paid(lines) + amount, authorised_of(grant, lines)
    if paid > award + known_above(lines):
        gone = f"{format_pounds(paid)} would then be paid"
    elif authorised and paid + authorised > award:
        gone = f"{format_pounds(paid + authorised)} would then be paid or authorised"
    elif scheduled_of(grant) - recovered(lines) + amount > award:
        gone = "More than that would then be scheduled"
    else:
        return
    raise ActionRefused(f"{gone} of an award of {format_pounds(award)}. Vary the award first.", "amount")


def _insist_unblocked(grant: Grant, instalment: Instalment | None, paid_on: date, on: date) -> None:
    """Refuse while something blocks the payment, unless the money moved before the block began."""
    case = block_case_of(grant, instalment)
    standing = blockers(case, on)
    if standing and blockers(case, paid_on):
        first = standing[0]
        what = f"Instalment {instalment.number}" if instalment else "Payment"
        raise ActionRefused(
            f"{what} is blocked: {first.what}, waiting on the {first.who}. It clears when {first.clears_when}.",
            "instalment",
        )


def _insist_second_approver(
    grant: Grant, instalment: Instalment | None, amount: Decimal, lines: list[Line], by: User
) -> None:
    """Payments towards one instalment, or outside the schedule, count together: small ones do not add up unseen."""
    together = amount + paid_towards(instalment.pk if instalment else None, lines)
    scheduled = (instalment.amount if instalment else None) or NOTHING
    threshold = grant.fund.second_approver_threshold
    if not needs_second_approver(max(together, scheduled), threshold):
        return
    above = f"Above {format_pounds(threshold)} in all a payment needs a second approver"
    if instalment is None:
        raise ActionRefused(f"{above}: choose the instalment that was authorised.", "instalment")
    if instalment.authorised_by_id is None:
        raise ActionRefused(f"{above}: have instalment {instalment.number} authorised first.", "instalment")
    if instalment.authorised_by_id == by.pk:
        raise ActionRefused(
            f"You authorised instalment {instalment.number}, so another person must record its payment.",
            "instalment",
        )
