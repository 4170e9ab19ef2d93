"""The grants that end within twelve months, or ended within the twelve before, in columns: how many each leaves
uncovered, at which level, and what it is worth a year.

The pure rules judge, once for all grants that are alike: of one fund and one end, or of one amount and length.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Case, F, QuerySet, When
from numpy.typing import NDArray

from core.rules.dates import months_in
from grants.models import Grant
from grants.models.returns import CaseloadUnit
from grants.queries.candidates.endings import with_support
from grants.queries.sustainability import Planning
from grants.queries.timing.sql import columns, number
from grants.rules.cliff import CliffCase, caseload_needed_from, judge_cliff_edge
from grants.rules.clocks import NOT_KNOWN, date_of, day_of
from grants.rules.cluster import pounds_a_year
from grants.rules.levels import Level
from grants.rules.safe_date import latest_safe
from grants.rules.timing import Ints

UNITS, LEVELS = tuple(CaseloadUnit.values), tuple(Level)
PENCE = 100


class EndingColumns(NamedTuple):
    """Each ending grant, in order of its key; NOT_KNOWN where not known. `ends_on` is in days since 1970.

    `unit` is a place in UNITS, `level` one in LEVELS, or NOT_KNOWN where no rule flags the ending.
    """

    pk: Ints
    ref: NDArray[Any]
    ends_on: Ints
    uncovered: Ints
    unit: Ints
    level: Ints
    pence_a_year: Ints


def ending_columns(grants: QuerySet[Grant], setting: Planning) -> EndingColumns:
    """Every one of `support_ending`: two queries."""
    found = columns(
        with_support(grants, setting.on),
        numbers=("pk", "fund_id", "covered"),
        dates=("ends_on", "planned_start", "planned_end"),
        pounds=("amount_awarded",),
        words=("ref",),
    )
    caseload, counted_on, unit = _last_caseloads(grants, found["pk"], setting.on)
    needed_from, level = _judged(found["fund_id"], found["ends_on"], found["planned_start"], setting)
    is_known = (caseload != NOT_KNOWN) & (counted_on >= needed_from)
    uncovered = np.where(is_known, np.maximum(caseload - found["covered"], 0), NOT_KNOWN)
    return EndingColumns(
        pk=found["pk"],
        ref=found["ref"],
        ends_on=found["ends_on"],
        uncovered=uncovered,
        unit=unit,
        level=np.where(uncovered == 0, NOT_KNOWN, level),
        pence_a_year=_pence_a_year(found["amount_awarded"], found["planned_start"], found["planned_end"]),
    )


def _last_caseloads(grants: QuerySet[Grant], pks: Ints, on: date) -> tuple[Ints, Ints, Ints]:
    """Of each grant the last caseload by the day, when it was counted, and its unit: one query."""
    known = grants.filter(returns__caseload__isnull=False, returns__period_to__lte=on).annotate(
        caseload=F("returns__caseload"),
        counted_on=F("returns__period_to"),
        unit=Case(*(When(returns__caseload_unit=unit, then=number(n)) for n, unit in enumerate(UNITS))),
    )
    returns = columns(known, numbers=("pk", "caseload", "unit"), dates=("counted_on",))
    order = np.lexsort((returns["counted_on"], returns["pk"]))
    of = returns["pk"][order]
    last = order[np.append(of[1:] != of[:-1], True)[: of.size]]
    place = np.searchsorted(pks, returns["pk"][last])
    found = []
    for name in ("caseload", "counted_on", "unit"):
        column = np.full(pks.size, NOT_KNOWN)
        column[place] = returns[name][last]
        found.append(column)
    caseload, counted_on, unit = found
    return caseload, counted_on, unit


def _judged(funds: Ints, ends: Ints, starts: Ints, setting: Planning) -> tuple[Ints, Ints]:
    """From when each grant's caseload is needed, and the level of its ending while somebody may be uncovered."""
    alike, place = _alike(funds, ends, starts)
    needed_from, levels = [], []
    for fund_id, ends_on, starts_on in alike:
        terms, end = setting.terms[fund_id], date_of(ends_on)
        safe = latest_safe(end, terms.notice_months, setting.durations[fund_id])
        case = CliffCase(
            ends_on=end,
            starts_on=_date_or_none(starts_on),
            caseload=None,
            caseload_on=None,
            covered=0,
            return_period_months=terms.return_period_months,
            notice_months=terms.notice_months,
            notice_given_on=None,
            latest_safe_on=safe.latest_safe_on,
        )
        verdict = judge_cliff_edge(case, setting.on)
        needed_from.append(day_of(caseload_needed_from(case, setting.on)))
        levels.append(NOT_KNOWN if verdict is None else LEVELS.index(verdict.level))
    return _spread(needed_from, place), _spread(levels, place)


def _pence_a_year(pence: Ints, starts: Ints, ends: Ints) -> Ints:
    """What each grant is worth a year of its planned months."""
    windows, window = _alike(starts, ends)
    months = [months_in(_date_or_none(start), _date_or_none(end)) for start, end in windows]
    lengths = {length: n for n, length in enumerate(dict.fromkeys(months))}
    length = _spread([lengths[one] for one in months], window)
    alike, place = _alike(pence, length)
    of = tuple(lengths)
    return _spread([_yearly(amount, of[n]) for amount, n in alike], place)


def _yearly(pence: int, months: Fraction | None) -> int:
    yearly = pounds_a_year(None if pence == NOT_KNOWN else Decimal(pence) / PENCE, months)
    return NOT_KNOWN if yearly is None else int(yearly * PENCE)


def _alike(*of: Ints) -> tuple[list[tuple[int, ...]], Ints]:
    """The different rows of some columns, and which of them each row is."""
    key = np.zeros_like(of[0])
    for column in of:
        values, place = np.unique(column, return_inverse=True)
        key = key * values.size + place
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    return list(zip(*(column[first].tolist() for column in of), strict=True)), place


def _spread(values: list[int], place: Ints) -> Ints:
    return np.array(values, dtype=np.int64)[place]


def _date_or_none(day: int) -> date | None:
    return None if day == NOT_KNOWN else date_of(day)
