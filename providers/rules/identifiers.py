"""The numbers that organisations are known by, brought to one way of writing, and names brought to one for comparing.

The schemes are those of org-id.guide: GB-CHC 1110767 (charity), GB-COH 07597525 (company), GB-EDU 133843 (school).
Worked examples: docs/rules/organisation-numbers.md.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

CHARITY, SCOTTISH_CHARITY, NORTHERN_IRISH_CHARITY = "GB-CHC", "GB-SC", "GB-NIC"
COMPANY, SCHOOL, GIVING = "GB-COH", "GB-EDU", "360G"
# A funder's own number or name for an organisation that no register knows. Never published.
LOCAL = "LOCAL"

LONGEST_SCHEME, LONGEST_VALUE = 40, 80
COMPANY_CHARACTERS = 8

_KINDS = {
    CHARITY: "charity",
    SCOTTISH_CHARITY: "charity",
    NORTHERN_IRISH_CHARITY: "charity",
    SCHOOL: "school",
    COMPANY: "company",
    "GB-LAE": "public_body",
    "GB-LAS": "public_body",
    "GB-PLA": "public_body",
    "GB-GOR": "public_body",
    "GB-NHS": "public_body",
}
_ORG_ID = re.compile(r"([A-Z]{2})[-:_ ]([A-Z]{2,})[-:_ ]?(.*)", re.IGNORECASE)
_GIVING_ID = re.compile(r"360G[-:_ ](.+)", re.IGNORECASE)
_CHARITY = re.compile(r"0*([1-9]\d{4,7}(?:-\d{1,3})?)")
_SCOTTISH = re.compile(r"(?:SC)?0*(\d{4,6})")
_NORTHERN_IRISH = re.compile(r"(?:NIC?)?0*(\d{5,6})")
_COMPANY = re.compile(r"\d{1,8}|[A-Z]{2}\d{3,6}|[A-Z]{2}\d{2,5}[A-Z]")
_SCHOOL = re.compile(r"[1-9]\d{4,6}")
_NOTHING = re.compile(r"0*|N/?A|NONE|NULL|NIL|UNKNOWN|NOTAPPLICABLE|NOTKNOWN|EXEMPT|[-.?]+")
_NOT_A_WORD = re.compile(r"[^\w]+")
_APOSTROPHES = re.compile("['’`]")
_COMMON_WORDS = frozenset({"the", "ltd", "limited", "cic", "plc", "cio", "llp"})
_NOT_ALWAYS_SCHOOLS = re.compile(r"\b(?:universit|college|conservatoire|institute)", re.IGNORECASE)


class Identifier(NamedTuple):
    """One organisation's number in one register."""

    scheme: str
    value: str


def read_org_id(text: str) -> Identifier | None:
    """The number that a published organisation identifier holds ("GB-CHC-1110767", "360G-trafford-x").

    None when it says nothing ("GB-CHC-0") or is no identifier of a known form.
    """
    text = text.strip()
    giving = _GIVING_ID.fullmatch(text)
    if giving:
        return _fitting(GIVING, giving.group(1).strip())
    found = _ORG_ID.fullmatch(text)
    if not found:
        return None
    scheme = f"{found.group(1)}-{found.group(2)}".upper()
    return number_of(scheme, found.group(3))


def number_of(scheme: str, text: str) -> Identifier | None:
    """A number in a named register, brought to one way of writing; None where it says nothing.

    A number of an unusual form is kept as it stands: it still knows itself again.
    """
    number = re.sub(r"\s+", "", text).upper().removesuffix(".0")
    if _NOTHING.fullmatch(number):
        return None
    if scheme == CHARITY:
        return _charity(number)
    if scheme == SCOTTISH_CHARITY and (found := _SCOTTISH.fullmatch(number)):
        return Identifier(scheme, f"SC{found.group(1):0>6}")
    if scheme == NORTHERN_IRISH_CHARITY and (found := _NORTHERN_IRISH.fullmatch(number)):
        return Identifier(scheme, found.group(1))
    if scheme == COMPANY:
        return _fitting(COMPANY, _company(number))
    return _fitting(scheme, number)


def is_usual(identifier: Identifier) -> bool:
    """Whether a number has the form that its register gives out; others are kept but deserve a look."""
    forms = {CHARITY: _CHARITY, COMPANY: _COMPANY, SCHOOL: _SCHOOL}
    form = forms.get(identifier.scheme)
    return form is None or form.fullmatch(identifier.value) is not None


def _charity(number: str) -> Identifier | None:
    """A charity number; a column of charity numbers holds Scottish and Northern Irish ones too."""
    if number.startswith("SC"):
        return number_of(SCOTTISH_CHARITY, number)
    if number.startswith("NI"):
        return number_of(NORTHERN_IRISH_CHARITY, number)
    found = _CHARITY.fullmatch(number)
    return Identifier(CHARITY, found.group(1)) if found else _fitting(CHARITY, number)


def _company(number: str) -> str:
    """Eight characters: spreadsheets drop the zeros at the front, of "SC001234" too."""
    if not _COMPANY.fullmatch(number):
        return number
    if number.isdigit():
        return number.zfill(COMPANY_CHARACTERS)
    letters, rest = number[:2], number[2:]
    return letters + rest.zfill(COMPANY_CHARACTERS - len(letters)) if rest.isdigit() else number


def _fitting(scheme: str, value: str) -> Identifier | None:
    """The identifier where it fits its columns; a longer value gives way to its digest, in capitals as numbers are."""
    if not value or len(scheme) > LONGEST_SCHEME:
        return None
    return Identifier(scheme, value if len(value) <= LONGEST_VALUE else _digest(value).upper())


def local(funder: str, what: str, text: str) -> Identifier:
    """How one funder knows an organisation that no register knows: by a number of its own, or by its exact name."""
    return Identifier(LOCAL, _digest(f"{funder.casefold()}|{what}|{' '.join(text.split()).casefold()}"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def kind_by(identifiers: tuple[Identifier, ...], name: str) -> str | None:
    """What an organisation is, by the registers that know it: a charity before a company; None where none says so.

    Universities and colleges stand in the register of schools: what they are is left open.
    """
    kinds = [_KINDS[one.scheme] for one in identifiers if one.scheme in _KINDS]
    if "charity" in kinds:
        return "charity"
    kind = kinds[0] if kinds else None
    return None if kind == "school" and _NOT_ALWAYS_SCHOOLS.search(name) else kind


def normal_name(name: str) -> str:
    """A name for comparing: no case, no punctuation, "and" for "&", without "the" and the legal form.

    Equal normal names make two records probable duplicates, never one organisation.
    """
    text = _APOSTROPHES.sub("", name.casefold()).replace("&", " and ")
    words = [word for word in _NOT_A_WORD.sub(" ", text).split() if word not in _COMMON_WORDS]
    return " ".join(words)
