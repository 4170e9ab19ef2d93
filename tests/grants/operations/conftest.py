"""Grants on which the next thing can be done, and how refusals and history are read."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Model

from core.models import User
from grants.models import Grant, Instalment
from tests import factories as make

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def grant(people: make.People) -> Grant:
    """Approved by somebody else, agreement countersigned, nothing paid; led by `people.organisation`."""
    grant = make.make_grant(lead_provider=people.organisation)
    make.make_agreement(grant)
    return grant


@pytest.fixture
def instalment(grant: Grant) -> Instalment:
    """£4,500, ready to pay."""
    return make.make_instalment(grant)


def pay(grant: Grant, by: User, **entries: Any) -> dict[str, Any]:
    """What record_payment takes: £4,500 paid yesterday, unless said otherwise."""
    return {
        "grant": grant,
        "amount": Decimal("4500.00"),
        "paid_on": date(2026, 11, 20),
        "by": by,
        "on": TODAY,
        "at": NOW,
        **entries,
    }


def last_history(record: Model) -> tuple[User | None, str]:
    """Who changed a record last, and why."""
    row = record.history.first()  # type: ignore[attr-defined]
    return row.history_user, row.history_change_reason


def fresh(record: Any) -> Any:
    """The record as the database has it now."""
    return type(record)._default_manager.get(pk=record.pk)


def typed(day: date, name: str) -> dict[str, str]:
    """A date in its three boxes."""
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}
