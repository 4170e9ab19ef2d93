"""Agreements and checks: in order, by whom, and what they block."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.errors import ActionRefused, NotAllowed, StaleVersion
from core.models import User
from grants.models import Agreement, Check, Grant
from grants.operations.decisions import add_check, bank_details_changed, record_agreement, record_check
from grants.operations.payments import record_payment
from tests import factories as make
from tests.grants.operations.conftest import TODAY, fresh, last_history, pay

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

YESTERDAY = date(2026, 11, 20)
TOMORROW = date(2026, 11, 22)


def act(by: User, **entries: Any) -> dict[str, Any]:
    return {"by": by, "on": TODAY, **entries}


@pytest.fixture
def unsigned() -> Grant:
    """Approved on 9 October 2026, no agreement yet."""
    return make.make_grant()


def test_an_agreement_step_by_step(unsigned: Grant, commissioner: User) -> None:
    issued, signed, countersigned = date(2026, 10, 12), date(2026, 10, 16), date(2026, 10, 19)
    first = record_agreement(grant=unsigned, issued_on=issued, **act(commissioner, version=0))
    assert last_history(first) == (commissioner, "Agreement issued")
    second = record_agreement(
        grant=unsigned, issued_on=issued, signed_on=signed, **act(commissioner, version=1)
    )
    assert last_history(second) == (commissioner, "Agreement signed by the provider")
    third = record_agreement(
        grant=unsigned,
        issued_on=issued,
        signed_on=signed,
        countersigned_on=countersigned,
        **act(commissioner, version=2),
    )
    assert last_history(third) == (commissioner, "Agreement countersigned")
    assert Agreement.objects.count() == 1
    with pytest.raises(StaleVersion):
        record_agreement(grant=unsigned, issued_on=issued, **act(commissioner, version=2))


@pytest.mark.parametrize(
    ("dates", "sentence", "field"),
    [
        ((None, date(2026, 10, 16), None), "the day the agreement was issued too", "issued_on"),
        ((date(2026, 10, 12), None, date(2026, 10, 16)), "the day the provider signed too", "signed_on"),
        ((date(2026, 10, 12), date(2026, 10, 11), None), "when the agreement was issued", "signed_on"),
        (
            (date(2026, 10, 12), date(2026, 10, 16), date(2026, 10, 15)),
            "when the provider signed",
            "countersigned_on",
        ),
        ((TOMORROW, None, None), "in the future", "issued_on"),
        ((date(2026, 10, 8), None, None), "when the grant was decided", "issued_on"),
    ],
)
def test_agreements_refused(
    dates: tuple[date | None, ...], sentence: str, field: str, unsigned: Grant, commissioner: User
) -> None:
    issued, signed, countersigned = dates
    with pytest.raises(ActionRefused, match=sentence) as refusal:
        record_agreement(
            grant=unsigned,
            issued_on=issued,
            signed_on=signed,
            countersigned_on=countersigned,
            **act(commissioner),
        )
    assert refusal.value.field == field
    assert not Agreement.objects.exists()


def test_an_agreement_sent_twice_is_one(unsigned: Grant, commissioner: User) -> None:
    form = act(commissioner, request_key=uuid.uuid4(), version=0)
    first = record_agreement(grant=unsigned, issued_on=YESTERDAY, **form)
    assert record_agreement(grant=unsigned, issued_on=YESTERDAY, **form) == first
    with pytest.raises(StaleVersion):
        record_agreement(grant=unsigned, issued_on=YESTERDAY, **act(commissioner, version=0))


def test_an_agreement_waits_for_the_checks_before_it(unsigned: Grant, people: make.People) -> None:
    check = make.make_check(unsigned, needed_before="agreement")
    with pytest.raises(ActionRefused, match="Needed before the agreement: Safeguarding policy not seen"):
        record_agreement(grant=unsigned, issued_on=TODAY, **act(people.commissioner))
    record_check(check=check, result="passed", checked_on=TODAY, **act(people.finance))
    assert record_agreement(grant=unsigned, issued_on=TODAY, **act(people.commissioner)).issued_on == TODAY


def test_who_may_not_record_an_agreement(unsigned: Grant, people: make.People) -> None:
    for role in ("finance", "scrutiny", "provider"):
        with pytest.raises(NotAllowed):
            record_agreement(grant=unsigned, issued_on=YESTERDAY, **act(people[role]))


def test_a_check_is_added_asked_for_and_passed(grant: Grant, finance: User) -> None:
    check = add_check(grant=grant, kind="insurance", **act(finance))
    assert last_history(check) == (finance, "Insurance needed before payment")
    with pytest.raises(ActionRefused, match="Insurance is on this grant's list of checks already"):
        add_check(grant=grant, kind="insurance", **act(finance))
    asked = record_check(check=check, result=None, requested_on=YESTERDAY, **act(finance))
    assert last_history(asked) == (finance, "Insurance asked for")
    seen = record_check(
        check=check, result="passed", checked_on=TODAY, expires_on=date(2027, 5, 31), **act(finance)
    )
    assert (seen.requested_on, seen.checked_by, seen.expires_on) == (YESTERDAY, finance, date(2027, 5, 31))
    assert last_history(seen) == (finance, "Insurance: seen and in order")
    anew = record_check(check=check, result=None, requested_on=TODAY, **act(finance))
    assert (anew.result, anew.checked_by, anew.checked_on, anew.expires_on) == (None, None, None, None)


@pytest.mark.parametrize(
    ("entries", "sentence", "field"),
    [
        ({"result": "passed"}, "the day on which it was seen", "checked_on"),
        ({"result": "passed", "checked_on": TOMORROW}, "in the future", "checked_on"),
        ({"result": None, "requested_on": TOMORROW}, "in the future", "requested_on"),
        ({"result": None, "checked_on": TODAY}, "Say what the check found", "result"),
        ({"result": None}, "or when the provider was asked", "requested_on"),
        (
            {"result": "passed", "checked_on": TODAY, "expires_on": YESTERDAY},
            "when it was seen",
            "expires_on",
        ),
        ({"result": "failed", "checked_on": TODAY, "expires_on": TODAY}, "does not expire", "expires_on"),
    ],
)
def test_checks_refused(
    entries: dict[str, Any], sentence: str, field: str, grant: Grant, finance: User
) -> None:
    check = make.make_check(grant, requested_on=None)
    with pytest.raises(ActionRefused, match=sentence) as refusal:
        record_check(check=check, **entries, **act(finance))
    assert refusal.value.field == field
    assert fresh(check).version == 1


def test_checks_sent_twice_and_stale(grant: Grant, finance: User) -> None:
    form = act(finance, request_key=uuid.uuid4())
    check = add_check(grant=grant, kind="insurance", **form)
    assert add_check(grant=grant, kind="insurance", **form) == check
    with pytest.raises(ActionRefused, match="sent before, with other entries"):
        add_check(grant=grant, kind="accounts", **form)
    seen = {"result": "passed", "checked_on": TODAY}
    edit = act(finance, request_key=uuid.uuid4(), version=1)
    record_check(check=check, **seen, **edit)
    assert record_check(check=check, **seen, **edit).version == 2
    with pytest.raises(StaleVersion):
        record_check(check=check, **seen, **act(finance, version=1))


def test_changed_bank_details_block_until_another_person_called_back(
    grant: Grant, people: make.People
) -> None:
    finance, commissioner = people.finance, people.commissioner
    make.make_check(grant, kind="bank_details", result="passed")
    check = bank_details_changed(grant=grant, told_on=YESTERDAY, **act(finance))
    assert (check.result, check.changed_by, check.requested_on) == (None, finance, YESTERDAY)
    assert last_history(check) == (finance, "Bank details changed: to be verified by another person")
    with pytest.raises(ActionRefused, match="Bank details changed and not verified, waiting on the council"):
        record_payment(**pay(grant, finance))
    passed = {"check": check, "result": "passed", "checked_on": TODAY}
    with pytest.raises(ActionRefused, match="You recorded the change of bank details, so another person"):
        record_check(**passed, called_back=True, **act(finance))
    with pytest.raises(ActionRefused, match="Call the provider back on a number that the council held"):
        record_check(**passed, **act(commissioner))
    with pytest.raises(ActionRefused, match="when the change was told"):
        record_check(**{**passed, "checked_on": date(2026, 11, 19)}, called_back=True, **act(commissioner))
    record_check(**passed, called_back=True, **act(commissioner))
    assert record_payment(**pay(grant, finance)).amount == 4500


def test_telling_the_change_again_moves_no_day(grant: Grant, people: make.People) -> None:
    """Not by the change itself, nor by asking for the check anew: what moved in between stays refused."""
    make.make_check(grant, kind="bank_details", result="passed")
    check = bank_details_changed(grant=grant, told_on=date(2026, 11, 2), **act(people.finance))
    refused = "Bank details changed and not verified, waiting on the council"
    with pytest.raises(ActionRefused, match=refused):
        record_payment(**pay(grant, people.finance))
    bank_details_changed(grant=grant, told_on=TODAY, **act(people.finance))
    with pytest.raises(ActionRefused, match=refused):
        record_payment(**pay(grant, people.finance))
    record_check(check=check, result=None, requested_on=TODAY, **act(people.finance))
    with pytest.raises(ActionRefused, match=refused):
        record_payment(**pay(grant, people.finance))
    moved_before = pay(grant, people.finance, paid_on=date(2026, 10, 30), amount=Decimal(100))
    assert record_payment(**moved_before).amount == 100


@pytest.mark.parametrize("before", [{"result": None}, {"result": "failed"}])
def test_a_change_makes_nothing_good_that_was_not(
    before: dict[str, Any], grant: Grant, people: make.People
) -> None:
    make.make_check(grant, kind="bank_details", **before)
    bank_details_changed(grant=grant, told_on=TODAY, **act(people.finance))
    with pytest.raises(ActionRefused, match="Bank details changed and not verified"):
        record_payment(**pay(grant, people.finance))


def test_asked_for_anew_after_a_call_back_what_moved_before_is_recorded(
    grant: Grant, people: make.People
) -> None:
    check = bank_details_changed(grant=grant, told_on=date(2026, 11, 2), **act(people.finance))
    seen = {"check": check, "result": "passed", "checked_on": date(2026, 11, 3), "called_back": True}
    record_check(**seen, **act(people.commissioner))
    record_check(check=check, result=None, requested_on=TODAY, **act(people.commissioner))
    assert record_payment(**pay(grant, people.finance)).paid_on == YESTERDAY


def test_changed_bank_details_block_every_running_grant_of_the_provider(
    grant: Grant, people: make.People
) -> None:
    """Whatever grant it was recorded on; one call back clears them all. Another provider's are left alone."""
    same = make.make_grant(fund=grant.fund, lead_provider=grant.lead_provider)
    closed = make.make_grant(fund=grant.fund, lead_provider=grant.lead_provider, closed_on=YESTERDAY)
    other = make.make_grant(fund=grant.fund)
    make.make_agreement(same)
    check = bank_details_changed(grant=grant, told_on=YESTERDAY, **act(people.finance))
    with pytest.raises(ActionRefused, match="Bank details changed and not verified"):
        record_payment(**pay(same, people.finance))
    assert not closed.checks.exists()
    assert not other.checks.exists()
    seen = {"check": check, "result": "passed", "checked_on": TODAY, "called_back": True}
    record_check(**seen, **act(people.commissioner))
    assert last_history(same.checks.get()) == (people.commissioner, "Bank details: seen and in order")
    assert record_payment(**pay(same, people.finance)).amount == 4500


