"""What a process keeps of a council's own durations is never older than the register."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from django.db import connection, transaction

from core.models import Role
from core.records import write
from grants.models import Grant
from grants.queries import planning
from tests import factories as make

ON = date(2026, 11, 20)


def write_in_the_background(pk: int, begun: Event, end: Event) -> None:
    """A change that takes its number in the history and is committed only later."""
    try:
        with transaction.atomic():
            change(Grant.objects.get(pk=pk))
            begun.set()
            end.wait(30)
    finally:
        connection.close()


def change(grant: Grant) -> None:
    """Any change that a person makes."""
    by = make.make_user(Role.COMMISSIONER)
    write(grant, by=by, reason="Looked at")


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time: run it on a PostgreSQL"
)
@pytest.mark.django_db(transaction=True)
def test_nothing_is_kept_while_an_earlier_entry_is_still_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[planning.Edition, planning.Own] = {}
    monkeypatch.setattr(planning, "_kept", kept)
    slow, quick = make.make_grant(), make.make_grant()
    begun, end = Event(), Event()
    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write_in_the_background, slow.pk, begun, end)
        assert begun.wait(30)
        change(quick)
        planning.kept_durations(ON)
        meanwhile = dict(kept)
        end.set()
        writer.result(30)
    assert meanwhile == {}
    planning.kept_durations(ON)
    assert len(kept) == 1
