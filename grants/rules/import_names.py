"""What the 360Giving standard calls the fields of a grant: for columns that a file does not have."""

from collections.abc import Mapping

STANDARD_NAMES: Mapping[str, str] = {
    "id": "Identifier",
    "title": "Title",
    "description": "Description",
    "currency": "Currency",
    "amount_awarded": "Amount Awarded",
    "amount_applied_for": "Amount Applied For",
    "amount_disbursed": "Amount Disbursed",
    "award_date": "Award Date",
    "start_date": "Planned Dates:Start Date",
    "end_date": "Planned Dates:End Date",
    "duration": "Planned Dates:Duration (months)",
    "recipient_id": "Recipient Org:Identifier",
    "recipient_name": "Recipient Org:Name",
    "second_recipient": "Recipient Org:Name",
    "charity_number": "Recipient Org:Charity Number",
    "company_number": "Recipient Org:Company Number",
    "school_number": "Recipient Org:URN",
    "funder_id": "Funding Org:Identifier",
    "funder_name": "Funding Org:Name",
    "second_funder": "Funding Org:Name",
    "programme": "Grant Programme:Title",
    "second_programme": "Grant Programme:Title",
    "data_source": "Data Source",
}


def name_in(columns: Mapping[str, str], field: str) -> str:
    """A field as the file calls it, else as the standard does."""
    return columns.get(field) or STANDARD_NAMES.get(field, field)
