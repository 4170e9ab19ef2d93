"""Two outside judges of a published table: a linear programme, and the audit of pytauargus.

Both are told what a reader knows: each number in print, which counts are zero, and that "c" is at least one.
"""

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytauargus.engine
from scipy.optimize import linprog

from core.rules.suppression import HIDDEN, SMALL, Published

Cells = Mapping[Any, int | None]
Sums = Mapping[Any, Sequence[Any]]
NO_END = 100_000
NEARLY = 1e-6


class Range(NamedTuple):
    """What a hidden count may be for all that a reader can tell."""

    low: float
    high: float


def total(cells: Cells, held: Sequence[Hashable]) -> int:
    """The sum of what is known."""
    return sum(cells[cell] or 0 for cell in held)


class Reader:
    """Somebody who works out what can be worked out from a published table."""

    def __init__(self, cells: Cells, sums: Sums, table: Published[Any, Any]) -> None:
        self.cells = cells
        self.hidden = [cell for cell in cells if table.cells[cell] == HIDDEN]
        place = {cell: n for n, cell in enumerate(self.hidden)}
        self.rows: list[list[int]] = []
        self.left: list[int] = []
        for name, held in sums.items():
            if isinstance(table.sums[name], int):
                row = [0] * len(self.hidden)
                for cell in held:
                    if cell in place:
                        row[place[cell]] = 1
                if any(row):
                    self.rows.append(row)
                    self.left.append(total(cells, [cell for cell in held if cell in place]))

    def range_of(self, held: Sequence[Hashable]) -> Range:
        """The least and the most that some cells may come to together."""
        wanted = np.array([cell in held for cell in self.hidden], dtype=float)
        in_print = total(self.cells, [cell for cell in held if cell not in self.hidden])
        return Range(in_print + self._least(wanted), in_print - self._least(-wanted))

    def _least(self, wanted: Any) -> float:
        found = linprog(
            wanted,
            A_eq=np.array(self.rows) if self.rows else None,
            b_eq=self.left or None,
            bounds=[(1, NO_END)] * len(self.hidden),
            method="highs",
        )
        assert found.status == 0, found.message
        return float(found.fun)


def given_away(cells: Cells, sums: Sums, table: Published[Any, Any]) -> list[str]:
    """What a reader learns of the hidden counts: that one is small, or its very value. Empty when nothing."""
    reader = Reader(cells, sums, table)
    found = []
    for name, held in [*((cell, [cell]) for cell in reader.hidden), *_hidden_sums(sums, table)]:
        count, least = total(cells, held), sum(1 for cell in held if cells[cell])
        low, high = reader.range_of(held)
        small = 0 < count <= SMALL
        if (small and (low > least + NEARLY or high < SMALL + 1 - NEARLY)) or high - low < 1 - NEARLY:
            found.append(f"{name}: {count} is between {low:g} and {high:g}")
    return found


def _hidden_sums(sums: Sums, table: Published[Any, Any]) -> list[tuple[Any, Sequence[Any]]]:
    return [(name, held) for name, held in sums.items() if table.sums[name] == HIDDEN]


def failed_audit(cells: Cells, sums: Sums, table: Published[Any, Any], folder: Path) -> list[int]:
    """The cells and sums (by number, cells first) that pytauargus does not find protected.

    It is asked for the same protection: a small count must be able to be anything from 1 to 6.
    """
    path = folder / "table.jj"
    path.write_text("\n".join(_jj_lines(cells, sums, table)) + "\n", encoding="ascii")
    rows = pytauargus.engine.audit_jj(str(path))
    return [row["cell"] for row in rows if row["unsafe"] or row["max"] - row["min"] < 1 - NEARLY]


def _jj_lines(cells: Cells, sums: Sums, table: Published[Any, Any]) -> list[str]:
    """The table in the solvers' own format: a line for each number with its bounds, a line for each sum."""
    place = {cell: n for n, cell in enumerate(cells)}
    counts = [
        *((count or 0, 1, table.cells[cell]) for cell, count in cells.items()),
        *((total(cells, held), sum(1 for c in held if cells[c]), table.sums[n]) for n, held in sums.items()),
    ]
    lines = ["0", str(len(counts))]
    for number, (count, least, shown) in enumerate(counts):
        status = "s" if shown != HIDDEN else "u" if count <= SMALL else "m"
        bounds = f"{least} {NO_END}" if count else "0 0"
        wanted = f"{count - least} {SMALL + 1 - count}" if status == "u" else "0 0"
        lines.append(f"{number} {count} {max(count, 1)} {status} {bounds} {wanted} 0")
    lines.append(str(len(sums)))
    for number, held in enumerate(sums.values(), start=len(cells)):
        parts = " ".join(f"{place[cell]} (1)" for cell in held)
        lines.append(f"0 {len(held) + 1} : {number} (-1) {parts}")
    return lines
