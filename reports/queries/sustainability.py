"""What ends when, and for whom: the figures of `/reports/sustainability/` over one register, and their fixed tables of
people, in which small counts are hidden from those who may not see them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from core.models import User
from core.rules.suppression import Published, Shown, suppress
from grants.models.returns import CaseloadUnit
from grants.queries.sustainability import (
    Judged,
    MeetingPlace,
    NotAssessed,
    Planning,
    judged_endings,
    meeting_places,
    not_assessed,
    planning,
    support_ending,
)
from grants.rules.cliff import window
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
    twice; `months` the first days of the months ahead; `cells` what is shown of each grant, where not everything is.
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

    @property
    def grants(self) -> int:
        """How many grants are in the figures."""
        return self.ended.grants + self.ahead.grants

    @property
    def hides(self) -> bool:
        """Whether any number of people is not shown."""
        return self.cells is not None and any(isinstance(shown, str) for shown in self.cells.values())

    def shown(self, judged: Judged) -> Shown:
        """What may be shown of the people that one grant leaves uncovered."""
        return judged.uncovered if self.cells is None else self.cells[judged.pk]


def sustainability(user: User, *, on: date, illustrative: bool) -> Sustainability:
    """The figures for a reader, full for officers, small counts hidden for everybody else: at most nine queries.

    The tables are always over the whole register, so that no filter makes a sum of its own.
    """
    setting = planning(on)
    places, places_count = meeting_places(illustrative=illustrative, at_most=PLACES_SHOWN)
    tally = _Tally(on, places, protect=not user.is_officer)
    grants = support_ending(user, on=on, illustrative=illustrative)
    tally.add_all(judged_endings(grants, setting))
    figures = tally.figures()
    return Sustainability(
        on=on,
        setting=setting,
        ended=figures[(ENDED, None)],
        ahead=figures[(AHEAD, None)],
        by=tuple((day, figures[("by", day)]) for day in tally.days),
        months=tuple((month, figures[("month", month)]) for month in tally.months),
        places=tuple((place, figures[("place", place.flag_id)]) for place in places),
        places_count=places_count,
        levels=tally.levels,
        not_assessed=not_assessed(user, illustrative=illustrative),
        cells=tally.cells(),
    )


@dataclass(slots=True)
class _Sum:
    """What is counted of one sum besides its people."""

    grants: int = 0
    people_known: int = 0
    pounds: Decimal = Decimal(0)
    pounds_known: int = 0


class _Tally:
    """Adds up the grants as they stream by. Only a reader who is shown less makes it keep a number for each grant."""

    def __init__(self, on: date, places: Iterable[MeetingPlace], *, protect: bool) -> None:
        self.on = on
        self.days = (*milestones(on), window(on)[1])
        self.months = months_until(on, self.days[-1])
        self.levels: dict[str, int] = defaultdict(int)
        self._at: dict[str, list[Key]] = defaultdict(list)
        self._sums: dict[Key, _Sum] = {(ENDED, None): _Sum(), (AHEAD, None): _Sum()}
        self._sums |= {("by", day): _Sum() for day in self.days}
        self._sums |= {("month", month): _Sum() for month in self.months}
        for place in places:
            self._sums[("place", place.flag_id)] = _Sum()
            for ref in place.refs:
                self._at[ref].append(("place", place.flag_id))
        self._people = _ProtectedPeople() if protect else _People()

    def add_all(self, endings: Iterable[Judged]) -> None:
        """Count each grant in every sum that it belongs to."""
        for one in endings:
            keys = self._keys(one)
            self._people.add(one, keys)
            if one.verdict is not None:
                self.levels[one.verdict.level] += 1
            for key in keys:
                found = self._sums[key]
                found.grants += 1
                found.people_known += one.uncovered is not None
                if one.pounds_a_year is not None:
                    found.pounds += one.pounds_a_year
                    found.pounds_known += 1

    def _keys(self, one: Judged) -> list[Key]:
        if one.ends_on < self.on:
            return [(ENDED, None)]
        by = next(day for day in self.days if one.ends_on <= day)
        month = one.ends_on.replace(day=1)
        return [(AHEAD, None), ("by", by), ("month", month), *self._at.get(one.ref, ())]

    def figures(self) -> dict[Key, Figure]:
        """Each sum as the reader may see it."""
        people = self._people.published()
        return {key: self._figure(key, found, people) for key, found in self._sums.items()}

    def _figure(self, key: Key, found: _Sum, people: "Mapping[tuple[str, Key], Shown]") -> Figure:
        all_unknown = found.grants > 0 and found.people_known == 0
        return Figure(
            grants=found.grants,
            families=None if all_unknown else people.get((CaseloadUnit.FAMILIES, key), 0),
            children=None if all_unknown else people.get((CaseloadUnit.CHILDREN, key), 0),
            not_known=found.grants - found.people_known,
            pounds_a_year=found.pounds if found.pounds_known or not found.grants else None,
            pounds_not_known=found.grants - found.pounds_known,
        )

    def cells(self) -> dict[int, Shown] | None:
        """What may be shown of each grant, or None where that is everything."""
        return self._people.cells()


class _People:
    """Sums of people by what they are counted in."""

    def __init__(self) -> None:
        self._totals: dict[tuple[str, Key], Shown] = {}

    def add(self, one: Judged, keys: Iterable[Key]) -> None:
        """One grant's uncovered people, where they are known."""
        if one.uncovered is not None and one.unit is not None:
            for key in keys:
                before = self._totals.get((one.unit, key))
                self._totals[one.unit, key] = one.uncovered + (before if isinstance(before, int) else 0)

    def published(self) -> Mapping[tuple[str, Key], Shown]:
        """Each sum by unit."""
        return self._totals

    def cells(self) -> dict[int, Shown] | None:
        """Nothing is hidden."""
        return None


class _ProtectedPeople(_People):
    """The same, keeping the count of each grant so that small ones, and what would give them away, can be hidden."""

    def __init__(self) -> None:
        super().__init__()
        self._cells: dict[str, dict[int, int | None]] = defaultdict(dict)
        self._held: dict[str, dict[Key, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._not_known: list[int] = []
        self._tables: dict[str, Published[int, Key]] = {}

    def add(self, one: Judged, keys: Iterable[Key]) -> None:
        """One grant's uncovered people, with the sums that they are in."""
        if one.uncovered is None or one.unit is None:
            self._not_known.append(one.pk)
            return
        self._cells[one.unit][one.pk] = one.uncovered
        for key in keys:
            self._held[one.unit][key].append(one.pk)

    def published(self) -> Mapping[tuple[str, Key], Shown]:
        """Each sum by unit, or "c"."""
        self._tables = {unit: suppress(cells, self._held[unit]) for unit, cells in self._cells.items()}
        return {
            (unit, key): shown for unit, table in self._tables.items() for key, shown in table.sums.items()
        }

    def cells(self) -> dict[int, Shown] | None:
        """Each grant's people, or "c"; call `published` first."""
        found: dict[int, Shown] = dict.fromkeys(self._not_known)
        for table in self._tables.values():
            found.update(table.cells)
        return found
