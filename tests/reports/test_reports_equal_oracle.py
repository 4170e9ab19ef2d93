"""Each figure of the sustainability and scrutiny reports equals a plain recomputation, on page and in workbook."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

import pytest
import time_machine
from django.test import Client

from core.calendar import rebuild
from core.models import ClosureDay, User
from core.rules.suppression import HIDDEN
from grants.queries import planning
from tests.demo.conftest import prepared, year
from tests.factories.people import make_people
from tests.grants.oracle import write_random_register
from tests.grants.oracle.endings import is_cluster, places_of
from tests.grants.oracle.facts import Facts, facts_of
from tests.reports import oracle_sustainability as oracle
from tests.reports.reading import Rows, about_of, sheets_of, tables_of

__all__ = ["prepared", "year"]

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

YEAR_DAYS = (date(2026, 11, 21), date(2027, 2, 28), date(2027, 9, 1))
SEEDS = range(6)
MAY_BE_LEFT_OUT = ("Children and young people", "Pounds not known (grants)")


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records that are written straight into the tables leave no history to tell that something changed."""
    monkeypatch.setattr(planning, "_kept", {})


class Reader:
    """Somebody who opens both reports on a day."""

    def __init__(self, who: User, on: date, *, illustrative: bool) -> None:
        self.client = Client()
        with self.at(on):
            self.client.force_login(who)
            self.client.post("/register/", {"register": "illustrative" if illustrative else "real"})
        self.on = on

    def at(self, on: date) -> Any:
        """That day at noon."""
        return time_machine.travel(datetime(on.year, on.month, on.day, 12, tzinfo=UTC), tick=False)

    def page(self, address: str) -> Any:
        """What the address answers."""
        with self.at(self.on):
            response = self.client.get(address)
        assert response.status_code == 200
        return response

    def lists(self, address: str, caption: str) -> Rows:
        """The rows of a list on all its pages."""
        rows: Rows = []
        for number in range(1, 100):
            page = self.page(f"{address}?page={number}").context["page"]
            rows += tables_of(self.page(f"{address}?page={number}").content.decode()).get(caption, [])
            if not page.has_next():
                return rows
        raise AssertionError("too many pages")


def by_first(rows: Rows) -> dict[str, dict[str, Any]]:
    """Rows by their first cell."""
    return {str(next(iter(row.values()))): dict(list(row.items())[1:]) for row in rows}


def assert_lines(found: Rows, expected: dict[str, dict[str, Any]], *, hides: bool) -> None:
    """Each line says what it must; a hidden number is one of people, and one of 1 to 5 is always hidden."""
    got = by_first(found)
    assert list(got) == list(expected)
    for name, line in expected.items():
        for heading, value in line.items():
            if heading not in got[name]:
                assert heading in MAY_BE_LEFT_OUT, (name, heading)
                assert not value, (name, heading)
                continue
            shown = got[name][heading]
            if hides and heading in ("Families", "Children and young people"):
                assert shown in (value, HIDDEN), (name, heading)
                assert shown == HIDDEN or not value or value > 5, (name, heading)
            else:
                assert shown == value, (name, heading)


def assert_sustainability(facts: Facts, reader: Reader, *, illustrative: bool, hides: bool) -> None:
    """The page and the workbook say what the oracle does."""
    on = facts.on
    found = oracle.endings(facts, illustrative=illustrative)
    response = reader.page("/reports/sustainability/")
    tables = tables_of(response.content.decode())
    if not found:
        assert tables == {}
        return
    sheets = sheets_of(reader.page("/reports/sustainability/?download=xlsx").getvalue())
    for lines, caption, name in (
        (oracle.by_when(found, on), "By when", "By when"),
        (oracle.by_month(found, on), "Month by month", "Months"),
    ):
        assert_lines(sheets[name], lines, hides=hides)
        on_page = {words: to_the_pound(line) for words, line in lines.items()}
        assert_lines(tables[caption], on_page, hides=hides)
    assert Counter(dict(response.context["found"].levels)) == oracle.levels(found)
    assert list(response.context["found"].not_assessed) == oracle.left_out(facts, illustrative=illustrative)
    assert_grants(reader.lists("/reports/sustainability/", "Each grant"), found, hides=hides, sheet=False)
    assert_grants(sheets["Grants"], found, hides=hides, sheet=True)


def to_the_pound(line: dict[str, Any]) -> dict[str, Any]:
    """A line as the page has it: its pounds a year to the pound."""
    pounds = line["Pounds a year"]
    return line | {"Pounds a year": None if pounds is None else round(pounds)}


