"""The illustrative year, made once for a module: making it takes seconds, and the tests only read it or roll back."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

DAY = "2026-11-21"


def run_demo(*arguments: str) -> str:
    """What `manage.py demo --prepare-only` says."""
    out = StringIO()
    call_command("demo", "--prepare-only", "--on", DAY, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def prepared(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The demo as prepared on 21 November 2026, rolled back after the module; what the command said."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield run_demo()
        transaction.set_rollback(True)


@pytest.fixture
def year(prepared: str, db: None) -> str:
    """The same, with what a test changes rolled back after it."""
    return prepared
