"""Waiting on others: the database finds what the rule blocks and somebody outside clears, no more and no less."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import User
from grants.models import Check, ClockStop, Grant, Instalment
from grants.queries.blocking import blockers_by_instalment
from grants.queries.due import due_instalments
from grants.queries.waiting import Waiting, longest_waits, waits_on_others
from grants.rules.blocking import COUNCIL, Block
from tests import factories as make
from tests.grants.operations.conftest import TODAY
from tests.grants.operations.test_pay_next import DAYS, random_instalment

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

EVERYTHING = 10_000


def random_register(chance: Random, officer: User) -> None:
    """Instalments in any state, their grants with one officer or none, checks asked for or not, conditions on many."""
    funds = [make.make_fund(), make.make_fund(second_approver_threshold=1000)]
    for _ in range(80):
        instalment = random_instalment(chance, funds)
        Grant.objects.filter(pk=instalment.grant_id).update(
            lead_officer=chance.choice([officer, officer, None])
        )
        Instalment.objects.filter(pk=instalment.pk).update(
            condition_waits_on=chance.choice(["", "council", "provider", "funder", "planning office"])
        )
        Check.objects.filter(grant=instalment.grant_id).update(requested_on=chance.choice(DAYS))
        ClockStop.objects.filter(grant=instalment.grant_id).update(
            waiting_on=chance.choice(["provider", "funder"])
        )
    changed = Check.objects.filter(result=None, kind="bank_details")
    changed.filter(pk__in=list(changed.values_list("pk", flat=True))[::2]).update(changed_by=make.somebody())


def by_the_rule(user: User) -> list[Waiting]:
    """What the rule says blocks each instalment that is due, where it is not the council's to clear."""
    due = due_instalments(user, illustrative=True, on=TODAY).select_related("grant__fund")
    mine = [one for one in due if user.role == "administrator" or one.grant.lead_officer_id == user.pk]
    found = []
    for instalment in mine:
        for blocker in blockers_by_instalment([instalment], TODAY)[instalment.pk]:
            begun = blocker.block != Block.CLAIM or blocker.since is not None
            if blocker.who != COUNCIL and begun:
                grant = instalment.grant
                found.append(Waiting(grant.ref, grant.title, blocker.who, blocker.what, blocker.since))
    return sorted(found)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("role", ["commissioner", "administrator"])
def test_what_others_are_waited_for_is_what_the_rule_says(role: str, seed: int, people: make.People) -> None:
    user: User = getattr(people, role)
    random_register(Random(seed), user)
    waits = waits_on_others(user, illustrative=True, on=TODAY)
    found = longest_waits(waits, on=TODAY, limit=EVERYTHING)
    assert sorted(found) == by_the_rule(user)
    assert len(found) == sum(rows.count() for rows in waits.values())
    since = [one.since for one in found]
    assert since == sorted(since)
    assert all(rows.exists() for rows in waits.values())
    assert longest_waits(waits, on=TODAY, limit=3) == found[:3]


def test_one_query_lists_them(people: make.People) -> None:
    random_register(Random(7), people.administrator)
    waits = waits_on_others(people.administrator, illustrative=True, on=TODAY)
    with CaptureQueriesContext(connection) as sent:
        longest_waits(waits, on=TODAY, limit=8)
    assert len(sent) == 1


def test_what_is_due_later_or_over_waits_for_nobody(people: make.People) -> None:
    later = make.make_grant(lead_officer=people.commissioner)
    make.make_agreement(later, signed_on=None, countersigned_on=None)
    make.make_check(later)
    make.make_instalment(later, due_on=TODAY + timedelta(days=32))
    closed = make.make_grant(lead_officer=people.commissioner, closed_on=date(2026, 11, 2))
    make.make_agreement(closed, signed_on=None, countersigned_on=None)
    make.make_instalment(closed)
    make.make_stop(closed)
    waits = waits_on_others(people.commissioner, illustrative=True, on=TODAY)
    assert longest_waits(waits, on=TODAY, limit=EVERYTHING) == []
    stop = make.make_stop(later, reason="Match funding", waiting_on="funder", started_on=date(2026, 11, 2))
    assert longest_waits(waits, on=TODAY, limit=EVERYTHING) == [
        Waiting(later.ref, later.title, "funder", "Clock stopped: Match funding", stop.started_on)
    ]
