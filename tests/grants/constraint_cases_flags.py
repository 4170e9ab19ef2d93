"""The constraints of flags and their events."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Model

from grants.models import Flag, FlagEvent
from tests.constraints import Case
from tests.factories import (
    make_award,
    make_flag,
    make_flag_event,
    make_grant,
    make_instalment,
    make_locality,
    make_organisation,
    make_round,
    make_stop,
    somebody,
)

DAY = date(2026, 11, 12)

SUBJECTS: dict[str, Callable[[], Model]] = {
    "grant": make_grant,
    "instalment": lambda: make_instalment(make_grant()),
    "clock_stop": lambda: make_stop(make_grant()),
    "round": make_round,
    "funding_award": make_award,
    "organisation": make_organisation,
    "locality": make_locality,
}


def flag_event() -> FlagEvent:
    """The raising of a new flag."""
    return make_flag_event(make_flag())


def _one_open_case(subject: str) -> Case:
    def cleared_beside_open() -> Flag:
        about: dict[str, Any] = {subject: SUBJECTS[subject]()}
        make_flag(rule="cluster", **about)
        return make_flag(rule="cluster", cleared_on=DAY, **about)

    return Case(
        f"flag_one_open_per_{subject}",
        row=cleared_beside_open,
        accepted=[
            {"cleared_on": date(2026, 11, 13)},
            {"cleared_on": None, "rule": "cliff_edge"},
            lambda row: {"cleared_on": None, subject: SUBJECTS[subject]()},
        ],
        refused=[{"cleared_on": None}],
    )


CASES = [
    Case(
        "flag_exactly_one_subject",
        row=make_flag,
        accepted=[lambda row: {"grant": None, "round": make_round()}],
        refused=[
            {"grant": None},
            *(
                lambda row, subject=subject: {subject: SUBJECTS[subject]()}
                for subject in SUBJECTS
                if subject != "grant"
            ),
        ],
    ),
    *(_one_open_case(subject) for subject in SUBJECTS),
    Case(
        "flag_rule_known",
        row=make_flag,
        accepted=[{"rule": "cluster"}],
        refused=[{"rule": "hunch"}, {"rule": ""}],
    ),
    Case(
        "flag_level_known",
        row=make_flag,
        accepted=[{"level": "fallen"}],
        refused=[{"level": "red"}, {"level": ""}],
    ),
    Case(
        "flag_cleared_after_opened",
        row=make_flag,
        accepted=[{"cleared_on": date(2026, 11, 10)}, {"cleared_on": None}],
        refused=[{"cleared_on": date(2026, 11, 9)}],
    ),
    Case(
        "flag_acknowledged_paired",
        row=make_flag,
        accepted=[lambda row: {"acknowledged_by": somebody(), "acknowledged_on": DAY}],
        refused=[{"acknowledged_on": DAY}, lambda row: {"acknowledged_by": somebody()}],
    ),
    Case(
        "flag_snoozed_paired",
        row=make_flag,
        accepted=[lambda row: {"snoozed_by": somebody(), "snoozed_on": DAY, "snoozed_rank": 2}],
        refused=[
            {"snoozed_on": DAY, "snoozed_rank": 2},
            lambda row: {"snoozed_by": somebody(), "snoozed_on": DAY},
            lambda row: {"snoozed_by": somebody(), "snoozed_rank": 2},
        ],
    ),
    Case(
        "flagevent_kind_known",
        row=flag_event,
        accepted=[{"kind": "noted"}],
        refused=[{"kind": "forgotten"}, {"kind": ""}],
    ),
]
