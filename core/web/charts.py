"""Charts as plain geometry for the SVG components: steps, one stacked bar, bars side by side.

Nothing here is in pixels across: places are shares of the plot's width and height, so that a chart fits a phone and a
sheet of paper while its words keep their size. A chart never stands alone: its table is beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

STEPS = (1, 2, 5)
MOST_TICKS = 6
PLOT = 1000
LEFT_END, RIGHT_END = 0.06, 0.94
BAR_SHARE = 0.72
NEAREST_WORDS, LINE_OF_WORDS = 8, 18
ALL_LABELS = 7


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: `at` is its place in percent, `anchor` how its words lie, `rise` how far above the plot."""

    at: str
    words: str
    anchor: str = "middle"
    rise: int = 0


class Point(NamedTuple):
    """From `x` on, the share between 0 and 1 is `share`."""

    x: int
    share: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve of a step chart. `path` lies in a square of 1,000; `tone` (1 or 2) is its look."""

    label: str
    path: str
    tone: int


@dataclass(frozen=True, slots=True)
class StepChart:
    """Shares that move in steps over time. `lines` are what to compare with."""

    identity: str
    title: str
    description: str
    curves: tuple[Curve, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    lines: tuple[Tick, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a stacked bar. `tone` (1 to 3) is its look; `words` say its value with its unit."""

    label: str
    words: str
    tone: int
    at: str
    width: str


@dataclass(frozen=True, slots=True)
class StackedBar:
    """Parts of one whole, side by side."""

    identity: str
    title: str
    description: str
    segments: tuple[Segment, ...]


class BarValue(NamedTuple):
    """What a bar shows. None draws no bar: `words` stand in its place (a value not known, or not shown)."""

    label: str
    value: float | None
    words: str
    above: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `label` is below it; `words` are what it says when pointed at, or in its place where it is `missing`."""

    label: str
    above: str
    words: str
    middle: str
    at: str
    top: str
    width: str
    height: str
    missing: bool
    minor: bool


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars side by side over a common floor, as for the months of a year."""

    identity: str
    title: str
    description: str
    bars: tuple[Bar, ...]
    up: tuple[Tick, ...]
    unit: str


def percent(share: float) -> str:
    """A share between 0 and 1 as an SVG length: "12.5%"."""
    return f"{round(share * 100, 3):g}%"


def ticks(highest: float) -> list[int]:
    """Round whole numbers from 0 to `highest` or just past it, at most seven of them."""
    scale = 1
    while True:
        for step in STEPS:
            if step * scale * MOST_TICKS >= highest:
                size = step * scale
                return list(range(0, int(-(-highest // size)) * size + 1, size)) if highest > 0 else [0, 1]
        scale *= 10


def step_chart(
    identity: str,
    title: str,
    description: str,
    curves: Sequence[tuple[str, Sequence[Point]]],
    *,
    lines: Iterable[int],
    unit: str,
) -> StepChart:
    """At most two curves (label, points in order), each from 0 at 0. `lines` are drawn upright, with their number."""
    if len(curves) > 2:
        raise ValueError("A step chart has at most two curves; put more in a table.")
    marks = sorted(set(lines))
    across = ticks(max([point.x for _, points in curves for point in points] + marks, default=0))
    whole = across[-1]
    return StepChart(
        identity=identity,
        title=title,
        description=description,
        curves=tuple(
            Curve(label, _path(points, whole), tone) for tone, (label, points) in enumerate(curves, start=1)
        ),
        across=tuple(_along(number / whole, f"{number:,}") for number in across),
        up=tuple(Tick(percent(1 - part / 4), f"{part * 25}%") for part in range(5)),
        lines=tuple(
            replace(
                _along(mark / whole, f"standard {mark}"), rise=NEAREST_WORDS + LINE_OF_WORDS * (place % 2)
            )
            for place, mark in enumerate(marks)
        ),
        unit=unit,
    )


def _path(points: Sequence[Point], whole: int) -> str:
    steps = "".join(f"H{_place(point.x / whole)}V{_place(1 - point.share)}" for point in points)
    return f"M0,{PLOT}{steps}"


def _place(share: float) -> str:
    return f"{round(share * PLOT, 1):g}"


def _along(share: float, words: str) -> Tick:
    """A mark along the floor whose words stay inside the plot at either end."""
    anchor = "start" if share < LEFT_END else "end" if share > RIGHT_END else "middle"
    return Tick(percent(share), words, anchor)


def stacked_bar(
    identity: str, title: str, description: str, parts: Sequence[tuple[str, float, str]]
) -> StackedBar:
    """Parts (label, value, value in words) of one whole, left to right: at most three. The key names each part."""
    if len(parts) > 3:
        raise ValueError("A stacked bar has at most three parts; put more in a table.")
    whole = sum(value for _, value, _ in parts)
    segments, before = [], 0.0
    for tone, (label, value, words) in enumerate(parts, start=1):
        part = value / whole if whole else 0.0
        segments.append(Segment(label, words, tone, percent(before), percent(part)))
        before += part
    return StackedBar(identity, title, description, tuple(segments))


def bar_chart(
    identity: str, title: str, description: str, values: Sequence[BarValue], *, unit: str
) -> BarChart:
    """Bars in the order given. Past seven, a phone shows the words below every third one only."""
    up = ticks(max((each.value for each in values if each.value is not None), default=0))
    return BarChart(
        identity=identity,
        title=title,
        description=description,
        bars=tuple(_bar(place, each, len(values), up[-1]) for place, each in enumerate(values)),
        up=tuple(Tick(percent(1 - number / up[-1]), f"{number:,}") for number in up),
        unit=unit,
    )


def _bar(place: int, given: BarValue, count: int, highest: int) -> Bar:
    room = 1 / count
    height = (given.value or 0) / highest
    return Bar(
        label=given.label,
        above=given.above,
        words=given.words,
        middle=percent((place + 0.5) * room),
        at=percent((place + (1 - BAR_SHARE) / 2) * room),
        top=percent(1 - height),
        width=percent(BAR_SHARE * room),
        height=percent(height),
        missing=given.value is None,
        minor=count > ALL_LABELS and place % 3 != 0,
    )
