"""The factories' defaults hold together: every kind of row can be made with no more than it needs."""

from datetime import date
from decimal import Decimal

import pytest

from core.models import Role
from grants.models import Grant
from tests import factories as make
from tests.conftest import ClientFor

pytestmark = pytest.mark.django_db


def test_a_whole_story_can_be_made_from_defaults() -> None:
    grant = make.make_grant(
        round=make.make_round(), localities=[make.make_locality(wards=[make.make_ward()])]
    )
    instalment = make.make_instalment(grant)
    payment = make.make_payment_row(grant, instalment=instalment)
    make.make_payment_row(grant, kind="reversal", reverses=payment, reason="Wrong payee")
    make.make_agreement(grant)
    make.make_check(grant, result="passed")
    make.make_variation(grant)
    make.make_stop(grant)
    make.make_return(grant)
    make.make_return(grant, state="due", period_to=date(2026, 12, 31))
    make.make_notice(grant)
    make.make_cover(make.make_plan(grant))
    make.make_flag_event(make.make_flag(grant=grant))
    make.make_flag(funding_award=make.make_award(), rule="money_may_go_back")

    grant = Grant.objects.get(pk=grant.pk)
    assert (grant.first_paid_on, grant.implementable_on) == (date(2026, 11, 9), date(2026, 10, 9))
    assert [i.paid_on for i in grant.instalments.all()] == [date(2026, 11, 9)]
    assert grant.flags.get().rank == 2


def test_defaults_can_be_overridden() -> None:
    grant = make.make_grant(tracked=False, decided=False, illustrative=False, amount_awarded=Decimal(5))
    assert (grant.tracked_from, grant.decided_on, grant.fund.is_illustrative) == (None, None, False)
    assert grant.amount_awarded == 5
    assert make.make_user(Role.SYSTEM).is_active is False


def test_clients_are_signed_in_as_whom_they_are_for(client_for: ClientFor, people: make.People) -> None:
    assert client_for("other_provider").session["_auth_user_id"] == str(people.other_provider.pk)
    assert "_auth_user_id" not in client_for(None).session
    assert Grant.objects.visible_to(people.provider).count() == 0
    make.make_grant(lead_provider=people.organisation)
    assert Grant.objects.visible_to(people.provider).count() == 1
    assert Grant.objects.visible_to(people.other_provider).count() == 0
