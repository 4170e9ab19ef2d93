"""docs/rules/timing-statistics.md, and the curve against lifelines."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times, qth_survival_time

from grants.rules.timing import (
    Bin,
    TimingSummary,
    greenwood,
    kaplan_meier,
    log_log_band,
    quantile,
    quantile_interval,
    share_ended,
    summarise,
)
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


def bins_of(text: str) -> list[Bin]:
    """Durations as textbooks write them: "6 6+ 7", a plus for a case that still goes on."""
    return [Bin(int(word.rstrip("+")), not word.endswith("+"), 1) for word in text.split()]


def number(text: str) -> int | None:
    """A number of a worked table, None for "not reached" and "none"."""
    return None if text in {"not reached", "none"} else int(text)


@pytest.mark.parametrize("row", worked_table(PAGE, "How sure the median is"), ids=row_id)
def test_freireich_1963(row: Row) -> None:
    summary = summarise(bins_of(row["weeks"]))
    names = ("n", "waiting", "p25", "median", "p75", "p90", "low", "high", "longest_wait")
    columns = (
        "n", "waiting", "quarter", "median", "three quarters", "nine in ten", "low", "high", "longest wait",
    )  # fmt: skip
    assert [getattr(summary, name) for name in names] == [number(row[column]) for column in columns]
    assert summary.cases == ()


@pytest.mark.parametrize("row", worked_table(PAGE, "What is said, and of how many"), ids=row_id)
def test_under_ten_cases_are_listed(row: Row) -> None:
    n = int(row["cases"])
    summary = summarise([Bin(3, True, n // 2), Bin(7, False, n - n // 2)])
    assert summary.is_listed == (row["said"] == "listed")
    assert (summary.median is None) == summary.is_listed
    assert len(summary.cases) == (n if summary.is_listed else 0)
    assert summary.n == n
    assert summary.longest_wait == (7 if n else None)


def a_sample(seed: int) -> tuple[list[int], list[bool]]:
    """Ten to 300 random waits, about a third of them still going on."""
    random = np.random.default_rng(seed)
    size = int(random.integers(10, 300))
    waits, censored_at = random.integers(0, 120, size), random.integers(0, 200, size)
    return np.minimum(waits, censored_at).tolist(), (waits <= censored_at).tolist()


@pytest.mark.parametrize("seed", range(200))
def test_the_band_and_the_interval_are_those_of_lifelines(seed: int) -> None:
    durations, observed = a_sample(seed)
    curve = kaplan_meier(durations, observed)
    fitted = KaplanMeierFitter().fit(durations, observed)
    theirs = fitted.confidence_interval_.loc[curve.times].to_numpy().T
    assert np.allclose(log_log_band(curve), theirs)
    inside = curve.survival > 0
    assert np.allclose(greenwood(curve)[inside], fitted._cumulative_sq_.loc[curve.times].to_numpy()[inside])
    edges = median_survival_times(fitted.confidence_interval_).to_numpy().ravel()
    assert list(quantile_interval(curve, 0.5)) == [None if np.isinf(edge) else int(edge) for edge in edges]


@pytest.mark.parametrize("seed", range(50))
def test_the_share_ended_is_that_of_lifelines(seed: int) -> None:
    durations, observed = a_sample(seed)
    curve = kaplan_meier(durations, observed)
    fitted = KaplanMeierFitter().fit(durations, observed)
    for duration in range(0, 130, 7):
        assert share_ended(curve, duration) == pytest.approx(1 - float(fitted.predict(duration)))


@pytest.mark.parametrize("seed", range(50))
def test_a_summary_says_what_the_cases_say(seed: int) -> None:
    durations, observed = a_sample(seed)
    cases = list(zip(durations, observed, strict=True))
    summary = summarise(Bin(duration, ended, 1) for duration, ended in cases)
    fitted = KaplanMeierFitter().fit(durations, observed)
    assert (summary.n, summary.waiting) == (len(cases), observed.count(False))
    assert summary.ended == observed.count(True)
    assert summary.longest_wait == max((one for one, ended in cases if not ended), default=None)
    for name, share in (("p25", 0.25), ("median", 0.5), ("p75", 0.75), ("p90", 0.9)):
        if np.isclose(summary.curve.survival, 1 - share, atol=1e-9).any():
            continue  # held to fractions above
        theirs = qth_survival_time(1 - share, fitted.survival_function_)
        assert getattr(summary, name) == (None if np.isinf(theirs) else int(theirs))


def test_no_cases_no_statistics() -> None:
    summary = summarise([])
    assert isinstance(summary, TimingSummary)
    assert summary[:9] == (0, 0, None, None, None, None, None, None, None)
    assert share_ended(summary.curve, 5) == 0.0


def test_the_interval_is_wider_the_more_sure_it_must_be() -> None:
    curve = kaplan_meier(*a_sample(1))
    narrow, wide = quantile_interval(curve, 0.5, 0.5), quantile_interval(curve, 0.5, 0.95)
    assert wide.low is not None
    assert narrow.low is not None
    assert wide.low <= narrow.low
    assert wide.high is None or (narrow.high is not None and wide.high >= narrow.high)
