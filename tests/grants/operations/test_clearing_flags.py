"""Each flag clears by what its sentence says, done on the pages; the pass decides, never the person."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from core.models import User
from grants.models import Flag, Grant
from grants.operations.flag_pass import raise_flags
from grants.rules.sentences import clears_when
from tests import factories as make
from tests.conftest import TODAY, ClientFor

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.filterwarnings("ignore:No directory at"),
]

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def standing(rule: str) -> Flag | None:
    """The one flag of a rule after a pass, if it stands."""
    raise_flags(on=TODAY, by=User.objects.system("flag pass"), at=NOW)
    return Flag.objects.standing().filter(rule=rule).first()


def says(flag: Flag | None, *parts: str) -> Flag:
    """The flag, whose sentence tells people to do this."""
    assert flag is not None
    sentence = clears_when(flag.rule, flag.level, flag.facts)
    for part in parts:
        assert part in sentence
    return flag


class Hand:
    """Fills in a form page and sends it."""

    def __init__(self, client_for: ClientFor) -> None:
        self.client_for = client_for

    def send(self, role: str, name: str, *where: Any, **entries: Any) -> None:
        """Take the form's version from its page, type the entries, send; the answer must lead on."""
        client, address = self.client_for(role), reverse(name, args=where)
        form = client.get(address).context["form"]
        typed: dict[str, Any] = {"request_key": str(uuid.uuid4())}
        if "version" in form.fields:
            typed["version"] = form["version"].value()
        for field, value in entries.items():
            typed |= boxes(field, value) if isinstance(value, date) else {field: value}
        answer = client.post(address, typed)
        assert answer.status_code == 302, answer.context["form"].errors


def boxes(field: str, day: date) -> Mapping[str, int]:
    return {f"{field}_day": day.day, f"{field}_month": day.month, f"{field}_year": day.year}


@pytest.fixture
def hand(client_for: ClientFor) -> Hand:
    """A person at the pages."""
    return Hand(client_for)


@pytest.fixture
def late(people: make.People) -> Grant:
    """Decided on 1 September 2026, starts in December, nothing paid, agreement signed."""
    grant = make.make_grant(
        decided_on=date(2026, 9, 1), planned_start=date(2026, 12, 1), lead_provider=people.organisation
    )
    make.make_agreement(grant)
    make.make_instalment(grant, due_on=date(2026, 9, 8))
    make.make_instalment(grant, due_on=date(2027, 3, 1))
    return grant


def test_a_slow_first_payment_clears_by_the_payment(late: Grant, hand: Hand) -> None:
    says(standing("slow_first_payment"), "the first payment is recorded, dated the day the money moved")
    first = late.instalments.get(number=1)
    entries = {"instalment": first.pk, "amount": "4500", "route": "bacs", "paid_on": date(2026, 11, 20)}
    hand.send("finance", "record_payment", late.ref, **entries)
    assert standing("slow_first_payment") is None
    payment = late.payments.get()
    reversal = {"amount": "4500", "reversed_on": TODAY, "reason": "Bounced"}
    hand.send("finance", "reverse_payment", late.ref, payment.pk, **reversal)
    assert standing("slow_first_payment") is not None


def test_a_slow_first_payment_clears_by_the_clock_stop_it_missed(late: Grant, hand: Hand) -> None:
    says(standing("slow_first_payment"), "Where the council waited for the provider, record the clock stop")
    stop = {"waiting_on": "provider", "reason": "Signed agreement", "started_on": date(2026, 9, 8)}
    hand.send("finance", "start_clock_stop", late.ref, **stop, ended_on=date(2026, 11, 10))
    assert standing("slow_first_payment") is None


def test_a_late_instalment_clears_by_its_payment_or_a_later_due_date(late: Grant, hand: Hand) -> None:
    make.make_payment_row(late, instalment=late.instalments.get(number=1))
    late.instalments.filter(number=2).update(due_on=date(2026, 11, 12))
    says(standing("late_instalment"), "when a variation gives it a later due date")
    agreed = {"reason": "The school asked", "proposed_on": TODAY, "decided_on": TODAY}
    hand.send("commissioner", "vary_grant", late.ref, **agreed, due_2=date(2027, 1, 4))
    assert standing("late_instalment") is None
    late.instalments.filter(number=2).update(due_on=date(2026, 11, 12))
    says(standing("late_instalment"), "the payment of this instalment is recorded")
    second = late.instalments.get(number=2)
    paid = {"instalment": second.pk, "amount": "4500", "route": "bacs", "paid_on": TODAY}
    hand.send("finance", "record_payment", late.ref, **paid)
    assert standing("late_instalment") is None


def test_a_stop_to_chase_clears_when_it_is_ended(late: Grant, hand: Hand) -> None:
    stop = make.make_stop(late)
    says(standing("stop_to_chase"), "the clock stop is ended, dated the day the provider gave what")
    hand.send("commissioner", "end_clock_stop", late.ref, stop.pk, ended_on=date(2026, 11, 20))
    assert standing("stop_to_chase") is None


