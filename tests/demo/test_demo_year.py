"""The illustrative year: something of everything, all of it fictional, the same for the same day."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Q
from django.test import override_settings

from core.models import Locality, Role, User
from demo.year.people import ORGANISATIONS, PASSWORD, SIGN_INS
from grants.models import (
    AwardType,
    Cover,
    Flag,
    FlagEvent,
    Fund,
    FundingAward,
    Grant,
    Instalment,
    Payment,
    PaymentKind,
    Purpose,
    Variation,
)
from grants.rules.levels import Level, Rule
from providers.models import Membership, Organisation
from tests.demo.conftest import DAY, run_demo
from tests.histories import untold

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("year")]


def flags() -> list[tuple[Any, ...]]:
    """The flags as people know them, with what they were judged on."""
    subjects = ("grant__ref", "round__ref", "funding_award__ref", "organisation__ref", "locality__slug")
    more = ("instalment__number", "instalment__grant__ref", "clock_stop__grant__ref", "facts")
    rows = Flag.objects.values_list("rule", "level", "opened_on", "cleared_on", *subjects, *more)
    return sorted(rows, key=str)


def illustrative() -> Any:
    return Grant.objects.in_register(illustrative=True)


def test_it_says_the_flags_and_the_sign_ins(year: str) -> None:
    assert f"Flags on {DAY}: {Flag.objects.standing().count()} stand" in year
    assert PASSWORD in year
    for sign_in in SIGN_INS:
        assert sign_in.email in year
        assert sign_in.email.endswith("@example.org")


def test_every_record_says_who_wrote_it_and_why() -> None:
    assert untold() == []


def test_one_sign_in_for_each_role_that_signs_in() -> None:
    roles = {user.role for user in User.objects.filter(is_active=True)}
    assert roles == {role.value for role in Role} - {Role.SYSTEM}
    assert User.objects.get(email="finance@example.org").check_password(PASSWORD)
    assert Membership.objects.count() == 2
    for membership in Membership.objects.select_related("organisation"):
        assert membership.organisation.grants_led.exists()


def test_a_second_run_changes_nothing() -> None:
    before = _state()
    said = run_demo()
    assert "Published register: nothing changed" in said
    assert "Illustrative year: nothing changed, 76 there." in said
    assert _state() == before


def _state() -> list[object]:
    tables = (Grant, Instalment, Payment, Cover, FlagEvent, User, Organisation, Locality, Grant.history.model)
    return [flags(), *([m._meta.label, m._default_manager.count()] for m in tables)]


def test_no_illustrative_organisation_has_a_published_name() -> None:
    published = set(Organisation.objects.filter(is_illustrative=False).values_list("name", flat=True))
    invented = set(Organisation.objects.filter(is_illustrative=True).values_list("name", flat=True))
    assert len(published) == 36
    assert invented == {name for _, name, _, _ in ORGANISATIONS}
    assert {name.casefold() for name in published}.isdisjoint(name.casefold() for name in invented)


def test_real_and_illustrative_share_nothing() -> None:
    side = F("fund__is_illustrative")
    for part in (
        "funding_award",
        "lead_provider",
        "payer",
        "commissioner",
        "localities",
        "partners",
        "round__fund",
    ):
        mixed = Grant.objects.filter(Q(**{f"{part}__isnull": False})).exclude(
            **{f"{part}__is_illustrative": side}
        )
        assert list(mixed.values_list("ref", flat=True)) == [], part
    assert not Fund.awards.through.objects.exclude(
        fund__is_illustrative=F("fundingaward__is_illustrative")
    ).exists()
    assert not Flag.objects.filter(is_illustrative=False).exists()


@pytest.mark.parametrize("rule", list(Rule))
def test_every_rule_raises_a_flag_that_stands(rule: Rule) -> None:
    assert Flag.objects.standing().filter(rule=rule.value).exists()


@pytest.mark.parametrize(
    ("rule", "levels"),
    [
        (Rule.SLOW_FIRST_PAYMENT, {Level.WATCH, Level.LATE, Level.CRITICAL}),
        (Rule.MONEY_MAY_GO_BACK, {Level.LATE, Level.CRITICAL}),
        (Rule.CLIFF_EDGE, {Level.WATCH, Level.HIGH, Level.CRITICAL, Level.FALLEN}),
    ],
)
def test_every_level_of_a_rule_is_there(rule: Rule, levels: set[Level]) -> None:
    assert set(Flag.objects.standing().filter(rule=rule.value).values_list("level", flat=True)) == levels


def test_flags_have_a_history() -> None:
    assert Flag.objects.filter(cleared_on__isnull=False).count() >= 5
    assert FlagEvent.objects.filter(kind="level").count() >= 5
    said = set(FlagEvent.objects.exclude(by__role=Role.SYSTEM).values_list("kind", flat=True))
    assert said == {"acknowledged", "dated", "noted", "snoozed", "reassigned"}


def test_endings_meet_in_northfield_and_at_the_school() -> None:
    standing = Flag.objects.standing().filter(rule=Rule.CLUSTER.value)
    assert standing.filter(locality__name="Northfield").exists()
    assert standing.filter(organisation__name="Meadow Lane Primary School").exists()


SOMETHING_OF_EVERYTHING = {
    "a reversal": lambda: Payment.objects.filter(kind=PaymentKind.REVERSAL),
    "a payment undone": lambda: illustrative().filter(payments__kind="reversal", first_paid_on=None),
    "a payment made again": lambda: illustrative().filter(
        payments__kind="reversal", first_paid_on__isnull=False
    ),
    "a recovery": lambda: Payment.objects.filter(kind=PaymentKind.RECOVERY),
    "an onward payment": lambda: illustrative().filter(onward_payments__isnull=False),
    "a receipt confirmed": lambda: Payment.objects.filter(receipt_confirmed_on__isnull=False),
    "waiting on the provider": lambda: illustrative().filter(
        clock_stops__waiting_on="provider", clock_stops__ended_on=None
    ),
    "waiting on the funder": lambda: illustrative().filter(
        clock_stops__waiting_on="funder", clock_stops__ended_on=None
    ),
    "a missing check": lambda: illustrative().filter(checks__result=None, checks__kind="safeguarding"),
    "new bank details": lambda: illustrative().filter(checks__changed_by__isnull=False, checks__result=None),
    "an unsigned agreement": lambda: illustrative().filter(
        agreement__issued_on__isnull=False, agreement__signed_on=None
    ),
    "an unmet condition": lambda: Instalment.objects.exclude(condition="").filter(condition_met_on=None),
    "a second approver": lambda: Instalment.objects.filter(
        amount__gt=F("grant__fund__second_approver_threshold"), authorised_on=None
    ),
    "on claim": lambda: Instalment.objects.filter(basis="on_claim"),
    "call-in": lambda: illustrative().filter(call_in_ends_on__isnull=False),
    "started unpaid": lambda: illustrative().filter(
        first_paid_on=None, tracked_from__isnull=False, planned_start__lt=DAY, withdrawn_on=None
    ),
    "paid after the start": lambda: illustrative().filter(first_paid_on__gt=F("planned_start")),
    "internal transfer": lambda: illustrative().filter(
        award_type=AwardType.INTERNAL_TRANSFER, payments__route="journal"
    ),
    "contract": lambda: illustrative().filter(award_type=AwardType.CONTRACT),
    "training": lambda: illustrative().filter(purpose=Purpose.TRAINING),
    "review": lambda: illustrative().filter(purpose=Purpose.REVIEW),
    "withdrawn unpaid": lambda: illustrative().filter(withdrawn_on__isnull=False, first_paid_on=None),
    "closed": lambda: illustrative().filter(closed_on__isnull=False),
    "untracked": lambda: illustrative().filter(
        tracked_from=None, amount_disbursed_undated__isnull=False, payments=None
    ),
    "no end date": lambda: illustrative().filter(ends_on=None),
    "children": lambda: illustrative().filter(returns__caseload_unit="children"),
    "extended": lambda: illustrative().filter(ends_on__gt=F("planned_end")),
    "covered": lambda: Cover.objects.filter(certainty="confirmed"),
    "only hoped for": lambda: Cover.objects.filter(certainty="hoped"),
    "notice given": lambda: illustrative().filter(notices__told="provider"),
    "funded by committing": lambda: FundingAward.objects.filter(
        is_illustrative=True, spent_means="committed"
    ),
    "funded by paying": lambda: FundingAward.objects.filter(is_illustrative=True, spent_means="paid"),
    "funded by spending": lambda: FundingAward.objects.filter(is_illustrative=True, spent_means="defrayed"),
}


@pytest.mark.parametrize("what", SOMETHING_OF_EVERYTHING)
def test_there_is_something_of_everything(what: str) -> None:
    assert SOMETHING_OF_EVERYTHING[what]().exists()


def test_enough_was_extended_to_tell_the_councils_own_durations() -> None:
    assert Variation.objects.filter(new_ends_on__isnull=False).count() >= 10


def test_covered_grants_that_end_raise_no_flag() -> None:
    for ref in ("RF-003", "RF-006", "SS-004"):
        assert not Flag.objects.standing().filter(grant__ref=ref).exists(), ref


def test_history_was_lived_in_order() -> None:
    """No record of a grant is written before its decision, and none after the day."""
    grant = Grant.objects.get(ref="RF-011")
    reasons = [
        (h.history_date.date(), h.history_change_reason) for h in grant.history.order_by("history_date")
    ]
    assert reasons[0] == (grant.decided_on, "Decision recorded")
    assert reasons[-1][1].startswith("The worker started late")
    assert all(day.isoformat() <= DAY for day, _ in reasons)


def test_it_never_runs_in_production() -> None:
    with override_settings(MODE="production"), pytest.raises(CommandError, match="never runs in production"):
        run_demo()


def test_it_does_not_go_back_in_time() -> None:
    with pytest.raises(CommandError, match="start again with an empty database"):
        run_demo("--on", "2026-11-20")


def test_the_year_adds_up_and_a_corrupted_date_is_found() -> None:
    out = StringIO()
    call_command("check_register", stdout=out)
    assert out.getvalue().endswith("Everything adds up.\n")
    Grant.objects.filter(ref="RF-001").update(first_paid_on=None)
    with pytest.raises(SystemExit):
        call_command("check_register", stdout=out)
    assert "grant:RF-001: first payment" in out.getvalue()


def test_what_a_grant_is_for_keeps_the_case_of_names() -> None:
    told = Grant.objects.filter(summary__startswith="Illustrative: ").values_list("title", "summary")
    assert told
    assert [title for title, summary in told if title not in summary] == []
