"""A row beside the grant that stands: what is new in it, and what a person has written since and so stays.

Three versions are compared, field by field: what the last import wrote, what stands now, what the file says. A file
that says nothing of a field never erases what is known. See docs/decisions/0012-imports.md.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from core.rules.dates import long_date
from core.rules.money import format_pounds
from grants.models import Grant
from grants.rules.import_rows import GrantRow

Facts = Mapping[str, Any]


class Field(NamedTuple):
    """One thing that a row says: in words, the field of the file that says it, the columns that hold it."""

    words: str
    column: str
    writes: tuple[str, ...]


FIELDS: Mapping[str, Field] = {
    "title": Field("title", "title", ("title",)),
    "summary": Field("description", "description", ("summary",)),
    "fund_id": Field("fund", "programme", ("fund",)),
    "lead_provider_id": Field("recipient", "recipient_name", ("lead_provider",)),
    "amount_awarded": Field("amount awarded", "amount_awarded", ("amount_awarded",)),
    "amount_applied_for": Field("amount applied for", "amount_applied_for", ("amount_applied_for",)),
    "amount_disbursed_undated": Field("amount disbursed", "amount_disbursed", ("amount_disbursed_undated",)),
    "decided": Field("award date", "award_date", ("decision", "decided_on", "decided_by", "decided_about")),
    "starts": Field("start", "start_date", ("planned_start", "starts_about")),
    "ends": Field("end", "end_date", ("planned_end", "ends_on", "ends_about")),
    "source": Field("source", "data_source", ("source",)),
}
# What `facts_of` reads.
COLUMNS = (
    "title", "summary", "fund_id", "lead_provider_id", "amount_awarded", "amount_applied_for",
    "amount_disbursed_undated", "decided_on", "decided_about", "planned_start", "starts_about", "ends_on", "ends_about",
    "source",
)  # fmt: skip
LINKS = frozenset({"fund_id", "lead_provider_id"})  # to records that may not be written yet
HANG_ON_MONEY = frozenset({"fund_id", "amount_awarded", "decided", "starts", "ends"})


class Conflict(Exception):
    """A row that must not be written over the grant; `field` is one of FIELDS, the message says what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def facts_of(grant: Any) -> dict[str, Any]:
    """What stands in a grant or in a row of its history, under the names of FIELDS."""
    return {
        "title": grant.title,
        "summary": grant.summary,
        "fund_id": grant.fund_id,
        "lead_provider_id": grant.lead_provider_id,
        "amount_awarded": grant.amount_awarded,
        "amount_applied_for": grant.amount_applied_for,
        "amount_disbursed_undated": grant.amount_disbursed_undated,
        "decided": grant.decided_on or grant.decided_about,
        "starts": grant.planned_start or grant.starts_about,
        "ends": grant.ends_on or grant.ends_about,
        "source": grant.source,
    }


def facts_in(row: GrantRow, *, fund_id: int | None, provider_id: int | None) -> dict[str, Any]:
    """What a row says; -1 stands for a fund or a provider that is not written yet."""
    return {
        "title": row.title,
        "summary": row.summary,
        "fund_id": fund_id,
        "lead_provider_id": provider_id,
        "amount_awarded": row.amount_awarded,
        "amount_applied_for": row.amount_applied_for,
        "amount_disbursed_undated": row.amount_disbursed,
        "decided": row.decided,
        "starts": row.starts,
        "ends": row.ends,
        "source": row.source,
    }


def news(stands: Facts, said: Facts, *, is_individual: bool = False) -> list[str]:
    """The fields of which the file says something that does not stand. A month is no news where the day is known.

    Of a grant to a person it is said that nothing may describe it: see `grants.rules.import_rows`.
    """
    return [
        name
        for name, value in said.items()
        if (value not in (None, "") or (is_individual and name == "summary"))
        and value != stands[name]
        and not _less_exact(value, stands[name])
    ]


def _less_exact(value: Any, stands: Any) -> bool:
    return isinstance(value, str) and isinstance(stands, date)


def insist_ours(name: str, stands: Facts, said: Facts, imported: Facts) -> bool:
    """Whether a field is to be written: not when only a person has changed it since it was imported.

    Raises Conflict where a person has written one thing and the file now says another.
    """
    if stands[name] in (None, ""):
        return True
    before = imported.get(name)
    if before == stands[name]:
        return True
    if before == said[name]:
        return False
    raise Conflict(
        name,
        f"Somebody has changed the {FIELDS[name].words} in the register since it was imported "
        f"({_words(stands[name])}). Put the right one into the file or into the register, so that they agree.",
    )


def _words(value: Any) -> str:
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, int):
        return "another one"
    return str(value)[:60] if isinstance(value, str) else format_pounds(value)


def put(grant: Grant, name: str, value: Any) -> None:
    """Set one field; a whole date takes the place of one that was published to the month."""
    if name == "decided":
        grant.decided_about = value if isinstance(value, str) else None
        grant.decided_on = value if isinstance(value, date) else None
    elif name == "starts":
        grant.starts_about = value if isinstance(value, str) else None
        grant.planned_start = value if isinstance(value, date) else None
    elif name == "ends":
        grant.ends_about = value if isinstance(value, str) else None
        grant.planned_end = grant.ends_on = value if isinstance(value, date) else None
    else:
        setattr(grant, name, value)


def insist_order(grant: Grant) -> None:
    """Raise Conflict where a new date does not fit one that stands."""
    for end in (grant.planned_end, grant.ends_on):
        if grant.planned_start is not None and end is not None and end < grant.planned_start:
            raise Conflict(
                "starts",
                f"With what the register holds, the grant would end on {long_date(end)}, before it starts on "
                f"{long_date(grant.planned_start)}. Put the dates right.",
            )
