"""What must never be wrong, whatever was done: asked of the tables after each step, in the plainest way there is.

Nothing here uses the rules, queries or operations of the product, but for the register's own check of itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from core.models import Role, User
from grants.models import Check, ClockStop, Flag, FlagEvent, Fund, Grant, Instalment, Payment, Variation
from grants.queries.register_check import CHECKS, accounts
from tests.machine.world import THRESHOLD

Row = dict[str, Any]
Ledger = list[Row]


class Read(NamedTuple):
    """What the laws are asked of: every row of these tables, read once, and grants, instalments and funds by id.

    `varied` is the moment when a person first varied a grant, `authorised` that when an instalment was.
    """

    on: date
    grants: dict[int, Row]
    instalments: dict[int, Row]
    funds: dict[int, Row]
    roles: dict[int, str]
    payments: list[Row]
    checks: list[Row]
    clock_stops: list[Row]
    flags: list[Row]
    events: list[Row]
    varied: dict[tuple[int, int], datetime]
    authorised: dict[int, datetime]


def read(on: date) -> Read:
    """The tables as they stand at a day of the machine's."""
    return Read(
        on=on,
        grants=_by_id(Grant.objects.values()),
        instalments=_by_id(Instalment.objects.values()),
        funds=_by_id(Fund.objects.values("id", "second_approver_threshold")),
        roles=dict(User.objects.values_list("id", "role")),
        payments=list(Payment.objects.order_by("paid_on", "id").values()),
        checks=list(Check.objects.values()),
        clock_stops=list(ClockStop.objects.values()),
        flags=list(Flag.objects.values()),
        events=list(FlagEvent.objects.order_by("id").values("flag_id", "kind")),
        varied=_first(Variation.history.values_list("grant_id", "decided_by_id", "history_date")),
        authorised=_first(
            Instalment.history.filter(authorised_by__isnull=False).values_list("id", "history_date")
        ),
    )


def _first(rows: Iterable[tuple[Any, ...]]) -> dict[Any, datetime]:
    """The earliest moment, the last of its row, by what stands before it."""
    found: dict[Any, datetime] = {}
    for *of, at in rows:
        key = of[0] if len(of) == 1 else tuple(of)
        found[key] = min(at, found.get(key, at))
    return found


def _by_id(rows: Iterable[Row]) -> dict[int, Row]:
    return {row["id"]: row for row in rows}


