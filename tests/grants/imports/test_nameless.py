"""Persons whose name the publisher left out are individuals; charities whose names begin alike are not."""

import pytest

from tests.grants.imports.lists import as_csv, cells
from tests.grants.imports.test_files import the_row

NAMELESS = [
    "Named individual",
    "NAMED INDIVIDUALS",
    "Individual (name withheld)",
    "Individual - name withheld",
    "Individual, name redacted",
    "Individual (anonymised)",
    "Individual 12",
    "An individual in Leominster",
    "Individual from Bishop's Castle",
    "A person living in Much Wenlock",
    "Anonymised",
    "Anonymous",
    "Redacted",
    "[REDACTED]",
    "Name withheld",
    "Name has been withheld",
    "Details redacted",
    "Individual (not disclosed)",
]
ORGANISATIONS = [
    "Individual Support Trust",
    "Named Trust",
    "Named Individual Fund",
    "Individuals in Need",
    "An Individual in Need",
    "A Person in Mind CIC",
    "Individual from the Start Project",
    "Person Shaped Support",
    "Alcoholics Anonymous",
    "Anonymous Theatre Company",
    "Redacted Records Ltd",
    "Name Withheld Theatre",
    "Name not given",
    "The Anonymised Data Trust",
]


@pytest.mark.parametrize("name", NAMELESS)
def test_persons_without_a_name_are_individuals(name: str) -> None:
    row = the_row(as_csv([cells(name=name, org="")]))
    assert row.is_individual
    assert row.recipient is not None
    assert row.recipient.name == "Individual"
    assert (row.title, row.summary) == ("Grant to an individual: Fairford Community Fund", "")


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_charities_of_like_names_are_not(name: str) -> None:
    row = the_row(as_csv([cells(name=name, org="")]))
    assert row.recipient is not None
    assert (row.recipient.kind != "individual", row.recipient.name) == (True, name)


def test_a_registered_number_is_no_person_s() -> None:
    assert not the_row(as_csv([cells(name="Anonymised")])).is_individual
    assert not the_row(as_csv([cells(name="Redacted", org="", company="7597525")])).is_individual
    assert the_row(as_csv([cells(name="Redacted", org="360G-fairford-org-12")])).is_individual
