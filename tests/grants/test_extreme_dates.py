"""One mistyped year must not stop the flag pass or a page for everybody: each date that a form takes can be counted."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from core.models import User
from core.rules.dates import EARLIEST, LATEST
from grants.models import Grant
from grants.operations.flag_pass import raise_flags
from tests import factories as make
from tests.conftest import TODAY, ClientFor

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SPAN = {"planned_start": EARLIEST, "planned_end": LATEST, "ends_on": LATEST}
PAGES = ("/", "/grants/", "/payments/", "/flags/", "/returns/", "/rounds/", "/funds/")
REPORTS = ("/reports/speed/", "/reports/sustainability/", "/reports/scrutiny/", "/reports/completeness/")


def decided_at_either_end() -> list[Grant]:
    """Decided on the first day that a form takes, and one that works over the whole of the span."""
    fund = make.make_fund(payment_standard_working_days=250)
    old = make.make_grant(fund=fund, decided_on=EARLIEST, call_in_ends_on=EARLIEST, **SPAN)
    make.make_instalment(old, due_on=EARLIEST)
    make.make_stop(old, started_on=EARLIEST)
    claimed = make.make_grant(fund=fund, decided_on=EARLIEST, **SPAN)
    make.make_instalment(claimed, due_on=LATEST, basis="on_claim", claim_valid_on=EARLIEST)
    late = make.make_grant(fund=fund, **SPAN)
    make.make_instalment(late, due_on=LATEST)
    paid = make.make_grant(fund=fund, decided_on=EARLIEST, **SPAN)
    make.make_payment_row(paid, paid_on=EARLIEST)
    make.make_instalment(paid, due_on=EARLIEST, condition="Staff in post", condition_met_on=EARLIEST)
    make.make_round(fund=fund, announced_on=EARLIEST, opens_on=None, closes_on=LATEST, decision_due_on=LATEST)
    return [old, claimed, late, paid]


def test_the_pass_and_every_page_can_count_from_the_first_day_to_the_last(
    client_for: ClientFor, people: make.People
) -> None:
    grants = decided_at_either_end()
    at = datetime.combine(TODAY, datetime.min.time(), UTC)
    for on in (TODAY, LATEST):
        raise_flags(on=on, by=User.objects.system("flag pass"), at=at)
    pages = [*PAGES, *REPORTS, *(reverse("grant", args=[grant.ref]) for grant in grants)]
    for role in ("commissioner", "finance"):
        client: Any = client_for(role)
        answers = {page: client.get(page).status_code for page in pages}
        assert {page: code for page, code in answers.items() if code not in {200, 403}} == {}
