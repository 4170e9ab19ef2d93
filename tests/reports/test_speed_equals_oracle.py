"""Each figure of the speed report equals a plain recomputation, on page and in workbook, under one name."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from core.calendar import rebuild
from core.models import ClosureDay, User
from core.web.formats import share
from grants.models import Grant
from tests.demo.conftest import prepared, year
from tests.factories.people import make_people
from tests.grants.oracle import write_random_register
from tests.grants.oracle.facts import Facts, facts_of
from tests.reports import oracle_speed as oracle
from tests.reports.reading import Rows, about_of, sheets_of, tables_of
from tests.reports.test_reports_equal_oracle import Reader

__all__ = ["prepared", "year"]

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SPEED = "/reports/speed/"
YEAR_DAYS = (date(2026, 11, 21), date(2026, 9, 1), date(2027, 9, 1))
SEEDS = range(8)

STATISTICS = {
    "n": "Grants timed",
    "waiting": "Still waiting",
    "half": "Half within",
    "p90": "Nine in ten within",
    "longest": "Longest still waiting",
    "cases": "Each case, where under ten (working days)",
}
# Its lines say themselves what they are counted in.
CASES_OF_WAITS = {"cases": "Each case, where under ten"}
QUARTERS = {"p25": "A quarter within", "p75": "Three quarters within"}
EDGES = {"low": "95% interval: from", "high": "95% interval: to"}
SHEETS = {
    "By fund": "By fund",
    "By round": "By round",
    "By financial year of the decision": "By year",
    "By kind of provider": "By provider",
}


def figures_of(page: str) -> dict[str, str]:
    """The lists of figures on a page: words by name."""
    pairs = re.findall(r"<dt[^>]*>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", page, re.DOTALL)
    return {unescape(name).strip(): unescape(words).strip() for name, words in pairs}


def same(found: Any, expected: Any, where: tuple[Any, ...]) -> None:
    """A cell of a page or a workbook says what it must: a number, or its word."""
    if isinstance(expected, str) and expected.replace(",", "").isdigit():
        expected = int(expected)  # a single case listed by its length
    assert (found or "") == (expected or "") or found == expected, where


def assert_statistics(row: dict[str, Any], expected: dict[str, Any], headings: dict[str, str]) -> None:
    """One row of statistics; the column of cases is there only where something is listed in it."""
    for name, heading in headings.items():
        if name == "cases" and heading not in row:
            assert not expected[name], row
        else:
            same(row[heading], expected[name], (row, heading))


def by_first(rows: Rows) -> dict[str, dict[str, Any]]:
    """Rows by their first cell, none lost."""
    found = {str(next(iter(row.values()))): row for row in rows}
    assert len(found) == len(rows)
    return found


def assert_waits(rows: Rows, found: list[oracle.Timed], *, sheet: bool) -> None:
    """Total wait and council's time, always together."""
    days = [oracle.Case(one.days, one.ended) for one in found]
    expected = {
        "Total wait: decision to first payment": oracle.statistics(oracle.total_cases(found)),
        "Total wait, in calendar days": oracle.statistics(days),
        "Council’s time": oracle.statistics(oracle.council_cases(found)),
    }
    got = by_first(rows)
    assert list(got) == list(expected)
    for name, line in expected.items():
        headings = {**STATISTICS, **CASES_OF_WAITS, **QUARTERS, **(EDGES if sheet else {})}
        assert_statistics(got[name], line, headings)
        interval = "too few" if line["n"] < 10 else f"{line['low']} to {line['high']}"
        assert got[name]["95% interval of the half"] == interval


def assert_groups(rows: Rows, expected: dict[str, dict[str, Any]]) -> None:
    """Each group, and no other."""
    got = by_first(rows)
    assert set(got) == set(expected)
    extra = {
        "council_half": "Half within, council’s time",
        "cannot_assess": "Cannot be assessed (not tracked)",
    }
    for name, line in expected.items():
        assert_statistics(got[name], line, {**STATISTICS, **extra})


def assert_curve(rows: Rows, found: list[oracle.Timed], *, sheet: bool) -> None:
    """The shares paid by each number of working days that is listed, each standard among them."""
    total, council = oracle.total_cases(found), oracle.council_cases(found)
    assert {one.standard for one in found} <= {row["Working days"] for row in rows}
    for row in rows:
        mark = row["Working days"]
        for heading, cases in (("Total wait", total), ("Council’s time", council)):
            paid = oracle.paid_by(cases, mark)
            if sheet:
                assert float(row[heading]) == pytest.approx(float(paid))
            else:
                assert row[heading] == share(round(float(paid), 12))
        assert row["Grants whose total wait was so long"] == sum(case.length >= mark for case in total)


