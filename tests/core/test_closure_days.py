"""Closure days: each one that is added or removed is in the calendar at once, and nothing else is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from core.calendar import working_days
from core.errors import ActionRefused, NotAllowed
from core.models import CalendarEdition, ClosureDay, User
from core.operations.closure_days import add_closure_day, remove_closure_day
from tests.conftest import ClientFor
from tests.factories import People, make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.filterwarnings("ignore:No directory at"),
]

CLOSED, NEXT = date(2026, 12, 29), date(2026, 12, 30)
REASON = "Offices closed between the holidays"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False):
        yield


def add(by: User, day: date = CLOSED, reason: str = REASON) -> ClosureDay:
    return add_closure_day(day=day, reason=reason, by=by)


def test_a_day_counts_as_closed_from_now_on_and_as_worked_once_removed(administrator: User) -> None:
    assert working_days().between(CLOSED, NEXT) == 1
    closure = add(administrator)
    assert working_days().between(CLOSED, NEXT) == 0
    assert not working_days().is_working(CLOSED)
    assert remove_closure_day(closure=closure, by=administrator) == CLOSED
    assert working_days().between(CLOSED, NEXT) == 1
    assert not ClosureDay.objects.exists()


def test_its_history_says_who_added_and_who_removed_it(administrator: User) -> None:
    other = make_user("administrator")
    remove_closure_day(closure=add(administrator), by=other)
    added, removed = ClosureDay.history.order_by("history_id")
    assert (added.date, added.reason) == (removed.date, removed.reason) == (CLOSED, REASON)
    assert (added.history_type, added.history_user, added.history_change_reason) == (
        "+", administrator, "Added to the days on which the council is closed",
    )  # fmt: skip
    assert (removed.history_type, removed.history_user, removed.history_change_reason) == (
        "-", other, "Taken off the days on which the council is closed",
    )  # fmt: skip


def test_a_past_day_can_be_closed(administrator: User) -> None:
    before = working_days().between(date(2026, 3, 6), date(2026, 3, 11))
    add(administrator, date(2026, 3, 9))
    assert working_days().between(date(2026, 3, 6), date(2026, 3, 11)) == before - 1


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 12, 26), "26 December 2026 is a Saturday: it is no working day already"),
        (date(2102, 12, 31), "31 December 2102 is a Sunday"),
        (date(2026, 12, 25), "is a bank holiday"),
        (date(2026, 12, 28), "is a bank holiday"),
        (date(1977, 12, 31), "The calendar runs from 1 January 1978 to 31 December 2102"),
        (date(2103, 1, 2), "The calendar runs from"),
    ],
)
def test_a_day_that_changes_nothing_or_lies_outside_is_refused(
    day: date, words: str, administrator: User
) -> None:
    edition = CalendarEdition.objects.get().token
    with pytest.raises(ActionRefused, match=words) as refused:
        add(administrator, day)
    assert refused.value.field == "day"
    assert not ClosureDay.objects.exists()
    assert CalendarEdition.objects.get().token == edition


def test_a_day_is_closed_once(administrator: User) -> None:
    first, edition = add(administrator), CalendarEdition.objects.get().token
    assert add(administrator, reason=f" {REASON} ") == first
    with pytest.raises(ActionRefused, match="is a closure day already: Offices closed"):
        add(administrator, reason="Training")
    assert ClosureDay.objects.count() == 1
    assert CalendarEdition.objects.get().token == edition


@pytest.mark.parametrize(
    ("reason", "words"),
    [("  ", "Say why"), ("Ella Morgan, born 3 April 2015", "a name beside a date of birth")],
)
def test_a_reason_is_given_and_names_nobody(reason: str, words: str, administrator: User) -> None:
    with pytest.raises(ActionRefused, match=words) as refused:
        add(administrator, reason=reason)
    assert refused.value.field == "reason"


@pytest.mark.parametrize("who", ["commissioner", "finance", "scrutiny", "provider"])
def test_only_an_administrator_changes_the_calendar(who: str, people: People) -> None:
    with pytest.raises(NotAllowed):
        add(people[who])
    closure = add(people.administrator)
    with pytest.raises(NotAllowed):
        remove_closure_day(closure=closure, by=people[who])
    assert ClosureDay.objects.get() == closure


def test_a_day_that_is_removed_already_is_said_to_be(administrator: User) -> None:
    closure = add(administrator)
    gone = ClosureDay.objects.get(pk=closure.pk)
    remove_closure_day(closure=closure, by=administrator)
    with pytest.raises(ActionRefused, match="does not exist any more"):
        remove_closure_day(closure=gone, by=administrator)


def test_day_and_calendar_stand_or_fall_together(administrator: User) -> None:
    with transaction.atomic():
        add(administrator)
        transaction.set_rollback(True)
    assert not ClosureDay.objects.exists()
    assert working_days().between(CLOSED, NEXT) == 1


def test_the_page_adds_lists_and_removes(client_for: ClientFor) -> None:
    client, address = client_for("administrator"), reverse("closure_days")
    assert "No closure day is to come" in client.get(address).content.decode()
    for day in ("2026-12-29", "2026-03-09"):
        assert client.post(address, {"day": day, "reason": REASON})["Location"] == address
    page = client.get(address).content.decode()
    assert "29 December 2026 is a closure day. Every timing counts it as not worked from now on." in page
    assert "1 closure day to come · the next is 29 December 2026" in page
    assert page.index("Remove 29 December 2026") < page.index("Past") < page.index("Remove 9 March 2026")
    removal = reverse("remove_closure_day", args=[ClosureDay.objects.get(date=CLOSED).pk])
    assert f'href="{removal}"' in page
    asked = client.get(removal).content.decode()
    assert REASON in asked
    assert working_days().between(CLOSED, NEXT) == 0
    assert client.post(removal)["Location"] == address
    page = client.get(address).content.decode()
    assert "29 December 2026 is removed" in page
    assert working_days().between(CLOSED, NEXT) == 1
    assert client.get(removal).status_code == 404


def test_the_page_says_why_a_day_is_refused_and_keeps_what_was_typed(client_for: ClientFor) -> None:
    typed = {"day_day": "26", "day_month": "12", "day_year": "2026", "reason": REASON}
    page = client_for("administrator").post(reverse("closure_days"), typed).content.decode()
    assert page.count("26 December 2026 is a Saturday") == 2
    assert f'value="{REASON}"' in page


@pytest.mark.parametrize("who", ["administrator", "commissioner"])
def test_administrators_have_a_link(who: str, client_for: ClientFor) -> None:
    page = client_for(who).get("/").content.decode()
    assert (f'href="{reverse("closure_days")}"' in page) == (who == "administrator")
