"""The flag pass against fetching the same candidate columns, and against writing each flag as it is found."""

from collections import deque
from datetime import UTC, date, datetime
from statistics import median

from django.db import transaction
from django.urls import reverse

from benchmarks.measure import line, peak_megabytes, queries, seconds
from core.database import refresh_statistics
from core.models import Message, User
from grants.models import Flag, FlagEvent, FlagPass
from grants.operations.flag_pass import Standing, raise_flags
from grants.queries.candidates import GROUPS, make_context
from grants.queries.candidates.clusters import place_rows, support_rows
from grants.queries.candidates.endings import cliff_rows
from grants.queries.candidates.funds import award_rows
from grants.queries.candidates.payments import (
    first_payment_rows,
    late_instalment_rows,
    ledger_rows_above_award,
    stops_of_unpaid_rows,
)
from grants.rules.levels import RANK
from grants.rules.sentences import why

AT = datetime(2026, 11, 20, 6, tzinfo=UTC)
NAIVE_AT_MOST = 4000


def flag_pass(on: date) -> None:
    """First pass, second pass, the fetch alone; the control judges alike and writes each row on its own."""
    by = User.objects.system("flag pass")
    reverse("flag", args=[0])  # a process reads the addresses once, not in each pass
    naive_each, written, judging = _naive(on, by)
    first = median(_first_pass(on, by) for _ in range(3))
    refresh_statistics()
    raised = Flag.objects.count()
    second = seconds(lambda: raise_flags(on=on, by=by, at=AT))
    fetch = seconds(lambda: _fetch(on))
    sent = queries(lambda: raise_flags(on=on, by=by, at=AT))
    peak = peak_megabytes(lambda: raise_flags(on=on, by=by, at=AT))
    writes = [sql for sql in sent if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
    print(
        f"Flag pass: {raised:,} flags; second pass {len(sent)} queries, {len(writes)} writes to the flags' tables"
    )
    line("fetch of the candidates, plain tuples", fetch, fetch, "the fetch", "the floor")
    line("second pass", second, fetch, "the fetch", "reach ≤ 4 ×")
    line("first pass", first, fetch, "the fetch", "")
    line(
        "first pass",
        first,
        judging + naive_each * raised,
        "a flag at a time",
        f"reach ≥ 10 × (control: get_or_create, {written:,} flags)",
    )
    print(f"  {'second pass, memory at its peak':<52} {peak:10.1f} MB")


def _first_pass(on: date, by: User) -> float:
    _forget()
    return seconds(lambda: raise_flags(on=on, by=by, at=AT), repeats=1)


def _fetch(on: date) -> None:
    with transaction.atomic():
        context = make_context(on, [rule for rules in GROUPS.values() for rule in rules])
        rows = (
            first_payment_rows, cliff_rows, support_rows, place_rows, late_instalment_rows, stops_of_unpaid_rows,
        )  # fmt: skip
        for stream in [*(make(context) for make in rows), ledger_rows_above_award()]:
            deque(stream.iterator(2000), maxlen=0)
        deque(award_rows(on).iterator(2000), maxlen=0)


def _naive(on: date, by: User) -> tuple[float, int, float]:
    """Seconds for each flag looked for and written on its own, how many were, and seconds to judge them all."""
    _forget()
    found: list[Standing] = []
    judging = seconds(lambda: raise_flags(on=on, by=by, at=AT, dry_run=True, report=found.append), repeats=1)
    sample = found[:NAIVE_AT_MOST]

    def write_one_by_one() -> None:
        for rule, candidate, _ in sample:
            level = candidate.verdict.level
            flag, _ = Flag.objects.get_or_create(
                rule=rule.value,
                cleared_on=None,
                **{f"{candidate.field}_id": candidate.subject_id},
                defaults={
                    "level": level.value,
                    "rank": RANK[level],
                    "facts": candidate.facts(),
                    "opened_on": on,
                    "level_since": on,
                    "owner_id": candidate.owner_id,
                },
            )
            FlagEvent.objects.create(
                flag=flag, kind="opened", on=on, at=AT, by=by, level=level.value, facts=flag.facts
            )
            if flag.owner:
                words = f"{flag}: {flag.grant or candidate.ref}. {why(flag.rule, flag.level, flag.facts)}"
                told = {"to": flag.owner, "kind": "flag", "text": words, "at": AT}
                Message.objects.get_or_create(key=f"flag:{flag.pk}:{flag.level}:{on}", defaults=told)

    return seconds(write_one_by_one, repeats=1) / max(len(sample), 1), len(sample), judging


def _forget() -> None:
    """No flags, no passes: as on the first day."""
    Message.objects.all().delete()
    FlagEvent.objects.all().delete()
    Flag.objects.all().delete()
    FlagPass.objects.all().delete()
    refresh_statistics()
