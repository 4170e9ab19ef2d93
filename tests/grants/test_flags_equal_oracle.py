"""The flag pass against a second reading of the rules, on random registers and on the illustrative year."""

from datetime import UTC, date, datetime, time
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.calendar import rebuild
from core.models import ClosureDay, User
from grants.models import Flag, FlagEvent
from grants.operations.flag_pass import PassSummary, raise_flags
from tests.grants.oracle import expected_flags, write_random_register
from tests.grants.oracle.durations import own_durations
from tests.grants.oracle.facts import facts_of

SEEDS = range(26)
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")

EVERY_LEVEL = {
    ("slow_first_payment", "watch"),
    ("slow_first_payment", "late"),
    ("slow_first_payment", "critical"),
    ("late_instalment", "late"),
    ("paid_above_award", "high"),
    ("stop_to_chase", "late"),
    ("short_notice_round", "watch"),
    ("money_may_go_back", "late"),
    ("money_may_go_back", "critical"),
    ("cliff_edge", "watch"),
    ("cliff_edge", "high"),
    ("cliff_edge", "critical"),
    ("cliff_edge", "fallen"),
    ("cluster", "high"),
}
TELLING_SEED = 8
YEAR_ON = date(2026, 11, 21)
YEAR_LATER = (date(2026, 12, 24), date(2027, 2, 28), date(2027, 9, 1))

Flags = set[tuple[str, str, str]]


def pass_on(on: date) -> PassSummary:
    """One flag pass, at noon."""
    at = datetime.combine(on, time(12), tzinfo=UTC)
    return raise_flags(on=on, by=User.objects.system("flag pass"), at=at)


def subject_of(flag: Flag) -> str:
    """What a flag stands on, as `manage.py raise_flags --json` prints it."""
    if flag.grant:
        return f"grant:{flag.grant.ref}"
    if flag.instalment:
        return f"instalment:{flag.instalment.grant.ref}/{flag.instalment.number}"
    if flag.clock_stop:
        return f"stop:{flag.clock_stop.grant.ref}/{flag.clock_stop.pk}"
    if flag.round:
        return f"round:{flag.round.ref}"
    if flag.funding_award:
        return f"award:{flag.funding_award.ref}"
    if flag.organisation:
        return f"organisation:{flag.organisation.ref}"
    assert flag.locality is not None
    return f"locality:{flag.locality.slug}"


def standing_flags() -> Flags:
    """What the table says stands."""
    flags = list(
        Flag.objects.filter(cleared_on=None).select_related(
            "grant",
            "instalment__grant",
            "clock_stop__grant",
            "round",
            "funding_award",
            "organisation",
            "locality",
        )
    )
    found = {(flag.rule, flag.level, subject_of(flag)) for flag in flags}
    assert len(found) == len(flags)
    return found


def by_subject(flags: Flags) -> dict[tuple[str, str], str]:
    """Levels by rule and subject."""
    return {(rule, subject): level for rule, level, subject in flags}


def counts_between(before: Flags, after: Flags) -> tuple[int, int, int]:
    """How many flags had to open, change level and clear."""
    old, new = by_subject(before), by_subject(after)
    changed = sum(old[key] != new[key] for key in old.keys() & new.keys())
    return len(new.keys() - old.keys()), changed, len(old.keys() - new.keys())


def assert_equal_on(on: date, before: Flags) -> Flags:
    """A pass on this day leaves what the oracle expects, says so, and a second one finds nothing to write."""
    expected = expected_flags(on)
    summary = pass_on(on)
    found = standing_flags()
    assert (on, "too much", sorted(found - expected)) == (on, "too much", [])
    assert (on, "missing", sorted(expected - found)) == (on, "missing", [])
    assert (summary.opened, summary.changed, summary.cleared) == counts_between(before, expected)
    assert summary.standing == len(expected)
    with CaptureQueriesContext(connection) as queries:
        again = pass_on(on)
    assert (again.opened, again.changed, again.cleared, again.standing) == (0, 0, 0, len(expected))
    assert [q["sql"] for q in queries if q["sql"].upper().startswith(WRITES)] == []
    return found


def assert_events_tell_the_flag(flag: Flag, events: list[FlagEvent]) -> None:
    """Opened first and once, cleared last and once or not yet, each level unlike the one before."""
    kinds = [event.kind for event in events]
    middle = kinds[1:-1] if flag.cleared_on else kinds[1:]
    assert kinds[0] == "opened"
    assert set(middle) <= {"level", "figures"}
    assert (kinds[-1] == "cleared") == (flag.cleared_on is not None)
    days = [event.on for event in events]
    assert days == sorted(set(days))
    assert days[0] == flag.opened_on
    assert flag.cleared_on in (None, days[-1])
    judged = [event for event in events if event.kind != "cleared"]
    levelled = [event for event in judged if event.kind != "figures"]
    levels = [event.level for event in levelled]
    assert all(one != other for one, other in pairwise(levels))
    assert (flag.level, flag.level_since, flag.facts) == (
        levels[-1],
        levelled[-1].on,
        judged[-1].facts,
    )


def assert_history_is_whole() -> None:
    """Every flag's events agree with it."""
    for flag in Flag.objects.prefetch_related("events"):
        assert_events_tell_the_flag(flag, sorted(flag.events.all(), key=lambda event: event.pk))


@pytest.mark.django_db
@pytest.mark.both_databases
@pytest.mark.parametrize("seed", SEEDS)
def test_the_pass_raises_what_the_oracle_expects(seed: int) -> None:
    looks = write_random_register(seed)
    if ClosureDay.objects.exists():
        rebuild()
    standing: Flags = set()
    for on in looks:
        standing = assert_equal_on(on, standing)
    assert_history_is_whole()


@pytest.mark.django_db
@pytest.mark.both_databases
def test_the_illustrative_year_has_the_flags_that_the_oracle_expects() -> None:
    call_command("demo", "--prepare-only", "--on", YEAR_ON.isoformat(), stdout=StringIO())
    standing = standing_flags()
    assert {rule for rule, _, _ in standing} == {rule for rule, _ in EVERY_LEVEL}
    for on in (YEAR_ON, *YEAR_LATER):
        standing = assert_equal_on(on, standing)


@pytest.mark.django_db
def test_random_registers_are_worth_comparing_on() -> None:
    """One of them meets every level of every rule, and has one register with durations of its own, one without."""
    looks = write_random_register(TELLING_SEED)
    assert {(rule, level) for on in looks for rule, level, _ in expected_flags(on)} == EVERY_LEVEL
    facts = facts_of(looks[-1])
    own = [own_durations(facts, illustrative=known) for known in (True, False)]
    assert {each.announcement_to_first_payment_days is None for each in own} == {True, False}
