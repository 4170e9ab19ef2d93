"""The illustrative year. Installed only outside production."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Fictional organisations and a year of their grants."""

    name = "demo"
    verbose_name = "Demo"
