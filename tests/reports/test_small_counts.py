"""No page and no workbook that scrutiny may open gives a small number of people away, on a register full of them."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from io import BytesIO
from random import Random
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from core.rules.suppression import HIDDEN, Published
from grants.models import Grant
from tests.conftest import TODAY, ClientFor
from tests.factories import (
    make_cover,
    make_flag,
    make_fund,
    make_grant,
    make_instalment,
    make_locality,
    make_organisation,
    make_plan,
    make_return,
)
from tests.grants.oracle.facts import facts_of
from tests.reports import oracle_sustainability as oracle
from tests.reports.reading import Rows, sheets_of, tables_of
from tests.rules.table_audit import given_away

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ENDS = (date(2026, 10, 31), date(2026, 12, 31), date(2027, 3, 31), date(2027, 5, 31), date(2027, 10, 1))
COUNTS = (1, 2, 3, 4, 5, 5, 3, 1, 0, 7, 12, 31, None)
A_FEW_PEOPLE = re.compile(r"\b(?:[1-5]|one|two|three|four|five) (?:more )?(?:famil|child|young|people)", re.I)
REPORT = "/reports/sustainability/"
PEOPLE = ("Families", "Children and young people")


@pytest.fixture
def small() -> list[Grant]:
    """Forty grants, most of a few families; some covered in part, some counted in children, some at meeting places."""
    chance = Random(11)
    fund, places = make_fund(), [make_locality() for _ in range(3)]
    providers = [make_organisation() for _ in range(12)]
    grants = []
    for number in range(40):
        grant = make_grant(
            fund=fund,
            title=f"Project {chr(65 + number // 26)}{chr(65 + number % 26)}",
            lead_provider=providers[number % 12],
            localities=[places[number % 3]],
            planned_start=date(2026, 1, 5),
            planned_end=date(2027, 6, 30),
            ends_on=chance.choice(ENDS),
        )
        make_instalment(grant)
        count = chance.choice(COUNTS)
        if count is not None:
            covered = chance.choice((0, 0, 1, 9))
            unit = "children" if number % 5 == 0 else "families"
            make_return(grant, caseload=count + covered, caseload_unit=unit)
            if covered:
                make_cover(make_plan(grant), number=covered)
        grants.append(grant)
    for place in places:
        here = [g for g in grants if place in g.localities.all() and g.ends_on >= TODAY]
        make_flag(
            rule="cluster",
            level="high",
            locality=place,
            facts={
                "on": "2026-11-20",
                "refs": [g.ref for g in here[:5]],
                "window_start": "2026-12-31",
                "window_end": "2027-03-31",
                "measure": "families",
                "part": "12",
                "whole": "20",
            },
        )
    return grants


def words_of(page: str) -> str:
    """What a page says, tags and scripts apart, its chart's words included."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def words_in_workbook(content: bytes) -> str:
    """Every cell, a space between them."""
    book = load_workbook(BytesIO(content))
    cells = (
        str(value) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for value in row
    )
    return " ".join(cells)


def everything_open(client: Client, grants: list[Grant]) -> Iterator[tuple[str, str]]:
    """Each address that scrutiny may open, with its words."""
    lists = ("/grants/", "/funds/", "/rounds/", REPORT, "/reports/scrutiny/", "/reports/speed/")
    addresses = ["/", "/reports/", *lists, *(f"/grants/{grant.ref}/" for grant in grants[::6])]
    addresses += [f"/funds/{grants[0].fund.code}/", f"{REPORT}?page=2", f"{REPORT}?search=Project+A"]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        yield address, words_of(response.content.decode())
    for address in lists:
        response = client.get(f"{address}?download=xlsx")
        if response.headers["Content-Type"].endswith("sheet"):
            yield f"{address} as a workbook", words_in_workbook(response.getvalue())


def test_no_sentence_tells_of_a_few_people(small: list[Grant], client_for: ClientFor) -> None:
    workbooks = 0
    for address, words in everything_open(client_for("scrutiny"), small):
        assert A_FEW_PEOPLE.findall(words) == [], address
        workbooks += address.endswith("workbook")
    assert workbooks >= 3


def test_officers_are_told(small: list[Grant], client_for: ClientFor) -> None:
    """The control of the test above: the same register has sentences about a few people."""
    page = client_for("commissioner").get(REPORT).content.decode()
    assert len(A_FEW_PEOPLE.findall(words_of(page))) > 3


def pages_of(client: Client) -> Rows:
    """Each grant on all pages of the list."""
    rows: Rows = []
    for number in (1, 2):
        rows += tables_of(client.get(f"{REPORT}?page={number}").content.decode())["Each grant"]
    return rows


def as_printed(unit: str, heading: str, tables: dict[str, Rows], rows: Rows) -> tuple[Any, Any, Any]:
    """The counts and sums of one unit as the records have them, and as they are in print."""
    found = oracle.endings(facts_of(TODAY), illustrative=True)
    mine = {one.grant.title: one for one in found if one.unit == unit and one.uncovered is not None}
    cells = {title: one.uncovered for title, one in mine.items()}
    printed = {str(row["Grant"]).split(" · ")[0]: row["Left without support"] for row in rows}
    shown = {title: _shown(printed[title]) for title in cells}
    sums: dict[str, list[str]] = {}
    sums_shown: dict[str, Any] = {}
    for caption in ("By when", "Month by month", "Places where endings meet"):
        for row in tables[caption]:
            name = f"{caption}: {next(iter(row.values()))}"
            sums[name] = []
            sums_shown[name] = people_in(row, heading, left_out=0)
    for title, one in mine.items():
        for name in _sums_of(one, sums):
            sums[name].append(title)
    return cells, sums, Published(shown, sums_shown)


