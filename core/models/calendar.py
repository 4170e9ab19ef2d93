"""The working-day calendar: one table, the one source of every count of working days."""

import uuid

from django.db import models

from core.models.base import history


class CalendarDay(models.Model):
    """A date and its working-day number: how many working days come before it in the table."""

    date = models.DateField(primary_key=True)
    number = models.IntegerField()
    is_working = models.BooleanField()

    class Meta:
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=0), name="calendarday_number_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.date.isoformat()} is working day number {self.number}"


class ClosureDay(models.Model):
    """A day on which this council is closed though England is not."""

    date = models.DateField(unique=True)
    reason = models.CharField(max_length=200)
    history = history()

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date.isoformat()}: {self.reason}"


class CalendarEdition(models.Model):
    """One row: which edition of the calendar stands. Readers keep the calendar until the token changes."""

    token = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="calendaredition_only_one")]

    def __str__(self) -> str:
        return f"Edition {self.token}"
