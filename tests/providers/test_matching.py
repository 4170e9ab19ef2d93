"""Organisations of a list are found by their numbers; like names are put before a person, never made one."""

from typing import Any

import pytest

from providers.models import Organisation, OrganisationIdentifier, ProbableDuplicate
from providers.operations.matching import Match, Matcher
from providers.rules.identifiers import Identifier, local
from providers.rules.recipients import Recipient
from tests.conftest import TODAY
from tests.factories import make_organisation, somebody
from tests.histories import untold

pytestmark = pytest.mark.django_db

CHARITY, COMPANY = Identifier("GB-CHC", "1999001"), Identifier("GB-COH", "07597525")
OTHER = Identifier("GB-CHC", "1999002")
REASON = "Imported from a list"
# Look up the numbers and the references, write organisations and numbers, each with its history; and who does it.
STATEMENTS = 7


def to(name: str, *numbers: Identifier, kind: str | None = None) -> Recipient:
    return Recipient(name, kind, numbers or (local("GB-LAE-FFD", "name", name),))


def bring(*recipients: Recipient | None, matcher: Matcher | None = None) -> list[Match]:
    """Match and keep one batch."""
    matcher = matcher or Matcher(on=TODAY)
    matches = matcher.match(recipients)
    keep(matcher, *(match.organisation for match in matches))
    return matches


def keep(matcher: Matcher, *organisations: Organisation | None) -> None:
    matcher.keep((one for one in organisations if one is not None), by=somebody(), reason=REASON)


def names() -> list[str]:
    return list(Organisation.objects.order_by("pk").values_list("name", flat=True))


def pairs() -> list[tuple[str, str, str]]:
    found = ProbableDuplicate.objects.select_related("older", "newer")
    return [(pair.older.ref, pair.newer.ref, pair.why) for pair in found]


def known(organisation: Organisation, *numbers: Identifier) -> Organisation:
    for number in numbers:
        OrganisationIdentifier.objects.create(organisation=organisation, **number._asdict())
    return organisation


def test_a_number_finds_it_whatever_the_name() -> None:
    there = known(make_organisation(is_illustrative=False, name="Meadow Lane"), CHARITY)
    (match,) = bring(to("MEADOW LANE TRUST LTD", CHARITY))
    assert match.organisation == there
    assert names() == ["Meadow Lane"]


def test_a_number_that_is_new_is_noted() -> None:
    bring(to("Meadow Lane", CHARITY))
    bring(to("Meadow Lane", CHARITY, COMPANY))
    (match,) = bring(to("M L", COMPANY))
    assert match.organisation is not None
    assert match.organisation.name == "Meadow Lane"
    assert len(names()) == 1


def test_within_one_batch_too() -> None:
    first, second, third = bring(to("A", CHARITY), to("A", CHARITY, COMPANY), to("A", COMPANY))
    assert first.organisation is second.organisation is third.organisation
    assert names() == ["A"]


def test_like_names_are_two_records_and_a_question() -> None:
    bring(to("The Meadow Lane Trust", CHARITY))
    bring(to("Meadow Lane Trust Ltd", OTHER), to("Orchard"))
    assert names() == ["The Meadow Lane Trust", "Meadow Lane Trust Ltd", "Orchard"]
    assert pairs() == [("the-meadow-lane-trust", "meadow-lane-trust-ltd", "The names are alike.")]
    bring(to("Meadow Lane Trust Ltd", OTHER))
    assert len(pairs()) == 1


def test_like_names_within_one_batch_and_across_batches_of_one_import() -> None:
    matcher = Matcher(on=TODAY)
    bring(to("Footlights", CHARITY), to("FOOTLIGHTS", OTHER), matcher=matcher)
    bring(to("Footlights", COMPANY), matcher=matcher)
    assert [pair[:2] for pair in pairs()] == [
        ("footlights", Organisation.objects.order_by("pk")[1].ref),
        ("footlights", Organisation.objects.order_by("pk")[2].ref),
    ]
    assert (matcher.created, matcher.offered) == (3, 2)


