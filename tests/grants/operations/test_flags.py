"""What people do with flags; none of it clears one."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from core.errors import ActionRefused, NotAllowed, StaleVersion
from core.models import User
from grants.models import Flag, FlagEvent
from grants.operations import flags as operations
from grants.operations.flags import (
    acknowledge_flag,
    assign_flag,
    date_flag,
    note_flag,
    snooze_flag,
    wake_flag,
)
from tests import factories as make
from tests.conftest import ClientFor
from tests.grants.operations.conftest import NOW, TODAY, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def flag() -> Flag:
    """A late first payment."""
    return make.make_flag()


def act(by: User, **entries: Any) -> dict[str, Any]:
    return {"by": by, "on": TODAY, "at": NOW, **entries}


def said(event: FlagEvent) -> tuple[str, User, str, str]:
    return event.kind, event.by, event.level, event.note


def test_acknowledging(flag: Flag, finance: User) -> None:
    event = acknowledge_flag(flag=flag, note=" On it ", **act(finance))
    assert said(event) == ("acknowledged", finance, "late", "On it")
    assert (fresh(flag).acknowledged_by, fresh(flag).acknowledged_on) == (finance, TODAY)


def test_giving_it_to_somebody(flag: Flag, finance: User, commissioner: User, people: make.People) -> None:
    event = assign_flag(flag=flag, owner=commissioner, note="Please pay", **act(finance))
    assert said(event) == ("reassigned", finance, "late", f"To {commissioner}. Please pay")
    assert fresh(flag).owner == commissioner
    with pytest.raises(ActionRefused, match="owns this flag already"):
        assign_flag(flag=flag, owner=commissioner, **act(commissioner))
    left = make.make_user("finance", is_active=False)
    for nobody in (people.scrutiny, people.provider, left):
        with pytest.raises(ActionRefused, match="Choose an officer"):
            assign_flag(flag=flag, owner=nobody, **act(finance))


def test_setting_a_date(flag: Flag, finance: User) -> None:
    event = date_flag(flag=flag, act_by=date(2026, 12, 4), **act(finance))
    assert said(event) == ("dated", finance, "late", "By 4 December 2026.")
    assert fresh(flag).act_by == date(2026, 12, 4)
    with pytest.raises(ActionRefused, match="20 November 2026 has passed"):
        date_flag(flag=flag, act_by=date(2026, 11, 20), **act(finance))


def test_noting(flag: Flag, finance: User) -> None:
    assert said(note_flag(flag=flag, note="Called them", **act(finance)))[3] == "Called them"
    with pytest.raises(ActionRefused, match="Write the note"):
        note_flag(flag=flag, note=" ", **act(finance))
    with pytest.raises(ActionRefused, match="NHS number"):
        note_flag(flag=flag, note="943 476 5919", **act(finance))


def test_snoozing_until_the_level_rises(flag: Flag, finance: User) -> None:
    event = snooze_flag(flag=flag, reason="Paid on Monday", **act(finance))
    assert said(event) == ("snoozed", finance, "late", "Paid on Monday")
    asleep = fresh(flag)
    assert (asleep.snoozed_by, asleep.snoozed_on, asleep.snoozed_rank) == (finance, TODAY, 2)
    assert not Flag.objects.awake().exists()
    with pytest.raises(ActionRefused, match="snoozed already"):
        snooze_flag(flag=flag, reason="Paid on Tuesday", **act(finance))
    with pytest.raises(ActionRefused, match="Say why this can wait"):
        snooze_flag(flag=flag, reason="", **act(finance))
    Flag.objects.update(level="critical", rank=3)
    assert Flag.objects.awake().exists()
    snooze_flag(flag=flag, reason="The funder has stopped all payments", **act(finance))
    assert fresh(flag).snoozed_rank == 3


def test_a_snooze_is_ended_with_a_reason(flag: Flag, finance: User, commissioner: User) -> None:
    with pytest.raises(ActionRefused, match="This flag is not snoozed"):
        wake_flag(flag=flag, reason="They rang", **act(finance))
    snooze_flag(flag=flag, reason="Paid on Monday", **act(finance))
    with pytest.raises(ActionRefused, match="Say why this cannot wait"):
        wake_flag(flag=flag, reason=" ", **act(commissioner))
    later = {"at": NOW + timedelta(seconds=1)}
    opened_on = operations.version_of(flag)
    event = wake_flag(flag=flag, reason="They rang", **act(commissioner, **later), version=opened_on)
    assert said(event) == ("woken", commissioner, "late", "They rang")
    awake = Flag.objects.awake().get()
    assert (awake.snoozed_by, awake.snoozed_on, awake.snoozed_rank) == (None, None, None)
    again = wake_flag(flag=flag, reason="They rang", **act(commissioner, **later), version=opened_on)
    assert again == event
    with pytest.raises(StaleVersion):
        wake_flag(flag=flag, reason="They wrote", **act(commissioner, **later), version=opened_on)
    assert flag.events.count() == 2


def test_a_flag_that_sleeps_can_be_woken_and_not_snoozed_again(flag: Flag, client_for: ClientFor) -> None:
    client, page = client_for("finance"), f"/flags/{flag.pk}/"
    assert f"{page}wake/" not in client.get(page).content.decode()
    snooze_flag(flag=flag, reason="Paid on Monday", **act(make.somebody("finance")))
    asleep = client.get(page).content.decode()
    assert f"{page}wake/" in asleep
    assert f"{page}snooze/" not in asleep
    sent = {"reason": "They rang", "version": operations.version_of(flag), "request_key": str(uuid.uuid4())}
    assert client.post(f"{page}wake/", sent).status_code == 302
    assert "Snooze ended" in client.get(page).content.decode()


ACTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "acknowledge": (acknowledge_flag, {}),
    "date": (date_flag, {"act_by": TODAY}),
    "note": (note_flag, {"note": "Called them"}),
    "snooze": (snooze_flag, {"reason": "Paid on Monday"}),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_sent_twice_is_one(name: str, flag: Flag, finance: User) -> None:
    operation, entries = ACTS[name]
    first = operation(flag=flag, **entries, **act(finance))
    later = NOW + timedelta(seconds=1)
    assert operation(flag=flag, **entries, **act(finance, at=later)) == first
    assert flag.events.count() == 1


@pytest.mark.parametrize("name", sorted(set(ACTS) - {"note"}))
def test_an_act_on_a_flag_that_moved_on_is_refused(
    name: str, flag: Flag, finance: User, commissioner: User
) -> None:
    """What somebody else did since the form was opened is not done away with unseen; a note takes nothing away."""
    operation, entries = ACTS[name]
    opened_on = operations.version_of(flag)
    later = NOW + timedelta(seconds=1)
    note_flag(flag=flag, note="Called them", **act(commissioner))
    with pytest.raises(StaleVersion):
        operation(flag=flag, **entries, **act(finance, at=later), version=opened_on)
    assert flag.events.count() == 1
    operation(flag=flag, **entries, **act(finance, at=later), version=operations.version_of(flag))
    assert flag.events.count() == 2


def test_giving_a_flag_sent_twice_is_one(flag: Flag, finance: User, commissioner: User) -> None:
    first = assign_flag(flag=flag, owner=commissioner, **act(finance))
    assert assign_flag(flag=flag, owner=commissioner, **act(finance)) == first


@pytest.mark.parametrize("name", ACTS)
def test_no_act_clears_a_flag_nor_works_on_a_cleared_one(
    name: str, flag: Flag, finance: User, people: make.People
) -> None:
    operation, entries = ACTS[name]
    for role in ("scrutiny", "provider"):
        with pytest.raises(NotAllowed):
            operation(flag=flag, **entries, **act(people[role]))
    operation(flag=flag, **entries, **act(finance))
    assert fresh(flag).cleared_on is None
    Flag.objects.update(cleared_on=TODAY)
    with pytest.raises(ActionRefused, match="cleared on 21 November 2026"):
        operation(flag=flag, **entries, **act(finance))


def test_there_is_no_operation_that_clears() -> None:
    assert not [name for name in dir(operations) if "clear" in name]
