"""Wards with their deprivation figures, and the localities that a council groups them into."""

from django.db import models

from core.models.base import history


class Ward(models.Model):
    """An electoral ward. Deprivation figures: Indices of Deprivation 2025; null is not known."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    authority_code = models.CharField(max_length=12)
    lsoas = models.PositiveIntegerField("small areas (LSOAs)", null=True, blank=True)
    imd_mean_score = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    imd_lowest_decile = models.PositiveSmallIntegerField(null=True, blank=True)
    lsoas_in_most_deprived_fifth = models.PositiveIntegerField(null=True, blank=True)
    children_in_income_deprivation = models.PositiveIntegerField(null=True, blank=True)
    is_illustrative = models.BooleanField(default=False)
    history = history()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(imd_lowest_decile__isnull=True)
                | models.Q(imd_lowest_decile__gte=1, imd_lowest_decile__lte=10),
                name="ward_decile_1_to_10",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Locality(models.Model):
    """A named group of wards, as this council speaks of its places."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120, unique=True)
    note = models.CharField(max_length=300, blank=True)
    wards = models.ManyToManyField(Ward, related_name="localities", blank=True)
    is_illustrative = models.BooleanField(default=False)
    history = history()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "localities"
        constraints = [models.UniqueConstraint(fields=["name", "is_illustrative"], name="locality_name_once")]

    def __str__(self) -> str:
        return self.name
