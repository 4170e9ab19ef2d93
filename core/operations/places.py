"""Wards and localities from a places file. Its fields: core/data/places/README.md."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import structlog
from django.db import transaction
from django.utils.text import slugify

from core.errors import ActionRefused
from core.models import Locality, User, Ward

log = structlog.get_logger("tracker.places")

COUNTS = ("lsoas", "imd_lowest_decile", "lsoas_in_most_deprived_fifth", "children_in_income_deprivation")
FIGURES = (*COUNTS, "imd_mean_score")
LONGEST_NOTE = 300


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
    acts = [_load_ward(facts, places.authority_code, illustrative) for facts in places.wards]
    ids = dict(Ward.objects.filter(code__in=[w.code for w in places.wards]).values_list("code", "id"))
    acts += [_load_locality(facts, ids, illustrative) for facts in places.localities]
    loaded = PlacesLoaded(*(acts.count(act) for act in PlacesLoaded._fields))
    log.info("places loaded", authority=places.authority_code, by=by.pk, **loaded._asdict())
    return loaded


def _load_ward(facts: WardFacts, authority_code: str, illustrative: bool) -> str:
    wanted = {
        "name": facts.name,
        "authority_code": authority_code,
        "is_illustrative": illustrative,
        **facts.figures,
    }
    ward, created = Ward.objects.get_or_create(code=facts.code, defaults=wanted)
    if created:
        return "created"
    return "updated" if _brought_to(ward, wanted) else "unchanged"


def _load_locality(facts: LocalityFacts, ward_ids: Mapping[str, int], illustrative: bool) -> str:
    wanted = {"name": facts.name, "note": facts.note, "is_illustrative": illustrative}
    slug = slugify(f"illustrative {facts.name}" if illustrative else facts.name)
    locality, created = Locality.objects.get_or_create(slug=slug, defaults=wanted)
    changed = not created and _brought_to(locality, wanted)
    wards = {ward_ids[code] for code in facts.ward_codes}
    if wards != set(locality.wards.values_list("id", flat=True)):
        locality.wards.set(wards)
        changed = True
    if created:
        return "created"
    return "updated" if changed else "unchanged"


def _brought_to(record: Ward | Locality, wanted: Mapping[str, object]) -> bool:
    """Write the wanted values if the record differs; whether it did."""
    if all(getattr(record, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(record, name, value)
    record.save()
    return True
