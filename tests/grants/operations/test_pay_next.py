"""What to pay next: the database's cut agrees with the pure rule, and the most harm comes first."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.calendar import working_days
from core.models import User
from grants.models import Grant, Instalment, OutcomeReturn, Payment
from grants.operations.payments import record_payment
from grants.queries.blocking import block_case_of, blockers_by_instalment
from grants.queries.due import due_instalments, with_readiness
from grants.queries.ledger import ledger_lines
from grants.queries.paid import paid_lately
from grants.queries.payments import pay_next
from grants.rules.blocking import blockers
from grants.rules.ledger import net_paid
from tests import factories as make
from tests.grants.operations.conftest import TODAY, pay

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAYS = [None, *(TODAY + timedelta(days=n) for n in (-40, -20, -1, 0, 1, 20))]


def random_instalment(chance: Random, funds: list[Any]) -> Instalment:
    """One instalment of a grant in any state that the record allows."""
    grant = make.make_grant(fund=chance.choice(funds))
    dates = [
        *sorted(chance.sample([d for d in DAYS if d], chance.choice([0, 1, 2, 3, 3, 3, 3, 3, 3]))),
        None,
        None,
        None,
    ]
    make.make_agreement(grant, issued_on=dates[0], signed_on=dates[1], countersigned_on=dates[2])
    for kind in ("safeguarding", "bank_details")[: chance.choice([0, 0, 0, 1, 2])]:
        result = chance.choice([None, "passed", "passed", "failed"])
        seen = {"result": result, "checked_on": date(2026, 10, 1)} if result else {"result": None}
        before = chance.choice(["agreement", "payment"])
        expires = chance.choice(DAYS) if result else None
        make.make_check(grant, kind=kind, needed_before=before, expires_on=expires, **seen)
    for _ in range(chance.choice([0, 0, 1])):
        start = chance.choice([d for d in DAYS if d])
        make.make_stop(
            grant, started_on=start, ended_on=chance.choice([None, start, start + timedelta(days=15)])
        )
    condition = chance.choice(["", "", "First report"])
    return make.make_instalment(
        grant,
        amount=chance.choice([None, Decimal(100), Decimal(9000)]),
        due_on=chance.choice(DAYS),
        condition=condition,
        condition_met_on=chance.choice(DAYS) if condition else None,
        basis=chance.choice(["in_advance", "in_advance", "on_claim"]),
        claim_valid_on=chance.choice(DAYS),
        **chance.choice([{}, {"authorised_by": make.somebody("finance"), "authorised_on": TODAY}]),
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_database_calls_ready_what_the_rule_calls_ready(seed: int, finance: User) -> None:
    chance = Random(seed)
    funds = [make.make_fund(), make.make_fund(second_approver_threshold=Decimal(1000))]
    instalments = [random_instalment(chance, funds) for _ in range(60)]
    due = due_instalments(finance, illustrative=True, on=TODAY)
    blocks = {i.pk: blockers(block_case_of(i.grant, i), TODAY) for i in instalments}
    assert set(due.values_list("pk", flat=True)) == set(blocks)
    called = dict(with_readiness(due, TODAY).values_list("pk", "is_ready"))
    ready = {pk for pk, is_ready in called.items() if is_ready}
    assert ready == {pk for pk, found in blocks.items() if not found}
    assert 0 < len(ready) < len(blocks)
    joined = list(Instalment.objects.select_related("grant__fund"))
    assert blockers_by_instalment(joined, TODAY) == blocks


def plain_instalment(chance: Random, funds: list[Any]) -> Instalment:
    """One that nothing blocks, due some time."""
    amount = chance.choice([None, Decimal(100), Decimal("250.10")])
    return make.make_instalment(
        ready_grant(fund=chance.choice(funds)), amount=amount, due_on=chance.choice(DAYS)
    )


def random_scene(chance: Random) -> None:
    """Instalments in any state, some paid in part or paid and reversed, of grants with caseloads old and new."""
    funds = [make.make_fund(), make.make_fund(second_approver_threshold=Decimal(1000))]
    for _ in range(40):
        instalment = chance.choice([random_instalment, plain_instalment])(chance, funds)
        grant = instalment.grant
        start = chance.choice([None, *(TODAY + timedelta(days=n) for n in (-200, -90, -20, 0, 30))])
        end = start + timedelta(days=chance.choice([0, 60, 300])) if start else None
        Grant.objects.filter(pk=grant.pk).update(planned_start=start, planned_end=end, ends_on=end)
        for period_to in chance.sample([date(2026, 3, 31), date(2026, 6, 30), date(2026, 12, 31)], 2):
            make.make_return(grant, period_to=period_to, caseload=chance.choice([None, 0, 4, 90]))
        if instalment.amount and chance.random() < 0.4:
            paid = {"instalment": instalment, "amount": Decimal("33.33"), "keep_dates": False}
            line = make.make_payment_row(grant, **paid)
            if chance.random() < 0.5:
                make.make_payment_row(grant, kind="reversal", reverses=line, reason="Twice", **paid)


@pytest.mark.parametrize("seed", range(3))
def test_the_most_harmful_are_those_of_the_rules_and_the_sums_those_of_the_lines(
    seed: int, finance: User
) -> None:
    random_scene(Random(seed))
    whole, cut = shown(finance, limit=1000), shown(finance, limit=5)
    for group, first in ((whole.ready, cut.ready), (whole.blocked, cut.blocked)):
        assert len(group.items) == group.count == first.count > 5
        assert [item.harm[:3] for item in first.items] == [item.harm[:3] for item in group.items[:5]]
        assert (first.total, first.not_known) == (group.total, group.not_known)
        assert group.total == sum(item.left for item in group.items if item.left is not None)
        assert group.not_known == sum(item.left is None for item in group.items)
    for item in (*whole.ready.items, *whole.blocked.items):
        counted = OutcomeReturn.objects.filter(
            grant__ref=item.ref, period_to__lte=TODAY, caseload__isnull=False
        )
        last = counted.order_by("period_to").last()
        assert (item.people, item.unit) == ((last.caseload, last.caseload_unit) if last else (None, None))
        lines = Payment.objects.filter(instalment=item.instalment_id)
        amount = Instalment.objects.get(pk=item.instalment_id).amount
        paid = sum(line.amount if line.kind == "payment" else -line.amount for line in lines)
        assert item.left == (None if amount is None else amount - paid)


def ready_grant(**fields: Any) -> Grant:
    grant = make.make_grant(**fields)
    make.make_agreement(grant)
    return grant


def shown(finance: User, **options: Any) -> Any:
    return pay_next(finance, **{"illustrative": True, "on": TODAY, "calendar": working_days(), **options})


def test_most_harm_comes_first(finance: User) -> None:
    fund = make.make_fund()
    started = {"fund": fund, "planned_start": date(2026, 11, 2), "planned_end": date(2027, 8, 31)}
    long_ago = ready_grant(fund=fund, planned_start=date(2026, 10, 12), planned_end=date(2027, 1, 31))
    few, many, unknown = ready_grant(**started), ready_grant(**started), ready_grant(**started)
    later = ready_grant(fund=fund, planned_start=date(2027, 1, 4))
    make.make_return(few, caseload=3)
    make.make_return(many, caseload=30)
    for grant in (later, unknown, few, many, long_ago):
        make.make_instalment(grant)
    found = shown(finance).ready
    assert [item.ref for item in found.items] == [g.ref for g in (long_ago, many, few, unknown, later)]
    first = found.items[0]
    assert first.lost_share == pytest.approx(40 / 112)
    assert (found.items[1].people, found.items[1].unit, found.items[3].people) == (30, "families", None)
    assert first.over_standard_working_days == 10


def test_late_comes_before_due_and_people_count_once_they_wait(finance: User) -> None:
    fund = make.make_fund()
    due_on = {"soon": date(2026, 12, 19), "sooner": date(2026, 12, 1), "few": date(2026, 11, 2)}
    due_on |= {"many": date(2026, 11, 18), "today": TODAY}
    people = {"soon": 500, "sooner": 3, "few": 2, "many": 40, "today": 90}
    grants = {}
    for name, due in due_on.items():
        grants[name] = grant = ready_grant(fund=fund, planned_start=None)
        make.make_payment_row(grant, instalment=make.make_instalment(grant))
        make.make_return(grant, caseload=people[name])
        make.make_instalment(grant, due_on=due)
    found = shown(finance).ready.items
    names = {grant.ref: name for name, grant in grants.items()}
    assert [names[item.ref] for item in found] == ["many", "few", "today", "sooner", "soon"]
    assert [item.is_late for item in found] == [True, True, False, False, False]
    assert sorted(found, key=lambda item: item.harm)[:2] == list(found[:2])


@pytest.mark.parametrize(
    ("columns", "is_late"),
    [
        ({"due_on": date(2026, 11, 2)}, True),
        ({"due_on": None}, True),
        ({"due_on": date(2026, 11, 2), "condition": "Report"}, False),
        ({"due_on": date(2026, 11, 2), "condition": "Report", "condition_met_on": TODAY}, False),
        ({"due_on": date(2026, 11, 2), "condition": "Report", "condition_met_on": date(2026, 11, 3)}, True),
        ({"due_on": date(2026, 11, 2), "basis": "on_claim"}, False),
        ({"due_on": date(2026, 11, 2), "basis": "on_claim", "claim_valid_on": date(2026, 11, 9)}, True),
        ({"due_on": TODAY + timedelta(days=1)}, False),
    ],
)
def test_somebody_waits_once_it_could_have_been_paid(
    columns: dict[str, Any], is_late: bool, finance: User
) -> None:
    grant = ready_grant()
    make.make_instalment(grant, **columns)
    found = shown(finance)
    assert [item.is_late for item in (*found.ready.items, *found.blocked.items)] == [is_late]


def test_days_over_the_standard_decide_among_equals(finance: User) -> None:
    fund = make.make_fund(payment_standard_working_days=5)
    early = ready_grant(fund=fund, planned_start=None, decided_on=date(2026, 10, 1))
    late = ready_grant(fund=fund, planned_start=None, decided_on=date(2026, 10, 30))
    for grant in (late, early):
        make.make_instalment(grant, due_on=date(2026, 10, 1))
    found = shown(finance).ready.items
    assert [item.ref for item in found] == [early.ref, late.ref]
    assert [item.over_standard_working_days for item in found] == [32, 11]


def test_a_later_instalment_is_late_by_its_own_days(finance: User) -> None:
    grant = ready_grant()
    make.make_payment_row(grant, instalment=make.make_instalment(grant))
    make.make_instalment(grant, due_on=date(2026, 11, 12))
    item = shown(finance).ready.items[0]
    assert (item.is_first, item.lost_share, item.number, item.over_standard_working_days) == (
        False,
        None,
        2,
        7,
    )


def test_totals_count_what_is_left_and_say_what_is_not_known(finance: User) -> None:
    grant = ready_grant()
    part = make.make_instalment(grant)
    record_payment(**pay(grant, finance, instalment=part, amount=Decimal(500)))
    make.make_instalment(grant, amount=None)
    blocked = make.make_grant()
    make.make_instalment(blocked)
    found = shown(finance)
    assert (found.ready.count, found.ready.total, found.ready.not_known) == (2, Decimal(4000), 1)
    assert {item.left for item in found.ready.items} == {Decimal(4000), None}
    assert (found.blocked.count, found.blocked.total) == (1, Decimal(4500))
    assert found.blocked.items[0].blockers[0].what == "Agreement not issued"
    paid = paid_lately(finance, illustrative=True, on=TODAY, limit=50)
    assert paid.total == net_paid(ledger_lines(grant))
    assert [item.standing for item in paid.items] == [Decimal(500)]
    others = paid_lately(finance, illustrative=False, on=TODAY, limit=50)
    assert (others.total, others.items) == (Decimal(0), ())


def test_what_is_not_due_not_running_or_nothing_is_left_out(finance: User) -> None:
    for fields in (
        {"tracked": False},
        {"decided": False},
        {"decision": "decline"},
        {"closed_on": TODAY},
        {"withdrawn_on": TODAY},
        {"illustrative": False},
    ):
        make.make_instalment(ready_grant(**fields))
    grant = ready_grant()
    make.make_instalment(grant, due_on=date(2027, 6, 1))
    make.make_instalment(grant, amount=Decimal(0), due_on=None)
    found = shown(finance)
    assert (found.ready.items, found.blocked.items) == ((), ())
    assert shown(finance, illustrative=False).ready.count == 1


def test_nobody_else_sees_it(provider: User) -> None:
    make.make_instalment(ready_grant())
    assert shown(provider).ready.count == 0


def test_lists_are_cut_and_totals_are_not(finance: User) -> None:
    for _ in range(5):
        make.make_instalment(ready_grant())
        make.make_instalment(make.make_grant())
    found = shown(finance, limit=2)
    assert (len(found.ready.items), found.ready.count, found.ready.total) == (2, 5, Decimal(22500))
    assert (len(found.blocked.items), found.blocked.count) == (2, 5)


def test_the_number_of_queries_does_not_grow(finance: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            shown(finance)
        return len(found)

    working_days()
    make.make_instalment(ready_grant())
    few = queries()
    for _ in range(8):
        grant = ready_grant()
        make.make_check(grant)
        make.make_instalment(grant)
        make.make_payment_row(ready_grant())
    assert queries() == few <= 9


def test_what_was_paid_lately_is_what_stands_of_it(finance: User) -> None:
    grant = ready_grant()
    before, part, whole = (
        make.make_payment_row(grant, amount=Decimal("0.30"), paid_on=TODAY - timedelta(days=days))
        for days in (60, 2, 1)
    )
    for line, amounts in ((before, ["0.30"]), (part, ["0.10"]), (whole, ["0.10", "0.20"])):
        for amount in amounts:
            back = {"kind": "reversal", "reverses": line, "reason": "Bounced"}
            make.make_payment_row(grant, amount=Decimal(amount), paid_on=TODAY, **back)
    paid = paid_lately(finance, illustrative=True, on=TODAY, limit=50)
    assert paid.total == Decimal("0.20")
    assert [(item.payment_id, item.standing) for item in paid.items] == [(part.pk, Decimal("0.20"))]
