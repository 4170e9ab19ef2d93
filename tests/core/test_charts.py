"""Charts: geometry that agrees with its numbers, words that any reader gets, nothing that the policy refuses."""

import re
from itertools import pairwise
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from core.web.charts import BarValue, Point, bar_chart, percent, stacked_bar, step_chart, ticks

shares = st.lists(st.floats(0, 1, allow_nan=False), min_size=1, max_size=8).map(sorted)


def of(length: str) -> float:
    """A percentage as a share."""
    assert length.endswith("%")
    return float(length[:-1]) / 100


@given(st.floats(0.01, 1e9, allow_nan=False))
def test_ticks_are_few_round_and_reach_the_highest(highest: float) -> None:
    found = ticks(highest)
    size = found[1]
    assert found[0] == 0
    assert found[-1] >= highest
    assert found[-2] < highest
    assert 2 <= len(found) <= 7
    assert str(size).rstrip("0") in {"1", "2", "5"}
    assert {after - before for before, after in pairwise(found)} == {size}


def test_nothing_still_has_a_scale() -> None:
    assert ticks(0) == [0, 1]


@given(shares)
def test_a_curve_passes_through_its_points(found: list[float]) -> None:
    points = [Point(3 * place + 3, share) for place, share in enumerate(found)]
    chart = step_chart("c", "Title", "Words", [("Wait", points)], lines=[21], unit="Days")
    whole = int(chart.across[-1].words)
    steps = re.findall(r"H([\d.e+-]+)V([\d.e+-]+)", chart.curves[0].path)
    assert chart.curves[0].path.startswith("M0,1000")
    assert len(steps) == len(points)
    for (across, down), point in zip(steps, points, strict=True):
        assert float(across) == pytest.approx(point.x / whole * 1000, abs=0.1)
        assert float(down) == pytest.approx((1 - point.share) * 1000, abs=0.1)
    assert of(chart.lines[0].at) == pytest.approx(21 / whole, abs=1e-4)


def test_two_standards_do_not_write_over_each_other() -> None:
    chart = step_chart("c", "T", "W", [("Wait", [Point(40, 0.5)])], lines=[21, 15, 21], unit="Days")
    assert [line.words for line in chart.lines] == ["standard 15", "standard 21"]
    assert chart.lines[0].rise != chart.lines[1].rise


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=3))
def test_a_stacked_bar_is_its_parts_side_by_side(values: list[int]) -> None:
    parts = [(f"Part {place}", value, f"{value} days") for place, value in enumerate(values)]
    segments = stacked_bar("b", "T", "W", parts).segments
    whole = sum(values)
    before = 0.0
    for segment, value in zip(segments, values, strict=True):
        assert of(segment.at) == pytest.approx(before, abs=1e-4)
        assert of(segment.width) == pytest.approx(value / whole if whole else 0, abs=1e-4)
        before += of(segment.width)
    assert len({segment.tone for segment in segments}) == len(segments)


@given(st.lists(st.one_of(st.none(), st.integers(0, 5000)), min_size=1, max_size=25))
def test_bars_are_as_high_as_their_numbers(values: list[int | None]) -> None:
    chart = bar_chart("b", "T", "W", [BarValue("Apr", value, "words") for value in values], unit="Families")
    highest = int(chart.up[-1].words.replace(",", ""))
    for bar, value in zip(chart.bars, values, strict=True):
        assert bar.missing == (value is None)
        assert of(bar.height) == pytest.approx((value or 0) / highest, abs=1e-4)
        assert of(bar.top) + of(bar.height) == pytest.approx(1, abs=1e-4)
        assert of(bar.at) >= 0
        assert of(bar.at) + of(bar.width) <= 1
    places = [of(bar.at) for bar in chart.bars]
    assert places == sorted(places)


def test_more_than_a_chart_can_tell_apart_is_refused() -> None:
    with pytest.raises(ValueError, match="at most three parts"):
        stacked_bar("b", "T", "W", [(str(place), 1.0, "1") for place in range(4)])
    with pytest.raises(ValueError, match="at most two curves"):
        step_chart("c", "T", "W", [(str(place), [Point(1, 1.0)]) for place in range(3)], lines=[], unit="")


@pytest.mark.parametrize(("share", "length"), [(0, "0%"), (0.125, "12.5%"), (1 / 3, "33.333%"), (1, "100%")])
def test_lengths(share: float, length: str) -> None:
    assert percent(share) == length


CHARTS: dict[str, Any] = {
    "step": step_chart(
        "one",
        "Share <paid>",
        "Half & more",
        [("Total", [Point(4, 0.5)]), ("Own", [Point(3, 0.6)])],
        lines=[2],
        unit="Days",
    ),
    "stacked": stacked_bar("one", "Share <paid>", "Half & more", [("Council", 3, "3 days")]),
    "bars": bar_chart(
        "one",
        "Share <paid>",
        "Half & more",
        [BarValue("Apr", 3, "April: 3"), BarValue("May", None, "c")],
        unit="x",
    ),
}


@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_has_words_and_no_inline_style_or_script(kind: str) -> None:
    html = render_to_string(f"components/chart_{kind}.html", {"chart": CHARTS[kind]})
    assert 'role="img"' in html
    assert 'aria-labelledby="one-title one-words"' in html
    assert re.search(r'<title id="one-title">\s*Share &lt;paid&gt;\s*</title>', html)
    assert re.search(r'<desc id="one-words">\s*Half &amp; more\s*</desc>', html)
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script|javascript:", html)


def test_a_value_that_is_not_shown_stands_in_words() -> None:
    html = render_to_string("components/chart_bars.html", {"chart": CHARTS["bars"]})
    assert html.count("<rect") == 1
    assert re.search(r">\s*c\s*</text>", html)
