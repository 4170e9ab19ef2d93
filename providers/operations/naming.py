"""The organisation that a person names: found by its number or its name, or added when nobody knows it yet."""

import re
import secrets
from collections.abc import Iterator
from functools import reduce
from operator import or_

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.text import slugify

from core.errors import ActionRefused
from core.models import User
from core.records import locked, write
from providers.models import Organisation, OrganisationIdentifier, OrganisationKind
from providers.rules.identifiers import (
    CHARITY,
    COMPANY,
    SCHOOL,
    Identifier,
    normal_name,
    number_of,
    read_org_id,
)

_HAS_WORDS = re.compile(r"[^\W\d_]{4}")
LIKE_IT = 3
LONGEST_SLUG = 60
LONGEST_NAME = 250
ONE_CALLED_SO = "Enter the number of the one you mean, for example GB-CHC-1100000."


def organisation_named(text: str, *, illustrative: bool) -> Organisation | None:
    """The one organisation of a register with this number or name; None where there is none.

    A number is written as it is published ("GB-CHC-1100000") or alone; a name is compared as lists are, without case,
    "The" and "Ltd". A record found to be another's gives way to that. Refuses a name or a number that several have.
    """
    keys = _with_number(text, illustrative) or {pk for pk, _ in _called(text, illustrative)}
    found = Organisation.objects.filter(pk__in=keys).select_related("same_as")
    standing = {each.same_as or each for each in found}
    if len(standing) > 1:
        raise ActionRefused(f"Several organisations are called “{text}”. {ONE_CALLED_SO}", "provider")
    return next(iter(standing), None)


def hold_newcomers() -> None:
    """Nobody else adds organisations until the end of the transaction.

    Two that look at once would both find nobody, and add the same organisation twice.
    """
    User.objects.select_for_update().get(pk=User.objects.system("new organisations").pk)


def names_like(text: str, *, illustrative: bool) -> list[str]:
    """A few names that hold what was typed, to choose from."""
    like = _of(illustrative).filter(name__icontains=text, same_as__isnull=True)
    return list(like.order_by("name").values_list("name", flat=True).distinct()[:LIKE_IT])


def add_organisation(
    name: str, kind: str | None, *, illustrative: bool, by: User, reason: str
) -> Organisation:
    """A new organisation, with a reference made from its name. An individual's name is not kept: none is added here."""
    _insist_it_keeps_its_name(kind)
    if _numbers(name) and not _HAS_WORDS.search(name):
        raise ActionRefused("No organisation has this number here. Enter its name.", "provider")
    if len(name) > LONGEST_NAME:
        raise ActionRefused(f"Enter a name of at most {LONGEST_NAME} characters.", "provider")
    plain = slugify(name)[:LONGEST_SLUG].strip("-") or "organisation"
    new = Organisation(ref=plain, name=name, kind=kind, is_illustrative=illustrative)
    try:
        with transaction.atomic():
            write(new, by=by, reason=reason)
    except IntegrityError:  # the reference is taken: there is one like it
        new.ref = f"{plain}-{secrets.token_hex(4)}"
        write(new, by=by, reason=reason)
    return new


def say_kind(organisation: Organisation, kind: str, *, by: User, reason: str) -> None:
    """Record what an organisation is, for everything that it leads. The caller holds its row."""
    _insist_it_keeps_its_name(kind)
    organisation.kind = kind
    write(organisation, by=by, reason=reason)


def held_organisation(pk: int) -> Organisation:
    """An organisation as it stands, its row locked to the end of the transaction."""
    organisation: Organisation = locked(Organisation.objects, pk=pk)
    return organisation


def _insist_it_keeps_its_name(kind: str | None) -> None:
    if kind == OrganisationKind.INDIVIDUAL:
        raise ActionRefused("The name of an individual is not kept: choose another kind.", "kind")


def _of(illustrative: bool) -> QuerySet[Organisation]:
    """Those of a register that have a name."""
    kept_nameless = Q(kind=OrganisationKind.INDIVIDUAL, kind__isnull=False)
    return Organisation.objects.filter(~kept_nameless, is_illustrative=illustrative)


def _called(text: str, illustrative: bool) -> Iterator[tuple[int, str]]:
    """Every organisation whose name is the same, as names are compared: no database compares them so."""
    wanted = normal_name(text)
    rows = _of(illustrative).order_by().values_list("pk", "name").iterator()
    return ((pk, name) for pk, name in rows if wanted and normal_name(name) == wanted)


def _with_number(text: str, illustrative: bool) -> set[int]:
    numbers = _numbers(text)
    if not numbers:
        return set()
    any_of_them = reduce(or_, (Q(scheme=each.scheme, value=each.value) for each in numbers))
    rows = OrganisationIdentifier.objects.filter(any_of_them, organisation__is_illustrative=illustrative)
    return set(rows.order_by().values_list("organisation", flat=True))


def _numbers(text: str) -> list[Identifier]:
    """The numbers that it may be."""
    whole = read_org_id(text)
    if whole is not None:
        return [whole]
    if not any(character.isdigit() for character in text):
        return []
    alone = (number_of(scheme, text) for scheme in (CHARITY, COMPANY, SCHOOL))
    return [number for number in alone if number is not None]
