"""An import of 20,000 rows, against one that saves a form for each row; its memory at 2,000 rows and at 20,000."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.forms import ModelForm, modelform_factory

from benchmarks.measure import line, queries, seconds
from core.database import refresh_statistics
from grants.imports.prepared import prepare
from grants.models import Fund, Grant
from grants.operations.imports import ImportSummary, import_grants
from providers.models import Organisation, OrganisationIdentifier

ROWS = 20_000
FEW = 2_000
NAIVE_ROWS = 500
PREFIX = "360G-benchmark-"
HEADINGS = (
    "Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date", "Planned Dates:Start Date",
    "Planned Dates:End Date", "Recipient Org:Identifier", "Recipient Org:Name", "Funding Org:Name",
    "Grant Programme:Title",
)  # fmt: skip
FIRST = date(2016, 4, 1)


def import_rows(on: date) -> None:
    """First import, the same again, one with every row changed; then the naive way, over a sample."""
    content = _list(ROWS)
    first = seconds(lambda: _bring(content, on), repeats=1)
    refresh_statistics()
    again = seconds(lambda: _bring(content, on), repeats=1)
    changed = seconds(lambda: _bring(_list(ROWS, title="Changed"), on), repeats=1)
    sent = len(queries(lambda: _bring(_list(NAIVE_ROWS, title="Changed"), on)))
    naive = _naive(_list(NAIVE_ROWS, prefix="naive-")) / NAIVE_ROWS * ROWS
    peaks = [_peak(_list(count, prefix=f"peak-{count}-"), on) for count in (FEW, ROWS)]
    print(f"Import of {ROWS:,} rows of CSV; {sent} queries for a batch of {NAIVE_ROWS} that stands already")
    line("first import", first, naive, "a form saved per row", "reach ≥ 10 ×")
    line("the same file again", again, naive, "a form saved per row", "")
    line("every row changed", changed, naive, "a form saved per row", "")
    line(f"control: forms ({NAIVE_ROWS} rows, extrapolated)", naive, first, "the import", "must lose")
    print(
        f"  {'peak memory':<46} {peaks[0]:10.1f} MB at {FEW:,} rows, {peaks[1]:.1f} MB at {ROWS:,}: bounded"
    )


def _list(count: int, *, title: str = "Grant", prefix: str = "") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(_cells(count, title, prefix))
    return text.getvalue().encode()


def _cells(count: int, title: str, prefix: str) -> Iterator[list[str]]:
    for number in range(count):
        start = FIRST + timedelta(days=number % 3_000)
        yield [
            f"{PREFIX}{prefix}{number}", f"{title} {number}", "Work with families, as it was described. " * 5, "GBP",
            f"{500 + number % 9_000}.50", start.isoformat(), start.isoformat(),
            (start + timedelta(days=364)).isoformat(), f"GB-CHC-{2_000_000 + number % 4_000}",
            f"Organisation {number % 4_000}", "Benchmark Council", f"Programme {number % 12}",
        ]  # fmt: skip


def _bring(content: bytes, on: date) -> ImportSummary:
    with prepare(io.BytesIO(content), fund_given=False) as prepared:
        summary = import_grants(
            rows=prepared.rows(), columns=prepared.columns, file_name="benchmark.csv", on=on
        )
    if summary.refused:
        raise SystemExit(f"A row was refused, so the benchmark measures nothing: {summary.refused[0]}")
    return summary


def _peak(content: bytes, on: date) -> float:
    """Megabytes that an import takes at its highest, the file itself left out."""
    tracemalloc.start()
    _bring(content, on)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1_000_000


def _naive(content: bytes) -> float:
    """Seconds for a sample the way it is often written: look up, fill in a form, save, row by row."""
    form_class: type[ModelForm[Grant]] = modelform_factory(
        Grant,
        fields=[
            "ref",
            "title",
            "summary",
            "fund",
            "lead_provider",
            "amount_awarded",
            "planned_start",
            "ends_on",
        ],
    )

    @transaction.atomic
    def import_one_by_one() -> None:
        for row in csv.DictReader(io.StringIO(content.decode())):
            scheme, value = row["Recipient Org:Identifier"].rsplit("-", 1)
            known = OrganisationIdentifier.objects.filter(scheme=scheme, value=value).first()
            provider = (
                known.organisation if known else Organisation.objects.create(ref=value, name=row["Title"])
            )
            fund, _ = Fund.objects.get_or_create(code="naive", defaults={"name": "Naive"})
            grant = Grant.objects.filter(source_id=row["Identifier"]).first()
            form = form_class(
                {
                    "ref": row["Identifier"].lower(),
                    "title": row["Title"],
                    "summary": row["Description"],
                    "fund": fund.pk,
                    "lead_provider": provider.pk,
                    "amount_awarded": row["Amount Awarded"],
                    "planned_start": row["Planned Dates:Start Date"],
                    "ends_on": row["Planned Dates:End Date"],
                },
                instance=grant,
            )
            if not form.is_valid():
                raise SystemExit(
                    f"The control refuses a row, so it measures nothing: {form.errors.as_text()}"
                )
            form.instance.source_id = row["Identifier"]
            form.save()

    return seconds(import_one_by_one, repeats=1)
