"""`manage.py timing` over files as people keep them: what is read, what is refused, and in how much memory."""

import json
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from lifelines import KaplanMeierFitter

from grants.imports.waits import read_waits
from tests.rules.england import CALENDAR
from tests.rules.worked_tables import worked_table

ON = "2024-06-01"
KEYS = {"n", "waiting", "median", "p25", "p75", "p90", "low", "high", "longest_wait"}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of lines below its headings."""

    def make(*lines: str, headings: str = "Id,Start,End", encoding: str = "utf-8") -> Path:
        path = tmp_path / "waits.csv"
        path.write_bytes("\r\n".join([headings, *lines]).encode(encoding))
        return path

    return make


def timing(path: Path, *options: str, on: str = ON) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("timing", str(path), "--start", "Start", "--end", "End", "--on", on, *options, stdout=out)
    return out.getvalue()


def timing_json(path: Path, *options: str, on: str = ON) -> dict[str, Any]:
    """The document."""
    document: dict[str, Any] = json.loads(timing(path, "--json", *options, on=on))
    return document


def test_freireich_as_dates(write: Write) -> None:
    row = worked_table("timing-statistics", "How sure the median is")[0]
    lines = []
    for place, word in enumerate(row["weeks"].split()):
        weeks = int(word.rstrip("+"))
        # Whoever is still in remission started so many weeks before the day of judging.
        start = date(2024, 6, 1) - timedelta(days=weeks) if word.endswith("+") else date(2023, 1, 1)
        end = "" if word.endswith("+") else (start + timedelta(days=weeks)).isoformat()
        lines.append(f"{place},{start.isoformat()},{end}")
    found = timing_json(write(*lines))
    assert found.keys() >= KEYS
    assert {name: found[name] for name in KEYS} == {
        "n": 21, "waiting": 12, "median": 23, "p25": 13, "p75": None, "p90": None,
        "low": 13, "high": None, "longest_wait": 35,
    }  # fmt: skip
    assert found["cases"] == []
    words = timing(write(*lines))
    assert "21 cases on 1 June 2024; 12 still waiting, the longest 35 days." in words
    assert "23 days (95% interval 13 days to not reached)" in words


def test_dates_as_people_write_them(write: Write) -> None:
    path = write(
        "1,2024-01-01,08/01/2024",
        "2,1 Feb 2024,",
        "3,2024-03-01T09:00:00Z,n/a",
        "4,2024-05-01,2024-07-01",
        "",
        ",,",
        "5,2024-06-02,",
        "6,,2024-05-01",
        "7,2024,2024-05-01",
        "8,2024-05-01,2024-05-01,extra",
        "9,2024-05-31",
    )
    found = timing_json(path)
    assert (found["n"], found["waiting"], found["median"]) == (6, 4, None)
    assert found["cases"] == [
        {"duration": 0, "ended": True},
        {"duration": 1, "ended": False},
        {"duration": 7, "ended": True},
        {"duration": 31, "ended": False},
        {"duration": 92, "ended": False},
        {"duration": 121, "ended": False},
    ]
    assert found["left_out"] == {"not_begun": 1, "no_start": 1, "part_dates": 1}
    words = timing(path)
    assert "Too few for statistics (under 10), so each is listed, in days:" in words
    assert "  121 and still waiting" in words
    assert "Left out: 1 that begin after 1 June 2024." in words


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_files_as_programs_save_them(write: Write, encoding: str, between: str) -> None:
    headings = between.join(["Café", " start ", "END"])
    path = write(between.join(["é", "2024-01-01", "2024-01-08"]), headings=headings, encoding=encoding)
    assert timing_json(path)["cases"] == [{"duration": 7, "ended": True}]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["1,soon,"], "Row 2, Start, “soon”: This is not a date. Write it like 2024-03-31"),
        (["1,2024-01-01,", "2,2024-01-01,31/02/2024"], "Row 3, End, “31/02/2024”: This is not a date."),
        (
            ["1,2024-03-05,2024-03-01"],
            "Row 2, End, “2024-03-01”: it comes before Start (5 March 2024). Put one",
        ),
        (["1,01/02/24,"], "The year has two digits."),
        (["1,3000-01-01,"], "1 January 3000 is not between 1980 and 2100."),
    ],
)
def test_a_row_that_cannot_be_read_stops_everything(write: Write, lines: list[str], said: str) -> None:
    with pytest.raises(CommandError) as refused:
        timing(write(*lines))
    assert "Nothing was timed." in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("end", "said"), [("soon", "Row 2, End, “soon”: This is not a date."), ("", "calendar")]
)
def test_a_refusal_is_one_json_document_too(write: Write, end: str, said: str) -> None:
    on = ON if end else "2150-01-01"
    arguments = [write(f"1,2024-01-01,{end}"), "--start", "Start", "--end", "End", "--on", on, "--json"]
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("timing", *map(str, arguments), "--unit", "working-days", stdout=out)
    assert json.loads(out.getvalue()) == {"error": str(refused.value)}
    assert said in str(refused.value)


def test_every_bad_row_is_named_up_to_a_point(write: Write) -> None:
    with pytest.raises(CommandError) as refused:
        timing(write(*["1,soon,"] * 25))
    assert str(refused.value).count("“soon”") == 20
    assert "… and 5 more rows." in str(refused.value)


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        ("Id,Begun,End", "There is no column “Start”. The columns are: Id, Begun, End."),
        ("Start,start,End", "“Start” stands over 2 columns. Rename all but one."),
        ("", "There is no column “Start”. The columns are: none."),
    ],
)
def test_a_column_that_is_not_there(write: Write, headings: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        timing(write("2024-01-01,2024-01-01,2024-01-02", headings=headings))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        timing(tmp_path / "none.csv")


@pytest.mark.django_db
def test_working_days_come_from_the_calendar(write: Write) -> None:
    path = write("1,2024-03-28,2024-04-03", "2,2024-05-24,")
    found = timing_json(path, "--unit", "working-days", on="2024-05-28")
    assert found["unit"] == "working-days"
    # Easter between the first two dates; a Friday, then the bank holiday of 27 May.
    assert found["cases"] == [{"duration": 1, "ended": False}, {"duration": 2, "ended": True}]
    # The calendar holds every date that the file may have.
    assert timing_json(write("1,1980-01-01,2100-12-31"), "--unit", "working-days", on="2100-12-31")["n"] == 1
    with pytest.raises(CommandError, match="is not between 1980 and 2100"):
        timing(write("1,1979-12-31,"), "--unit", "working-days")


@pytest.mark.parametrize("seed", range(5))
def test_the_statistics_are_those_of_lifelines(write: Write, seed: int) -> None:
    random, on, lines, durations, ended = Random(seed), date(2024, 6, 1), [], [], []
    for place in range(200):
        start = on - timedelta(days=random.randrange(300))
        end = start + timedelta(days=random.randrange(200))
        is_told = random.random() < 0.9
        lines.append(f"{place},{start.isoformat()},{end.isoformat() if is_told else ''}")
        over = is_told and end <= on
        durations.append(((end if over else on) - start).days)
        ended.append(over)
    found = timing_json(write(*lines))
    fitted = KaplanMeierFitter().fit(durations, ended)
    median = float(fitted.median_survival_time_)
    assert found["median"] == (None if median == float("inf") else median)
    assert found["waiting"] == ended.count(False)


def rows_of_memory(path: Path, rows: int) -> int:
    """Bytes at the peak of reading a file of so many rows."""
    with path.open("w", encoding="utf-8") as file:
        file.write("Id,Start,End\n")
        for place in range(rows):
            start = date(2014, 1, 1) + timedelta(days=place % 3000)
            file.write(f"{place},{start},{start + timedelta(days=place % 90)}\n")
    tracemalloc.start()
    try:
        found = read_waits(path, start="Start", end="End", on=date(2024, 6, 1), between=CALENDAR.between)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(found.counts.values()) == rows
    return peak


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    small, large = (rows_of_memory(tmp_path / "big.csv", rows) for rows in (6_000, 60_000))
    assert large < small + 1_000_000
