"""The flag pass tells owners: of each flag opened or raised, once, in its own transaction, without a query a flag."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Message, User
from grants.models import Flag, Grant
from grants.operations.flag_pass import raise_flags
from grants.operations.flag_writer import FlagWriter
from tests.factories import make_cover, make_grant, make_plan, make_return, make_round, make_stop, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AT = datetime(2026, 11, 20, 6, tzinfo=UTC)
ON = date(2026, 11, 20)
LATER = date(2027, 1, 5)  # the planned start has passed unpaid: critical


def run(on: date = ON, *, dry_run: bool = False) -> None:
    raise_flags(on=on, by=User.objects.system("flag pass"), at=AT, dry_run=dry_run)


def late_grant(**fields: object) -> Grant:
    return make_grant(
        **{
            "title": "Caring in the Garden",
            "decided_on": date(2026, 10, 9),
            "planned_start": date(2027, 1, 4),
            "planned_end": date(2027, 8, 31),
            **fields,
        }
    )


def test_the_owner_is_told_of_a_flag_that_opens() -> None:
    grant = late_grant()
    run()
    flag, message = Flag.objects.get(), Message.objects.get()
    assert message.key == f"flag:{flag.pk}:late:2026-11-20"
    assert (message.to_id, message.kind, message.path) == (
        grant.finance_owner_id,
        "flag",
        f"/flags/{flag.pk}/",
    )
    assert (message.at, message.is_illustrative) == (AT, grant.fund.is_illustrative)
    assert message.text == (
        "First payment slow (late): Caring in the Garden. "
        "Not paid. Council's time reached 30 working days on 20 November 2026; the standard is 21."
    )


def test_a_flag_on_somebody_who_has_left_is_nobodys() -> None:
    grant = late_grant()
    User.objects.filter(pk=grant.finance_owner_id).update(is_active=False)
    run()
    assert Flag.objects.get().owner is None
    assert not Message.objects.exists()


def test_a_repeat_and_a_dry_run_tell_nothing() -> None:
    late_grant()
    run(dry_run=True)
    assert not Message.objects.exists()
    run()
    with CaptureQueriesContext(connection) as captured:
        run()
    assert [q["sql"] for q in captured if "core_message" in q["sql"]] == []
    assert Message.objects.count() == 1


def test_whoever_owns_it_now_is_told_when_it_gets_worse() -> None:
    late_grant()
    run()
    somebody_else = make_user("finance")
    Flag.objects.update(owner=somebody_else)
    run(LATER)
    told = Message.objects.order_by("pk").last()
    assert told is not None
    assert (told.to, told.key) == (somebody_else, f"flag:{Flag.objects.get().pk}:critical:2027-01-05")
    assert Message.objects.count() == 2


def test_nobody_is_told_when_it_gets_better_or_only_its_figures_change() -> None:
    grant = late_grant()
    run(LATER)
    Grant.objects.filter(pk=grant.pk).update(planned_start=date(2027, 6, 1), decided_on=date(2026, 12, 7))
    run(LATER)
    assert Flag.objects.get().level == "watch"
    assert Message.objects.count() == 1
    ending = make_grant(ends_on=date(2027, 3, 31), first_paid_on=date(2026, 10, 12))
    make_return(grant=ending, caseload=26, period_to=date(2026, 12, 31))
    run(LATER)
    before = Message.objects.count()
    make_cover(plan=make_plan(grant=ending), number=10, certainty="confirmed", confirmed_on=ON)
    run(LATER)
    assert Flag.objects.get(grant=ending).events.filter(kind="figures").count() == 1
    assert Message.objects.count() == before == 2


def test_nobody_is_told_of_what_nobody_owns_or_who_has_left() -> None:
    late_grant(finance_owner=None, lead_officer=None)
    late_grant(finance_owner=make_user("finance", is_active=False))
    run()
    assert Flag.objects.count() == 2
    assert not Message.objects.exists()


def test_a_pass_that_fails_said_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    late_grant()
    monkeypatch.setattr(FlagWriter, "finish", _and_fail(FlagWriter.finish))
    with pytest.raises(ZeroDivisionError):
        run()
    assert not Message.objects.exists()
    assert not Flag.objects.exists()
    monkeypatch.undo()
    run()
    assert Message.objects.count() == Flag.objects.count() == 1


def _and_fail(finish: object) -> object:
    def finish_and_fail(writer: object) -> None:
        finish(writer)  # type: ignore[operator]
        assert Message.objects.exists()
        raise ZeroDivisionError

    return finish_and_fail


def test_queries_grow_with_batches_and_not_with_flags() -> None:
    counts = []
    for grants in (2, 12):
        for _ in range(grants):
            grant = late_grant(ends_on=date(2027, 2, 1))
            make_return(grant=grant)
            make_stop(grant=grant, started_on=date(2026, 10, 1))
            make_round(
                fund=grant.fund,
                announced_on=date(2026, 11, 16),
                closes_on=date(2026, 11, 30),
                decision_due_on=None,
            )
        before = Message.objects.count()
        with CaptureQueriesContext(connection) as captured:
            run()
        assert Message.objects.count() - before >= 2 * grants
        counts.append(len([q for q in captured if "core_message" in q["sql"]]))
    assert counts[0] == counts[1] == 2
