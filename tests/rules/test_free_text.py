"""What free text must not hold, and what it is asked about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.free_text import examine, is_nhs_number


def with_check_digit(nine: str) -> str | None:
    """An NHS number from its first nine digits by the published method; None where it has no check digit."""
    total = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    check = 11 - total % 11
    return None if check == 10 else nine + str(0 if check == 11 else check)


def test_a_known_nhs_number() -> None:
    assert is_nhs_number("943 476 5919")
    assert not is_nhs_number("943 476 5918")


@given(st.from_regex(r"\A[0-9]{9}\Z"))
def test_every_check_digit_is_known_and_no_other(nine: str) -> None:
    number = with_check_digit(nine)
    good = [str(digit) for digit in range(10) if is_nhs_number(nine + str(digit))]
    # A number of ten equal digits is never given out.
    assert good == ([] if number is None or len(set(number)) == 1 else [number[-1]])


@pytest.mark.parametrize(
    "words",
    [
        "NHS 943 476 5919",
        "9434765919",
        "their number 943-476-5919.",
        "Ella Morgan, born 3/4/2015",
        "Ella Morgan born on 3 April 2015, is supported",
        "Ella Morgan (DOB: 03.04.15)",
        "dob 2015-04-03, Ella Morgan",
        "Ella Morgan 12/03/2015",
        "Ella J. Morgan, 12th March 2015",
        "Ella Morgan of HR4 9AB",
        "Jayden (born 03/04/2015) needs support",
        "Jayden was born on 3 April 2015",
        "JAYDEN SMITH dob 03/04/2015",
        "April Jones, born 3 April 2015",
        "The family lives at HR4 9AB; Ella O’Connor attends",
        "Support for Siân-Ann Jérôme ends. Date of birth: 3 April 2015",
    ],
)
def test_refused(words: str) -> None:
    found = examine(words)
    assert found.refusals
    assert not found.warnings


@pytest.mark.parametrize(
    "words",
    [
        "The youngest was born on 3 April 2015",
        "DOB 03/04/2015",
        "Twins, born 03/04/2015",
        "Child DOB 03/04/2015",
        "A family in HR4 9AB",
        "Meadow Lane Primary School, HR4 9AB",
        "Ella Morgan, aged 7",
        "Ella Morgan is a 7-year-old",
        "We hold the NHS number elsewhere",
    ],
)
def test_asked_about(words: str) -> None:
    found = examine(words)
    assert not found.refusals
    assert found.warnings


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Match funding letter from the Home Office",
        "Agreed at Cabinet on 3 April 2026 for Meadow Lane Primary School",
        "Invoice 1234567890 of 12/03/2026",
        "£9434765919 is no grant",
        "Tel 01432 260000",
        "26 families; 12 finish as planned, 14 move to the Talk Community service",
        "Purchase order PO12345, cost code 4410",
        "12345678901234567890",
        "South Wye and Ross. Leominster from 1 April 2026",
        "Extended to 31 March 2027 by the Cabinet Member",
    ],
)
def test_taken_as_it_is(words: str) -> None:
    assert examine(words) == ((), ())


@given(st.text(max_size=300))
def test_any_text_can_be_examined(words: str) -> None:
    found = examine(words)
    assert not (found.refusals and found.warnings)


@given(st.text(alphabet="abcdef ,.", max_size=80), st.text(alphabet="abcdef ,.", max_size=80))
def test_an_nhs_number_is_found_wherever_it_stands(before: str, after: str) -> None:
    assert examine(f"{before} 943 476 5919 {after}").refusals
