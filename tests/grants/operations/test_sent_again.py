"""A form sent again (Back, then the button) with other entries is refused: what was typed is not lost in silence."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.errors import ActionRefused
from grants.models import Grant
from grants.operations.decisions import (
    add_check,
    bank_details_changed,
    close_grant,
    name_provider,
    record_agreement,
    record_check,
    record_details,
    vary_grant,
)
from grants.operations.decisions.details import details_of
from grants.operations.endings import add_cover, change_cover, record_notice, record_plan
from grants.operations.funds import change_award, extend_round
from grants.operations.payments import (
    correct_clock_stop,
    end_clock_stop,
    meet_condition,
    record_claim,
    start_clock_stop,
)
from grants.operations.returns import record_caseload
from tests import factories as make
from tests.grants.operations.conftest import TODAY, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAY, OTHER_DAY = date(2026, 11, 16), date(2026, 11, 17)
Case = tuple[Callable[..., Any], dict[str, Any], dict[str, Any]]


def caseload(grant: Grant) -> Case:
    return (
        record_caseload,
        {"grant": grant, "period_to": DAY, "caseload": 26, "caseload_unit": "families"},
        {"caseload": 62},
    )


def spent(grant: Grant) -> Case:
    operation, entries, _ = caseload(grant)
    return operation, entries, {"spent_to_date": Decimal(900)}


def agreement(grant: Grant) -> Case:
    grant.agreement.delete()
    entries = {"grant": grant, "issued_on": DAY, "signed_on": None, "countersigned_on": None}
    return record_agreement, entries, {"signed_on": OTHER_DAY}


def plan(grant: Grant) -> Case:
    return record_plan, {"grant": grant, "summary": "It goes on."}, {"summary": "It does not."}


def cover(grant: Grant) -> Case:
    line = make.make_cover(make.make_plan(grant), certainty="hoped", confirmed_on=None)
    entries = {"cover": line, "kind": "finishes", "number": 3, "certainty": "hoped"}
    return change_cover, entries, {"number": 4}


def check(grant: Grant) -> Case:
    entries = {"check": make.make_check(grant), "result": "passed", "checked_on": DAY}
    return record_check, entries, {"expires_on": date(2027, 11, 16)}


def asked_check(grant: Grant) -> Case:
    entries = {"check": make.make_check(grant), "result": None, "requested_on": DAY}
    return record_check, entries, {"result": "passed", "checked_on": OTHER_DAY}


def bank_details(grant: Grant) -> Case:
    return bank_details_changed, {"grant": grant, "told_on": DAY}, {"told_on": OTHER_DAY}


def stop(grant: Grant) -> Case:
    return end_clock_stop, {"stop": make.make_stop(grant), "ended_on": DAY}, {"ended_on": OTHER_DAY}


def stop_put_right(grant: Grant) -> Case:
    entries = {
        "stop": make.make_stop(grant),
        "waiting_on": "funder",
        "reason": "Match funding",
        "started_on": DAY,
    }
    return (
        correct_clock_stop,
        {**entries, "ended_on": DAY, "why": "Not the provider"},
        {"ended_on": OTHER_DAY},
    )


def condition(grant: Grant) -> Case:
    line = make.make_instalment(grant, condition="A plan")
    return meet_condition, {"instalment": line, "met_on": DAY}, {"met_on": OTHER_DAY}


def claim(grant: Grant) -> Case:
    line = make.make_instalment(grant, basis="on_claim")
    return record_claim, {"instalment": line, "claim_valid_on": DAY}, {"claim_valid_on": OTHER_DAY}


def award(grant: Grant) -> Case:
    entries = {"award": make.make_award(), "spend_by": date(2027, 9, 1), "reason": "The funder agreed."}
    return change_award, entries, {"spend_by": date(2027, 9, 2)}


def round_(grant: Grant) -> Case:
    opened = make.make_round(
        announced_on=DAY, opens_on=None, closes_on=date(2026, 12, 4), decision_due_on=None
    )
    entries = {"round": opened, "closes_on": date(2027, 1, 4), "reason": "Longer."}
    return extend_round, entries, {"closes_on": date(2027, 1, 5)}


def withdrawn(grant: Grant) -> Case:
    return (
        close_grant,
        {"grant": grant, "withdrawn_on": DAY, "reason": "They closed."},
        {"withdrawn_on": OTHER_DAY},
    )


def details(grant: Grant) -> Case:
    wanted = replace(details_of(grant), purpose="training")
    return record_details, {"grant": grant, "details": wanted}, {"details": replace(wanted, purpose="review")}


def provider(grant: Grant) -> Case:
    grant.agreement.delete()
    other = make.make_organisation()
    entries = {"grant": grant, "provider": "Quayside Families", "kind": None, "is_new": True}
    return name_provider, entries, {"provider": other.name}


def new_cover(grant: Grant) -> Case:
    make.make_return(grant)
    entries = {"grant": grant, "kind": "finishes", "number": 3, "certainty": "hoped"}
    return add_cover, entries, {"certainty": "confirmed", "confirmed_on": DAY}


def new_cover_elsewhere(grant: Grant) -> Case:
    operation, entries, _ = new_cover(grant)
    return operation, entries, {"grant": make.make_grant()}


def notice(grant: Grant) -> Case:
    entries = {"grant": grant, "told": "provider", "told_on": DAY, "note": "By letter"}
    return record_notice, entries, {"note": "By telephone"}


def new_check(grant: Grant) -> Case:
    entries = {"grant": grant, "kind": "dbs", "requested_on": DAY}
    return add_check, entries, {"needed_before": "agreement"}


def check_asked_for(grant: Grant) -> Case:
    operation, entries, _ = asked_check(grant)
    return operation, entries, {"requested_on": OTHER_DAY}


def new_stop(grant: Grant) -> Case:
    entries = {"grant": grant, "waiting_on": "funder", "reason": "Match funding", "started_on": DAY}
    return start_clock_stop, entries, {"ended_on": OTHER_DAY}


def new_stop_for(grant: Grant) -> Case:
    operation, entries, _ = new_stop(grant)
    return operation, entries, {"reason": "Their board"}


def condition_note(grant: Grant) -> Case:
    operation, entries, _ = condition(grant)
    return operation, {**entries, "note": "A plan came"}, {"note": "They telephoned"}


def variation(grant: Grant) -> Case:
    make.make_instalment(grant)
    make.make_instalment(grant)
    entries = {
        "grant": grant,
        "new_amount": Decimal(20_000),
        "added_due_on": date(2027, 2, 1),
        "due_dates": {1: date(2026, 12, 1)},
        "scope": "One more school",
        "reason": "Families need longer",
        "proposed_on": DAY,
        "decided_on": DAY,
    }
    return vary_grant, entries, {"due_dates": {1: date(2026, 12, 2)}}


VARIED = {
    "moves one more": {"due_dates": {1: date(2026, 12, 1), 2: date(2026, 12, 1)}},
    "moves none": {"due_dates": {}},
    "adds later": {"added_due_on": date(2027, 2, 2)},
    "adds nothing": {"added_due_on": None},
    "more scope": {"scope": "One more school, and one more"},
    "less scope": {"scope": "One more"},
    "no scope": {"scope": ""},
    "why": {"reason": "The funder asked"},
    "when": {"decided_on": OTHER_DAY},
}


@pytest.mark.parametrize("other", VARIED)
def test_a_variation_sent_again_says_the_same_or_is_refused(other: str, grant: Grant) -> None:
    operation, entries, _ = variation(grant)
    again = {**entries, "by": make.make_user("commissioner"), "on": TODAY, "request_key": uuid.uuid4()}
    written = operation(**again)
    with pytest.raises(ActionRefused, match="sent before, with other entries"):
        operation(**{**again, **VARIED[other]})
    assert operation(**again) == written


CASES = (
    caseload, spent, agreement, plan, cover, check, asked_check, bank_details, stop, stop_put_right, condition, claim,
    award, round_, withdrawn, details, provider, new_cover, new_cover_elsewhere, notice, new_check, check_asked_for,
    new_stop, new_stop_for, condition_note, variation,
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_other_entries_with_the_same_key_are_refused(case: Callable[[Grant], Case], grant: Grant) -> None:
    operation, entries, other = case(grant)
    who = make.make_user("commissioner")
    again = {**entries, "by": who, "on": TODAY, "request_key": uuid.uuid4()}
    written = operation(**again)
    before = vars(fresh(written))
    with pytest.raises(ActionRefused, match="sent before, with other entries"):
        operation(**{**again, **other})
    assert operation(**again) == written
    after = vars(fresh(written))
    assert {name: after[name] for name in before if name != "_state"} == {
        name: before[name] for name in before if name != "_state"
    }


WORDS = {
    plan: "summary",
    stop_put_right: "why",
    award: "reason",
    round_: "reason",
    withdrawn: "reason",
    notice: "note",
    new_stop: "reason",
    condition_note: "note",
    variation: "reason",
}


@pytest.mark.parametrize("case", WORDS, ids=lambda case: case.__name__)
def test_other_words_with_the_same_key_are_refused_too(case: Callable[[Grant], Case], grant: Grant) -> None:
    operation, entries, _ = case(grant)
    again = {**entries, "by": make.make_user("commissioner"), "on": TODAY, "request_key": uuid.uuid4()}
    operation(**again)
    with pytest.raises(ActionRefused, match="sent before, with other entries"):
        operation(**{**again, WORDS[case]: f"{entries[WORDS[case]]} Or not."})


def test_another_kind_of_provider_with_the_same_key_is_refused(grant: Grant) -> None:
    operation, entries, _ = provider(grant)
    again = {**entries, "by": make.make_user("commissioner"), "on": TODAY, "request_key": uuid.uuid4()}
    operation(**again)
    operation(**again)
    with pytest.raises(ActionRefused, match="sent before, with other entries"):
        operation(**{**again, "kind": "school"})


def test_other_places_with_the_same_key_are_refused(grant: Grant) -> None:
    operation, entries, _ = details(grant)
    here, there = make.make_locality(), make.make_locality()
    wanted = replace(entries["details"], localities=(here,))
    again = {"grant": grant, "by": make.make_user("commissioner"), "on": TODAY, "request_key": uuid.uuid4()}
    operation(**again, details=wanted)
    operation(**again, details=wanted)
    with pytest.raises(ActionRefused, match="sent before, with other entries"):
        operation(**again, details=replace(wanted, localities=(there,)))