def _by(name: str, rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found


def ledgers(lines: list[Row]) -> dict[int, Ledger]:
    """The lines of each grant, oldest first, each with what is left of it after its reversals."""
    back: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line["kind"] == "reversal":
            back[line["reverses_id"]] += line["amount"]
    return _by("grant_id", (line | {"left": line["amount"] - back[line["id"]]} for line in lines))


def money_adds_up(read: Read) -> None:
    """What is paid is within the award but for what was said to be above it, no more came back than went out, and both
    kept dates are right."""
    of_grant, schedules = ledgers(read.payments), _by("grant_id", read.instalments.values())
    for grant in read.grants.values():
        lines = of_grant.get(grant["id"], [])
        payments = [line for line in lines if line["kind"] == "payment"]
        assert all(line["left"] >= 0 for line in payments), "more was reversed than was paid"
        paid = sum(line["left"] for line in payments) - sum(line["left"] for line in recoveries_in(lines))
        assert all(line["left"] >= 0 for line in recoveries_in(lines)), "more was reversed than came back"
        assert paid >= 0, "more came back than was paid"
        known = sum(line["left"] for line in payments if line["above_award"])
        assert not lines or paid <= grant["amount_awarded"] + known, "more is paid than was awarded"
        days = [line["paid_on"] for line in payments if line["left"]]
        assert grant["first_paid_on"] == min(days, default=None), "the first payment is another"
        for instalment in schedules.get(grant["id"], []):
            assert instalment["paid_on"] == covered(instalment, payments), (
                "the instalment was paid another day"
            )


def recoveries_in(lines: Ledger) -> Ledger:
    """The lines of money that came back."""
    return [line for line in lines if line["kind"] == "recovery"]


def covered(instalment: Row, payments: Ledger) -> date | None:
    """The day on which an instalment's payments had come up to its amount."""
    total = Decimal(0)
    for line in payments:
        if line["instalment_id"] == instalment["id"]:
            total += line["left"]
            if instalment["amount"] and total >= instalment["amount"] and line["left"]:
                paid_on: date = line["paid_on"]
                return paid_on
    return None


def schedules_are_within_awards(read: Read) -> None:
    """Nobody can be asked for more than was awarded; what was paid and came back is no longer asked for."""
    scheduled: dict[int, Decimal] = defaultdict(Decimal)
    for line in read.instalments.values():
        scheduled[line["grant_id"]] += line["amount"] or 0
    for grant_id, lines in ledgers(read.payments).items():
        scheduled[grant_id] -= sum(line["left"] for line in recoveries_in(lines))
    for grant_id, total in scheduled.items():
        awarded = read.grants[grant_id]["amount_awarded"]
        assert awarded is None or total <= awarded, "more is scheduled than was awarded"


def duties_are_separate(read: Read) -> None:
    """Who decided or varied neither pays nor authorises; above the threshold it takes two, as for bank details."""
    for line in read.payments:
        grant = read.grants[line["grant_id"]]
        assert read.roles[line["recorded_by_id"]] == Role.FINANCE, "somebody else than finance moved money"
        assert line["recorded_by_id"] != grant["decided_by_id"], "who decided moved money"
        assert (grant["id"], line["recorded_by_id"]) not in read.varied, "who varied moved money"
        threshold = read.funds[grant["fund_id"]]["second_approver_threshold"]
        if line["kind"] == "payment" and threshold == THRESHOLD and line["amount"] > threshold:
            assert line["instalment_id"] is not None, "above the threshold, and nobody authorised it"
            authorised_by = read.instalments[line["instalment_id"]]["authorised_by_id"]
            assert authorised_by not in {None, line["recorded_by_id"]}, "one person did both"
    for instalment in read.instalments.values():
        decided_by = read.grants[instalment["grant_id"]]["decided_by_id"]
        authorised_by = instalment["authorised_by_id"]
        assert authorised_by is None or authorised_by != decided_by, "who decided authorised"
        if authorised_by is not None:
            at = read.authorised[instalment["id"]]
            varied_at = read.varied.get((instalment["grant_id"], authorised_by), at)
            assert varied_at >= at, "who varied authorised"
    for check in read.checks:
        changed_by = check["changed_by_id"]
        assert changed_by is None or check["checked_by_id"] != changed_by, (
            "one person changed and verified the bank details"
        )


def facts_are_paired(read: Read) -> None:
    """Half a fact is none: by whom, when and what stand or fall together."""
    for grant in read.grants.values():
        assert len({grant[name] is None for name in ("decision", "decided_on", "decided_by_id")}) == 1
        assert grant["first_paid_on"] is None or grant["tracked_from"] is not None
        assert not (grant["closed_on"] and grant["withdrawn_on"]), "closed and withdrawn"
        if grant["planned_start"] and grant["ends_on"]:
            assert grant["planned_start"] <= grant["ends_on"], "it ends before it starts"
    for check in read.checks:
        assert len({check[name] is None for name in ("result", "checked_on", "checked_by_id")}) == 1
    for line in read.instalments.values():
        assert (line["authorised_by_id"] is None) == (line["authorised_on"] is None)
        assert not line["condition_met_on"] or line["condition"], "a condition was met that nobody made"


def nothing_is_dated_ahead(read: Read) -> None:
    """Only what has happened is recorded."""
    happened: tuple[tuple[str, Iterable[Row], tuple[str, ...]], ...] = (
        ("payment", read.payments, ("paid_on", "receipt_confirmed_on")),
        ("clock stop", read.clock_stops, ("started_on", "ended_on")),
        ("check", read.checks, ("requested_on", "checked_on")),
        (
            "instalment",
            read.instalments.values(),
            ("authorised_on", "condition_met_on", "claim_valid_on", "paid_on"),
        ),
        ("grant", read.grants.values(), ("closed_on", "withdrawn_on", "first_paid_on", "tracked_from")),
    )
    for what, rows, names in happened:
        for row in rows:
            for name in names:
                assert row[name] is None or row[name] <= read.on, f"{what}: {name} is ahead"


def flags_are_single_and_tracked(read: Read) -> None:
    """One open flag per rule and subject; a flag that stands has its raising as its first event, and no clearing."""
    seen, events = set(), _by("flag_id", read.events)
    for flag in read.flags:
        kinds = [event["kind"] for event in events.get(flag["id"], [])]
        assert kinds[0] == "opened"
        assert kinds.count("cleared") == (1 if flag["cleared_on"] else 0)
        if flag["cleared_on"] is None:
            subject = (flag["rule"], *(flag[name] for name in SUBJECTS))
            assert subject not in seen, "two flags about one thing"
            seen.add(subject)


SUBJECTS = (
    "grant_id",
    "instalment_id",
    "clock_stop_id",
    "round_id",
    "funding_award_id",
    "organisation_id",
    "locality_id",
)


def the_register_checks_out(read: Read) -> None:
    """What `manage.py check_register` asks of each grant; the database itself holds the constraints it asks again."""
    found = [told for account in accounts() for check in CHECKS for told in check(account)]
    assert found == []


LAWS: tuple[Callable[[Read], None], ...] = (
    money_adds_up,
    schedules_are_within_awards,
    duties_are_separate,
    facts_are_paired,
    nothing_is_dated_ahead,
    flags_are_single_and_tracked,
    the_register_checks_out,
)