def people_in(row: dict[str, Any], heading: str, left_out: int | None = None) -> Any:
    """The cell of people, under the heading that its table gives it; a column that is left out has none."""
    return row.get(heading, row.get(f"{heading} left without support", left_out))


def _shown(words: Any) -> Any:
    if isinstance(words, str) and words.startswith(HIDDEN):
        return HIDDEN
    return int(str(words).split(" ")[0])


def _sums_of(one: oracle.Ending, names: dict[str, list[str]]) -> list[str]:
    """The lines of the page that a grant is counted in."""
    if one.ends_on < TODAY:
        return ["By when: Ended in the last 12 months"]
    first, second = oracle.two_days(TODAY)
    by = next(day for day in (first, second, oracle.last_day(TODAY)) if one.ends_on <= day)
    found = [name for name in names if name.endswith(f"y {oracle.words_of(by)}")]
    found += ["By when: In the next 12 months together"]
    found += [f"Month by month: {oracle.MONTHS[one.ends_on.month - 1]} {one.ends_on.year}"]
    flags = [flag for place in one.grant.localities.all() for flag in place.flags.all()]
    return found + [
        f"Places where endings meet: {flag.locality}" for flag in flags if one.grant.ref in flag.facts["refs"]
    ]


@pytest.mark.parametrize(("unit", "heading"), [("families", PEOPLE[0]), ("children", PEOPLE[1])])
def test_nothing_in_print_can_be_worked_out(
    unit: str, heading: str, small: list[Grant], client_for: ClientFor
) -> None:
    client = client_for("scrutiny")
    tables = tables_of(client.get(REPORT).content.decode())
    cells, sums, printed = as_printed(unit, heading, tables, pages_of(client))
    assert sum(shown == HIDDEN for shown in printed.cells.values()) > 2
    assert any(shown == HIDDEN for shown in printed.sums.values())
    assert any(isinstance(shown, int) and shown > 5 for shown in printed.sums.values())
    for name, held in sums.items():
        count = sum(cells[title] for title in held)
        assert printed.sums[name] in (count, HIDDEN) if held else printed.sums[name] in (0, None), name
        assert not 0 < count <= 5 or printed.sums[name] == HIDDEN, name
    assert given_away(cells, sums, printed) == []


def test_what_officers_see_can_be_worked_out(small: list[Grant], client_for: ClientFor) -> None:
    """The control: the officers' totals beside scrutiny's rows give counts away."""
    tables = tables_of(client_for("commissioner").get(REPORT).content.decode())
    cells, sums, printed = as_printed("families", "Families", tables, pages_of(client_for("scrutiny")))
    assert given_away(cells, sums, printed) != []


def test_the_workbook_prints_no_more_than_the_page(small: list[Grant], client_for: ClientFor) -> None:
    client = client_for("scrutiny")
    tables = tables_of(client.get(REPORT).content.decode())
    sheets = sheets_of(client.get(f"{REPORT}?download=xlsx").getvalue())
    for caption, name in (
        ("By when", "By when"),
        ("Month by month", "Months"),
        ("Places where endings meet", "Places"),
    ):
        on_page = [[people_in(row, heading) for heading in PEOPLE] for row in tables[caption]]
        assert [[people_in(row, heading) for heading in PEOPLE] for row in sheets[name]] == on_page
        assert all(row[0] is not None for row in on_page)
    people = {row["Grant"].split(" · ")[0]: row["Left without support"] for row in sheets["Grants"]}
    for row in pages_of(client):
        shown, told = row["Left without support"], people[row["Grant"].split(" · ")[0]]
        assert shown is told is None or _shown(shown) == _shown(told)


def test_a_filter_makes_no_sum_of_its_own(small: list[Grant], client_for: ClientFor) -> None:
    client = client_for("scrutiny")
    whole = tables_of(client.get(REPORT).content.decode())
    rows = {row["Grant"]: row for row in pages_of(client)}
    place = small[0].localities.get().slug
    for query in (f"locality={place}", "search=Project+A", f"fund={small[0].fund.code}"):
        narrowed = tables_of(client.get(f"{REPORT}?{query}").content.decode())
        listed = narrowed.pop("Each grant")
        assert narrowed == {caption: table for caption, table in whole.items() if caption != "Each grant"}
        assert listed
        assert all(rows[row["Grant"]] == row for row in listed)


def test_bars_have_no_height_where_a_number_is_hidden(small: list[Grant], client_for: ClientFor) -> None:
    response = client_for("scrutiny").get(REPORT)
    bars = response.context["families_chart"].bars
    months = response.context["found"].months
    hidden = [each.families == HIDDEN for _, each in months]
    assert any(hidden)
    assert [bar.missing for bar in bars] == [
        each or figure.families is None for each, (_, figure) in zip(hidden, months, strict=True)
    ]


def test_the_order_of_the_list_tells_nothing_of_people(small: list[Grant], client_for: ClientFor) -> None:
    client = client_for("scrutiny")
    refs = {
        sort: [line.ref for line in client.get(f"{REPORT}?sort={sort}").context["page"].object_list]
        for sort in ("uncovered", "-uncovered", "nothing")
    }
    assert refs["uncovered"] == refs["-uncovered"] == refs["nothing"]