def expected_figures(found: list[oracle.Timed], grants: list[Grant], on: date) -> dict[str, Any]:
    """The lists of figures by name."""
    counts, lost = oracle.standard(found), oracle.lost(found)
    settled = counts["within"] + counts["past"]
    untracked, withdrawn, closed = oracle.apart(grants, on)
    return {
        "Share paid within the standard": counts["within"] / settled if settled else None,
        "Paid within the standard": counts["within"],
        "Past the standard, paid or not": counts["past"],
        "Not yet known: unpaid, with time left": counts["not_yet"],
        "Clock not started: no valid claim yet": counts["not_started"],
        "Not known: paid on a claim whose date is missing": counts["not_known"],
        "Funded time lost, in days": lost["days"],
        "Funded time lost, in pounds × days": lost["pound_days"],
        "Share of approved time lost": lost["days"] / lost["window"] if lost["window"] else None,
        "Paid after the planned start, or unpaid past it": lost["delayed"],
        "Planned start and end known": lost["n"],
        "Planned start or end not known": lost["not_known"],
        "Amount not known, so not in the pounds × days": lost["amount_not_known"],
        "Cannot be assessed: not tracked": untracked,
        "Withdrawn without a payment": withdrawn,
        "Closed without a payment": closed,
    }


def assert_figures(page: str, sheet: Rows, expected: dict[str, Any]) -> None:
    """The same name gives the same number on the page and in the workbook."""
    in_sheet = {row["Figure"]: row["Value"] for row in sheet}
    on_page = figures_of(page)
    assert list(in_sheet) == list(expected)
    assert set(on_page) <= set(expected)
    for name, value in expected.items():
        got = in_sheet[name]
        known = value is not None
        assert (float(got) == pytest.approx(float(value))) if known else got is None, (name, got, value)
        if name in on_page and value is None:
            assert on_page[name] == "not known"
        elif name in on_page and isinstance(value, float):
            turns_at = (75, 90) if name == "Share paid within the standard" else ()
            assert on_page[name] == share(value, below=turns_at), name
        elif name in on_page:
            number = re.search(r"[\d,.]+", on_page[name])
            assert number is not None
            assert Decimal(number.group().replace(",", "")) == value, name


def assert_rounds(rows: Rows, facts: Facts, *, illustrative: bool) -> None:
    """Each round's lead time and whether it was enough."""
    expected = oracle.rounds(facts, illustrative=illustrative)
    assert len(rows) == len(expected)
    for row in rows:
        days, norm = expected[f"{row['Fund']}: {row['Round']}"]
        assert (row["Announced to close (working days)"], row["Norm (working days)"]) == (days, norm)
        enough = None if days is None else "no" if days < norm else "yes"
        assert row["Time enough"] == enough


def assert_rows_behind(rows: Rows, found: list[oracle.Timed]) -> None:
    """Every grant of the sample, with its own times."""
    assert len(rows) == len(found)
    by_ref = {one.grant.ref: one for one in found}
    answers = []
    for row in rows:
        one = by_ref[row["Reference"]]
        assert row["Total wait (working days)"] == one.total
        assert row["Total wait (calendar days)"] == one.days
        assert row["Council’s time (working days)"] == ("not started" if one.council is None else one.council)
        if one.council is not None:
            assert row["Provider’s time (working days)"] == one.provider
            assert row["Of council’s time, waiting on the funder"] == one.funder
        assert row["Funded time lost (days)"] == (one.lost[0] if one.lost else None)
        assert row["First payment"] == (one.grant.first_paid_on if one.ended else "still waiting")
        answers.append(row["Within the standard"])
    counts = oracle.standard(found)
    assert (answers.count("yes"), answers.count("no")) == (counts["within"], counts["past"])


def assert_longest(rows: Rows, found: list[oracle.Timed]) -> None:
    """The ten that have waited longest, the longest first."""
    waiting = sorted(
        (one for one in found if not one.ended), key=lambda one: (one.grant.decided_on, one.grant.ref)
    )[:10]
    assert [row["Grant"].split(" · ")[1] for row in rows if "Decided" in row] == [
        one.grant.ref for one in waiting
    ]
    assert [row["Total wait (working days)"] for row in rows if "Decided" in row] == [
        one.total for one in waiting
    ]


