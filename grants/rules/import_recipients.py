"""Who received a grant, as a published list says it: by numbers first; a person without any name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from grants.rules.import_cells import CellFault, says
from providers.rules.identifiers import (
    CHARITY,
    COMPANY,
    NORTHERN_IRISH_CHARITY,
    SCHOOL,
    SCOTTISH_CHARITY,
    Identifier,
    is_usual,
    kind_by,
    local,
    normal_name,
    number_of,
    read_org_id,
)
from providers.rules.recipients import Recipient

AN_INDIVIDUAL = "individual"
LONGEST_NAME = 250
NUMBERS = (("charity_number", CHARITY), ("company_number", COMPANY), ("school_number", SCHOOL))

OF_RECIPIENTS = (
    "recipient_id",
    "recipient_name",
    "recipient_type",
    "second_recipient",
    "charity_number",
    "company_number",
    "school_number",
    "individual_id",
    "individual_name",
    "individual_details",
)
_ABOUT_INDIVIDUALS = ("individual_id", "individual_name", "individual_details")
_SAY_NO = frozenset({"no", "n", "false", "0"})
_INDIVIDUAL = re.compile(r"(?<![a-z])individuals?(?![a-z])", re.IGNORECASE)
_HIDDEN = r"(?:withheld|redacted|anonymi[sz]ed|anonymous)"
_NAME_HIDDEN = (
    rf"(?:the |their )?(?:names?|identity|details) (?:is |are |has been |have been )?(?:removed|{_HIDDEN})"
)
# "Name not given" is no sign of a person: then the recipient is not known.
_WITHHELD = re.compile(rf"[\[(<*]*(?:{_HIDDEN}|{_NAME_HIDDEN})[\])>*.]*", re.IGNORECASE)
_NAMELESS = re.compile(
    r"(?:an? |the |private |named |anonymous |anonymi[sz]ed |unnamed |redacted |grants? to )*(?:individuals?|person)"
    r"(?: (?:recipient|applicant|grant))?(?: (?:no\.? |number )?\d{1,6})?"
    rf"(?:[ ,:–-]*[\[(]?(?:{_HIDDEN}|{_NAME_HIDDEN}|(?:name )?not (?:given|published|disclosed))[\])]?)?",
    re.IGNORECASE,
)
# "An individual in Leominster", but not "Individuals in Need" nor "A Person in Mind CIC".
_PERSON_OF_A_PLACE = re.compile(
    r"(?:an? |the |private |named |anonymous |grant to )*(?:individual|person) "
    r"(?:living |resident |based )?(?:in|from|near) "
    r"(?!.*(?:organi[sz]|charit|group|compan|trust|club|societ|associat|foundation|network|project|service|support|"
    r"\b(?:led|cic|cio|ltd|limited|fund|need|crisis|mind|poverty|care|work|control|charge)\b)).{2,60}",
    re.IGNORECASE,
)
_REGISTERED = frozenset({CHARITY, SCOTTISH_CHARITY, NORTHERN_IRISH_CHARITY, COMPANY, SCHOOL})
# "Individual artist", but not "Organisation supporting individuals" nor "Individuals' charity".
_TYPE_OF_A_PERSON = re.compile(
    r"(?:an? |private |named |grants? to )*(?:individual|person|people)(?![a-z]{2})"
    r"(?!.*(?:organi[sz]|charit|group|compan|business|trust|club|societ|associat|school|council|bod(?:y|ies)|\bled\b)).*",
    re.IGNORECASE,
)

Remarks = list[tuple[str, str]]


def recipient_of(
    cells: Mapping[str, Any], *, funder_key: str, grant_id: str
) -> tuple[Recipient | None, Remarks]:
    """The recipient, None where the row names none, and what to remark of it by field.

    `funder_key` tells one funder's own numbers and names from another's.
    """
    said = {name: _says(cells, name) for name in OF_RECIPIENTS if name in cells}
    if _is_individual(said):
        key = local(
            funder_key, "individual", said.get("individual_id") or said.get("recipient_id") or grant_id
        )
        return Recipient("Individual", AN_INDIVIDUAL, (key,)), []
    remarks: Remarks = []
    if said.get("second_recipient"):
        remarks.append(
            ("second_recipient", "More than one recipient is given: the first leads, the rest are left out.")
        )
    name = said.get("recipient_name", "")
    identifiers = tuple(dict.fromkeys(_identifiers(said, funder_key, remarks)))
    if not identifiers and not name:
        return None, remarks
    if not identifiers:
        identifiers = (local(funder_key, "name", name),)
    if len(name) > LONGEST_NAME:
        remarks.append(("recipient_name", f"Longer than {LONGEST_NAME} characters: the rest is cut off."))
        name = name[: LONGEST_NAME - 1] + "…"
    if not name:
        name = said.get("recipient_id") or f"{identifiers[0].scheme}-{identifiers[0].value}"
        remarks.append(("recipient_name", "The recipient has no name: its number stands for it."))
    return Recipient(name[:LONGEST_NAME], kind_by(identifiers, name), identifiers), remarks


def says_no(name: str, cell: Any) -> bool:
    """Whether a cell in a column about individuals says that the grant went to none."""
    return name in _ABOUT_INDIVIDUALS and str(cell).strip().casefold() in _SAY_NO


def _says(cells: Mapping[str, Any], name: str) -> str:
    if says_no(name, cells.get(name)):
        return ""
    try:
        return says(cells.get(name))
    except CellFault:  # a formula without its result says nothing of a recipient
        return ""


def _is_individual(said: Mapping[str, str]) -> bool:
    return (
        any(said.get(name) for name in _ABOUT_INDIVIDUALS)
        or _TYPE_OF_A_PERSON.fullmatch(said.get("recipient_type", "")) is not None
        or _INDIVIDUAL.search(said.get("recipient_id", "")) is not None
        or _is_nameless(said)
    )


def _is_nameless(said: Mapping[str, str]) -> bool:
    """Whether what stands for the name says that a person has none here. What has a registered number is no person."""
    name = said.get("recipient_name", "")
    if _NAMELESS.fullmatch(name) or _PERSON_OF_A_PLACE.fullmatch(name):
        return True
    return _WITHHELD.fullmatch(name) is not None and not any(
        number.scheme in _REGISTERED for number in _identifiers(said, "", [])
    )


def _identifiers(said: Mapping[str, str], funder_key: str, remarks: Remarks) -> list[Identifier]:
    """Every number that the row gives, the published identifier first."""
    found: list[Identifier] = []
    org_id = said.get("recipient_id", "")
    if org_id:
        published = read_org_id(org_id)
        if published is not None:
            found.append(published)
        elif re.fullmatch(r"(?i)[a-z]{2}-[a-z]+[-: ]*(?:0+|n/?a|none|unknown)?", org_id):
            remarks.append(("recipient_id", "The identifier has no number, so it is not used."))
        else:
            found.append(local(funder_key, "id", f"{org_id}|{normal_name(said.get('recipient_name', ''))}"))
    for name, scheme in NUMBERS:
        number = number_of(scheme, said.get(name, ""))
        if number is not None and is_usual(number):
            found.append(number)
        elif number is not None:
            remarks.append((name, "This is not a number of that register, so it is not used."))
    return found
