"""A table that was filled before it had a history: each of its rows gets a first line when the history begins."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.models import ClosureDay
from grants.models import GrantPartner
from providers.models import OrganisationIdentifier
from tests import factories as make
from tests.conftest import TODAY
from tests.histories import models_with_history, untold

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

BEFORE = [
    ("grants", "0004_paid_above_award"),
    ("providers", "0002_probable_duplicates"),
    ("core", "0002_jobs_and_messages"),
]
BEGAN = {
    "ClosureDay",
    "Locality",
    "Ward",
    "Organisation",
    "OrganisationIdentifier",
    "Membership",
    "GrantPartner",
}


def migrate(to: list[tuple[str, str]] | None = None) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(to or executor.loader.graph.leaf_nodes())


def test_what_stood_before_has_a_first_line() -> None:
    ClosureDay.objects.create(date=TODAY, reason="Closed")
    ward = make.make_ward(imd_mean_score="12.345", lsoas=0)
    place = make.make_locality(name="100% “so”", wards=[ward])
    older = make.make_organisation(ward=ward, locality=place, kind=None)
    make.make_membership(organisation=make.make_organisation(same_as=older), ended_on=TODAY)
    OrganisationIdentifier.objects.create(organisation=older, scheme="GB-CHC", value="1999001")
    GrantPartner.objects.create(grant=make.make_grant(), organisation=older, role="school")
    try:
        migrate(BEFORE)
    finally:
        migrate()
    models: list[Any] = [model for model in models_with_history() if model.__name__ in BEGAN]
    assert len(models) == len(BEGAN)
    for model in models:
        lines = model.history.values_list("history_type", "history_change_reason", "history_user")
        assert set(lines) == {("+", "As it stood when its history began", None)}
        assert len(lines) == model.objects.count() > 0
    assert [told for told in untold() if told.split()[0] in BEGAN and "its history says" in told] == []
