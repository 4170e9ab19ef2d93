"""The tasks through a real broker to a real Celery worker, on the database that the worker shares with the test."""

import subprocess
from collections.abc import Callable
from datetime import date

import pytest
from celery import current_app
from django.conf import settings

from grants.models import Flag, FlagEvent, FlagPass
from grants.tasks import flag_cliff_edges, flag_slow_disbursement
from tests.factories import make_grant, make_return

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

ON = "2026-11-20"
WaitUntil = Callable[[Callable[[], bool]], None]


def test_both_tasks_raise_their_flags_and_a_repeat_adds_none(
    worker: subprocess.Popen[bytes], wait_until: WaitUntil
) -> None:
    grant = make_grant(planned_start=date(2027, 1, 4), ends_on=date(2027, 1, 31))
    make_return(grant=grant)
    flag_slow_disbursement.delay(ON)
    flag_cliff_edges.delay(ON)
    wait_until(lambda: Flag.objects.count() == 2)
    assert set(Flag.objects.values_list("rule", "level")) == {
        ("slow_first_payment", "late"),
        ("cliff_edge", "critical"),
    }
    flag_slow_disbursement.delay("2026-11-21")
    wait_until(lambda: "2026-11-21" in passes())
    assert (Flag.objects.count(), FlagEvent.objects.count()) == (2, 2)


def passes() -> set[str]:
    """The days that the groups of rules stand at."""
    return {day.isoformat() for day in FlagPass.objects.values_list("on", flat=True)}


def test_the_timetable_names_tasks_that_exist() -> None:
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert names >= {
        "grants.tasks.flag_slow_disbursement",
        "grants.tasks.flag_cliff_edges",
        "core.tasks.compose_digests",
        "core.tasks.sweep_deliveries",
        "core.tasks.sweep_jobs",
    }
    assert names <= set(current_app.tasks)
