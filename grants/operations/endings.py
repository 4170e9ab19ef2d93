"""What happens to people when the money ends: the plan, what covers them, who was told."""

import uuid
from datetime import date
from decimal import Decimal

from django.db import transaction

from core.errors import ActionRefused, StaleVersion
from core.models import User
from core.records import locked, write
from core.rules.money import to_pence
from grants.models import Cover, CoverKind, Grant, Notice, SustainabilityPlan
from grants.models.endings import Certainty, Told
from grants.models.returns import people_words
from grants.operations.writing import (
    edited_before,
    held,
    insist_not_before,
    insist_not_future,
    repeated,
    words,
)
from grants.queries.endings import Ending, ending_of
from grants.rules.cliff import covers_of


@transaction.atomic
def record_plan(
    *,
    grant: Grant,
    summary: str,
    reviewed_on: date | None = None,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> SustainabilityPlan:
    """Record the plan for a grant's end, or change it; `version` is 0 where the form showed none.

    The plan's words alone cover nobody: add what covers them, line by line.
    """
    grant = held(grant, by, "grants.record_plan")
    plan = SustainabilityPlan.objects.filter(grant=grant).first()
    if plan is None:
        if version:
            raise StaleVersion
        plan, version = SustainabilityPlan(grant=grant, recorded_on=on), None
    written = {"summary": summary.strip()} | ({"reviewed_on": reviewed_on} if reviewed_on else {})
    if edited_before(plan, request_key, version, **written):
        return plan
    summary = words(summary, "summary", missing="Say in a few words what happens when the money ends.")
    insist_not_future(reviewed_on, on, "reviewed_on")
    insist_not_before(reviewed_on, plan.recorded_on, "reviewed_on", "the plan was recorded")
    plan.summary, plan.reviewed_on = summary, reviewed_on or plan.reviewed_on
    write(plan, by=by, reason="Plan recorded" if plan._state.adding else "Plan changed")
    return plan


@transaction.atomic
def add_cover(
    *,
    grant: Grant,
    kind: str,
    number: int,
    source: str = "",
    amount: Decimal | None = None,
    certainty: str = Certainty.HOPED,
    confirmed_on: date | None = None,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
) -> Cover:
    """Add a line to the plan: how many of the caseload it covers, by what, how certain. Only confirmed lines count,
    and only of a caseload in the same unit as the one of today.

    A grant without a plan gets one: its first line is the plan.
    """
    grant = held(grant, by, "grants.record_plan")
    plan = SustainabilityPlan.objects.filter(grant=grant).first()
    written = {"kind": kind, "number": number, "source": source.strip(), "amount": amount}
    written |= {"certainty": certainty, "confirmed_on": confirmed_on, "plan_id": plan.pk if plan else None}
    before = repeated(Cover, request_key, **written)
    if before is not None:
        return before
    if number < 1:
        raise ActionRefused("Enter 1 or more.", "number")
    cover = Cover(kind=kind, number=number, request_key=request_key)
    ending = ending_of(grant, on)
    _fill(cover, source, amount, certainty, confirmed_on, on)
    cover.unit = ending.unit
    _insist_supported(ending, _counted(cover, ending))
    cover.plan = plan or _begun_plan(grant, by, on)
    write(cover, by=by, reason=f"Cover added: {cover}")
    return cover


def _begun_plan(grant: Grant, by: User, on: date) -> SustainabilityPlan:
    """A plan without words, for a grant that has none."""
    plan = SustainabilityPlan(grant=grant, recorded_on=on)
    write(plan, by=by, reason="Plan begun with its first line of cover")
    return plan


@transaction.atomic
def change_cover(
    *,
    cover: Cover,
    kind: str,
    number: int,
    source: str = "",
    amount: Decimal | None = None,
    certainty: str,
    confirmed_on: date | None = None,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> Cover:
    """Change a line of the plan, for example once its funding is confirmed; a number of 0 withdraws it.

    From then on it counts what the last caseload counts.
    """
    grant = held(cover.plan.grant, by, "grants.record_plan")
    cover = locked(Cover.objects, pk=cover.pk)
    written = {"kind": kind, "number": number, "source": source.strip(), "amount": amount}
    written |= {"certainty": certainty, "confirmed_on": confirmed_on}
    if edited_before(cover, request_key, version, **written):
        return cover
    if number < 0:
        raise ActionRefused("Enter 0 or more.", "number")
    ending = ending_of(grant, on)
    before = _counted(cover, ending)
    cover.kind, cover.number, cover.unit = kind, number, ending.unit or cover.unit
    _fill(cover, source, amount, certainty, confirmed_on, on)
    _insist_supported(ending, _counted(cover, ending) - before)
    write(cover, by=by, reason=f"Cover changed: {cover}")
    return cover


def _fill(
    cover: Cover, source: str, amount: Decimal | None, certainty: str, confirmed_on: date | None, on: date
) -> None:
    """Put the rest into a line of cover, refusing what does not hold together."""
    needs_source = cover.kind != CoverKind.FINISHES
    cover.source = words(source, "source", missing="Name the funding or the service." if needs_source else "")
    if amount is not None and (amount < 0 or amount != to_pence(amount)):
        raise ActionRefused("Enter an amount in pounds and pence.", "amount")
    if certainty == Certainty.CONFIRMED and confirmed_on is None:
        raise ActionRefused("Enter the day on which it was confirmed.", "confirmed_on")
    if certainty != Certainty.CONFIRMED and confirmed_on is not None:
        raise ActionRefused("Only what is confirmed has a day of confirmation.", "confirmed_on")
    insist_not_future(confirmed_on, on, "confirmed_on")
    cover.amount, cover.certainty, cover.confirmed_on = amount, certainty, confirmed_on


def _counted(cover: Cover, ending: Ending) -> int:
    """How many of the last caseload a line covers."""
    counts = cover.certainty == Certainty.CONFIRMED and covers_of(cover.unit, ending.unit)
    return cover.number if counts else 0


def _insist_supported(ending: Ending, more: int) -> None:
    """Refuse to cover more than are supported, where that is known: a slip would clear the flag of everybody else."""
    if more <= 0 or ending.uncovered is None or ending.caseload is None or ending.unit is None:
        return
    if more > ending.uncovered:
        are = "is" if ending.caseload == 1 else "are"
        supported = f"{people_words(ending.caseload, ending.unit)} {are} supported"
        raise ActionRefused(
            f"{supported}: at most {ending.uncovered:,} more can be covered.",
            "number",
        )


@transaction.atomic
def record_notice(
    *,
    grant: Grant,
    told: str,
    told_on: date,
    note: str = "",
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
) -> Notice:
    """Record who was told that the money ends, and when."""
    grant = held(grant, by, "grants.record_plan")
    written = {"told": told, "told_on": told_on, "note": note.strip()}
    before = repeated(Notice, request_key, grant_id=grant.pk, **written)
    if before is not None:
        return before
    insist_not_future(told_on, on, "told_on")
    insist_not_before(told_on, grant.decided_on, "told_on", "the grant was decided")
    if grant.notices.filter(told=told, told_on=told_on).exists():
        raise ActionRefused("This was recorded already for that day.", "told_on")
    notice = Notice(
        grant=grant, told=told, told_on=told_on, note=words(note, "note"), request_key=request_key
    )
    write(notice, by=by, reason=f"{Told(told).label} told")
    return notice
