"""What a grant has several of, and dates that say less than they seem to: the row says what is taken."""

import json
from datetime import date
from typing import Any

import pytest

from grants.models import Grant
from tests.grants.imports.lists import TITLES, as_csv, as_json, bring, cells, counts
from tests.grants.imports.test_files import the_row

FIRST = {"startDate": "2024-06-01", "endDate": "2025-05-31"}
SEVERAL = "Several planned dates are given: the earliest start and the latest end are taken."
NO_END = "The last of several planned starts has no end: the end stays not known."
END_FIRST = (
    "The end is before the start, so neither is taken: a new grant has them as not known, one in the register keeps "
    "its own."
)


def with_more(**parts: list[dict[str, Any]]) -> Any:
    """The one grant of a JSON file, some of whose parts are others."""
    grant = json.loads(as_json([cells()]))["grants"][0]
    return the_row(json.dumps([{**grant, **parts}]).encode())


@pytest.mark.parametrize(
    ("more", "expected", "said"),
    [
        ([{"startDate": "2024-04-01", "endDate": "2026-03-31"}], ("2024-04-01", "2026-03-31"), [SEVERAL]),
        ([{"startDate": "2024-07-01", "endDate": "2024-08-31"}], ("2024-06-01", "2025-05-31"), [SEVERAL]),
        ([{"startDate": "2025-06-01", "duration": 12}], ("2024-06-01", "2026-05-31"), [SEVERAL]),
        ([{"endDate": "2026"}, {"endDate": "2025-12-31"}], ("2024-06-01", "2026"), [SEVERAL]),
        ([{"endDate": "2025-05"}], ("2024-06-01", "2025-05"), [SEVERAL]),
        ([{"startDate": "2024-06"}], ("2024-06", "2025-05-31"), [SEVERAL]),
        ([{"startDate": "2025-06-01"}], ("2024-06-01", "None"), [SEVERAL, NO_END]),
        ([{"startDate": "2026-04-01", "endDate": "2026-03-31"}], ("None", "None"), [END_FIRST]),
        ([FIRST], ("2024-06-01", "2025-05-31"), []),
        ([{}], ("2024-06-01", "2025-05-31"), []),
    ],
)
def test_several_planned_dates(more: list[Any], expected: tuple[str, str], said: list[str]) -> None:
    row = with_more(plannedDates=[FIRST, *more])
    assert (str(row.starts), str(row.ends)) == expected
    assert [remark.message for remark in row.remarks] == said


def test_several_planned_dates_of_a_table() -> None:
    headings = TITLES | {"more": "Planned Dates:1:End Date"}
    row = the_row(as_csv([cells(more="2026-03-31")], headings=headings))
    assert (row.starts, row.ends) == (date(2024, 6, 1), date(2026, 3, 31))
    assert [remark.message for remark in row.remarks] == [SEVERAL]
    assert the_row(as_csv([cells(more="")], headings=headings)).remarks == ()


@pytest.mark.parametrize(
    ("part", "other", "column", "what"),
    [
        ("grantProgramme", {"title": "Another"}, "grantProgramme/1/title", "programme"),
        ("fundingOrganization", {"id": "GB-CHC-2", "name": "Another"}, "fundingOrganization/1/id", "funder"),
    ],
)
def test_a_second_programme_or_funder_is_told(
    part: str, other: dict[str, str], column: str, what: str
) -> None:
    grant = json.loads(as_json([cells()]))["grants"][0]
    row = with_more(**{part: [*grant[part], other]})
    assert (row.programme, row.funder) == ("Fairford Community Fund", "Fairford Council")
    assert row.remarks == (
        (column, f"More than one {what} is given: the first is taken, the rest are left out."),
    )


@pytest.mark.parametrize(
    ("start", "duration", "said"),
    [
        ("", "12", "A duration without a start: the end stays not known."),
        ("2024-04", "12", "The start is known only to the month, so the end stays not known"),
        ("2024", "12", "The start is known only to the year, so the end stays not known"),
        ("2090-01-01", "600", "With this duration the grant would end after 2100: the end stays not known."),
        ("2090-01-01", "0", "The duration is not a whole number of months, so it is left out."),
        ("", "n/a", ""),
    ],
)
def test_a_duration_that_makes_no_end_says_why(start: str, duration: str, said: str) -> None:
    row = the_row(as_csv([cells(start=start, end="", months=duration)]))
    assert row.ends is None
    assert [remark.message[: len(said)] for remark in row.remarks] == ([said] if said else [])


@pytest.mark.django_db
def test_a_grant_that_stands_keeps_its_dates_where_the_end_is_before_the_start() -> None:
    bring(as_csv([cells()]))
    summary = bring(as_csv([cells(start="2025-01-01", end="2024-12-31")]))
    assert counts(summary) == (0, 0, 1, 0)
    assert [remark.message for remark in summary.warned] == [END_FIRST]
    grant = Grant.objects.get()
    assert (grant.planned_start, grant.ends_on) == (date(2024, 6, 1), date(2025, 5, 31))