def test_a_round_at_short_notice_clears_when_it_is_extended(hand: Hand) -> None:
    window = make.make_round(
        announced_on=date(2026, 11, 9), opens_on=None, closes_on=date(2026, 11, 30), decision_due_on=None
    )
    flag = says(standing("short_notice_round"), "the round is extended to close on 21 December 2026 or later")
    extend_to = date.fromisoformat(flag.facts["extend_to"])
    hand.send("commissioner", "extend_round", window.ref, closes_on=extend_to, reason="Groups heard late")
    assert standing("short_notice_round") is None


@pytest.fixture
def at_risk(people: make.People) -> Grant:
    """Of £20,000 to be committed by March 2027, £18,000 is."""
    award = make.make_award(total_amount=Decimal(20000), spend_by=date(2027, 3, 31), spent_means="committed")
    return make.make_grant(
        funding_award=award, fund=make.make_fund(awards=[award]), lead_provider=people.organisation
    )


def test_money_that_may_go_back_clears_by_a_higher_award(at_risk: Grant, hand: Hand) -> None:
    says(standing("money_may_go_back"), "agree a variation that raises an award")
    agreed = {"reason": "More families", "proposed_on": TODAY, "decided_on": TODAY}
    hand.send("commissioner", "vary_grant", at_risk.ref, **agreed, new_amount="20,000")
    assert standing("money_may_go_back") is None


def test_money_that_may_go_back_clears_by_payments_where_spent_means_paid(at_risk: Grant, hand: Hand) -> None:
    award = at_risk.funding_award
    assert award is not None
    type(award).objects.update(spent_means="paid", total_amount=Decimal(4500))
    make.make_agreement(at_risk)
    says(standing("money_may_go_back"), "record the payments already made")
    entries = {"amount": "4500", "route": "bacs", "paid_on": TODAY}
    hand.send("finance", "record_payment", at_risk.ref, **entries)
    assert standing("money_may_go_back") is None


def test_money_that_may_go_back_clears_by_a_raised_award_with_its_instalment(
    at_risk: Grant, hand: Hand
) -> None:
    award = at_risk.funding_award
    assert award is not None
    type(award).objects.update(spent_means="paid")
    make.make_agreement(at_risk)
    make.make_instalment(at_risk, amount=Decimal(18000))
    assert standing("money_may_go_back") is not None
    agreed = {"reason": "More families", "proposed_on": TODAY, "decided_on": TODAY}
    more = {"new_amount": "20,000", "added_due_on": date(2027, 2, 1)}
    hand.send("commissioner", "vary_grant", at_risk.ref, **agreed, **more)
    assert standing("money_may_go_back") is None


@pytest.mark.parametrize(
    ("part", "entries"),
    [
        ("If the funder agrees a later spend-by date, record it", {"spend_by": date(2028, 3, 31)}),
        (
            "if the money has gone back, close the funding award",
            {"spend_by": date(2027, 3, 31), "closed_on": TODAY},
        ),
    ],
)
def test_money_that_may_go_back_clears_by_what_the_funder_says(
    part: str, entries: dict[str, Any], at_risk: Grant, hand: Hand
) -> None:
    flag = says(standing("money_may_go_back"), part)
    assert flag.funding_award is not None
    hand.send(
        "commissioner", "change_award", flag.funding_award.ref, **entries, reason="Letter of 20 November"
    )
    assert standing("money_may_go_back") is None


@pytest.fixture
def ending(people: make.People) -> Grant:
    """Ends on 31 January 2027 with 26 families on its last return."""
    grant = make.make_grant(
        planned_start=date(2026, 2, 2),
        planned_end=date(2027, 1, 31),
        ends_on=date(2027, 1, 31),
        decided_on=date(2026, 1, 9),
        lead_provider=people.organisation,
    )
    make.make_payment_row(grant, paid_on=date(2026, 2, 2))
    make.make_return(grant)
    return grant


def cover(number: int, **entries: Any) -> dict[str, Any]:
    confirmed = {
        "kind": "named_service",
        "source": "Talk Community",
        "certainty": "confirmed",
        "confirmed_on": TODAY,
    }
    return {"number": number, **confirmed, **entries}


def test_a_cliff_edge_clears_by_a_plan_that_covers_everybody(ending: Grant, hand: Hand) -> None:
    says(standing("cliff_edge"), "a sustainability plan is recorded that covers all 26 families")
    hand.send("commissioner", "record_plan", ending.ref, summary="The hub takes them over")
    hand.send(
        "commissioner",
        "add_cover",
        ending.ref,
        number=6,
        kind="finishes",
        certainty="confirmed",
        confirmed_on=TODAY,
    )
    hand.send("commissioner", "add_cover", ending.ref, **cover(20, certainty="applied", confirmed_on=""))
    assert standing("cliff_edge") is not None
    line = ending.plan.covers.get(number=20)
    hand.send("commissioner", "change_cover", ending.ref, line.pk, **cover(20))
    assert standing("cliff_edge") is None


