"""Who: organisations, their identifiers and their people."""

from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    """Organisations that give, receive or pay money, and who acts for them."""

    name = "providers"
    verbose_name = "Organisations"
