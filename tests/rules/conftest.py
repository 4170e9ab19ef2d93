"""The rules are pure, and so are their tests: none may ask for a database, a client or a server."""

import pytest

_OUT_OF_BOUNDS = {"db", "transactional_db", "admin_client", "client", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse, before anything runs, a test of the rules that reaches for the database."""
    for item in items:
        if "/rules/" not in item.path.as_posix():
            continue
        asked_for = _OUT_OF_BOUNDS.intersection(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or asked_for:
            raise pytest.UsageError(f"{item.nodeid} asks for a database: the rules are tested without one.")