def assert_grants(rows: Rows, found: list[oracle.Ending], *, hides: bool, sheet: bool) -> None:
    """Each grant with its end, people, level, pounds a year and latest safe date; two may be alike."""
    expected: dict[tuple[Any, ...], list[Any]] = {}
    for one in found:
        level = LEVELS[one.level] if one.level else EARLY[one.uncovered == 0]
        if level == EARLY[True] and one.caseload == 0:
            level = "nobody supported any more"
        pounds = one.pounds if sheet or one.pounds is None else round(one.pounds)
        key = (one.grant.title.strip(), one.ends_on, pounds, one.new_round_by, level)
        expected.setdefault(key, []).append(people_of(one, sheet=sheet))
    assert len(rows) == len(found)
    for row in rows:
        key = key_of(row, sheet=sheet)
        shown = row["Left without support"]
        if hides and str(shown).startswith(HIDDEN):
            # Which of its kind it was is not said: any that is left, or might be.
            assert any(str(people).split(" ")[0] not in ("0", "None") for people in expected[key]), key
        else:
            assert shown in expected[key], (key, shown)
            expected[key].remove(shown)
            number = str(shown).split(" ")[0].replace(",", "")
            assert not hides or number in ("None", "0") or int(number) > 5, key
    assert hides or not any(expected.values())


def people_of(one: oracle.Ending, *, sheet: bool) -> Any:
    """What the cell of an officer says."""
    if one.uncovered is not None and one.unit == "children" and not sheet:
        return f"{one.uncovered:,} children"
    return one.uncovered


def key_of(row: dict[str, Any], *, sheet: bool) -> tuple[Any, ...]:
    """What tells one row from another, whoever reads it."""
    safe = row["Latest safe date"]
    return (
        str(row["Grant"]).split(" · ")[0].strip(),
        row["Ends"] if sheet else date_of(row["Ends"]),
        row["Pounds a year"],
        safe if sheet else date_of(str(safe).split(" · ")[0]),
        row["Level"] if sheet else str(row["Level, and what would clear it"]).split(" · ")[0],
    )


LEVELS = {
    "watch": "Watch",
    "high": "High",
    "critical": "Critical",
    "fallen": "Ended: support not confirmed",
}
EARLY = {True: "everybody covered", False: "no flag yet"}


def date_of(words: str) -> date:
    """21 November 2026 as a date."""
    day, month, year_words = words.split()
    return date(int(year_words), oracle.MONTHS.index(month) + 1, int(day))


def assert_scrutiny(facts: Facts, reader: Reader, *, illustrative: bool) -> None:
    """The second resolution in counts, its state, and the answer of each grant behind it."""
    counts, critical = oracle.speed(facts, illustrative=illustrative)
    response = reader.page("/reports/scrutiny/")
    block = response.context["blocks"][1]
    settled = counts["within"] + counts["past"]
    cannot = counts["untracked"] + counts["not_known"]
    scope = sum(counts.values()) - counts["left_out"]
    assert block.state == oracle.colour(counts, critical)
    figures = [figure for figure, _ in block.figures]
    assessed = settled + counts["not_yet"] + counts["not_due"]
    assert figures == [
        (f"{counts['within']} of {settled}" if settled else "none yet") if assessed else "not known",
        f"{critical}" if assessed else "not known",
        f"{cannot} of {scope}",
    ]
    page = response.content.decode()
    assert all(figure in page for figure in figures)
    sheets = sheets_of(reader.page("/reports/scrutiny/?download=xlsx").getvalue())
    answers = [row for row in sheets["Answers"] if row["Resolution"] == 2]
    assert [row["Answer"] for row in answers if row["What"] == "State"] == [block.state]
    in_sheet = {row["Reference"]: row["Answer"] for row in sheets["Resolution 2"]}
    expected = {
        grant.ref: oracle.answer(grant, facts)
        for grant in oracle.in_register(facts, illustrative=illustrative)
    }
    assert {ref: ANSWERS[words] for ref, words in in_sheet.items()} == expected
    assert_lists(reader, expected)


