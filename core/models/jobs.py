"""Long work that a person waits for: one row says how far it is and what came of it."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from core.models.users import User


class JobState(models.TextChoices):
    """How far a job is."""

    WAITING = "waiting", "Waiting to start"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Did not work"


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs that speak."""

    def visible_to(self, user: User) -> "JobQuerySet":
        """Each person sees the jobs that they started."""
        return self.filter(started_by=user)

    def unfinished(self) -> "JobQuerySet":
        """Waiting or running."""
        return self.filter(state__in=[JobState.WAITING, JobState.RUNNING])


class Job(models.Model):
    """One piece of long work. `attempt` is raised by each worker that takes it: only the last may write the end.

    `taken_by` is the id of the message by which it was taken: when that comes again, the worker that had it is dead.
    `error` is a sentence for the person who started it; `result` is what the kind of work answers.
    """

    kind = models.CharField(max_length=30)
    arguments = models.JSONField(default=dict)
    request_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="jobs")
    is_illustrative = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    attempt = models.PositiveIntegerField(default=0)
    taken_by = models.CharField(max_length=40, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    result: "models.JSONField[Any]" = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["created_at"], name="job_unfinished", condition=Q(finished_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed"], finished_at__isnull=False)
                | (~Q(state__in=["done", "failed"]) & Q(finished_at__isnull=True)),
                name="job_finished_has_time",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="job_failed_says_why"),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(done__lte=F("total")), name="job_done_within_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_state_display()}"


class JobFile(models.Model):
    """A file that a job reads; in the database, since the page and the worker may run on two machines."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="file")
    name = models.CharField(max_length=255)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name
