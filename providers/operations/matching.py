"""Finding the organisations of a published list by their numbers, and making those that nobody knows yet.

Two records with like names are never made one here: they are offered to a person as probable duplicates.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.text import slugify

from core.bulk import insert_with_history
from core.models import User
from providers.models import Organisation, OrganisationIdentifier, OrganisationKind, ProbableDuplicate
from providers.rules.identifiers import LOCAL, Identifier, normal_name
from providers.rules.recipients import Recipient

IN_ONE_QUERY = 500
LONGEST_SLUG = 60
LONGEST_WHY = 200
SAME_NAME = "The names are alike."
ILLUSTRATIVE = (
    "A number of the recipient belongs to an organisation of the illustrative register, which never mixes with the "
    "real one. Put the number right."
)


class Match(NamedTuple):
    """The organisation of one row, or why there is none; `other` is a second one that the row's numbers name."""

    organisation: Organisation | None
    refusal: str = ""
    other: Organisation | None = None


class Likeness(NamedTuple):
    """Two records that may be one organisation, and why."""

    one: Organisation
    other: Organisation
    why: str


class Matcher:
    """Matches batch after batch of one import, in a fixed number of queries each."""

    def __init__(self, *, on: date) -> None:
        self.on = on
        self.created = 0
        self.offered = 0
        self._by_name: dict[str, int] | None = None
        self._batch = _Batch({})

    def match(self, recipients: Sequence[Recipient | None]) -> list[Match]:
        """One match for each recipient, in order. A new organisation is not written yet: see `keep`."""
        self._batch = _Batch(_known(recipients))
        return [self._batch.take(recipient) for recipient in recipients]

    def keep(self, organisations: Iterable[Organisation], *, by: User, reason: str) -> None:
        """Write those of the batch's new organisations that are needed, and the new numbers of those that are."""
        batch, wanted = self._batch, {id(organisation) for organisation in organisations}
        new = [(organisation, spare) for organisation, spare in batch.new if id(organisation) in wanted]
        _name_apart(new)
        made = [organisation for organisation, _ in new]
        insert_with_history(made, by=by, reason=reason)
        numbers = [
            OrganisationIdentifier(organisation=organisation, scheme=number.scheme, value=number.value)
            for number, organisation in batch.numbers
            if id(organisation) in wanted
        ]
        insert_with_history(numbers, by=by, reason=reason)
        pairs = {
            _in_order(like.one.pk, like.other.pk): like.why
            for like in batch.alike
            if like.one.pk and like.other.pk
        }
        self.offered += _offer(self._same_names(made) | pairs, self.on)
        self.created += len(made)

    def _same_names(self, new: Sequence[Organisation]) -> dict[tuple[int, int], str]:
        """Each new organisation whose name is that of one that was there before it."""
        pairs: dict[tuple[int, int], str] = {}
        if new and self._by_name is None:
            self._by_name = _names({organisation.pk for organisation in new})
        for organisation in new:
            name = normal_name(organisation.name)
            if self._by_name is None or not name or organisation.kind == OrganisationKind.INDIVIDUAL:
                continue
            before = self._by_name.setdefault(name, organisation.pk)
            if before != organisation.pk:
                pairs[_in_order(before, organisation.pk)] = SAME_NAME
        return pairs


class _Batch:
    """What one batch finds, and what it makes."""

    def __init__(self, known: dict[Identifier, Organisation]) -> None:
        self.known = known
        self.new: list[tuple[Organisation, str]] = []
        self.numbers: list[tuple[Identifier, Organisation]] = []
        self.alike: list[Likeness] = []

    def take(self, recipient: Recipient | None) -> Match:
        """The organisation that the row's numbers name, or a new one; numbers that nobody has are noted on it."""
        if recipient is None:
            return Match(None)
        found = [self.known[number] for number in recipient.identifiers if number in self.known]
        if any(organisation.is_illustrative for organisation in found):
            return Match(None, ILLUSTRATIVE)
        organisation = _likeliest(found, recipient) if found else None
        if organisation is None or self._is_another(organisation, recipient):
            organisation = self._make(recipient)
        for number in recipient.identifiers:
            if number not in self.known:
                self.known[number] = organisation
                self.numbers.append((number, organisation))
        other = next((one for one in found if one is not organisation), None)
        if other is not None:
            self.alike.append(Likeness(organisation, other, _said_of_both(recipient)))
        return Match(organisation, other=other)

    def _is_another(self, organisation: Organisation, recipient: Recipient) -> bool:
        """Neither its first number nor its name: the second number is somebody else's, and a person is asked."""
        return recipient.identifiers[0] not in self.known and not is_named(organisation, recipient)

    def _make(self, recipient: Recipient) -> Organisation:
        ref, spare = _refs(recipient)
        organisation = Organisation(ref=ref, name=recipient.name, kind=recipient.kind)
        self.new.append((organisation, spare))
        return organisation


