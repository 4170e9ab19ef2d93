"""The outbox: what the product tells people, and the e-mails that carry it."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from core.models.users import User


class DeliveryState(models.TextChoices):
    """How far an e-mail is."""

    WAITING = "waiting", "Waiting to be sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"


class Delivery(models.Model):
    """One e-mail to one person. `key` names what it is for, so that it is made once.

    `attempts` is raised before each try: a delivery with attempts that is not sent may have gone out already.
    """

    key = models.CharField(max_length=120, unique=True)
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deliveries")
    subject = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["next_try_at"], name="delivery_waiting", condition=Q(state="waiting"))
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="delivery_sent_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Delivery {self.key}"

    @property
    def due_at(self) -> datetime | None:
        """When it is tried next; None once it was sent or given up."""
        return self.next_try_at if self.state == DeliveryState.WAITING else None


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages that speak."""

    def visible_to(self, user: User) -> "MessageQuerySet":
        """Each person sees what was said to them."""
        return self.filter(to=user)

    def in_register(self, *, illustrative: bool) -> "MessageQuerySet":
        """About the real register, or about the illustrative one."""
        return self.filter(is_illustrative=illustrative)

    def unread(self) -> "MessageQuerySet":
        """Not looked at yet."""
        return self.filter(read_at__isnull=True)

    def to_be_sent(self) -> "MessageQuerySet":
        """Not yet put into an e-mail."""
        return self.filter(delivery__isnull=True)


class Message(models.Model):
    """One thing the product tells one person, written in the transaction of the write that caused it.

    `key` says what it is about: the same thing is told once. `path` is where to act.
    """

    key = models.CharField(max_length=120, unique=True)
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="messages_received")
    kind = models.CharField(max_length=30)
    text = models.TextField()
    path = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    is_illustrative = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True, blank=True)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, null=True, blank=True, related_name="messages"
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["to", "-at"], name="message_of_person"),
            models.Index(fields=["to", "at"], name="message_to_be_sent", condition=Q(delivery__isnull=True)),
            models.Index(
                fields=["to", "is_illustrative"], name="message_unread", condition=Q(read_at__isnull=True)
            ),
        ]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="message_says_something")]

    def __str__(self) -> str:
        return f"Message {self.key}"
