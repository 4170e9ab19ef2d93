"""The speed report over a register imported from files that funders published, against the plain recomputation."""

import os
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from django.core.management import call_command

from grants.models import Grant
from tests.factories.people import make_people
from tests.grants.oracle.facts import facts_of
from tests.reports.test_speed_equals_oracle import a_reader, assert_speed

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.real_data]

FILES = ("trafford-council-vcse-grants-555.csv", "funder-475.xlsx", "power-to-change-870.json")
PAID, MOST_DAYS = 0.8, 60


def bring(path: Path, *options: str) -> None:
    """A file into the real register."""
    call_command("import_grants", str(path), "--skip-invalid", *options, stdout=StringIO(), stderr=StringIO())


def pay_some(seed: int) -> None:
    """Dates of first payments, which no funder publishes: for most grants, within two months of the decision."""
    random = Random(seed)
    grants = list(Grant.objects.filter(tracked_from__isnull=False, decided_on__isnull=False).order_by("ref"))
    for grant in grants:
        assert grant.decided_on is not None
        if random.random() < PAID:
            grant.first_paid_on = grant.decided_on + timedelta(days=random.randrange(MOST_DAYS))
    Grant.objects.bulk_update(grants, ["first_paid_on"], batch_size=500)


@pytest.mark.parametrize("name", FILES)
def test_an_imported_register(name: str) -> None:
    path = next(Path(os.environ["REAL_DATA"]).rglob(name))
    make_people()
    bring(path, "--tracked-from", "2013-01-01")
    pay_some(len(name))
    decided = sorted(Grant.objects.filter(decided_on__isnull=False).values_list("decided_on", flat=True))
    on = decided[len(decided) // 2] + timedelta(days=30)
    found = assert_speed(facts_of(on), a_reader(on, illustrative=False), illustrative=False)
    assert len(found) >= 100
    assert {one.ended for one in found} == {True, False}


def test_an_imported_register_that_is_not_tracked_cannot_be_assessed() -> None:
    path = next(Path(os.environ["REAL_DATA"]).rglob(FILES[0]))
    make_people()
    bring(path)
    on = date(2024, 7, 1)
    assert not assert_speed(facts_of(on), a_reader(on, illustrative=False), illustrative=False)
    assert Grant.objects.filter(tracked_from__isnull=True).count() > 500
