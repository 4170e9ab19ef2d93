"""What makes an instalment ready to pay, and the stretches in which the council waits."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.errors import ActionRefused, NotAllowed, StaleVersion
from core.models import User
from grants.models import ClockStop, Grant, Instalment
from grants.operations.decisions import vary_grant
from grants.operations.payments import (
    authorise_instalment,
    correct_clock_stop,
    end_clock_stop,
    meet_condition,
    record_claim,
    record_payment,
    start_clock_stop,
)
from tests import factories as make
from tests.grants.operations.conftest import TODAY, fresh, last_history, pay

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

YESTERDAY = date(2026, 11, 20)
TOMORROW = date(2026, 11, 22)


def act(by: User, **entries: Any) -> dict[str, Any]:
    return {"by": by, "on": TODAY, **entries}


def test_authorising(instalment: Instalment, commissioner: User) -> None:
    done = authorise_instalment(instalment=instalment, **act(commissioner))
    assert (done.authorised_by, done.authorised_on, done.version) == (commissioner, TODAY, 2)
    assert last_history(done) == (commissioner, "Instalment 1 authorised")
    with pytest.raises(ActionRefused, match="You authorised instalment 1 already"):
        authorise_instalment(instalment=instalment, **act(commissioner))


def test_authorising_refused(grant: Grant, instalment: Instalment, people: make.People) -> None:
    decided_by = grant.decided_by
    assert decided_by is not None
    with pytest.raises(NotAllowed, match="You took the decision"):
        authorise_instalment(instalment=instalment, **act(decided_by))
    for role in ("scrutiny", "provider"):
        with pytest.raises(NotAllowed):
            authorise_instalment(instalment=instalment, **act(people[role]))
    record_payment(**pay(grant, people.finance, instalment=instalment))
    with pytest.raises(ActionRefused, match="Instalment 1 was paid on 20 November 2026 already"):
        authorise_instalment(instalment=instalment, **act(people.commissioner))


def test_who_varied_the_grant_neither_authorises_nor_pays(grant: Grant, people: make.People) -> None:
    """The added money of a variation is released by somebody else than who decided it."""
    make.make_instalment(grant)
    agreed = {"reason": "One more school", "proposed_on": YESTERDAY, "decided_on": YESTERDAY}
    more = {"new_amount": Decimal(20_000), "added_due_on": TOMORROW}
    vary_grant(grant=grant, **agreed, **more, **act(people.commissioner))
    added = grant.instalments.get(number=2)
    with pytest.raises(NotAllowed, match="You decided a variation of this grant, so another person must"):
        authorise_instalment(instalment=added, **act(people.commissioner))
    assert authorise_instalment(instalment=added, **act(people.administrator)).authorised_on == TODAY
    people.commissioner.role = "finance"
    people.commissioner.save()
    with pytest.raises(NotAllowed, match="You decided a variation"):
        record_payment(**pay(grant, people.commissioner, instalment=added, amount=Decimal(2_000)))


def test_nothing_is_authorised_above_the_award(grant: Grant, commissioner: User) -> None:
    Grant.objects.filter(pk=grant.pk).update(amount_awarded=Decimal(10_000))
    above = make.make_instalment(grant, amount=Decimal("10000.01"))
    with pytest.raises(
        ActionRefused,
        match=r"^With instalment 1 £10,000.01 would be paid or authorised, above the award of £10,000. Vary",
    ):
        authorise_instalment(instalment=above, **act(commissioner))
    exact = make.make_instalment(grant, amount=Decimal(10_000))
    assert authorise_instalment(instalment=exact, **act(commissioner)).authorised_by == commissioner


def test_a_condition_is_met_once(grant: Grant, finance: User) -> None:
    instalment = make.make_instalment(grant, condition="First report", condition_waits_on="provider")
    with pytest.raises(ActionRefused, match="in the future"):
        meet_condition(instalment=instalment, met_on=TOMORROW, **act(finance))
    with pytest.raises(ActionRefused, match="when the grant was decided"):
        meet_condition(instalment=instalment, met_on=date(2026, 10, 8), **act(finance))
    done = meet_condition(
        instalment=instalment, met_on=YESTERDAY, note="Report of the term seen", **act(finance)
    )
    assert done.condition_met_on == YESTERDAY
    assert last_history(done) == (finance, "Report of the term seen")
    with pytest.raises(ActionRefused, match="met on 20 November 2026 already"):
        meet_condition(instalment=instalment, met_on=YESTERDAY, **act(finance))


def test_without_a_condition_there_is_nothing_to_meet(instalment: Instalment, finance: User) -> None:
    with pytest.raises(ActionRefused, match="has no condition to meet"):
        meet_condition(instalment=instalment, met_on=YESTERDAY, **act(finance))


def test_a_valid_claim(grant: Grant, finance: User, instalment: Instalment) -> None:
    on_claim = make.make_instalment(grant, basis="on_claim")
    with pytest.raises(ActionRefused, match="in the future"):
        record_claim(instalment=on_claim, claim_valid_on=TOMORROW, **act(finance))
    with pytest.raises(ActionRefused, match="when the grant was decided"):
        record_claim(instalment=on_claim, claim_valid_on=date(2026, 10, 8), **act(finance))
    done = record_claim(instalment=on_claim, claim_valid_on=YESTERDAY, **act(finance))
    assert done.claim_valid_on == YESTERDAY
    assert last_history(done) == (finance, "Valid claim for instalment 2 received")
    with pytest.raises(ActionRefused, match="Instalment 1 is paid in advance"):
        record_claim(instalment=instalment, claim_valid_on=YESTERDAY, **act(finance))


def test_a_stop_begins_and_ends(grant: Grant, finance: User) -> None:
    stop = start_clock_stop(
        grant=grant, waiting_on="provider", reason=" Constitution ", started_on=YESTERDAY, **act(finance)
    )
    assert (stop.reason, stop.ended_on) == ("Constitution", None)
    assert last_history(stop) == (finance, "Constitution")
    done = end_clock_stop(stop=stop, ended_on=TODAY, **act(finance))
    assert done.ended_on == TODAY
    assert last_history(done) == (finance, "Clock stop ended: Constitution")
    with pytest.raises(ActionRefused, match="ended on 21 November 2026 already"):
        end_clock_stop(stop=stop, ended_on=TODAY, **act(finance))


def test_a_stop_of_the_past_is_recorded_whole(grant: Grant, finance: User) -> None:
    start_clock_stop(
        grant=grant, waiting_on="provider", reason="Policy", started_on=YESTERDAY, **act(finance)
    )
    past = {"started_on": date(2026, 10, 12), "ended_on": date(2026, 10, 20)}
    stop = start_clock_stop(grant=grant, waiting_on="provider", reason="Signature", **past, **act(finance))
    assert stop.ended_on == date(2026, 10, 20)


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ({"reason": " "}, "Say what the council is waiting for"),
        ({"started_on": TOMORROW}, "in the future"),
        ({"started_on": date(2026, 10, 8)}, "when the grant was decided"),
        ({"ended_on": TOMORROW}, "in the future"),
        ({"ended_on": date(2026, 11, 19)}, "when the stop began"),
        ({"reason": "NHS 943 476 5919"}, "NHS number"),
    ],
)
def test_stops_refused(entries: dict[str, Any], sentence: str, grant: Grant, finance: User) -> None:
    values = {"waiting_on": "provider", "reason": "Policy", "started_on": YESTERDAY, **entries}
    with pytest.raises(ActionRefused, match=sentence):
        start_clock_stop(grant=grant, **values, **act(finance))
    assert not ClockStop.objects.exists()


def test_a_wrong_stop_is_put_right_and_says_why(grant: Grant, finance: User) -> None:
    stop = make.make_stop(grant, started_on=date(2026, 10, 12), ended_on=YESTERDAY)
    right = {"waiting_on": "funder", "reason": "Match funding", "started_on": date(2026, 10, 13)}
    done = correct_clock_stop(stop=stop, **right, ended_on=date(2026, 10, 20), why="Mistyped", **act(finance))
    assert {name: getattr(done, name) for name in right} == right
    assert done.ended_on == date(2026, 10, 20)
    assert last_history(done) == (finance, "Mistyped")
    with pytest.raises(ActionRefused, match="this is what stands already"):
        correct_clock_stop(stop=stop, **right, ended_on=date(2026, 10, 20), why="Again", **act(finance))
    opened = correct_clock_stop(stop=stop, **right, ended_on=None, why="It never came", **act(finance))
    assert opened.ended_on is None


@pytest.mark.parametrize(
    ("entries", "sentence", "field"),
    [
        ({"why": " "}, "Say why it is corrected", "why"),
        ({"reason": ""}, "Say what the council was waiting for", "reason"),
        ({"started_on": date(2026, 10, 8)}, "when the grant was decided", "started_on"),
        ({"ended_on": TOMORROW}, "in the future", "ended_on"),
        ({"ended_on": date(2026, 10, 11)}, "when the stop began", "ended_on"),
        ({"ended_on": None, "waiting_on": "funder"}, "stopped for the funder since 20 November 2026", ""),
    ],
)
def test_corrections_refused(
    entries: dict[str, Any], sentence: str, field: str, grant: Grant, finance: User
) -> None:
    stop = make.make_stop(grant, started_on=date(2026, 10, 12), ended_on=YESTERDAY)
    make.make_stop(grant, waiting_on="funder", started_on=YESTERDAY, ended_on=None)
    values = {"waiting_on": "provider", "reason": "Policy", "started_on": date(2026, 10, 12)}
    with pytest.raises(ActionRefused, match=sentence) as refusal:
        correct_clock_stop(
            stop=stop, **{**values, "ended_on": TODAY, "why": "Mistyped", **entries}, **act(finance)
        )
    assert (refusal.value.field or "") == field
    assert fresh(stop).ended_on == YESTERDAY


def test_a_stop_of_what_is_over_is_not_opened_again(grant: Grant, finance: User) -> None:
    stop = make.make_stop(grant, started_on=date(2026, 10, 12), ended_on=YESTERDAY)
    Grant.objects.update(closed_on=YESTERDAY)
    values = {
        "waiting_on": "provider",
        "reason": "Policy",
        "started_on": date(2026, 10, 12),
        "why": "Mistyped",
    }
    with pytest.raises(ActionRefused, match="closed"):
        correct_clock_stop(stop=stop, **values, ended_on=None, **act(finance))
    correct_clock_stop(stop=stop, **values, ended_on=date(2026, 10, 12), **act(finance))


def test_one_open_stop_for_each_party(grant: Grant, finance: User) -> None:
    values = {"reason": "Policy", "started_on": YESTERDAY, **act(finance)}
    start_clock_stop(grant=grant, waiting_on="provider", **values)
    start_clock_stop(grant=grant, waiting_on="funder", **values)
    with pytest.raises(
        ActionRefused, match=r"stopped for the provider since 20 November 2026\. End that stop first"
    ):
        start_clock_stop(grant=grant, waiting_on="provider", **values)


def test_who_may_not_stop_the_clock(grant: Grant, people: make.People) -> None:
    stop = make.make_stop(grant)
    values = {"waiting_on": "provider", "reason": "Policy", "started_on": YESTERDAY}
    for role in ("scrutiny", "provider"):
        with pytest.raises(NotAllowed):
            start_clock_stop(grant=grant, **values, **act(people[role]))
        with pytest.raises(NotAllowed):
            end_clock_stop(stop=stop, ended_on=TODAY, **act(people[role]))
        with pytest.raises(NotAllowed):
            correct_clock_stop(stop=stop, **values, ended_on=TODAY, why="Mistyped", **act(people[role]))


def edits(grant: Grant) -> dict[str, tuple[Any, Callable[..., Any]]]:
    """Each edit of this file: the record, and the operation with its entries filled in."""
    condition = make.make_instalment(grant, condition="First report")
    claim = make.make_instalment(grant, basis="on_claim")
    plain = make.make_instalment(grant)
    stop = make.make_stop(grant)
    return {
        "authorise": (plain, lambda **more: authorise_instalment(instalment=plain, **more)),
        "condition": (condition, lambda **more: meet_condition(instalment=condition, met_on=TODAY, **more)),
        "claim": (claim, lambda **more: record_claim(instalment=claim, claim_valid_on=TODAY, **more)),
        "stop put right": (
            stop,
            lambda **more: correct_clock_stop(
                stop=stop,
                waiting_on="funder",
                reason="Match funding",
                started_on=stop.started_on,
                ended_on=TODAY,
                why="Mistyped",
                **more,
            ),
        ),
        "stop": (stop, lambda **more: end_clock_stop(stop=stop, ended_on=TODAY, **more)),
    }


@pytest.mark.parametrize("name", ["authorise", "condition", "claim", "stop", "stop put right"])
def test_an_edit_sent_twice_is_one_and_a_stale_one_is_refused(
    name: str, grant: Grant, commissioner: User
) -> None:
    record, operation = edits(grant)[name]
    with pytest.raises(StaleVersion):
        operation(**act(commissioner, version=7))
    key = uuid.uuid4()
    operation(**act(commissioner, request_key=key, version=1))
    operation(**act(commissioner, request_key=key, version=1))
    assert fresh(record).version == 2


def test_a_form_is_not_used_for_two_records(grant: Grant, commissioner: User) -> None:
    key = uuid.uuid4()
    for number in (1, 2):
        make.make_instalment(grant, number=number)
    one, two = grant.instalments.all()
    authorise_instalment(instalment=one, **act(commissioner, request_key=key))
    with pytest.raises(ActionRefused, match="sent before, with other entries"):
        authorise_instalment(instalment=two, **act(commissioner, request_key=key))


def test_a_stop_sent_twice_is_one(grant: Grant, finance: User) -> None:
    form = {
        "waiting_on": "provider",
        "reason": "Policy",
        "started_on": YESTERDAY,
        "request_key": uuid.uuid4(),
    }
    assert start_clock_stop(grant=grant, **form, **act(finance)) == start_clock_stop(
        grant=grant, **form, **act(finance)
    )


@pytest.mark.parametrize("name", ["authorise", "condition", "claim"])
def test_nothing_is_edited_on_a_grant_that_is_over(name: str, grant: Grant, commissioner: User) -> None:
    _, operation = edits(grant)[name]
    Grant.objects.update(closed_on=TODAY)
    with pytest.raises(ActionRefused, match="closed on 21 November 2026"):
        operation(**act(commissioner))
