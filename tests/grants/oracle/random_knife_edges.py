"""Awards on a knife edge: one grant, one instalment, and whether it may be paid hangs on one date about the look."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from core.models import User
from grants.models import (
    Agreement,
    Check,
    ClockStop,
    Fund,
    FundingAward,
    Grant,
    Instalment,
    OutcomeReturn,
    Payment,
)
from tests.grants.oracle.chance import Chance, days_later

AMOUNT = Decimal(1000)
LEFT = Decimal(400)
LONG_AGO_DAYS = 60

Edge = Callable[[dict[type, Any], date], None]


def _checked(rows: dict[type, Any], day: date) -> None:
    rows[Check].checked_on, rows[Check].expires_on = day, None


def _stop_ends(rows: dict[type, Any], day: date) -> None:
    rows[ClockStop].waiting_on = "provider"
    rows[ClockStop].started_on, rows[ClockStop].ended_on = days_later(day, -20), day


def _condition_met(rows: dict[type, Any], day: date) -> None:
    rows[Instalment].condition, rows[Instalment].condition_met_on = "Staff in post", day


def _claimed(rows: dict[type, Any], day: date) -> None:
    rows[Instalment].basis, rows[Instalment].claim_valid_on = "on_claim", day


def _forecast(rows: dict[type, Any], until: date) -> None:
    provider = rows[Check].checked_by
    rows[OutcomeReturn] = OutcomeReturn(
        grant=rows[Grant], period_to=until, state="submitted", submitted_on=until, submitted_by=provider
    )
    rows[OutcomeReturn].forecast_underspend = LEFT


def _recovered(rows: dict[type, Any], day: date) -> None:
    """The last day of the return, the day after or before: only what came back later is no longer forecast."""
    until = days_later(day, day.day % 3 - 1)
    _forecast(rows, until)
    at = datetime.combine(day, time(12), tzinfo=UTC)
    line = Payment(
        grant=rows[Grant], kind="recovery", amount=LEFT, paid_on=day, reason="Said", recorded_at=at
    )
    line.recorded_by = rows[Check].checked_by
    rows[Payment], rows[FundingAward].spent_means = line, "paid"
    rows[FundingAward].total_amount = AMOUNT - LEFT


def _closed(rows: dict[type, Any], day: date) -> None:
    """Of what is over nothing is forecast any more."""
    _forecast(rows, days_later(day, -1))
    rows[Grant].closed_on, rows[FundingAward].total_amount = day, Decimal(0)


EDGES: tuple[Edge, ...] = (
    _recovered,
    _closed,
    _checked,
    _stop_ends,
    _condition_met,
    _claimed,
    lambda rows, day: setattr(rows[Check], "expires_on", day),
    lambda rows, day: setattr(rows[ClockStop], "started_on", day),
    lambda rows, day: setattr(rows[Agreement], "countersigned_on", day),
    lambda rows, day: setattr(rows[Grant], "decided_on", day),
    lambda rows, day: setattr(
        rows[Instalment], "due_on", days_later(rows[FundingAward].spend_by, day.day % 3 - 1)
    ),
)


def knife_edges(chance: Chance, name: str, fund: Fund, users: list[User]) -> list[dict[type, Any]]:
    """The rows of one award for each edge, by table; the stop and the check are harmless where they are not it."""
    return [
        _knife_edge(chance.at_a_look(), f"{name}-edge-{n}", fund, users, edge) for n, edge in enumerate(EDGES)
    ]


def _knife_edge(chance: Chance, ref: str, fund: Fund, users: list[User], edge: Edge) -> dict[type, Any]:
    seen = days_later(chance.looks[0], -LONG_AGO_DAYS)
    award = FundingAward(ref=ref, title=ref, total_amount=AMOUNT, spent_means=chance.pick("paid", "defrayed"))
    award.spend_by, award.is_illustrative = days_later(chance.looks[-1], 30), fund.is_illustrative
    grant = Grant(ref=ref, title=ref, fund=fund, funding_award=award, tracked_from=seen, purpose="training")
    grant.decision, grant.decided_on, grant.decided_by = "approve", seen, users[0]
    rows = {
        FundingAward: award,
        Grant: grant,
        Agreement: Agreement(grant=grant, issued_on=seen, signed_on=seen, countersigned_on=seen),
        Instalment: Instalment(grant=grant, number=1, amount=AMOUNT, due_on=days_later(seen, 30)),
        Check: Check(grant=grant, kind="insurance", result="passed", checked_by=users[1], checked_on=seen),
        ClockStop: ClockStop(
            grant=grant, waiting_on="funder", reason="Their terms", started_on=days_later(chance.looks[-1], 9)
        ),
    }
    edge(rows, chance.near(chance.look))
    return rows
