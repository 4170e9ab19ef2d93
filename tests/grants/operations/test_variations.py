"""Variations of a grant."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from core.errors import ActionRefused, NotAllowed, StaleVersion
from core.models import User
from grants.models import Grant, Variation
from grants.operations.decisions import vary_grant
from grants.operations.payments import record_payment, recover_payment
from grants.queries.register_check import faults
from tests import factories as make
from tests.conftest import ClientFor
from tests.grants.operations.conftest import NOW, TODAY, fresh, last_history, pay, typed

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LATER_END = date(2027, 12, 31)


def vary(grant: Grant, by: User, **entries: Any) -> dict[str, Any]:
    values = {"reason": "Families need longer", "proposed_on": date(2026, 11, 2), "decided_on": TODAY}
    return {"grant": grant, **values, "by": by, "on": TODAY, **entries}


def test_a_later_end_keeps_the_old_one(grant: Grant, commissioner: User) -> None:
    variation = vary_grant(**vary(grant, commissioner, new_ends_on=LATER_END, version=1))
    assert (variation.old_ends_on, variation.new_ends_on) == (date(2027, 8, 31), LATER_END)
    assert (variation.old_amount, variation.new_amount, variation.decided_by) == (None, None, commissioner)
    assert last_history(variation) == (commissioner, "Families need longer")
    varied = fresh(grant)
    assert (varied.ends_on, varied.planned_end, varied.version) == (LATER_END, date(2027, 8, 31), 2)
    assert last_history(varied) == (commissioner, "Families need longer")


def test_an_end_that_was_published_to_the_month_becomes_a_day(commissioner: User) -> None:
    published = make.make_grant(tracked=False, decided=False, ends_on=None, ends_about="2027-03")
    vary_grant(**vary(published, commissioner, new_ends_on=LATER_END))
    assert (fresh(published).ends_on, fresh(published).ends_about) == (LATER_END, None)


def test_a_higher_award_becomes_one_more_instalment(grant: Grant, commissioner: User) -> None:
    make.make_instalment(grant, amount=Decimal(18000))
    more = {"new_amount": Decimal(20000), "added_due_on": date(2027, 2, 1)}
    variation = vary_grant(**vary(grant, commissioner, **more))
    assert (variation.old_amount, variation.new_amount) == (Decimal(18000), Decimal(20000))
    assert variation.scope == "Instalment 2 added: £2,000, due 1 February 2027."
    added = grant.instalments.get(number=2)
    assert (added.amount, added.due_on) == (Decimal(2000), date(2027, 2, 1))
    assert last_history(added) == (commissioner, "Families need longer")


def test_what_was_raised_without_a_date_is_scheduled_later(grant: Grant, commissioner: User) -> None:
    """Money is paid when it is due: a raise of which no day was said must still find its way into the schedule."""
    make.make_instalment(grant, amount=Decimal(18000))
    vary_grant(**vary(grant, commissioner, new_amount=Decimal(20000)))
    vary_grant(**vary(grant, commissioner, added_due_on=date(2027, 2, 1)))
    assert [i.amount for i in grant.instalments.order_by("number")] == [Decimal(18000), Decimal(2000)]
    with pytest.raises(ActionRefused, match="The schedule lacks nothing of the award"):
        vary_grant(**vary(grant, commissioner, added_due_on=date(2027, 2, 1)))


def test_a_later_raise_schedules_all_that_is_lacking(grant: Grant, commissioner: User) -> None:
    make.make_instalment(grant, amount=Decimal(17000))
    make.make_payment_row(grant, amount=Decimal(400), keep_dates=False)
    vary_grant(**vary(grant, commissioner, new_amount=Decimal(20000)))
    more = {"new_amount": Decimal(21000), "added_due_on": date(2027, 2, 1)}
    vary_grant(**vary(grant, commissioner, **more))
    assert grant.instalments.get(number=2).amount == Decimal(3600)


def test_where_an_amount_is_not_known_only_what_was_raised_is_added(grant: Grant, commissioner: User) -> None:
    make.make_instalment(grant, amount=None)
    with pytest.raises(ActionRefused, match="It is not known what the schedule lacks"):
        vary_grant(**vary(grant, commissioner, added_due_on=date(2027, 2, 1)))
    more = {"new_amount": Decimal(21000), "added_due_on": date(2027, 2, 1)}
    vary_grant(**vary(grant, commissioner, **more))
    assert grant.instalments.get(number=2).amount == Decimal(3000)


def test_the_page_says_what_no_schedule_holds(
    grant: Grant, commissioner: User, client_for: ClientFor
) -> None:
    make.make_instalment(grant, amount=Decimal(18000))
    client, form = client_for(commissioner), f"/grants/{grant.ref}/vary/"
    sent = {"new_amount": "20,000", "reason": "More", "version": "1", "request_key": str(uuid.uuid4())}
    days = typed(TODAY, "proposed_on") | typed(TODAY, "decided_on")
    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False):
        said = client.post(form, sent | days, follow=True).content.decode()
        assert "£2,000 of the award is not in the schedule: vary the grant again" in said
        assert "Not in the schedule" in client.get(form).content.decode()


def test_a_lower_award_takes_from_the_last_unpaid_instalments(grant: Grant, people: make.People) -> None:
    first = make.make_instalment(grant, amount=Decimal(6000))
    for _ in range(2):
        make.make_instalment(grant, amount=Decimal(6000))
    record_payment(**pay(grant, people.finance, instalment=first, amount=Decimal(6000)))
    with pytest.raises(
        ActionRefused, match="£6,000 is paid already. Recover money first".replace(".", r"\.")
    ):
        vary_grant(**vary(grant, people.commissioner, new_amount=Decimal("5999.99")))
    variation = vary_grant(
        **vary(grant, people.commissioner, new_amount=Decimal(8000), scope="Fewer schools")
    )
    assert variation.scope.splitlines() == [
        "Fewer schools",
        "Instalment 2: £2,000, before £6,000.",
        "Instalment 3: £0, before £6,000.",
    ]
    assert [(i.amount, i.due_on) for i in grant.instalments.order_by("number")] == [
        (Decimal(6000), date(2026, 11, 2)),
        (Decimal(2000), date(2026, 11, 2)),
        (Decimal(0), None),
    ]


def test_a_lower_award_leaves_room_for_what_was_paid_outside_the_schedule(
    grant: Grant, people: make.People
) -> None:
    for _ in range(3):
        make.make_instalment(grant, amount=Decimal(6000))
    record_payment(**pay(grant, people.finance, amount=Decimal(4000)))
    vary_grant(**vary(grant, people.commissioner, new_amount=Decimal(12000)))
    assert [line.amount for line in grant.instalments.order_by("number")] == [6000, 2000, 0]
    assert list(faults()) == []


def test_what_came_back_is_not_scheduled_again(grant: Grant, people: make.People) -> None:
    record_payment(**pay(grant, people.finance, amount=Decimal(18000)))
    recover_payment(
        grant=grant,
        amount=Decimal(4000),
        recovered_on=TODAY,
        reason="Underspend",
        by=people.finance,
        on=TODAY,
        at=NOW,
    )
    with pytest.raises(ActionRefused, match="nothing of it is left to schedule"):
        vary_grant(**vary(grant, people.commissioner, added_due_on=date(2027, 2, 1)))


def test_an_instalment_cut_to_what_is_paid_is_paid(grant: Grant, people: make.People) -> None:
    instalment = make.make_instalment(grant, amount=Decimal(18000))
    record_payment(**pay(grant, people.finance, instalment=instalment, amount=Decimal(5000)))
    vary_grant(**vary(grant, people.commissioner, new_amount=Decimal(5000)))
    assert (fresh(instalment).amount, fresh(instalment).paid_on) == (Decimal(5000), date(2026, 11, 20))


def test_a_later_due_date_is_kept_in_the_scope(grant: Grant, commissioner: User) -> None:
    instalment = make.make_instalment(grant)
    variation = vary_grant(**vary(grant, commissioner, due_dates={1: date(2026, 12, 1)}))
    assert variation.scope == "Instalment 1: due 1 December 2026, before 2 November 2026."
    assert fresh(instalment).due_on == date(2026, 12, 1)
    assert last_history(fresh(instalment)) == (commissioner, "Families need longer")


def test_a_form_that_shows_old_due_dates_is_refused(grant: Grant, commissioner: User) -> None:
    """Two have the form open: the second does not undo what the first moved."""
    moved = make.make_instalment(grant)
    first, second = {1: date(2026, 12, 1)}, {1: date(2027, 1, 4)}
    vary_grant(**vary(grant, commissioner, due_dates=first, version=1))
    with pytest.raises(StaleVersion):
        vary_grant(**vary(grant, commissioner, due_dates=second, version=1))
    assert fresh(moved).due_on == date(2026, 12, 1)


REFUSALS: dict[str, tuple[dict[str, Any], str, str | None]] = {
    "nothing": ({}, "Nothing changes", None),
    "same end": ({"new_ends_on": date(2027, 8, 31)}, "ends on 31 August 2027 already", "new_ends_on"),
    "end before start": (
        {"new_ends_on": date(2026, 11, 1)},
        "when the work was planned to start",
        "new_ends_on",
    ),
    "same amount": ({"new_amount": Decimal(18000)}, "The award is £18,000 already", "new_amount"),
    "negative": ({"new_amount": Decimal(-1)}, "pounds and pence", "new_amount"),
    "added to less": (
        {"new_amount": Decimal(5), "added_due_on": TODAY},
        "The schedule lacks nothing of the award",
        "added_due_on",
    ),
    "no reason": ({"new_ends_on": LATER_END, "reason": ""}, "Say why the grant is varied", "reason"),
    "decided in future": (
        {"new_ends_on": LATER_END, "decided_on": date(2026, 11, 22)},
        "in the future",
        "decided_on",
    ),
    "decided before proposed": (
        {"new_ends_on": LATER_END, "decided_on": date(2026, 11, 1)},
        "when the variation was proposed",
        "decided_on",
    ),
    "before the grant": (
        {"new_ends_on": LATER_END, "decided_on": date(2026, 10, 8), "proposed_on": date(2026, 10, 8)},
        "when the grant was decided",
        "decided_on",
    ),
    "due before the grant": (
        {"due_dates": {1: date(2026, 10, 8)}},
        "when the grant was decided",
        "due_1",
    ),
    "added before the grant": (
        {"new_amount": Decimal(20000), "added_due_on": date(2026, 10, 8)},
        "when the grant was decided",
        "added_due_on",
    ),
    "due long after the end": (
        {"due_dates": {1: date(2028, 9, 1)}},
        "1 September 2028 is more than a year after 31 August 2027, when the grant ends",
        "due_1",
    ),
    "due long after a new end": (
        {"new_ends_on": LATER_END, "due_dates": {1: date(2029, 1, 1)}},
        "more than a year after 31 December 2027",
        "due_1",
    ),
    "no such instalment": ({"due_dates": {9: TODAY}}, "has no instalment 9", "due_9"),
    "words": ({"scope": "Ella Morgan of HR4 9AB"}, "beside a postcode", "scope"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_variations_refused(case: str, grant: Grant, commissioner: User) -> None:
    entries, sentence, field = REFUSALS[case]
    make.make_instalment(grant)
    with pytest.raises(ActionRefused, match=sentence) as refusal:
        vary_grant(**vary(grant, commissioner, **entries))
    assert refusal.value.field == field
    assert not Variation.objects.exists()


def test_a_paid_instalment_is_not_moved(grant: Grant, people: make.People) -> None:
    instalment = make.make_instalment(grant)
    record_payment(**pay(grant, people.finance, instalment=instalment))
    with pytest.raises(ActionRefused, match="Instalment 1 is paid already"):
        vary_grant(**vary(grant, people.commissioner, due_dates={1: LATER_END}))


def test_a_variation_sent_twice_is_one_and_a_stale_one_is_refused(grant: Grant, commissioner: User) -> None:
    form = vary(grant, commissioner, new_ends_on=LATER_END, request_key=uuid.uuid4(), version=1)
    assert vary_grant(**form) == vary_grant(**form)
    with pytest.raises(StaleVersion):
        vary_grant(**{**form, "request_key": uuid.uuid4()})


def test_who_may_not_vary(grant: Grant, people: make.People) -> None:
    for role in ("finance", "scrutiny", "provider"):
        with pytest.raises(NotAllowed):
            vary_grant(**vary(grant, people[role], new_ends_on=LATER_END))


def test_a_grant_without_a_schedule_gets_its_first_instalment(grant: Grant, commissioner: User) -> None:
    """What is not paid of the award, and it leaves the list of what is not known."""
    grant.instalments.all().delete()
    make.make_payment_row(grant, amount=Decimal(1000), keep_dates=False)
    vary_grant(**vary(grant, commissioner, added_due_on=date(2027, 2, 1)))
    first = grant.instalments.get()
    assert (first.number, first.amount, first.due_on) == (1, Decimal(17000), date(2027, 2, 1))
    assert grant.variations.get().scope == "Instalment 1 added: £17,000, due 1 February 2027."
    with pytest.raises(ActionRefused, match="The schedule lacks nothing of the award"):
        vary_grant(**vary(grant, commissioner, added_due_on=date(2027, 3, 1)))


def test_the_first_instalment_of_an_unknown_award_is_not_known(grant: Grant, commissioner: User) -> None:
    grant.instalments.all().delete()
    Grant.objects.filter(pk=grant.pk).update(amount_awarded=None)
    vary_grant(**vary(grant, commissioner, added_due_on=date(2027, 2, 1)))
    assert grant.instalments.get().amount is None


def test_what_is_paid_in_full_has_nothing_left_to_schedule(grant: Grant, commissioner: User) -> None:
    grant.instalments.all().delete()
    make.make_payment_row(grant, amount=Decimal(18000), keep_dates=False)
    with pytest.raises(ActionRefused, match="nothing of it is left to schedule"):
        vary_grant(**vary(grant, commissioner, added_due_on=date(2027, 2, 1)))