def test_a_cliff_edge_clears_by_a_newer_caseload(ending: Grant, hand: Hand) -> None:
    says(standing("cliff_edge"), "a newer caseload shows that no more need cover")
    counted = {"caseload": "0", "caseload_unit": "families", "period_to": date(2026, 11, 20)}
    hand.send("provider", "record_caseload", ending.ref, **counted)
    assert standing("cliff_edge") is None


def test_a_cliff_edge_clears_by_an_extension(ending: Grant, hand: Hand) -> None:
    says(standing("cliff_edge"), "an extension is recorded as a variation with a later end date")
    agreed = {"reason": "Families need longer", "proposed_on": TODAY, "decided_on": TODAY}
    hand.send("commissioner", "vary_grant", ending.ref, **agreed, new_ends_on=date(2028, 1, 31))
    assert standing("cliff_edge") is None


def test_a_cliff_edge_of_unknown_size_clears_by_a_caseload_and_a_plan(ending: Grant, hand: Hand) -> None:
    ending.returns.update(period_to=date(2026, 3, 31))
    flag = says(
        standing("cliff_edge"), "or later is recorded and a sustainability plan is recorded that covers every"
    )
    assert flag.facts["uncovered"] is None
    counted = {"caseload": "5", "caseload_unit": "families", "period_to": date(2026, 11, 20)}
    hand.send("commissioner", "record_caseload", ending.ref, **counted)
    assert standing("cliff_edge") is not None
    hand.send("commissioner", "record_plan", ending.ref, summary="The hub takes them over")
    hand.send("commissioner", "add_cover", ending.ref, **cover(5))
    assert standing("cliff_edge") is None


def test_a_fallen_edge_clears_by_a_plan_and_not_by_closing(ending: Grant, hand: Hand) -> None:
    Grant.objects.filter(pk=ending.pk).update(ends_on=date(2026, 10, 31), planned_end=date(2026, 10, 31))
    assert says(standing("cliff_edge"), "all 26 families").level == "fallen"
    with pytest.raises(AssertionError, match="26 families have no confirmed support"):
        hand.send("commissioner", "close_grant", ending.ref, closed_on=TODAY, reason="Done")
    hand.send("commissioner", "record_plan", ending.ref, summary="The hub takes them over")
    hand.send("commissioner", "add_cover", ending.ref, **cover(26))
    assert standing("cliff_edge") is None


def two_endings(people: make.People, ending: Grant) -> Grant:
    """Another grant of the same provider that ends a month later with 26 families."""
    other = make.make_grant(
        fund=ending.fund,
        planned_start=date(2026, 2, 2),
        planned_end=date(2027, 2, 28),
        ends_on=date(2027, 2, 28),
        decided_on=date(2026, 1, 9),
        lead_provider=people.organisation,
    )
    make.make_payment_row(other, paid_on=date(2026, 2, 2))
    make.make_return(other)
    return other


def test_a_cluster_clears_when_one_of_two_is_covered(ending: Grant, hand: Hand, people: make.People) -> None:
    other = two_endings(people, ending)
    says(
        standing("cluster"),
        "record a sustainability plan that covers everybody in a grant",
        other.ref,
        ending.ref,
    )
    hand.send("commissioner", "record_plan", other.ref, summary="The hub takes them over")
    hand.send("commissioner", "add_cover", other.ref, **cover(26))
    assert standing("cluster") is None


def test_a_cluster_clears_when_one_of_two_is_extended(ending: Grant, hand: Hand, people: make.People) -> None:
    other = two_endings(people, ending)
    says(standing("cluster"), "extend one by a variation so that they no longer end within three months")
    agreed = {"reason": "Families need longer", "proposed_on": TODAY, "decided_on": TODAY}
    hand.send("commissioner", "vary_grant", other.ref, **agreed, new_ends_on=date(2027, 7, 31))
    assert standing("cluster") is None


def test_only_what_is_left_of_a_part_paid_instalment_counts_as_still_to_be_paid(
    at_risk: Grant, hand: Hand
) -> None:
    """£18,000 to be paid by March 2027: £10,000 of it paid and £8,000 left are £18,000, not £28,000."""
    award = at_risk.funding_award
    assert award is not None
    type(award).objects.update(spent_means="paid", total_amount=Decimal(18000))
    make.make_agreement(at_risk)
    part = make.make_instalment(at_risk, amount=Decimal(18000))
    assert standing("money_may_go_back") is None
    entries = {"amount": "10000", "route": "bacs", "paid_on": TODAY, "instalment": part.pk}
    hand.send("finance", "record_payment", at_risk.ref, **entries)
    assert standing("money_may_go_back") is None
    type(award).objects.update(total_amount=Decimal(18001))
    flag = standing("money_may_go_back")
    assert flag is not None
    assert flag.facts["at_risk"] == "1.00"
