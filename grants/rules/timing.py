"""Kaplan-Meier over waits, those still going on included. Source: docs/rules/timing-statistics.md."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

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
