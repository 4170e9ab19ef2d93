"""What an import did, or would do: every row is created, updated, unchanged or refused."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from grants.rules.import_rows import GrantRow, RefusedRow, Remark

ROWS_NAMED = 10


@dataclass(slots=True)
class Warned:
    """One remark on rows that were taken: how many, and the first of them."""

    count: int = 0
    rows: list[int] = field(default_factory=list)


@dataclass(slots=True)
class ImportSummary:
    """Counts of rows; `written` says whether they stand in the register, or only would."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    zero_amounts: int = 0
    individuals: int = 0
    organisations_created: int = 0
    funds_created: int = 0
    probable_duplicates: int = 0
    decided_before_tracking: int = 0
    written: bool = False
    remarks: list[str] = field(default_factory=list)
    warned: dict[Remark, Warned] = field(default_factory=dict)

    @property
    def taken(self) -> int:
        """Rows that are in the register afterwards."""
        return self.created + self.updated + self.unchanged

    def refuse(self, row: RefusedRow) -> None:
        """Count a refused row."""
        self.refused.append(row)

    def note(self, row: GrantRow) -> None:
        """Count what is said of a row that is taken."""
        self.zero_amounts += row.amount_awarded == 0
        self.individuals += row.is_individual
        for remark in row.remarks:
            self.warn(row.row, remark)

    def warn(self, row: int, remark: Remark) -> None:
        """Count one remark, and keep the first rows that it is made of."""
        warned = self.warned.setdefault(remark, Warned())
        warned.count += 1
        if len(warned.rows) < ROWS_NAMED:
            warned.rows.append(row)

    def as_json(self, *, ignored_columns: Iterable[str] = (), remarks: Iterable[str] = ()) -> dict[str, Any]:
        """The document that the command and the job answer with."""
        document = {name: value for name, value in asdict(self).items() if name != "warned"}
        return document | {
            "refused": [refused._asdict() for refused in sorted(self.refused)],
            "warnings": [
                {
                    "column": remark.column,
                    "message": remark.message,
                    "count": warned.count,
                    "rows": warned.rows,
                }
                for remark, warned in self.warned.items()
            ],
            "remarks": [*remarks, *self.remarks],
            "ignored_columns": sorted(ignored_columns),
        }
