"""Kaplan-Meier over waits, those still going on included. Source: docs/rules/timing-statistics.md.

There is no mean here: a mean of the cases that ended flatters whoever is slow.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import NormalDist
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

ENOUGH_CASES = 10
CONFIDENCE = 0.95

_ROUNDING = 1e-12


class Curve(NamedTuple):
    """At each distinct duration: the share still waiting after it, how many were at risk, how many ended."""

    times: Ints
    survival: Floats
    at_risk: Ints
    events: Ints


def kaplan_meier(durations: ArrayLike, observed: ArrayLike, weights: ArrayLike | None = None) -> Curve:
    """The curve over durations, each ended (`observed`) or still waiting, each standing for `weights` cases.

    Durations are whole days or working days, zero or more. A case that ended and one still waiting at the
    same duration: the second was at risk when the first ended. Raises ValueError on lengths that differ,
    negative durations or negative weights.
    """
    spans = np.asarray(durations, dtype=np.int64)
    ended = np.asarray(observed, dtype=np.bool_)
    counts = np.ones_like(spans) if weights is None else np.asarray(weights, dtype=np.int64)
    if not spans.shape == ended.shape == counts.shape:
        raise ValueError("Give one observed flag and one weight for each duration.")
    if spans.size and (spans.min() < 0 or counts.min() < 0):
        raise ValueError("Durations and weights cannot be negative: leave such cases out and count them.")
    counted = counts > 0
    spans, ended, counts = spans[counted], ended[counted], counts[counted]
    times, place = np.unique(spans, return_inverse=True)
    leaving = np.zeros(times.size, dtype=np.int64)
    events = np.zeros(times.size, dtype=np.int64)
    np.add.at(leaving, place, counts)
    np.add.at(events, place, np.where(ended, counts, 0))
    at_risk = np.cumsum(leaving[::-1])[::-1]
    survival = np.asarray(np.cumprod(1.0 - events / at_risk), dtype=np.float64)
    return Curve(times, survival, at_risk, events)


def quantile(curve: Curve, share: float) -> int | None:
    """The duration by which `share` of the cases had ended, or None where the curve does not reach it."""
    reached = np.flatnonzero(curve.survival <= 1.0 - share + _ROUNDING)
    return int(curve.times[reached[0]]) if reached.size else None


class Interval(NamedTuple):
    """Between which durations a quantile lies with 95% confidence; None where the band does not reach it."""

    low: int | None
    high: int | None


def greenwood(curve: Curve) -> Floats:
    """Greenwood's sum at each time: the variance of the logarithm of the share. Infinite once all have ended."""
    left = curve.at_risk - curve.events
    terms = np.full(curve.times.size, np.inf)
    np.divide(curve.events, curve.at_risk * left.astype(np.float64), out=terms, where=left > 0)
    return np.asarray(np.cumsum(terms), dtype=np.float64)


def log_log_band(curve: Curve, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """The pointwise log-log band of the share still waiting: its lower and its upper edge at each time.

    Before anything has ended both edges are 1, and once everything has ended both are 0, as the curve is.
    """
    lower, upper = curve.survival.copy(), curve.survival.copy()
    inside = (curve.survival > 0) & (curve.survival < 1)
    log_share = np.log(curve.survival[inside])
    reach = NormalDist().inv_cdf(0.5 + confidence / 2) * np.sqrt(greenwood(curve)[inside]) / -log_share
    lower[inside] = np.exp(log_share * np.exp(reach))
    upper[inside] = np.exp(log_share * np.exp(-reach))
    return lower, upper


def quantile_interval(curve: Curve, share: float, confidence: float = CONFIDENCE) -> Interval:
    """The durations at which each edge of the band comes down to the quantile."""
    lower, upper = log_log_band(curve, confidence)
    edges = (curve._replace(survival=edge) for edge in (lower, upper))
    return Interval(*(quantile(edge, share) for edge in edges))


def share_ended(curve: Curve, duration: int) -> float:
    """The share of cases that had ended within `duration`, between 0 and 1."""
    reached = int(np.searchsorted(curve.times, duration, side="right"))
    return 1.0 - float(curve.survival[reached - 1]) if reached else 0.0


class Case(NamedTuple):
    """One wait: how long, and whether it ended or still goes on."""

    duration: int
    ended: bool


class Bin(NamedTuple):
    """So many waits of one length, all ended or all still going on. A histogram is many of these."""

    duration: int
    ended: bool
    n: int


class TimingSummary(NamedTuple):
    """What is said of a set of waits, in the unit of its durations.

    `low` and `high` are the 95% interval of the median; None is "not reached". `longest_wait` is the longest of those
    still waiting, None when nobody waits. With fewer than ten cases the statistics are None and `cases` lists them.
    """

    n: int
    waiting: int
    median: int | None
    p25: int | None
    p75: int | None
    p90: int | None
    low: int | None
    high: int | None
    longest_wait: int | None
    cases: tuple[Case, ...]
    curve: Curve

    @property
    def is_listed(self) -> bool:
        """Whether the cases are too few for statistics."""
        return self.n < ENOUGH_CASES

    @property
    def ended(self) -> int:
        """How many waits have ended."""
        return self.n - self.waiting


def summarise(bins: Iterable[Bin]) -> TimingSummary:
    """The statistics of a histogram of waits. Raises ValueError on a negative duration or number."""
    durations, ended, n = zip(*bins, strict=True) if (bins := list(bins)) else ((), (), ())
    return summarise_columns(durations, ended, n)


def summarise_columns(durations: ArrayLike, ended: ArrayLike, n: ArrayLike) -> TimingSummary:
    """The same of a histogram in columns: each duration, ended or still waiting, stands for `n` cases."""
    spans, done, counts = (
        np.asarray(durations, np.int64),
        np.asarray(ended, np.bool_),
        np.asarray(n, np.int64),
    )
    curve = kaplan_meier(spans, done, counts)
    size, open_still = int(counts.sum()), (counts > 0) & ~done
    waiting = int(counts[open_still].sum())
    longest = int(spans[open_still].max()) if open_still.any() else None
    if size < ENOUGH_CASES:
        each = zip(spans.repeat(counts).tolist(), done.repeat(counts).tolist(), strict=True)
        cases = tuple(sorted(Case(*one) for one in each))
        return TimingSummary(size, waiting, None, None, None, None, None, None, longest, cases, curve)
    p25, median, p75, p90 = (quantile(curve, share) for share in (0.25, 0.5, 0.75, 0.9))
    interval = quantile_interval(curve, 0.5)
    return TimingSummary(size, waiting, median, p25, p75, p90, *interval, longest, (), curve)
