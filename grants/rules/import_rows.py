"""One row of a published list of grants, read into facts or refused with a sentence for each fault.

What a row must have, and what happens to each trouble: docs/importing.md. Nothing here knows the register.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias, TypeVar

from core.rules.dates import LATEST, add_months
from core.rules.free_text import examine
from grants.rules.import_cells import (
    CellFault,
    ExcelError,
    Formula,
    PublishedDate,
    excel_error,
    months,
    one_line,
    pounds,
    published_date,
    says,
    words,
)
from grants.rules.import_names import name_in
from grants.rules.import_recipients import AN_INDIVIDUAL, recipient_of
from providers.rules.recipients import Recipient

T = TypeVar("T")
Stretch: TypeAlias = tuple[PublishedDate | None, PublishedDate | None]

LONGEST_ID, LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_SOURCE, LONGEST_FUND = 200, 250, 10_000, 300, 200
LONGEST_SHOWN = 100
SHORTENED = "…"
NO_DATES: Stretch = (None, None)
END_BEFORE_START = (
    "The end is before the start, so neither is taken: a new grant has them as not known, one in the register keeps "
    "its own."
)
SEVERAL_DATES = "Several planned dates are given: the earliest start and the latest end are taken."
NEVER_AN_ERROR = ("amount_awarded", "award_date")  # elsewhere an error of Excel is remarked: not known


class RefusedRow(NamedTuple):
    """A row that is not taken: where in the file, what stands there, what to do. Several faults are one message."""

    row: int
    column: str
    value: str
    message: str


class Remark(NamedTuple):
    """What was noticed of a row that is taken."""

    column: str
    message: str


@dataclass(frozen=True, slots=True)
class GrantRow:
    """What one row says. A date is whole, or as published ("2024"); None and "" are not known."""

    row: int
    source_id: str
    title: str
    summary: str
    amount_awarded: Decimal | None
    amount_applied_for: Decimal | None
    amount_disbursed: Decimal | None
    decided: PublishedDate | None
    starts: PublishedDate | None
    ends: PublishedDate | None
    recipient: Recipient | None
    programme: str
    funder: str
    source: str
    remarks: tuple[Remark, ...] = ()

    @property
    def is_individual(self) -> bool:
        """Whether the money went to a person, of whom no name is kept."""
        return self.recipient is not None and self.recipient.kind == AN_INDIVIDUAL

    def fingerprint(self) -> bytes:
        """Equal for rows that say the same, wherever they stand."""
        said = [getattr(self, name) for name in self.__slots__ if name not in {"row", "remarks"}]
        return hashlib.sha256(repr(said).encode()).digest()


@dataclass(slots=True)
class _Reading:
    """One row on its way: what is asked of its cells, and what was wrong with them."""

    row: int
    cells: Mapping[str, Any]
    columns: Mapping[str, str]
    faults: list[tuple[str, str, str]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def ask(self, name: str, reads: Callable[[Any], T], otherwise: T) -> T:
        """What a cell says; its fault is noted and `otherwise` stands in for it."""
        try:
            return reads(self.cells.get(name))
        except ExcelError as fault:
            (self.fault if name in NEVER_AN_ERROR else self.remark)(name, str(fault))
            return otherwise
        except CellFault as fault:
            self.fault(name, str(fault))
            return otherwise

    def fault(self, name: str, message: str) -> None:
        """Note why the row cannot be taken."""
        self.faults.append((self.column(name), shown(self.cells.get(name)), message))

    def remark(self, name: str, message: str) -> None:
        """Note something that does not stop the row."""
        self.remarks.append(Remark(self.column(name), message))

    def column(self, name: str) -> str:
        """A column as the file calls it, else as the standard does."""
        return name_in(self.columns, name)

    def refused(self) -> RefusedRow:
        """All faults of the row as one; the first says where."""
        column, value, message = self.faults[0]
        more = [f"{name}, “{cell}”: {said}" for name, cell, said in self.faults[1:]]
        return RefusedRow(self.row, column, value, " ".join([message, *more]))


def shown(raw: Any) -> str:
    """A cell for a list of faults: on one line, and not long."""
    try:
        text = " ".join(raw.split()) if isinstance(raw, Formula) else excel_error(raw) or one_line(raw)
    except CellFault:
        text = "a very long number"
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + SHORTENED


def read_row(row: int, cells: Mapping[str, Any], columns: Mapping[str, str]) -> GrantRow | RefusedRow:
    """Read the cells of one row, by field; `columns` says what the file calls each field."""
    reading = _Reading(row, cells, columns)
    source_id = _source_id(reading)
    funder = says_up_to(reading, "funder_name", LONGEST_FUND)
    funder_key = reading.ask("funder_id", says, "") or funder
    recipient, remarks = recipient_of(cells, funder_key=funder_key, grant_id=source_id)
    for name, message in remarks:
        reading.remark(name, message)
    programme = says_up_to(reading, "programme", LONGEST_FUND)
    title, summary = _text(
        reading, programme, private=recipient is not None and recipient.kind == AN_INDIVIDUAL
    )
    _remark_several(reading)
    _currency(reading)
    amounts = {
        name: _pounds(reading, name) for name in ("amount_awarded", "amount_applied_for", "amount_disbursed")
    }
    decided, starts, ends = _dates(reading)
    if reading.faults:
        return reading.refused()
    _remark_unknown(reading, amounts["amount_awarded"], decided, recipient)
    return GrantRow(
        row=row,
        source_id=source_id,
        title=title,
        summary=summary,
        decided=decided,
        starts=starts,
        ends=ends,
        recipient=recipient,
        programme=programme,
        funder=funder,
        source=_source(reading, funder),
        remarks=tuple(reading.remarks),
        **amounts,
    )


def says_up_to(reading: _Reading, name: str, longest: int) -> str:
    """A short text, cut to its column."""
    return cut(reading, name, reading.ask(name, says, ""), longest)


def cut(reading: _Reading, name: str, text: str, longest: int) -> str:
    """A text that fits; cutting it is remarked."""
    if len(text) <= longest:
        return text
    reading.remark(name, f"Longer than {longest:,} characters: the rest is cut off.")
    return text[: longest - 1].rstrip() + SHORTENED


def _source_id(reading: _Reading) -> str:
    source_id = reading.ask("id", says, "?")
    if not source_id:
        reading.fault(
            "id", "The grant has no identifier. Give each grant a number of its own that never changes."
        )
    if len(source_id) > LONGEST_ID:
        reading.fault(
            "id", f"The identifier is longer than {LONGEST_ID} characters. Give the grant a shorter one."
        )
    return source_id


def _text(reading: _Reading, programme: str, *, private: bool) -> tuple[str, str]:
    """Title and summary. Those of a grant to a person may name that person, so they are not kept."""
    if private:
        return (f"Grant to an individual: {programme}" if programme else "Grant to an individual")[
            :LONGEST_TITLE
        ], ""
    title = reading.ask("title", one_line, "?")
    if not title:
        reading.fault("title", "The grant has no title. Give it one.")
    refusals = examine(title).refusals
    if refusals:
        reading.fault("title", " ".join([*refusals, "Take it out of the title."]))
    summary = reading.ask("description", words, "")
    if examine(summary).refusals:
        reading.remark("description", "The description may identify somebody, so it is left out.")
        summary = ""
    return cut(reading, "title", title, LONGEST_TITLE), cut(reading, "description", summary, LONGEST_SUMMARY)


def _remark_several(reading: _Reading) -> None:
    for name, what in (("second_programme", "programme"), ("second_funder", "funder")):
        if reading.ask(name, says, ""):
            reading.remark(name, f"More than one {what} is given: the first is taken, the rest are left out.")


STERLING = {"GBP", "£", "GBP (£)", "£ GBP", "POUNDS", "STERLING", "POUND STERLING", "POUNDS STERLING"}


def _currency(reading: _Reading) -> None:
    currency = reading.ask("currency", says, "GBP").upper()
    if not currency:
        reading.remark("currency", "No currency is given: taken as pounds sterling.")
    elif currency not in STERLING:
        reading.fault(
            "currency", "Only pounds sterling (GBP) are taken. Leave the row out, or give it in pounds."
        )


def _pounds(reading: _Reading, name: str) -> Decimal | None:
    found = reading.ask(name, pounds, None)
    if found is not None and found.rounded:
        reading.remark(name, "Rounded to pence.")
    if found is not None and found.amount == 0:
        reading.remark(
            name, "The amount is zero. It is kept as zero: leave the cell empty if it is not known."
        )
    return found.amount if found is not None else None


def _dates(reading: _Reading) -> tuple[PublishedDate | None, PublishedDate | None, PublishedDate | None]:
    """When it was decided, and the planned start and end."""
    decided = reading.ask("award_date", published_date, None)
    starts, ends = _planned(reading)
    if starts is None and is_before(ends, decided):
        reading.remark("end_date", "The end is before the award. It is kept: look at it.")
    return decided, starts, ends


def _planned(reading: _Reading) -> Stretch:
    """The planned start and end; of several stretches the earliest start and the latest end."""
    further = sorted({name.partition("/")[2] for name in reading.cells if "/" in name})
    found = [_stretch(reading, more) for more in ("", *(f"/{place}" for place in further))]
    known = dict.fromkeys(stretch for stretch in found if stretch != NO_DATES)
    if any(is_before(ends, starts) for starts, ends in known):
        reading.remark("end_date", END_BEFORE_START)
        return NO_DATES
    if len(known) < 2:
        return next(iter(known), NO_DATES)
    reading.remark("start_date", SEVERAL_DATES)
    begins = [starts for starts, _ in known if starts is not None]
    ends = max((ends for _, ends in known if ends is not None), key=lambda day: f"{day}~", default=None)
    if any(is_before(ends, starts) for starts in begins):
        reading.remark("end_date", "The last of several planned starts has no end: the end stays not known.")
        ends = None
    return min(begins, key=str, default=None), ends


def _stretch(reading: _Reading, more: str) -> Stretch:
    """One planned start and end; the end from the duration where only that is given."""
    starts = reading.ask(f"start_date{more}", published_date, None)
    ends = reading.ask(f"end_date{more}", published_date, None)
    return starts, _end_from_duration(reading, f"duration{more}", starts) if ends is None else ends


def _end_from_duration(reading: _Reading, name: str, starts: PublishedDate | None) -> date | None:
    try:
        duration = months(reading.cells.get(name))
    except CellFault as fault:
        reading.remark(name, str(fault))
        return None
    if duration is None:
        return None
    if starts is None:
        reading.remark(name, "A duration without a start: the end stays not known.")
        return None
    if isinstance(starts, str):
        exact = "year" if len(starts) == len("2024") else "month"
        reading.remark(
            name,
            f"The start is known only to the {exact}, so the end stays not known in spite of the duration.",
        )
        return None
    ends = add_months(starts, duration) - timedelta(days=1)
    if ends > LATEST:
        reading.remark(
            name, f"With this duration the grant would end after {LATEST.year}: the end stays not known."
        )
        return None
    return ends


def is_before(one: PublishedDate | None, other: PublishedDate | None) -> bool:
    """Whether a date is before another as far as both are known: "2023" is before 1 April 2024, "2024" is not."""
    if one is None or other is None:
        return False
    first, second = str(one), str(other)
    known = min(len(first), len(second))
    return first[:known] < second[:known]


def _remark_unknown(
    reading: _Reading, awarded: Decimal | None, decided: PublishedDate | None, recipient: Recipient | None
) -> None:
    if awarded is None:
        reading.remark("amount_awarded", "No amount is given: it stays not known.")
    if decided is None:
        reading.remark("award_date", "No award date is given: it stays not known.")
    if recipient is None:
        reading.remark("recipient_name", "No recipient is given: it stays not known.")


def _source(reading: _Reading, funder: str) -> str:
    where = reading.ask("data_source", says, "")
    said = ": ".join(part for part in (f"Published by {funder}" if funder else "Published", where) if part)
    return said[:LONGEST_SOURCE]
