"""docs/rules/organisation-numbers.md."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from providers.rules.identifiers import (
    CHARITY,
    COMPANY,
    LONGEST_SCHEME,
    LONGEST_VALUE,
    SCHOOL,
    Identifier,
    is_usual,
    kind_by,
    local,
    normal_name,
    number_of,
    read_org_id,
)
from tests.rules.worked_tables import Row, as_yes_no, row_id, worked_table

PAGE = "organisation-numbers"
COLUMNS = {"charity": CHARITY, "company": COMPANY, "school": SCHOOL}


def expected(row: Row) -> Identifier | None:
    return None if row["register"] == "none" else Identifier(row["register"], row["number"])


@pytest.mark.parametrize("row", worked_table(PAGE, "Published identifiers"), ids=row_id)
def test_published_identifiers(row: Row) -> None:
    assert read_org_id(row["identifier"]) == expected(row)


@pytest.mark.parametrize("row", worked_table(PAGE, "Numbers in columns of their own"), ids=row_id)
def test_numbers_in_columns_of_their_own(row: Row) -> None:
    assert number_of(COLUMNS[row["column"]], row["cell"]) == expected(row)


@pytest.mark.parametrize("row", worked_table(PAGE, "Names that are alike"), ids=row_id)
def test_names_that_are_alike(row: Row) -> None:
    assert (normal_name(row["one"]) == normal_name(row["other"])) is as_yes_no(row["alike"])


@given(st.text(max_size=120), st.sampled_from([CHARITY, COMPANY, SCHOOL, "GB-SC", "GB-NIC", "XX-YY"]))
@example("0" * 79 + "ß", CHARITY)  # two letters in capitals: too long only then
def test_what_is_read_reads_the_same_again_and_fits_its_columns(text: str, scheme: str) -> None:
    for found in (number_of(scheme, text), read_org_id(text), read_org_id(f"{scheme}-{text}")):
        if found is None:
            continue
        assert 0 < len(found.value) <= LONGEST_VALUE
        assert len(found.scheme) <= LONGEST_SCHEME
        if found.scheme != "360G":
            assert number_of(found.scheme, found.value) == found


@given(st.integers(1, 99_999_999))
def test_a_company_is_known_with_and_without_its_zeros(number: int) -> None:
    assert (
        number_of(COMPANY, str(number))
        == number_of(COMPANY, f"{number:08}")
        == Identifier(COMPANY, f"{number:08}")
    )


def test_a_funder_s_own_number_is_another_s_too() -> None:
    assert local("GB-LAE-TRF", "id", "17") != local("GB-LAE-HEF", "id", "17")
    assert local("GB-LAE-TRF", "id", "17") != local("GB-LAE-TRF", "name", "17")
    assert local("GB-LAE-TRF", "name", "St  Johns") == local("gb-lae-trf", "name", "ST JOHNS")


@pytest.mark.parametrize(
    ("schemes", "name", "kind"),
    [
        (("GB-COH", "GB-CHC"), "A", "charity"),
        (("GB-COH",), "A", "company"),
        (("GB-EDU",), "Hill Primary", "school"),
        (("GB-EDU",), "University of Hull", None),
        (("GB-LAE",), "A", "public_body"),
        (("360G",), "A", None),
        ((), "A", None),
    ],
)
def test_what_an_organisation_is(schemes: tuple[str, ...], name: str, kind: str | None) -> None:
    assert kind_by(tuple(Identifier(scheme, "1") for scheme in schemes), name) == kind


def test_unusual_numbers_are_told_from_usual_ones() -> None:
    assert is_usual(Identifier(CHARITY, "1110767"))
    assert is_usual(Identifier(COMPANY, "SC012345"))
    assert is_usual(Identifier("360G", "anything"))
    assert not is_usual(Identifier(CHARITY, "X1"))
    assert not is_usual(Identifier(COMPANY, "THE-WINDMILL"))
