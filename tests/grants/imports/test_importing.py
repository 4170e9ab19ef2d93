"""The import beside what stands: what it writes, what it leaves to people, and in how many queries."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import ActionRefused, NotAllowed
from core.models import User
from core.records import write
from grants.models import Fund, Grant
from grants.operations.imports import ImportSummary
from providers.models import Organisation, OrganisationIdentifier, ProbableDuplicate
from tests import factories as make
from tests.conftest import TODAY
from tests.grants.imports.lists import TITLES, Cells, as_csv, as_json, bring, cells, counts, many

pytestmark = pytest.mark.django_db


def bring_row(**changes: Any) -> ImportSummary:
    return bring(as_csv([cells(**changes)]), skip_invalid=True)


def the_grant() -> Grant:
    return Grant.objects.get(source_id="360G-fairford-1")


def by_hand(**changes: Any) -> None:
    """A person changes the grant."""
    grant = the_grant()
    for name, value in changes.items():
        setattr(grant, name, value)
    write(grant, by=make.somebody(), reason="Put right by hand")


def test_a_grant_with_all_that_its_row_says() -> None:
    assert counts(bring_row(applied="20000", disbursed="6000", charity="1999001", company="7597525")) == (
        1,
        0,
        0,
        0,
    )
    grant = the_grant()
    assert grant.ref == "360g-fairford-1"
    assert (grant.amount_awarded, grant.amount_applied_for, grant.amount_disbursed_undated) == (
        12500,
        20000,
        6000,
    )
    assert (grant.decision, grant.decided_by, grant.award_type) == (
        "approve",
        User.objects.system("import"),
        "grant",
    )
    assert (grant.tracked_from, grant.first_paid_on, grant.payments.count()) == (None, None, 0)
    assert (grant.fund.code, grant.fund.name) == ("fairford-community-fund", "Fairford Community Fund")
    assert grant.source == "Published by Fairford Council"
    provider = grant.lead_provider
    assert provider is not None
    assert (provider.name, provider.kind, provider.is_illustrative) == ("Meadow Lane Trust", "charity", False)
    assert [str(number) for number in provider.identifiers.all()] == ["GB-CHC-1999001", "GB-COH-07597525"]
    (history,) = grant.history.all()
    assert (history.history_change_reason, history.history_user) == (
        "Imported from grants.csv",
        User.objects.system("import"),
    )
    assert Fund.history.get().history_change_reason == "Imported from grants.csv"


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"amount": "13000"}, "amount_awarded", 13000),
        ({"title": "Winter club"}, "title", "Winter club"),
        ({"description": "More"}, "summary", "More"),
        ({"awarded": "2024-05-01"}, "decided_on", date(2024, 5, 1)),
        ({"end": "2025-06-30"}, "ends_on", date(2025, 6, 30)),
        ({"disbursed": "0"}, "amount_disbursed_undated", 0),
    ],
)
def test_what_differs_is_updated(change: Cells, field: str, value: Any) -> None:
    bring_row()
    assert counts(bring_row(**change)) == (0, 1, 0, 0)
    grant = the_grant()
    assert getattr(grant, field) == value
    assert grant.version == 2
    assert grant.history.count() == 2
    assert counts(bring_row(**change)) == (0, 0, 1, 0)


def test_another_fund_or_provider_is_an_update() -> None:
    bring_row()
    assert counts(bring_row(programme="Another fund", org="GB-CHC-1999002", name="Orchard Trust")) == (
        0,
        1,
        0,
        0,
    )
    grant = the_grant()
    assert (grant.fund.name, grant.lead_provider and grant.lead_provider.name) == (
        "Another fund",
        "Orchard Trust",
    )


def test_an_empty_cell_never_erases() -> None:
    bring_row()
    emptied = dict.fromkeys(("description", "amount", "awarded", "start", "end", "org", "name"), "")
    assert counts(bring_row(**emptied)) == (0, 0, 1, 0)
    assert counts(bring_row(awarded="2024", start="2024-06", end="2025")) == (0, 0, 1, 0)


def test_a_grant_that_went_to_a_person_after_all_keeps_no_description() -> None:
    said = {"title": "Help for Ann", "description": "New shoes for Ann"}
    bring_row(**said)
    person = {**said, "org": "", "name": "", "person": "Ann Smithers"}
    assert counts(bring_row(**person)) == (0, 1, 0, 0)
    grant = the_grant()
    assert (grant.title, grant.summary) == ("Grant to an individual: Fairford Community Fund", "")
    assert counts(bring_row(**person)) == (0, 0, 1, 0)
    by_hand(summary="Clothes for the winter")
    assert counts(bring_row(**person)) == (0, 0, 1, 0)
    assert the_grant().summary == "Clothes for the winter"


def test_a_whole_date_takes_the_place_of_a_month() -> None:
    bring_row(awarded="2024-04", start="2024", end="2025")
    assert the_grant().decision is None
    assert counts(bring_row()) == (0, 1, 0, 0)
    grant = the_grant()
    assert (grant.decided_about, grant.starts_about, grant.ends_about) == (None, None, None)
    assert (grant.decided_on, grant.decision, grant.planned_end) == (
        date(2024, 4, 30),
        "approve",
        date(2025, 5, 31),
    )


def test_what_a_person_filled_in_stays() -> None:
    bring_row(start="", end="")
    by_hand(planned_start=date(2024, 6, 1), purpose="direct_support", lead_officer=make.somebody())
    assert counts(bring_row(start="", end="")) == (0, 0, 1, 0)
    assert the_grant().planned_start == date(2024, 6, 1)


def test_what_a_person_changed_stays_while_the_file_says_what_it_said() -> None:
    bring_row()
    by_hand(amount_awarded=14000, title="The right title")
    assert counts(bring_row()) == (0, 0, 1, 0)
    assert the_grant().amount_awarded == 14000
    assert counts(bring_row(description="New words")) == (0, 1, 0, 0)
    grant = the_grant()
    assert (grant.amount_awarded, grant.title, grant.summary) == (14000, "The right title", "New words")
    assert counts(bring_row(description="New words")) == (0, 0, 1, 0)


def test_a_person_and_the_file_that_disagree_are_a_refused_row() -> None:
    bring_row()
    by_hand(amount_awarded=14000)
    summary = bring_row(amount="13000", title="New title")
    assert counts(summary) == (0, 0, 0, 1)
    (refused,) = summary.refused
    assert (refused.row, refused.column, refused.value) == (2, "Amount Awarded", "13000")
    assert (
        "Somebody has changed the amount awarded in the register since it was imported (£14,000)."
        in refused.message
    )
    assert the_grant().title == "Holiday club"


def test_a_grant_that_is_over_takes_nothing_more() -> None:
    bring_row()
    by_hand(closed_on=TODAY)
    assert counts(bring_row()) == (0, 0, 1, 0)
    summary = bring_row(title="New title")
    assert "closed in the register" in summary.refused[0].message


def test_terms_that_money_hangs_on_are_left_alone() -> None:
    bring(as_csv([cells()]), tracked_from=date(2024, 4, 1))
    make.make_instalment(the_grant())
    assert counts(bring_row(title="New title")) == (0, 1, 0, 0)
    for change in ({"amount": "1"}, {"end": "2025-06-30"}, {"awarded": "2024-05-01"}, {"programme": "Other"}):
        summary = bring_row(**{"title": "New title", **change})
        assert "Money is scheduled or paid on this grant" in summary.refused[0].message, change
    assert the_grant().amount_awarded == 12500


def test_dates_that_do_not_fit_together_are_refused() -> None:
    bring_row()
    summary = bring_row(start="2026-01-01", end="")
    assert (
        "the grant would end on 31 May 2025, before it starts on 1 January 2026" in summary.refused[0].message
    )


def test_tracking_is_for_new_grants_alone() -> None:
    bring_row()
    content = as_csv([cells(), cells(id="2")])
    assert counts(bring(content, tracked_from=date(2024, 4, 1))) == (1, 0, 1, 0)
    assert {g.source_id: g.tracked_from for g in Grant.objects.all()} == {
        "360G-fairford-1": None,
        "2": date(2024, 4, 1),
    }
    with pytest.raises(ActionRefused, match="in the future"):
        bring(content, tracked_from=date(2027, 1, 1))


def test_grants_decided_before_they_are_tracked_are_told_as_unpaid() -> None:
    rows = [
        cells(),
        cells(id="2", awarded="2024-05-01"),
        cells(id="3", awarded="2024"),
        cells(id="4", awarded=""),
    ]
    summary = bring(as_csv(rows), tracked_from=date(2024, 5, 1))
    assert summary.decided_before_tracking == 1
    (said,) = summary.as_json(remarks=())["remarks"]
    assert said.startswith(
        "1 grant was decided before 1 May 2024, from which it is tracked: until its payments are recorded here it "
        "counts as unpaid."
    )
    assert bring(as_csv(rows), tracked_from=date(2024, 5, 1)).remarks == [], "they stand, and were told"
    assert bring(as_csv([cells(id="5")])).remarks == [], "nothing is tracked"
    two = bring(as_csv([cells(id="6"), cells(id="7")]), tracked_from=date(2024, 5, 1), dry_run=True)
    assert two.remarks[0].startswith("2 grants were decided before 1 May 2024, from which they are tracked:")


def test_illustrative_records_are_never_touched() -> None:
    make.make_grant(source_id="360G-fairford-1")
    summary = bring_row()
    assert "belongs to an illustrative grant" in summary.refused[0].message
    OrganisationIdentifier.objects.create(
        organisation=make.make_organisation(), scheme="GB-CHC", value="1999001"
    )
    summary = bring_row(id="2")
    assert "illustrative register" in summary.refused[0].message
    make.make_fund(name="Fairford Community Fund", is_illustrative=True, code="fairford-community-fund")
    bring_row(id="3", org="GB-CHC-1999003")
    fund = Grant.objects.get(source_id="3").fund
    assert (fund.is_illustrative, fund.code) == (False, "fairford-community-fund-2")


def test_a_fund_by_its_code() -> None:
    fund = make.make_fund(code="csf", is_illustrative=False)
    bring(as_csv([cells()]), fund_code="csf")
    assert the_grant().fund == fund
    assert Fund.objects.count() == 1
    with pytest.raises(ActionRefused, match=r"There is no fund “cfs”. Give the code of a fund: csf\."):
        bring(as_csv([cells(id="2")]), fund_code="cfs")
    make.make_fund(code="made-up", is_illustrative=True)
    with pytest.raises(ActionRefused, match="illustrative"):
        bring(as_csv([cells(id="2")]), fund_code="made-up")
    assert Grant.objects.count() == 1


def test_a_fund_by_its_name_published_or_own() -> None:
    fund = make.make_fund(
        name="Community Safety Fund", published_name="Safer Communities Fund", is_illustrative=False
    )
    bring(
        as_csv(
            [cells(programme=" safer  communities FUND"), cells(id="2", programme="Community Safety Fund")]
        )
    )
    assert {grant.fund for grant in Grant.objects.all()} == {fund}
    make.make_fund(name="Community safety fund", is_illustrative=False)
    summary = bring_row(id="3", programme="Community Safety Fund")
    assert "More than one fund is called" in summary.refused[0].message


def test_without_a_programme_the_funder_is_the_fund() -> None:
    bring_row(programme="")
    assert the_grant().fund.name == "Fairford Council"


def test_a_row_without_a_programme_leaves_the_grant_in_its_fund() -> None:
    bring_row()
    assert counts(bring_row(programme="")) == (0, 0, 1, 0)
    assert counts(bring_row(programme="", funder="", title="New title")) == (0, 1, 0, 0)
    assert the_grant().fund.name == "Fairford Community Fund"
    assert Fund.objects.count() == 1
    given = make.make_fund(code="csf", is_illustrative=False)
    assert counts(bring(as_csv([cells(programme="", funder="")]), fund_code="csf")) == (0, 1, 0, 0)
    assert the_grant().fund == given


def test_a_column_that_the_file_does_not_have_is_called_as_in_the_standard() -> None:
    headings = {name: title for name, title in TITLES.items() if name not in {"programme", "funder_id"}}
    summary = bring(as_csv([cells(funder="", start="soon")], headings=headings), skip_invalid=True)
    assert summary.refused[0].column == "Planned Dates:Start Date"
    summary = bring(as_csv([cells(funder="")], headings=headings), skip_invalid=True)
    assert summary.refused[0].column == "Grant Programme:Title"
    summary = bring(as_json([cells(), cells(id="2", amount="", currency="")]))
    assert {remark.column for remark in summary.warned} == {"Amount Awarded", "Currency"}


def test_references_stay_apart() -> None:
    ids = ["A/1", "a-1", "A 1", "é", "ü", "x" * 190, "x" * 191]
    bring(as_csv([cells(id=one) for one in ids]))
    refs = set(Grant.objects.values_list("ref", flat=True))
    assert len(refs) == len(ids)
    assert "a1" in refs
    assert counts(bring(as_csv([cells(id=one) for one in ids]))) == (0, 0, len(ids), 0)


def test_who_may() -> None:
    for role in ("finance", "scrutiny", "provider"):
        with pytest.raises(NotAllowed):
            bring(as_csv([cells()]), by=make.make_user(role))
    commissioner = make.make_user("commissioner")
    bring(as_csv([cells()]), by=commissioner)
    grant = the_grant()
    assert grant.history.get().history_user == commissioner
    assert grant.decided_by == User.objects.system("import")


def everything_written() -> list[int]:
    models = (Grant, Grant.history.model, Fund, Organisation, OrganisationIdentifier, ProbableDuplicate, User)
    return [model._default_manager.count() for model in models]


def test_a_dry_run_writes_nothing_and_says_the_same() -> None:
    before = everything_written()
    content = as_csv([cells(), cells(id="2", name="Other", org=""), cells(id="3", amount="-1")])
    dry = bring(content, dry_run=True, skip_invalid=True)
    assert everything_written() == before
    assert not dry.written
    real = bring(content, skip_invalid=True)
    assert counts(dry) == counts(real) == (2, 0, 0, 1)
    assert dry.organisations_created == real.organisations_created == 2
    assert everything_written() != before


def test_a_refused_row_leaves_nothing_behind() -> None:
    bring_row()
    by_hand(lead_provider=make.make_organisation(is_illustrative=False))
    before = everything_written()
    assert counts(bring_row(org="GB-CHC-1999077", name="Somebody else")) == (0, 0, 0, 1)
    assert everything_written() == before


def test_a_failure_half_way_leaves_nothing() -> None:
    def fails(summary: ImportSummary) -> None:
        raise RuntimeError("the machine stops")

    before = everything_written()
    with pytest.raises(RuntimeError):
        bring(as_csv(list(many(1_200))), finish=fails)
    assert everything_written() == before


def queries_for(count: int, **options: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        bring(as_csv(list(many(count))), **options)
    return len(captured)


def test_the_number_of_queries_hangs_on_batches_not_on_rows() -> None:
    first = {count: queries_for(count, dry_run=True) for count in (1, 500, 1_000, 1_500)}
    per_batch = first[1_000] - first[500]
    assert first[1_500] - first[1_000] == per_batch  # every further batch costs the same
    # One INSERT holds as many rows as the database takes parameters: on SQLite a batch needs several.
    assert per_batch <= (60 if connection.vendor == "sqlite" else 15)
    bring(as_csv(list(many(1_000))))
    again = {count: queries_for(count) for count in (500, 1_000)}
    assert again[1_000] - again[500] <= 4
    changed = as_csv(list(many(1_000, title="Another title")))
    with CaptureQueriesContext(connection) as captured:
        assert counts(bring(changed)) == (0, 1_000, 0, 0)
    assert len(captured) <= (300 if connection.vendor == "sqlite" else 60)
