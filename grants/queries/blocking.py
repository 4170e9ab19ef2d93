"""What blocks instalments, from their records to the pure rule: three queries, however many instalments."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from grants.models import Agreement, Check, ClockStop, Grant, Instalment
from grants.permissions import variers
from grants.queries.cases import block_case
from grants.rules.blocking import BlockCase, Blocker, blockers, needs_second_approver


def stops_by_grant(grant_ids: Collection[int]) -> dict[int, list[ClockStop]]:
    """The clock stops of some grants, each grant's in the order in which they began: one query."""
    stops: dict[int, list[ClockStop]] = defaultdict(list)
    for stop in ClockStop.objects.filter(grant__in=grant_ids).order_by("started_on", "pk"):
        stops[stop.grant_id].append(stop)
    return stops


def blockers_by_instalment(
    instalments: Sequence[Instalment], on: date, stops: Mapping[int, list[ClockStop]] | None = None
) -> dict[int, tuple[Blocker, ...]]:
    """What blocks each instalment, by its id; give instalments with `grant__fund` joined.

    Three queries; two where the clock stops of their grants are at hand.
    """
    ids = {instalment.grant_id for instalment in instalments}
    checks: dict[int, list[Check]] = defaultdict(list)
    for check in Check.objects.filter(grant__in=ids).order_by("kind"):
        checks[check.grant_id].append(check)
    stops = stops_by_grant(ids) if stops is None else stops
    agreements = {agreement.grant_id: agreement for agreement in Agreement.objects.filter(grant__in=ids)}
    found = {}
    for instalment in instalments:
        key = instalment.grant_id
        case = block_case(instalment.grant, agreements.get(key), checks[key], stops.get(key, ()), instalment)
        found[instalment.pk] = blockers(case, on)
    return found


def barred_from_paying(instalment: Instalment) -> frozenset[int]:
    """The ids of those who may not pay it: who decided the grant or a variation of it, and who authorised it above the
    threshold.

    Give an instalment with `grant__fund` joined, its grant `with_variers` where there are many.
    """
    grant = instalment.grant
    barred = {grant.decided_by_id, *variers(grant)}
    if needs_second_approver(instalment.amount, grant.fund.second_approver_threshold):
        barred.add(instalment.authorised_by_id)
    return frozenset(key for key in barred if key is not None)


def block_case_of(grant: Grant, instalment: Instalment | None) -> BlockCase:
    """The rule's case of one instalment, or of a payment outside the schedule: three queries."""
    agreement = Agreement.objects.filter(grant=grant).first()
    stops = grant.clock_stops.order_by("started_on", "pk")
    return block_case(grant, agreement, grant.checks.order_by("kind"), stops, instalment)
