"""The life of the money, from a funder's award to what is left when it ends."""

from django.apps import AppConfig


class GrantsConfig(AppConfig):
    """Funding awards, funds, rounds, grants, payments, returns, endings and flags."""

    name = "grants"
    verbose_name = "Grants"
