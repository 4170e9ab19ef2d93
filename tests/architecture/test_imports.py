"""Who may know whom. import-linter holds the layers (`make check`); here is what its contracts cannot say."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.db.models import Field, Model

from tests.architecture.files import APPS, ROOT

# The rooms at an app's own door. Another app takes models, rules, queries, operations and
# permissions (and core.web).
OWN_DOOR = {
    "admin",
    "api",
    "exports",
    "filters",
    "forms",
    "imports",
    "management",
    "tables",
    "tasks",
    "templatetags",
    "urls",
    "views",
}


def forward_relations(model: type[Model]) -> Iterator[Field]:
    """The fields with which a model points at another."""
    return (field for field in model._meta.get_fields() if isinstance(field, Field) and field.is_relation)


def test_from_an_app_below_only_its_inside_is_taken() -> None:
    graph = grimp.build_graph(*APPS)
    taken = [
        f"{importer} takes {imported}"
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if imported.split(".")[0] != importer.split(".")[0] and OWN_DOOR & set(imported.split(".")[1:2])
    ]
    assert sorted(taken) == []


def test_no_app_imports_the_configuration() -> None:
    graph = grimp.build_graph("config", *APPS)
    importers = {
        importer
        for module in graph.find_descendants("config") | {"config"}
        for importer in graph.find_modules_that_directly_import(module)
    }
    assert {name for name in importers if name.split(".")[0] != "config"} == set()


def test_foreign_keys_point_the_way_imports_run() -> None:
    relations = [
        (model._meta.app_label, field.remote_field.model._meta.app_label, f"{model._meta.label}.{field.name}")
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in APPS
        for field in forward_relations(model)
    ]
    assert relations
    upwards = [
        name for own, other, name in relations if other in APPS and APPS.index(other) > APPS.index(own)
    ]
    assert upwards == []


def test_every_app_with_tables_has_its_migrations() -> None:
    with_tables = {model._meta.app_label for model in apps.get_models() if model._meta.app_label in APPS}
    assert with_tables
    without = {label for label in with_tables if not list((ROOT / label / "migrations").glob("0*.py"))}
    assert without == set()


def ruff(source: str, path: str) -> str:
    """What ruff says of a source, had it stood at that path."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise"]
    done = subprocess.run(
        [*command, "--stdin-filename", path, "-"],
        input=source,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert not done.stderr, done.stderr
    return done.stdout


ASKS_THE_CLOCK = (
    '"""Asks."""\n\nfrom django.utils.timezone import localdate, now\n\nHERE = localdate(), now()\n'
)


@pytest.mark.parametrize(
    "path",
    [
        "grants/rules/clock.py",
        "grants/models/payments.py",
        "grants/queries/flags.py",
        "grants/operations/payments.py",
        "grants/forms.py",
        "reports/tables.py",
        "core/calendar.py",
    ],
)
def test_the_clock_is_not_asked_inside_the_house(path: str) -> None:
    assert "TID251" in ruff(ASKS_THE_CLOCK, path)


@pytest.mark.parametrize(
    "path",
    ["grants/views/flags.py", "reports/views.py", "grants/tasks.py", "demo/management/commands/demo.py"],
)
def test_the_clock_is_asked_at_the_door(path: str) -> None:
    assert ruff(ASKS_THE_CLOCK, path).startswith("All checks passed")


def test_a_date_of_no_time_zone_is_asked_nowhere() -> None:
    source = '"""Asks."""\n\nfrom datetime import date, datetime\n\nHERE = date.today(), datetime.now()\n'
    said = ruff(source, str(Path("grants/views/flags.py")))
    assert "DTZ011" in said
    assert "DTZ005" in said
