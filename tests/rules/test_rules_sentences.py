"""What flags say: made from the facts alone, true for the day judged, and never with an unknown shown raw."""

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.rules.above_award import judge_above_award
from grants.rules.cliff import CliffCase, judge_cliff_edge
from grants.rules.clock import ClockCase, Stop
from grants.rules.cluster import ClusterGrant, judge_cluster
from grants.rules.give_back import AwardCase, judge_award
from grants.rules.ledger import Line
from grants.rules.levels import LABEL, RANK, Facts, Level, Rule
from grants.rules.sentences import clears_when, why
from grants.rules.slow import InstalmentCase, judge_first_payment, judge_instalment, judge_round, judge_stop
from tests.rules.england import CALENDAR, clock_cases, maybe_days, near_days, standards, stops
from tests.rules.test_rules_cliff import BASE
from tests.rules.test_rules_cliff import cases as cliff_cases
from tests.rules.test_rules_cluster import ON, some_grants
from tests.rules.test_rules_give_back import awards, round_days


class Verdict(Protocol):
    """What every verdict has."""

    @property
    def level(self) -> Level:
        """How bad it is."""

    def facts(self) -> Facts:
        """What it was judged on."""


def said(rule: Rule, verdict: Verdict | None, **more: Any) -> tuple[str, str]:
    """Both sentences, from facts that have been through JSON as the flag event's have."""
    assert verdict is not None
    facts = json.loads(json.dumps(verdict.facts())) | more
    return why(rule.value, verdict.level.value, facts), clears_when(rule.value, verdict.level.value, facts)


D = date
DECIDED = ClockCase(D(2026, 10, 19), None, False, None, None, D(2026, 10, 19), None, ())


def test_a_first_payment_says_how_long_and_how_to_clear_it() -> None:
    reason, clear = said(Rule.SLOW_FIRST_PAYMENT, judge_first_payment(DECIDED, 21, D(2026, 11, 21), CALENDAR))
    assert (
        reason == "Not paid. Council's time reached 25 working days on 21 November 2026; the standard is 21."
    )
    assert clear.startswith("This clears when the first payment is recorded")
    assert "record the clock stop" in clear


def test_a_first_payment_on_watch_is_not_paid_yet() -> None:
    reason, _ = said(Rule.SLOW_FIRST_PAYMENT, judge_first_payment(DECIDED, 30, D(2026, 11, 21), CALENDAR))
    assert (
        reason
        == "Not paid yet. Council's time reached 25 working days on 21 November 2026; the standard is 30."
    )


def test_a_first_payment_past_its_start_can_only_be_paid() -> None:
    case = DECIDED._replace(planned_start=D(2026, 11, 2))
    reason, clear = said(Rule.SLOW_FIRST_PAYMENT, judge_first_payment(case, 12, D(2026, 11, 21), CALENDAR))
    assert reason == (
        "Not paid, and the work was planned to start on 2 November 2026. Council's time reached 25 working days "
        "on 21 November 2026, more than twice the standard of 12."
    )
    assert clear == "This clears when the first payment is recorded, dated the day the money moved."


def test_a_late_instalment_says_since_when() -> None:
    plain = InstalmentCase(D(2026, 11, 19), None, False, None)
    reason, clear = said(Rule.LATE_INSTALMENT, judge_instalment(plain, D(2026, 11, 20), CALENDAR))
    assert reason == (
        "This instalment is not paid. It was due on 19 November 2026, and it was still unpaid on "
        "20 November 2026, 1 working day later."
    )
    assert "payment of this instalment is recorded" in clear
    conditional = InstalmentCase(D(2026, 11, 2), D(2026, 11, 9), True, None)
    reason, _ = said(Rule.LATE_INSTALMENT, judge_instalment(conditional, D(2026, 11, 20), CALENDAR))
    assert (
        "Its condition was met on 9 November 2026, and it was still unpaid on 20 November 2026, 9 working"
        in reason
    )
    over_a_weekend = InstalmentCase(D(2026, 11, 21), None, False, None)
    reason, _ = said(Rule.LATE_INSTALMENT, judge_instalment(over_a_weekend, D(2026, 11, 22), CALENDAR))
    assert reason.endswith("still unpaid on 22 November 2026.")


