"""docs/rules/blocking.md, and what holds of every case."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.blocking import (
    BlockCase,
    Blocker,
    CheckFacts,
    InstalmentFacts,
    StopFacts,
    blockers,
    needs_second_approver,
)
from tests.rules.worked_tables import Row, a_date, as_date, as_pounds, as_yes_no, row_id, worked_table

PAGE = "blocking"
DECIDED_ON = date(2026, 10, 9)
SIGNED = BlockCase(
    DECIDED_ON,
    date(2026, 10, 9),
    date(2026, 10, 9),
    date(2026, 10, 9),
    (),
    (),
    InstalmentFacts(Decimal(4500)),
    None,
)
LABELS = {"safeguarding": "Safeguarding policy", "bank_details": "Bank details", "dbs": "DBS assurance"}


def text(cell: str) -> str:
    return "" if cell == "none" else cell


def assert_blocked_as(row: Row, found: tuple[Blocker, ...]) -> None:
    """The row's words on the first thing in the way, or nothing in the way."""
    if row["blocked by"] == "nothing":
        assert found == ()
    else:
        assert found[0].what == row["blocked by"]
        assert found[0].who == row["who"]
        assert found[0].since == as_date(row["since"])
        assert found[0].clears_when


@pytest.mark.parametrize("row", worked_table(PAGE, "The agreement"), ids=row_id)
def test_the_agreement(row: Row) -> None:
    dates = (as_date(row["issued"]), as_date(row["signed"]), as_date(row["countersigned"]))
    case = SIGNED._replace(issued_on=dates[0], signed_on=dates[1], countersigned_on=dates[2])
    assert_blocked_as(row, blockers(case, a_date(row["judged on"])))


@pytest.mark.parametrize("row", worked_table(PAGE, "Checks"), ids=row_id)
def test_checks(row: Row) -> None:
    check = CheckFacts(
        kind="safeguarding",
        label=LABELS["safeguarding"],
        needed_before=row["needed before"],
        requested_on=as_date(row["asked for"]),
        result=text(row["result"]) or None,
        checked_on=as_date(row["seen"]),
        expires_on=as_date(row["expires"]),
    )
    case = SIGNED._replace(checks=(check,), issued_on=as_date(row["agreement issued"]))
    assert_blocked_as(row, blockers(case, a_date(row["judged on"])))


@pytest.mark.parametrize("row", worked_table(PAGE, "Changed bank details"), ids=row_id)
def test_changed_bank_details(row: Row) -> None:
    check = CheckFacts(
        kind="bank_details",
        label=LABELS["bank_details"],
        needed_before="payment",
        requested_on=as_date(row["told"]),
        result=text(row["result"]) or None,
        checked_on=as_date(row["seen"]),
        changed=True,
        unverified_from=None if row["verified until"] == "never" else a_date(row["verified until"]),
    )
    assert_blocked_as(row, blockers(SIGNED._replace(checks=(check,)), a_date(row["judged on"])))


@pytest.mark.parametrize("row", worked_table(PAGE, "Conditions"), ids=row_id)
def test_conditions(row: Row) -> None:
    instalment = InstalmentFacts(
        amount=Decimal(4500),
        condition=text(row["condition"]),
        condition_waits_on=text(row["waits on"]),
        condition_met_on=as_date(row["met"]),
    )
    assert_blocked_as(row, blockers(SIGNED._replace(instalment=instalment), a_date(row["judged on"])))


@pytest.mark.parametrize("row", worked_table(PAGE, "Clock stops"), ids=row_id)
def test_clock_stops(row: Row) -> None:
    stop = StopFacts(row["waiting on"], "Match funding", a_date(row["from"]), as_date(row["to"]))
    assert_blocked_as(row, blockers(SIGNED._replace(stops=(stop,)), a_date(row["judged on"])))


@pytest.mark.parametrize("row", worked_table(PAGE, "Claims"), ids=row_id)
def test_claims(row: Row) -> None:
    instalment = InstalmentFacts(
        amount=Decimal(4500),
        due_on=as_date(row["due"]),
        on_claim=as_yes_no(row["on claim"]),
        claim_valid_on=as_date(row["valid claim"]),
    )
    assert_blocked_as(row, blockers(SIGNED._replace(instalment=instalment), a_date(row["judged on"])))


