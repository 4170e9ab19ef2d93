"""What each process of a race does: submit the same forms as the others, at the same moments.

Run in spawned processes, with DATABASE_URL set to the database they share.
"""

import os
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any, TypeAlias

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402

from core.models import User  # noqa: E402
from grants.models import Grant, Payment  # noqa: E402
from grants.operations.payments import record_payment  # noqa: E402

PAID_ON = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
AMOUNT = Decimal("10.00")
LONGEST_WAIT_SECONDS = 60

Said: TypeAlias = list[tuple[str, int | str]]


def guarded(grant: Grant, by: User, key: uuid.UUID) -> int:
    """One submit through the operation, as the page does it."""
    payment = record_payment(
        grant=grant,
        amount=AMOUNT,
        paid_on=PAID_ON,
        reference=str(key),
        by=by,
        on=PAID_ON,
        at=AT,
        request_key=key,
    )
    return payment.pk


def naive(grant: Grant, by: User, key: uuid.UUID) -> int:
    """The control: look whether it is there, then write it, with nothing that holds the others back."""
    found = Payment.objects.filter(reference=str(key)).first()
    if found is not None:
        return found.pk
    return Payment.objects.create(
        grant=grant, amount=AMOUNT, paid_on=PAID_ON, reference=str(key), recorded_by=by, recorded_at=AT
    ).pk


WAYS: dict[str, Any] = {"guarded": guarded, "naive": naive}


def submit(
    way: str, grant_id: int, user_id: int, keys: Sequence[uuid.UUID], barrier: Barrier, answers: "Queue[Said]"
) -> None:
    """Submit every form twice, each round together with the other processes; answer with what each submit said."""
    grant, by = Grant.objects.get(pk=grant_id), User.objects.get(pk=user_id)
    said: Said = []
    for key in keys:
        barrier.wait(LONGEST_WAIT_SECONDS)
        for _ in range(2):
            try:
                said.append((str(key), WAYS[way](grant, by, key)))
            except Exception as error:
                said.append((str(key), f"{type(error).__name__}: {error}"))
    answers.put(said)
    connection.close()
