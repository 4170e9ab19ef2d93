import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("providers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalFundingAward",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("ref", models.SlugField(max_length=80)),
                ("title", models.CharField(max_length=250)),
                ("total_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                (
                    "retained_share",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=5,
                        null=True,
                        verbose_name="share the council keeps for running it",
                    ),
                ),
                ("told_on", models.DateField(blank=True, null=True)),
                ("confirmed_on", models.DateField(blank=True, null=True)),
                ("cash_received_on", models.DateField(blank=True, null=True)),
                ("spend_by", models.DateField(blank=True, null=True)),
                (
                    "spent_means",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("committed", "Committed to grants"),
                            ("paid", "Paid to providers"),
                            ("defrayed", "Spent by providers"),
                        ],
                        max_length=10,
                        null=True,
                    ),
                ),
                ("conditions", models.TextField(blank=True)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("is_illustrative", models.BooleanField(default=False)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "funder",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="providers.organisation",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical funding award",
                "verbose_name_plural": "historical funding awards",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="FundingAward",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("ref", models.SlugField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=250)),
                (
                    "funder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awards_given",
                        to="providers.organisation",
                    ),
                ),
                ("total_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                (
                    "retained_share",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=5,
                        null=True,
                        verbose_name="share the council keeps for running it",
                    ),
                ),
                ("told_on", models.DateField(blank=True, null=True)),
                ("confirmed_on", models.DateField(blank=True, null=True)),
                ("cash_received_on", models.DateField(blank=True, null=True)),
                ("spend_by", models.DateField(blank=True, null=True)),
                (
                    "spent_means",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("committed", "Committed to grants"),
                            ("paid", "Paid to providers"),
                            ("defrayed", "Spent by providers"),
                        ],
                        max_length=10,
                        null=True,
                    ),
                ),
                ("conditions", models.TextField(blank=True)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("is_illustrative", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["ref"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("total_amount__isnull", True), ("total_amount__gte", 0), _connector="OR"
                        ),
                        name="award_total_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("spent_means__isnull", True),
                            ("spent_means__in", ["committed", "paid", "defrayed"]),
                            _connector="OR",
                        ),
                        name="award_spent_means_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("told_on__isnull", True),
                            ("confirmed_on__isnull", True),
                            ("confirmed_on__gte", models.F("told_on")),
                            _connector="OR",
                        ),
                        name="award_told_before_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("retained_share__isnull", True),
                            models.Q(("retained_share__gte", 0), ("retained_share__lte", 1)),
                            _connector="OR",
                        ),
                        name="award_retained_share_0_to_1",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="FundingAwardYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="years",
                        to="grants.fundingaward",
                    ),
                ),
                ("financial_year", models.PositiveSmallIntegerField()),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
            ],
            options={
                "ordering": ["financial_year"],
                "constraints": [
                    models.UniqueConstraint(fields=("award", "financial_year"), name="awardyear_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                        name="awardyear_not_negative",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalFunderClaim",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("sent_on", models.DateField(blank=True, null=True)),
                ("certified_on", models.DateField(blank=True, null=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "award",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.fundingaward",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical funder claim",
                "verbose_name_plural": "historical funder claims",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="FunderClaim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="grants.fundingaward",
                    ),
                ),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("sent_on", models.DateField(blank=True, null=True)),
                ("certified_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["due_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                        name="claim_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sent_on__isnull", True),
                            ("certified_on__isnull", True),
                            ("certified_on__gte", models.F("sent_on")),
                            _connector="OR",
                        ),
                        name="claim_sent_before_certified",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("certified_on__isnull", True), ("sent_on__isnull", False), _connector="OR"
                        ),
                        name="claim_certified_was_sent",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalFund",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("code", models.SlugField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("published_name", models.CharField(blank=True, max_length=200)),
                ("payment_standard_working_days", models.PositiveSmallIntegerField(default=21)),
                ("information_norm_working_days", models.PositiveSmallIntegerField(default=30)),
                ("notice_period_months", models.PositiveSmallIntegerField(default=3)),
                ("return_period_months", models.PositiveSmallIntegerField(default=3)),
                (
                    "second_approver_threshold",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                ("retention_years", models.PositiveSmallIntegerField(default=7)),
                ("planned_announcement_to_decision_days", models.PositiveSmallIntegerField(default=90)),
                ("planned_announcement_to_first_payment_days", models.PositiveSmallIntegerField(default=135)),
                ("planned_proposal_to_decision_days", models.PositiveSmallIntegerField(default=30)),
                ("eligibility", models.TextField(blank=True)),
                ("target_groups", models.TextField(blank=True)),
                ("target_areas", models.TextField(blank=True)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("is_illustrative", models.BooleanField(default=False)),
                ("history_change_reason", models.TextField(null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical fund",
                "verbose_name_plural": "historical funds",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Fund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("code", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("published_name", models.CharField(blank=True, max_length=200)),
                ("payment_standard_working_days", models.PositiveSmallIntegerField(default=21)),
                ("information_norm_working_days", models.PositiveSmallIntegerField(default=30)),
                ("notice_period_months", models.PositiveSmallIntegerField(default=3)),
                ("return_period_months", models.PositiveSmallIntegerField(default=3)),
                (
                    "second_approver_threshold",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                ("retention_years", models.PositiveSmallIntegerField(default=7)),
                ("planned_announcement_to_decision_days", models.PositiveSmallIntegerField(default=90)),
                ("planned_announcement_to_first_payment_days", models.PositiveSmallIntegerField(default=135)),
                ("planned_proposal_to_decision_days", models.PositiveSmallIntegerField(default=30)),
                ("eligibility", models.TextField(blank=True)),
                ("target_groups", models.TextField(blank=True)),
                ("target_areas", models.TextField(blank=True)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("is_illustrative", models.BooleanField(default=False)),
                (
                    "awards",
                    models.ManyToManyField(blank=True, related_name="funds", to="grants.fundingaward"),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("payment_standard_working_days__gte", 1)),
                        name="fund_standard_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("return_period_months__gte", 1)),
                        name="fund_return_period_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "planned_announcement_to_first_payment_days__gte",
                                models.F("planned_announcement_to_decision_days"),
                            )
                        ),
                        name="fund_payment_after_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_approver_threshold__isnull", True),
                            ("second_approver_threshold__gte", 0),
                            _connector="OR",
                        ),
                        name="fund_threshold_not_negative",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outcomes", to="grants.fund"
                    ),
                ),
                ("code", models.SlugField(max_length=60)),
                ("text", models.CharField(max_length=300)),
                ("is_mandatory", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-is_mandatory", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("fund", "code"), name="outcome_once_in_fund")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalRound",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("ref", models.SlugField(max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("announced_on", models.DateField(blank=True, null=True)),
                ("opens_on", models.DateField(blank=True, null=True)),
                ("closes_on", models.DateField(blank=True, db_index=True, null=True)),
                ("decision_due_on", models.DateField(blank=True, null=True)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "fund",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.fund",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical round",
                "verbose_name_plural": "historical rounds",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("ref", models.SlugField(max_length=80, unique=True)),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="grants.fund"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("announced_on", models.DateField(blank=True, null=True)),
                ("opens_on", models.DateField(blank=True, null=True)),
                ("closes_on", models.DateField(blank=True, db_index=True, null=True)),
                ("decision_due_on", models.DateField(blank=True, null=True)),
                ("source", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-announced_on", "ref"],
                "constraints": [
                    models.UniqueConstraint(fields=("fund", "name"), name="round_name_once_in_fund"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("announced_on__isnull", True),
                            ("closes_on__isnull", True),
                            ("closes_on__gte", models.F("announced_on")),
                            _connector="OR",
                        ),
                        name="round_announced_before_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opens_on__isnull", True),
                            ("closes_on__isnull", True),
                            ("closes_on__gte", models.F("opens_on")),
                            _connector="OR",
                        ),
                        name="round_opens_before_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes_on__isnull", True),
                            ("decision_due_on__isnull", True),
                            ("decision_due_on__gte", models.F("closes_on")),
                            _connector="OR",
                        ),
                        name="round_closes_before_decision",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalGrant",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("ref", models.SlugField(max_length=80)),
                ("title", models.CharField(max_length=250)),
                ("summary", models.TextField(blank=True)),
                (
                    "award_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("grant", "Grant"),
                            ("contract", "Contract"),
                            ("internal_transfer", "Internal transfer"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("direct_support", "Direct support"),
                            ("training", "Training"),
                            ("review", "Review"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                ("tracked_from", models.DateField(blank=True, null=True)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approve", "Approve"),
                            ("approve_with_conditions", "Approve with conditions"),
                            ("defer", "Defer"),
                            ("decline", "Decline"),
                        ],
                        max_length=30,
                        null=True,
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True)),
                (
                    "decision_made_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("officer", "Officer"),
                            ("cabinet_member", "Cabinet member"),
                            ("cabinet", "Cabinet"),
                            ("funder_panel", "Funder's panel"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                ("authority_reference", models.CharField(blank=True, max_length=120)),
                ("call_in_ends_on", models.DateField(blank=True, null=True)),
                (
                    "amount_applied_for",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                (
                    "amount_awarded",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                (
                    "amount_disbursed_undated",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                ("planned_start", models.DateField(blank=True, null=True)),
                ("planned_end", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "decided_about",
                    models.CharField(
                        blank=True,
                        max_length=7,
                        null=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{4}(-(0[1-9]|1[0-2]))?$",
                                "Give a year, or a year and month, like 2024 or 2024-04.",
                            )
                        ],
                    ),
                ),
                (
                    "starts_about",
                    models.CharField(
                        blank=True,
                        max_length=7,
                        null=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{4}(-(0[1-9]|1[0-2]))?$",
                                "Give a year, or a year and month, like 2024 or 2024-04.",
                            )
                        ],
                    ),
                ),
                (
                    "ends_about",
                    models.CharField(
                        blank=True,
                        max_length=7,
                        null=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{4}(-(0[1-9]|1[0-2]))?$",
                                "Give a year, or a year and month, like 2024 or 2024-04.",
                            )
                        ],
                    ),
                ),
                ("first_paid_on", models.DateField(blank=True, editable=False, null=True)),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("source_id", models.CharField(blank=True, db_index=True, max_length=200, null=True)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "fund",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.fund",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.round",
                    ),
                ),
                (
                    "funding_award",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.fundingaward",
                    ),
                ),
                (
                    "lead_provider",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="providers.organisation",
                    ),
                ),
                (
                    "commissioner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="providers.organisation",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="providers.organisation",
                    ),
                ),
                (
                    "lead_officer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "finance_owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical grant",
                "verbose_name_plural": "historical grants",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("ref", models.SlugField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=250)),
                ("summary", models.TextField(blank=True)),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="grants.fund"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="grants.round",
                    ),
                ),
                (
                    "funding_award",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="grants.fundingaward",
                    ),
                ),
                (
                    "lead_provider",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants_led",
                        to="providers.organisation",
                    ),
                ),
                (
                    "commissioner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants_commissioned",
                        to="providers.organisation",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants_paid",
                        to="providers.organisation",
                    ),
                ),
                (
                    "award_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("grant", "Grant"),
                            ("contract", "Contract"),
                            ("internal_transfer", "Internal transfer"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("direct_support", "Direct support"),
                            ("training", "Training"),
                            ("review", "Review"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                (
                    "lead_officer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants_led",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "finance_owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants_paid",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("tracked_from", models.DateField(blank=True, null=True)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approve", "Approve"),
                            ("approve_with_conditions", "Approve with conditions"),
                            ("defer", "Defer"),
                            ("decline", "Decline"),
                        ],
                        max_length=30,
                        null=True,
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decision_made_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("officer", "Officer"),
                            ("cabinet_member", "Cabinet member"),
                            ("cabinet", "Cabinet"),
                            ("funder_panel", "Funder's panel"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                ("authority_reference", models.CharField(blank=True, max_length=120)),
                ("call_in_ends_on", models.DateField(blank=True, null=True)),
                (
                    "implementable_on",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Greatest(
                            models.F("decided_on"),
                            django.db.models.functions.comparison.Coalesce(
                                models.F("call_in_ends_on"), models.F("decided_on")
                            ),
                        ),
                        output_field=models.DateField(null=True),
                    ),
                ),
                (
                    "amount_applied_for",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                (
                    "amount_awarded",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                (
                    "amount_disbursed_undated",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                ("planned_start", models.DateField(blank=True, null=True)),
                ("planned_end", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "decided_about",
                    models.CharField(
                        blank=True,
                        max_length=7,
                        null=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{4}(-(0[1-9]|1[0-2]))?$",
                                "Give a year, or a year and month, like 2024 or 2024-04.",
                            )
                        ],
                    ),
                ),
                (
                    "starts_about",
                    models.CharField(
                        blank=True,
                        max_length=7,
                        null=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{4}(-(0[1-9]|1[0-2]))?$",
                                "Give a year, or a year and month, like 2024 or 2024-04.",
                            )
                        ],
                    ),
                ),
                (
                    "ends_about",
                    models.CharField(
                        blank=True,
                        max_length=7,
                        null=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{4}(-(0[1-9]|1[0-2]))?$",
                                "Give a year, or a year and month, like 2024 or 2024-04.",
                            )
                        ],
                    ),
                ),
                ("first_paid_on", models.DateField(blank=True, editable=False, null=True)),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("source_id", models.CharField(blank=True, max_length=200, null=True, unique=True)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("localities", models.ManyToManyField(blank=True, related_name="grants", to="core.locality")),
            ],
            options={
                "ordering": ["ref"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            ("tracked_from__isnull", False),
                            ("withdrawn_on__isnull", True),
                            ("first_paid_on__isnull", True),
                        ),
                        fields=["implementable_on", "id"],
                        name="grant_awaiting",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            ("tracked_from__isnull", False),
                            ("withdrawn_on__isnull", True),
                        ),
                        fields=["ends_on", "id"],
                        name="grant_support_ending",
                    ),
                    models.Index(fields=["title", "id"], name="grant_title"),
                    models.Index(fields=["ends_on", "id"], name="grant_ends"),
                    models.Index(fields=["first_paid_on", "id"], name="grant_first_paid"),
                    models.Index(fields=["decided_on", "id"], name="grant_decided"),
                    models.Index(fields=["amount_awarded", "id"], name="grant_amount"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_by__isnull", True),
                                ("decided_on__isnull", True),
                                ("decision__isnull", True),
                            ),
                            models.Q(
                                ("decided_by__isnull", False),
                                ("decided_on__isnull", False),
                                ("decision__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="grant_decision_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decision__isnull", False),
                            models.Q(
                                ("authority_reference", ""),
                                ("call_in_ends_on__isnull", True),
                                ("decision_made_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="grant_authority_needs_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_paid_on__isnull", True),
                            ("decision__in", ("approve", "approve_with_conditions")),
                            _connector="OR",
                        ),
                        name="grant_paid_was_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_paid_on__isnull", True), ("tracked_from__isnull", False), _connector="OR"
                        ),
                        name="grant_paid_is_tracked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_about__isnull", True), ("decided_on__isnull", True), _connector="OR"
                        ),
                        name="grant_decided_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_about__isnull", True), ("planned_start__isnull", True), _connector="OR"
                        ),
                        name="grant_start_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_about__isnull", True), ("ends_on__isnull", True), _connector="OR"
                        ),
                        name="grant_end_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_start__isnull", True),
                            ("planned_end__isnull", True),
                            ("planned_end__gte", models.F("planned_start")),
                            _connector="OR",
                        ),
                        name="grant_planned_start_before_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_start__isnull", True),
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("planned_start")),
                            _connector="OR",
                        ),
                        name="grant_start_before_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_awarded__isnull", True), ("amount_awarded__gte", 0), _connector="OR"
                        ),
                        name="grant_awarded_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_applied_for__isnull", True),
                            ("amount_applied_for__gte", 0),
                            _connector="OR",
                        ),
                        name="grant_applied_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_disbursed_undated__isnull", True),
                            ("amount_disbursed_undated__gte", 0),
                            _connector="OR",
                        ),
                        name="grant_disbursed_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("award_type__isnull", True),
                            ("award_type__in", ["grant", "contract", "internal_transfer"]),
                            _connector="OR",
                        ),
                        name="grant_award_type_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("purpose__isnull", True),
                            ("purpose__in", ["direct_support", "training", "review", "other"]),
                            _connector="OR",
                        ),
                        name="grant_purpose_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decision__isnull", True),
                            ("decision__in", ["approve", "approve_with_conditions", "defer", "decline"]),
                            _connector="OR",
                        ),
                        name="grant_decision_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decision_made_by__isnull", True),
                            (
                                "decision_made_by__in",
                                ["officer", "cabinet_member", "cabinet", "funder_panel"],
                            ),
                            _connector="OR",
                        ),
                        name="grant_made_by_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GrantPartner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="partnerships",
                        to="grants.grant",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partnerships",
                        to="providers.organisation",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("partner", "Partner"), ("school", "School")],
                        default="partner",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["role", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("grant", "organisation"), name="partner_once_in_grant")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAgreement",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("issued_on", models.DateField(blank=True, null=True)),
                (
                    "signed_on",
                    models.DateField(blank=True, null=True, verbose_name="signed by the provider on"),
                ),
                ("countersigned_on", models.DateField(blank=True, null=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.grant",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical agreement",
                "verbose_name_plural": "historical agreements",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "grant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreement",
                        to="grants.grant",
                    ),
                ),
                ("issued_on", models.DateField(blank=True, null=True)),
                (
                    "signed_on",
                    models.DateField(blank=True, null=True, verbose_name="signed by the provider on"),
                ),
                ("countersigned_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_on__isnull", True),
                            ("signed_on__isnull", True),
                            ("signed_on__gte", models.F("issued_on")),
                            _connector="OR",
                        ),
                        name="agreement_issued_before_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_on__isnull", True),
                            ("countersigned_on__isnull", True),
                            ("countersigned_on__gte", models.F("signed_on")),
                            _connector="OR",
                        ),
                        name="agreement_signed_before_countersigned",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("countersigned_on__isnull", True), ("signed_on__isnull", False), _connector="OR"
                        ),
                        name="agreement_countersigned_was_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_on__isnull", True), ("issued_on__isnull", False), _connector="OR"
                        ),
                        name="agreement_signed_was_issued",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCheck",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("constitution", "Constitution"),
                            ("safeguarding", "Safeguarding policy"),
                            ("dbs", "DBS assurance"),
                            ("insurance", "Insurance"),
                            ("accounts", "Accounts"),
                            ("bank_details", "Bank details"),
                            ("subsidy_control", "Subsidy control"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "needed_before",
                    models.CharField(
                        choices=[("agreement", "the agreement"), ("payment", "payment")],
                        default="payment",
                        max_length=10,
                    ),
                ),
                ("requested_on", models.DateField(blank=True, null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("passed", "Seen and in order"), ("failed", "Seen and not in order")],
                        max_length=10,
                        null=True,
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True)),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.grant",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical check",
                "verbose_name_plural": "historical checks",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="grants.grant"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("constitution", "Constitution"),
                            ("safeguarding", "Safeguarding policy"),
                            ("dbs", "DBS assurance"),
                            ("insurance", "Insurance"),
                            ("accounts", "Accounts"),
                            ("bank_details", "Bank details"),
                            ("subsidy_control", "Subsidy control"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "needed_before",
                    models.CharField(
                        choices=[("agreement", "the agreement"), ("payment", "payment")],
                        default="payment",
                        max_length=10,
                    ),
                ),
                ("requested_on", models.DateField(blank=True, null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("passed", "Seen and in order"), ("failed", "Seen and not in order")],
                        max_length=10,
                        null=True,
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes_told",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("expires_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "check",
                "ordering": ["kind"],
                "constraints": [
                    models.UniqueConstraint(fields=("grant", "kind"), name="check_once_in_grant"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("checked_by__isnull", True),
                                ("checked_on__isnull", True),
                                ("result__isnull", True),
                            ),
                            models.Q(
                                ("checked_by__isnull", False),
                                ("checked_on__isnull", False),
                                ("result__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="check_result_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("changed_by__isnull", True),
                            ("checked_by__isnull", True),
                            models.Q(("checked_by", models.F("changed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="check_bank_by_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "constitution",
                                    "safeguarding",
                                    "dbs",
                                    "insurance",
                                    "accounts",
                                    "bank_details",
                                    "subsidy_control",
                                ],
                            )
                        ),
                        name="check_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("needed_before__in", ["agreement", "payment"])),
                        name="check_needed_before_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result__isnull", True), ("result__in", ["passed", "failed"]), _connector="OR"
                        ),
                        name="check_result_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_on__isnull", True),
                            ("expires_on__isnull", True),
                            ("expires_on__gte", models.F("checked_on")),
                            _connector="OR",
                        ),
                        name="check_expires_after_checked",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalVariation",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("proposed_on", models.DateField()),
                ("decided_on", models.DateField()),
                ("reason", models.TextField()),
                ("old_ends_on", models.DateField(blank=True, null=True)),
                ("new_ends_on", models.DateField(blank=True, null=True)),
                ("old_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("new_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("scope", models.TextField(blank=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.grant",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical variation",
                "verbose_name_plural": "historical variations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Variation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="variations",
                        to="grants.grant",
                    ),
                ),
                ("proposed_on", models.DateField()),
                ("decided_on", models.DateField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="variations_decided",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.TextField()),
                ("old_ends_on", models.DateField(blank=True, null=True)),
                ("new_ends_on", models.DateField(blank=True, null=True)),
                ("old_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("new_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("scope", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-decided_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proposed_on__isnull", True),
                            ("decided_on__isnull", True),
                            ("decided_on__gte", models.F("proposed_on")),
                            _connector="OR",
                        ),
                        name="variation_proposed_before_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("new_amount__isnull", True), ("new_amount__gte", 0), _connector="OR"
                        ),
                        name="variation_amount_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("new_ends_on__isnull", False),
                            ("new_amount__isnull", False),
                            models.Q(("scope", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="variation_changes_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="variation_has_reason"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSustainabilityPlan",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("summary", models.TextField(blank=True)),
                ("recorded_on", models.DateField()),
                ("reviewed_on", models.DateField(blank=True, null=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.grant",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical sustainability plan",
                "verbose_name_plural": "historical sustainability plans",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="SustainabilityPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "grant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plan", to="grants.grant"
                    ),
                ),
                ("summary", models.TextField(blank=True)),
                ("recorded_on", models.DateField()),
                ("reviewed_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recorded_on__isnull", True),
                            ("reviewed_on__isnull", True),
                            ("reviewed_on__gte", models.F("recorded_on")),
                            _connector="OR",
                        ),
                        name="plan_reviewed_after_recorded",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCover",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("finishes", "Support finishes as planned"),
                            ("confirmed_funding", "Continues under other funding"),
                            ("named_service", "Accepted by a named service"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="how many of the caseload")),
                (
                    "source",
                    models.CharField(blank=True, max_length=200, verbose_name="funding source or service"),
                ),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("hoped", "Hoped for"),
                            ("applied", "Applied for"),
                            ("confirmed", "Confirmed"),
                        ],
                        default="hoped",
                        max_length=10,
                    ),
                ),
                ("confirmed_on", models.DateField(blank=True, null=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.sustainabilityplan",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical cover",
                "verbose_name_plural": "historical covers",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Cover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="covers",
                        to="grants.sustainabilityplan",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("finishes", "Support finishes as planned"),
                            ("confirmed_funding", "Continues under other funding"),
                            ("named_service", "Accepted by a named service"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="how many of the caseload")),
                (
                    "source",
                    models.CharField(blank=True, max_length=200, verbose_name="funding source or service"),
                ),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("hoped", "Hoped for"),
                            ("applied", "Applied for"),
                            ("confirmed", "Confirmed"),
                        ],
                        default="hoped",
                        max_length=10,
                    ),
                ),
                ("confirmed_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["finishes", "confirmed_funding", "named_service"])),
                        name="cover_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certainty__in", ["hoped", "applied", "confirmed"])),
                        name="cover_certainty_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("certainty", "confirmed"), ("confirmed_on__isnull", False)),
                            models.Q(
                                models.Q(("certainty", "confirmed"), _negated=True),
                                ("confirmed_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="cover_confirmed_has_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "finishes"), models.Q(("source", ""), _negated=True), _connector="OR"
                        ),
                        name="cover_names_its_source",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalNotice",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "told",
                    models.CharField(
                        choices=[
                            ("provider", "Provider (written notice)"),
                            ("families", "Families"),
                            ("partners", "Partners and schools"),
                        ],
                        max_length=10,
                    ),
                ),
                ("told_on", models.DateField()),
                ("note", models.CharField(blank=True, max_length=300)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.grant",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical notice",
                "verbose_name_plural": "historical notices",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="grants.grant"
                    ),
                ),
                (
                    "told",
                    models.CharField(
                        choices=[
                            ("provider", "Provider (written notice)"),
                            ("families", "Families"),
                            ("partners", "Partners and schools"),
                        ],
                        max_length=10,
                    ),
                ),
                ("told_on", models.DateField()),
                ("note", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["told_on", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("grant", "told", "told_on"), name="notice_once"),
                    models.CheckConstraint(
                        condition=models.Q(("told__in", ["provider", "families", "partners"])),
                        name="notice_told_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalInstalment",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("period_from", models.DateField(blank=True, null=True)),
                ("period_to", models.DateField(blank=True, null=True)),
                ("condition", models.CharField(blank=True, max_length=300)),
                ("condition_met_on", models.DateField(blank=True, null=True)),
                ("condition_waits_on", models.CharField(blank=True, max_length=100)),
                (
                    "basis",
                    models.CharField(
                        choices=[("in_advance", "In advance"), ("on_claim", "On claim")],
                        default="in_advance",
                        max_length=12,
                    ),
                ),
                ("claim_valid_on", models.DateField(blank=True, null=True)),
                ("purchase_order", models.CharField(blank=True, max_length=40)),
                ("cost_code", models.CharField(blank=True, max_length=40)),
                ("authorised_on", models.DateField(blank=True, null=True)),
                ("paid_on", models.DateField(blank=True, editable=False, null=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.grant",
                    ),
                ),
                (
                    "authorised_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical instalment",
                "verbose_name_plural": "historical instalments",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instalments",
                        to="grants.grant",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("period_from", models.DateField(blank=True, null=True)),
                ("period_to", models.DateField(blank=True, null=True)),
                ("condition", models.CharField(blank=True, max_length=300)),
                ("condition_met_on", models.DateField(blank=True, null=True)),
                ("condition_waits_on", models.CharField(blank=True, max_length=100)),
                (
                    "basis",
                    models.CharField(
                        choices=[("in_advance", "In advance"), ("on_claim", "On claim")],
                        default="in_advance",
                        max_length=12,
                    ),
                ),
                ("claim_valid_on", models.DateField(blank=True, null=True)),
                ("purchase_order", models.CharField(blank=True, max_length=40)),
                ("cost_code", models.CharField(blank=True, max_length=40)),
                (
                    "authorised_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorisations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("authorised_on", models.DateField(blank=True, null=True)),
                ("paid_on", models.DateField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ["grant", "number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("paid_on__isnull", True)),
                        fields=["due_on", "id"],
                        name="instalment_unpaid",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("grant", "number"), name="instalment_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="instalment_numbered_from_1"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                        name="instalment_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paid_on__isnull", True), ("amount__isnull", False), _connector="OR"
                        ),
                        name="instalment_paid_has_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("authorised_by__isnull", True), ("authorised_on__isnull", True)),
                            models.Q(("authorised_by__isnull", False), ("authorised_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="instalment_authorised_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("condition_met_on__isnull", True),
                            models.Q(("condition", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="instalment_met_needs_condition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis__in", ["in_advance", "on_claim"])),
                        name="instalment_basis_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period_from__isnull", True),
                            ("period_to__isnull", True),
                            ("period_to__gte", models.F("period_from")),
                            _connector="OR",
                        ),
                        name="instalment_period_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="grants.grant",
                    ),
                ),
                (
                    "instalment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="grants.instalment",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("payment", "Payment"), ("reversal", "Reversal"), ("recovery", "Recovery")],
                        default="payment",
                        max_length=10,
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        choices=[("bacs", "BACS"), ("journal", "Journal"), ("other", "Other")],
                        default="bacs",
                        max_length=10,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("paid_on", models.DateField()),
                (
                    "payee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments_received",
                        to="providers.organisation",
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversals",
                        to="grants.payment",
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=80)),
                ("reason", models.TextField(blank=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments_recorded",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("receipt_confirmed_on", models.DateField(blank=True, null=True)),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
            ],
            options={
                "ordering": ["paid_on", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="payment_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["payment", "reversal", "recovery"])),
                        name="payment_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("route__in", ["bacs", "journal", "other"])),
                        name="payment_route_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "reversal"), ("reverses__isnull", False)),
                            models.Q(
                                models.Q(("kind", "reversal"), _negated=True), ("reverses__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="payment_reversal_names_payment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "payment"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="payment_back_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paid_on__isnull", True),
                            ("receipt_confirmed_on__isnull", True),
                            ("receipt_confirmed_on__gte", models.F("paid_on")),
                            _connector="OR",
                        ),
                        name="payment_receipt_after_paid",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalPayment",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("payment", "Payment"), ("reversal", "Reversal"), ("recovery", "Recovery")],
                        default="payment",
                        max_length=10,
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        choices=[("bacs", "BACS"), ("journal", "Journal"), ("other", "Other")],
                        default="bacs",
                        max_length=10,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("paid_on", models.DateField()),
                ("reference", models.CharField(blank=True, max_length=80)),
                ("reason", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
                ("receipt_confirmed_on", models.DateField(blank=True, null=True)),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.grant",
                    ),
                ),
                (
                    "instalment",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.instalment",
                    ),
                ),
                (
                    "payee",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="providers.organisation",
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.payment",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical payment",
                "verbose_name_plural": "historical payments",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalOnwardPayment",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("paid_on", models.DateField()),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.grant",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="providers.organisation",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical onward payment",
                "verbose_name_plural": "historical onward payments",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="OnwardPayment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="onward_payments",
                        to="grants.grant",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="onward_payments_received",
                        to="providers.organisation",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("paid_on", models.DateField()),
            ],
            options={
                "ordering": ["paid_on", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="onward_positive")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalClockStop",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "waiting_on",
                    models.CharField(choices=[("provider", "Provider"), ("funder", "Funder")], max_length=10),
                ),
                ("reason", models.CharField(max_length=300)),
                ("started_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.grant",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical clock stop",
                "verbose_name_plural": "historical clock stops",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ClockStop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clock_stops",
                        to="grants.grant",
                    ),
                ),
                (
                    "waiting_on",
                    models.CharField(choices=[("provider", "Provider"), ("funder", "Funder")], max_length=10),
                ),
                ("reason", models.CharField(max_length=300)),
                ("started_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["started_on", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=["started_on", "id"],
                        name="stop_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("waiting_on__in", ["provider", "funder"])),
                        name="stop_waiting_on_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="stop_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True),
                            ("ended_on__gte", models.F("started_on")),
                            _connector="OR",
                        ),
                        name="stop_end_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("slow_first_payment", "First payment slow"),
                            ("late_instalment", "Later instalment late"),
                            ("stop_to_chase", "Clock stop to chase"),
                            ("short_notice_round", "Round at short notice"),
                            ("money_may_go_back", "Money that may go back"),
                            ("cliff_edge", "Ending without cover"),
                            ("cluster", "Endings that meet"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("watch", "Watch"),
                            ("high", "High"),
                            ("late", "Late"),
                            ("critical", "Critical"),
                            ("fallen", "Ended: support not confirmed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField()),
                ("facts", models.JSONField(default=dict)),
                ("figures", models.TextField(blank=True)),
                ("opened_on", models.DateField()),
                ("level_since", models.DateField()),
                ("cleared_on", models.DateField(blank=True, null=True)),
                ("is_illustrative", models.BooleanField(default=False)),
                (
                    "grant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="grants.grant",
                    ),
                ),
                (
                    "instalment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="grants.instalment",
                    ),
                ),
                (
                    "clock_stop",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="grants.clockstop",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="grants.round",
                    ),
                ),
                (
                    "funding_award",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="grants.fundingaward",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="providers.organisation",
                    ),
                ),
                (
                    "locality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="core.locality",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags_owned",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("act_by", models.DateField(blank=True, null=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags_acknowledged",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("acknowledged_on", models.DateField(blank=True, null=True)),
                (
                    "snoozed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags_snoozed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("snoozed_on", models.DateField(blank=True, null=True)),
                ("snoozed_rank", models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-rank", "opened_on", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("cleared_on__isnull", True)),
                        fields=["-rank", "opened_on", "id"],
                        name="flag_standing",
                    ),
                    models.Index(
                        condition=models.Q(("cleared_on__isnull", True)),
                        fields=["owner", "-rank"],
                        name="flag_standing_owner",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("clock_stop__isnull", True),
                                ("funding_award__isnull", True),
                                ("grant__isnull", False),
                                ("instalment__isnull", True),
                                ("locality__isnull", True),
                                ("organisation__isnull", True),
                                ("round__isnull", True),
                            ),
                            models.Q(
                                ("clock_stop__isnull", True),
                                ("funding_award__isnull", True),
                                ("grant__isnull", True),
                                ("instalment__isnull", False),
                                ("locality__isnull", True),
                                ("organisation__isnull", True),
                                ("round__isnull", True),
                            ),
                            models.Q(
                                ("clock_stop__isnull", False),
                                ("funding_award__isnull", True),
                                ("grant__isnull", True),
                                ("instalment__isnull", True),
                                ("locality__isnull", True),
                                ("organisation__isnull", True),
                                ("round__isnull", True),
                            ),
                            models.Q(
                                ("clock_stop__isnull", True),
                                ("funding_award__isnull", True),
                                ("grant__isnull", True),
                                ("instalment__isnull", True),
                                ("locality__isnull", True),
                                ("organisation__isnull", True),
                                ("round__isnull", False),
                            ),
                            models.Q(
                                ("clock_stop__isnull", True),
                                ("funding_award__isnull", False),
                                ("grant__isnull", True),
                                ("instalment__isnull", True),
                                ("locality__isnull", True),
                                ("organisation__isnull", True),
                                ("round__isnull", True),
                            ),
                            models.Q(
                                ("clock_stop__isnull", True),
                                ("funding_award__isnull", True),
                                ("grant__isnull", True),
                                ("instalment__isnull", True),
                                ("locality__isnull", True),
                                ("organisation__isnull", False),
                                ("round__isnull", True),
                            ),
                            models.Q(
                                ("clock_stop__isnull", True),
                                ("funding_award__isnull", True),
                                ("grant__isnull", True),
                                ("instalment__isnull", True),
                                ("locality__isnull", False),
                                ("organisation__isnull", True),
                                ("round__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="flag_exactly_one_subject",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_on__isnull", True), ("grant__isnull", False)),
                        fields=("grant", "rule"),
                        name="flag_one_open_per_grant",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_on__isnull", True), ("instalment__isnull", False)),
                        fields=("instalment", "rule"),
                        name="flag_one_open_per_instalment",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_on__isnull", True), ("clock_stop__isnull", False)),
                        fields=("clock_stop", "rule"),
                        name="flag_one_open_per_clock_stop",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_on__isnull", True), ("round__isnull", False)),
                        fields=("round", "rule"),
                        name="flag_one_open_per_round",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_on__isnull", True), ("funding_award__isnull", False)),
                        fields=("funding_award", "rule"),
                        name="flag_one_open_per_funding_award",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_on__isnull", True), ("organisation__isnull", False)),
                        fields=("organisation", "rule"),
                        name="flag_one_open_per_organisation",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_on__isnull", True), ("locality__isnull", False)),
                        fields=("locality", "rule"),
                        name="flag_one_open_per_locality",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rule__in",
                                [
                                    "slow_first_payment",
                                    "late_instalment",
                                    "stop_to_chase",
                                    "short_notice_round",
                                    "money_may_go_back",
                                    "cliff_edge",
                                    "cluster",
                                ],
                            )
                        ),
                        name="flag_rule_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["watch", "high", "late", "critical", "fallen"])),
                        name="flag_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cleared_on__isnull", True),
                            ("cleared_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="flag_cleared_after_opened",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_by__isnull", True), ("acknowledged_on__isnull", True)),
                            models.Q(("acknowledged_by__isnull", False), ("acknowledged_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="flag_acknowledged_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("snoozed_by__isnull", True),
                                ("snoozed_on__isnull", True),
                                ("snoozed_rank__isnull", True),
                            ),
                            models.Q(
                                ("snoozed_by__isnull", False),
                                ("snoozed_on__isnull", False),
                                ("snoozed_rank__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="flag_snoozed_paired",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FlagEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "flag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="grants.flag"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "Raised"),
                            ("level", "Level changed"),
                            ("figures", "Figures changed"),
                            ("cleared", "Cleared"),
                            ("acknowledged", "Acknowledged"),
                            ("reassigned", "Given to somebody"),
                            ("dated", "Date set"),
                            ("noted", "Note"),
                            ("snoozed", "Snoozed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flag_events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("watch", "Watch"),
                            ("high", "High"),
                            ("late", "Late"),
                            ("critical", "Critical"),
                            ("fallen", "Ended: support not confirmed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "opened",
                                    "level",
                                    "figures",
                                    "cleared",
                                    "acknowledged",
                                    "reassigned",
                                    "dated",
                                    "noted",
                                    "snoozed",
                                ],
                            )
                        ),
                        name="flagevent_kind_known",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="FlagPass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("group", models.CharField(max_length=20, unique=True)),
                ("on", models.DateField()),
            ],
            options={
                "verbose_name_plural": "flag passes",
                "ordering": ["group"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalOutcomeReturn",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("request_key", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("period_from", models.DateField(blank=True, null=True)),
                ("period_to", models.DateField()),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "Due"),
                            ("submitted", "Submitted"),
                            ("sent_back", "Sent back"),
                            ("accepted", "Accepted"),
                        ],
                        default="due",
                        max_length=10,
                    ),
                ),
                ("submitted_on", models.DateField(blank=True, null=True)),
                ("caseload", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "caseload_unit",
                    models.CharField(
                        blank=True,
                        choices=[("families", "Families"), ("children", "Children and young people")],
                        max_length=10,
                        null=True,
                    ),
                ),
                (
                    "spent_to_date",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                (
                    "forecast_underspend",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="grants.grant",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical outcome return",
                "verbose_name_plural": "historical outcome returns",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="OutcomeReturn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="grants.grant"
                    ),
                ),
                ("period_from", models.DateField(blank=True, null=True)),
                ("period_to", models.DateField()),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "Due"),
                            ("submitted", "Submitted"),
                            ("sent_back", "Sent back"),
                            ("accepted", "Accepted"),
                        ],
                        default="due",
                        max_length=10,
                    ),
                ),
                ("submitted_on", models.DateField(blank=True, null=True)),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns_submitted",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("caseload", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "caseload_unit",
                    models.CharField(
                        blank=True,
                        choices=[("families", "Families"), ("children", "Children and young people")],
                        max_length=10,
                        null=True,
                    ),
                ),
                (
                    "spent_to_date",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                (
                    "forecast_underspend",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
            ],
            options={
                "ordering": ["-period_to", "-id"],
                "indexes": [models.Index(fields=["grant", "-period_to"], name="return_latest")],
                "constraints": [
                    models.UniqueConstraint(fields=("grant", "period_to"), name="return_once_per_period"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period_from__isnull", True),
                            ("period_to__isnull", True),
                            ("period_to__gte", models.F("period_from")),
                            _connector="OR",
                        ),
                        name="return_period_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("caseload__isnull", True), ("caseload_unit__isnull", True)),
                            models.Q(("caseload__isnull", False), ("caseload_unit__isnull", False)),
                            _connector="OR",
                        ),
                        name="return_caseload_has_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("submitted_by__isnull", True), ("submitted_on__isnull", True)),
                            models.Q(("submitted_by__isnull", False), ("submitted_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="return_submitted_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "due"), ("submitted_on__isnull", True)),
                            models.Q(
                                ("state__in", ["submitted", "sent_back", "accepted"]),
                                ("submitted_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="return_state_matches_submission",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("caseload_unit__isnull", True),
                            ("caseload_unit__in", ["families", "children"]),
                            _connector="OR",
                        ),
                        name="return_unit_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("spent_to_date__isnull", True), ("spent_to_date__gte", 0), _connector="OR"
                        ),
                        name="return_spent_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("forecast_underspend__isnull", True),
                            ("forecast_underspend__gte", 0),
                            _connector="OR",
                        ),
                        name="return_underspend_not_negative",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="grant",
            name="partners",
            field=models.ManyToManyField(
                related_name="grants_partnered", through="grants.GrantPartner", to="providers.organisation"
            ),
        ),
    ]
