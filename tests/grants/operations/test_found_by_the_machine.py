"""What the state machine found once, held by a plain test each."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from core.errors import ActionRefused
from core.models import User
from grants.models import ClockStop, Cover, Grant
from grants.operations.decisions import vary_grant
from grants.operations.endings import add_cover, change_cover
from grants.operations.payments import end_clock_stop, start_clock_stop
from grants.operations.writing import USED_FORM
from tests import factories as make
from tests.grants.operations.conftest import TODAY, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_form_is_known_again_after_the_stop_that_it_began_was_ended(
    grant: Grant, commissioner: User
) -> None:
    begun = {
        "grant": grant,
        "waiting_on": "provider",
        "reason": "Signed agreement",
        "started_on": date(2026, 11, 2),
        "by": commissioner,
        "on": TODAY,
        "request_key": uuid.uuid4(),
    }
    stop = start_clock_stop(**begun)
    end_clock_stop(stop=stop, ended_on=TODAY, by=commissioner, on=TODAY, request_key=uuid.uuid4())
    assert start_clock_stop(**begun) == stop
    assert ClockStop.objects.count() == 1
    assert fresh(stop).ended_on == TODAY
    with pytest.raises(ActionRefused, match=USED_FORM):
        start_clock_stop(**begun | {"waiting_on": "funder"})


def test_a_form_is_known_again_after_the_cover_that_it_added_was_changed(
    grant: Grant, commissioner: User
) -> None:
    added = {
        "grant": grant,
        "kind": "finishes",
        "number": 6,
        "by": commissioner,
        "on": TODAY,
        "request_key": uuid.uuid4(),
    }
    cover = add_cover(**added)
    changed = {
        "cover": cover,
        "kind": "finishes",
        "number": 4,
        "certainty": "hoped",
        "by": commissioner,
        "on": TODAY,
        "request_key": uuid.uuid4(),
    }
    change_cover(**changed)
    change_cover(**changed | {"number": 5, "request_key": uuid.uuid4()})
    assert add_cover(**added) == cover
    # The form before the last one, too, has been acted on: it does not bring its number back.
    assert change_cover(**changed) == cover
    assert list(Cover.objects.values_list("number", flat=True)) == [5]


def test_a_line_that_is_moved_and_made_smaller_at_once_keeps_both(grant: Grant, commissioner: User) -> None:
    make.make_instalment(grant, amount=Decimal(18000))
    vary_grant(
        grant=grant,
        new_amount=Decimal(9000),
        due_dates={1: date(2027, 1, 4)},
        reason="Half of it, later",
        proposed_on=TODAY,
        decided_on=TODAY,
        by=commissioner,
        on=TODAY,
    )
    line = grant.instalments.get()
    assert (line.amount, line.due_on, line.version) == (Decimal(9000), date(2027, 1, 4), 2)
