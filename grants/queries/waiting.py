"""What others are waited for: docs/rules/blocking.md, as far as the provider, the funder or another outside clears it.

SQL finds and sorts the records that wait, one line each; what a line says is what the rule says of that record alone.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, CharField, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from core.models import Role, User
from grants.models import Agreement, Check, CheckKind, ClockStop, Grant
from grants.models.decisions import CheckResult, NeededBefore
from grants.models.payments import Basis
from grants.queries.due import due_instalments
from grants.queries.readiness import is_in_order, is_open
from grants.rules.blocking import (
    COUNCIL,
    BlockCase,
    CheckFacts,
    InstalmentFacts,
    StopFacts,
    blockers,
)

TEXT, DAY = CharField(), DateField()
NO_TEXT, NO_DAY = Value("", TEXT), Value(None, DAY)
AGREEMENT, CHECK, CONDITION, CLAIM, STOP = "agreement", "check", "condition", "claim", "stop"


class Waiting(NamedTuple):
    """One thing that is waited for: on which grant, from whom, what, since when."""

    ref: str
    title: str
    who: str
    what: str
    since: date | None


class _Line(NamedTuple):
    """One record that waits, of any kind, and what the rule looks at: the rest is empty."""

    kind: str
    key: int
    ref: str
    title: str
    decided_on: date | None
    name: str
    whom: str
    result: str | None
    begun_on: date | None
    done_on: date | None
    ends_on: date | None
    since: date


def waits_on_others(user: User, *, illustrative: bool, on: date) -> dict[str, QuerySet[Any]]:
    """The records that wait for somebody outside the council, by kind, on the grants that a person looks after.

    Clock stops of every grant that runs; the others where an instalment is due by a month from `on`, as on the page of
    what to pay. A claim that is not due yet is not waited for.
    """
    grants = Grant.objects.visible_to(user).in_register(illustrative=illustrative).tracked()
    grants = grants.filter(withdrawn_on__isnull=True, closed_on__isnull=True).order_by()
    due = due_instalments(user, illustrative=illustrative, on=on)
    if user.role != Role.ADMINISTRATOR:
        grants = grants.filter(lead_officer=user)
        # Asked of each that is due: joined, SQLite would begin with every grant of the person.
        due = due.filter(Exists(Grant.objects.filter(pk=OuterRef("grant"), lead_officer=user)))
    paying = Q(Exists(due.filter(grant=OuterRef("grant"))))
    asked = Q(requested_on__lte=on) & ~Q(changed_by__isnull=False, result__isnull=True)
    issued = Exists(Agreement.objects.filter(grant=OuterRef("grant"), issued_on__lte=on))
    needed = Q(needed_before=NeededBefore.PAYMENT) | ~Q(issued)
    return {
        AGREEMENT: Agreement.objects.filter(issued_on__lte=on).exclude(signed_on__lte=on).filter(paying),
        CHECK: Check.objects.filter(asked).exclude(is_in_order(on)).filter(needed).filter(paying),
        CONDITION: due.exclude(condition="")
        .exclude(condition_met_on__lte=on)
        .exclude(condition_waits_on__in=("", COUNCIL)),
        CLAIM: due.filter(basis=Basis.ON_CLAIM, due_on__lte=on).exclude(claim_valid_on__lte=on),
        STOP: ClockStop.objects.filter(is_open(on), Exists(grants.filter(pk=OuterRef("grant")))),
    }


def longest_waits(waits: Mapping[str, QuerySet[Any]], *, on: date, limit: int) -> list[Waiting]:
    """Those that have waited longest, in words: one query."""
    first, *others = (_lines(kind, rows.order_by(), on) for kind, rows in waits.items())
    rows = first.union(*others, all=True).order_by("line_since", "line_kind", "pk")[:limit]
    return [_in_words(_Line(*row), on) for row in rows]


# For each kind what its columns are called on the record: name, whom, result, begun_on, done_on, ends_on, since.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    AGREEMENT: ("", "", "", "issued_on", "signed_on", "", "issued_on"),
    CHECK: ("kind", "needed_before", "result", "requested_on", "checked_on", "expires_on", ""),
    CONDITION: ("condition", "condition_waits_on", "", "", "condition_met_on", "", "grant__decided_on"),
    CLAIM: ("", "", "", "due_on", "claim_valid_on", "", "due_on"),
    STOP: ("reason", "waiting_on", "", "started_on", "ended_on", "", "started_on"),
}


def _lines(kind: str, rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    """The rows as the columns of `_Line`, the same in every kind."""
    texts, days = COLUMNS[kind][:3], COLUMNS[kind][3:]
    named: dict[str, Any] = {"line_kind": Value(kind, TEXT)}
    named |= {f"line_{place}": Cast(F(c), TEXT) if c else NO_TEXT for place, c in enumerate(texts)}
    named |= {f"line_{3 + place}": Cast(F(c), DAY) if c else NO_DAY for place, c in enumerate(days[:3])}
    named["line_since"] = Cast(F(days[3]), DAY) if days[3] else _since_of_check(on)
    beside = ("line_kind", "pk", "grant__ref", "grant__title", "grant__decided_on")
    found: QuerySet[Any] = rows.annotate(**named).values_list(
        *beside, *(f"line_{place}" for place in range(6)), "line_since"
    )
    return found


def _since_of_check(on: date) -> Case:
    """Since when a check is not seen, not in order, or expired."""
    after = Cast(F("expires_on") + timedelta(days=1), DAY)
    not_seen = Q(result__isnull=True) | Q(checked_on__gt=on)
    return Case(
        When(not_seen, then="requested_on"),
        When(result=CheckResult.PASSED, then=after),
        default="checked_on",
        output_field=DAY,
    )


def _in_words(line: _Line, on: date) -> Waiting:
    """What the rule says of the record: the first thing in the way is the record itself."""
    blocker = blockers(_case(line, on), on)[0]
    return Waiting(line.ref, line.title, blocker.who, blocker.what, blocker.since)


def _case(line: _Line, on: date) -> BlockCase:
    """A payment that nothing blocks but the one record."""
    free = BlockCase(line.decided_on, on, on, on, (), (), None, None)
    if line.kind == AGREEMENT:
        return free._replace(issued_on=line.begun_on, signed_on=line.done_on)
    if line.kind == STOP:
        return free._replace(stops=(StopFacts(line.whom, line.name, line.since, line.done_on),))
    if line.kind == CONDITION:
        condition = InstalmentFacts(None, None, line.name, line.done_on, line.whom)
        return free._replace(instalment=condition)
    if line.kind == CLAIM:
        claim = InstalmentFacts(None, line.begun_on, on_claim=True, claim_valid_on=line.done_on)
        return free._replace(instalment=claim)
    check = CheckFacts(
        line.name,
        str(CheckKind(line.name).label),
        line.whom,
        line.begun_on,
        line.result,
        line.done_on,
        line.ends_on,
    )
    issued_on = None if line.whom == NeededBefore.AGREEMENT else on
    return free._replace(checks=(check,), issued_on=issued_on)
