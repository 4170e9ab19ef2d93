"""The pass: opens, re-levels and clears; a repeat writes nothing; it never goes back; queries do not grow."""

import gc
import json
from datetime import UTC, date, datetime, timedelta
from types import GeneratorType
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import NotAllowed
from core.models import User
from grants.models import Flag, FlagEvent, FlagPass, Grant
from grants.operations.flag_pass import PassRefused, PassSummary, raise_flags
from tests.factories import (
    People,
    make_award,
    make_cover,
    make_grant,
    make_instalment,
    make_locality,
    make_plan,
    make_return,
    make_round,
    make_stop,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 6, tzinfo=UTC)
ON = date(2026, 11, 20)
MOST_QUERIES = 15


def run(on: date = ON, *, dry_run: bool = False) -> PassSummary:
    return raise_flags(on=on, by=User.objects.system("flag pass"), at=AT, dry_run=dry_run)


def late_grant() -> Grant:
    return make_grant(
        decided_on=date(2026, 10, 9), planned_start=date(2027, 1, 4), planned_end=date(2027, 8, 31)
    )


def standing(grant: Grant) -> Flag:
    return Flag.objects.standing().get(grant=grant, rule="slow_first_payment")


def test_opens_with_owner_facts_and_event() -> None:
    grant = late_grant()
    run()
    flag = standing(grant)
    event = flag.events.get()
    assert (flag.level, flag.opened_on, flag.owner_id) == ("late", ON, grant.finance_owner_id)
    assert flag.facts["council_working_days"] == 30
    assert (event.kind, event.on, event.level, event.facts) == ("opened", ON, "late", flag.facts)


def test_level_changes_and_then_clears() -> None:
    grant = late_grant()
    run()
    later = date(2027, 1, 5)  # the planned start has passed: critical
    summary = run(later)
    flag = standing(grant)
    assert summary.changed == 1
    assert (flag.level, flag.rank, flag.opened_on, flag.level_since) == ("critical", 3, ON, later)
    Grant.objects.filter(pk=grant.pk).update(first_paid_on=later)
    assert run(later).cleared == 1
    flag.refresh_from_db()
    assert flag.cleared_on == later
    assert list(flag.events.order_by("id").values_list("kind", flat=True)) == ["opened", "level", "cleared"]
    assert flag.events.get(kind="cleared").note == "The condition no longer holds."


def test_a_snoozed_flag_that_fell_returns_when_it_rises_again() -> None:
    grant = late_grant()
    Grant.objects.filter(pk=grant.pk).update(planned_start=date(2026, 11, 16))
    run()
    Flag.objects.update(snoozed_by=User.objects.system("flag pass"), snoozed_on=ON, snoozed_rank=3)
    Grant.objects.filter(pk=grant.pk).update(planned_start=grant.planned_start)
    run()
    assert standing(grant).level == "late"
    assert not Flag.objects.awake().exists()
    run(date(2027, 1, 5))
    assert standing(grant).level == "critical"
    assert Flag.objects.awake().exists()


def test_a_cleared_flag_opens_anew() -> None:
    grant = late_grant()
    run()
    Grant.objects.filter(pk=grant.pk).update(first_paid_on=ON)
    run()
    Grant.objects.filter(pk=grant.pk).update(first_paid_on=None)
    assert run().opened == 1
    assert Flag.objects.filter(grant=grant, rule="slow_first_payment").count() == 2


