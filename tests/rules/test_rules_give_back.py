"""docs/rules/money-that-may-go-back.md."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.give_back import AwardCase, assessable, at_risk, judge_award
from grants.rules.levels import RANK
from tests.rules.england import days
from tests.rules.worked_tables import (
    Row,
    a_date,
    as_date,
    as_pounds,
    as_yes_no,
    row_id,
    some_pounds,
    worked_table,
)

pounds = st.decimals(0, 200_000, places=2)
awards = st.builds(
    AwardCase,
    available=st.none() | pounds,
    spent=pounds,
    instalments_due=pounds,
    forecast_underspend=pounds,
    spend_by=st.none() | days,
    closed=st.booleans(),
)
round_days = st.integers(0, 400)


@pytest.mark.parametrize("row", worked_table("money-that-may-go-back", "Worked example"), ids=row_id)
def test_worked_example(row: Row) -> None:
    case = AwardCase(
        available=as_pounds(row["available"]),
        spent=some_pounds(row["spent"]),
        instalments_due=some_pounds(row["instalments due"]),
        forecast_underspend=some_pounds(row["forecast underspend"]),
        spend_by=as_date(row["spend by"]),
        closed=as_yes_no(row["closed"]),
    )
    assert at_risk(case) == as_pounds(row["at risk"])
    assert assessable(case) == (row["level"] != "cannot be assessed")
    verdict = judge_award(case, a_date(row["judged on"]), int(row["round days"]))
    assert (verdict.level if verdict else "none") == row["level"].replace("cannot be assessed", "none")
    if verdict:
        assert verdict.at_risk == as_pounds(row["at risk"])


@given(awards, days, days, round_days)
def test_a_later_day_never_lowers_the_level(case: AwardCase, one: date, two: date, p90: int) -> None:
    earlier, later = (judge_award(case, on, p90) for on in sorted([one, two]))
    assert (RANK[earlier.level] if earlier else 0) <= (RANK[later.level] if later else 0)


@given(awards, days, round_days, pounds)
def test_spending_more_never_raises_the_level(case: AwardCase, on: date, p90: int, more: Decimal) -> None:
    before = judge_award(case, on, p90)
    after = judge_award(case._replace(spent=case.spent + more), on, p90)
    assert (RANK[after.level] if after else 0) <= (RANK[before.level] if before else 0)


@given(awards, days, round_days)
def test_spending_what_is_at_risk_clears_it(case: AwardCase, on: date, p90: int) -> None:
    verdict = judge_award(case, on, p90)
    if verdict:
        assert verdict.at_risk > 0
        assert judge_award(case._replace(spent=case.spent + verdict.at_risk), on, p90) is None
        last_day = date.fromisoformat(str(verdict.facts()["last_announcement_on"]))
        assert last_day + timedelta(days=p90) == case.spend_by
        assert (verdict.level == "critical") == (on > last_day)
