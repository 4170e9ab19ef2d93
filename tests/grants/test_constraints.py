"""Every constraint of every app refuses what it must and takes what it may, on whichever database the tests run."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.apps import apps
from django.db.models import BaseConstraint, Model

from core.models import ClosureDay, JobFile
from grants.models import FlagPass
from tests import factories as make
from tests.constraints import Case, attempt, named_in
from tests.core.constraint_cases import CASES as CORE_CASES
from tests.grants import constraint_cases_decisions as decisions
from tests.grants import constraint_cases_endings as endings
from tests.grants import constraint_cases_flags as flags
from tests.grants import constraint_cases_funds as funds
from tests.grants import constraint_cases_payments as payments
from tests.providers import constraint_cases as providers

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

OUR_APPS = ("core", "providers", "grants", "reports", "demo")
CASES = [
    *CORE_CASES,
    *providers.CASES,
    *funds.CASES,
    *decisions.CASES,
    *payments.CASES,
    *endings.CASES,
    *flags.CASES,
]


def our_models() -> Iterator[type[Model]]:
    """The tables of our apps, the history tables left out."""
    for label in OUR_APPS:
        yield from (
            m for m in apps.get_app_config(label).get_models() if not m.__name__.startswith("Historical")
        )


CONSTRAINTS: dict[str, tuple[BaseConstraint, type[Model]]] = {
    constraint.name: (constraint, model) for model in our_models() for constraint in model._meta.constraints
}


def test_every_constraint_has_one_case_and_no_case_is_left_over() -> None:
    counted = Counter(case.name for case in CASES)
    assert [name for name, times in counted.items() if times > 1] == []
    assert sorted(set(CONSTRAINTS) - set(counted)) == [], "write a case for each of these"
    assert sorted(set(counted) - set(CONSTRAINTS)) == [], "these constraints do not exist"
    assert [case.name for case in CASES if not case.accepted or not case.refused] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_constraint(case: Case) -> None:
    constraint, model = CONSTRAINTS[case.name]
    row = case.row()
    assert type(row) is model
    for changes in case.refused:
        message = attempt(row, changes)
        assert named_in(message, constraint, model), f"{changes}: {message or 'was accepted'}"
    for changes in case.accepted:
        assert attempt(row, changes) == ""


def _flag_pass() -> FlagPass:
    return FlagPass.objects.create(group=f"group {FlagPass.objects.count()}", on=date(2026, 11, 21))


MAKERS: dict[str, Callable[[], Model]] = {
    "core.user.email": make.make_user,
    "core.closureday.date": lambda: ClosureDay.objects.create(
        date=date(2026, 12, ClosureDay.objects.count() + 1)
    ),
    "core.ward.code": make.make_ward,
    "core.locality.slug": make.make_locality,
    "core.job.request_key": make.make_job,
    "core.jobfile.job": lambda: JobFile.objects.create(job=make.make_job(), name="a.csv", content=b"a"),
    "core.delivery.key": make.make_delivery,
    "core.message.key": make.make_message,
    "providers.organisation.ref": make.make_organisation,
    "grants.fundingaward.ref": make.make_award,
    "grants.fundingaward.request_key": make.make_award,
    "grants.funderclaim.request_key": funds.make_claim,
    "grants.fund.code": make.make_fund,
    "grants.fund.request_key": make.make_fund,
    "grants.round.ref": make.make_round,
    "grants.round.request_key": make.make_round,
    "grants.grant.ref": make.make_grant,
    "grants.grant.request_key": make.make_grant,
    "grants.grant.source_id": make.make_grant,
    "grants.agreement.grant": lambda: make.make_agreement(make.make_grant()),
    "grants.agreement.request_key": lambda: make.make_agreement(make.make_grant()),
    "grants.check.request_key": lambda: make.make_check(make.make_grant()),
    "grants.variation.request_key": lambda: make.make_variation(make.make_grant()),
    "grants.instalment.request_key": payments.instalment,
    "grants.payment.request_key": payments.payment,
    "grants.onwardpayment.request_key": payments.make_onward,
    "grants.clockstop.request_key": payments.stop,
    "grants.outcomereturn.request_key": endings.outcome_return,
    "grants.sustainabilityplan.grant": endings.plan,
    "grants.sustainabilityplan.request_key": endings.plan,
    "grants.cover.request_key": endings.cover,
    "grants.notice.request_key": endings.notice,
    "grants.flagpass.group": lambda: FlagPass.objects.create(
        group=f"g{FlagPass.objects.count()}", on=date(2026, 11, 21)
    ),
}
VALUES = {"request_key": "5e0bd2a4-0d0f-4a3b-8b19-6a1a7c2f4a10", "source_id": "360G-example-1"}


def unique_fields() -> set[str]:
    """The columns that are unique on their own, primary keys left out."""
    return {
        f"{model._meta.label_lower}.{field.name}"
        for model in our_models()
        for field in model._meta.local_fields
        if field.unique and not field.primary_key
    }


def test_every_unique_column_has_a_maker() -> None:
    assert unique_fields() == set(MAKERS)


@pytest.mark.parametrize("label", sorted(MAKERS))
def test_unique_column(label: str) -> None:
    first, second = MAKERS[label](), MAKERS[label]()
    name = label.rpartition(".")[2]
    if name in VALUES:
        type(first)._base_manager.filter(pk=first.pk).update(**{name: VALUES[name]})
    taken = type(first)._base_manager.values_list(name, flat=True).get(pk=first.pk)
    assert taken is not None
    assert "unique" in attempt(second, {name: taken}).lower()
