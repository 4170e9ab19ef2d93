"""Files that funders have published: every row accounted for, a second time no change."""

import io
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from grants.models import Grant

pytestmark = [pytest.mark.django_db, pytest.mark.real_data]

FILES = (
    "funder-475.xlsx",
    "power-to-change-870.json",
    "trafford-council-vcse-grants-555.csv",
    "trafford-council-vcse-grants-555.json",
)


def folder() -> Path:
    return Path(os.environ["REAL_DATA"]) / "360giving"


def bring(name: str, *options: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import_grants", str(folder() / name), "--json", *options, stdout=out, stderr=io.StringIO())
    document: dict[str, Any] = json.loads(out.getvalue())
    assert document["rows"] == document["created"] + document["updated"] + document["unchanged"] + len(
        document["refused"]
    )
    return document


def four(document: dict[str, Any]) -> tuple[int, int, int, int]:
    return document["created"], document["updated"], document["unchanged"], len(document["refused"])


@pytest.mark.parametrize("name", FILES)
def test_every_row_and_again(name: str) -> None:
    rows = int(name.split(".")[0].split("-")[-1])
    assert four(bring(name, "--dry-run")) == (rows, 0, 0, 0)
    assert Grant.objects.count() == 0
    assert four(bring(name)) == (rows, 0, 0, 0)
    assert four(bring(name)) == (0, 0, rows, 0)
    assert Grant.objects.count() == Grant.history.count() == rows


@pytest.mark.parametrize("first", [2, 3])
def test_the_same_list_in_two_forms(first: int) -> None:
    bring(FILES[first])
    assert four(bring(FILES[5 - first])) == (0, 0, 555, 0)


def test_amounts_and_ends_are_those_of_the_files() -> None:
    for name in (FILES[0], FILES[1], FILES[3]):
        bring(name)
    assert Grant.objects.count() == 475 + 870 + 555
    stands = {grant.source_id: grant for grant in Grant.objects.select_related("lead_provider")}
    published = [*json_grants(FILES[1]), *json_grants(FILES[3])]
    for grant in published:
        assert stands[grant["id"]].amount_awarded == Decimal(str(grant["amountAwarded"])).quantize(
            Decimal("0.01")
        )
        dates = grant.get("plannedDates", [{}])[0]
        start, end = (dates.get(name, "")[:10] for name in ("startDate", "endDate"))
        if start and end and end < start:
            start = end = ""
        found = stands[grant["id"]]
        assert str(found.planned_start or "") == start
        if end or not start or "duration" not in dates:
            assert str(found.ends_on or "") == end, grant["id"]
    sheet = openpyxl.load_workbook(folder() / FILES[0], data_only=True).worksheets[0]
    for row in sheet.iter_rows(min_row=2, values_only=True):
        assert stands[row[0]].amount_awarded == Decimal(str(row[5])).quantize(Decimal("0.01"))
        assert str(stands[row[0]].decided_on) == str(row[6])[:10]


def json_grants(name: str) -> list[dict[str, Any]]:
    grants: list[dict[str, Any]] = json.loads((folder() / name).read_text())["grants"]
    return grants


def test_who_was_paid_as_a_person_has_no_name() -> None:
    bring(FILES[1])
    people = [
        g
        for g in json_grants(FILES[1])
        if g["recipientOrganization"][0].get("organisationType") == "Individual"
    ]
    assert len(people) == 2
    text = str([*Grant.objects.values(), *Grant.history.values()])
    for grant in people:
        stands = Grant.objects.select_related("lead_provider").get(source_id=grant["id"])
        assert stands.lead_provider is not None
        assert stands.lead_provider.kind == "individual"
        name = grant["recipientOrganization"][0]["name"]
        assert name not in str(type(stands.lead_provider).objects.values())
        assert name not in text
