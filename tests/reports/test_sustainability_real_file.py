"""Both reports over a register imported from files that funders published, against the plain recomputation."""

import os
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from grants.models import Grant
from grants.queries import planning
from tests.factories import make_cover, make_plan, make_return
from tests.factories.people import make_people
from tests.grants.oracle.facts import facts_of
from tests.reports import oracle_sustainability as oracle
from tests.reports.test_reports_equal_oracle import assert_both
from tests.reports.test_speed_real_file import FILES, bring, pay_some

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.real_data]

COUNTS = (0, 1, 2, 3, 5, 6, 9, 14, 30, 1_200)
A_YEAR = timedelta(days=364)


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records that are written straight into the tables leave no history to tell that something changed."""
    monkeypatch.setattr(planning, "_kept", {})


def bring_with_people(name: str) -> date:
    """A published file with what no funder publishes: purpose, some ends, caseloads, cover. A day in its middle."""
    make_people()
    bring(next(Path(os.environ["REAL_DATA"]).rglob(name)), "--tracked-from", "2013-01-01")
    pay_some(len(name))
    random = Random(len(name))
    grants = list(Grant.objects.filter(decided_on__isnull=False).order_by("decided_on", "ref"))
    for grant in grants:
        grant.purpose = "direct_support" if random.random() < 0.9 else None
        if grant.ends_on is None and grant.decided_on is not None and random.random() < 0.9:
            grant.planned_start = grant.planned_start or grant.decided_on
            grant.ends_on = grant.planned_end = grant.planned_end or grant.planned_start + A_YEAR
    Grant.objects.bulk_update(grants, ["purpose", "planned_start", "planned_end", "ends_on"], batch_size=500)
    ends = sorted(grant.ends_on for grant in grants if grant.ends_on is not None)
    on = ends[len(ends) // 2] - timedelta(days=40)
    near = [g for g in grants if g.ends_on is not None and abs((g.ends_on - on).days) < 380]
    for grant in near[:150]:
        if random.random() < 0.8:
            unit = random.choice(("families", "families", "children"))
            counted = min(on, grant.ends_on or on) - timedelta(days=30)
            make_return(
                grant, caseload=random.choice(COUNTS), caseload_unit=unit, period_to=counted, submitted_on=on
            )
        if random.random() < 0.3:
            make_cover(make_plan(grant), number=random.choice((1, 2, 9)), confirmed_on=on)
    return on


@pytest.mark.parametrize("name", FILES)
def test_an_imported_register(name: str) -> None:
    on = bring_with_people(name)
    found = oracle.endings(facts_of(on), illustrative=False)
    assert len(found) > 20
    assert {one.uncovered is None for one in found} == {True, False}
    assert_both(on, registers=(False,))


def test_an_imported_register_that_is_not_tracked_cannot_be_assessed() -> None:
    make_people()
    bring(next(Path(os.environ["REAL_DATA"]).rglob(FILES[0])))
    assert not oracle.endings(facts_of(date(2024, 7, 1)), illustrative=False)
    assert_both(date(2024, 7, 1), registers=(False,))
