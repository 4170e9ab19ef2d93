"""The ground floor: it knows no other app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """Users, the calendar, money, places."""

    name = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        """Bootstrap, as Django does for content types: a database without a calendar cannot time anything."""
        from core.calendar import fill_empty_calendar  # noqa: PLC0415 - models exist only once the apps are ready

        post_migrate.connect(fill_empty_calendar, sender=self)