def test_a_stop_names_who_is_waited_for() -> None:
    reason, clear = said(
        Rule.STOP_TO_CHASE, judge_stop(Stop("provider", D(2026, 11, 2), None), D(2026, 11, 21), CALENDAR)
    )
    assert reason == (
        "The council has been waiting on the provider since 2 November 2026: 15 working days by 21 November 2026."
    )
    assert "clock stop is ended, dated the day the provider gave" in clear


def test_a_round_says_until_when_to_extend_it() -> None:
    reason, clear = said(
        Rule.SHORT_NOTICE_ROUND, judge_round(D(2026, 3, 2), D(2026, 4, 1), 30, D(2026, 3, 9), CALENDAR)
    )
    assert "gives groups 22 working days to apply; the norm is 30." in reason
    assert "extended to close on 15 April 2026 or later" in clear


def test_money_that_may_go_back_says_how_much_and_by_when() -> None:
    case = AwardCase(
        Decimal(100000), Decimal(60000), Decimal(20000), Decimal("4999.5"), D(2027, 3, 31), False
    )
    late, clear = said(Rule.MONEY_MAY_GO_BACK, judge_award(case, D(2026, 11, 21), 100))
    assert (
        late == "On 21 November 2026, nothing was set to spend £24,999.50 by 31 March 2027: it may go back."
    )
    assert "whole £24,999.50 is committed or paid" in clear
    critical, _ = said(Rule.MONEY_MAY_GO_BACK, judge_award(case, D(2027, 1, 2), 100))
    assert "so one announced after 21 December 2026 could not pay in time" in critical


def test_a_cliff_edge_says_who_is_left_and_what_covers_them() -> None:
    reason, clear = said(Rule.CLIFF_EDGE, judge_cliff_edge(BASE._replace(covered=6), D(2027, 2, 1)))
    assert reason == (
        "Ends on 31 March 2027; on 1 February 2027, 20 of 26 families had no confirmed support after it. "
        "Notice to the provider was due by 31 December 2026; none is recorded."
    )
    assert "a sustainability plan is recorded that covers all 26 families" in clear
    assert "extension is recorded as a variation" in clear


def test_a_notice_given_is_not_called_missing() -> None:
    given_in_time = BASE._replace(notice_given_on=D(2026, 12, 1))
    reason, _ = said(Rule.CLIFF_EDGE, judge_cliff_edge(given_in_time, D(2027, 2, 1)))
    assert "Notice" not in reason
    given_later = BASE._replace(notice_given_on=D(2027, 2, 2))
    reason, _ = said(Rule.CLIFF_EDGE, judge_cliff_edge(given_later, D(2027, 2, 1)))
    assert "Notice to the provider was due by 31 December 2026" in reason


def test_a_cliff_edge_counts_what_the_grant_counts() -> None:
    verdict = judge_cliff_edge(BASE, D(2027, 2, 1))
    reason, clear = said(Rule.CLIFF_EDGE, verdict, unit="children and young people")
    assert "26 of 26 children and young people" in reason
    assert "families" not in reason + clear


def test_a_cliff_edge_says_why_the_number_is_not_known() -> None:
    old = BASE._replace(caseload_on=D(2026, 7, 31))
    reason, clear = said(Rule.CLIFF_EDGE, judge_cliff_edge(old, D(2027, 2, 1)))
    assert "not known: the last caseload, of 31 July 2026, is too old" in reason
    assert "a caseload counted on 1 August 2026 or later is recorded and a sustainability plan" in clear
    missing = BASE._replace(caseload=None, caseload_on=None)
    reason, _ = said(Rule.CLIFF_EDGE, judge_cliff_edge(missing, D(2027, 2, 1)))
    assert "no dated caseload is recorded" in reason


def test_a_fallen_grant_ended_and_is_reported_for_a_year() -> None:
    reason, clear = said(Rule.CLIFF_EDGE, judge_cliff_edge(BASE, D(2027, 4, 1)))
    assert reason.startswith("Ended on 31 March 2027; on 1 April 2027, 26 of 26 families")
    assert clear.endswith("It is reported until 31 March 2028.")


