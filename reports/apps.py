"""What the register shows: home, reports, completeness. Reads grants, writes only its own records."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Pages that answer questions over the whole register."""

    name = "reports"
    verbose_name = "Reports"
