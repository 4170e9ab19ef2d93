"""The same day gives the same year; a bigger one begins with the same grants and adds up."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from core.calendar import working_days
from core.models import User
from demo.year.make import DEFAULT_GRANTS, make_scene, make_year, stories
from grants.models import Grant, Payment
from tests.demo.test_demo_year import flags
from tests.histories import untold

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ON = date(2026, 11, 21)


def made(on: date, grants: int = DEFAULT_GRANTS) -> list[object]:
    """A year made and undone: its grants, its payments and its flags."""
    with transaction.atomic():
        make_year(on=on, grants=grants)
        rows = list(Grant.objects.order_by("ref").values_list("ref", "title", "ends_on", "first_paid_on"))
        paid = list(
            Payment.objects.order_by("grant__ref", "paid_on", "id").values_list("grant__ref", "amount")
        )
        found = [rows, paid, flags()]
        transaction.set_rollback(True)
    return found


def test_the_same_day_gives_the_same_year() -> None:
    assert made(ON, DEFAULT_GRANTS + 30) == made(ON, DEFAULT_GRANTS + 30)


@pytest.mark.parametrize("day", [date(2027, 4, 1), date(2028, 2, 29), date(2026, 12, 25)])
def test_any_day_will_do(day: date) -> None:
    """A story that tells of the future refuses itself; the calendar has bank holidays and leap days in it."""
    scene = make_scene(day, User.objects.system("test"))
    told = list(stories(scene))
    assert len(told) == DEFAULT_GRANTS
    assert len({draft.grant.ref for draft in told}) == DEFAULT_GRANTS
    assert max(event.day for draft in told for event in draft.events) <= day
    assert working_days().is_working(scene.ago(1))


def test_more_grants_are_dealt_from_their_numbers_and_add_up() -> None:
    first = make_year(on=ON, grants=DEFAULT_GRANTS + 40)
    assert first == (DEFAULT_GRANTS + 40, DEFAULT_GRANTS + 40)
    before = list(Grant.objects.order_by("id").values())
    again = make_year(on=ON, grants=DEFAULT_GRANTS + 40)
    assert again == (0, DEFAULT_GRANTS + 40)
    more = make_year(on=ON, grants=DEFAULT_GRANTS + 60)
    assert more == (20, DEFAULT_GRANTS + 60)
    assert list(Grant.objects.order_by("id").values())[: len(before)] == before
    assert Payment.objects.filter(grant__ref__startswith="BULK-").count() > 60
    assert [told for told in untold() if told.startswith(("Organisation", "Locality"))] == []
    assert not Grant.objects.filter(fund__is_illustrative=False).exists()
    out = StringIO()
    call_command("check_register", "--json", stdout=out)
    assert json.loads(out.getvalue())["adds_up"] is True
