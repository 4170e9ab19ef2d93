"""What every task does when the database is away: try again, each time after a longer pause, for about half an hour."""

from django.db import OperationalError

RETRY = {"autoretry_for": (OperationalError,), "retry_backoff": 2, "retry_backoff_max": 60, "max_retries": 30}
