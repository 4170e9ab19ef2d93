"""What flags are about, in words: one query for a whole list, however many kinds of subject it has.

Joining every kind of subject to the flags instead would have the planner weigh a dozen tables for each list.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from core.models import Locality, User
from grants.models import ClockStop, Flag, FundingAward, Grant, Instalment, Round
from grants.models.flags import SUBJECT_FIELDS
from providers.models import Organisation

TEXT = CharField()
OWNER = "owner"
# The column of a flag that names its subject, or OWNER, and the id.
Key = tuple[str, int]


class Subject(NamedTuple):
    """What a flag is about in words, the grant's reference and the fund's code where it has them."""

    words: str
    ref: str | None = None
    fund_code: str | None = None


class _Line(NamedTuple):
    """One record by kind and id: its name, what tells it apart within that, a reference or code."""

    kind: str
    id: int
    name: str
    detail: str
    code: str


def _lines(kind: str, records: QuerySet[Any], name: str, detail: str = "", code: str = "") -> QuerySet[Any]:
    columns = {"line_name": name, "line_detail": detail, "line_code": code}
    named = {
        column: Cast(F(path), TEXT) if path else Value("", output_field=TEXT)
        for column, path in columns.items()
    }
    found: QuerySet[Any] = records.order_by().annotate(line_kind=Value(kind, output_field=TEXT), **named)
    return found.values_list("line_kind", "pk", *columns)


def named(keys: Iterable[Key]) -> dict[Key, Subject]:
    """Each subject, and each person asked for as an "owner", in words: one query; none for no keys."""
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, key in keys:
        ids[kind].add(key)
    parts = [part for kind, part in _parts(ids).items() if ids[kind]]
    if not parts:
        return {}
    rows: Iterable[tuple[Any, ...]] = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return {(line.kind, line.id): _in_words(line) for line in (_Line(*row) for row in rows)}


def subject_key(flag: Flag) -> Key:
    """Which of its columns names the flag's subject, and the subject's id."""
    for kind in SUBJECT_FIELDS:
        key = getattr(flag, f"{kind}_id")
        if key is not None:
            return kind, key
    raise ValueError(f"Flag {flag.pk} has no subject.")


def _parts(ids: dict[str, set[int]]) -> dict[str, QuerySet[Any]]:
    grant = ("grant__title", "grant__ref")
    return {
        "grant": _lines("grant", Grant.objects.filter(pk__in=ids["grant"]), "title", "", "ref"),
        "instalment": _lines(
            "instalment", Instalment.objects.filter(pk__in=ids["instalment"]), grant[0], "number", grant[1]
        ),
        "clock_stop": _lines(
            "clock_stop", ClockStop.objects.filter(pk__in=ids["clock_stop"]), grant[0], "waiting_on", grant[1]
        ),
        "round": _lines(
            "round", Round.objects.filter(pk__in=ids["round"]), "fund__name", "name", "fund__code"
        ),
        "funding_award": _lines(
            "funding_award", FundingAward.objects.filter(pk__in=ids["funding_award"]), "title"
        ),
        "organisation": _lines(
            "organisation", Organisation.objects.filter(pk__in=ids["organisation"]), "name"
        ),
        "locality": _lines("locality", Locality.objects.filter(pk__in=ids["locality"]), "name"),
        OWNER: _lines(OWNER, User.objects.filter(pk__in=ids[OWNER]), "name", "email"),
    }


def _in_words(line: _Line) -> Subject:
    if line.kind == "instalment":
        return Subject(f"{line.name}, instalment {line.detail}", line.code)
    if line.kind == "clock_stop":
        return Subject(f"{line.name}, waiting for the {line.detail}", line.code)
    if line.kind == "round":
        return Subject(f"{line.name}: {line.detail}", None, line.code)
    if line.kind == OWNER:
        return Subject(line.name or line.detail)
    return Subject(line.name, line.code or None)
