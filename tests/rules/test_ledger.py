"""docs/rules/money-moves.md, and what holds of every ledger."""

import re
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.money import format_pounds
from grants.rules.above_award import judge_above_award
from grants.rules.ledger import (
    Line,
    Owed,
    covered_on,
    first_paid_on,
    left_of,
    net_paid,
    paid_towards,
    shrink,
    unscheduled,
)
from tests.rules.worked_tables import Row, a_date, as_date, as_pounds, row_id, some_pounds, worked_table

PAGE = "money-moves"
_LINE = re.compile(
    r"(?P<id>\d+) (?P<kind>payment|reversal|recovery) (?P<amount>£[\d,.]+) on (?P<day>\d+ \w+ \d+)"
    r"(?: of (?P<of>\d+))?(?: for instalment (?P<instalment>\d+)| outside the schedule)?"
)


def lines_in(cell: str) -> list[Line]:
    """Lines as the page writes them."""
    if cell == "none":
        return []
    found = []
    for part in cell.split("; "):
        match = _LINE.fullmatch(part)
        assert match, part
        of, instalment = match["of"], match["instalment"]
        found.append(
            Line(
                int(match["id"]),
                match["kind"],
                some_pounds(match["amount"]),
                a_date(match["day"]),
                int(of) if of else None,
                int(instalment) if instalment else None,
            )
        )
    return found


@pytest.mark.parametrize("row", worked_table(PAGE, "Worked example"), ids=row_id)
def test_what_lines_add_up_to(row: Row) -> None:
    for lines in map(list, permutations(lines_in(row["lines"]))):
        assert net_paid(lines) == some_pounds(row["paid"])
        assert first_paid_on(lines) == as_date(row["first payment"])
        assert covered_on(1, Decimal(4500), lines) == as_date(row["instalment 1 paid on"])
        assert left_of(1, lines) == some_pounds(row["left of line 1"])


@pytest.mark.parametrize("row", worked_table(PAGE, "Above the award"), ids=row_id)
def test_above_the_award(row: Row) -> None:
    verdict = judge_above_award(lines_in(row["lines"]), as_pounds(row["award"]), a_date(row["on"]))
    assert (format_pounds(verdict.above) if verdict else "none") == row["above"]


def schedule_in(cell: str) -> list[Owed]:
    """A schedule as the page writes it: "1: £6,000 (£0), 2: not known (£0)"."""
    parts = [part.partition(": ") for part in cell.split(", ")]
    return [Owed(int(n), as_pounds(t.split(" (")[0]), some_pounds(t.split("(")[1][:-1])) for n, _, t in parts]


@pytest.mark.parametrize("row", worked_table(PAGE, "A lower award"), ids=row_id)
def test_a_lower_award(row: Row) -> None:
    # Commas inside amounts stay together: the parts are split at a comma and a space.
    schedule = schedule_in(row["schedule (paid)"])
    smaller = shrink(schedule, some_pounds(row["new award"]), some_pounds(row["paid outside"]))
    after = {owed.number: smaller.get(owed.number, owed.amount) for owed in schedule}
    wanted = (part.partition(": ") for part in row["schedule after"].split(", "))
    assert after == {int(number): as_pounds(text) for number, _, text in wanted}


@pytest.mark.parametrize("row", worked_table(PAGE, "What a schedule lacks"), ids=row_id)
def test_what_a_schedule_lacks(row: Row) -> None:
    award, outside = some_pounds(row["award"]), some_pounds(row["paid outside"])
    assert unscheduled(schedule_in(row["schedule (paid)"]), award, outside) == as_pounds(row["lacks"])


days = st.dates(date(2026, 1, 1), date(2026, 3, 31))
pennies = st.integers(1, 500_000).map(lambda n: Decimal(n) / 100)


