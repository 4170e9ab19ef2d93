"""The close of a grant, and its withdrawal."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.errors import ActionRefused, NotAllowed, StaleVersion
from core.models import User
from grants.models import Grant
from grants.operations.decisions import close_grant
from tests import factories as make
from tests.grants.operations.conftest import TODAY, fresh, last_history

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def close(grant: Grant, by: User, **entries: Any) -> dict[str, Any]:
    return {"grant": grant, "reason": "All is settled", "by": by, "on": TODAY, **entries}


def test_who_may_not_close(grant: Grant, people: make.People) -> None:
    for role in ("finance", "scrutiny", "provider"):
        with pytest.raises(NotAllowed):
            close_grant(**close(grant, people[role], withdrawn_on=TODAY))


@pytest.fixture
def ended(people: make.People) -> Grant:
    """Paid in full, ended on 18 November 2026, its last caseload 26 families on 30 September."""
    grant = make.make_grant(
        planned_end=date(2026, 11, 18), ends_on=date(2026, 11, 18), amount_awarded=Decimal(4500)
    )
    make.make_payment_row(grant, instalment=make.make_instalment(grant), paid_on=date(2026, 11, 9))
    make.make_return(grant)
    return grant


def test_a_grant_that_leaves_people_is_not_closed(ended: Grant, commissioner: User) -> None:
    with pytest.raises(ActionRefused, match="26 families have no confirmed support after it"):
        close_grant(**close(ended, commissioner, closed_on=TODAY))
    make.make_cover(make.make_plan(ended), number=26)
    closed = close_grant(**close(ended, commissioner, closed_on=TODAY, version=1))
    assert (closed.closed_on, closed.version) == (TODAY, 2)
    assert last_history(closed) == (commissioner, "All is settled")


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        (1, "families", "^1 family has no confirmed support after it"),
        (1, "children", "^1 child or young person has no confirmed support after it"),
        (2, "children", "^2 children and young people have no confirmed support after it"),
    ],
)
def test_whom_it_leaves_is_told_in_its_unit(
    number: int, unit: str, words: str, ended: Grant, commissioner: User
) -> None:
    ended.returns.update(caseload=number, caseload_unit=unit)
    with pytest.raises(ActionRefused, match=words):
        close_grant(**close(ended, commissioner, closed_on=TODAY))


def test_nor_is_one_of_which_it_is_not_known(ended: Grant, commissioner: User) -> None:
    ended.returns.all().delete()
    with pytest.raises(ActionRefused, match="It is not known how many people have no confirmed support"):
        close_grant(**close(ended, commissioner, closed_on=TODAY))


@pytest.mark.parametrize(("unknown", "words"), [("ends_on", "when it ends"), ("purpose", "what it pays for")])
def test_closing_hides_nobody_of_whom_too_little_is_known(
    unknown: str, words: str, ended: Grant, commissioner: User
) -> None:
    Grant.objects.filter(pk=ended.pk).update(**{unknown: None, "planned_end": None})
    with pytest.raises(ActionRefused, match=f"It is not known {words}, so closing it may hide people"):
        close_grant(**close(fresh(ended), commissioner, closed_on=TODAY))
    make.make_cover(make.make_plan(ended), number=26)
    assert close_grant(**close(fresh(ended), commissioner, closed_on=TODAY)).closed_on == TODAY


def test_a_grant_of_nothing_is_closed_without_a_payment(commissioner: User) -> None:
    grant = make.make_grant(amount_awarded=Decimal(0), purpose="training", planned_end=TODAY, ends_on=TODAY)
    assert close_grant(**close(grant, commissioner, closed_on=TODAY)).closed_on == TODAY


def test_a_year_after_its_end_it_can_be_closed(commissioner: User) -> None:
    grant = make.make_grant(
        planned_start=date(2025, 1, 1), planned_end=date(2025, 11, 20), ends_on=date(2025, 11, 20)
    )
    make.make_payment_row(grant, paid_on=date(2026, 11, 9))
    assert close_grant(**close(grant, commissioner, closed_on=TODAY)).closed_on == TODAY


CLOSE_REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "no date": ({}, "Enter one date"),
    "both": ({"closed_on": TODAY, "withdrawn_on": TODAY}, "Enter one date"),
    "no reason": ({"closed_on": TODAY, "reason": ""}, "Say why"),
    "closed in future": ({"closed_on": date(2026, 11, 22)}, "in the future"),
    "withdrawn in future": ({"withdrawn_on": date(2026, 11, 22)}, "in the future"),
    "before its end": ({"closed_on": date(2026, 11, 17)}, "vary its end first"),
    "withdrawn though paid": ({"withdrawn_on": TODAY}, "Recover it first, or close the grant"),
}


@pytest.mark.parametrize("case", CLOSE_REFUSALS)
def test_closing_refused(case: str, ended: Grant, commissioner: User) -> None:
    entries, sentence = CLOSE_REFUSALS[case]
    with pytest.raises(ActionRefused, match=sentence):
        close_grant(**close(ended, commissioner, **entries))
    assert fresh(ended).version == 1


def test_money_that_is_owed_is_not_closed_away(ended: Grant, commissioner: User) -> None:
    make.make_cover(make.make_plan(ended), number=26)
    make.make_instalment(ended, amount=Decimal(100))
    with pytest.raises(ActionRefused, match="Instalment 2 is not paid. Pay it, or vary".replace(".", r"\.")):
        close_grant(**close(ended, commissioner, closed_on=TODAY))


def test_any_payment_settles_an_instalment_of_unknown_amount(ended: Grant, commissioner: User) -> None:
    make.make_cover(make.make_plan(ended), number=26)
    unknown = make.make_instalment(ended, amount=None)
    Grant.objects.filter(pk=ended.pk).update(amount_awarded=Decimal(20000))
    with pytest.raises(ActionRefused, match="Instalment 2 is not paid"):
        close_grant(**close(ended, commissioner, closed_on=TODAY))
    make.make_payment_row(ended, instalment=unknown, amount=Decimal(10), keep_dates=False)
    assert close_grant(**close(ended, commissioner, closed_on=TODAY)).closed_on == TODAY


def test_what_was_never_paid_is_withdrawn_not_closed(grant: Grant, commissioner: User) -> None:
    Grant.objects.update(ends_on=date(2026, 11, 18))
    with pytest.raises(ActionRefused, match="If it will not go ahead, withdraw it"):
        close_grant(**close(grant, commissioner, closed_on=TODAY))
    with pytest.raises(ActionRefused, match="when the grant was decided"):
        close_grant(**close(grant, commissioner, withdrawn_on=date(2026, 10, 8)))
    assert close_grant(**close(grant, commissioner, withdrawn_on=TODAY)).withdrawn_on == TODAY
    with pytest.raises(ActionRefused, match="withdrawn on 21 November 2026"):
        close_grant(**close(grant, commissioner, closed_on=TODAY))


def test_a_close_sent_twice_is_one_and_a_stale_one_is_refused(grant: Grant, commissioner: User) -> None:
    form = close(grant, commissioner, withdrawn_on=TODAY, request_key=uuid.uuid4(), version=1)
    with pytest.raises(StaleVersion):
        close_grant(**{**form, "version": 3})
    close_grant(**form)
    assert close_grant(**form).version == 2