def test_one_funder_s_exact_name_is_one_organisation() -> None:
    bring(to("St Johns"), to("St  JOHNS"))
    bring(to("St Johns"))
    assert names() == ["St Johns"]
    assert pairs() == []


def test_numbers_of_two_organisations() -> None:
    one = known(make_organisation(is_illustrative=False, name="One"), CHARITY)
    two = known(make_organisation(is_illustrative=False, name="Two"), COMPANY)
    (match,) = bring(to("Neither", CHARITY, COMPANY))
    assert (match.organisation, match.other) == (one, two)
    (match,) = bring(to("two", CHARITY, COMPANY))
    assert (match.organisation, match.other) == (two, one)
    assert pairs() == [
        (one.ref, two.ref, "One row of a list gives both numbers: GB-CHC-1999001 and GB-COH-07597525.")
    ]


def test_a_record_found_to_be_another_leads_to_it() -> None:
    older = make_organisation(is_illustrative=False, name="Older")
    known(make_organisation(is_illustrative=False, name="Newer", same_as=older), CHARITY)
    (match,) = bring(to("Newer", CHARITY))
    assert match.organisation == older
    bring(to("Newer", OTHER))
    assert [pair[0] for pair in pairs()] == [older.ref]


def test_the_registers_do_not_mix() -> None:
    known(make_organisation(name="Made up"), CHARITY)
    (match,) = bring(to("Made up", CHARITY))
    assert match.organisation is None
    assert "illustrative register" in match.refusal
    (match,) = bring(to("Made up", OTHER))
    assert match.organisation is not None
    assert pairs() == []


def test_people_have_no_name_and_are_nobody_s_duplicate() -> None:
    one, two = (local("F", "individual", key) for key in ("1", "2"))
    first, second = bring(to("Individual", one, kind="individual"), to("Individual", two, kind="individual"))
    assert first.organisation != second.organisation
    assert pairs() == []
    refs = list(Organisation.objects.values_list("ref", flat=True))
    assert all(ref.startswith("individual-") for ref in refs)
    (again,) = bring(to("Individual", one, kind="individual"))
    assert again.organisation == first.organisation


def test_what_no_row_needs_is_not_written() -> None:
    matcher = Matcher(on=TODAY)
    wanted, _, nobody = matcher.match([to("A", CHARITY), to("B", OTHER), None])
    assert nobody.organisation is None
    keep(matcher, wanted.organisation)
    assert names() == ["A"]
    assert OrganisationIdentifier.objects.count() == 1


@pytest.mark.parametrize("name", ["!!!", "ü", "x" * 250])
def test_every_record_has_a_reference_of_its_own(name: str) -> None:
    bring(to(name, CHARITY), to(name, OTHER), to(name, COMPANY))
    refs: list[Any] = list(Organisation.objects.values_list("ref", flat=True))
    assert len(set(refs)) == 3
    assert all(0 < len(ref) <= 80 for ref in refs)


def test_what_is_new_has_a_history() -> None:
    bring(to("A", CHARITY, COMPANY), to("B", OTHER))
    assert untold() == []
    told = [*Organisation.history.all(), *OrganisationIdentifier.history.all()]
    assert {(line.history_type, line.history_user, line.history_change_reason) for line in told} == {
        ("+", somebody(), REASON)
    }
    assert len(told) == 5


def test_a_hundred_are_as_many_statements_as_one(django_assert_num_queries: Any) -> None:
    def some(count: int, first: int) -> list[Recipient]:
        return [to(f"Number {n}", Identifier("GB-CHC", str(n))) for n in range(first, first + count)]

    matcher = Matcher(on=TODAY)
    bring(*some(1, first=3_000_000), matcher=matcher)  # what is asked once for each import
    for count, first in ((1, 1_000_000), (100, 2_000_000)):
        with django_assert_num_queries(STATEMENTS):
            bring(*some(count, first), matcher=matcher)
