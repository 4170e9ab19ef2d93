"""What is not known: each gap as the records that have it, so that the count, the list and the advice agree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from core.rules.dates import months_before
from grants.models import Grant, Instalment, OutcomeReturn
from grants.models.decisions import APPROVED, IS_TRACKED_SUPPORT
from grants.models.decisions import RUNS as RUNS_TRACKED
from grants.queries.decisions import RUNS
from grants.queries.paying import is_paid_by_one_of_several, is_to_be_paid_for
from grants.rules.cliff import CASELOAD_GOOD_FOR_RETURN_PERIODS

OnDay = Callable[[date], Q]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not known of a grant. `spoils` are the figures that suffer, `who` could say.

    `asked_of` makes the condition for the grants in question on a day, `lacks` the one for those of them that lack it;
    `act` is the URL name of the form that fills it in, if there is one. Of a gap that `is_indexed` an index knows the
    few grants that can have it: they are counted apart from all the others.
    """

    key: str
    what: str
    who: str
    spoils: tuple[str, ...]
    asked_of: OnDay
    lacks: OnDay
    act: str
    is_indexed: bool = False

    def has_it(self, on: date) -> Q:
        """The grants of which it is not known, on a day."""
        return self.asked_of(on) & self.lacks(on)


def _all(on: date) -> Q:
    # No empty Q: a condition of a Case must say something.
    return Q(pk__isnull=False)


def _running(on: date) -> Q:
    """Tracked or not: a plain fact can be said of both. A gap in what is over spoils no figure of today."""
    return RUNS


def _decided(on: date) -> Q:
    """Decided as far as anybody knows: a tracked grant of which nothing is said waits for its decision."""
    told = Q(decision__isnull=False) | Q(decided_about__isnull=False) | Q(tracked_from__isnull=True)
    return RUNS & told


def _provided(on: date) -> Q:
    return RUNS & Q(lead_provider__isnull=False)


def _tracked(on: date) -> Q:
    return RUNS_TRACKED


def _unpaid(on: date) -> Q:
    return RUNS_TRACKED & Q(decision__in=APPROVED, first_paid_on__isnull=True)


def _support(on: date) -> Q:
    """Tracked support that still runs."""
    return IS_TRACKED_SUPPORT & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def _one_of_several(on: date) -> Q:
    """Tracked and approved, of a fund that several awards pay for. What is over has spent its award's money too."""
    return is_to_be_paid_for(on) & is_paid_by_one_of_several()


def _no_schedule(on: date) -> Q:
    dated = Instalment.objects.filter(grant=OuterRef("pk"), number=1, due_on__isnull=False)
    return Q(~Exists(dated))


def _no_instalment_amount(on: date) -> Q:
    """With an instalment to be paid of which nobody knows how much it is: found once, not grant by grant."""
    unknown = Instalment.objects.filter(paid_on__isnull=True, amount__isnull=True)
    return Q(pk__in=unknown.order_by().values("grant"))


def _no_caseload(on: date) -> Q:
    """With nobody counted in the last two return periods.

    A return period is a whole number of months, so there are few of them: for each from 1 to 12 the grants counted
    since one day, which a database finds once, not grant by grant.
    """
    fresh = reduce(or_, (_counted_since(on, months) for months in range(1, 13)))
    return ~fresh


def _counted_since(on: date, months: int) -> Q:
    """Grants of funds with returns every so many months, with somebody counted in the last two of their periods."""
    since = months_before(on, CASELOAD_GOOD_FOR_RETURN_PERIODS * months)
    counted = OutcomeReturn.objects.filter(
        grant=OuterRef("pk"), caseload__isnull=False, period_to__lte=on, period_to__gte=since
    )
    return Q(fund__return_period_months=months) & Q(Exists(counted))


def _no_locality(on: date) -> Q:
    placed = Grant.localities.through.objects.filter(grant=OuterRef("pk"))
    return Q(~Exists(placed))


def _empty(field: str) -> OnDay:
    return lambda on: Q(**{f"{field}__isnull": True})


_MONEY = ("Amounts and totals", "Pounds a year that end", "Money that may go back")
_ENDINGS = ("Ending without cover", "Latest safe date", "Endings that meet", "Left without support")

GAPS: Mapping[str, Gap] = {
    gap.key: gap
    for gap in (
        Gap(
            "end_date",
            "No end date",
            "Lead officer",
            (*_ENDINGS, "Funded time lost"),
            _running,
            _empty("ends_on"),
            "record_details",
        ),
        Gap(
            "caseload",
            "No caseload in the last two return periods",
            "Provider",
            _ENDINGS[:1] + _ENDINGS[2:],
            _support,
            _no_caseload,
            "record_caseload",
        ),
        Gap(
            "amount",
            "No amount awarded",
            "Lead officer",
            _MONEY,
            _running,
            _empty("amount_awarded"),
            "record_details",
        ),
        Gap(
            "funding_award",
            "No funding award named where several pay for the fund",
            "Commissioner",
            ("Money that may go back",),
            _one_of_several,
            _empty("funding_award"),
            "record_details",
        ),
        Gap(
            "purpose",
            "No purpose recorded",
            "Lead officer",
            _ENDINGS,
            _running,
            _empty("purpose"),
            "record_details",
        ),
        Gap(
            "planned_start",
            "No planned start",
            "Lead officer",
            ("Funded time lost", "Pounds a year that end"),
            _running,
            _empty("planned_start"),
            "record_details",
        ),
        Gap(
            "planned_end",
            "No planned end",
            "Lead officer",
            ("Funded time lost",),
            _running,
            _empty("planned_end"),
            "record_details",
        ),
        Gap(
            "first_due",
            "No due date for the first instalment",
            "Finance",
            ("Council's time", "Pay next"),
            _unpaid,
            _no_schedule,
            "vary_grant",
            is_indexed=True,
        ),
        Gap(
            "decision",
            "No day of the decision",
            "Lead officer",
            ("Council's time", "Funded time lost", "Money that may go back"),
            _decided,
            _empty("decided_on"),
            "record_details",
        ),
        Gap(
            "instalment_amount",
            "No amount of an instalment",
            "Finance",
            ("Pay next", "Money that may go back"),
            _tracked,
            _no_instalment_amount,
            "",
        ),
        Gap(
            "localities",
            "No locality",
            "Lead officer",
            ("Endings that meet", "Money by place"),
            _running,
            _no_locality,
            "record_details",
        ),
        Gap(
            "provider",
            "No lead provider",
            "Lead officer",
            ("Endings that meet", "Speed by kind of provider"),
            _running,
            _empty("lead_provider"),
            "name_provider",
        ),
        Gap(
            "provider_kind",
            "No kind of provider",
            "Provider",
            ("Speed by kind of provider",),
            _provided,
            _empty("lead_provider__kind"),
            "name_provider",
        ),
        Gap(
            "lead_officer",
            "No lead officer",
            "Administrator",
            ("Who owns a flag",),
            _running,
            _empty("lead_officer"),
            "record_details",
        ),
        Gap(
            "finance_owner",
            "No finance owner",
            "Administrator",
            ("Who owns a flag",),
            _tracked,
            _empty("finance_owner"),
            "record_details",
        ),
        Gap(
            "award_type",
            "No award type",
            "Lead officer",
            (),
            _running,
            _empty("award_type"),
            "record_details",
        ),
        Gap(
            "untracked",
            "Not tracked: payments, returns and the ending are not recorded",
            "Lead officer",
            ("Council's time", "Funded time lost", *_ENDINGS, *_MONEY),
            _all,
            _empty("tracked_from"),
            "record_details",
        ),
    )
}
