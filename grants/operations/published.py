"""Published facts into the register: created once, then left to the council, who fills in what was not published.

Everything loaded is untracked and real. What is not published stays null. See docs/published-register.md.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import structlog
from django.db import transaction
from django.db.models import Model

from core.bulk import insert_with_history
from core.errors import ActionRefused
from core.models import Locality, User
from core.records import write
from grants.models import Fund, FundingAward, FundingAwardYear, Grant, GrantPartner, Outcome, Round
from providers.models import Organisation

log = structlog.get_logger("tracker.published")

REASON = "Published facts loaded"


class AwardFacts(NamedTuple):
    """What a funder gave the council; `funder` is an organisation's ref, `years` pairs of year and amount."""

    ref: str
    title: str
    funder: str
    total_amount: Decimal | None
    conditions: str
    source: str
    years: tuple[tuple[int, Decimal | None], ...]


class FundFacts(NamedTuple):
    """A fund with its outcomes (code, text, mandatory) and the refs of the awards that pay for it."""

    code: str
    name: str
    published_name: str
    eligibility: str
    target_groups: str
    target_areas: str
    source: str
    awards: tuple[str, ...]
    outcomes: tuple[tuple[str, str, bool], ...]


class RoundFacts(NamedTuple):
    """A round, whole dates only."""

    ref: str
    fund: str
    name: str
    announced_on: date | None
    opens_on: date | None
    closes_on: date | None
    source: str


class GrantFacts(NamedTuple):
    """Funded work; organisations by ref, localities by name, dates as published ("2024" or "2024-04")."""

    ref: str
    title: str
    summary: str
    fund: str
    funding_award: str | None
    lead_provider: str | None
    commissioner: str | None
    payer: str | None
    award_type: str | None
    purpose: str | None
    amount_awarded: Decimal | None
    decided_about: str | None
    starts_about: str | None
    ends_about: str | None
    source: str
    localities: tuple[str, ...]
    partners: tuple[tuple[str, str], ...]


class PublishedRegister(NamedTuple):
    """All of it; `organisations` are triples of ref, name and kind, a kind of None is not known."""

    organisations: tuple[tuple[str, str, str | None], ...]
    awards: tuple[AwardFacts, ...]
    funds: tuple[FundFacts, ...]
    rounds: tuple[RoundFacts, ...]
    grants: tuple[GrantFacts, ...]


class Loaded(NamedTuple):
    """Records by kind: how many were made, and how many stood already and were left as they are."""

    created: Mapping[str, int]
    stood: Mapping[str, int]


@transaction.atomic
def load_published_register(*, register: PublishedRegister, by: User) -> Loaded:
    """Create what is missing; leave every record that stands as it is, since the council may have added to it.

    Refuses when a locality is missing (load the places first) or a reference belongs to illustrative data.
    """
    loader = _Loader(by)
    for ref, name, kind in register.organisations:
        loader.take(Organisation, {"ref": ref}, {"name": name, "kind": kind})
    for award in register.awards:
        loader.award(award)
    for fund in register.funds:
        loader.fund(fund)
    for window in register.rounds:
        loader.round(window)
    for grant in register.grants:
        loader.grant(grant)
    log.info(
        "published register loaded", by=by.pk, created=loader.created.total(), stood=loader.stood.total()
    )
    return Loaded(dict(loader.created), dict(loader.stood))


class _Loader:
    """Creates records once, and keeps count."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.created: Counter[str] = Counter()
        self.stood: Counter[str] = Counter()

    def take(self, model: type[Any], key: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[Any, bool]:
        """The record with this key and whether it was made now."""
        label = str(model._meta.verbose_name)
        record = model._default_manager.filter(**key).first()
        if record is not None:
            self._insist_real(record, key)
            self.stood[label] += 1
            return record, False
        record = model(**key, **values)
        write(record, by=self.by, reason=REASON)
        self.created[label] += 1
        return record, True

    def _insist_real(self, record: Model, key: Mapping[str, Any]) -> None:
        if getattr(record, "is_illustrative", False):
            name = next(iter(key.values()))
            raise ActionRefused(
                f"'{name}' belongs to illustrative data, which never mixes with published facts."
            )

    def award(self, facts: AwardFacts) -> None:
        """What a funder gave; an amount whose financial year is not published stands in the total alone."""
        values = {
            "title": facts.title,
            "funder": Organisation.objects.get(ref=facts.funder),
            "total_amount": facts.total_amount,
            "conditions": facts.conditions,
            "source": facts.source,
        }
        award, created = self.take(FundingAward, {"ref": facts.ref}, values)
        if created:
            FundingAwardYear.objects.bulk_create(
                FundingAwardYear(award=award, financial_year=year, amount=amount)
                for year, amount in facts.years
            )

    def fund(self, facts: FundFacts) -> None:
        """A fund, its awards and its outcomes."""
        texts = ("name", "published_name", "eligibility", "target_groups", "target_areas", "source")
        values = {name: getattr(facts, name) for name in texts}
        fund, created = self.take(Fund, {"code": facts.code}, values)
        if created:
            fund.awards.set(FundingAward.objects.filter(ref__in=facts.awards))
            Outcome.objects.bulk_create(
                Outcome(fund=fund, code=code, text=text, is_mandatory=mandatory)
                for code, text, mandatory in facts.outcomes
            )

    def round(self, facts: RoundFacts) -> None:
        """A round of a fund."""
        values = facts._asdict() | {"fund": Fund.objects.get(code=facts.fund)}
        self.take(Round, {"ref": values.pop("ref")}, values)

    def grant(self, facts: GrantFacts) -> None:
        """Funded work: untracked, so that it raises no flag and enters no statistic."""
        values = facts._asdict()
        values["fund"] = Fund.objects.get(code=facts.fund)
        values["funding_award"] = FundingAward.objects.filter(ref=facts.funding_award).first()
        for role in ("lead_provider", "commissioner", "payer"):
            values[role] = Organisation.objects.filter(ref=values[role]).first()
        for not_a_column in ("localities", "partners"):
            del values[not_a_column]
        grant, created = self.take(Grant, {"ref": values.pop("ref")}, values)
        if created:
            grant.localities.set(_localities(facts))
            organisations = {
                o.ref: o for o in Organisation.objects.filter(ref__in=[p for p, _ in facts.partners])
            }
            partners = [
                GrantPartner(grant=grant, organisation=organisations[ref], role=role)
                for ref, role in facts.partners
            ]
            insert_with_history(partners, by=self.by, reason=REASON)


def _localities(facts: GrantFacts) -> list[Locality]:
    found = list(Locality.objects.filter(name__in=facts.localities, is_illustrative=False))
    missing = set(facts.localities) - {locality.name for locality in found}
    if missing:
        raise ActionRefused(
            f"No locality is called {', '.join(sorted(missing))}. Run manage.py load_places first."
        )
    return found
