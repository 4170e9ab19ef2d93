"""The tasks through a real broker to a real Celery worker, on the database that the worker shares with the test."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from urllib.parse import urlsplit, urlunsplit

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from grants.models import Flag, FlagEvent, FlagPass
from grants.tasks import flag_cliff_edges, flag_slow_disbursement
from tests.factories import make_grant, make_return

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

ON = "2026-11-20"
PATIENCE_SECONDS = 60


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker process of its own, on the test's database and a queue that was emptied first."""
    if connection.vendor == "sqlite":
        pytest.skip("a worker cannot share a database in memory: set DATABASE_URL to a PostgreSQL")
    current_app.control.purge()
    parts = urlsplit(os.environ["DATABASE_URL"])
    environment = {
        **os.environ,
        "MODE": "test",
        "DATABASE_URL": urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}")),
    }
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "--concurrency",
        "1",
        "--loglevel",
        "warning",
    ]
    process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)
    yield process
    process.terminate()
    process.wait(timeout=30)


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for something the worker does; fail when it takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"the worker did not do it within {PATIENCE_SECONDS} seconds")
        time.sleep(0.1)


def test_both_tasks_raise_their_flags_and_a_repeat_adds_none(worker: subprocess.Popen[bytes]) -> None:
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
    assert names == {"grants.tasks.flag_slow_disbursement", "grants.tasks.flag_cliff_edges"}
    assert names <= set(current_app.tasks)
