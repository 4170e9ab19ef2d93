"""The published register in the database: as the file of facts has it, untracked, loaded once."""

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.errors import ActionRefused
from core.models import User
from grants.imports.published import read_published_register
from grants.models import Fund, FundingAward, FundingAwardYear, Grant, Instalment, Outcome, Payment, Round
from grants.operations.published import load_published_register
from providers.models import Organisation
from tests.factories import make_fund
from tests.histories import untold

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FILE = Path(__file__).parents[2] / "grants/data/published_register.json"
FACTS: dict[str, Any] = json.loads(FILE.read_text("utf-8"))


def load() -> str:
    out = StringIO()
    call_command("load_published_register", stdout=out)
    return out.getvalue()


@pytest.fixture
def said() -> str:
    """The places and then the register, loaded; what the command said."""
    call_command("load_places", stdout=StringIO())
    return load()


@pytest.mark.usefixtures("said")
def test_every_record_says_who_loaded_it() -> None:
    assert untold() == []


def test_twelve_projects_one_consortium_and_its_ten_schools(said: str) -> None:
    assert "17 grants" in said
    assert Grant.objects.filter(fund__code="CSF").count() == 12
    consortium = Grant.objects.get(fund__code="MFMSMC")
    assert consortium.lead_provider is None
    assert consortium.partnerships.filter(role="school").count() == 10
    assert consortium.partnerships.filter(role="partner").count() == 3
    assert Outcome.objects.filter(fund__code="CSF", is_mandatory=True).count() == 1
    assert Outcome.objects.filter(fund__code="CSF", is_mandatory=False).count() == 11


@pytest.mark.usefixtures("said")
def test_every_grant_stands_as_the_file_has_it() -> None:
    names = {o["key"]: o["name"] for o in FACTS["organisations"]}
    awards = {a["key"]: a["ref"] for a in FACTS["funding_awards"]}
    for facts in FACTS["grants"]:
        grant = Grant.objects.get(ref=facts["ref"])
        for column in (
            "title",
            "award_type",
            "purpose",
            "amount_awarded",
            "decided_about",
            "starts_about",
            "ends_about",
        ):
            assert getattr(grant, column) == facts[column], (facts["ref"], column)
        for role in ("lead_provider", "commissioner", "payer"):
            organisation = getattr(grant, role)
            assert (organisation.name if organisation else None) == names.get(facts[role]), (
                facts["ref"],
                role,
            )
        award = grant.funding_award.ref if grant.funding_award else None
        assert award == awards.get(facts["funding_award"]), facts["ref"]
        assert grant.fund.code == facts["fund"]
        assert set(grant.localities.values_list("name", flat=True)) == set(facts["localities"])
        assert grant.summary.startswith(facts["summary"])
        assert (facts["note"] or "") in grant.summary
        assert facts["source"]["where"] in grant.source


@pytest.mark.usefixtures("said")
def test_all_of_it_is_untracked_real_and_undated() -> None:
    for grant in Grant.objects.all():
        assert grant.tracked_from is None
        assert not grant.fund.is_illustrative
        dates = (grant.decided_on, grant.planned_start, grant.planned_end, grant.ends_on, grant.first_paid_on)
        assert dates == (None,) * 5
        assert (grant.decision, grant.amount_awarded, grant.amount_disbursed_undated) == (None, None, None)
    assert not Payment.objects.exists()
    assert not Instalment.objects.exists()
    assert not Organisation.objects.filter(is_illustrative=True).exists()


@pytest.mark.usefixtures("said")
def test_the_one_sum_is_what_the_council_received() -> None:
    sums = dict(FundingAward.objects.exclude(total_amount=None).values_list("ref", "total_amount"))
    assert sums == {"FA-MFMSMC-DFE": Decimal("300000.00")}
    years = list(FundingAwardYear.objects.values_list("award__ref", "financial_year", "amount"))
    assert years == [("FA-DA-TRAINING-PCC", 2023, None)]
    everything = " ".join(Grant.objects.values_list("summary", flat=True))
    assert "900" not in everything


@pytest.mark.usefixtures("said")
def test_an_unknown_kind_stays_unknown_and_notes_are_kept() -> None:
    unknown = {o["name"] for o in FACTS["organisations"] if o["kind"] == "unknown"}
    assert set(Organisation.objects.filter(kind=None).values_list("name", flat=True)) == unknown
    for facts in FACTS["funding_awards"]:
        assert facts["note"] in FundingAward.objects.get(ref=facts["ref"]).conditions
    (window,) = Round.objects.all()
    assert (window.announced_on, window.closes_on.isoformat()) == (None, "2025-10-12")
    assert Fund.objects.get(code="CSF").published_name == "Safer Communities Fund"


@pytest.mark.usefixtures("said")
def test_a_second_run_changes_nothing_and_says_so() -> None:
    before = _everything()
    assert load() == "Published register: nothing changed, everything in it was here already.\n"
    assert _everything() == before


def _everything() -> list[list[dict[str, Any]]]:
    models = (Organisation, FundingAward, FundingAwardYear, Fund, Outcome, Round, Grant, Grant.history.model)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


@pytest.mark.usefixtures("said")
def test_what_the_council_has_added_since_is_left_alone() -> None:
    Grant.objects.filter(ref="CSF-2023-01").update(amount_awarded=Decimal(40_000), title="Their own title")
    Grant.objects.get(ref="CSF-2023-02").delete()
    assert load() == (
        "Published register: created 1 grant.\n"
        "Left as they are: 36 organisations, 7 funding awards, 6 funds, 1 round, 16 grants.\n"
    )
    grant = Grant.objects.get(ref="CSF-2023-01")
    assert (grant.amount_awarded, grant.title) == (Decimal(40_000), "Their own title")


@pytest.mark.usefixtures("said")
def test_the_history_says_where_it_came_from() -> None:
    entry = Grant.objects.get(ref="LEEDS-01").history.get()
    assert entry.history_change_reason == "Published facts loaded"
    assert entry.history_user.name == "published register"


def test_without_the_places_nothing_is_loaded() -> None:
    with pytest.raises(CommandError, match="load_places first"):
        load()
    assert not Grant.objects.exists()
    assert not Organisation.objects.exists()


def test_published_facts_never_join_an_illustrative_fund() -> None:
    call_command("load_places", stdout=StringIO())
    make_fund(code="CSF", is_illustrative=True)
    with pytest.raises(ActionRefused, match="belongs to illustrative data"):
        load_published_register(register=read_published_register(FACTS), by=User.objects.system("test"))
    assert not Grant.objects.exists()


def test_a_fact_that_no_column_takes_is_refused_rather_than_lost() -> None:
    (first, *others) = FACTS["funding_awards"]
    grown = FACTS | {"funding_awards": [first | {"told_about": "2023"}, *others]}
    with pytest.raises(ValueError, match="nothing here loads told_about"):
        read_published_register(grown)
