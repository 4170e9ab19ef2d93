"""`catch_up`: what of the day's passes has not come is sent again, from the time of the pass on."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from grants.models import FlagPass
from grants.tasks import catch_up
from tests.factories import make_grant

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Half past five in the morning; the pass is at six."""
    with time_machine.travel("2026-11-20T05:30:00+00:00", tick=False) as traveller:
        yield traveller


def passes() -> dict[str, date]:
    """How far each group has been brought."""
    return dict(FlagPass.objects.values_list("group", "on"))


def test_before_the_time_of_the_pass_nothing_is_sent(clock: time_machine.Traveller) -> None:
    catch_up()
    assert passes() == {}


def test_after_it_what_has_not_come_is_sent(clock: time_machine.Traveller) -> None:
    make_grant(planned_start=date(2026, 11, 2))
    FlagPass.objects.create(group="endings", on=date(2026, 11, 20))
    FlagPass.objects.create(group="disbursement", on=date(2026, 11, 19))
    clock.move_to("2026-11-20T06:05:00+00:00")
    catch_up()
    today = date(2026, 11, 20)
    assert passes() == {"disbursement": today, "endings": today}


def test_what_has_come_is_left_alone(monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller) -> None:
    for group in ("disbursement", "endings"):
        FlagPass.objects.create(group=group, on=date(2026, 11, 20))
    clock.move_to("2026-11-20T12:00:00+00:00")
    monkeypatch.setattr("grants.tasks.PASSES", {})  # whatever is sent fails
    catch_up()
    catch_up("2026-11-19")
    with pytest.raises(KeyError):
        catch_up("2026-11-21")
