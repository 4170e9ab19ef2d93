"""What stands between an instalment and its payment: what, since when, and who can clear it.

Worked examples: docs/rules/blocking.md. A fact dated after the day of judging has not happened yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from core.rules.money import format_pounds

COUNCIL = "council"
PROVIDER = "provider"

PASSED = "passed"
FAILED = "failed"
BEFORE_AGREEMENT = "agreement"


class Block(StrEnum):
    """The kinds of block, in the order in which they are cleared."""

    CHECK_BEFORE_AGREEMENT = "check_before_agreement"
    AGREEMENT_NOT_ISSUED = "agreement_not_issued"
    AGREEMENT_NOT_SIGNED = "agreement_not_signed"
    AGREEMENT_NOT_COUNTERSIGNED = "agreement_not_countersigned"
    CHECK = "check"
    BANK_DETAILS_CHANGED = "bank_details_changed"
    CONDITION = "condition"
    CLOCK_STOP = "clock_stop"
    CLAIM = "claim"
    SECOND_APPROVER = "second_approver"


class CheckFacts(NamedTuple):
    """One piece of due diligence. `changed`: new bank details were told, which a second person must verify.

    `unverified_from`: the day from which no details were verified; None where none ever were.
    """

    kind: str
    label: str
    needed_before: str
    requested_on: date | None = None
    result: str | None = None
    checked_on: date | None = None
    expires_on: date | None = None
    changed: bool = False
    unverified_from: date | None = None


class StopFacts(NamedTuple):
    """A stretch in which the council waits; it includes its first day and not its end."""

    waiting_on: str
    reason: str
    start: date
    end: date | None


class InstalmentFacts(NamedTuple):
    """What of the instalment itself can block it."""

    amount: Decimal | None
    due_on: date | None = None
    condition: str = ""
    condition_met_on: date | None = None
    condition_waits_on: str = ""
    on_claim: bool = False
    claim_valid_on: date | None = None
    authorised_on: date | None = None


class BlockCase(NamedTuple):
    """One instalment with its grant. `instalment` is None for a payment outside the schedule."""

    decided_on: date | None
    issued_on: date | None
    signed_on: date | None
    countersigned_on: date | None
    checks: tuple[CheckFacts, ...]
    stops: tuple[StopFacts, ...]
    instalment: InstalmentFacts | None
    second_approver_threshold: Decimal | None


class Blocker(NamedTuple):
    """One thing in the way. `key` names the check's kind; `since` is None when it is not known or not begun."""

    block: Block
    key: str
    what: str
    who: str
    since: date | None
    clears_when: str


def blockers(case: BlockCase, on: date) -> tuple[Blocker, ...]:
    """Everything that blocks the payment on `on`, first things first; empty when it is ready to pay."""
    found = [*_agreement(case, on), *_checks_before_payment(case, on)]
    if case.instalment is not None:
        found += _condition(case, case.instalment, on)
    found += _stops(case, on)
    if case.instalment is not None:
        found += _claim(case.instalment, on)
        found += _second_approver(case, case.instalment, on)
    return tuple(found)


def needs_second_approver(amount: Decimal | None, threshold: Decimal | None) -> bool:
    """Whether a payment of so much needs a second person; without a threshold none does."""
    return amount is not None and threshold is not None and amount > threshold


def check_trouble(check: CheckFacts, on: date) -> tuple[str, date | None] | None:
    """What is wrong with a check on `on`, and since when; None when it is seen, in order, and has not expired."""
    if check.result is None or check.checked_on is None or check.checked_on > on:
        return "not seen", _by(check.requested_on, on)
    if check.result != PASSED:
        return "not in order", check.checked_on
    if check.expires_on is not None and check.expires_on < on:
        return "expired", check.expires_on + timedelta(days=1)
    return None


def _by(day: date | None, on: date) -> date | None:
    """The day, if it has come by `on`."""
    return day if day is not None and day <= on else None


