"""How long before the deadline groups heard: the information lead time of each round."""

from datetime import date
from typing import NamedTuple

from django.db.models import F

from core.rules.working_days import WorkingDays
from grants.models import Round
from grants.queries.durations import FundTerms
from grants.rules.slow import information_lead_time_working_days


class LeadTime(NamedTuple):
    """A round from announcement to close; working days are None where a date is not known."""

    pk: int
    ref: str
    name: str
    fund_id: int
    fund: str
    announced_on: date | None
    closes_on: date | None
    working_days: int | None
    norm_working_days: int

    def is_announced(self, on: date) -> bool:
        """Whether it was announced by a day; a round whose announcement is not dated is taken to have been."""
        return self.announced_on is None or self.announced_on <= on

    @property
    def is_short(self) -> bool | None:
        """Whether groups had less time than the fund's norm; None where that is not known."""
        return None if self.working_days is None else self.working_days < self.norm_working_days


def lead_times(
    terms: dict[int, FundTerms], *, illustrative: bool, calendar: WorkingDays, only_fund: int | None
) -> list[LeadTime]:
    """Every round of a register, or of one fund: the newest first, those without a date last. One query."""
    rounds = Round.objects.filter(fund__is_illustrative=illustrative).order_by(
        F("announced_on").desc(nulls_last=True), "ref"
    )
    if only_fund is not None:
        rounds = rounds.filter(fund=only_fund)
    return [
        LeadTime(
            pk,
            ref,
            name,
            fund_id,
            fund,
            announced,
            closes,
            information_lead_time_working_days(announced, closes, calendar),
            terms[fund_id].information_norm_working_days,
        )
        for pk, ref, name, fund_id, fund, announced, closes in rounds.values_list(
            "pk", "ref", "name", "fund_id", "fund__name", "announced_on", "closes_on"
        )
    ]
