"""Support that ends within twelve months, or ended within the twelve before: how many each grant leaves uncovered,
what is planned, until when there is time to act. The pure rule of the cliff edge is the only definition.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from core.models import User
from core.rules.dates import months_before, months_in
from grants.models import Cover, Flag, Grant, GrantPartner, Purpose
from grants.models.decisions import MAY_BE_FUNDED, RUNS, PartnerRole
from grants.models.endings import Certainty, CoverKind
from grants.queries.candidates.endings import SUPPORT, UNIT_WORDS, with_support
from grants.queries.durations import FundTerms, durations_for, fund_terms
from grants.queries.planning import Own, kept_durations
from grants.queries.timing.sql import InOrder
from grants.rules.cliff import CliffCase, CliffVerdict, judge_cliff_edge, uncovered, window
from grants.rules.cluster import pounds_a_year
from grants.rules.levels import Rule
from grants.rules.safe_date import LatestSafe, StageDurations, latest_safe
from grants.rules.sentences import clears_briefly

JUDGED = ("id", "ref", "fund_id", "amount_awarded", "planned_end", *SUPPORT)
TOLD = (
    *JUDGED,
    "title",
    "fund__name",
    "lead_provider__name",
    "plan__recorded_on",
    "plan__reviewed_on",
)


class Planning(NamedTuple):
    """A day, what each register's own cases tell (True: illustrative), and by fund its terms and how long its stages
    take."""

    on: date
    own: Own
    terms: Mapping[int, FundTerms]
    durations: Mapping[int, StageDurations]


class Judged(NamedTuple):
    """One ending grant: `uncovered` None is not known, `unit` is what is counted, pounds a year None is not known."""

    pk: int
    ref: str
    ends_on: date
    uncovered: int | None
    unit: str | None
    pounds_a_year: Decimal | None
    safe: LatestSafe
    case: CliffCase
    verdict: CliffVerdict | None


class Confirmed(NamedTuple):
    """Money that is confirmed: pounds (None where none is known), how many lines, how many of them without pounds."""

    pounds: Decimal | None
    lines: int
    not_known: int


NOTHING_CONFIRMED = Confirmed(None, 0, 0)


@dataclass(frozen=True, slots=True)
class EndingRow:
    """One ending grant as a page tells it."""

    judged: Judged
    title: str
    fund: str
    provider: str | None
    plan_on: date | None
    plan_reviewed_on: date | None
    confirmed: Confirmed
    notice_due_on: date

    @property
    def level(self) -> str | None:
        """The level of the cliff edge; None where nobody is uncovered, or it is too early to say."""
        return self.judged.verdict.level if self.judged.verdict else None


class NotAssessed(NamedTuple):
    """Open grants that may support families and are in no figure: not tracked, no end date, no purpose recorded."""

    untracked: int
    no_end: int
    no_purpose: int


class MeetingPlace(NamedTuple):
    """A locality, school or provider with a cluster flag that stands, and the grants that end together there."""

    flag_id: int
    kind: str
    name: str
    refs: tuple[str, ...]
    first: date
    last: date


def support_ending(user: User, *, on: date, illustrative: bool) -> QuerySet[Grant]:
    """Tracked direct support of one register, not closed, that ends in the window of the cliff edge."""
    return _support(user, illustrative=illustrative).filter(ends_on__range=window(on))


def every_support_ending(user: User, *, on: date, illustrative: bool) -> QuerySet[Grant]:
    """The same grants, for reading all of them: about as many as end in any other year."""
    ends = _support(user, illustrative=illustrative).annotate(ends=InOrder("ends_on"))
    return ends.filter(ends__range=window(on))


def _support(user: User, *, illustrative: bool) -> QuerySet[Grant]:
    return Grant.objects.visible_to(user).in_register(illustrative=illustrative).tracked_support()


def planning(on: date) -> Planning:
    """What an ending is judged with: two queries, four after something changed."""
    terms, own = fund_terms(), kept_durations(on)
    return Planning(on, own, terms, {key: durations_for(fund, own) for key, fund in terms.items()})


def ending_rows(page: QuerySet[Grant], setting: Planning) -> list[EndingRow]:
    """The rows of one page of `support_ending`, in its order: two queries."""
    rows = list(with_support(page, setting.on).values(*TOLD))
    confirmed = _confirmed([row["id"] for row in rows], setting.on)
    return [_row(row, setting, confirmed.get(row["id"], NOTHING_CONFIRMED)) for row in rows]


def _judge(row: Mapping[str, Any], setting: Planning) -> Judged:
    fund, ends_on = setting.terms[row["fund_id"]], row["ends_on"]
    safe = latest_safe(ends_on, fund.notice_months, setting.durations[row["fund_id"]])
    case = CliffCase(
        ends_on=ends_on,
        starts_on=row["planned_start"],
        caseload=row["caseload"],
        caseload_on=row["caseload_on"],
        covered=row["covered"],
        return_period_months=fund.return_period_months,
        notice_months=fund.notice_months,
        notice_given_on=row["notice_given_on"],
        latest_safe_on=safe.latest_safe_on,
    )
    yearly = pounds_a_year(row["amount_awarded"], months_in(row["planned_start"], row["planned_end"]))
    left, verdict = uncovered(case, setting.on), judge_cliff_edge(case, setting.on)
    return Judged(row["id"], row["ref"], ends_on, left, row["caseload_unit"], yearly, safe, case, verdict)


def _row(row: Mapping[str, Any], setting: Planning, confirmed: Confirmed) -> EndingRow:
    judged = _judge(row, setting)
    return EndingRow(
        judged=judged,
        title=row["title"],
        fund=row["fund__name"],
        provider=row["lead_provider__name"],
        plan_on=row["plan__recorded_on"],
        plan_reviewed_on=row["plan__reviewed_on"],
        confirmed=confirmed,
        notice_due_on=months_before(judged.ends_on, judged.case.notice_months),
    )


def _confirmed(ids: list[int], on: date) -> dict[int, Confirmed]:
    """The confirmed money of each grant that has any: one query. Cover that needs no money has no amount to be missed;
    a line of nobody was withdrawn.
    """
    confirmed = Q(plan__grant__in=ids, certainty=Certainty.CONFIRMED, confirmed_on__lte=on, number__gt=0)
    found = (
        Cover.objects.filter(confirmed, Q(kind=CoverKind.CONFIRMED_FUNDING) | Q(amount__isnull=False))
        .order_by()
        .values_list("plan__grant")
        .annotate(
            pounds=Sum("amount"),
            lines=Count("pk"),
            not_known=Count("pk", filter=Q(amount__isnull=True)),
        )
    )
    return {grant_id: Confirmed(*rest) for grant_id, *rest in found}


def what_clears(judged: Judged, *, with_people: bool) -> str | None:
    """What would clear the flag of an ending, without any number of people where those are not for the reader."""
    if judged.verdict is None:
        return None
    facts = judged.verdict.facts() | ({"unit": UNIT_WORDS[judged.unit]} if judged.unit else {})
    if not with_people:
        facts["caseload"] = None
    return clears_briefly(judged.verdict.level, facts)


def not_assessed(user: User, *, illustrative: bool) -> NotAssessed:
    """How many grants the figures leave out: one query."""
    grants = Grant.objects.visible_to(user).in_register(illustrative=illustrative).order_by()
    may_support = Q(purpose=Purpose.DIRECT_SUPPORT) | Q(purpose__isnull=True)
    found = grants.filter(MAY_BE_FUNDED, withdrawn_on__isnull=True, closed_on__isnull=True).aggregate(
        untracked=Count("pk", filter=may_support & Q(tracked_from__isnull=True)),
        no_end=Count("pk", filter=RUNS & Q(purpose=Purpose.DIRECT_SUPPORT, ends_on__isnull=True)),
        no_purpose=Count("pk", filter=RUNS & Q(purpose__isnull=True)),
    )
    return NotAssessed(**found)


def meeting_places(*, illustrative: bool, at_most: int) -> tuple[list[MeetingPlace], int]:
    """The places where endings meet as the rules last found them, those of most grants first, and how many there are.

    One query.
    """
    as_school = GrantPartner.objects.filter(role=PartnerRole.SCHOOL, organisation=OuterRef("organisation"))
    flags = Flag.objects.standing().in_register(illustrative=illustrative).filter(rule=Rule.CLUSTER)
    found = (
        flags.order_by()
        .annotate(is_school=Exists(as_school))
        .values_list("pk", "facts", "locality__name", "organisation__name", "is_school")
    )
    places = [
        MeetingPlace(
            flag_id=pk,
            kind="Locality" if locality else "School" if is_school else "Provider",
            name=locality or organisation,
            refs=tuple(facts["refs"]),
            first=date.fromisoformat(facts["window_start"]),
            last=date.fromisoformat(facts["window_end"]),
        )
        for pk, facts, locality, organisation, is_school in found
    ]
    places.sort(key=lambda place: (-len(place.refs), place.kind, place.name, place.flag_id))
    return places[:at_most], len(places)
