"""What a person changes about their own account."""

from datetime import datetime

from core.models import User


def mark_seen(*, by: User, at: datetime) -> User:
    """The person has looked at everything until `at`; an earlier moment changes nothing."""
    if by.seen_until is None or by.seen_until < at:
        by.seen_until = at
        by.save(update_fields=["seen_until"])
    return by