def assert_lists(reader: Reader, expected: dict[str, str]) -> None:
    """The register lists just the grants behind each figure of the second resolution."""
    asked = {
        "applies": set(ANSWERS.values()) - {"left_out"},
        "within": {"within"},
        "past": {"past"},
        "unknown": {"untracked", "not_known"},
    }
    for standard, answers in asked.items():
        sheets = sheets_of(reader.page(f"/grants/?standard={standard}&download=xlsx").getvalue())
        behind = {ref for ref, answer in expected.items() if answer in answers}
        assert {row["Reference"] for row in sheets["Rows"]} == behind, standard


ANSWERS = {
    "paid within the standard": "within",
    "past the standard": "past",
    "not paid yet, within the standard": "not_yet",
    "no valid claim yet": "not_due",
    "cannot be assessed: a date is not known": "not_known",
    "cannot be assessed: not tracked": "untracked",
    "left out: withdrawn, closed unpaid, not approved, or decided later": "left_out",
}


def assert_both(on: date, *, registers: tuple[bool, ...]) -> None:
    """Both reports, for an officer and for scrutiny, on the registers named."""
    facts = facts_of(on)
    officer = (
        User.objects.filter(role="commissioner", is_active=True).exclude(email__endswith="system").first()
    )
    scrutiny = User.objects.filter(role="scrutiny").first()
    assert officer is not None
    assert scrutiny is not None
    for illustrative in registers:
        for who, hides in ((officer, False), (scrutiny, True)):
            reader = Reader(who, on, illustrative=illustrative)
            assert_sustainability(facts, reader, illustrative=illustrative, hides=hides)
        assert_scrutiny(facts, Reader(scrutiny, on, illustrative=illustrative), illustrative=illustrative)


@pytest.mark.parametrize("on", YEAR_DAYS, ids=str)
def test_the_illustrative_year(on: date, year: str) -> None:
    assert_both(on, registers=(True, False))


@pytest.mark.parametrize("seed", SEEDS)
def test_random_registers(seed: int) -> None:
    looks = write_random_register(seed, n=80)
    make_people()
    if ClosureDay.objects.exists():
        rebuild()
    assert_both(looks[seed % len(looks)], registers=(True, False))


def test_the_places_where_endings_meet(year: str) -> None:
    """Each place of the page is one that the oracle names, with the people of the grants that end there together."""
    on = YEAR_DAYS[0]
    facts = facts_of(on)
    found = {one.grant.ref: one for one in oracle.endings(facts, illustrative=True)}
    commissioner = User.objects.get(email="commissioner@example.org")
    response = Reader(commissioner, on, illustrative=True).page("/reports/sustainability/")
    rows = by_first(tables_of(response.content.decode())["Places where endings meet"])
    assert rows
    places = dict(response.context["found"].places)
    for place in places:
        these = [found[ref] for ref in place.refs]
        expected = to_the_pound(oracle.line(these))
        line = {key.removesuffix(" left without support"): cell for key, cell in rows[place.name].items()}
        assert {key: line.get(key, 0) for key in expected} == expected
        at = set.intersection(*(places_of(one.grant) for one in these))
        assert at, place.name
    assert len(places) == len(expected_places(facts))


def expected_places(facts: Facts) -> set[str]:
    """The places that the flags' own oracle names."""
    return {
        place
        for place in chain.from_iterable(places_of(grant) for grant in facts.grants)
        if oracle_is_cluster(place, facts)
    }


def oracle_is_cluster(place: str, facts: Facts) -> bool:
    """Whether endings of the illustrative register meet there."""
    grants = [grant for grant in oracle.in_register(facts, illustrative=True) if place in places_of(grant)]
    return is_cluster(grants, facts.on)


def test_the_sentence_says_what_the_table_says(year: str) -> None:
    response = Reader(
        User.objects.get(email="commissioner@example.org"), YEAR_DAYS[0], illustrative=True
    ).page("/reports/sustainability/")
    lines = oracle.by_when(oracle.endings(facts_of(YEAR_DAYS[0]), illustrative=True), YEAR_DAYS[0])
    first, second, third, together, _ = lines.values()
    assert response.context["answer"] == (
        f"If nothing is decided, support ends for {first['Families']} families and "
        f"{first['Children and young people']} children and young people by 31 March 2027, for "
        f"{second['Families']} more families by 31 August 2027 and for {third['Families']} more families "
        "by 21 November 2027; "
        f"for {together['Number not known (grants)']} grant the number of families is not known."
    )
    workbook = Reader(
        User.objects.get(email="commissioner@example.org"), YEAR_DAYS[0], illustrative=True
    ).page("/reports/sustainability/?download=xlsx")
    assert about_of(workbook.getvalue())["Answer"] == response.context["answer"]
