"""What the columns of a published list are called: 360Giving titles or paths, and plain council headings.

Case, spaces and punctuation do not matter. The first name of each field is the one of the 360Giving standard.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from grants.imports.brackets import is_harmless, says_another_unit
from grants.imports.errors import FileRefused
from grants.rules.import_names import STANDARD_NAMES

ORGANISATION_IN_FULL = ("recipientorg", "recipientorganization", "recipientorganisation")
ORGANISATION = (*ORGANISATION_IN_FULL, "recipient")
INDIVIDUAL = ("recipientind", "recipientindividual")
FUNDER = ("fundingorg", "fundingorganization", "fundingorganisation", "funder")
PROGRAMME = ("grantprogramme", "grantprogram", "programme")
DATES = ("planneddates", "planneddate", "plannedactivity")


def _below(parents: Iterable[str], *names: str) -> tuple[str, ...]:
    return tuple(f"{parent}/{name}" for parent in parents for name in names)


SEVERAL = (
    (ORGANISATION, ("id", "identifier", "name"), "second_recipient"),
    (FUNDER, ("id", "identifier", "name"), "second_funder"),
    (PROGRAMME, ("title", "name"), "second_programme"),
)
# Earlier names win where a file has several.
NAMES: Mapping[str, tuple[str, ...]] = {
    "id": (
        "identifier", "id", "grantidentifier", "grantid", "grantreference", "grantref", "referencenumber", "reference",
        "ref", "grantnumber", "applicationreference", "applicationid", "referenceno", "refno", "grantrefno",
        "grantreferencenumber",
    ),
    "title": ("title", "granttitle", "projecttitle", "projectname", "project", "grantname"),
    "description": (
        "description", "grantdescription", "projectdescription", "purposeofgrant", "grantpurpose", "summaryofpurpose",
        "summaryofthepurposeofthegrant", "purpose", "summary",
    ),
    "currency": (
        "currency", "currencycode", "amountawardedcurrency", "awardcurrency", "currencyawarded", "currencyofaward",
        "currencyofgrant",
    ),
    "amount_awarded": (
        "amountawarded", "grantamount", "awardamount", "amountofgrant", "grantawarded", "grantvalue", "valueofgrant",
        "amountapproved", "approvedamount", "amountgranted", "amountawardedgbp", "totalamountawarded", "amountgbp",
        "amount",
    ),
    "amount_applied_for": (
        "amountappliedfor", "amountrequested", "requestedamount", "amountapplied", "amountsought",
    ),
    "amount_disbursed": ("amountdisbursed", "amountpaid", "totalpaid"),
    "award_date": (
        "awarddate", "dateawarded", "dateofaward", "dategrantawarded", "dategrantwasawarded", "decisiondate",
        "dateofdecision", "approvaldate", "dateapproved", "grantdate",
    ),
    "start_date": (
        *_below(DATES, "startdate"), "plannedstartdate", "plannedstart", "startdate", "grantstartdate",
        "projectstartdate",
    ),
    "end_date": (
        *_below(DATES, "enddate"), "plannedenddate", "plannedend", "enddate", "grantenddate", "projectenddate",
    ),
    "duration": (
        *_below(DATES, "durationmonths", "duration"), "durationmonths", "durationinmonths", "duration",
        "grantduration", "months",
    ),
    "recipient_id": (
        *_below(ORGANISATION, "identifier", "id"), "recipientidentifier", "recipientid", "recipientorgidentifier",
        "organisationid", "organisationidentifier",
    ),
    "recipient_name": (
        *_below(ORGANISATION, "name"), "recipientorgname", "recipientorganisationname", "recipientorganisation",
        "recipientorganization", "recipientname", "grantrecipient", "recipient", "organisationname", "organisation",
        "organizationname", "organization", "nameoforganisation", "nameofrecipient", "beneficiaryname", "beneficiary",
        "groupname", "applicantname", "applicant", "awardedto",
    ),
    "charity_number": (
        *_below(ORGANISATION, "charitynumber"), "charitynumber", "registeredcharitynumber", "charityno",
        "registeredcharityno", "recipientcharitynumber",
    ),
    "company_number": (
        *_below(ORGANISATION, "companynumber"), "companynumber", "companyno", "companieshousenumber",
        "companyregistrationnumber", "registeredcompanynumber", "recipientcompanynumber",
    ),
    # "URN" by itself is what many funders call their own unique reference number.
    "school_number": (*_below(ORGANISATION_IN_FULL, "urn"), *_below(ORGANISATION, "schoolurn"), "schoolurn"),
    "recipient_type": (
        *_below(ORGANISATION, "organisationtype", "organizationtype", "type"), "organisationtype", "recipienttype",
        "typeofrecipient",
    ),
    "individual_id": _below(INDIVIDUAL, "identifier", "id"),
    "individual_name": _below(INDIVIDUAL, "name"),
    "funder_id": (
        *_below(FUNDER, "identifier", "id"), "funderidentifier", "funderid", "fundingorgidentifier",
        "fundingorganisationidentifier",
    ),
    "funder_name": (
        *_below(FUNDER, "name"), "fundingorgname", "fundingorganisationname", "fundingorganisation", "fundername",
        "funder", "awardingbody",
    ),
    "programme": (
        *_below(PROGRAMME, "title", "name"), "grantprogrammetitle", "grantprogramme", "programmetitle",
        "programmename", "programme", "fundname", "fund", "grantscheme", "schemename", "scheme", "fundingprogramme",
    ),
    "data_source": ("datasource",),
}  # fmt: skip
BY_NAME: Mapping[str, tuple[str, int]] = {
    name: (field, rank) for field, names in NAMES.items() for rank, name in enumerate(names)
}
# "Planned Dates - Start Date", "recipientOrganization_name": the steps are there, their sign is another.
WITHOUT_STEPS: Mapping[str, tuple[str, int]] = {
    name.replace("/", ""): found for name, found in BY_NAME.items() if "/" in name
}
AMOUNTS = {"amount_awarded", "amount_applied_for", "amount_disbursed"}
# What anything below these says is only whether it is there: a grant to a person has it.
ABOUT_INDIVIDUALS = {*INDIVIDUAL, "toindividualsdetails", "toindividualdetails", "granttoindividualsdetails"}

# Of each line one column is enough.
REQUIRED = (
    ("id",),
    ("title",),
    ("amount_awarded",),
    ("award_date",),
    ("recipient_name", "recipient_id", "individual_id", "individual_name", "individual_details"),
)
NAMES_A_FUND = ("programme", "funder_name", "funder_id")
LONGEST_LISTED = 30
LONGEST_HEADING = 1_000

_STEPS = re.compile(r"[:/.\[\]]")
_PATH = re.compile(r"amountAwarded|awardDate|.*/\d+/.*")
_IDS = ("/id", ":id", ".id", "]id")
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)\s*$")


class Column(NamedTuple):
    """Where a field stands in a row, and what the file calls it."""

    place: int
    field: str
    heading: str


class Headings(NamedTuple):
    """The columns that are read, and the headings of those that are not."""

    columns: tuple[Column, ...]
    ignored: tuple[str, ...]

    def labels(self) -> dict[str, str]:
        """What the file calls each field."""
        return {column.field: column.heading for column in self.columns}


IN_BRACKETS = 0.5


def field_of(heading: str, *, is_path: bool = False) -> tuple[str, float] | None:
    """The field that a heading names and how well it names it (0 is the standard's own name); None for any other.

    Among the paths of the standard "id" is that name, and what is called an identifier is the publisher's own.
    """
    if len(heading) > LONGEST_HEADING:
        return None
    found = _field_of(heading)
    return (found[0], -1) if is_path and found is not None and f"/{heading}".endswith(_IDS) else found


@lru_cache(maxsize=1_000)  # every grant of a JSON file has the same paths
def _field_of(heading: str) -> tuple[str, float] | None:
    steps = [_NOT_A_LETTER.sub("", step.casefold()) for step in _STEPS.split(heading)]
    steps = [step for step in steps if step not in {"", "0"}]
    if not steps:
        return None
    if len(steps) == 3 and steps[1].isdigit() and (further := _further(*steps)):
        return further
    joined = "".join(steps)
    found = BY_NAME.get("/".join(steps)) or BY_NAME.get(joined) or WITHOUT_STEPS.get(joined)
    if found is not None and found[0] in AMOUNTS and says_another_unit(heading):
        return None
    if found is None and steps[0] in ABOUT_INDIVIDUALS:
        return "individual_details", 0
    if found is None and steps[-1].endswith("currency"):
        return "currency", len(NAMES["currency"])
    if found is None and (bracket := _IN_BRACKETS.search(heading)):
        plain = _field_of(heading[: bracket.start()])
        if plain is not None and is_harmless(bracket.group(1), plain[0]):
            return plain[0], plain[1] + IN_BRACKETS  # "Title" before "Title (Welsh)"
    return found


def _further(parent: str, place: str, name: str) -> tuple[str, float] | None:
    """What a second one says, or a third: of planned dates all are read, of the others that there is one is enough."""
    if parent in DATES and (found := BY_NAME.get(f"{parent}/{name}")):
        return f"{found[0]}/{place}", found[1]
    for parents, names, field in SEVERAL:
        if parent in parents and name in names:
            return field, 0
    return None


def read_headings(row: Sequence[Any]) -> Headings:
    """What the cells of a heading row name; of several columns for one field the best named is read."""
    best: dict[str, tuple[float, Column]] = {}
    headings = [
        (place, " ".join(str(cell).split())) for place, cell in enumerate(row) if cell not in (None, "")
    ]
    details = []
    is_path = any(_PATH.fullmatch(heading) for _, heading in headings)
    for place, heading in headings:
        found = field_of(heading, is_path=is_path)
        if found is None:
            continue
        name, rank = found
        column = Column(place, name, heading)
        if name == "individual_details":
            details.append(column)
        elif name not in best or rank < best[name][0]:
            best[name] = rank, column
    columns = (*(column for _, column in best.values()), *details)
    taken = {column.place for column in columns}
    return Headings(columns, tuple(heading for place, heading in headings if place not in taken))


def insist_complete(fields: set[str], found: Iterable[str], *, fund_given: bool) -> None:
    """Refuse a file without the columns that every grant needs, naming them and what was found."""
    wanted = REQUIRED if fund_given else (*REQUIRED, NAMES_A_FUND)
    missing = [STANDARD_NAMES[names[0]] for names in wanted if not fields & set(names)]
    if not missing:
        return
    listed = list(found)
    shown = ", ".join(listed[:LONGEST_LISTED]) + (" and more" if len(listed) > LONGEST_LISTED else "")
    hint = " Or say which fund the grants belong to." if STANDARD_NAMES["programme"] in missing else ""
    raise FileRefused(
        f"The file has no column for {_and(missing)}. Add {'it' if len(missing) == 1 else 'them'} under these "
        f"headings.{hint} Found in the file: {shown or 'no headings'}."
    )


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
