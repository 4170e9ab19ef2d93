"""Whom money goes to: grants that come to a provider later are blocked like the others, an import pays nobody else."""

from datetime import date

import pytest

from core.models import User
from grants.models import Check, Grant
from grants.operations.decisions import bank_details_changed, record_check
from grants.operations.duplicates import say_if_same
from providers.models import Organisation, OrganisationIdentifier
from tests import factories as make
from tests.grants.imports.lists import as_csv, bring, cells
from tests.grants.operations.conftest import TODAY, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def provider() -> Organisation:
    """A charity of the real register."""
    charity = make.make_organisation(is_illustrative=False, name="Fairford Families")
    OrganisationIdentifier.objects.create(organisation=charity, scheme="GB-CHC", value="1999001")
    return charity


@pytest.fixture
def changed(provider: Organisation, people: make.People) -> Check:
    """It has told of new bank details, on the one grant that it led."""
    led = make.make_grant(illustrative=False, lead_provider=provider)
    return bank_details_changed(grant=led, told_on=TODAY, by=people.finance, on=TODAY)


def waits(grant: Grant) -> list[tuple[date | None, date | None]]:
    found = grant.checks.filter(kind="bank_details", result__isnull=True, changed_by__isnull=False)
    return [(check.requested_on, check.unverified_from) for check in found]


def test_a_grant_that_an_import_brings_waits_for_the_same_call(changed: Check, people: make.People) -> None:
    bring(as_csv([cells(org="GB-CHC-1999001"), cells(id="2", org="GB-CHC-1999002", name="Others")]))
    new, other = Grant.objects.get(source_id="360G-fairford-1"), Grant.objects.get(source_id="2")
    assert waits(new) == [(TODAY, TODAY)]
    assert waits(other) == []
    record_check(
        check=changed, result="passed", checked_on=TODAY, called_back=True, by=people.commissioner, on=TODAY
    )
    assert waits(new) == []
    assert fresh(new).checks.get().result == "passed"


def test_a_trial_run_blocks_nothing(changed: Check) -> None:
    before = Check.objects.count()
    bring(as_csv([cells(org="GB-CHC-1999001")]), dry_run=True)
    assert Check.objects.count() == before


def test_two_records_found_to_be_one_wait_together(
    changed: Check, provider: Organisation, administrator: User
) -> None:
    newer = make.make_organisation(is_illustrative=False, name="Fairford Families Ltd")
    led = make.make_grant(illustrative=False, lead_provider=newer)
    over = make.make_grant(illustrative=False, lead_provider=newer, closed_on=TODAY)
    pair = make.make_duplicate(older=provider, newer=newer)
    say_if_same(duplicate=pair, likeness="same", by=administrator, on=TODAY)
    assert waits(led) == [(TODAY, TODAY)]
    assert waits(over) == []


def test_an_import_does_not_change_who_is_paid(provider: Organisation) -> None:
    bring(as_csv([cells(org="GB-CHC-1999001")]), tracked_from=date(2024, 4, 1))
    grant = Grant.objects.get(source_id="360G-fairford-1")
    leader = grant.lead_provider
    other = {"org": "GB-CHC-1999002", "name": "Others"}
    make.make_instalment(grant)
    refused = bring(as_csv([cells(**other)]), skip_invalid=True).refused
    assert "does not change its provider" in refused[0].message
    assert fresh(grant).lead_provider == leader
    Grant.objects.filter(pk=grant.pk).update(lead_provider=None)
    assert bring(as_csv([cells(org="GB-CHC-1999001")])).refused == []
    assert fresh(grant).lead_provider == leader
