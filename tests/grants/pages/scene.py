"""A small register with something of everything, for the tests of the pages."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from grants.models import Fund, Grant
from grants.rules.levels import Level, Rule
from tests.factories import (
    make_agreement,
    make_award,
    make_check,
    make_cover,
    make_flag,
    make_fund,
    make_grant,
    make_instalment,
    make_locality,
    make_notice,
    make_payment_row,
    make_plan,
    make_return,
    make_round,
    make_stop,
)
from tests.factories.people import People

SECRET_WORDS = "Whispered in confidence"
UNIQUE_CASELOAD = 7319

SLOW_FACTS = {
    "on": "2026-11-20",
    "standard_working_days": 21,
    "council_working_days": 30,
    "gross_working_days": 30,
    "provider_working_days": 0,
    "funder_working_days": 0,
    "total_wait_working_days": 30,
    "clock_start": "2026-10-09",
    "decided_on": "2026-10-09",
    "planned_start": "2026-11-02",
    "start_passed": True,
}
CLIFF_FACTS = {
    "on": "2026-11-20",
    "ends_on": "2027-01-31",
    "starts_on": "2026-02-01",
    "uncovered": 26,
    "covered": 0,
    "caseload": 26,
    "caseload_on": "2026-09-30",
    "caseload_needed_from": "2026-05-20",
    "notice_due_on": "2026-10-31",
    "notice_given_on": None,
    "latest_safe_on": "2026-06-01",
    "reported_until": "2028-01-31",
}


@dataclass
class Scene:
    """The grants that the tests name."""

    fund: Fund
    late: Grant
    paid: Grant
    ending: Grant
    untracked: Grant
    undecided: Grant
    others: Grant
    real: Grant


def make_scene(people: People, copies: int = 1) -> Scene:
    """One of everything; `copies` makes the register so many times larger, the first one is returned."""
    scenes = [_one(people) for _ in range(copies)]
    return scenes[0]


def _one(people: People) -> Scene:
    officers = {"lead_officer": people.commissioner, "finance_owner": people.finance}
    fund = make_fund(awards=[make_award()], second_approver_threshold=Decimal(10000))
    round_ = make_round(fund=fund)
    own = {"fund": fund, "round": round_, "lead_provider": people.organisation, **officers}
    late = make_grant(title="Late Garden", localities=[make_locality()], **own)
    _late(late, people)
    paid = make_grant(title="Paid Garden", first_paid_on=None, **own)
    _paid(paid)
    ending = make_grant(
        title="Ending Garden", ends_on=date(2027, 1, 31), planned_start=date(2026, 2, 1), **own
    )
    _ending(ending, people)
    return Scene(
        fund=fund,
        late=late,
        paid=paid,
        ending=ending,
        untracked=make_grant(
            title="Untracked Garden", tracked=False, decided=False, ends_on=None, ends_about="2025-03", **own
        ),
        undecided=make_grant(title="Undecided Garden", decided=False, **{**own, "fund": fund}),
        others=make_grant(title="Others Garden", **{**own, "lead_provider": people.other_organisation}),
        real=make_grant(title="Real Garden", illustrative=False, tracked=False, decided=False),
    )


def _late(grant: Grant, people: People) -> None:
    make_agreement(grant, signed_on=None, countersigned_on=None)
    make_check(grant)
    first = make_instalment(grant)
    make_instalment(grant, condition=SECRET_WORDS, due_on=date(2027, 2, 1))
    stop = make_stop(grant, reason=SECRET_WORDS)
    make_return(grant, caseload=UNIQUE_CASELOAD)
    make_return(grant, state="due", period_to=date(2026, 10, 31), due_on=date(2026, 11, 14))
    make_flag(grant=grant, level=Level.CRITICAL, facts=SLOW_FACTS, owner=people.finance)
    facts = {"on": "2026-11-20", "waiting_on": "provider", "started_on": "2026-10-12", "working_days": 29}
    make_flag(rule=Rule.STOP_TO_CHASE, clock_stop=stop, facts=facts, owner=people.commissioner)
    assert first.number == 1


def _paid(grant: Grant) -> None:
    make_agreement(grant)
    make_payment_row(grant, instalment=make_instalment(grant), reference=SECRET_WORDS)
    make_return(grant, state="accepted")


def _ending(grant: Grant, people: People) -> None:
    make_agreement(grant)
    make_instalment(grant)
    make_return(grant)
    make_cover(make_plan(grant, summary=SECRET_WORDS), certainty="applied", source="Lottery")
    make_notice(grant, note=SECRET_WORDS)
    make_flag(
        grant=grant, rule=Rule.CLIFF_EDGE, level=Level.CRITICAL, facts=CLIFF_FACTS, owner=people.commissioner
    )
