"""One file that holds every trouble of published lists; what happens to each, and what is said of it."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from grants.models import Grant
from tests.grants.imports.lists import Cells, as_csv, as_json, as_workbook, cells

pytestmark = pytest.mark.django_db

# What the row says, and the column and sentence of its refusal; the identifier tells rows apart.
REFUSED: dict[str, tuple[Cells, str, str]] = {
    "no identifier": ({"id": ""}, "Identifier", "The grant has no identifier. Give each grant a number"),
    "no title": ({"title": ""}, "Title", "The grant has no title. Give it one."),
    "a name and a date of birth": (
        {"title": "Help for Ann Smithers, born 12/03/2015"},
        "Title",
        "Take it out of the title.",
    ),
    "dollars": ({"currency": "USD"}, "Currency", "Only pounds sterling (GBP) are taken."),
    "euro sign": ({"amount": "€500"}, "Amount Awarded", "The amount is not in pounds sterling."),
    "negative": ({"amount": "-500"}, "Amount Awarded", "The amount is below zero."),
    "unclear amount": ({"amount": "1.2m"}, "Amount Awarded", "This is not an amount. Enter pounds and pence"),
    "formula": ({"amount": "=1+1"}, "Amount Awarded", "This is not an amount. Enter pounds and pence"),
    "in 1900": ({"awarded": "1900-01-01"}, "Award Date", "1 January 1900 is not between 1980 and 2100."),
    "in 3000": (
        {"end": "3000-12-31"},
        "Planned Dates:End Date",
        "31 December 3000 is not between 1980 and 2100.",
    ),
    "no such day": ({"awarded": "31/02/2024"}, "Award Date", "This is not a date. Write it like 2024-03-31"),
    "month first": ({"awarded": "03/31/2024"}, "Award Date", "The month seems to stand first."),
    "two digits": ({"start": "01/04/24"}, "Planned Dates:Start Date", "The year has two digits."),
    "no fund": ({"programme": "", "funder": ""}, "Grant Programme:Title", "Nothing says which fund"),
}
TAKEN: dict[str, Cells] = {
    "plain": {},
    "uk date": {"awarded": "30/04/2024", "start": "01/06/2024", "end": "31 May 2025"},
    "excel day": {"awarded": "45412"},
    "pound sign": {"amount": "£12,500.00"},
    "open call y": {"open": "Y"},
    "no description": {"description": ""},
    "end before start": {"start": "2024-06-01", "end": "2000-12-31"},
    "duration": {"end": "", "months": "12"},
    "zero": {"amount": "0"},
    "person": {"org": "", "name": "", "person": "Ann Smithers", "title": "Grant to Ann Smithers"},
    "only a year": {"awarded": "2024", "start": "2024", "end": "2025-05"},
    "no currency": {"currency": ""},
    "no amount": {"amount": ""},
    "no recipient": {"org": "", "name": ""},
    "rounded": {"amount": "3333.3333"},
    "names somebody": {"description": "For Ann Smithers, born 12/03/2015"},
}
WARNED = {
    "end before start": (
        "Planned Dates:End Date",
        "The end is before the start, so neither is taken: a new grant has them as not known, one in the register "
        "keeps its own.",
    ),
    "zero": (
        "Amount Awarded",
        "The amount is zero. It is kept as zero: leave the cell empty if it is not known.",
    ),
    "no currency": ("Currency", "No currency is given: taken as pounds sterling."),
    "no amount": ("Amount Awarded", "No amount is given: it stays not known."),
    "no recipient": ("Recipient Org:Name", "No recipient is given: it stays not known."),
    "rounded": ("Amount Awarded", "Rounded to pence."),
    "names somebody": ("Description", "The description may identify somebody, so it is left out."),
}
BLANK = dict.fromkeys(cells(), "")


def row(name: str, changes: Cells) -> Cells:
    return cells(**{"id": f"360G-fairford-{name}".replace(" ", "-"), **changes})


def everything() -> list[Cells]:
    """Row 2 and on: what is taken, a blank one, one twice the same, once more with another amount, the refused."""
    taken = [row(name, changes) for name, changes in TAKEN.items()]
    twice = [row("plain", {}), row("plain", {"amount": "99"})]
    return [*taken, BLANK, *twice, *(row(name, changes) for name, (changes, _, _) in REFUSED.items())]


def run(path: Any, *options: str) -> tuple[dict[str, Any], str]:
    """The JSON document, and what was said on the way out."""
    out, said = io.StringIO(), ""
    try:
        call_command("import_grants", str(path), "--json", *options, stdout=out, stderr=io.StringIO())
    except CommandError as error:
        said = str(error)
    return json.loads(out.getvalue()), said


@pytest.fixture
def the_file(tmp_path: Any) -> Any:
    path = tmp_path / "everything.csv"
    path.write_bytes(as_csv(everything()))
    return path


def test_every_row_is_in_one_of_four(the_file: Any) -> None:
    document, said = run(the_file, "--skip-invalid")
    assert said == ""
    assert document["rows"] == len(everything()) - 1  # the blank one is no row
    assert document["created"] == len(TAKEN)
    assert (document["updated"], document["unchanged"]) == (0, 1)
    assert len(document["refused"]) == len(REFUSED) + 1
    assert document["written"] is True
    assert document["zero_amounts"] == 1
    assert document["individuals"] == 1
    assert document["ignored_columns"] == ["From An Open Call?"]


def test_each_refusal_says_where_and_what_to_do(the_file: Any) -> None:
    document, _ = run(the_file, "--skip-invalid")
    refused = {one["row"]: one for one in document["refused"]}
    first = 2 + len(TAKEN) + 1
    assert "Row 2 has the same identifier and says something else." in refused[first + 1]["message"]
    assert refused[first + 1]["column"] == "Identifier"
    for number, (changes, column, sentence) in enumerate(REFUSED.values(), start=first + 2):
        one = refused[number]
        assert sentence in one["message"]
        assert one["column"] == column
        if column in {"Amount Awarded", "Award Date"}:
            assert one["value"] == next(iter(changes.values()))


def test_each_warning_names_its_rows(the_file: Any) -> None:
    document, _ = run(the_file, "--skip-invalid")
    said = {(one["column"], one["message"]): one["rows"] for one in document["warnings"]}
    numbers = {name: number for number, name in enumerate(TAKEN, start=2)}
    assert {key: said[key] for key in WARNED.values()} == {WARNED[name]: [numbers[name]] for name in WARNED}
    assert set(said) == set(WARNED.values())


def test_what_stands_in_the_register_afterwards(the_file: Any) -> None:
    run(the_file, "--skip-invalid")
    stands = {
        str(g.source_id).removeprefix("360G-fairford-").replace("-", " "): g for g in Grant.objects.all()
    }
    assert set(stands) == set(TAKEN)
    plain = stands["plain"]
    assert (plain.amount_awarded, str(plain.decided_on)) == (12500, "2024-04-30")
    assert (str(plain.planned_start), str(plain.planned_end), str(plain.ends_on)) == (
        "2024-06-01", "2025-05-31", "2025-05-31",
    )  # fmt: skip
    for name in ("uk date", "excel day", "pound sign", "duration", "open call y"):
        grant = stands[name]
        assert [grant.amount_awarded, grant.decided_on, grant.planned_start, grant.ends_on] == [
            plain.amount_awarded, plain.decided_on, plain.planned_start, plain.ends_on,
        ], name  # fmt: skip
    wrong = stands["end before start"]
    assert (wrong.planned_start, wrong.planned_end, wrong.ends_on) == (None, None, None)
    assert stands["zero"].amount_awarded == 0
    assert stands["no amount"].amount_awarded is None
    assert stands["no recipient"].lead_provider is None
    assert stands["names somebody"].summary == ""
    year = stands["only a year"]
    assert (year.decided_about, year.starts_about, year.ends_about) == ("2024", "2024", "2025-05")
    assert (year.decision, year.decided_on, year.decided_by) == (None, None, None)


def test_nobody_s_name_is_kept(the_file: Any) -> None:
    run(the_file, "--skip-invalid")
    grant = Grant.objects.get(source_id="360G-fairford-person")
    assert grant.lead_provider is not None
    assert (grant.lead_provider.kind, grant.lead_provider.name) == ("individual", "Individual")
    assert (grant.title, grant.summary) == ("Grant to an individual: Fairford Community Fund", "")
    everywhere = [
        *Grant.objects.values(),
        *Grant.history.values(),
        *type(grant.lead_provider).objects.values(),
    ]
    assert "Smithers" not in str(everywhere)


def test_with_a_refused_row_nothing_is_written(the_file: Any) -> None:
    document, said = run(the_file)
    assert "rows cannot be taken, so nothing is imported." in said
    assert "--skip-invalid" in said
    assert Grant.objects.count() == 0
    assert document["written"] is False
    assert document["rows"] == sum(document[name] for name in ("created", "updated", "unchanged")) + len(
        document["refused"]
    )


def test_the_same_file_again_changes_nothing(the_file: Any) -> None:
    run(the_file, "--skip-invalid")
    before = list(Grant.history.values_list("history_id"))
    document, _ = run(the_file, "--skip-invalid")
    assert (document["created"], document["updated"], document["unchanged"]) == (0, 0, len(TAKEN) + 1)
    assert list(Grant.history.values_list("history_id")) == before


@pytest.mark.parametrize("form", [as_json, as_workbook])
def test_the_same_rows_in_another_form_say_the_same(form: Any, the_file: Any, tmp_path: Any) -> None:
    run(the_file, "--skip-invalid")
    other = tmp_path / "other"
    other.write_bytes(form(everything()))
    document, _ = run(other, "--skip-invalid")
    assert (document["created"], document["updated"], document["unchanged"]) == (0, 0, len(TAKEN) + 1)
    assert len(document["refused"]) == len(REFUSED) + 1


def test_several_faults_are_one_refused_row(tmp_path: Any) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv([row("x", {"amount": "lots", "awarded": "soon", "currency": "EUR"})]))
    document, _ = run(path)
    (one,) = document["refused"]
    assert (one["row"], document["rows"]) == (2, 1)
    assert "Amount Awarded, “lots”: This is not an amount." in one["message"]
    assert "Award Date, “soon”: This is not a date." in one["message"]
    assert one["column"] == "Currency"
