"""Several processes send the same payment forms twice at once: none is paid twice, none is lost, none fails."""

import multiprocessing
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from core.models import Role, User
from grants.models import Grant
from tests.factories import make_agreement, make_grant, make_user
from tests.races.submitting import AMOUNT, PAID_ON, Said, submit

pytestmark = [pytest.mark.race, pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

PROCESSES = 8
FORMS = 200


class Shared:
    """A database that several processes open: the test's own on PostgreSQL, a copy of it in a file on SQLite."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "race.sqlite3" if connection.vendor == "sqlite" else None

    def url(self) -> str:
        """Its address; on SQLite everything that the test has written is copied to the file first."""
        if self.file is None:
            server, _, _ = settings.DATABASE_URL.rpartition("/")
            return f"{server}/{connection.settings_dict['NAME']}"
        with sqlite3.connect(self.file) as copy:
            connection.connection.backup(copy)
        copy.close()
        return f"sqlite:///{self.file}"

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What the database holds in the end."""
        if self.file is None:
            with connection.cursor() as cursor:
                cursor.execute(query)
                return list(cursor.fetchall())
        with sqlite3.connect(self.file) as opened:
            rows = opened.execute(query).fetchall()
        opened.close()
        return rows


@pytest.fixture
def shared(tmp_path: Path) -> Shared:
    """The database of the race."""
    return Shared(tmp_path)


@pytest.fixture
def race(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> Iterator["Race"]:
    """Ready to run; whatever processes are still there in the end are stopped."""
    running = Race(shared, make_agreement(make_grant()).grant, make_user(Role.FINANCE))
    monkeypatch.setenv("DATABASE_URL", shared.url())
    yield running
    for process in running.processes:
        process.kill()


class Race:
    """Processes that submit the same forms at the same moments."""

    def __init__(self, shared: Shared, grant: Grant, by: User) -> None:
        self.shared, self.grant, self.by = shared, grant, by
        self.keys = [uuid.uuid4() for _ in range(FORMS)]
        self.processes: list[multiprocessing.process.BaseProcess] = []

    def run(self, way: str) -> list[Said]:
        """What each process was told for each of its submits."""
        context = multiprocessing.get_context("spawn")
        barrier, answers = context.Barrier(PROCESSES), context.Queue()
        arguments = (way, self.grant.pk, self.by.pk, self.keys, barrier, answers)
        self.processes = [context.Process(target=submit, args=arguments) for _ in range(PROCESSES)]
        for process in self.processes:
            process.start()
        said = [answers.get(timeout=300) for _ in self.processes]
        for process in self.processes:
            process.join(timeout=30)
        return said

    def payments(self) -> list[tuple[str, int]]:
        """Reference and key of every payment of the grant."""
        rows = self.shared.rows(f"select reference, id from grants_payment where grant_id = {self.grant.pk}")  # noqa: S608
        return [(str(reference), int(str(pk))) for reference, pk in rows]


def test_no_payment_is_doubled_and_none_is_lost(race: Race) -> None:
    said = race.run("guarded")
    payments = race.payments()
    assert [answer for answers in said for _, answer in answers if isinstance(answer, str)] == []
    assert sorted(reference for reference, _ in payments) == sorted(map(str, race.keys))
    # Every process was told the same payment for the same form, both times.
    for answers in said:
        assert len(answers) == 2 * FORMS
        assert set(answers) == set(payments)
    sums = "select sum(amount), count(*) from grants_payment"
    assert [(float(str(total)), count) for total, count in race.shared.rows(sums)] == [
        (float(AMOUNT) * FORMS, FORMS)
    ]
    assert [count for (count,) in race.shared.rows("select count(*) from grants_historicalpayment")] == [
        FORMS
    ]
    first = race.shared.rows("select first_paid_on from grants_grant")
    assert [str(day) for (day,) in first] == [PAID_ON.isoformat()]


def test_without_the_guard_payments_are_doubled(race: Race) -> None:
    """The control: were the race not there to be lost, the test above would prove nothing."""
    race.run("naive")
    payments = race.payments()
    assert {reference for reference, _ in payments} == set(map(str, race.keys))
    assert len(payments) > FORMS
