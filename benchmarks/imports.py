"""An import of 20,000 rows, against one that saves a form for each row; its memory at 2,000 rows and at 20,000.

Three rounds, the naive way before and after every import: what is compared was measured within the same minute.
"""

import csv
import io
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

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
ROUNDS = 3
FIRST_CHARITY = 2_000_000
PEAKS = 100  # a place of lists that no round has
PREFIX = "360G-benchmark-"
HEADINGS = (
    "Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date", "Planned Dates:Start Date",
    "Planned Dates:End Date", "Recipient Org:Identifier", "Recipient Org:Name", "Funding Org:Name",
    "Grant Programme:Title",
)  # fmt: skip
FIRST = date(2016, 4, 1)


class Round(NamedTuple):
    """Seconds for all rows: each import, and the naive way before and after it, extrapolated."""

    first: float
    again: float
    changed: float
    naive_first: float
    naive_changed: float


def import_rows(on: date, *, rounds: int = ROUNDS) -> None:
    """First import, the same again, one with every row changed; the naive way over samples before and after each."""
    measured = [_round(number, on) for number in range(rounds)]
    changed = _list(NAIVE_ROWS, 0, title="Changed again")
    sent = len(queries(lambda: _bring(changed, on)))
    peaks = [
        _peak(_list(count, PEAKS + place, prefix="peak-"), on) for place, count in enumerate((FEW, ROWS))
    ]
    print(f"Import of {ROWS:,} rows of CSV; {sent} queries for a batch of {NAIVE_ROWS}, every one changed")
    _middle("first import", measured, lambda one: (one.first, one.naive_first), "reach ≥ 10 ×")
    _middle("the same file again", measured, lambda one: (one.again, one.naive_changed), "")
    _middle("every row changed", measured, lambda one: (one.changed, one.naive_changed), "reach ≥ 10 ×")
    _middle("control: forms, new rows", measured, lambda one: (one.naive_first, one.first), "must lose")
    _middle(
        "control: forms, changed rows", measured, lambda one: (one.naive_changed, one.changed), "must lose"
    )
    print(
        f"  {'peak memory':<46} {peaks[0]:10.1f} MB at {FEW:,} rows, {peaks[1]:.1f} MB at {ROWS:,}: bounded"
    )


def _round(number: int, on: date) -> Round:
    """Each round has rows and organisations of its own. A machine that slows down slows both ways of its moment."""

    def naive(part: int, title: str) -> float:
        place = number * 3 + part
        return _naive(_list(NAIVE_ROWS, place, title=title)) / NAIVE_ROWS * ROWS

    def ours(title: str) -> float:
        content = _list(ROWS, number * 3, title=title)
        return seconds(lambda: _bring(content, on), repeats=1)

    before, first, after = naive(1, "Grant"), ours("Grant"), naive(2, "Grant")
    refresh_statistics()
    again = ours("Grant")
    changed_before, changed, changed_after = naive(1, "Changed"), ours("Changed"), naive(2, "Changed")
    return Round(first, again, changed, (before + after) / 2, (changed_before + changed_after) / 2)


def _middle(
    what: str, rounds: Sequence[Round], pair: Callable[[Round], tuple[float, float]], reach: str
) -> None:
    """The round whose ratio is the middle one, with the others beside it."""
    pairs = sorted(map(pair, rounds), key=lambda one: one[1] / one[0])
    ratios = ", ".join(f"{max(one) / min(one):.1f}" for one in pairs)
    measured, base = pairs[len(pairs) // 2]
    line(what, measured, base, "the other way", f"{reach} (rounds: {ratios})")


def _list(count: int, place: int, *, title: str = "Grant", prefix: str = "") -> bytes:
    """A list of its own for each place: a fifth as many organisations as rows, whatever the size."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(_cells(count, place, title, f"{prefix}{place}-"))
    return text.getvalue().encode()


def _cells(count: int, place: int, title: str, prefix: str) -> Iterator[list[str]]:
    for number in range(count):
        start = FIRST + timedelta(days=number % 3_000)
        charity = FIRST_CHARITY + place * ROWS + number // 5
        yield [
            f"{PREFIX}{prefix}{number}", f"{title} {number}", "Work with families, as it was described. " * 5, "GBP",
            f"{500 + number % 9_000}.50", start.isoformat(), start.isoformat(),
            (start + timedelta(days=364)).isoformat(), f"GB-CHC-{charity}",
            f"Organisation {charity}", "Benchmark Council", f"Programme {number % 12}",
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
            if known is None:
                made = Organisation.objects.create(ref=value, name=row["Recipient Org:Name"])
                known = OrganisationIdentifier.objects.create(organisation=made, scheme=scheme, value=value)
            fund, _ = Fund.objects.get_or_create(code="naive", defaults={"name": "Naive"})
            grant = Grant.objects.filter(source_id=row["Identifier"]).first()
            form = form_class(
                {
                    "ref": row["Identifier"].lower(),
                    "title": row["Title"],
                    "summary": row["Description"],
                    "fund": fund.pk,
                    "lead_provider": known.organisation_id,
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
