"""Clusters: uncovered grants of one place, school or provider that end close together.

Source of the rule and worked examples: docs/rules/clusters.md. Months are calendar months.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from core.rules.dates import add_months
from core.rules.money import to_pence
from grants.rules.levels import Facts, Level

ROLLING_MONTHS = 3
WINDOW_MONTHS = 12
AT_LEAST_GRANTS = 2

Measure: TypeAlias = Literal["families", "money"]


class ClusterGrant(NamedTuple):
    """One grant active at the place. `uncovered` None is not known; money is pounds a year."""

    ref: str
    ends_on: date | None
    uncovered: int | None
    families: int | None
    amount_per_year: Decimal | None


class ClusterVerdict(NamedTuple):
    """Uncovered grants ending together that hold `part` of the place's `whole`, by `measure`."""

    level: Level
    refs: tuple[str, ...]
    window_start: date
    window_end: date
    measure: Measure
    part: Decimal
    whole: Decimal
    on: date

    @property
    def share(self) -> float:
        """The part of the place's families, or money a year, from 0.5 to 1."""
        return float(self.part / self.whole)

    @property
    def figures(self) -> str:
        """What the sentence hangs on: which grants, and how much of the place they hold."""
        return f"{self.measure} {self.part} {self.whole} {' '.join(self.refs)}"

    def facts(self) -> Facts:
        """What the verdict was judged on, safe for JSON; families and pounds a year as text."""
        return {
            "on": self.on.isoformat(),
            "refs": list(self.refs),
            "window_start": self.window_start.isoformat(),
            "window_end": self.window_end.isoformat(),
            "measure": self.measure,
            "part": str(self.part),
            "whole": str(self.whole),
        }


def pounds_a_year(amount: Decimal | None, planned_months: int | Fraction | None) -> Decimal | None:
    """The amount over the planned months, times twelve, in pounds; None when either is not known."""
    if amount is None or planned_months is None or planned_months <= 0:
        return None
    return to_pence(amount * 12 * planned_months.denominator / planned_months.numerator)


def assessable(grants: Sequence[ClusterGrant], on: date) -> bool:
    """Whether the place's grants can be compared: by families, or else by money, all of them known."""
    return _measure_of(_active(grants, on)) is not None


def judge_cluster(grants: Sequence[ClusterGrant], on: date) -> ClusterVerdict | None:
    """The window of endings that holds most of the place; the earliest where two hold the same.

    None when fewer than two uncovered grants end within any three months, when they hold under half, or
    when neither families nor money is known of every active grant.
    """
    active = _active(grants, on)
    horizon = add_months(on, WINDOW_MONTHS)
    uncovered = (
        (grant.ends_on, grant)
        for grant in active
        if grant.uncovered != 0 and grant.ends_on is not None and grant.ends_on <= horizon
    )
    ending = sorted(uncovered, key=lambda dated: (dated[0], dated[1].ref))
    measure = _measure_of(active) if len(ending) >= AT_LEAST_GRANTS else None
    if measure is None:
        return None
    whole = sum((_size(grant, measure) for grant in active), Decimal(0))
    best: ClusterVerdict | None = None
    for window in _windows(ending):
        part = sum((_size(grant, measure) for _, grant in window), Decimal(0))
        if part > 0 and 2 * part >= whole and (best is None or part > best.part):
            refs = tuple(grant.ref for _, grant in window)
            best = ClusterVerdict(Level.HIGH, refs, window[0][0], window[-1][0], measure, part, whole, on)
    return best


def _active(grants: Sequence[ClusterGrant], on: date) -> list[ClusterGrant]:
    return [grant for grant in grants if grant.ends_on is None or grant.ends_on >= on]


def _measure_of(active: Sequence[ClusterGrant]) -> Measure | None:
    if all(grant.families is not None for grant in active):
        return "families"
    if all(grant.amount_per_year is not None for grant in active):
        return "money"
    return None


def _size(grant: ClusterGrant, measure: Measure) -> Decimal:
    size = grant.families if measure == "families" else grant.amount_per_year
    return Decimal(size or 0)


def _windows(ending: list[tuple[date, ClusterGrant]]) -> Iterator[list[tuple[date, ClusterGrant]]]:
    """The fullest windows of three months: one from each ending that adds an ending to the one before."""
    reached = 0
    for place, (window_start, _) in enumerate(ending):
        window_end = add_months(window_start, ROLLING_MONTHS)
        end = max(reached, place)
        while end < len(ending) and ending[end][0] <= window_end:
            end += 1
        if end > reached and end - place >= AT_LEAST_GRANTS:
            yield ending[place:end]
        reached = max(reached, end)
