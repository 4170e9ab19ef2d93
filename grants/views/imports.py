"""`/imports/`: a published list into the register, looked at first."""

from collections.abc import Mapping
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from core.models import Job, JobFile, JobState
from core.web.excel import workbook
from core.web.formats import counted, day
from core.web.views import FormPage
from grants.forms.imports import CheckListForm, ImportCheckedForm
from grants.operations.imports import MAY_IMPORT
from grants.operations.imports.jobs import CHECK, IMPORT, check_list, import_checked
from grants.tables.imports import RefusedRowTable, WarningTable

SHOWN = 50
RECENT = 10


def page_of(job: Job) -> str:
    """Where a job of an import is looked at: its result once it is there."""
    return (
        reverse("import_result", args=[job.pk])
        if job.state == JobState.DONE
        else reverse("job", args=[job.pk])
    )


class ImportPage(FormPage):
    """Choose a list; the check begins, and writes nothing."""

    title = "Import grants from a published list"
    permission = MAY_IMPORT
    form_class = CheckListForm
    template_name = "grants/imports.html"
    back_label = "Back to the grants"
    job: Job

    def get_back_url(self) -> str:
        """The register."""
        return reverse("grants")

    def operate(self, form: Any) -> Job:
        """Begin the check."""
        entries = dict(form.cleaned_data)
        file = entries.pop("file")
        self.job = check_list(
            **entries,
            file_name=file.name,
            content=file.read(),
            by=self.person,
            on=self.today,
            at=timezone.now(),
        )
        self.job.refresh_from_db()  # without a queue it is done by now
        return self.job

    def get_success_url(self) -> str:
        """The result, or how far it is."""
        return page_of(self.job)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the lists that this person brought last."""
        jobs = Job.objects.visible_to(self.person).filter(kind__in=[CHECK, IMPORT])
        recent = [(page_of(job), job.arguments["file_name"], job) for job in jobs[:RECENT]]
        return super().get_context_data(recent=recent, illustrative=self.illustrative, **kwargs)


class ImportResult(FormPage):
    """What an import would do, with the button that does it; or what it did."""

    permission = MAY_IMPORT
    form_class = ImportCheckedForm
    template_name = "grants/import_result.html"
    back_label = "Back to imports"
    job: Job
    next_job: Job

    def prepare(self) -> None:
        """Find the job among those that the person started, once it is done."""
        jobs = Job.objects.visible_to(self.person).filter(kind__in=[CHECK, IMPORT], state=JobState.DONE)
        self.job = get_object_or_404(jobs, pk=self.kwargs["pk"])
        self.result: Mapping[str, Any] = self.job.result
        self.is_check = self.job.kind == CHECK

    def get(  # type: ignore[override]
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse | FileResponse:
        """The page, or the refused rows as a workbook."""
        if request.GET.get("download") == "xlsx":
            return self._workbook()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only a check can be followed by an import."""
        if not self.is_check:
            raise Http404
        return super().post(request, *args, **kwargs)

    def operate(self, form: Any) -> Job:
        """Begin the import; what cannot be taken is left out, as the button says."""
        self.next_job = import_checked(
            check=self.job,
            skip_invalid=self.result["refused_rows"] > 0,
            by=self.person,
            at=timezone.now(),
            request_key=form.cleaned_data["request_key"],
        )
        self.next_job.refresh_from_db()
        return self.next_job

    def get_title(self) -> str:
        """What the page answers."""
        name = self.job.arguments["file_name"]
        return f"What importing {name} would do" if self.is_check else f"What importing {name} did"

    def get_back_url(self) -> str:
        """The page that begins an import."""
        return reverse("imports")

    def get_success_url(self) -> str:
        """The result, or how far it is."""
        return page_of(self.next_job)

    def get_success_message(self, result: Job) -> str:
        """That it is done, or that it has begun; a page of a job that did not work says so itself."""
        said = {JobState.DONE: "The list was imported.", JobState.FAILED: ""}
        return said.get(JobState(result.state), "The import has begun.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts, faults and remarks in words."""
        context = super().get_context_data(**kwargs)
        result = self.result
        refused = [{**one} for one in result["refused"]]
        is_kept = self.is_check and JobFile.objects.filter(job=self.job).exists()
        context.update(
            summary=summary_words(result, is_check=self.is_check, is_kept=is_kept),
            facts=facts_of(result, self.job.arguments),
            refused=RefusedRowTable(refused[:SHOWN]) if refused else None,
            refused_rows=result["refused_rows"],
            shown=min(SHOWN, len(refused)),
            warnings=WarningTable(result["warnings"]) if result["warnings"] else None,
            remarks=result["remarks"],
            submit_label=self._button(),
            is_check=self.is_check,
            illustrative=self.illustrative,
            file_is_kept=is_kept,
        )
        return context

    def _button(self) -> str:
        """What the import does; "" when it would do nothing."""
        writes, left_out = self.result["created"] + self.result["updated"], self.result["refused_rows"]
        if not self.is_check or not writes:
            return ""
        if not left_out:
            return f"Import {counted(writes, 'grant')}"
        return f"Import {counted(writes, 'grant')} and leave out {counted(left_out, 'row')}"

    def _workbook(self) -> FileResponse:
        about = [
            ("File", self.job.arguments["file_name"]),
            ("Checked", day(timezone.localtime(self.job.created_at).date())),
            ("Rows that cannot be taken", f"{self.result['refused_rows']:,}"),
        ]
        rows = ([one["row"], one["column"], one["value"], one["message"]] for one in self.result["refused"])
        headings = ["Row", "Column", "What stands there", "What to do"]
        return workbook("Rows that cannot be taken", about, headings, rows)


def summary_words(result: Mapping[str, Any], *, is_check: bool, is_kept: bool) -> str:
    """ "555 rows: 540 new, 3 changed, 10 as they stand, 2 that cannot be taken"; and whether any of it is written."""
    counts = (
        f"{counted(result['rows'], 'row')}: {result['created']:,} new, {result['updated']:,} changed, "
        f"{result['unchanged']:,} as they stand, {result['refused_rows']:,} that cannot be taken"
    )
    if is_check:
        return f"{counts}. {'Nothing is written yet.' if is_kept else 'That is what the check found.'}"
    return f"{counts}." if result["written"] else f"{counts}. Nothing was written: check the list again."


def facts_of(result: Mapping[str, Any], arguments: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What else is worth knowing, as label and value."""
    facts = [
        (
            "Fund",
            arguments["fund"] or f"by programme or funder; {counted(result['funds_created'], 'new fund')}",
        ),
        ("Tracked from", _tracked_words(arguments["tracked_from"])),
        ("New organisations", f"{result['organisations_created']:,}"),
        ("Probable duplicates", f"{result['probable_duplicates']:,}"),
        ("Grants of £0, kept as zero", f"{result['zero_amounts']:,}"),
        ("Grants to individuals, kept without a name", f"{result['individuals']:,}"),
    ]
    if result["ignored_columns"]:
        facts.append(("Columns that are not used", ", ".join(result["ignored_columns"])))
    return facts


def _tracked_words(tracked_from: str | None) -> str:
    return day(tracked_from) if tracked_from else "not tracked: they raise no flag and enter no statistic"
