"""What the e-mail of a person's new messages says."""

from collections.abc import Iterable
from itertools import groupby

from core.models import Delivery, Digest, Message

SUBJECT = "Early Help Funding Tracker: {count:,} new {messages}"
MOST_LINES = 50
ILLUSTRATIVE = "Illustrative data: these organisations do not exist"
WHY = {
    Digest.DAILY: "You get this e-mail on each day that brings something new.",
    Digest.WEEKLY: "You get this e-mail on Mondays, if the week brought something new.",
    Digest.NEVER: "You have asked for no more e-mails since this one was written.",
}


def digest_text(delivery: Delivery, site_url: str) -> str:
    """The text of a delivery: its messages by register, newest first, at most fifty, each with where to act.

    Two queries, however many messages there are.
    """
    messages = Message.objects.filter(delivery=delivery)
    shown = list(messages.order_by("is_illustrative", "-at", "-pk")[:MOST_LINES])
    left = messages.count() - len(shown)
    parts = ["Hello", *_groups(shown, site_url)]
    if left:
        parts.append(f"and {left:,} more: {site_url}/messages/")
    parts.append(
        f"All your messages: {site_url}/messages/\n"
        f"{WHY[Digest(delivery.to.digest)]} To change how often: {site_url}/messages/preference/"
    )
    return "\n\n".join(parts) + "\n"


def _groups(messages: Iterable[Message], site_url: str) -> list[str]:
    parts = []
    for illustrative, group in groupby(messages, key=lambda message: message.is_illustrative):
        if illustrative:
            parts.append(ILLUSTRATIVE.upper())
        parts.extend(f"{message.text}\n{site_url}{message.path}".rstrip() for message in group)
    return parts
