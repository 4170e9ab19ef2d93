"""The ground floor: it knows no other app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """Users, the calendar, money, places."""

    name = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        """Bootstrap, as Django does for content types: a database without a calendar cannot time anything."""
        # Models exist only once the apps are ready, and tasks are sent by name: whoever sends one must know it.
        from core import tasks  # noqa: F401, PLC0415
        from core.calendar import fit_calendar  # noqa: PLC0415
        from core.database import make_cache_tables  # noqa: PLC0415

        post_migrate.connect(fit_calendar, sender=self)
        post_migrate.connect(make_cache_tables, sender=self)
