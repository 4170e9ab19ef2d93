import uuid

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("date", models.DateField(primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("is_working", models.BooleanField()),
            ],
            options={
                "ordering": ["date"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 0)), name="calendarday_number_not_negative"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ClosureDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(unique=True)),
                ("reason", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["date"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="CalendarEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="calendaredition_only_one")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Ward",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("authority_code", models.CharField(max_length=12)),
                (
                    "lsoas",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="small areas (LSOAs)"),
                ),
                (
                    "imd_mean_score",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True),
                ),
                ("imd_lowest_decile", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("lsoas_in_most_deprived_fifth", models.PositiveIntegerField(blank=True, null=True)),
                ("children_in_income_deprivation", models.PositiveIntegerField(blank=True, null=True)),
                ("is_illustrative", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("imd_lowest_decile__isnull", True),
                            models.Q(("imd_lowest_decile__gte", 1), ("imd_lowest_decile__lte", 10)),
                            _connector="OR",
                        ),
                        name="ward_decile_1_to_10",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Locality",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("slug", models.SlugField(max_length=120, unique=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("is_illustrative", models.BooleanField(default=False)),
                ("wards", models.ManyToManyField(blank=True, related_name="localities", to="core.ward")),
            ],
            options={
                "verbose_name_plural": "localities",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("name", "is_illustrative"), name="locality_name_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=150)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("commissioner", "Commissioner"),
                            ("finance", "Finance"),
                            ("scrutiny", "Scrutiny"),
                            ("administrator", "Administrator"),
                            ("provider", "Provider"),
                            ("system", "System"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "seen_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="has looked at everything until"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="user_email_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "commissioner",
                                    "finance",
                                    "scrutiny",
                                    "administrator",
                                    "provider",
                                    "system",
                                ],
                            )
                        ),
                        name="user_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "system"), _negated=True), ("is_active", False), _connector="OR"
                        ),
                        name="user_system_never_signs_in",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
