"""What a flag says, from the facts it was judged on: why it stands, and what a person can do to clear it.

The sentences name the day of judging, so they stay true when read later. Facts may carry one more key
than the rules give: `unit`, what a caseload counts (families, or children and young people).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from core.rules.dates import long_date
from core.rules.money import format_pounds
from grants.rules.levels import Level, Rule

AnyFacts: TypeAlias = Mapping[str, Any]
Sentence: TypeAlias = Callable[[Level, AnyFacts], str]

NO_LONGER = "Today this no longer holds."
CLEARS_AT_NEXT_CHECK = "This clears when the flags are next checked."


def why(rule: Rule | str, level: Level | str, facts: AnyFacts) -> str:
    """Why the flag stands, in plain words, true for the day it was judged."""
    return _WHY[Rule(rule)](Level(level), facts)


def clears_when(rule: Rule | str, level: Level | str, facts: AnyFacts) -> str:
    """What clears the flag, as a sentence that begins "This clears when"; what to record, and where due."""
    return _CLEARS_WHEN[Rule(rule)](Level(level), facts)


def clears_briefly(level: Level | str, facts: AnyFacts) -> str:
    """What clears a cliff edge, in a few words for a table: a plan for everybody, or an extension while it lasts."""
    unit = _unit(facts)
    everybody = f"every one of its {unit}" if facts["caseload"] is None else f"all {facts['caseload']} {unit}"
    words = f"A plan that covers {everybody}"
    if facts["uncovered"] is None:
        words = (
            f"A caseload of {_day(facts, 'caseload_needed_from')} or later, and a plan that covers its {unit}"
        )
    return words if Level(level) == Level.FALLEN else f"{words}; or an extension"


def _day(facts: AnyFacts, key: str) -> str:
    return long_date(date.fromisoformat(facts[key]))


def _pounds(facts: AnyFacts, key: str) -> str:
    return format_pounds(Decimal(facts[key]))


def _working_days(count: int) -> str:
    return "1 working day" if count == 1 else f"{count} working days"


def _unit(facts: AnyFacts) -> str:
    return facts.get("unit") or "families"


def _why_slow(level: Level, facts: AnyFacts) -> str:
    standard, council = facts["standard_working_days"], facts["council_working_days"]
    sentence = f"Council's time reached {_working_days(council)} on {_day(facts, 'on')}"
    if council > 2 * standard:
        sentence += f", more than twice the standard of {standard}."
    else:
        sentence += f"; the standard is {standard}."
    if facts["start_passed"]:
        start = _day(facts, "planned_start")
        return f"Not paid, and the work was planned to start on {start}. {sentence}"
    return f"Not paid{' yet' if level == Level.WATCH else ''}. {sentence}"


def _clear_slow(level: Level, facts: AnyFacts) -> str:
    sentence = "This clears when the first payment is recorded, dated the day the money moved."
    if facts["start_passed"]:
        return sentence
    return f"{sentence} Where the council waited for the provider, record the clock stop: it is not counted."


def _why_late_instalment(level: Level, facts: AnyFacts) -> str:
    late = facts["working_days_late"]
    after = f", {_working_days(late)} later" if late else ""
    if facts["condition_met_on"] is not None and facts["payable_on"] != facts["due_on"]:
        ready = f"Its condition was met on {_day(facts, 'payable_on')}"
    else:
        ready = f"It was due on {_day(facts, 'due_on')}"
    return f"This instalment is not paid. {ready}, and it was still unpaid on {_day(facts, 'on')}{after}."


def _clear_late_instalment(level: Level, facts: AnyFacts) -> str:
    return (
        "This clears when the payment of this instalment is recorded, dated the day the money moved; "
        "or, where other terms were agreed, when a variation gives it a later due date."
    )


def _why_above_award(level: Level, facts: AnyFacts) -> str:
    return (
        f"{_pounds(facts, 'paid')} was paid by {_day(facts, 'on')} of an award of {_pounds(facts, 'awarded')}: "
        f"{_pounds(facts, 'above')} above it."
    )


def _clear_above_award(level: Level, facts: AnyFacts) -> str:
    return (
        f"This clears when {_pounds(facts, 'above')} is recorded as reversed or recovered, or when a variation "
        f"raises the award to {_pounds(facts, 'paid')}."
    )


def _why_stop(level: Level, facts: AnyFacts) -> str:
    return (
        f"The council has been waiting on the {facts['waiting_on']} since {_day(facts, 'started_on')}: "
        f"{_working_days(facts['working_days'])} by {_day(facts, 'on')}."
    )


def _clear_stop(level: Level, facts: AnyFacts) -> str:
    return (
        "This clears when the clock stop is ended, dated the day "
        f"the {facts['waiting_on']} gave what the council was waiting for."
    )


def _why_round(level: Level, facts: AnyFacts) -> str:
    lead_time = _working_days(facts["lead_time_working_days"])
    return (
        f"Announced on {_day(facts, 'announced_on')} and closing on {_day(facts, 'closes_on')}, this round "
        f"gives groups {lead_time} to apply; the norm is {facts['norm_working_days']}."
    )


def _clear_round(level: Level, facts: AnyFacts) -> str:
    return (
        f"This clears when the round is extended to close on {_day(facts, 'extend_to')} or later. "
        f"After {_day(facts, 'closes_on')} it can no longer be extended."
    )


def _why_give_back(level: Level, facts: AnyFacts) -> str:
    amount, spend_by = _pounds(facts, "at_risk"), _day(facts, "spend_by")
    sentence = f"On {_day(facts, 'on')}, nothing was set to spend {amount} by {spend_by}: it may go back."
    if level != Level.CRITICAL:
        return sentence
    days = facts["announcement_to_first_payment_days"]
    return (
        f"{sentence} A new round takes about {days} days to its first payment, "
        f"so one announced after {_day(facts, 'last_announcement_on')} could not pay in time."
    )


def _clear_give_back(level: Level, facts: AnyFacts) -> str:
    return (
        f"This clears when the whole {_pounds(facts, 'at_risk')} is committed or paid: record the payments "
        "already made, or agree a variation that raises an award. If the funder agrees a later spend-by date, "
        "record it; if the money has gone back, close the funding award."
    )


def _left_out(facts: AnyFacts) -> str:
    """How many are uncovered, and when that is not known, why not."""
    unit, count = _unit(facts), facts["uncovered"]
    if count is not None:
        return f"{count} of {facts['caseload']} {unit} had no confirmed support after it"
    if facts["caseload"] is None or facts["caseload_on"] is None:
        return f"the number of {unit} left without support was not known: no dated caseload is recorded"
    return (
        f"the number of {unit} left without support was not known: "
        f"the last caseload, of {_day(facts, 'caseload_on')}, is too old"
    )


def _why_cliff_edge(level: Level, facts: AnyFacts) -> str:
    end = f"{'Ended' if level == Level.FALLEN else 'Ends'} on {_day(facts, 'ends_on')}"
    sentence = f"{end}; on {_day(facts, 'on')}, {_left_out(facts)}."
    if level != Level.FALLEN and facts["notice_due_on"] < facts["on"] and facts["notice_given_on"] is None:
        sentence += f" Notice to the provider was due by {_day(facts, 'notice_due_on')}; none is recorded."
    if level == Level.HIGH and facts["latest_safe_on"] is not None and facts["latest_safe_on"] < facts["on"]:
        sentence += f" The latest safe date, {_day(facts, 'latest_safe_on')}, has passed."
    return sentence


def _clear_cliff_edge(level: Level, facts: AnyFacts) -> str:
    unit, plan = _unit(facts), "a sustainability plan is recorded that covers"
    if facts["uncovered"] is None:
        needed = f"a caseload counted on {_day(facts, 'caseload_needed_from')} or later is recorded"
        sentence = f"This clears when {needed} and {plan} every one of its {unit}"
    else:
        sentence = f"This clears when {plan} all {facts['caseload']} {unit}"
        sentence += ", or a newer caseload shows that no more need cover"
    sentence += " (finishing as planned, continuing under confirmed funding, or accepted by a named service)"
    if level == Level.FALLEN:
        return f"{sentence}. It is reported until {_day(facts, 'reported_until')}."
    return f"{sentence}, or when an extension is recorded as a variation with a later end date."


def _why_cluster(level: Level, facts: AnyFacts) -> str:
    if facts["measure"] == "families":
        share = f"{facts['part']} of the {facts['whole']} {_unit(facts)} supported here"
    else:
        share = f"{_pounds(facts, 'part')} of the {_pounds(facts, 'whole')} a year spent here"
    return (
        f"{len(facts['refs'])} grants with people not covered end between {_day(facts, 'window_start')} and "
        f"{_day(facts, 'window_end')}. On {_day(facts, 'on')} they held {share}."
    )


def _clear_cluster(level: Level, facts: AnyFacts) -> str:
    held = f"the {_unit(facts)}" if facts["measure"] == "families" else "the money"
    return (
        "This clears when fewer than two of them are left uncovered, or those left hold less than half "
        f"of {held}: record a sustainability plan that covers everybody in a grant, or extend one by a "
        f"variation so that they no longer end within three months ({', '.join(facts['refs'])})."
    )


_WHY: Mapping[Rule, Sentence] = {
    Rule.SLOW_FIRST_PAYMENT: _why_slow,
    Rule.LATE_INSTALMENT: _why_late_instalment,
    Rule.PAID_ABOVE_AWARD: _why_above_award,
    Rule.STOP_TO_CHASE: _why_stop,
    Rule.SHORT_NOTICE_ROUND: _why_round,
    Rule.MONEY_MAY_GO_BACK: _why_give_back,
    Rule.CLIFF_EDGE: _why_cliff_edge,
    Rule.CLUSTER: _why_cluster,
}

_CLEARS_WHEN: Mapping[Rule, Sentence] = {
    Rule.SLOW_FIRST_PAYMENT: _clear_slow,
    Rule.LATE_INSTALMENT: _clear_late_instalment,
    Rule.PAID_ABOVE_AWARD: _clear_above_award,
    Rule.STOP_TO_CHASE: _clear_stop,
    Rule.SHORT_NOTICE_ROUND: _clear_round,
    Rule.MONEY_MAY_GO_BACK: _clear_give_back,
    Rule.CLIFF_EDGE: _clear_cliff_edge,
    Rule.CLUSTER: _clear_cluster,
}
