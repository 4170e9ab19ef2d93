"""The life of the money, from a funder's award to what is left when it ends."""

from django.apps import AppConfig


class GrantsConfig(AppConfig):
    """Funding awards, funds, rounds, grants, payments, returns, endings and flags."""

    name = "grants"
    verbose_name = "Grants"

    def ready(self) -> None:
        """Make the jobs of this app known."""
        from grants.imports import jobs  # noqa: PLC0415 models exist only once the apps are ready

        jobs.register()
