"""Jobs, messages and the e-mails that carry them."""

from datetime import UTC, datetime
from typing import Any

from core.models import Delivery, Job, Message
from tests.factories.people import somebody
from tests.factories.sequence import next_number

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


def make_job(**fields: Any) -> Job:
    """A job that waits, of a kind that nothing runs."""
    return Job.objects.create(
        **{
            "kind": "nothing",
            "started_by": fields.pop("started_by", None) or somebody(),
            "created_at": AT,
            **fields,
        }
    )


def make_message(**fields: Any) -> Message:
    """An unread message of the illustrative register, in no e-mail yet."""
    number = next_number()
    values = {
        "key": f"test:{number}",
        "kind": "test",
        "text": f"Something happened, number {number}. It can be undone.",
        "path": f"/flags/{number}/",
        "at": AT,
        "is_illustrative": True,
        **fields,
    }
    values["to"] = values.get("to") or somebody()
    return Message.objects.create(**values)


def make_delivery(**fields: Any) -> Delivery:
    """An e-mail that is due and was never tried."""
    values = {
        "key": f"digest:test:{next_number()}",
        "subject": "1 new message",
        "created_at": AT,
        "next_try_at": AT,
        **fields,
    }
    values["to"] = values.get("to") or somebody()
    return Delivery.objects.create(**values)
