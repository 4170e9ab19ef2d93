"""docs/rules/timing-statistics.md, and the curve against lifelines."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.utils import qth_survival_time

from grants.rules.timing import kaplan_meier, quantile
from tests.rules.worked_tables import Row, row_id, worked_table

PAGE = "timing-statistics"
FIVE = worked_table(PAGE, "Five cases")
samples = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=60)


def test_the_curve_of_the_five_cases() -> None:
    curve = kaplan_meier([int(row["days"]) for row in FIVE], [row["outcome"] == "paid" for row in FIVE])
    found = [
        {
            "days": str(time),
            "at risk": str(at_risk),
            "paid": str(events),
            "share still waiting": f"{share:.2f}",
        }
        for time, share, at_risk, events in zip(*curve, strict=True)
    ]
    assert found == worked_table(PAGE, "The curve of the five cases")


@pytest.mark.parametrize("row", worked_table(PAGE, "The quantiles of the five cases"), ids=row_id)
def test_the_quantiles_of_the_five_cases(row: Row) -> None:
    curve = kaplan_meier([int(row["days"]) for row in FIVE], [row["outcome"] == "paid" for row in FIVE])
    found = quantile(curve, int(row["share paid"].rstrip("%")) / 100)
    assert ("not reached" if found is None else str(found)) == row["days"]


@given(samples)
def test_the_curve_is_that_of_lifelines(sample: list[tuple[int, bool]]) -> None:
    durations, observed = zip(*sample, strict=True)
    curve = kaplan_meier(durations, observed)
    fitted = KaplanMeierFitter().fit(durations, observed)
    theirs = fitted.survival_function_at_times(curve.times).to_numpy()
    assert np.allclose(curve.survival, theirs)
    table = fitted.event_table.loc[curve.times]
    assert curve.at_risk.tolist() == table["at_risk"].tolist()
    assert curve.events.tolist() == table["observed"].tolist()


@pytest.mark.parametrize("seed", range(200))
def test_p90_is_that_of_lifelines(seed: int) -> None:
    random = np.random.default_rng(seed)
    size = int(random.integers(1, 400))
    waits, censored_at = random.integers(0, 120, size), random.integers(0, 200, size)
    durations, observed = np.minimum(waits, censored_at), waits <= censored_at
    curve = kaplan_meier(durations, observed)
    fitted = KaplanMeierFitter().fit(durations, observed)
    for share in (0.25, 0.5, 0.75, 0.9):
        if np.isclose(curve.survival, 1 - share, atol=1e-9).any():
            continue  # there the float decides: exact ties are held to fractions below
        theirs = qth_survival_time(1 - share, fitted.survival_function_)
        assert quantile(curve, share) == (None if np.isinf(theirs) else int(theirs))


@given(samples, st.integers(1, 19))
def test_quantiles_are_exact_at_ties(sample: list[tuple[int, bool]], twentieths: int) -> None:
    share = Fraction(twentieths, 20)
    still_waiting, expected = Fraction(1), None
    for time in sorted({duration for duration, _ in sample}):
        at_risk = sum(duration >= time for duration, _ in sample)
        still_waiting *= 1 - Fraction(sum(one == (time, True) for one in sample), at_risk)
        if expected is None and still_waiting <= 1 - share:
            expected = time
    durations, observed = zip(*sample, strict=True)
    assert quantile(kaplan_meier(durations, observed), float(share)) == expected


@given(samples, st.lists(st.integers(0, 5), min_size=60, max_size=60))
def test_a_histogram_is_its_cases_one_by_one(sample: list[tuple[int, bool]], repeats: list[int]) -> None:
    weighted = list(zip(sample, repeats, strict=False))
    one_by_one = [one for one, count in weighted for _ in range(count)]
    histogram = kaplan_meier([one[0] for one in sample], [one[1] for one in sample], repeats[: len(sample)])
    plain = kaplan_meier([one[0] for one in one_by_one], [one[1] for one in one_by_one])
    assert all(np.array_equal(ours, theirs) for ours, theirs in zip(histogram, plain, strict=True))


def test_nothing_is_not_reached() -> None:
    empty = kaplan_meier([], [])
    assert empty.times.size == 0
    assert quantile(empty, 0.5) is None


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="one observed flag and one weight for each"):
        kaplan_meier([1, 2], [True])
    with pytest.raises(ValueError, match="cannot be negative"):
        kaplan_meier([-1], [True])
    with pytest.raises(ValueError, match="cannot be negative"):
        kaplan_meier([1], [True], [-1])
