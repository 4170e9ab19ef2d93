"""`/jobs/` and `/jobs/<id>/`: long work that somebody started, how far it is and what came of it."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from core.models import Job, JobState
from core.operations.jobs import result_url_of, title_of
from core.tables import STATES_OF_JOBS, JobTable
from core.web.formats import moment, share
from core.web.views import Guarded, ListPage

SENTENCES = {
    JobState.WAITING: "This waits for its turn. You may leave this page and come back.",
    JobState.RUNNING: "This is running. You may leave this page and come back.",
    JobState.DONE: "This is done.",
}


class JobsPage(ListPage):
    """The jobs that somebody started, newest first."""

    title = "Jobs: long work that you started"
    noun = ("job", "jobs")
    table_class = JobTable
    order_by = "-created_at"

    def queryset(self) -> "QuerySet[Job]":
        """Theirs."""
        return Job.objects.visible_to(self.person)


class JobPage(Guarded, TemplateView):
    """One job: its state in words, how far it is, and the way to its result."""

    template_name = "core/job.html"

    def prepare(self) -> None:
        """Find the job among those that the person started."""
        self.job = get_object_or_404(Job.objects.visible_to(self.person), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The job in words."""
        job = self.job
        return super().get_context_data(
            title=title_of(job),
            job=job,
            state=STATES_OF_JOBS[job.state],
            is_unfinished=job.finished_at is None,
            sentence=job.error or SENTENCES[JobState(job.state)],
            progress=progress_words(job),
            result_url=result_url_of(job) if job.state == JobState.DONE else "",
            facts=[
                ("Number", str(job.pk)),
                ("Started", moment(job.created_at)),
                ("Ended", moment(job.finished_at) if job.finished_at else "not yet"),
            ],
            **kwargs,
        )


def progress_words(job: Job) -> str:
    """ "1,200 of 20,000 (6%)", or as far as it is known; nothing before it began."""
    if job.total:
        return f"{job.done:,} of {job.total:,} ({share(job.done / job.total)})"
    return f"{job.done:,} so far" if job.done else ""
