"""Shapes that the tables share: choices as checks, ordered dates, partial published dates."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

partial_date = RegexValidator(
    r"^\d{4}(-(0[1-9]|1[0-2]))?$", "Give a year, or a year and month, like 2024 or 2024-04."
)


def known_choice(field: str, choices: type[models.TextChoices], *, name: str) -> models.CheckConstraint:
    """A check that a column is null or one of its choices."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__in": choices.values}), name=name
    )


def in_order(earlier: str, later: str, *, name: str) -> models.CheckConstraint:
    """A check that one date is not after another, where both are known."""
    return models.CheckConstraint(
        condition=Q(**{f"{earlier}__isnull": True})
        | Q(**{f"{later}__isnull": True})
        | Q(**{f"{later}__gte": F(earlier)}),
        name=name,
    )


def not_negative(field: str, *, name: str) -> models.CheckConstraint:
    """A check that an amount or a count is null, zero or more."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0}), name=name
    )


def partial_date_field(**options: Any) -> "models.CharField[str | None, str | None]":
    """A published date that is not a whole date, kept as published ("2024" or "2024-04"): it never enters a timing."""
    return models.CharField(max_length=7, null=True, blank=True, validators=[partial_date], **options)
