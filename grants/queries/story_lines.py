"""What belongs to one grant in a line each: its places, partners, cover and notices, in one query."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, DateField, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from core.models import Locality
from grants.models import Cover, Grant, GrantPartner, Notice


class CoverLine(NamedTuple):
    """One line of the plan for the end; `unit` is empty where it counts what the caseload counts."""

    pk: int
    kind: str
    number: int
    unit: str
    source: str
    certainty: str
    confirmed_on: date | None


class NoticeLine(NamedTuple):
    """Who was told of the end, and when."""

    told: str
    told_on: date
    note: str


class Lines(NamedTuple):
    """What belongs to a grant in one line each."""

    localities: tuple[str, ...]
    partners: tuple[str, ...]
    covers: tuple[CoverLine, ...]
    notices: tuple[NoticeLine, ...]


LINE = ("section", "line_id", "kind", "words", "certainty", "number", "unit", "day")
TEXT, NUMBER, DAY = CharField(), IntegerField(), DateField()


def _section(name: str, rows: QuerySet[Any], **columns: Any) -> QuerySet[Any]:
    """One part of the union: its rows with the columns of LINE, those not given empty."""
    empty = {
        "kind": Value("", output_field=TEXT),
        "words": Value("", output_field=TEXT),
        "certainty": Value("", output_field=TEXT),
        "number": Cast(Value(None), NUMBER),
        "unit": Value("", output_field=TEXT),
        "day": Cast(Value(None), DAY),
    }
    given = {"section": Value(name, output_field=TEXT), "line_id": Cast("pk", NUMBER)}
    found: QuerySet[Any] = rows.order_by().annotate(
        **{f"line_{k}": v for k, v in {**empty, **given, **columns}.items()}
    )
    return found.values_list(*(f"line_{name}" for name in LINE))


def lines_of(grant: Grant) -> Lines:
    """The grant's places, partners, cover and notices: one query."""
    rows = _section("locality", Locality.objects.filter(grants=grant), words=Cast("name", TEXT)).union(
        _section("partner", GrantPartner.objects.filter(grant=grant), words=Cast("organisation__name", TEXT)),
        _section(
            "cover",
            Cover.objects.filter(plan__grant=grant),
            kind=Cast("kind", TEXT),
            words=Cast("source", TEXT),
            certainty=Cast("certainty", TEXT),
            number=Cast("number", NUMBER),
            unit=Coalesce(Cast("unit", TEXT), Value("")),
            day=Cast("confirmed_on", DAY),
        ),
        _section(
            "notice",
            Notice.objects.filter(grant=grant),
            kind=Cast("told", TEXT),
            words=Cast("note", TEXT),
            day=Cast("told_on", DAY),
        ),
        all=True,
    )
    found: dict[str, list[tuple[Any, ...]]] = {"locality": [], "partner": [], "cover": [], "notice": []}
    for section, *row in sorted(rows, key=lambda row: row[1]):
        found[section].append(tuple(row))
    return Lines(
        tuple(sorted(row[2] for row in found["locality"])),
        tuple(sorted(row[2] for row in found["partner"])),
        tuple(
            CoverLine(pk, kind, number, unit, words, certainty, day)
            for pk, kind, words, certainty, number, unit, day in found["cover"]
        ),
        tuple(NoticeLine(kind, day, words) for _, kind, words, _, _, _, day in found["notice"]),
    )
