"""Which headings name which field: a unit, a currency or a place that is not ours makes another column."""

import json

import pytest

from grants.imports.errors import FileRefused
from grants.imports.headings import field_of
from grants.rules.import_rows import RefusedRow
from tests.grants.imports.lists import PATHS, TITLES, as_csv, as_json, as_workbook, cells, read
from tests.grants.imports.test_files import same, the_row


def named(heading: str) -> str | None:
    found = field_of(heading)
    return found[0] if found else None


@pytest.mark.parametrize(
    "heading",
    [
        "Amount Awarded (€)", "Amount Awarded ($)", "Amount Awarded €", "€ Amount Awarded", "Amount Awarded (EUR)",
        "Amount Awarded (₹)", "Amount Awarded (%)", "Amount Awarded (£m)", "Amount Awarded (£ thousands)",
        "Amount Awarded (in thousands)", "Amount Awarded (£k)", "Amount Awarded (£) (000s)", "Amount Awarded (pence)",
        "Amount Awarded [£m]", "Amount Applied For (in €)", "Duration (quarters)", "Duration (years)",
        "Planned Dates:Duration (weeks)", "Award Date (mm/dd/yyyy)", "Award Date (mm-dd-yyyy)",
        "Planned Dates:End Date (revised)", "Grant Amount (2022/23)", "Organisation (funder)",
    ],
)  # fmt: skip
def test_another_unit_is_another_column(heading: str) -> None:
    assert named(heading) is None


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Amount Awarded (£)", "amount_awarded"),
        ("Amount Awarded (GBP)", "amount_awarded"),
        ("Grant amount (pounds sterling)", "amount_awarded"),
        ("Amount Awarded (£) (required)", "amount_awarded"),
        ("Amount Applied For (in £)", "amount_applied_for"),
        ("Grant duration (in months)", "duration"),
        ("Award Date (DD/MM/YYYY)", "award_date"),
        ("Award Date (yyyy-mm-dd)", "award_date"),
        ("Planned Dates:Start Date (optional)", "start_date"),
        ("Recipient Org:Charity Number (if applicable)", "charity_number"),
        ("Currency (ISO 4217)", "currency"),
        ("Currency (£ or €)", "currency"),
        ("Organisation type (see list)", "recipient_type"),
        ("Description (English)", "description"),
        ("Description (max 500 words)", "description"),
    ],
)
def test_what_is_harmless_in_brackets(heading: str, field: str) -> None:
    assert named(heading) == field


@pytest.mark.parametrize("heading", ["Amount Awarded (€)", "Amount Awarded €", "Amount Awarded (£m)"])
def test_a_list_in_another_unit_is_refused(heading: str) -> None:
    for form in (as_csv, as_workbook):
        with pytest.raises(FileRefused) as refused:
            read(form([cells()], headings={**TITLES, "amount": heading}))
        assert "no column for Amount Awarded." in str(refused.value)
        assert heading in str(refused.value)


def test_two_years_side_by_side_are_not_one_amount() -> None:
    headings = {**TITLES, "amount": "Grant Amount (2022/23)", "applied": "Grant Amount (2023/24)"}
    with pytest.raises(FileRefused, match="no column for Amount Awarded"):
        read(as_csv([cells()], headings=headings))


@pytest.mark.parametrize(
    "heading",
    ["Award Currency", "Currency Awarded", "Amount Awarded:Currency", "currency_code", "Grant currency"],
)
def test_a_currency_under_another_heading(heading: str) -> None:
    headings = {**TITLES, "currency": heading}
    assert same(the_row(as_csv([cells()], headings=headings)))
    (refused,) = read(as_csv([cells(currency="EUR")], headings=headings))
    assert isinstance(refused, RefusedRow)
    assert (refused.column, refused.value) == (heading, "EUR")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Planned Dates Start Date", "start_date"),
        ("Planned Dates - End Date", "end_date"),
        ("planned_dates_start_date", "start_date"),
        ("Planned Dates Duration (months)", "duration"),
        ("Recipient Org Charity Number", "charity_number"),
        ("Recipient Organization Name", "recipient_name"),
        ("recipientOrganization_name", "recipient_name"),
        ("recipientOrganization[0].name", "recipient_name"),
        ("recipientOrganization[1].name", "second_recipient"),
        ("Grant Programme - Title", "programme"),
        ("Ref No", "id"),
        ("Ref. No.", "id"),
        ("Recipient Org:URN", "school_number"),
        ("Recipient Org URN", "school_number"),
        ("School URN", "school_number"),
        ("URN", None),
        ("Local Authority", None),
    ],
)
def test_headings_with_other_signs(heading: str, field: str | None) -> None:
    assert named(heading) == field


def test_a_funder_s_own_reference_is_no_school_and_a_place_is_no_funder() -> None:
    headings = {**TITLES, "charity": "URN", "company": "Local Authority"}
    assert same(the_row(as_csv([cells(charity="100123", company="Fairford")], headings=headings)))


def test_the_standard_s_id_is_the_one_of_json_and_of_paths() -> None:
    grant = json.loads(as_json([cells()]))["grants"][0]
    grant["identifier"] = "internal-7"
    grant["recipientOrganization"][0]["identifier"] = "R7"
    assert same(the_row(json.dumps([grant]).encode()))
    headings = {"open": "identifier", **PATHS, "applied": "recipientOrganization/0/identifier"}
    assert same(the_row(as_csv([cells(open="internal-7", applied="R7")], headings=headings)))


def test_among_titles_the_identifier_is_the_grant_s() -> None:
    for place in ("id", "ID"):
        assert same(the_row(as_csv([cells(open="7")], headings={"open": place, **TITLES, "applied": "x"})))
