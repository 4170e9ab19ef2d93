"""A file read whole, before the register is touched: no lock is held while a long workbook is being read.

What the rows say is kept in a temporary file, so that memory does not grow with the list.
"""

import pickle
import tempfile
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, BinaryIO, Self

from grants.imports.readers import Row, open_list
from grants.rules.import_cells import MONTH_FIRST
from grants.rules.import_rows import GrantRow, RefusedRow, read_row, shown

IN_MEMORY = 4_000_000
BETWEEN_REPORTS = 500
GOES_ON_BROKEN = "The row says more of the grant in row {}, which cannot be taken. Put that row right."


class Prepared:
    """The rows of one file, read and judged by themselves; closing it forgets them."""

    def __init__(self, columns: Mapping[str, str]) -> None:
        self.count = 0
        self.columns = columns
        self.ignored: set[str] = set()
        self.remarks: list[str] = []
        self._kept = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 closed by close()
        self._pickler = pickle.Pickler(self._kept, protocol=pickle.HIGHEST_PROTOCOL)

    def add(self, row: GrantRow | RefusedRow) -> None:
        """Keep one row."""
        self._pickler.dump(row)
        self._pickler.clear_memo()
        self.count += 1

    def rows(self) -> Iterator[GrantRow | RefusedRow]:
        """The rows in the order of the file, as often as they are asked for."""
        self._kept.seek(0)
        for _ in range(self.count):
            yield pickle.load(self._kept)  # noqa: S301 nobody but this process wrote it

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kept.close()


def prepare(file: BinaryIO, *, fund_given: bool, progress: Callable[[int], None] | None = None) -> Prepared:
    """Read a published list. Raises FileRefused for a file that cannot be read at all.

    `fund_given` says that the file need not name a fund or a funder; `progress` hears of the rows read.
    """
    found = open_list(file, fund_given=fund_given)
    prepared = Prepared(found.columns)
    before: Row | None = None
    is_month_first = False
    for row in found.rows:
        if before is not None and _goes_on(row, before):
            broken = row.broken or (GOES_ON_BROKEN.format(before.number) if before.broken else "")
            row = row._replace(cells={**before.cells, **row.cells}, broken=broken)
        else:
            before = row
        judged = _judged(row)
        is_month_first = is_month_first or (isinstance(judged, RefusedRow) and judged.message == MONTH_FIRST)
        prepared.add(judged)
        if progress is not None and prepared.count % BETWEEN_REPORTS == 0:
            progress(prepared.count)
    prepared.ignored, prepared.remarks = found.ignored, found.remarks
    if is_month_first:
        prepared.remarks.append(
            "Some dates have the month first. Those that could be read either way, like 3/4/2024, were read day first: "
            "put all dates right before you import."
        )
    if not prepared.count:
        prepared.remarks.append("The list in the file has no rows: there is nothing to import.")
    return prepared


def _goes_on(row: Row, before: Row) -> bool:
    """More of the grant above, as the standard has it: its identifier again, and cells only for what is several."""
    return "title" not in row.cells and "id" in row.cells and row.cells["id"] == before.cells.get("id")


def _judged(row: Row) -> GrantRow | RefusedRow:
    if row.broken:
        return RefusedRow(row.number, "", _first_cell(row.cells), row.broken)
    return read_row(row.number, row.cells, row.columns)


def _first_cell(cells: Mapping[str, Any]) -> str:
    return shown(cells.get("id"))
