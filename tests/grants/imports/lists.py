"""Published lists, made up: the same rows as CSV, JSON or Excel. Funders and recipients are fictional."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import openpyxl

from grants.imports.prepared import prepare
from grants.operations.imports import ImportSummary, import_grants
from grants.rules.import_rows import GrantRow, RefusedRow
from tests.conftest import TODAY

Cells = dict[str, Any]

TITLES = {
    "id": "Identifier",
    "title": "Title",
    "description": "Description",
    "currency": "Currency",
    "amount": "Amount Awarded",
    "applied": "Amount Applied For",
    "disbursed": "Amount Disbursed",
    "awarded": "Award Date",
    "start": "Planned Dates:Start Date",
    "end": "Planned Dates:End Date",
    "months": "Planned Dates:Duration (months)",
    "org": "Recipient Org:Identifier",
    "name": "Recipient Org:Name",
    "charity": "Recipient Org:Charity Number",
    "company": "Recipient Org:Company Number",
    "person": "Recipient Ind:Name",
    "funder_id": "Funding Org:Identifier",
    "funder": "Funding Org:Name",
    "programme": "Grant Programme:Title",
    "open": "From An Open Call?",
}
PATHS = {
    "id": "id",
    "title": "title",
    "description": "description",
    "currency": "currency",
    "amount": "amountAwarded",
    "applied": "amountAppliedFor",
    "disbursed": "amountDisbursed",
    "awarded": "awardDate",
    "start": "plannedDates/0/startDate",
    "end": "plannedDates/0/endDate",
    "months": "plannedDates/0/duration",
    "org": "recipientOrganization/0/id",
    "name": "recipientOrganization/0/name",
    "charity": "recipientOrganization/0/charityNumber",
    "company": "recipientOrganization/0/companyNumber",
    "person": "recipientIndividual/name",
    "funder_id": "fundingOrganization/0/id",
    "funder": "fundingOrganization/0/name",
    "programme": "grantProgramme/0/title",
    "open": "fromOpenCall",
}
PLAIN: Cells = {
    "id": "360G-fairford-1",
    "title": "Holiday club",
    "description": "A club for the summer",
    "currency": "GBP",
    "amount": "12500",
    "applied": "",
    "disbursed": "",
    "awarded": "2024-04-30",
    "start": "2024-06-01",
    "end": "2025-05-31",
    "months": "",
    "org": "GB-CHC-1999001",
    "name": "Meadow Lane Trust",
    "charity": "",
    "company": "",
    "person": "",
    "funder_id": "GB-LAE-FFD",
    "funder": "Fairford Council",
    "programme": "Fairford Community Fund",
    "open": "Yes",
}


def cells(**changes: Any) -> Cells:
    """One row, right in every way but for the changes."""
    return {**PLAIN, **changes}


def many(count: int, **changes: Any) -> Iterator[Cells]:
    """So many rows with identifiers and organisations of their own."""
    for number in range(1, count + 1):
        yield cells(
            **{
                "id": f"360G-fairford-{number}",
                "org": f"GB-CHC-{1_000_000 + number}",
                "name": f"Group {number}",
            }
            | changes
        )


def as_csv(
    rows: Sequence[Mapping[str, Any]], *, headings: Mapping[str, str] = TITLES, **options: Any
) -> bytes:
    """The rows as CSV; `options` go to the writer."""
    text = io.StringIO()
    writer = csv.writer(text, **options)
    writer.writerow(headings.values())
    writer.writerows([row[name] for name in headings] for row in rows)
    return text.getvalue().encode()


def as_workbook(
    rows: Sequence[Mapping[str, Any]],
    *,
    headings: Mapping[str, str] = TITLES,
    above: Sequence[Sequence[Any]] = (),
    change: Callable[[Any], None] | None = None,
) -> bytes:
    """The rows as a workbook, below the lines `above`; `change` may do what it likes to the book."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in [*above, list(headings.values())]:
        sheet.append(list(line))
    for row in rows:
        sheet.append([None if row[name] == "" else row[name] for name in headings])
    if change is not None:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_json(rows: Sequence[Mapping[str, Any]], *, bare: bool = False) -> bytes:
    """The rows as 360Giving JSON; what is empty is left out."""
    grants = [_grant(row) for row in rows]
    return json.dumps(grants if bare else {"grants": grants}).encode()


def _grant(row: Mapping[str, Any]) -> dict[str, Any]:
    grant: dict[str, Any] = {}
    for name, path in PATHS.items():
        if row[name] in ("", None):
            continue
        inner: Any = grant
        *steps, last = path.split("/")
        for step, following in zip(steps, path.split("/")[1:], strict=True):
            if step == "0":
                inner.extend([{}] if not inner else [])
                inner = inner[0]
            else:
                inner = inner.setdefault(step, [] if following == "0" else {})
        inner[last] = row[name]
    return grant


def read(content: bytes, *, fund_given: bool = False) -> list[GrantRow | RefusedRow]:
    """What a file says, row by row."""
    with prepare(io.BytesIO(content), fund_given=fund_given) as prepared:
        return list(prepared.rows())


def bring(content: bytes, **options: Any) -> ImportSummary:
    """Import a file."""
    with prepare(io.BytesIO(content), fund_given=options.get("fund_code") is not None) as prepared:
        return import_grants(
            rows=prepared.rows(),
            columns=prepared.columns,
            **{"file_name": "grants.csv", "on": TODAY, **options},
        )


def counts(summary: ImportSummary) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, refused; every row is in one of them."""
    found = (summary.created, summary.updated, summary.unchanged, len(summary.refused))
    assert sum(found) == summary.rows
    return found


def a_day(text: str) -> date:
    """A date from ISO."""
    return date.fromisoformat(text)
