"""What must never be wrong, whatever was done: asked of the tables after each step, in the plainest way there is.

Nothing here uses the rules, queries or operations of the product, but for the register's own check of itself.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from core.models import Role
from grants.models import Check, ClockStop, Flag, Grant, Instalment, Payment
from grants.queries.register_check import CHECKS, accounts
from tests.machine.world import THRESHOLD

Ledger = list[dict[str, Any]]


def ledgers() -> dict[int, Ledger]:
    """The lines of each grant, oldest first, each with what is left of it after its reversals."""
    lines = list(Payment.objects.order_by("paid_on", "id").values())
    back: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line["kind"] == "reversal":
            back[line["reverses_id"]] += line["amount"]
    found: dict[int, Ledger] = defaultdict(list)
    for line in lines:
        found[line["grant_id"]].append(line | {"left": line["amount"] - back[line["id"]]})
    return found


def money_adds_up(on: date) -> None:
    """What stands as paid is within the award, nothing more came back than went out, and both kept dates are right."""
    of_grant = ledgers()
    for grant in Grant.objects.values():
        lines = of_grant.get(grant["id"], [])
        payments = [line for line in lines if line["kind"] == "payment"]
        assert all(line["left"] >= 0 for line in payments), "more was reversed than was paid"
        paid = sum(line["amount"] if line["kind"] == "payment" else -line["amount"] for line in lines)
        assert paid >= 0, "more came back than was paid"
        assert not lines or paid <= grant["amount_awarded"], "more is paid than was awarded"
        days = [line["paid_on"] for line in payments if line["left"]]
        assert grant["first_paid_on"] == min(days, default=None), "the first payment is another"
        for instalment in Instalment.objects.filter(grant=grant["id"]).values():
            assert instalment["paid_on"] == covered(instalment, payments), (
                "the instalment was paid another day"
            )


def covered(instalment: dict[str, Any], payments: Ledger) -> date | None:
    """The day on which an instalment's payments had come up to its amount."""
    total = Decimal(0)
    for line in payments:
        if line["instalment_id"] == instalment["id"]:
            total += line["left"]
            if instalment["amount"] and total >= instalment["amount"] and line["left"]:
                paid_on: date = line["paid_on"]
                return paid_on
    return None


def schedules_are_within_awards(on: date) -> None:
    """Nobody can be asked for more than was awarded."""
    for grant in Grant.objects.exclude(amount_awarded=None).prefetch_related("instalments"):
        scheduled = sum((line.amount or Decimal(0) for line in grant.instalments.all()), Decimal(0))
        assert scheduled <= (grant.amount_awarded or 0), "more is scheduled than was awarded"


def duties_are_separate(on: date) -> None:
    """Who decided does not pay, nor authorise; above the threshold two people are needed; bank details have two."""
    for line in Payment.objects.select_related("grant__fund", "instalment", "recorded_by"):
        assert line.recorded_by.role == Role.FINANCE, "somebody else than finance moved money"
        assert line.recorded_by_id != line.grant.decided_by_id, "who decided moved money"
        threshold = line.grant.fund.second_approver_threshold
        if line.kind == "payment" and threshold == THRESHOLD and line.amount > threshold:
            assert line.instalment is not None, "above the threshold, and nobody authorised it"
            assert line.instalment.authorised_by_id not in {None, line.recorded_by_id}, "one person did both"
    for instalment in Instalment.objects.exclude(authorised_by=None).select_related("grant"):
        assert instalment.authorised_by_id != instalment.grant.decided_by_id, "who decided authorised"
    for check in Check.objects.exclude(changed_by=None):
        assert check.checked_by_id != check.changed_by_id, "one person changed and verified the bank details"


def facts_are_paired(on: date) -> None:
    """Half a fact is none: by whom, when and what stand or fall together."""
    for grant in Grant.objects.values():
        assert len({grant[name] is None for name in ("decision", "decided_on", "decided_by_id")}) == 1
        assert grant["first_paid_on"] is None or grant["tracked_from"] is not None
        assert not (grant["closed_on"] and grant["withdrawn_on"]), "closed and withdrawn"
        if grant["planned_start"] and grant["ends_on"]:
            assert grant["planned_start"] <= grant["ends_on"], "it ends before it starts"
    for check in Check.objects.values():
        assert len({check[name] is None for name in ("result", "checked_on", "checked_by_id")}) == 1
    for line in Instalment.objects.values():
        assert (line["authorised_by_id"] is None) == (line["authorised_on"] is None)
        assert not line["condition_met_on"] or line["condition"], "a condition was met that nobody made"


def nothing_is_dated_ahead(on: date) -> None:
    """Only what has happened is recorded."""
    happened: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (Payment, ("paid_on", "receipt_confirmed_on")),
        (ClockStop, ("started_on", "ended_on")),
        (Check, ("requested_on", "checked_on")),
        (Instalment, ("authorised_on", "condition_met_on", "claim_valid_on", "paid_on")),
        (Grant, ("closed_on", "withdrawn_on", "first_paid_on", "tracked_from")),
    )
    for model, names in happened:
        for name in names:
            assert not model.objects.filter(**{f"{name}__gt": on}).exists(), (
                f"{model.__name__}.{name} is ahead"
            )


def flags_are_single_and_tracked(on: date) -> None:
    """One open flag per rule and subject; a flag that stands has its raising as its first event, and no clearing."""
    seen = set()
    for flag in Flag.objects.prefetch_related("events"):
        kinds = [event.kind for event in sorted(flag.events.all(), key=lambda event: event.pk)]
        assert kinds[0] == "opened"
        assert kinds.count("cleared") == (1 if flag.cleared_on else 0)
        if flag.cleared_on is None:
            subject = (
                flag.rule,
                flag.grant_id,
                flag.instalment_id,
                flag.clock_stop_id,
                flag.round_id,
                flag.funding_award_id,
                flag.organisation_id,
                flag.locality_id,
            )
            assert subject not in seen, "two flags about one thing"
            seen.add(subject)


def the_register_checks_out(on: date) -> None:
    """What `manage.py check_register` asks of each grant; the database itself holds the constraints it asks again."""
    found = [told for account in accounts() for check in CHECKS for told in check(account)]
    assert found == []


LAWS: tuple[Callable[[date], None], ...] = (
    money_adds_up,
    schedules_are_within_awards,
    duties_are_separate,
    facts_are_paired,
    nothing_is_dated_ahead,
    flags_are_single_and_tracked,
    the_register_checks_out,
)
