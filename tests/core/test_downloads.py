"""A list as CSV and JSON: the same rows as on screen, typed, in a stream, with nothing that a spreadsheet would run."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest

from core.web.downloads import ROWS_AT_ONCE, WRITERS, csv_file, json_file
from tests.conftest import ClientFor
from tests.factories import make_grant

HEADINGS = ["A", "B", "C", "D"]
ROWS = [
    ["=1+1", Decimal("4500.50"), date(2026, 11, 21), 3],
    ["@x", None, "−2", -2],
    ["+1, “é”", Decimal("7"), "-x", 0],
]


def read_csv(content: bytes) -> list[list[str]]:
    """The lines of a download."""
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def test_csv_keeps_text_as_text_and_numbers_as_numbers() -> None:
    response = csv_file("Things: all of them", [("As at", "today")], HEADINGS, ROWS)
    assert response["Content-Disposition"] == 'attachment; filename="things.csv"'
    assert read_csv(response.getvalue()) == [
        HEADINGS,
        ["'=1+1", "4500.50", "2026-11-21", "3"],
        ["'@x", "not known", "−2", "-2"],
        ["'+1, “é”", "7", "'-x", "0"],
    ]


def test_json_says_what_it_is_and_types_its_rows() -> None:
    response = json_file("Things: all of them", [("As at", "today")], HEADINGS, ROWS)
    found = json.loads(response.getvalue())
    assert (found["title"], found["about"]) == ("Things: all of them", {"As at": "today"})
    assert found["rows"] == [
        {"A": "=1+1", "B": 4500.5, "C": "2026-11-21", "D": 3},
        {"A": "@x", "B": None, "C": "−2", "D": -2},
        {"A": "+1, “é”", "B": 7, "C": "-x", "D": 0},
    ]
    assert json.loads(json_file("Nothing", [], HEADINGS, []).getvalue())["rows"] == []


@pytest.mark.parametrize("write", [csv_file, json_file])
def test_rows_are_drawn_as_they_are_sent(write: Any) -> None:
    drawn = 0

    def rows() -> Iterator[list[str]]:
        nonlocal drawn
        for number in range(10 * ROWS_AT_ONCE):
            drawn += 1
            yield [str(number)]

    stream = iter(write("Many", [], ["A"], rows()).streaming_content)
    for _ in range(4):
        next(stream)
    assert 0 < drawn <= 3 * ROWS_AT_ONCE
    assert len(b"".join(stream)) > 10 * ROWS_AT_ONCE
    assert drawn == 10 * ROWS_AT_ONCE


@pytest.mark.django_db
def test_the_register_comes_in_every_kind_as_on_screen(client_for: ClientFor) -> None:
    alpha = make_grant(title="Alpha", amount_awarded=Decimal(18000), ends_on=date(2027, 3, 31))
    make_grant(title="Beta")
    client = client_for("commissioner")
    page = client.get("/grants/").content.decode()
    assert all(f"?download={kind}" in page for kind in WRITERS)
    rows = read_csv(client.get("/grants/?download=csv&search=Alpha").getvalue())
    assert len(rows) == 2
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["Grant"], row["Reference"]) == ("Alpha", alpha.ref)
    assert (row["Awarded"], row["Ends"]) == ("18000.00", "2027-03-31")
    found = json.loads(client.get("/grants/?download=json&search=Alpha").getvalue())
    assert found["about"]["Filters"] == "Search or payment ref: Alpha"
    assert [(r["Grant"], r["Reference"], r["Awarded"]) for r in found["rows"]] == [
        ("Alpha", alpha.ref, 18000)
    ]
    assert client.get("/grants/?download=exe").headers["Content-Type"].startswith("text/html")
