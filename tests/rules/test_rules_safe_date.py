"""docs/rules/latest-safe-date.md."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.dates import months_before
from grants.rules.safe_date import (
    ALL_PLANNED,
    Bases,
    OwnDuration,
    OwnDurations,
    StageDurations,
    bases_words,
    choose_durations,
    latest_safe,
)
from tests.rules.england import days
from tests.rules.worked_tables import Row, a_date, row_id, worked_table

PAGE = "latest-safe-date"
PLANNED = StageDurations(120, 50, 30, ALL_PLANNED)
OWN = Bases("own", "own", "own")
STAGES = {
    "announcement to first payment": "announcement_to_first_payment",
    "announcement to decision": "announcement_to_decision",
    "proposal to decision": "proposal_to_decision",
}
TOLD = OwnDurations(OwnDuration(150, 10, 3), OwnDuration(60, 10, 3), OwnDuration(40, 10, None))


@pytest.mark.parametrize("row", worked_table(PAGE, "Worked example"), ids=row_id)
def test_worked_example(row: Row) -> None:
    durations = StageDurations(
        int(row["announcement to first payment"]),
        int(row["announcement to decision"]),
        int(row["proposal to decision"]),
        OWN,
    )
    found = latest_safe(a_date(row["ends"]), int(row["notice months"]), durations)
    assert found.new_round_by == found.latest_safe_on == a_date(row["new round by"])
    assert found.extension_by == a_date(row["extension by"])
    assert found.bases == OWN


@pytest.mark.parametrize("row", worked_table(PAGE, "Whose durations"), ids=row_id)
def test_whose_durations(row: Row) -> None:
    stage, planned = STAGES[row["duration"]], int(row["planned"])
    p90 = None if row["own P90"] == "not reached" else int(row["own P90"])
    rounds = None if row["rounds"] == "no rounds" else int(row["rounds"])
    own = TOLD._replace(**{stage: OwnDuration(p90, int(row["cases"]), rounds)})
    found = choose_durations(own, PLANNED._replace(**{f"{stage}_days": planned}))
    assert (getattr(found, f"{stage}_days"), getattr(found.bases, stage)) == (int(row["used"]), row["basis"])
    others = [name for name in STAGES.values() if name != stage]
    assert [getattr(found, f"{name}_days") for name in others] == [
        getattr(TOLD, name).days for name in others
    ]
    assert {getattr(found.bases, name) for name in others} == {"own"}


@pytest.mark.parametrize(
    ("bases", "words"),
    [
        (OWN, "Worked out from how long this council’s own stages take."),
        (ALL_PLANNED, "Worked out from the stage lengths that the fund plans."),
        (
            OWN._replace(proposal_to_decision="planned"),
            "Worked out from how long this council’s own stages take; the time from the proposal to extend to its "
            "decision is as the fund plans, because the council’s own cases cannot tell it yet.",
        ),
        (
            ALL_PLANNED._replace(announcement_to_decision="own"),
            "Worked out from how long this council’s own stages take; the time from announcement to first payment and "
            "from the proposal to extend to its decision is as the fund plans, because the council’s own cases cannot "
            "tell it yet.",
        ),
    ],
)
def test_which_were_used_is_said(bases: Bases, words: str) -> None:
    assert bases_words(bases) == words


@given(days, st.integers(0, 12), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_acting_on_the_day_comes_in_time(
    ends_on: date, notice: int, pay: int, decide: int, propose: int
) -> None:
    found = latest_safe(ends_on, notice, StageDurations(pay, decide, propose, OWN))
    notice_due_on = months_before(ends_on, notice)
    slack_to_pay = ends_on - found.new_round_by - timedelta(days=pay)
    slack_to_decide = notice_due_on - found.new_round_by - timedelta(days=decide)
    assert min(slack_to_pay, slack_to_decide) == timedelta(0)
    assert found.extension_by + timedelta(days=propose) == notice_due_on