def test_second_pass_writes_nothing() -> None:
    late_grant()
    run()
    events = FlagEvent.objects.count()
    with CaptureQueriesContext(connection) as captured:
        summary = run()
    writes = [
        q["sql"] for q in captured if q["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert (summary.opened, summary.changed, summary.cleared, summary.standing) == (0, 0, 0, 1)
    assert writes == []
    assert FlagEvent.objects.count() == events


def test_refuses_a_day_before_the_last_pass_but_for_a_dry_run() -> None:
    grant = late_grant()
    run()
    with pytest.raises(PassRefused, match="2026-11-20"):
        run(ON - timedelta(days=1))
    before = run(ON - timedelta(days=30), dry_run=True)
    assert (before.standing, before.cleared) == (0, 1)
    assert standing(grant).cleared_on is None
    assert set(FlagPass.objects.values_list("on", flat=True)) == {ON}


@pytest.mark.parametrize("field", ["first_paid_on", "closed_on", "withdrawn_on"])
def test_a_look_back_does_not_know_what_came_later(field: str) -> None:
    grant = late_grant()
    Grant.objects.filter(pk=grant.pk).update(**{field: ON})
    assert run(dry_run=True).standing == 0
    assert run(ON - timedelta(days=1), dry_run=True).standing == 1


def test_a_look_back_knows_no_flags_from_before_a_grant_was_tracked() -> None:
    grant = late_grant()
    Grant.objects.filter(pk=grant.pk).update(tracked_from=ON)
    assert run(dry_run=True).standing == 1
    assert run(ON - timedelta(days=1), dry_run=True).standing == 0


def test_dry_run_writes_nothing_on_the_first_day() -> None:
    late_grant()
    assert run(dry_run=True).opened == 1
    assert (Flag.objects.count(), FlagEvent.objects.count(), FlagPass.objects.count()) == (0, 0, 0)


def test_only_officers_and_the_system_run_it(people: People) -> None:
    with pytest.raises(NotAllowed):
        raise_flags(on=ON, by=people.provider, at=AT)
    raise_flags(on=ON, by=people.commissioner, at=AT)


def test_untracked_and_closed_grants_raise_nothing() -> None:
    make_grant(tracked=False)
    make_grant(closed_on=ON)
    make_grant(withdrawn_on=ON)
    assert run(date(2027, 3, 1)).standing == 0


def test_the_command_prints_one_json_document_and_refuses_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    grant = late_grant()
    call_command("raise_flags", "--on", ON.isoformat(), "--json")
    first = json.loads(capsys.readouterr().out)
    assert first["opened"] == first["standing"] == 1
    assert first["flags"][0] == {
        "rule": "slow_first_payment",
        "level": "late",
        "subject": f"grant:{grant.ref}",
        "since": ON.isoformat(),
        "why": "Not paid. Council's time reached 30 working days on 20 November 2026; the standard is 21.",
    }
    call_command("raise_flags", "--on", ON.isoformat(), "--json")
    second = json.loads(capsys.readouterr().out)
    assert (second["opened"], second["changed"], second["cleared"]) == (0, 0, 0)
    with pytest.raises(CommandError, match="--dry-run"):
        call_command("raise_flags", "--on", "2026-01-01", "--json")
    assert "--dry-run" in json.loads(capsys.readouterr().out)["error"]


def test_a_day_to_come_is_refused_where_the_register_is_real(
    capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    late_grant()
    settings.MODE = "production"
    with time_machine.travel(AT, tick=False):
        tomorrow = (ON + timedelta(days=1)).isoformat()
        with pytest.raises(CommandError, match="2026-11-21 is in the future"):
            call_command("raise_flags", "--on", tomorrow, "--json")
        assert "in the future" in json.loads(capsys.readouterr().out)["error"]
        assert (Flag.objects.count(), FlagPass.objects.count()) == (0, 0)
        call_command("raise_flags", "--on", tomorrow, "--json", "--dry-run")
        assert json.loads(capsys.readouterr().out)["opened"] == 1
        call_command("raise_flags", "--on", ON.isoformat())
        settings.MODE = "demo"
        call_command("raise_flags", "--on", tomorrow)
    assert set(FlagPass.objects.values_list("on", flat=True)) == {ON + timedelta(days=1)}


def open_queries() -> int:
    return sum(type(one) is GeneratorType and one.__name__ == "cursor_iter" for one in gc.get_objects())


def test_a_refused_pass_leaves_no_query_open() -> None:
    """An open one outlives the connection of the command, and complains of it below the refusal."""
    late_grant()
    run()
    gc.collect()
    before = open_queries()
    with pytest.raises(CommandError, match="outside the calendar") as refused:
        call_command("raise_flags", "--on", "2150-01-01", "--json")
    assert open_queries() == before
    assert refused.value.__cause__ is not None  # kept until now, as where a command ends


def something_of_everything(times: int) -> None:
    """One of each kind of candidate, so many times."""
    for _ in range(times):
        place = make_locality()
        for _ in range(2):
            grant = make_grant(ends_on=date(2027, 2, 1), localities=[place], decided_on=date(2026, 9, 1))
            make_instalment(grant=grant, number=1)
            make_instalment(grant=grant, number=2, due_on=date(2026, 10, 1))
            make_stop(grant=grant, started_on=date(2026, 10, 1))
            make_return(grant=grant)
            make_cover(plan=make_plan(grant=grant), number=1)
        make_round(
            fund=grant.fund,
            announced_on=date(2026, 11, 16),
            closes_on=date(2026, 11, 30),
            decision_due_on=None,
        )
        make_award(spend_by=date(2027, 1, 1), total_amount=1000, spent_means="paid")


def test_queries_do_not_grow_with_the_register() -> None:
    counts = []
    by = User.objects.system("flag pass")
    for times in (2, 20):
        something_of_everything(times)
        raise_flags(on=ON, by=by, at=AT)
        with CaptureQueriesContext(connection) as captured:
            raise_flags(on=ON, by=by, at=AT)
        counts.append(len([q for q in captured if "SAVEPOINT" not in q["sql"]]))
    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES


def test_new_figures_at_the_same_level_are_told_once() -> None:
    grant = make_grant(ends_on=date(2027, 1, 31), first_paid_on=date(2026, 10, 12))
    make_return(grant=grant, caseload=26, period_to=date(2026, 10, 31))
    run()
    make_cover(plan=make_plan(grant=grant), number=10, certainty="confirmed", confirmed_on=ON)
    summary = run()
    flag = Flag.objects.standing().get(rule="cliff_edge")
    assert (summary.opened, summary.changed, summary.cleared) == (0, 0, 0)
    assert flag.facts["uncovered"] == 16
    assert list(flag.events.order_by("id").values_list("kind", flat=True)) == ["opened", "figures"]
    run()
    run(ON + timedelta(days=1))
    assert flag.events.count() == 2
