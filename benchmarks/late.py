"""What is waiting and late: one cut-off date a standard and a partial index, against a loop over objects."""

from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q

from benchmarks.measure import line, seconds
from core.calendar import working_days
from grants.models import Fund, Grant


def late_list(on: date) -> None:
    """Count the waiting and the late by a comparison of dates; then as a naive program would."""
    calendar = working_days()
    standards = dict(Fund.objects.values_list("id", "payment_standard_working_days"))
    funds_of = {
        standard: [pk for pk, own in standards.items() if own == standard] for standard in standards.values()
    }
    late = reduce(
        or_,
        (
            Q(fund_id__in=funds, implementable_on__lte=calendar.cut_off(on, standard))
            for standard, funds in funds_of.items()
        ),
    )

    def by_cut_off() -> int:
        return Grant.objects.awaiting_first_payment().filter(late).order_by().count()

    def by_objects() -> int:
        found = 0
        for grant in Grant.objects.all().iterator():
            awaits = (
                grant.tracked_from
                and not grant.first_paid_on
                and not grant.closed_on
                and not grant.withdrawn_on
            )
            if awaits and grant.decision in ("approve", "approve_with_conditions") and grant.implementable_on:
                days = calendar.between(grant.implementable_on, on) if grant.implementable_on <= on else 0
                found += days > standards[grant.fund_id]
        return found

    if by_cut_off() != by_objects():
        raise SystemExit("The two ways of counting the late disagree: the benchmark measures nothing.")
    print(f"Waiting and late: {by_cut_off():,} grants")
    fast, slow = seconds(by_cut_off), seconds(by_objects, repeats=1)
    line("cut-off date and partial index", fast, slow, "a loop over objects", "reach ≥ 100 ×")
