"""What ends when, and for whom: the figures of `/reports/sustainability/` over one register, and their fixed tables of
people, in which small counts are hidden from those who may not see them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

import numpy as np

from core.models import User
from core.rules.suppression import HIDDEN, Shown, suppress
from grants.models.returns import CaseloadUnit
from grants.queries.ending_columns import LEVELS, PENCE, UNITS, EndingColumns, ending_columns
from grants.queries.sustainability import (
    Judged,
    MeetingPlace,
    NotAssessed,
    Planning,
    every_support_ending,
    meeting_places,
    not_assessed,
    planning,
)
from grants.rules.cliff import window
from grants.rules.clocks import NOT_KNOWN, Bools, day_of
from grants.rules.safe_date import Bases
from grants.rules.timing import Ints
from reports.rules.milestones import milestones, months_until

PLACES_SHOWN = 25
ENDED, AHEAD = "ended", "ahead"
Key: TypeAlias = tuple[str, date | int | None]
"""Names one sum: of what has ended, of all ahead, by a day, in a month, at a place."""


class Figure(NamedTuple):
    """One line of a table. People are None where not known, "c" where not shown; pounds a year likewise None.

    `not_known` counts the grants whose people, and `pounds_not_known` those whose money, the sums leave out.
    """

    grants: int
    families: Shown
    children: Shown
    not_known: int
    pounds_a_year: Decimal | None
    pounds_not_known: int


@dataclass(frozen=True, slots=True)
class Sustainability:
    """Everything that the report says besides its rows. `by` are the milestones with what ends up to each, no grant
    twice; `months` the first days of the months ahead; `cells` what is shown of each grant, where not everything is;
    `bases` says whose durations the latest safe dates were worked out from.
    """

    on: date
    setting: Planning
    ended: Figure
    ahead: Figure
    by: tuple[tuple[date, Figure], ...]
    months: tuple[tuple[date, Figure], ...]
    places: tuple[tuple[MeetingPlace, Figure], ...]
    places_count: int
    levels: Mapping[str, int]
    not_assessed: NotAssessed
    cells: Mapping[int, Shown] | None
    bases: Bases

    @property
    def grants(self) -> int:
        """How many grants are in the figures."""
        return self.ended.grants + self.ahead.grants

    @property
    def hides(self) -> bool:
        """Whether any number of people is not shown."""
        return self.cells is not None and HIDDEN in self.cells.values()

    def shown(self, judged: Judged) -> Shown:
        """What may be shown of the people that one grant leaves uncovered."""
        return judged.uncovered if self.cells is None else self.cells[judged.pk]


def sustainability(user: User, *, on: date, illustrative: bool) -> Sustainability:
    """The figures for a reader, full for officers, small counts hidden for everybody else: at most eight queries.

    The tables are always over the whole register, so that no filter makes a sum of its own.
    """
    setting = planning(on)
    places, places_count = meeting_places(illustrative=illustrative, at_most=PLACES_SHOWN)
    grants = every_support_ending(user, on=on, illustrative=illustrative)
    endings = ending_columns(grants, setting)
    days, months = (*milestones(on), window(on)[1]), months_until(on, window(on)[1])
    held = _held(endings, on, days, months) | _held_at(places, endings, on)
    shown = _in_full(endings, held) if user.is_officer else _protected(endings, held)
    figures = {key: _figure(key, endings, members, shown.sums) for key, members in held.items()}
    return Sustainability(
        on=on,
        setting=setting,
        ended=figures[(ENDED, None)],
        ahead=figures[(AHEAD, None)],
        by=tuple((day, figures[("by", day)]) for day in days),
        months=tuple((month, figures[("month", month)]) for month in months),
        places=tuple((place, figures[("place", place.flag_id)]) for place in places),
        places_count=places_count,
        levels={
            level: n
            for place, level in enumerate(LEVELS)
            if (n := int(np.count_nonzero(endings.level == place)))
        },
        not_assessed=not_assessed(user, illustrative=illustrative),
        cells=shown.cells,
        bases=setting.own[illustrative].bases,
    )


def _held(endings: EndingColumns, on: date, days: Sequence[date], months: Sequence[date]) -> dict[Key, Ints]:
    """Which grants, by their place in the columns, belong to each sum of what has ended and of what lies ahead."""
    ends = endings.ends_on
    is_ahead = ends >= day_of(on)
    held: dict[Key, Ints] = {
        (ENDED, None): np.flatnonzero(~is_ahead),
        (AHEAD, None): np.flatnonzero(is_ahead),
    }
    until = np.searchsorted([day_of(day) for day in days], ends)
    held |= {("by", day): np.flatnonzero(is_ahead & (until == n)) for n, day in enumerate(days)}
    month_of = np.searchsorted([day_of(month) for month in months], ends, side="right") - 1
    return held | {
        ("month", month): np.flatnonzero(is_ahead & (month_of == n)) for n, month in enumerate(months)
    }


def _held_at(places: Sequence[MeetingPlace], endings: EndingColumns, on: date) -> dict[Key, Ints]:
    """Which of the grants that still run belong to each place."""
    refs = {ref for place in places for ref in place.refs}
    is_ahead = endings.ends_on >= day_of(on)
    where = {ref: n for n, ref in enumerate(endings.ref.tolist()) if ref in refs and is_ahead[n]}
    return {
        ("place", place.flag_id): np.array(sorted(where[ref] for ref in place.refs if ref in where), np.int64)
        for place in places
    }


class _People(NamedTuple):
    """The sums of people by unit, and what may be shown of each grant, or None where that is everything."""

    sums: Mapping[tuple[str, Key], Shown]
    cells: Mapping[int, Shown] | None


def _in_full(endings: EndingColumns, held: Mapping[Key, Ints]) -> _People:
    """Nothing is hidden."""
    sums: dict[tuple[str, Key], Shown] = {}
    for n, unit in enumerate(UNITS):
        people = np.where(_is_counted(endings, n), endings.uncovered, 0)
        sums |= {(unit, key): int(people[members].sum()) for key, members in held.items()}
    return _People(sums, None)


def _protected(endings: EndingColumns, held: Mapping[Key, Ints]) -> _People:
    """Small counts, and what would give them away, are hidden in the grants and in the sums."""
    sums: dict[tuple[str, Key], Shown] = {}
    cells: dict[int, Shown] = dict.fromkeys(endings.pk.tolist())
    for n, unit in enumerate(UNITS):
        counted = _is_counted(endings, n)
        people = dict(zip(endings.pk[counted].tolist(), endings.uncovered[counted].tolist(), strict=True))
        tables = {key: endings.pk[members[counted[members]]].tolist() for key, members in held.items()}
        published = suppress(people, {key: pks for key, pks in tables.items() if pks})
        cells |= published.cells
        sums |= {(unit, key): shown for key, shown in published.sums.items()}
    return _People(sums, cells)


def _is_counted(endings: EndingColumns, unit: int) -> Bools:
    found: Bools = (endings.uncovered != NOT_KNOWN) & (endings.unit == unit)
    return found


def _figure(
    key: Key, endings: EndingColumns, members: Ints, people: Mapping[tuple[str, Key], Shown]
) -> Figure:
    known = int(np.count_nonzero(endings.uncovered[members] != NOT_KNOWN))
    pence = endings.pence_a_year[members]
    pence = pence[pence != NOT_KNOWN]
    all_unknown = members.size > 0 and known == 0
    # Added up as Python's integers, which do not overflow.
    pounds = Decimal(sum(pence.tolist())) / PENCE
    return Figure(
        grants=members.size,
        families=None if all_unknown else people.get((CaseloadUnit.FAMILIES, key), 0),
        children=None if all_unknown else people.get((CaseloadUnit.CHILDREN, key), 0),
        not_known=members.size - known,
        pounds_a_year=pounds if pence.size or not members.size else None,
        pounds_not_known=members.size - pence.size,
    )
