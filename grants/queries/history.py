"""Who changed what of a grant, when and why: one query over the histories of everything that belongs to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import CharField, F, Model, QuerySet, TextChoices, Value
from django.db.models.functions import Cast

from core.rules.dates import long_date
from core.rules.money import format_pounds
from grants.models import (
    Agreement,
    Check,
    CheckKind,
    ClockStop,
    Cover,
    CoverKind,
    Grant,
    GrantPartner,
    Instalment,
    Notice,
    OutcomeReturn,
    Payment,
    PaymentKind,
    ReturnState,
    SustainabilityPlan,
    Variation,
)
from grants.models.decisions import CheckResult, PartnerRole
from grants.models.endings import Certainty, Told

AT_MOST = 200
COLUMNS_PER_TABLE = 8


class Watched(NamedTuple):
    """A table whose history is told.

    `name_by` is the column that tells its records apart, `columns` those whose changes are told, each with its words;
    `belongs_by` is how its rows lead to their grant.
    """

    model: type[Model]
    words: str
    name_by: str
    columns: Mapping[str, str]
    belongs_by: str = "grant_id"


WATCHED = (
    Watched(
        Grant,
        "Grant",
        "",
        {
            "lead_provider__name": "led by",
            "decided_on": "decided",
            "amount_awarded": "awarded",
            "ends_on": "ends",
            "tracked_from": "tracked from",
            "first_paid_on": "first paid",
            "closed_on": "closed",
            "withdrawn_on": "withdrawn",
        },
        "id",
    ),
    Watched(GrantPartner, "Partner:", "organisation__name", {"role": "as"}),
    Watched(
        Agreement,
        "Agreement",
        "",
        {"issued_on": "issued", "signed_on": "signed", "countersigned_on": "countersigned"},
    ),
    Watched(
        Check,
        "Check",
        "kind",
        {"requested_on": "asked for", "result": "result", "checked_on": "seen", "expires_on": "expires"},
    ),
    Watched(
        Instalment,
        "Instalment",
        "number",
        {
            "amount": "amount",
            "due_on": "due",
            "condition_met_on": "condition met",
            "authorised_on": "authorised",
            "paid_on": "paid",
        },
    ),
    Watched(
        Payment,
        "",
        "kind",
        {
            "reverses__kind": "of a",
            "amount": "amount",
            "paid_on": "on",
            "receipt_confirmed_on": "receipt confirmed",
        },
    ),
    Watched(
        ClockStop,
        "Wait for the",
        "waiting_on",
        {"waiting_on": "for the", "reason": "what for:", "started_on": "from", "ended_on": "until"},
    ),
    Watched(
        Variation,
        "Variation",
        "",
        {"decided_on": "decided", "new_ends_on": "new end", "new_amount": "new amount"},
    ),
    Watched(OutcomeReturn, "Return to", "period_to", {"caseload": "caseload", "state": "state"}),
    Watched(SustainabilityPlan, "Plan for the end", "", {"recorded_on": "of", "reviewed_on": "reviewed"}),
    Watched(
        Cover,
        "Cover:",
        "kind",
        {"number": "people", "certainty": "certainty", "confirmed_on": "confirmed"},
        "plan__grant_id",
    ),
    Watched(Notice, "Notice to", "told", {"told_on": "on"}),
)
VERBS = {"+": "recorded", "~": "changed", "-": "removed"}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history."""

    at: datetime
    who: str
    what: str
    details: str
    why: str


class Entry(NamedTuple):
    """One row of one history, its columns as text: the record's name first, then what is watched."""

    place: int
    record: int
    at: datetime
    entry: int
    who: str | None
    verb: str
    why: str | None
    texts: tuple[str | None, ...]


def history_of(grant: Grant) -> list[Change]:
    """The last changes of a grant and of all that belongs to it, newest first; at most 200 are looked at."""
    first, *others = (_entries(place, watched, grant) for place, watched in enumerate(WATCHED))
    rows = first.union(*others, all=True).order_by("-history_date", "-history_id")[:AT_MOST]
    return list(_changes([Entry._make((*row[:7], tuple(row[7:]))) for row in rows]))


def _entries(place: int, watched: Watched, grant: Grant) -> QuerySet[Any]:
    """One table's history with the columns of an Entry."""
    text = CharField()
    names = [watched.name_by, *watched.columns]
    texts: dict[str, Any] = {
        f"text_{n}": Value(None, output_field=text) for n in range(COLUMNS_PER_TABLE + 1)
    }
    texts |= {f"text_{n}": Cast(F(name), text) for n, name in enumerate(names) if name}
    manager = watched.model.history  # type: ignore[attr-defined]
    found: QuerySet[Any] = (
        manager.filter(**{watched.belongs_by: grant.pk})
        .order_by()
        .annotate(place=Value(place), record=F("id"), who=F("history_user__name"), **texts)
        .values_list(
            "place",
            "record",
            "history_date",
            "history_id",
            "who",
            "history_type",
            "history_change_reason",
            *texts,
        )
    )
    return found


def _changes(entries: Sequence[Entry]) -> Iterator[Change]:
    """Newest first, each with the columns in which it differs from the entry before of the same record."""
    before: dict[int, tuple[str | None, ...]] = {}
    last: dict[tuple[int, int], tuple[str | None, ...]] = {}
    for index in reversed(range(len(entries))):
        entry = entries[index]
        before[index] = last.get((entry.place, entry.record), (None,) * (COLUMNS_PER_TABLE + 1))
        last[entry.place, entry.record] = entry.texts
    for index, entry in enumerate(entries):
        watched = WATCHED[entry.place]
        named = _in_words(watched.name_by, entry.texts[0]) if watched.name_by else ""
        what = " ".join(filter(None, (watched.words, named, VERBS[entry.verb])))
        yield Change(
            at=entry.at,
            who=entry.who or "not known",
            what=f"{what[0].upper()}{what[1:]}",
            details=", ".join(_differences(watched, before[index], entry.texts)),
            why=entry.why or "",
        )


def _differences(watched: Watched, old: Sequence[str | None], new: Sequence[str | None]) -> Iterator[str]:
    is_new = old[0] is None
    for (name, words), was, now in zip(watched.columns.items(), old[1:], new[1:], strict=False):
        if was != now and not (is_new and name == watched.name_by):
            yield f"{words} {_in_words(name, now)}"


CHOICES: dict[str, type[TextChoices] | tuple[type[TextChoices], ...]] = {
    "kind": (CheckKind, PaymentKind, CoverKind),
    "result": CheckResult,
    "state": ReturnState,
    "certainty": Certainty,
    "told": Told,
    "role": PartnerRole,
    "reverses__kind": PaymentKind,
}
NOTHING_YET = {"ended_on": "still waiting"}
MONEY = {"amount", "amount_awarded", "new_amount"}
PLAIN = {"waiting_on", "reason", "number", "caseload", "organisation__name", "lead_provider__name"}


def _in_words(name: str, value: str | None) -> str:
    if value is None or value == "":
        return NOTHING_YET.get(name, "not known")
    if name in MONEY:
        return format_pounds(Decimal(value))
    if name in CHOICES:
        return _label(name, value)
    return value if name in PLAIN else long_date(date.fromisoformat(value[:10]))


def _label(name: str, value: str) -> str:
    """The words of a choice, in the middle of a sentence."""
    families = CHOICES[name]
    for choices in families if isinstance(families, tuple) else (families,):
        if value in choices.values:
            label = str(choices(value).label)
            return label if label[1:2].isupper() else f"{label[0].lower()}{label[1:]}"
    return value
