"""Rounds and funding awards, caseloads, plans with their cover, notices."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.errors import ActionRefused, NotAllowed, StaleVersion
from core.models import User
from grants.models import Cover, Grant, Notice, OutcomeReturn, Round, SustainabilityPlan
from grants.operations.endings import add_cover, change_cover, record_notice, record_plan
from grants.operations.funds import change_award, extend_round
from grants.operations.returns import record_caseload
from grants.queries.endings import ending_of, endings_of
from tests import factories as make
from tests.grants.operations.conftest import TODAY, fresh, last_history

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TOMORROW = date(2026, 11, 22)


def act(by: User, **entries: Any) -> dict[str, Any]:
    return {"by": by, "on": TODAY, **entries}


@pytest.fixture
def open_round() -> Round:
    """Announced on 9 November, closes on 30 November, decision due in January."""
    return make.make_round(
        announced_on=date(2026, 11, 9),
        opens_on=date(2026, 11, 9),
        closes_on=date(2026, 11, 30),
        decision_due_on=date(2027, 1, 8),
    )


def test_extending_a_round(open_round: Round, commissioner: User) -> None:
    form = {
        "closes_on": date(2026, 12, 21),
        "reason": "Too short",
        **act(commissioner, request_key=uuid.uuid4()),
    }
    done = extend_round(round=open_round, **form, version=1)
    assert (done.closes_on, done.decision_due_on, done.version) == (date(2026, 12, 21), date(2027, 1, 8), 2)
    assert last_history(done) == (commissioner, "Too short")
    assert extend_round(round=open_round, **form, version=1).version == 2
    with pytest.raises(StaleVersion):
        extend_round(round=open_round, **{**form, "request_key": uuid.uuid4()}, version=1)


def test_extending_past_the_decision_moves_it(open_round: Round, commissioner: User) -> None:
    form = {"round": open_round, "closes_on": date(2027, 1, 11), "reason": "Too short", **act(commissioner)}
    with pytest.raises(ActionRefused, match="due on 8 January 2027, before the new close") as refusal:
        extend_round(**form)
    assert refusal.value.field == "decision_due_on"
    assert extend_round(**form, decision_due_on=date(2027, 2, 1)).decision_due_on == date(2027, 2, 1)


@pytest.mark.parametrize(
    ("fields", "entries", "sentence"),
    [
        ({}, {"closes_on": date(2026, 11, 30)}, "a day after 30 November 2026"),
        ({}, {"reason": ""}, "Say why the round is extended"),
        ({"announced_on": TOMORROW}, {}, "not announced yet"),
        ({"closes_on": date(2026, 11, 20)}, {}, "A closed round cannot be extended"),
        ({"closes_on": None}, {}, "A closed round cannot be extended"),
    ],
)
def test_extending_refused(
    fields: dict[str, Any], entries: dict[str, Any], sentence: str, open_round: Round, commissioner: User
) -> None:
    Round.objects.update(**fields)
    with pytest.raises(ActionRefused, match=sentence):
        extend_round(
            round=open_round,
            **{"closes_on": date(2026, 12, 21), "reason": "Too short", **entries},
            **act(commissioner),
        )


def test_who_may_not_extend_a_round_nor_change_an_award(open_round: Round, people: make.People) -> None:
    award = make.make_award()
    for role in ("finance", "scrutiny", "provider"):
        with pytest.raises(NotAllowed):
            extend_round(
                round=open_round, closes_on=date(2026, 12, 21), reason="Too short", **act(people[role])
            )
        with pytest.raises(NotAllowed):
            change_award(award=award, spend_by=None, reason="Letter", **act(people[role]))


def test_changing_a_funding_award(commissioner: User) -> None:
    award = make.make_award()
    later = date(2028, 9, 30)
    done = change_award(
        award=award, spend_by=later, reason="Letter of 4 November", **act(commissioner, version=1)
    )
    assert (done.spend_by, done.closed_on) == (later, None)
    assert last_history(done) == (commissioner, "Letter of 4 November")
    with pytest.raises(StaleVersion):
        change_award(award=award, spend_by=later, reason="Letter", **act(commissioner, version=1))
    with pytest.raises(ActionRefused, match="Nothing changes"):
        change_award(award=award, spend_by=later, reason="Letter", **act(commissioner))
    with pytest.raises(ActionRefused, match="Enter the day by which"):
        change_award(award=award, spend_by=None, reason="Letter", **act(commissioner))
    with pytest.raises(ActionRefused, match="Say what the funder agreed"):
        change_award(award=award, spend_by=later, closed_on=TODAY, reason="", **act(commissioner))
    with pytest.raises(ActionRefused, match="in the future"):
        change_award(award=award, spend_by=later, closed_on=TOMORROW, reason="Letter", **act(commissioner))
    with pytest.raises(ActionRefused, match="when the award was made"):
        change_award(award=award, spend_by=date(2026, 3, 1), reason="Letter", **act(commissioner))
    form = act(commissioner, request_key=uuid.uuid4(), version=2)
    closed = change_award(award=award, spend_by=later, closed_on=TODAY, reason="Paid back", **form)
    assert closed.closed_on == TODAY
    assert change_award(award=award, spend_by=later, closed_on=TODAY, reason="Paid back", **form).version == 3
    with pytest.raises(ActionRefused, match="closed on 21 November 2026 already"):
        change_award(award=award, spend_by=later, reason="Letter", **act(commissioner))


def caseload(grant: Grant, by: User, **entries: Any) -> dict[str, Any]:
    values = {"period_to": date(2026, 11, 20), "caseload": 26, "caseload_unit": "families"}
    return {"grant": grant, **values, **act(by), **entries}


def test_a_provider_reports_who_is_supported(grant: Grant, provider: User) -> None:
    form = caseload(grant, provider, forecast_underspend=Decimal(500), spent_to_date=Decimal(2000))
    done = record_caseload(**form)
    assert (done.state, done.submitted_on, done.submitted_by) == ("submitted", TODAY, provider)
    assert (done.caseload, done.caseload_unit, done.forecast_underspend) == (26, "families", Decimal(500))
    assert last_history(done) == (provider, "Caseload recorded: 26 families")


def test_a_return_that_is_due_is_submitted(grant: Grant, provider: User) -> None:
    due = make.make_return(grant, state="due", period_to=date(2026, 11, 20))
    done = record_caseload(**caseload(grant, provider, version=1))
    assert (done.pk, done.state, done.version) == (due.pk, "submitted", 2)


def test_an_accepted_return_is_changed_by_the_council_only(grant: Grant, people: make.People) -> None:
    accepted = make.make_return(grant, state="accepted", period_to=date(2026, 11, 20))
    with pytest.raises(ActionRefused, match="This return was accepted"):
        record_caseload(**caseload(grant, people.provider))
    done = record_caseload(**caseload(grant, people.commissioner, caseload=20))
    assert (done.pk, done.state, done.caseload) == (accepted.pk, "accepted", 20)


@pytest.mark.parametrize(
    ("entries", "sentence", "field"),
    [
        ({"period_to": TOMORROW}, "in the future", "period_to"),
        ({"period_to": date(2026, 11, 1)}, "when the work was planned to start", "period_to"),
        ({"caseload": -1}, "Enter 0 or more", "caseload"),
        ({"caseload": 100_001}, "Enter 100,000 or fewer", "caseload"),
        ({"forecast_underspend": Decimal(18001)}, "The award is £18,000", "forecast_underspend"),
        ({"spent_to_date": Decimal("0.001")}, "pounds and pence", "spent_to_date"),
    ],
)
def test_caseloads_refused(
    entries: dict[str, Any], sentence: str, field: str, grant: Grant, provider: User
) -> None:
    with pytest.raises(ActionRefused, match=sentence) as refusal:
        record_caseload(**caseload(grant, provider, **entries))
    assert refusal.value.field == field
    assert not OutcomeReturn.objects.exists()


def test_caseloads_sent_twice_and_stale(grant: Grant, provider: User) -> None:
    form = caseload(grant, provider, request_key=uuid.uuid4(), version=0)
    assert record_caseload(**form) == record_caseload(**form)
    with pytest.raises(StaleVersion):
        record_caseload(**caseload(grant, provider, version=2))
    with pytest.raises(StaleVersion):
        record_caseload(**caseload(grant, provider, period_to=date(2026, 11, 10), version=1))


def test_what_was_reported_for_a_day_is_not_replaced_unseen(grant: Grant, people: make.People) -> None:
    """Nobody else changed anything: the form just did not show the return of that day."""
    made = record_caseload(**caseload(grant, people.provider, caseload_unit="children"))
    asked = r"^26 children and young people were reported for 20 November 2026 already\. Tick the box"
    with pytest.raises(ActionRefused, match=asked) as refusal:
        record_caseload(**caseload(grant, people.provider, caseload=9, version=0))
    assert refusal.value.field == "replaces"
    OutcomeReturn.objects.update(state="accepted")
    with pytest.raises(ActionRefused, match="This return was accepted"):
        record_caseload(**caseload(grant, people.provider, caseload=9, version=0))
    with pytest.raises(ActionRefused, match=asked):
        record_caseload(**caseload(grant, people.commissioner, caseload=9, version=0))
    assert record_caseload(**caseload(grant, people.commissioner, caseload=9, version=1)).pk == made.pk


def test_who_may_not_report(grant: Grant, people: make.People) -> None:
    for role in ("finance", "scrutiny", "other_provider"):
        with pytest.raises(NotAllowed):
            record_caseload(**caseload(grant, people[role]))
    Grant.objects.update(withdrawn_on=TODAY)
    with pytest.raises(ActionRefused, match="withdrawn"):
        record_caseload(**caseload(grant, people.provider))


def test_a_plan_is_recorded_and_changed(grant: Grant, commissioner: User) -> None:
    form = act(commissioner, request_key=uuid.uuid4(), version=0)
    plan = record_plan(grant=grant, summary="Schools carry on", **form)
    assert record_plan(grant=grant, summary="Schools carry on", **form) == plan
    assert (plan.recorded_on, last_history(plan)) == (TODAY, (commissioner, "Plan recorded"))
    changed = record_plan(
        grant=grant, summary="Hubs take over", reviewed_on=TODAY, **act(commissioner, version=1)
    )
    assert (changed.pk, changed.reviewed_on, changed.recorded_on) == (plan.pk, TODAY, TODAY)
    assert last_history(changed) == (commissioner, "Plan changed")
    with pytest.raises(StaleVersion):
        record_plan(grant=grant, summary="Other", **act(commissioner, version=1))
    with pytest.raises(StaleVersion):
        record_plan(grant=grant, summary="Other", **act(commissioner, version=0))
    with pytest.raises(ActionRefused, match="in a few words"):
        record_plan(grant=grant, summary=" ", **act(commissioner))
    with pytest.raises(ActionRefused, match="in the future"):
        record_plan(grant=grant, summary="Hubs", reviewed_on=TOMORROW, **act(commissioner))
    with pytest.raises(ActionRefused, match="when the plan was recorded"):
        record_plan(grant=grant, summary="Hubs", reviewed_on=date(2026, 11, 20), **act(commissioner))


def cover(by: User, **entries: Any) -> dict[str, Any]:
    values = {
        "kind": "named_service",
        "number": 26,
        "source": "Talk Community",
        "certainty": "confirmed",
        "confirmed_on": TODAY,
    }
    return {**values, **act(by), **entries}


def test_cover_counts_once_it_is_confirmed(grant: Grant, commissioner: User) -> None:
    make.make_return(grant)
    line = add_cover(grant=grant, **cover(commissioner, certainty="applied", confirmed_on=None))
    assert last_history(line) == (commissioner, "Cover added: Accepted by a named service: 26")
    assert ending_of(grant, TODAY).uncovered == 26
    line = change_cover(cover=line, **cover(commissioner, number=20, version=1))
    assert ending_of(grant, TODAY).uncovered == 6
    assert last_history(line) == (commissioner, "Cover changed: Accepted by a named service: 20")
    assert last_history(grant.plan) == (commissioner, "Plan begun with its first line of cover")
    assert grant.plan.recorded_on == TODAY
    change_cover(cover=line, **cover(commissioner, number=0))
    assert ending_of(grant, TODAY).uncovered == 26


@pytest.mark.parametrize(
    ("entries", "sentence", "field"),
    [
        ({"number": 0}, "Enter 1 or more", "number"),
        ({"source": ""}, "Name the funding or the service", "source"),
        ({"confirmed_on": None}, "the day on which it was confirmed", "confirmed_on"),
        ({"certainty": "hoped"}, "Only what is confirmed has a day", "confirmed_on"),
        ({"confirmed_on": TOMORROW}, "in the future", "confirmed_on"),
        ({"amount": Decimal(-1)}, "pounds and pence", "amount"),
        ({"source": "Ella Morgan of HR4 9AB"}, "beside a postcode", "source"),
    ],
)
def test_cover_refused(
    entries: dict[str, Any], sentence: str, field: str, grant: Grant, commissioner: User
) -> None:
    make.make_plan(grant)
    with pytest.raises(ActionRefused, match=sentence) as refusal:
        add_cover(grant=grant, **cover(commissioner, **entries))
    assert refusal.value.field == field
    assert not Cover.objects.exists()


def test_of_one_family_one_is_covered_at_most(grant: Grant, commissioner: User) -> None:
    make.make_return(grant, caseload=1)
    with pytest.raises(ActionRefused, match=r"^1 family is supported: at most 1 more can be covered\.$"):
        add_cover(grant=grant, **cover(commissioner, number=2))


def test_no_more_are_covered_than_are_supported(grant: Grant, commissioner: User) -> None:
    """One digit too many would say that nobody is left without support."""
    make.make_return(grant)
    line = add_cover(grant=grant, **cover(commissioner, number=20))
    with pytest.raises(ActionRefused, match=r"^26 families are supported: at most 6 more can be covered\.$"):
        add_cover(grant=grant, **cover(commissioner, number=7))
    hoped = add_cover(grant=grant, **cover(commissioner, number=7, certainty="hoped", confirmed_on=None))
    with pytest.raises(ActionRefused, match="at most 6 more"):
        change_cover(cover=hoped, **cover(commissioner, number=7))
    with pytest.raises(ActionRefused, match="at most 6 more"):
        change_cover(cover=line, **cover(commissioner, number=27))
    assert change_cover(cover=line, **cover(commissioner, number=26)).number == 26
    assert ending_of(grant, TODAY).uncovered == 0


def test_cover_counts_only_of_a_caseload_in_its_own_unit(grant: Grant, commissioner: User) -> None:
    """Twenty families are no twenty of the children whom the next return counts."""
    make.make_return(grant)
    line = add_cover(grant=grant, **cover(commissioner, number=20))
    assert (line.unit, ending_of(grant, TODAY).uncovered) == ("families", 6)
    make.make_return(grant, period_to=date(2026, 10, 31), caseload=40, caseload_unit="children")
    assert (ending_of(grant, TODAY).covered, ending_of(grant, TODAY).uncovered) == (0, 40)
    again = change_cover(cover=line, **cover(commissioner, number=38))
    assert (again.unit, ending_of(grant, TODAY).uncovered) == ("children", 2)


def test_cover_of_no_known_unit_counts_what_the_caseload_counts(grant: Grant, commissioner: User) -> None:
    line = add_cover(grant=grant, **cover(commissioner, number=20))
    make.make_return(grant, caseload=40, caseload_unit="children")
    assert (line.unit, ending_of(grant, TODAY).uncovered) == (None, 20)


def test_cover_that_stands_may_be_more_than_are_supported_now(grant: Grant, commissioner: User) -> None:
    """The caseload fell: what stands can be changed, but not raised."""
    make.make_return(grant)
    line = add_cover(grant=grant, **cover(commissioner))
    make.make_return(grant, period_to=date(2026, 10, 31), caseload=5)
    assert change_cover(cover=line, **cover(commissioner, number=25)).number == 25
    with pytest.raises(ActionRefused, match="5 families are supported: at most 0 more can be covered"):
        change_cover(cover=line, **cover(commissioner, number=26))


def test_cover_of_an_unknown_number_is_not_refused(grant: Grant, commissioner: User) -> None:
    assert add_cover(grant=grant, **cover(commissioner, number=400)).number == 400


def test_cover_sent_twice_and_stale(grant: Grant, commissioner: User) -> None:
    make.make_plan(grant)
    form = cover(commissioner, kind="finishes", source="", request_key=uuid.uuid4())
    line = add_cover(grant=grant, **form)
    assert add_cover(grant=grant, **form) == line
    with pytest.raises(StaleVersion):
        change_cover(cover=line, **cover(commissioner, version=5))
    with pytest.raises(ActionRefused, match="Enter 0 or more"):
        change_cover(cover=line, **cover(commissioner, number=-1))
    edit = cover(commissioner, request_key=uuid.uuid4(), version=1)
    change_cover(cover=line, **edit)
    assert change_cover(cover=line, **edit).version == 2


def test_a_notice_is_recorded_once_a_day(grant: Grant, commissioner: User) -> None:
    form = {"told": "provider", "told_on": TODAY, **act(commissioner, request_key=uuid.uuid4())}
    notice = record_notice(grant=grant, note="By letter", **form)
    assert record_notice(grant=grant, note="By letter", **form) == notice
    assert last_history(notice) == (commissioner, "Provider (written notice) told")
    with pytest.raises(ActionRefused, match="recorded already for that day"):
        record_notice(grant=grant, told="provider", told_on=TODAY, **act(commissioner))
    with pytest.raises(ActionRefused, match="in the future"):
        record_notice(grant=grant, told="families", told_on=TOMORROW, **act(commissioner))
    with pytest.raises(ActionRefused, match="when the grant was decided"):
        record_notice(grant=grant, told="provider", told_on=date(2026, 10, 8), **act(commissioner))
    assert Notice.objects.count() == 1


def test_who_may_not_plan(grant: Grant, people: make.People) -> None:
    line = make.make_cover(make.make_plan(grant))
    for role in ("finance", "scrutiny", "provider"):
        by = people[role]
        for operation in (
            lambda by=by: record_plan(grant=grant, summary="Hubs", **act(by)),
            lambda by=by: add_cover(grant=grant, **cover(by)),
            lambda by=by: change_cover(cover=line, **cover(by)),
            lambda by=by: record_notice(grant=grant, told="families", told_on=TODAY, **act(by)),
        ):
            with pytest.raises(NotAllowed):
                operation()
    assert SustainabilityPlan.objects.get().version == 1


def test_the_endings_of_a_page_take_one_query(django_assert_num_queries: Any) -> None:
    grants = [make.make_grant() for _ in range(3)]
    make.make_return(grants[0])
    make.make_return(grants[0], period_to=date(2026, 12, 31))
    make.make_cover(make.make_plan(grants[0]))
    make.make_return(grants[1], period_to=date(2026, 3, 31))
    with django_assert_num_queries(1):
        found = endings_of([grant.pk for grant in grants], TODAY)
    first, old, none = (found[grant.pk] for grant in grants)
    assert (first.caseload, first.unit, first.counted_on) == (26, "families", date(2026, 9, 30))
    assert (first.covered, first.uncovered) == (10, 16)
    assert (old.caseload, old.uncovered) == (26, None)
    assert (none.caseload, none.uncovered) == (None, None)
    assert fresh(grants[0]).ends_on == first.ends_on