@st.composite
def ledgers(draw: st.DrawFn) -> list[Line]:
    """Payments with reversals that never take more than stands, and recoveries that never take more than is paid."""
    lines: list[Line] = []
    for _ in range(draw(st.integers(0, 5))):
        instalment = draw(st.sampled_from([None, 1, 2]))
        payment = Line(len(lines) + 1, "payment", draw(pennies), draw(days), None, instalment)
        lines.append(payment)
        share = draw(st.sampled_from([0, 0, 50, 100]))
        amount = (payment.amount * share / 100).quantize(Decimal("0.01"))
        if amount:
            day = max(payment.paid_on, draw(days))
            lines.append(Line(len(lines) + 1, "reversal", amount, day, payment.id, instalment))
    paid = net_paid(lines)
    if paid and draw(st.booleans()):
        lines.append(Line(len(lines) + 1, "recovery", paid, date(2026, 4, 1)))
        undone = draw(st.sampled_from([Decimal(0), Decimal("0.01"), paid]))
        if undone:
            lines.append(Line(len(lines) + 1, "reversal", undone, date(2026, 4, 2), len(lines)))
    return draw(st.permutations(lines))


@given(ledgers())
def test_what_stands_is_never_negative_and_never_above_what_was_paid(lines: list[Line]) -> None:
    payments = sum((line.amount for line in lines if line.kind == "payment"), Decimal(0))
    assert 0 <= net_paid(lines) <= payments
    assert paid_towards(1, lines) + paid_towards(2, lines) <= payments


@given(ledgers())
def test_the_first_payment_is_one_of_the_payments_and_none_stands_before_it(lines: list[Line]) -> None:
    first = first_paid_on(lines)
    undone = {
        line.id
        for line in lines
        if line.kind == "payment" and sum(r.amount for r in lines if r.reverses == line.id) == line.amount
    }
    standing = [line.paid_on for line in lines if line.kind == "payment" and line.id not in undone]
    assert first == min(standing, default=None)


@given(ledgers(), pennies)
def test_covered_on_is_the_first_day_that_covers(lines: list[Line], amount: Decimal) -> None:
    covered = covered_on(1, amount, lines)
    if covered is None:
        assert paid_towards(1, lines) < amount
        return
    by_payment = {line.id: line for line in lines if line.kind == "payment" and line.instalment == 1}
    left = {pk: left_of(pk, lines) for pk in by_payment}
    assert sum(left[pk] for pk, line in by_payment.items() if line.paid_on <= covered) >= amount
    assert sum(left[pk] for pk, line in by_payment.items() if line.paid_on < covered) < amount


@given(ledgers())
def test_a_full_reversal_leaves_the_ledger_as_it_was_before_the_payment(lines: list[Line]) -> None:
    more = [
        *lines,
        Line(901, "payment", Decimal(5), date(2025, 12, 1), None, 1),
        Line(902, "reversal", Decimal(5), date(2026, 5, 1), 901, 1),
    ]
    assert first_paid_on(more) == first_paid_on(lines)
    assert net_paid(more) == net_paid(lines)
    assert covered_on(1, Decimal(10), more) == covered_on(1, Decimal(10), lines)


@given(ledgers(), pennies)
def test_a_recovery_moves_no_first_payment_and_no_instalment(lines: list[Line], amount: Decimal) -> None:
    more = [*lines, Line(901, "recovery", amount, date(2026, 5, 1))]
    assert first_paid_on(more) == first_paid_on(lines)
    assert covered_on(1, amount, more) == covered_on(1, amount, lines)


schedules = st.lists(st.tuples(st.none() | pennies, st.sampled_from([0, 50, 100])), max_size=5).map(
    lambda rows: [
        Owed(n, amount, ((amount or Decimal(0)) * share / 100).quantize(Decimal("0.01")))
        for n, (amount, share) in enumerate(rows, start=1)
    ]
)


@given(schedules, pennies, st.just(Decimal(0)) | pennies)
def test_a_schedule_shrinks_to_the_award_and_never_below_what_is_paid(
    schedule: list[Owed], whole: Decimal, outside: Decimal
) -> None:
    known = {owed.number: owed for owed in schedule if owed.amount is not None}
    smaller, award = shrink(schedule, whole, outside), whole - outside
    after = {n: smaller.get(n, owed.amount) for n, owed in known.items()}
    assert smaller.keys() <= known.keys()
    assert all((after[n] or 0) >= owed.paid for n, owed in known.items())
    before, total = sum(o.amount or 0 for o in known.values()), sum(a or 0 for a in after.values())
    assert total == max(min(before, award), total if total > award else 0)
    if total > award:
        assert all(after[n] == owed.paid for n, owed in known.items())
