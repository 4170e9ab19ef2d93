"""The file of published facts, grants/data/published_register.json, into the shape that its operation takes."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from grants.operations.published import AwardFacts, FundFacts, GrantFacts, PublishedRegister, RoundFacts

Record: TypeAlias = Mapping[str, Any]

LONGEST_SOURCE = 300
HAS_NO_COLUMN = (
    "told_about",
    "confirmed_about",
    "cash_received_about",
    "retained_share",
    "spend_by",
    "spent_means",
)


def read_published_register(document: Record) -> PublishedRegister:
    """The facts with their sources as text.

    Notes go where a column has room for them; announcements, resolutions and what was left out stay in the file.
    Raises ValueError for a fact that this reader would lose, so that the file cannot grow past it unnoticed.
    """
    refs = {record["key"]: _ref(record["key"]) for record in document["organisations"]}
    award_refs = {record["key"]: record["ref"] for record in document["funding_awards"]}
    reader = _Reader(document["sources"], refs, award_refs)
    return PublishedRegister(
        organisations=tuple(_organisation(record) for record in document["organisations"]),
        awards=tuple(reader.award(record) for record in document["funding_awards"]),
        funds=tuple(reader.fund(record) for record in document["funds"]),
        rounds=tuple(reader.round(record) for record in document["rounds"]),
        grants=tuple(reader.grant(record) for record in document["grants"]),
    )


def _ref(key: str) -> str:
    return key.replace("_", "-")


def _organisation(record: Record) -> tuple[str, str, str | None]:
    kind = record["kind"]
    return _ref(record["key"]), record["name"], None if kind == "unknown" else kind


def _pounds(amount: str | None) -> Decimal | None:
    return None if amount is None else Decimal(amount)


def _day(day: str | None) -> date | None:
    return None if day is None else date.fromisoformat(day)


class _Reader:
    """Knows the documents and what the keys of the file stand for."""

    def __init__(
        self, sources: Mapping[str, Record], refs: Mapping[str, str], award_refs: Mapping[str, str]
    ) -> None:
        self.sources = sources
        self.refs = refs
        self.award_refs = award_refs

    def cited(self, record: Record) -> str:
        """The document and the passage that a fact was read in."""
        source = self.sources[record["source"]["document"]]
        dated = f", {source['date']}" if source["date"] else ""
        return f"{source['title']}{dated}: {record['source']['where']}"

    def award(self, record: Record) -> AwardFacts:
        """A funding award. Its note stands with the conditions, none of which are published."""
        lost = [name for name in HAS_NO_COLUMN if record[name] is not None]
        if lost:
            raise ValueError(f"Funding award {record['ref']}: nothing here loads {', '.join(lost)}.")
        conditions = record["conditions"] or "Conditions are not published."
        return AwardFacts(
            ref=record["ref"],
            title=record["title"],
            funder=self.refs[record["funder"]],
            total_amount=_pounds(record["total_amount"]),
            conditions=" ".join(part for part in (conditions, record["note"]) if part),
            source=self.cited(record),
            years=tuple(
                (line["financial_year_start"], _pounds(line["amount"]))
                for line in record["amounts"]
                if line["financial_year_start"] is not None
            ),
        )

    def fund(self, record: Record) -> FundFacts:
        """A fund. Its note stands with the source where there is room, and otherwise stays in the file."""
        cited, note = self.cited(record), record["note"]
        with_note = f"{cited}. {note}" if note else cited
        return FundFacts(
            code=record["code"],
            name=record["name"],
            published_name=record["published_name"] or "",
            eligibility=record["eligibility"] or "",
            target_groups="\n".join(record["target_groups"]),
            target_areas="\n".join(record["target_areas"]),
            source=with_note if len(with_note) <= LONGEST_SOURCE else cited,
            awards=tuple(self.award_refs[key] for key in record["funding_awards"]),
            outcomes=tuple((o["code"], o["text"], o["mandatory"]) for o in record["outcome_framework"]),
        )

    def round(self, record: Record) -> RoundFacts:
        """A round, with whole dates alone."""
        return RoundFacts(
            ref=record["ref"],
            fund=record["fund"],
            name=record["name"],
            announced_on=_day(record["announced_on"]),
            opens_on=_day(record["opens_on"]),
            closes_on=_day(record["closes_on"]),
            source=self.cited(record),
        )

    def grant(self, record: Record) -> GrantFacts:
        """Funded work. Its note stands below its summary."""
        award = record["funding_award"]
        return GrantFacts(
            ref=record["ref"],
            title=record["title"],
            summary="\n\n".join(part for part in (record["summary"], record["note"]) if part),
            fund=record["fund"],
            funding_award=self.award_refs[award] if award else None,
            lead_provider=self._organisation(record["lead_provider"]),
            commissioner=self._organisation(record["commissioner"]),
            payer=self._organisation(record["payer"]),
            award_type=record["award_type"],
            purpose=record["purpose"],
            amount_awarded=_pounds(record["amount_awarded"]),
            decided_about=record["decided_about"],
            starts_about=record["starts_about"],
            ends_about=record["ends_about"],
            source=self.cited(record),
            localities=tuple(record["localities"]),
            partners=tuple((self.refs[p["organisation"]], p["role"]) for p in record["partners"]),
        )

    def _organisation(self, key: str | None) -> str | None:
        return None if key is None else self.refs[key]