def test_a_latest_safe_date_that_passed_is_named() -> None:
    case = BASE._replace(caseload_on=D(2026, 6, 30), latest_safe_on=D(2026, 6, 30))
    reason, _ = said(Rule.CLIFF_EDGE, judge_cliff_edge(case, D(2026, 7, 1)))
    assert reason.endswith("The latest safe date, 30 June 2026, has passed.")


def test_a_cluster_says_what_share_it_holds() -> None:
    one = ClusterGrant("EH-1", D(2027, 3, 31), 4, 30, None)
    two = ClusterGrant("EH-2", D(2027, 4, 30), None, 10, None)
    reason, clear = said(Rule.CLUSTER, judge_cluster([one, two], ON))
    assert reason == (
        "2 grants with people not covered end between 31 March 2027 and 30 April 2027. "
        "On 21 November 2026 they held 40 of the 40 families supported here."
    )
    assert "(EH-1, EH-2)" in clear
    money = [grant._replace(families=None, amount_per_year=Decimal(9000)) for grant in (one, two)]
    reason, clear = said(Rule.CLUSTER, judge_cluster(money, ON))
    assert "they held £18,000 of the £18,000 a year spent here" in reason
    assert "less than half of the money" in clear


def all_verdicts(data: st.DataObject) -> Iterator[tuple[Rule, Verdict | None]]:
    """One draw of every rule's case, judged."""
    draw = data.draw
    on = draw(near_days)
    yield Rule.SLOW_FIRST_PAYMENT, judge_first_payment(draw(clock_cases()), draw(standards), on, CALENDAR)
    instalment = InstalmentCase(draw(maybe_days), draw(maybe_days), draw(st.booleans()), draw(maybe_days))
    yield Rule.LATE_INSTALMENT, judge_instalment(instalment, on, CALENDAR)
    paid = st.decimals(Decimal("0.01"), Decimal(50_000), places=2)
    lines = [Line(n, "payment", draw(paid), on) for n in range(draw(st.integers(0, 3)))]
    yield Rule.PAID_ABOVE_AWARD, judge_above_award(lines, draw(st.none() | paid), on)
    yield Rule.STOP_TO_CHASE, judge_stop(draw(stops()), on, CALENDAR)
    yield (
        Rule.SHORT_NOTICE_ROUND,
        judge_round(draw(near_days), draw(near_days), draw(standards), on, CALENDAR),
    )
    award: AwardCase = draw(awards)
    yield Rule.MONEY_MAY_GO_BACK, judge_award(award, award.spend_by or on, draw(round_days))
    cliff: CliffCase = draw(cliff_cases)
    yield Rule.CLIFF_EDGE, judge_cliff_edge(cliff, draw(st.sampled_from([cliff.ends_on or on, on])))
    yield Rule.CLUSTER, judge_cluster(draw(some_grants), ON)


@settings(max_examples=200)
@given(st.data())
def test_no_sentence_ever_raises_or_shows_an_unknown(data: st.DataObject) -> None:
    for rule, verdict in all_verdicts(data):
        if verdict is None:
            continue
        facts = verdict.facts()
        assert json.loads(json.dumps(facts)) == facts
        assert date.fromisoformat(str(facts["on"]))
        reason, clear = said(rule, verdict)
        for sentence in (reason, clear):
            assert not re.search(r"None|nan|\{|\}|  |Decimal|datetime|\d{4}-\d{2}-\d{2}", sentence), sentence
            assert sentence.endswith(".")
        assert clear.startswith("This clears when ")
        assert LABEL[verdict.level]


def test_every_rule_has_both_sentences_and_every_level_its_rank() -> None:
    assert set(RANK) == set(LABEL) == set(Level)
    assert sorted(RANK[level] for level in Level) == [1, 2, 2, 3, 4]
    with pytest.raises(ValueError, match="not a valid Rule"):
        why("no_such_rule", Level.LATE, {})
