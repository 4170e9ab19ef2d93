"""What the story of a grant says once the grant is over, and of how many its end leaves."""

from datetime import date
from typing import Any

import pytest

from grants.models import Grant
from tests.conftest import ClientFor
from tests.factories import make_grant, make_instalment
from tests.grants.pages.test_story_page import steps_of, story

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def over(**fields: Any) -> Grant:
    """A grant that was approved, never paid, and is over."""
    grant = make_grant(planned_start=date(2026, 10, 1), **fields)
    make_instalment(grant, due_on=date(2026, 10, 12))
    return grant


@pytest.mark.parametrize("ended", [{"withdrawn_on": date(2026, 11, 6)}, {"closed_on": date(2026, 11, 6)}])
def test_nothing_is_due_any_more_of_a_grant_that_is_over(
    ended: dict[str, date], client_for: ClientFor
) -> None:
    steps = steps_of(story(client_for, "finance", over(**ended)))
    assert any(step.endswith("First payment never paid") for step in steps)
    assert any(step.endswith("Agreement issued not recorded") for step in steps)
    assert not [step for step in steps if " due" in step and "Ends" not in step]
