"""The SQL of docs/rules/blocking.md: what stands between an instalment and its payment. Its one copy for many rows."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q

from grants.models import Agreement, Check, ClockStop
from grants.models.decisions import CheckResult, NeededBefore
from grants.models.payments import Basis


def is_in_order(on: date) -> Q:
    """A check that was passed by a day and has not expired on it."""
    seen = Q(result=CheckResult.PASSED, checked_on__lte=on)
    return seen & (Q(expires_on__isnull=True) | Q(expires_on__gte=on))


def is_open(on: date) -> Q:
    """A clock stop that has begun by a day and not ended."""
    return Q(started_on__lte=on) & (Q(ended_on__isnull=True) | Q(ended_on__gt=on))


def is_unblocked(on: date) -> Q:
    """Agreed, every check in order, no clock stopped, its condition met and its claim valid, on a day.

    The second approver is asked for when a payment is prepared: `is_authorised` says so apart.
    """
    of_grant = OuterRef("grant")
    signed = Exists(Agreement.objects.filter(grant=of_grant, countersigned_on__lte=on))
    open_check = Exists(
        Check.objects.filter(grant=of_grant, needed_before=NeededBefore.PAYMENT).exclude(is_in_order(on))
    )
    open_stop = Exists(ClockStop.objects.filter(is_open(on), grant=of_grant))
    met = Q(condition="") | Q(condition_met_on__lte=on)
    claimed = Q(basis=Basis.IN_ADVANCE) | Q(claim_valid_on__lte=on)
    return met & claimed & Q(signed) & ~Q(open_check) & ~Q(open_stop)


def is_authorised(on: date) -> Q:
    """Authorised by a second person where the amount is known and above the fund's threshold, if it has one."""
    threshold = F("grant__fund__second_approver_threshold")
    return (
        Q(authorised_on__lte=on)
        | Q(amount__isnull=True)
        | Q(grant__fund__second_approver_threshold__isnull=True)
        | Q(amount__lte=threshold)
    )
