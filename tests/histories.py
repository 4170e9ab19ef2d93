"""The rows that their history does not tell of: for whoever has just had the product write."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps

from tests.architecture.files import APPS


def models_with_history() -> list[Any]:
    """Every model that keeps who changed what."""
    return [
        model for model in apps.get_models() if model._meta.app_label in APPS and hasattr(model, "history")
    ]


def untold() -> list[str]:
    """Rows without a line that says what they hold, and lines that do not say who wrote them, and why."""
    return [told for model in models_with_history() for told in (*_lost(model), *_unsigned(model))]


def _lost(model: Any) -> Iterator[str]:
    columns = [field.attname for field in model.history.model.tracked_fields]
    lines = {line["id"]: line for line in model.history.order_by("history_id").values(*columns)}
    for row in model._default_manager.values(*columns):
        if lines.get(row["id"]) != row:
            yield f"{model.__name__} {row['id']}: its history says {lines.get(row['id'])}"


def _unsigned(model: Any) -> Iterator[str]:
    for line in model.history.all():
        if line.history_user_id is None or not line.history_change_reason:
            yield f"{model.__name__} {line.id}: nobody says who wrote it, or why"
