"""The state of the answer to each resolution. Source of the rules and worked examples: docs/rules/resolutions.md."""

from __future__ import annotations

from enum import StrEnum

from grants.rules.standard import StandardCounts


class State(StrEnum):
    """How far a resolution is met: green, amber, red, and grey."""

    ON_TRACK = "on_track"
    PARTLY = "partly"
    NOT_ON_TRACK = "not_on_track"
    NOT_KNOWN = "not_known"


# Shares as whole numbers out of a hundred, so that a share is compared exactly.
GREEN_FROM, AMBER_FROM, NOT_KNOWN_OVER = 90, 75, 25
TURNS_AT = (GREEN_FROM, AMBER_FROM)


def speed_state(counts: StandardCounts, *, critical: int, cannot_be_assessed: int, in_scope: int) -> State:
    """Whether the money is distributed as rapidly as possible.

    `counts` are of the grants that can be assessed, `critical` how many of them are critical now; `in_scope` is all of
    the funds' grants, `cannot_be_assessed` among them.
    """
    if 100 * cannot_be_assessed > NOT_KNOWN_OVER * in_scope or not counts.settled:
        return State.NOT_KNOWN
    share = 100 * counts.within
    if share >= GREEN_FROM * counts.settled and critical == 0:
        return State.ON_TRACK
    return State.PARTLY if share >= AMBER_FROM * counts.settled else State.NOT_ON_TRACK


def early_help_state() -> State:
    """Whether funding is focused on sustained early help: not known until the council sets its test."""
    return State.NOT_KNOWN
