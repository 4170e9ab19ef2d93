"""Every flag that has to stand on a day, from the records alone."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from grants.models import FundingAward, Grant, Round
from tests.grants.oracle.durations import DurationsOf
from tests.grants.oracle.endings import cliff_edge, is_cluster, places_of
from tests.grants.oracle.facts import Facts, facts_of
from tests.grants.oracle.funds import is_short_notice, money_may_go_back
from tests.grants.oracle.payments import (
    is_late_instalment,
    is_paid_above_award,
    slow_first_payment,
    stops_to_chase,
)

Expected = tuple[str, str, str]  # rule, level, subject


def expected_flags(on: date) -> set[Expected]:
    """Rule, level and subject (`kind:ref`) of each flag that stands at the end of a pass on this day."""
    facts = facts_of(on)
    durations_of = DurationsOf(facts)
    return {
        *payment_flags(facts),
        *fund_flags(facts, durations_of),
        *ending_flags(facts, durations_of),
        *cluster_flags(facts),
    }


def payment_flags(facts: Facts) -> Iterator[Expected]:
    """What finance and the commissioner are late with."""
    for grant in facts.grants:
        if level := slow_first_payment(grant, facts):
            yield "slow_first_payment", level, f"grant:{grant.ref}"
        for instalment in grant.instalments.all():
            if is_late_instalment(instalment, grant, facts.on):
                yield "late_instalment", "late", f"instalment:{grant.ref}/{instalment.number}"
        if is_paid_above_award(grant, facts.on):
            yield "paid_above_award", "high", f"grant:{grant.ref}"
        for stop_id in stops_to_chase(grant, facts):
            yield "stop_to_chase", "late", f"stop:{grant.ref}/{stop_id}"


def fund_flags(facts: Facts, durations_of: DurationsOf) -> Iterator[Expected]:
    """What goes wrong above the grants."""
    for round_ in Round.objects.select_related("fund"):
        if is_short_notice(round_, facts):
            yield "short_notice_round", "watch", f"round:{round_.ref}"
    for award in FundingAward.objects.prefetch_related("funds"):
        if level := money_may_go_back(award, facts, durations_of):
            yield "money_may_go_back", level, f"award:{award.ref}"


def ending_flags(facts: Facts, durations_of: DurationsOf) -> Iterator[Expected]:
    """Whose families are near the edge."""
    for grant in facts.grants:
        if level := cliff_edge(grant, facts.on, durations_of):
            yield "cliff_edge", level, f"grant:{grant.ref}"


def cluster_flags(facts: Facts) -> Iterator[Expected]:
    """Where endings meet."""
    places: dict[str, list[Grant]] = defaultdict(list)
    for grant in facts.grants:
        for place in places_of(grant):
            places[place].append(grant)
    for place, grants in places.items():
        if is_cluster(grants, facts.on):
            yield "cluster", "high", place
