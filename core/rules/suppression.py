"""Small counts of people, and what would give them away, are not published. Source: docs/rules/suppression.md.

A table is cells (one count of people each) and sums of cells. Counts of 1 to 5 are hidden; then the cheapest further
counts are, until nothing that stays in print tells whether a hidden count is small. Zero and "not known" are shown.

The proof is the same for every hidden cell: either no sum in print holds it, or it has companions, hidden too and held
by exactly the same sums in print. People could be moved between companions without changing anything in print, and
there are enough of them that the cell may be 1 and may be 6 or more. A reader who knows that "c" means "at least one"
can say no more than that.

Cells of thousands of grants are dealt with by what sums hold them, so the work grows with the number of different
memberships: about a second for 1,500 of them.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, Literal, NamedTuple, TypeAlias, TypeVar

SMALL = 5
HIDDEN: Final = "c"

Shown: TypeAlias = int | Literal["c"] | None
"""A count, None where it is not known, or "c" where it is not shown to protect families."""

C = TypeVar("C", bound=Hashable)
S = TypeVar("S", bound=Hashable)
Places: TypeAlias = frozenset[int]


@dataclass(frozen=True, slots=True)
class Published(Generic[C, S]):
    """What may be printed of each cell and each sum."""

    cells: Mapping[C, Shown]
    sums: Mapping[S, Shown]


def in_full(cells: Mapping[C, int | None], sums: Mapping[S, Collection[C]]) -> Published[C, S]:
    """The same table with nothing hidden, for those who may see every count."""
    return Published(
        dict(cells), {key: known_sum(cells[cell] for cell in held) for key, held in sums.items()}
    )


def known_sum(counts: Iterable[int | None]) -> int | None:
    """The sum of the counts that are known; None where there are counts and not one is known."""
    found = list(counts)
    known = [count for count in found if count is not None]
    return sum(known) if known or not found else None


def is_small(count: int | None) -> bool:
    """Whether a count of people must be hidden for itself: 1 to 5."""
    return count is not None and 0 < count <= SMALL


def suppress(cells: Mapping[C, int | None], sums: Mapping[S, Collection[C]]) -> Published[C, S]:
    """The table with small counts, and what would give them away, as "c".

    `cells` are counts of people of one unit for each key, None where not known; each of `sums` names cells, each once.
    The answer depends only on these and their order. Raises KeyError for a sum over a cell that is not given.
    """
    whole = in_full(cells, sums)
    totals = [known_sum(cells[cell] for cell in held) or 0 for held in sums.values()]
    search = _Search(_atoms(cells, sums), totals)
    search.hide_what_is_small()
    search.hide_what_gives_it_away()
    search.show_what_can_be_shown()
    hidden_cells = search.hidden_cells()
    return Published(
        {key: HIDDEN if n in hidden_cells else count for n, (key, count) in enumerate(whole.cells.items())},
        {key: HIDDEN if n in search.hidden else total for n, (key, total) in enumerate(whole.sums.items())},
    )


class _Cell(NamedTuple):
    """A count of at least one person, and its place among the cells."""

    people: int
    place: int


@dataclass(slots=True)
class _Atom:
    """The cells that exactly the same sums hold: those in print with the smallest last, and those hidden."""

    held_by: Places
    shown: list[_Cell]
    hidden: list[_Cell] = field(default_factory=list)

    def hide_smallest(self) -> None:
        self.hidden.append(self.shown.pop())


class _Group(NamedTuple):
    """Hidden cells that the same sums in print hold: how many, and of how many people."""

    cells: int
    people: int

    def with_others(self, cells: int, people: int) -> _Group:
        return _Group(self.cells + cells, self.people + people)

    @property
    def is_safe(self) -> bool:
        """Each of them may be 1, and each may be 6 or more, the others being at least 1."""
        return self.cells > 1 and self.people - (self.cells - 1) > SMALL


class _Step(NamedTuple):
    """Something to hide: sums, and the smallest cell in print of an atom. Compared by cost, then by order."""

    cost: int
    order: int
    sums: Places
    atom: _Atom | None = None


def _atoms(cells: Mapping[C, int | None], sums: Mapping[S, Collection[C]]) -> list[_Atom]:
    held_by: dict[C, list[int]] = {key: [] for key in cells}
    for number, held in enumerate(sums.values()):
        for key in held:
            held_by[key].append(number)
    found: dict[tuple[int, ...], list[_Cell]] = {}
    for place, (key, count) in enumerate(cells.items()):
        if count:
            found.setdefault(tuple(held_by[key]), []).append(_Cell(count, place))
    return [_Atom(frozenset(held), sorted(members, key=_last_first)) for held, members in found.items()]


def _last_first(cell: _Cell) -> tuple[int, int]:
    return -cell.people, -cell.place


class _Search:
    """The cells by what holds them, and the sums that are hidden so far."""

    def __init__(self, atoms: list[_Atom], totals: list[int]) -> None:
        self.atoms = atoms
        self.totals = totals
        self.hidden: set[int] = set()
        self.small: frozenset[int] = frozenset()

    def hidden_cells(self) -> set[int]:
        """The places of the hidden cells."""
        return {cell.place for atom in self.atoms for cell in atom.hidden}

    def hide_what_is_small(self) -> None:
        """Counts of 1 to 5, in cells and in sums."""
        for atom in self.atoms:
            while atom.shown and is_small(atom.shown[-1].people):
                atom.hide_smallest()
        self.small = frozenset(number for number, total in enumerate(self.totals) if is_small(total))
        self.hidden |= self.small

    def hide_what_gives_it_away(self) -> None:
        """Step by step: each makes one group of hidden cells safe, and none can make another unsafe."""
        while True:
            groups = self._groups()
            unsafe = {held: group for held, group in groups.items() if held and not group.is_safe}
            if not unsafe:
                return
            held = min(unsafe, key=lambda one: (unsafe[one].people, sorted(one)))
            step = min(self._steps(held, groups), key=lambda one: (one.cost, one.order))
            self.hidden |= step.sums
            if step.atom is not None:
                step.atom.hide_smallest()

    def show_what_can_be_shown(self) -> None:
        """An early step may turn out not to be needed. Sums first; again after the cells, which may have freed some."""
        self._show_sums()
        for atom, cell in self._further_cells():
            atom.hidden.remove(cell)
            if not self._is_safe():
                atom.hidden.append(cell)
        self._show_sums()

    def _show_sums(self) -> None:
        for number in sorted(self.hidden - self.small, key=lambda one: (-self.totals[one], one)):
            self.hidden.discard(number)
            if not self._is_safe():
                self.hidden.add(number)

    def _further_cells(self) -> list[tuple[_Atom, _Cell]]:
        """Cells that are hidden for the sake of others, the greatest first."""
        found = [(atom, cell) for atom in self.atoms for cell in atom.hidden if not is_small(cell.people)]
        return sorted(found, key=lambda one: _last_first(one[1]))

    def _held(self, atom: _Atom) -> Places:
        """The sums in print that hold an atom's cells."""
        return atom.held_by - self.hidden

    def _groups(self) -> dict[Places, _Group]:
        found: dict[Places, _Group] = {}
        for atom in self.atoms:
            if atom.hidden:
                held = self._held(atom)
                people = sum(cell.people for cell in atom.hidden)
                found[held] = found.get(held, _Group(0, 0)).with_others(len(atom.hidden), people)
        return found

    def _is_safe(self) -> bool:
        return all(not held or group.is_safe for held, group in self._groups().items())

    def _steps(self, held: Places, groups: Mapping[Places, _Group]) -> Iterator[_Step]:
        """What would make one group safe, each with the people that would go out of print with it.

        Hide the sums that hold it; or take another group, or hide one more cell, and the sums that tell them apart.
        """
        own = groups[held]
        yield _Step(self._cost(held), 0, held)
        for order, (others, group) in enumerate(groups.items(), start=1):
            if others != held and others and own.with_others(*group).is_safe:
                apart = held ^ others
                yield _Step(self._cost(apart), order, apart)
        for order, atom in enumerate(self.atoms, start=1 + len(groups)):
            if atom.shown and not held.isdisjoint(atom.held_by):
                apart = held ^ self._held(atom)
                yield _Step(self._cost(apart) + atom.shown[-1].people, order, apart, atom)

    def _cost(self, sums: Iterable[int]) -> int:
        return sum(self.totals[number] for number in sums)
