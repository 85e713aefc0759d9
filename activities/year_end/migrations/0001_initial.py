import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from pars.access import rls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("activities", "0003_complete_means_active"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LearnersOfYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("physicians", models.PositiveIntegerField()),
                ("others", models.PositiveIntegerField()),
                ("said_at", models.DateTimeField()),
                (
                    "activity",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="activities.activity",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "year", "activity"), name="learners_of_year_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Year",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("advertising", models.DecimalField(decimal_places=0, max_digits=12, null=True)),
                ("registration", models.DecimalField(decimal_places=0, max_digits=12, null=True)),
                ("government", models.DecimalField(decimal_places=0, max_digits=12, null=True)),
                ("donations", models.DecimalField(decimal_places=0, max_digits=12, null=True)),
                ("statement", models.DateField(null=True)),
                ("agreed_name", models.CharField(blank=True, max_length=150)),
                ("agreed_at", models.DateTimeField(null=True)),
                ("closed_name", models.CharField(blank=True, max_length=150)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "agreed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "year"), name="year_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at", None),
                            models.Q(
                                ("agreed_at__isnull", False),
                                ("advertising__gte", 0),
                                ("registration__gte", 0),
                                ("government__gte", 0),
                                ("donations__gte", 0),
                            ),
                            _connector="OR",
                        ),
                        name="closed_year_is_complete",
                    ),
                ],
            },
        ),
        rls.isolate(
            "year_end_year",
            see=rls.any_of(rls.OPERATOR, rls.own("year_end_year", "provider")),
            write=rls.own("year_end_year", "provider"),
        ),
        rls.isolate(
            "year_end_learnersofyear",
            see=rls.any_of(rls.OPERATOR, rls.own("year_end_learnersofyear", "provider")),
            write=(
                rls.own("year_end_learnersofyear", "provider")
                + " AND EXISTS (SELECT FROM activities_activity a WHERE a.id = year_end_learnersofyear.activity_id"
                " AND a.organization_id = year_end_learnersofyear.organization_id)"
            ),
            delete=rls.own("year_end_learnersofyear", "provider"),
        ),
    ]