def _agreement(case: BlockCase, on: date) -> Iterator[Blocker]:
    issued, signed = _by(case.issued_on, on), _by(case.signed_on, on)
    if issued is None:
        waiting_for = [check for check in case.checks if check.needed_before == BEFORE_AGREEMENT]
        yield from _troubled(waiting_for, Block.CHECK_BEFORE_AGREEMENT, case, on)
        what, clear = "Agreement not issued", "the day the agreement was issued is recorded"
        yield Blocker(Block.AGREEMENT_NOT_ISSUED, "", what, COUNCIL, case.decided_on, clear)
    elif signed is None:
        what, clear = "Agreement not signed", "the provider signs and the day is recorded"
        yield Blocker(Block.AGREEMENT_NOT_SIGNED, "", what, PROVIDER, issued, clear)
    elif _by(case.countersigned_on, on) is None:
        what, clear = "Agreement not countersigned", "the day the council countersigned is recorded"
        yield Blocker(Block.AGREEMENT_NOT_COUNTERSIGNED, "", what, COUNCIL, signed, clear)


def _checks_before_payment(case: BlockCase, on: date) -> Iterator[Blocker]:
    needed = [check for check in case.checks if check.needed_before != BEFORE_AGREEMENT]
    for check in needed:
        if check.changed and check.result is None:
            if check.unverified_from is None or check.unverified_from <= on:
                what = "Bank details changed and not verified"
                clear = "a second person verifies them by calling the provider back, and records it"
                since = check.unverified_from or _by(check.requested_on, on) or case.decided_on
                yield Blocker(Block.BANK_DETAILS_CHANGED, check.kind, what, COUNCIL, since, clear)
        else:
            yield from _troubled([check], Block.CHECK, case, on)


def _troubled(checks: list[CheckFacts], block: Block, case: BlockCase, on: date) -> Iterator[Blocker]:
    """Checks that are not in order: the provider's to clear once they were asked for, the council's until then."""
    for check in checks:
        trouble = check_trouble(check, on)
        if trouble is not None:
            word, since = trouble
            asked = _by(check.requested_on, on) is not None
            who = PROVIDER if asked else COUNCIL
            clear = (
                "one in order is seen and recorded"
                if asked
                else "it is asked for, seen in order and recorded"
            )
            yield Blocker(block, check.kind, f"{check.label} {word}", who, since or case.decided_on, clear)


def _condition(case: BlockCase, instalment: InstalmentFacts, on: date) -> Iterator[Blocker]:
    if instalment.condition and _by(instalment.condition_met_on, on) is None:
        who = instalment.condition_waits_on or COUNCIL
        what = f"Condition not met: {instalment.condition}"
        yield Blocker(
            Block.CONDITION, "", what, who, case.decided_on, "the day the condition was met is recorded"
        )


def _stops(case: BlockCase, on: date) -> Iterator[Blocker]:
    for stop in sorted(case.stops, key=lambda stop: stop.start):
        if stop.start <= on and (stop.end is None or on < stop.end):
            what, clear = f"Clock stopped: {stop.reason}", "the clock stop is ended"
            yield Blocker(Block.CLOCK_STOP, "", what, stop.waiting_on, stop.start, clear)


def _claim(instalment: InstalmentFacts, on: date) -> Iterator[Blocker]:
    if instalment.on_claim and _by(instalment.claim_valid_on, on) is None:
        due, clear = _by(instalment.due_on, on), "the day a valid claim came is recorded"
        yield Blocker(Block.CLAIM, "", "No valid claim yet", PROVIDER, due, clear)


def _second_approver(case: BlockCase, instalment: InstalmentFacts, on: date) -> Iterator[Blocker]:
    threshold = case.second_approver_threshold
    if needs_second_approver(instalment.amount, threshold) and _by(instalment.authorised_on, on) is None:
        what = f"Second approver needed above {format_pounds(threshold)}"
        clear = "a person who neither decided the grant nor pays it authorises the instalment"
        yield Blocker(Block.SECOND_APPROVER, "", what, COUNCIL, case.decided_on, clear)
