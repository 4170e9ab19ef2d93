"""Awards on a knife edge: one grant, one instalment, and whether it may be paid hangs on one date about the look."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from core.models import User
from grants.models import Agreement, Check, ClockStop, Fund, FundingAward, Grant, Instalment
from tests.grants.oracle.chance import Chance, days_later

AMOUNT = Decimal(1000)
LONG_AGO_DAYS = 60

Edge = Callable[[dict[type, Any], date], None]


def _checked(rows: dict[type, Any], day: date) -> None:
    rows[Check].checked_on, rows[Check].expires_on = day, None


def _stop_ends(rows: dict[type, Any], day: date) -> None:
    rows[ClockStop].started_on, rows[ClockStop].ended_on = days_later(day, -20), day


def _condition_met(rows: dict[type, Any], day: date) -> None:
    rows[Instalment].condition, rows[Instalment].condition_met_on = "Staff in post", day


def _claimed(rows: dict[type, Any], day: date) -> None:
    rows[Instalment].basis, rows[Instalment].claim_valid_on = "on_claim", day


EDGES: tuple[Edge, ...] = (
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