def _known(recipients: Iterable[Recipient | None]) -> dict[Identifier, Organisation]:
    """Which of the numbers the register knows, each with its organisation; of a record found to be another, that."""
    wanted = {number for recipient in recipients if recipient for number in recipient.identifiers}
    values = sorted({number.value for number in wanted})
    known: dict[Identifier, Organisation] = {}
    one_object: dict[int, Organisation] = {}
    for start in range(0, len(values), IN_ONE_QUERY):
        rows = OrganisationIdentifier.objects.filter(value__in=values[start : start + IN_ONE_QUERY])
        for row in rows.select_related("organisation__same_as"):
            organisation = row.organisation.same_as or row.organisation
            known[Identifier(row.scheme, row.value)] = one_object.setdefault(organisation.pk, organisation)
    return {number: organisation for number, organisation in known.items() if number in wanted}


def _likeliest(found: Sequence[Organisation], recipient: Recipient) -> Organisation:
    """Of organisations that the row's numbers name, the one of its name too; else the one of its first number."""
    return next((one for one in found if is_named(one, recipient)), found[0])


def is_named(organisation: Organisation, recipient: Recipient) -> bool:
    """Whether a row calls an organisation by its name, but for case, "The" and the like."""
    return normal_name(organisation.name) == normal_name(recipient.name)


def _said_of_both(recipient: Recipient) -> str:
    numbers = " and ".join(
        f"{one.scheme}-{one.value}" for one in recipient.identifiers if one.scheme != LOCAL
    )
    return f"One row of a list gives both numbers: {numbers}."[:LONGEST_WHY]


def _refs(recipient: Recipient) -> tuple[str, str]:
    """A reference from the name, and one for when that is taken; an individual's says nothing of the person."""
    number = recipient.identifiers[0]
    digest = hashlib.sha256(f"{number.scheme}-{number.value}".encode()).hexdigest()[:12]
    plain = slugify(recipient.name)[:LONGEST_SLUG].strip("-")
    if recipient.kind == OrganisationKind.INDIVIDUAL or not plain:
        plain = recipient.kind or "organisation"
    return plain, f"{plain}-{digest}"


def _name_apart(new: Sequence[tuple[Organisation, str]]) -> None:
    """Give each new organisation a reference that no other has."""
    wanted = sorted({organisation.ref for organisation, _ in new})
    taken: set[str] = set()
    for start in range(0, len(wanted), IN_ONE_QUERY):
        refs = Organisation.objects.filter(ref__in=wanted[start : start + IN_ONE_QUERY])
        taken.update(refs.values_list("ref", flat=True))
    for organisation, spare in new:
        if organisation.ref in taken or organisation.kind == OrganisationKind.INDIVIDUAL:
            organisation.ref = spare
        taken.add(organisation.ref)


def _names(leave_out: set[int]) -> dict[str, int]:
    """The first real organisation of each name, as names are compared; a record found to be another gives way to it."""
    rows = Organisation.objects.filter(is_illustrative=False).exclude(kind=OrganisationKind.INDIVIDUAL)
    names: dict[str, int] = {}
    for pk, name, same_as in rows.order_by("pk").values_list("pk", "name", "same_as_id").iterator():
        if pk not in leave_out:
            names.setdefault(normal_name(name), same_as or pk)
    return names


def _in_order(one: int, other: int) -> tuple[int, int]:
    """The older record first."""
    return min(one, other), max(one, other)


def _offer(pairs: Mapping[tuple[int, int], str], on: date) -> int:
    """Put pairs before a person, but for those that were put before one already; how many are new."""
    if not pairs:
        return 0
    older = {pair[0] for pair in pairs}
    offered = set(ProbableDuplicate.objects.filter(older__in=older).values_list("older_id", "newer_id"))
    made = ProbableDuplicate.objects.bulk_create(
        ProbableDuplicate(older_id=pair[0], newer_id=pair[1], why=why, found_on=on)
        for pair, why in pairs.items()
        if pair not in offered
    )
    return len(made)
