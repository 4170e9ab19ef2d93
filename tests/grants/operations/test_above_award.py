"""Money that moved above the award: said so, recorded, flagged until it is put right. Small payments add up."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.errors import ActionRefused
from core.models import User
from grants.models import Flag, Grant, Instalment, Payment
from grants.operations.decisions import close_grant, vary_grant
from grants.operations.flag_pass import raise_flags
from grants.operations.payments import (
    authorise_instalment,
    record_payment,
    recover_payment,
    reverse_payment,
)
from grants.queries.register_check import faults
from tests import factories as make
from tests.conftest import ClientFor
from tests.grants.operations.conftest import TODAY, fresh, last_history, pay

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def standing() -> Flag | None:
    """The flag after a pass, if it stands."""
    raise_flags(on=TODAY, by=User.objects.system("flag pass"), at=AT)
    return Flag.objects.standing().filter(rule="paid_above_award").first()


@pytest.fixture
def overpaid(grant: Grant, finance: User) -> Grant:
    """The whole award of £18,000 is paid, and £1,200 more went out."""
    record_payment(**pay(grant, finance, amount=Decimal(18000)))
    record_payment(**pay(grant, finance, amount=Decimal(1200), above_award=True))
    return fresh(grant)


def test_money_that_moved_is_recorded_above_the_award_when_that_is_said(
    overpaid: Grant, finance: User
) -> None:
    within, above = overpaid.payments.order_by("pk")
    assert (within.above_award, above.above_award) == (False, True)
    assert last_history(above) == (finance, "Payment of £1,200 recorded, above the award")
    assert list(faults()) == []


def test_what_the_award_covers_is_never_called_above_it(grant: Grant, finance: User) -> None:
    assert not record_payment(**pay(grant, finance, above_award=True)).above_award
    assert standing() is None


def test_the_grants_page_says_so(overpaid: Grant, client_for: ClientFor) -> None:
    page = client_for("finance").get(reverse("grant", args=[overpaid.ref]))
    assert "£1,200 more than the award was paid." in page.context["headline"]
    assert "Payment, above the award" in page.content.decode()


def test_it_is_flagged_until_the_money_came_back(overpaid: Grant, finance: User) -> None:
    flag = standing()
    assert flag is not None
    assert (flag.level, flag.facts["above"], flag.owner) == ("high", "1200.00", overpaid.finance_owner)
    back = {
        "grant": overpaid,
        "recovered_on": TODAY,
        "reason": "Sent back",
        "by": finance,
        "on": TODAY,
        "at": AT,
    }
    recover_payment(amount=Decimal(1199), **back)
    assert standing() == flag
    recover_payment(amount=Decimal(1), **back)
    assert standing() is None


def test_a_recovery_by_mistake_is_undone_and_it_is_flagged_again(overpaid: Grant, finance: User) -> None:
    back = {"reason": "Sent back", "by": finance, "on": TODAY, "at": AT}
    line = recover_payment(grant=overpaid, amount=Decimal(1200), recovered_on=TODAY, **back)
    assert standing() is None
    reverse_payment(payment=line, reversed_on=TODAY, **back)
    flag = standing()
    assert flag is not None
    assert flag.facts["above"] == "1200.00"
    assert list(faults()) == []


def test_a_recovery_under_a_lower_schedule_is_not_undone(grant: Grant, finance: User) -> None:
    """£1,200 went outside the schedule before the whole schedule was paid, so all of the last payment is above."""
    back = {"reason": "Sent back", "by": finance, "on": TODAY, "at": AT}
    line = make.make_instalment(grant, amount=Decimal(18000))
    record_payment(**pay(grant, finance, amount=Decimal(1200)))
    record_payment(**pay(grant, finance, instalment=line, amount=Decimal(18000), above_award=True))
    wrong = recover_payment(grant=grant, amount=Decimal(3000), recovered_on=TODAY, **back)
    Grant.objects.update(amount_awarded=Decimal(16200))
    assert list(faults()) == []
    with pytest.raises(ActionRefused, match="More than that would then be scheduled of an award of £16,200"):
        reverse_payment(payment=wrong, reversed_on=TODAY, **back)
    reverse_payment(payment=wrong, amount=Decimal(1200), reversed_on=TODAY, **back)
    assert list(faults()) == []


def test_a_recovery_is_not_undone_above_what_was_authorised_since(grant: Grant, people: make.People) -> None:
    """Award £18,000: £9,000 of the schedule and £2,000 beside it paid, the £2,000 back, then the rest authorised."""
    back = {"reason": "Sent back", "by": people.finance, "on": TODAY, "at": AT}
    lines = [make.make_instalment(grant, amount=Decimal(9000)) for _ in range(2)]
    record_payment(**pay(grant, people.finance, instalment=lines[0], amount=Decimal(9000)))
    record_payment(**pay(grant, people.finance, amount=Decimal(2000)))
    wrong = recover_payment(grant=grant, amount=Decimal(2000), recovered_on=TODAY, **back)
    authorise_instalment(instalment=lines[1], by=people.administrator, on=TODAY)
    with pytest.raises(
        ActionRefused, match="£20,000 would then be paid or authorised of an award of £18,000"
    ):
        reverse_payment(payment=wrong, reversed_on=TODAY, **back)


def test_an_authorised_instalment_of_unknown_amount_frees_nothing_when_it_is_paid(
    grant: Grant, people: make.People
) -> None:
    unknown = make.make_instalment(
        grant, amount=None, authorised_by=people.administrator, authorised_on=TODAY
    )
    rest = make.make_instalment(grant, amount=Decimal(18000))
    record_payment(**pay(grant, people.finance, instalment=unknown, amount=Decimal(5000)))
    with pytest.raises(ActionRefused, match="£23,000 would be paid or authorised"):
        authorise_instalment(instalment=rest, by=people.administrator, on=TODAY)


def test_or_until_the_award_is_varied(overpaid: Grant, commissioner: User) -> None:
    assert standing() is not None
    more = {"new_amount": Decimal(19200), "proposed_on": TODAY, "decided_on": TODAY}
    vary_grant(grant=overpaid, reason="More families", **more, by=commissioner, on=TODAY)
    assert standing() is None


def test_it_is_not_closed_away(overpaid: Grant, commissioner: User) -> None:
    Grant.objects.filter(pk=overpaid.pk).update(ends_on=date(2026, 11, 18), planned_end=date(2026, 11, 18))
    with pytest.raises(ActionRefused, match="£1,200 more than the award was paid"):
        close_grant(grant=overpaid, closed_on=TODAY, reason="Done", by=commissioner, on=TODAY)


def test_a_ledger_above_the_award_of_which_nobody_said_so_does_not_add_up(overpaid: Grant) -> None:
    Payment.objects.filter(above_award=True).update(above_award=False)
    assert [(fault.kind, fault.message) for fault in faults()] == [
        ("award", "£19200.00 is paid of an award of £18000.00")
    ]


def test_only_a_payment_can_be_above_the_award(grant: Grant) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_payment_row(grant, kind="recovery", reason="Sent back", above_award=True)


def test_the_page_asks_before_it_records_above_the_award(
    grant: Grant, finance: User, client_for: ClientFor
) -> None:
    record_payment(**pay(grant, finance, amount=Decimal(18000)))
    client, address = client_for("finance"), reverse("record_payment", args=[grant.ref])
    day = {"paid_on_day": 20, "paid_on_month": 11, "paid_on_year": 2026}
    entries = {"request_key": str(uuid.uuid4()), "amount": "1200", "route": "bacs", **day}
    assert "above_award" not in client.get(address).context["form"].fields
    asked = client.post(address, entries)
    assert "only £0 is left to pay" in asked.content.decode()
    assert "The money has moved already" in asked.content.decode()
    assert grant.payments.count() == 1
    assert client.post(address, entries | {"above_award": ""}).status_code == 200
    assert client.post(address, entries | {"above_award": "on"}).status_code == 302
    assert grant.payments.get(above_award=True).amount == 1200


def test_payments_outside_the_schedule_count_together_towards_the_second_approver(
    grant: Grant, finance: User
) -> None:
    type(grant.fund).objects.update(second_approver_threshold=Decimal(5000))
    record_payment(**pay(grant, finance, amount=Decimal(3000)))
    with pytest.raises(
        ActionRefused, match="Above £5,000 in all a payment needs a second approver: choose the inst"
    ):
        record_payment(**pay(grant, finance, amount=Decimal("2000.01")))
    record_payment(**pay(grant, finance, amount=Decimal(2000)))


def test_payments_towards_an_instalment_of_unknown_amount_count_together_too(
    grant: Grant, instalment: Instalment, finance: User
) -> None:
    type(grant.fund).objects.update(second_approver_threshold=Decimal(5000))
    Instalment.objects.update(amount=None)
    record_payment(**pay(grant, finance, instalment=instalment, amount=Decimal(3000)))
    with pytest.raises(ActionRefused, match="have instalment 1 authorised first"):
        record_payment(**pay(grant, finance, instalment=instalment, amount=Decimal(3000)))
    Instalment.objects.update(
        authorised_by=make.make_user(role="administrator"), authorised_on=date(2026, 11, 20)
    )
    record_payment(**pay(grant, finance, instalment=instalment, amount=Decimal(3000), another=True))


def test_authorisations_together_stay_within_the_award(grant: Grant, people: make.People) -> None:
    """Award £18,000, £10,000 of it paid outside the schedule, two instalments of £4,500."""
    lines = [make.make_instalment(grant), make.make_instalment(grant)]
    record_payment(**pay(grant, people.finance, amount=Decimal(10000)))
    authorise_instalment(instalment=lines[0], by=people.administrator, on=TODAY)
    with pytest.raises(
        ActionRefused, match="With instalment 2 £19,000 would be paid or authorised, above the award"
    ):
        authorise_instalment(instalment=lines[1], by=people.administrator, on=TODAY)


def test_the_award_is_lowered_by_what_came_back_and_the_register_adds_up(
    grant: Grant, finance: User, commissioner: User
) -> None:
    line = make.make_instalment(grant, amount=Decimal(18000))
    record_payment(**pay(grant, finance, instalment=line, amount=Decimal(18000)))
    lower = {"new_amount": Decimal(17000), "reason": "Underspend", "proposed_on": TODAY, "decided_on": TODAY}
    with pytest.raises(ActionRefused, match="Recover money first"):
        vary_grant(grant=grant, **lower, by=commissioner, on=TODAY)
    recover_payment(
        grant=grant,
        amount=Decimal(1000),
        recovered_on=TODAY,
        reason="Underspend",
        by=finance,
        on=TODAY,
        at=AT,
    )
    vary_grant(grant=grant, **lower, by=commissioner, on=TODAY)
    assert list(faults()) == []
