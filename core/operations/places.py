"""Wards and localities from a places file. Its fields: core/data/places/README.md."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import structlog
from django.db import transaction
from django.utils.text import slugify

from core.errors import ActionRefused
from core.models import Locality, User, Ward
from core.records import names_in_words, write

log = structlog.get_logger("tracker.places")

COUNTS = ("lsoas", "imd_lowest_decile", "lsoas_in_most_deprived_fifth", "children_in_income_deprivation")
FIGURES = (*COUNTS, "imd_mean_score")
LONGEST_NOTE = 300
REASON = "Places file loaded"


class WardFacts(NamedTuple):
    """One ward as the file has it; a figure of None is not known."""

    code: str
    name: str
    figures: Mapping[str, int | Decimal | None]


class LocalityFacts(NamedTuple):
    """One locality as the file has it; no ward codes means that its wards are not known."""

    name: str
    note: str
    ward_codes: tuple[str, ...]


class Places(NamedTuple):
    """A whole places file, checked."""

    authority_code: str
    wards: tuple[WardFacts, ...]
    localities: tuple[LocalityFacts, ...]


class PlacesLoaded(NamedTuple):
    """What loading a file did, in rows."""

    created: int
    updated: int
    unchanged: int


def read_places(document: Mapping[str, Any]) -> Places:
    """Check a places document and take its facts. Refuses, with what to put right, whatever does not add up."""
    try:
        wards = tuple(_ward(record) for record in document["wards"])
        localities = tuple(_locality(record) for record in document["localities"])
        places = Places(str(document["authority"]["code"]), wards, localities)
    except (KeyError, TypeError) as missing:
        raise ActionRefused(
            f"The places file lacks a field or has it in the wrong shape: {missing}. See core/data/places/README.md."
        ) from None
    _insist_once("ward code", [ward.code for ward in wards])
    _insist_once("locality", [locality.name for locality in localities])
    grouped = [code for locality in localities for code in locality.ward_codes]
    _insist_once("ward in a locality", grouped)
    unknown = sorted(set(grouped) - {ward.code for ward in wards})
    if unknown:
        raise ActionRefused(f"A locality names wards that the file does not have: {', '.join(unknown)}.")
    return places


def _ward(record: Mapping[str, Any]) -> WardFacts:
    figures: dict[str, int | Decimal | None] = {name: _count(record, name) for name in COUNTS}
    score = record["imd_mean_score"]
    try:
        figures["imd_mean_score"] = None if score is None else Decimal(str(score))
    except InvalidOperation:
        raise ActionRefused(
            f"Ward {record['code']}: imd_mean_score is '{score}'. Give a number, or null."
        ) from None
    return WardFacts(record["code"], record["name"], figures)


def _count(record: Mapping[str, Any], name: str) -> int | None:
    count = record[name]
    if count is None:
        return None
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise ActionRefused(f"Ward {record['code']}: {name} is '{count}'. Give a whole number, or null.")
    if name == "imd_lowest_decile" and not 1 <= count <= 10:
        raise ActionRefused(f"Ward {record['code']}: {name} is {count}. Give 1 to 10, or null.")
    return count


def _locality(record: Mapping[str, Any]) -> LocalityFacts:
    note = record.get("note") or ""
    if len(note) > LONGEST_NOTE:
        raise ActionRefused(
            f"The note on {record['name']} is longer than {LONGEST_NOTE} characters: shorten it."
        )
    return LocalityFacts(record["name"], note, tuple(record["wards"]))


def _insist_once(what: str, values: Sequence[str]) -> None:
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ActionRefused(f"The places file has a {what} more than once: {', '.join(twice)}.")


@transaction.atomic
def load_places(*, places: Places, by: User, illustrative: bool = False) -> PlacesLoaded:
    """Bring wards and localities to what the file says. What the file does not name is left alone.

    Illustrative places have slugs of their own, so that they never take the place of real ones.
    """
    acts = [_load_ward(facts, places.authority_code, illustrative, by) for facts in places.wards]
    wards = {ward.code: ward for ward in Ward.objects.filter(code__in=[ward.code for ward in places.wards])}
    acts += [_load_locality(facts, wards, illustrative, by) for facts in places.localities]
    loaded = PlacesLoaded(*(acts.count(act) for act in PlacesLoaded._fields))
    log.info("places loaded", authority=places.authority_code, by=by.pk, **loaded._asdict())
    return loaded


def _load_ward(facts: WardFacts, authority_code: str, illustrative: bool, by: User) -> str:
    wanted = {
        "name": facts.name,
        "authority_code": authority_code,
        "is_illustrative": illustrative,
        **facts.figures,
    }
    ward = Ward.objects.filter(code=facts.code).first()
    if ward is None:
        write(Ward(code=facts.code, **wanted), by=by, reason=REASON)
        return "created"
    if not _put(ward, wanted):
        return "unchanged"
    write(ward, by=by, reason=REASON)
    return "updated"


def _load_locality(facts: LocalityFacts, wards: Mapping[str, Ward], illustrative: bool, by: User) -> str:
    wanted = {"name": facts.name, "note": facts.note, "is_illustrative": illustrative}
    slug = slugify(f"illustrative {facts.name}" if illustrative else facts.name)
    locality = Locality.objects.filter(slug=slug).first()
    before = set() if locality is None else set(locality.wards.all())
    now = {wards[code] for code in facts.ward_codes}
    act = "updated"
    if locality is None:
        locality, act = Locality(slug=slug, **wanted), "created"
    elif not _put(locality, wanted) and now == before:
        return "unchanged"
    grouped = names_in_words("Wards", (ward.name for ward in now), (ward.name for ward in before))
    write(locality, by=by, reason=REASON if now == before else f"{REASON}. {grouped}")
    locality.wards.set(now)
    return act


def _put(record: Ward | Locality, wanted: Mapping[str, object]) -> bool:
    """Set the wanted values; whether the record had others."""
    differs = any(getattr(record, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(record, name, value)
    return differs
