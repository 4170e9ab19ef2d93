"""docs/rules/latest-safe-date.md."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.dates import months_before
from grants.rules.safe_date import OwnP90s, StageDurations, choose_durations, latest_safe
from tests.rules.england import days
from tests.rules.worked_tables import Row, a_date, row_id, worked_table

PAGE = "latest-safe-date"
PLANNED = StageDurations(120, 50, 30, "planned")
OWN = {
    "reached": OwnP90s(150, 60, 40),
    "first payment not reached": OwnP90s(None, 60, 40),
    "proposal not reached": OwnP90s(150, 60, None),
    "none": None,
}


@pytest.mark.parametrize("row", worked_table(PAGE, "Worked example"), ids=row_id)
def test_worked_example(row: Row) -> None:
    durations = StageDurations(
        int(row["announcement to first payment"]),
        int(row["announcement to decision"]),
        int(row["proposal to decision"]),
        "own",
    )
    found = latest_safe(a_date(row["ends"]), int(row["notice months"]), durations)
    assert found.new_round_by == found.latest_safe_on == a_date(row["new round by"])
    assert found.extension_by == a_date(row["extension by"])
    assert found.basis == "own"


@pytest.mark.parametrize("row", worked_table(PAGE, "Whose durations"), ids=row_id)
def test_whose_durations(row: Row) -> None:
    found = choose_durations(OWN[row["own percentiles"]], int(row["grants"]), int(row["rounds"]), PLANNED)
    assert [str(value) for value in found] == [
        row["first payment"],
        row["decision"],
        row["proposal"],
        row["basis"],
    ]


@given(days, st.integers(0, 12), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_acting_on_the_day_comes_in_time(
    ends_on: date, notice: int, pay: int, decide: int, propose: int
) -> None:
    found = latest_safe(ends_on, notice, StageDurations(pay, decide, propose, "own"))
    notice_due_on = months_before(ends_on, notice)
    slack_to_pay = ends_on - found.new_round_by - timedelta(days=pay)
    slack_to_decide = notice_due_on - found.new_round_by - timedelta(days=decide)
    assert min(slack_to_pay, slack_to_decide) == timedelta(0)
    assert found.extension_by + timedelta(days=propose) == notice_due_on