def test_bank_details_without_a_check_before(grant: Grant, people: make.People) -> None:
    form = act(people.finance, request_key=uuid.uuid4(), version=0)
    check = bank_details_changed(grant=grant, told_on=TODAY, **form)
    assert bank_details_changed(grant=grant, told_on=TODAY, **form) == check
    assert Check.objects.get().version == 1
    with pytest.raises(StaleVersion):
        bank_details_changed(grant=grant, told_on=TODAY, **act(people.finance, version=0))
    with pytest.raises(ActionRefused, match="in the future"):
        bank_details_changed(grant=grant, told_on=TOMORROW, **act(people.finance))


def test_bank_details_themselves_have_no_column() -> None:
    names = {field.name for field in Check._meta.get_fields()}
    assert not [name for name in names if "account" in name or "sort" in name or "iban" in name]


def test_who_may_not_check(grant: Grant, people: make.People) -> None:
    check = make.make_check(grant)
    for role in ("scrutiny", "provider"):
        with pytest.raises(NotAllowed):
            add_check(grant=grant, kind="dbs", **act(people[role]))
        with pytest.raises(NotAllowed):
            record_check(check=check, result="passed", checked_on=TODAY, **act(people[role]))
        with pytest.raises(NotAllowed):
            bank_details_changed(grant=grant, told_on=TODAY, **act(people[role]))
