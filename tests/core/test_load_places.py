"""Places: Herefordshire's own file, another council's, and files that do not add up."""

import json
from copy import deepcopy
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.errors import ActionRefused
from core.models import Locality, User, Ward
from core.operations.places import load_places, read_places
from tests.histories import untold

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ELSEWHERE: dict[str, Any] = {
    "authority": {"code": "E00000001", "name": "Elsewhere"},
    "wards": [
        {
            "code": "E05000001",
            "name": "Upper Elsewhere",
            "lsoas": 2,
            "imd_mean_score": 12.345,
            "imd_lowest_decile": 3,
            "lsoas_in_most_deprived_fifth": 0,
            "children_in_income_deprivation": None,
        }
    ],
    "localities": [{"name": "Elsewhere town", "wards": ["E05000001"], "note": "The one ward."}],
}


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("load_places", *arguments, stdout=out)
    return out.getvalue()


def changed(path: str, value: object) -> dict[str, Any]:
    """The other council's file with one value changed; `path` like `wards.0.lsoas`."""
    document = deepcopy(ELSEWHERE)
    at: Any = document
    *way, last = path.split(".")
    for step in way:
        at = at[int(step)] if step.isdigit() else at[step]
    at[last] = value
    return document


def test_herefordshire_has_its_wards_and_localities_with_figures() -> None:
    assert "65 created" in run()
    assert (Ward.objects.count(), Locality.objects.count()) == (53, 12)
    assert set(Ward.objects.values_list("authority_code", flat=True)) == {"E06000019"}
    arrow = Ward.objects.get(code="E05009438")
    assert (arrow.name, arrow.imd_mean_score, arrow.imd_lowest_decile) == ("Arrow", Decimal("18.939"), 5)
    assert Locality.objects.get(slug="south-wye").wards.count() == 5
    assert Locality.objects.get(name="College Estate").wards.count() == 0
    assert not Ward.objects.filter(is_illustrative=True).exists()


def test_a_second_run_changes_nothing_and_says_so() -> None:
    run()
    before = list(Ward.objects.values()) + list(Locality.objects.values())
    assert run() == "Wards and localities: 0 created, 0 updated, 65 unchanged.\n"
    assert before == list(Ward.objects.values()) + list(Locality.objects.values())


def test_another_council_loads_its_own_beside_it(tmp_path: Path) -> None:
    run()
    file = tmp_path / "elsewhere.json"
    file.write_text(json.dumps(ELSEWHERE), encoding="utf-8")
    assert "2 created" in run(str(file))
    ward = Ward.objects.get(code="E05000001")
    assert ward.authority_code == "E00000001"
    assert ward.imd_mean_score == Decimal("12.345")
    assert ward.lsoas_in_most_deprived_fifth == 0, "nought was counted"
    assert ward.children_in_income_deprivation is None, "null is not known"
    assert Ward.objects.count() == 54


def test_a_new_figure_and_a_new_grouping_update_what_stands() -> None:
    by = User.objects.system("places file")
    load_places(places=read_places(ELSEWHERE), by=by)
    loaded = load_places(places=read_places(changed("wards.0.imd_lowest_decile", 2)), by=by)
    assert loaded == (0, 1, 1)
    assert Ward.objects.get().imd_lowest_decile == 2
    loaded = load_places(places=read_places(changed("localities.0.wards", [])), by=by)
    assert loaded == (0, 2, 0)
    assert Locality.objects.get().wards.count() == 0
    assert untold() == []
    assert [line.history_change_reason for line in Locality.history.order_by("history_id")] == [
        "Places file loaded. Wards: Upper Elsewhere, before: not known",
        "Places file loaded. Wards: not known, before: Upper Elsewhere",
    ]
    figures = Ward.history.order_by("history_id").values_list("imd_lowest_decile", "history_change_reason")
    assert list(figures) == [(decile, "Places file loaded") for decile in (3, 2, 3)]


def test_illustrative_places_never_take_the_place_of_real_ones() -> None:
    by = User.objects.system("places file")
    load_places(places=read_places(ELSEWHERE), by=by)
    invented = changed("wards.0.code", "ILL000001")
    invented["localities"][0]["wards"] = ["ILL000001"]
    load_places(places=read_places(invented), by=by, illustrative=True)
    real, other = Locality.objects.order_by("is_illustrative")
    assert (real.name, other.name) == ("Elsewhere town", "Elsewhere town")
    assert (real.is_illustrative, other.is_illustrative) == (False, True)
    assert real.wards.get().code == "E05000001"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("wards.0.imd_lowest_decile", 11, "Give 1 to 10, or null"),
        ("wards.0.lsoas", "2", "Give a whole number, or null"),
        ("wards.0.lsoas", -1, "Give a whole number, or null"),
        ("wards.0.imd_mean_score", "high", "Give a number, or null"),
        ("wards", [{"code": "E05000001"}], "lacks a field"),
        ("authority", None, "lacks a field"),
        ("localities.0.wards", ["E05000002"], "names wards that the file does not have: E05000002"),
        ("localities.0.note", "long " * 100, "shorten it"),
        ("wards", [*ELSEWHERE["wards"] * 2], "ward code more than once: E05000001"),
        ("localities.0.wards", ["E05000001"] * 2, "more than once: E05000001"),
    ],
)
def test_a_file_that_does_not_add_up_is_refused(path: str, value: object, said: str) -> None:
    with pytest.raises(ActionRefused) as refused:
        read_places(changed(path, value))
    assert said in refused.value.message


def test_a_file_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match="not a JSON document"):
        run(str(broken))
    with pytest.raises(CommandError, match="cannot be read"):
        run(str(tmp_path / "absent.json"))
    assert not Ward.objects.exists()