@pytest.mark.parametrize("row", worked_table(PAGE, "The second approver"), ids=row_id)
def test_the_second_approver(row: Row) -> None:
    threshold = None if row["threshold"] == "none" else as_pounds(row["threshold"])
    instalment = InstalmentFacts(amount=as_pounds(row["amount"]), authorised_on=as_date(row["authorised"]))
    case = SIGNED._replace(instalment=instalment, second_approver_threshold=threshold)
    assert_blocked_as(row, blockers(case, a_date(row["judged on"])))


def everything_in_the_way() -> BlockCase:
    day = date(2026, 10, 14)
    checks = (
        CheckFacts("bank_details", LABELS["bank_details"], "payment", day, changed=True),
        CheckFacts("dbs", LABELS["dbs"], "agreement", day),
        CheckFacts("safeguarding", LABELS["safeguarding"], "payment", day),
    )
    instalment = InstalmentFacts(Decimal(10001), condition="First report", on_claim=True)
    stops = (StopFacts("provider", "Match funding", day, None),)
    return BlockCase(DECIDED_ON, None, None, None, checks, stops, instalment, Decimal(10000))


def test_first_things_come_first() -> None:
    found = blockers(everything_in_the_way(), date(2026, 10, 20))
    assert [blocker.what for blocker in found] == [
        row["what"] for row in worked_table(PAGE, "First things first")
    ]


def test_outside_the_schedule_only_the_grant_blocks() -> None:
    found = blockers(everything_in_the_way()._replace(instalment=None), date(2026, 10, 20))
    assert [blocker.block.value for blocker in found] == [
        "check_before_agreement",
        "agreement_not_issued",
        "bank_details_changed",
        "check",
        "clock_stop",
    ]


days = st.dates(date(2026, 10, 1), date(2026, 12, 31))
maybe_days = st.none() | days


@st.composite
def cases(draw: st.DrawFn) -> BlockCase:
    """A case that the record allows."""
    issued, signed, countersigned = (*sorted(draw(st.lists(days, max_size=3))), None, None, None)[:3]
    checks = [
        CheckFacts(
            "safeguarding",
            "Safeguarding policy",
            draw(st.sampled_from(["agreement", "payment"])),
            draw(maybe_days),
            *draw(
                st.sampled_from(
                    [(None, None), ("passed", date(2026, 10, 20)), ("failed", date(2026, 10, 20))]
                )
            ),
            draw(maybe_days),
            draw(st.booleans()),
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    stops = [
        StopFacts("provider", "Match funding", start, draw(st.none() | st.just(start + timedelta(days=9))))
        for start in draw(st.lists(days, max_size=2))
    ]
    instalment = InstalmentFacts(
        draw(st.none() | st.just(Decimal(100)) | st.just(Decimal(20000))),
        draw(maybe_days),
        draw(st.sampled_from(["", "First report"])),
        draw(maybe_days),
        "",
        draw(st.booleans()),
        draw(maybe_days),
        draw(maybe_days),
    )
    threshold = draw(st.none() | st.just(Decimal(10000)))
    return BlockCase(
        DECIDED_ON, issued, signed, countersigned, tuple(checks), tuple(stops), instalment, threshold
    )


@given(cases(), days)
def test_nothing_blocks_from_the_future_and_each_block_names_who(case: BlockCase, on: date) -> None:
    for blocker in blockers(case, on):
        assert blocker.who
        assert blocker.what
        assert blocker.since is None or blocker.since <= max(on, DECIDED_ON)


@given(cases(), days)
def test_what_blocks_the_grant_blocks_each_instalment(case: BlockCase, on: date) -> None:
    assert set(blockers(case._replace(instalment=None), on)) <= set(blockers(case, on))


@given(cases(), days)
def test_an_open_stop_always_blocks(case: BlockCase, on: date) -> None:
    found = blockers(case._replace(stops=(StopFacts("funder", "Their letter", on, None),)), on)
    assert ("funder", on) in {(blocker.who, blocker.since) for blocker in found}


def test_without_a_threshold_nobody_second_is_needed() -> None:
    assert not needs_second_approver(Decimal(10**9), None)
