"""E-mails: composed from what somebody has not read, sent with patience, never forgotten and hardly ever doubled."""

from datetime import date, datetime, timedelta

import structlog
from celery import signature
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef

from core.errors import ActionRefused, NotAllowed
from core.models import Delivery, DeliveryState, Digest, Message, Role, User
from core.queries.digests import SUBJECT, digest_text
from core.records import locked

log = structlog.get_logger("tracker.deliveries")

MONDAY = 0
# Longer than an e-mail server may take to answer (EMAIL_TIMEOUT): until then nobody else may try.
LEASE = timedelta(minutes=5)
MOST_TRIES = 10
LONGEST_PAUSE = timedelta(minutes=60)
MOST_AT_ONCE = 1000
HAS_LEFT = "PersonHasLeft"


def compose_digests(*, on: date, at: datetime) -> int:
    """Put each person's unread, unsent messages into one e-mail for the day `on`; answers how many e-mails.

    Everybody who wants them daily, on Mondays also who wants them weekly. One transaction a person; a repeat on the
    same day adds none, and finds whom an interrupted run left out.
    """
    wanted = [Digest.DAILY, Digest.WEEKLY] if on.weekday() == MONDAY else [Digest.DAILY]
    unsent = Message.objects.filter(to=OuterRef("pk")).unread().to_be_sent()
    people = User.objects.filter(Exists(unsent), is_active=True, digest__in=wanted).order_by("pk")
    return sum(_compose(person_id, on, at) for person_id in people.values_list("pk", flat=True))


@transaction.atomic
def _compose(person_id: int, on: date, at: datetime) -> bool:
    """One person's e-mail; the lock makes a second composer wait and find nothing left to do."""
    person: User = locked(User.objects, pk=person_id)
    key = f"digest:{person.pk}:{on.isoformat()}"
    unsent = Message.objects.filter(to=person).unread().to_be_sent()
    count = unsent.count()
    if not count or Delivery.objects.filter(key=key).exists():
        return False
    subject = SUBJECT.format(count=count, messages="message" if count == 1 else "messages")
    delivery = Delivery.objects.create(key=key, to=person, subject=subject, created_at=at, next_try_at=at)
    unsent.update(delivery=delivery)
    log.info("digest composed", delivery=delivery.pk, messages=count)
    _send(delivery.pk)
    return True


def _send(delivery_id: int) -> None:
    """Hand it to a worker after the commit. Robust: a broker that is down loses nothing, the sweep sends again."""
    task = signature("core.tasks.send_delivery", args=[delivery_id])
    transaction.on_commit(task.delay, robust=True)


def send_delivery(*, delivery_id: int, at: datetime) -> None:
    """Try to send one e-mail, if it is due; what goes wrong is kept and tried again later, ten times in all.

    The try is written down first, with a lease, so that two workers never send the same at one moment. A worker that
    dies between sending and writing so leaves a try without an answer: the next one may repeat the e-mail, and logs it.
    """
    delivery = _take(delivery_id, at)
    if delivery is None:
        return
    if not delivery.to.is_active:
        _settle(delivery, state=DeliveryState.FAILED, trouble=HAS_LEFT)
        return
    email = _email(delivery)
    try:
        email.send()
    except Exception as error:  # whatever a mail server or a network does, the next try is the answer to it
        log.warning("delivery not sent", delivery=delivery.pk, attempts=delivery.attempts, exc_info=True)
        _postpone(delivery, at, type(error).__name__)
    else:
        _settle(delivery, state=DeliveryState.SENT, sent_at=at)
        log.info("delivery sent", delivery=delivery.pk, attempts=delivery.attempts)


@transaction.atomic
def _take(delivery_id: int, at: datetime) -> Delivery | None:
    """The delivery with its try counted and its lease set; None when it is not due, or another worker has it."""
    due = Delivery.objects.select_for_update(of=("self",)).select_related("to")
    delivery = due.filter(pk=delivery_id, state=DeliveryState.WAITING, next_try_at__lte=at).first()
    if delivery is None:
        return None
    if delivery.attempts and not delivery.trouble:
        log.warning("delivery_may_repeat", delivery=delivery.pk, attempts=delivery.attempts)
    delivery.attempts += 1
    delivery.trouble = ""
    delivery.next_try_at = at + LEASE
    delivery.save(update_fields=["attempts", "trouble", "next_try_at"])
    return delivery


def _email(delivery: Delivery) -> EmailMessage:
    """The e-mail, with an id made from the key, so that a repeat can be told from something new."""
    host = settings.SITE_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    return EmailMessage(
        subject=delivery.subject,
        body=digest_text(delivery, settings.SITE_URL.rstrip("/")),
        to=[delivery.to.email],
        headers={
            "Message-ID": f"<{delivery.key.replace(':', '.')}@{host}>",
            "X-Reference": delivery.key,
            "Auto-Submitted": "auto-generated",
        },
    )


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many tries that did not work: 1, 2, 4 … minutes, at most 60."""
    return min(timedelta(minutes=2 ** (tries - 1)), LONGEST_PAUSE)


def _postpone(delivery: Delivery, at: datetime, trouble: str) -> None:
    if delivery.attempts >= MOST_TRIES:
        _settle(delivery, state=DeliveryState.FAILED, trouble=trouble)
        log.error("delivery given up", delivery=delivery.pk, trouble=trouble)
    else:
        _settle(delivery, next_try_at=at + pause_after(delivery.attempts), trouble=trouble)


def _settle(delivery: Delivery, **answer: object) -> None:
    """Write down what came of this try, unless another one has been made since."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING, attempts=delivery.attempts)
    mine.update(**answer)


def sweep_deliveries(*, at: datetime) -> int:
    """Hand every e-mail that is due to a worker: those to be tried again, and those a broker forgot."""
    due = Delivery.objects.filter(state=DeliveryState.WAITING, next_try_at__lte=at).order_by("next_try_at")
    found = list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for delivery_id in found:
        _send(delivery_id)
    if found:
        log.info("deliveries sent again", deliveries=len(found))
    return len(found)


@transaction.atomic
def retry_delivery(*, delivery: Delivery, by: User, at: datetime) -> Delivery:
    """Have an e-mail that was given up tried again, ten times more; one that waits or was sent stays as it is."""
    if by.role != Role.ADMINISTRATOR:
        raise NotAllowed("Only an administrator has an e-mail tried again.")
    delivery = locked(Delivery.objects.select_related("to"), pk=delivery.pk)
    if not delivery.to.is_active:
        raise ActionRefused("This person has left: nothing is sent to them any more.")
    if delivery.state == DeliveryState.FAILED:
        delivery.state, delivery.attempts, delivery.next_try_at = DeliveryState.WAITING, 0, at
        delivery.save(update_fields=["state", "attempts", "next_try_at"])
        log.info("delivery to be tried again", delivery=delivery.pk, user=by.pk)
        _send(delivery.pk)
    return delivery