def assert_speed(facts: Facts, reader: Reader, *, illustrative: bool, query: str = "") -> list[oracle.Timed]:
    """The page and the workbook say what the oracle does."""
    grants = [
        grant
        for grant in facts.grants
        if grant.fund.is_illustrative == illustrative and query in ("", f"fund={grant.fund.code}")
    ]
    found = oracle.sample(grants, facts)
    page = reader.page(f"{SPEED}?{query}").content.decode()
    book = reader.page(f"{SPEED}?{query}&download=xlsx").getvalue()
    tables, sheets = tables_of(page), sheets_of(book)
    assert_figures(page, sheets["Figures"], expected_figures(found, grants, facts.on))
    for caption, way in oracle.WAYS.items():
        if caption != "By fund" or not query:
            expected = oracle.groups(found, grants, way)
            assert_groups(tables[f"{caption} (working days)"], expected)
            assert_groups(sheets[SHEETS[caption]], expected)
    assert_waits(sheets["Waits"], found, sheet=True)
    assert_rows_behind(sheets["Grants"], found)
    if not query:
        assert_rounds(sheets["Rounds"], facts, illustrative=illustrative)
        assert_rounds(tables["How long before the deadline groups heard"], facts, illustrative=illustrative)
    if found:
        assert_evidence(tables, sheets, found, grants, facts)
    return found


def assert_evidence(
    tables: dict[str, Rows],
    sheets: dict[str, Rows],
    found: list[oracle.Timed],
    grants: list[Grant],
    facts: Facts,
) -> None:
    """What stands on the page only where something can be timed."""
    assert_waits(tables["How long until the first payment"], found, sheet=False)
    assert_longest(tables["The longest waits that still go on"], found)
    whose, whole = oracle.whose(found), sum(oracle.whose(found).values())
    for rows, sheet in ((tables["Whose time it was"], False), (sheets["Whose time"], True)):
        assert {row["Whose"]: row["Working days, all grants together"] for row in rows} == whose
        for row in rows if whole else []:
            part = whose[row["Whose"]] / whole
            assert float(row["Share"]) == pytest.approx(part) if sheet else row["Share"] == share(part)
    steps = oracle.steps(grants, facts)
    for rows in (tables["Step by step (working days)"], sheets["Steps"]):
        got = by_first(rows)
        assert list(got) == list(steps)
        for name, line in steps.items():
            assert_statistics(
                got[name], line, {**STATISTICS, "not_known": "Done, but a date is missing (grants)"}
            )
    if len(found) >= 10:
        assert_curve(tables["Share of grants paid by then"], found, sheet=False)
        assert_curve(sheets["Curve"], found, sheet=True)
    else:
        assert "Curve" not in sheets
        assert "Share of grants paid by then" not in tables


def a_reader(on: date, *, illustrative: bool, role: str = "scrutiny") -> Reader:
    """Somebody who reads the report."""
    who = User.objects.filter(role=role, is_active=True).exclude(email__endswith="system").first()
    assert who is not None
    return Reader(who, on, illustrative=illustrative)


@pytest.mark.parametrize("on", YEAR_DAYS, ids=str)
def test_the_illustrative_year(on: date, year: str) -> None:
    facts = facts_of(on)
    found = assert_speed(facts, a_reader(on, illustrative=True), illustrative=True)
    assert len(found) >= 10
    assert not assert_speed(facts, a_reader(on, illustrative=False), illustrative=False)
    for code in {one.grant.fund.code for one in found}:
        assert_speed(facts, a_reader(on, illustrative=True), illustrative=True, query=f"fund={code}")


@pytest.mark.parametrize("seed", SEEDS)
def test_random_registers(seed: int) -> None:
    looks = write_random_register(seed, n=60)
    make_people()
    if ClosureDay.objects.exists():
        rebuild()
    on = looks[seed % len(looks)]
    facts = facts_of(on)
    sizes = [
        len(assert_speed(facts, a_reader(on, illustrative=kind), illustrative=kind)) for kind in (True, False)
    ]
    assert any(sizes)


def test_officers_and_scrutiny_read_the_same_figures(year: str) -> None:
    pages = [
        figures_of(a_reader(YEAR_DAYS[0], illustrative=True, role=role).page(SPEED).content.decode())
        for role in ("commissioner", "finance", "scrutiny", "administrator")
    ]
    assert pages[0]
    assert all(page == pages[0] for page in pages)


def test_the_sentence_says_what_the_table_says(year: str) -> None:
    reader = a_reader(YEAR_DAYS[0], illustrative=True)
    response = reader.page(SPEED)
    rows = by_first(tables_of(response.content.decode())["How long until the first payment"])
    wait, council = rows["Total wait: decision to first payment"], rows["Council’s time"]
    sentence = (
        f"Half of grants were paid within {wait['Half within']} working days of the decision; "
        f"{wait['Still waiting']} of {wait['Grants timed']} are still waiting, the longest "
        f"{wait['Longest still waiting']} working days."
    )
    assert response.context["answer"] == sentence
    assert f"half were paid within {council['Half within']} working days" in response.content.decode()
    about = about_of(reader.page(f"{SPEED}?download=xlsx").getvalue())
    assert (about["Answer"], about["As at"], about["Filters"]) == (sentence, "21 November 2026", "none")
