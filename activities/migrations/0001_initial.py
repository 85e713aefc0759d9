import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
from django.db import migrations, models

from pars.access import rls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Activity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("activity_id", models.CharField(max_length=9, unique=True)),
                ("provider_activity_id", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(max_length=250)),
                ("description", models.TextField(blank=True, max_length=2500)),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("Live Course", "Live Course"),
                            ("Regularly Scheduled Series", "Regularly Scheduled Series"),
                            ("Enduring Material", "Enduring Material"),
                            ("Journal-Based CME", "Journal-Based CME"),
                            ("Manuscript Review", "Manuscript Review"),
                            ("Test-Item Writing", "Test-Item Writing"),
                            ("Committee Learning", "Committee Learning"),
                            ("Performance/Quality Improvement", "Performance/Quality Improvement"),
                            ("Internet Searching and Learning", "Internet Searching and Learning"),
                            ("Learning from Teaching", "Learning from Teaching"),
                            ("Other/Blended Learning", "Other/Blended Learning"),
                        ],
                        max_length=40,
                    ),
                ),
                (
                    "delivery",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("In-Person", "In-Person"),
                                ("Live-Streamed", "Live-Streamed"),
                                ("Online", "Online"),
                                ("Print/Other", "Print/Other"),
                            ],
                            max_length=20,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("start_on", models.DateField()),
                ("end_on", models.DateField()),
                ("city", models.CharField(blank=True, max_length=100)),
                ("state", models.TextField(blank=True)),
                ("country", models.CharField(blank=True, max_length=3)),
                ("credits", models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ("listed", models.BooleanField(default=False)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "repeats",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Q(
                            (
                                "format__in",
                                [
                                    "Committee Learning",
                                    "Internet Searching and Learning",
                                    "Learning from Teaching",
                                    "Manuscript Review",
                                    "Regularly Scheduled Series",
                                    "Test-Item Writing",
                                ],
                            )
                        ),
                        output_field=models.BooleanField(),
                    ),
                ),
                (
                    "self_paced",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Q(
                            (
                                "format__in",
                                [
                                    "Enduring Material",
                                    "Internet Searching and Learning",
                                    "Journal-Based CME",
                                    "Learning from Teaching",
                                    "Manuscript Review",
                                    "Test-Item Writing",
                                ],
                            )
                        ),
                        output_field=models.BooleanField(),
                    ),
                ),
                (
                    "is_complete",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Q(
                            models.Q(("delivery", []), _negated=True),
                            ("credits__isnull", False),
                            models.Q(
                                models.Q(("delivery__contains", ["In-Person"]), _negated=True),
                                models.Q(
                                    models.Q(("city", ""), _negated=True),
                                    models.Q(("country", ""), _negated=True),
                                    models.Q(
                                        models.Q(("country", "USA"), _negated=True),
                                        models.Q(("state", ""), _negated=True),
                                        _connector="OR",
                                    ),
                                ),
                                _connector="OR",
                            ),
                        ),
                        output_field=models.BooleanField(),
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "activities",
            },
        ),
        migrations.CreateModel(
            name="BoardRegistration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("board", models.CharField(max_length=8)),
                ("points", models.DecimalField(decimal_places=2, max_digits=6)),
                (
                    "credit_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="registrations",
                        to="activities.activity",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["organization", "-start_on"], name="activity_list"),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("activity_id__regex", "^[0-9]{9}$")), name="activity_id_has_nine_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("end_on__gte", models.F("start_on"))),
                name="activity_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("credits", None),
                    models.Q(
                        ("credits__gt", 0),
                        (
                            "credits",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.functions.math.Round(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("credits"), "*", models.Value(4)
                                    )
                                ),
                                "/",
                                models.Value(4),
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="activity_credits_in_quarters",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("provider_activity_id", ""), _negated=True),
                fields=("organization", "provider_activity_id"),
                name="provider_activity_id_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(
                fields=("id", "organization"), name="activity_of_organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="boardregistration",
            constraint=models.UniqueConstraint(fields=("activity", "board"), name="registered_once"),
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE activities_activity_number START 300000001",
            "DROP SEQUENCE activities_activity_number",
        ),
        rls.isolate(
            "activities_activity",
            see=rls.any_of(
                rls.OPERATOR,
                rls.own("activities_activity", "provider", "matcher"),
                f"(activities_activity.is_complete AND (activities_activity.listed OR {rls.kind_is('board', 'physician')}))",
            ),
            write=rls.own("activities_activity", "provider"),
            delete=rls.own("activities_activity", "provider"),
        ),
        rls.isolate(
            "activities_boardregistration",
            see=rls.any_of(
                rls.OPERATOR,
                rls.own("activities_boardregistration", "provider", "matcher"),
                "EXISTS (SELECT FROM activities_activity a WHERE a.id = activities_boardregistration.activity_id)",
            ),
            write=rls.own("activities_boardregistration", "provider"),
            delete=rls.own("activities_boardregistration", "provider"),
        ),
    ]
