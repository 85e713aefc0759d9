import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
from django.db import migrations, models

from pars.access import rls


PUBLIC = ("activities_creditoffered",)
OWN = ("activities_figures", "activities_support")
WITH_ACTIVITY = ("activities_boardregistration", *PUBLIC, *OWN)


class Migration(migrations.Migration):
    """Room for every field of the record: its public face on the activity, money and counts in tables of their own."""

    dependencies = [
        ("access", "0001_initial"),
        ("activities", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditOffered",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("category", models.CharField(max_length=40)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=6, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Figures",
            fields=[
                (
                    "activity",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="figures",
                        serialize=False,
                        to="activities.activity",
                    ),
                ),
                ("commercial_support", models.BooleanField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("wording", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="Support",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=200)),
                ("amount", models.DecimalField(decimal_places=0, max_digits=12, null=True)),
                ("in_kind", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name="activity",
            name="commendations",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="credits_per_session",
            field=models.DecimalField(decimal_places=2, max_digits=6, null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="fee",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="activity",
            name="interprofessional",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="joint_providers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="mips",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="outcomes",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="activity",
            name="professions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="providership",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddField(
            model_name="activity",
            name="registration",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="activity",
            name="rems_identifier",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="activity",
            name="rems_type",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="activity",
            name="reviewed_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="activity",
            name="specialties",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="state_topics",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="activity",
            name="url",
            field=models.CharField(blank=True, db_default="", default="", max_length=2000),
        ),
        migrations.AddField(
            model_name="boardregistration",
            name="attested",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="boardregistration",
            name="claim_by",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="boardregistration",
            name="content_areas",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="boardregistration",
            name="fee",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="boardregistration",
            name="internal_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddField(
            model_name="boardregistration",
            name="practice_areas",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="boardregistration",
            name="registration",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="boardregistration",
            name="url",
            field=models.CharField(blank=True, db_default="", default="", max_length=2000),
        ),
        migrations.AlterField(
            model_name="boardregistration",
            name="points",
            field=models.DecimalField(decimal_places=2, max_digits=6, null=True),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("credits_per_session", None),
                    models.Q(
                        ("credits_per_session__gt", 0),
                        (
                            "credits_per_session",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.functions.math.Round(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("credits_per_session"), "*", models.Value(4)
                                    )
                                ),
                                "/",
                                models.Value(4),
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="activity_session_credits_in_quarters",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rems_identifier", ""), models.Q(("rems_type", ""), _negated=True), _connector="OR"
                ),
                name="activity_rems_identifier_has_type",
            ),
        ),
        migrations.AddConstraint(
            model_name="boardregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("points", None),
                    models.Q(
                        ("points__gt", 0),
                        (
                            "points",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.functions.math.Round(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("points"), "*", models.Value(4)
                                    )
                                ),
                                "/",
                                models.Value(4),
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="registration_points_in_quarters",
            ),
        ),
        migrations.AddField(
            model_name="creditoffered",
            name="activity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="offered", to="activities.activity"
            ),
        ),
        migrations.AddField(
            model_name="creditoffered",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organization"
            ),
        ),
        migrations.AddField(
            model_name="figures",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organization"
            ),
        ),
        migrations.AddField(
            model_name="support",
            name="activity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="support", to="activities.activity"
            ),
        ),
        migrations.AddField(
            model_name="support",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="creditoffered",
            constraint=models.UniqueConstraint(fields=("activity", "category"), name="offered_once"),
        ),
        migrations.AddConstraint(
            model_name="creditoffered",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount", None),
                    models.Q(
                        ("amount__gt", 0),
                        (
                            "amount",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.functions.math.Round(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("amount"), "*", models.Value(4)
                                    )
                                ),
                                "/",
                                models.Value(4),
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="offered_in_quarters",
            ),
        ),
        migrations.AddConstraint(
            model_name="support",
            constraint=models.UniqueConstraint(fields=("activity", "source"), name="supporter_once"),
        ),
        migrations.AddConstraint(
            model_name="support",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", None), ("amount__gt", 0), _connector="OR"),
                name="support_above_zero",
            ),
        ),
        # A foreign key ignores policies: the organization goes with it, so that nothing hangs on another's activity.
        *(
            migrations.RunSQL(
                f"""
                ALTER TABLE {table} ADD CONSTRAINT {table.partition("_")[2]}_same_organization
                    FOREIGN KEY (activity_id, organization_id) REFERENCES activities_activity (id, organization_id)
                """,
                f"ALTER TABLE {table} DROP CONSTRAINT {table.partition('_')[2]}_same_organization",
            )
            for table in WITH_ACTIVITY
        ),
        *(
            rls.isolate(
                table,
                see=rls.any_of(
                    rls.OPERATOR,
                    rls.own(table, "provider", "matcher"),
                    f"EXISTS (SELECT FROM activities_activity a WHERE a.id = {table}.activity_id)",
                ),
                write=rls.own(table, "provider"),
                delete=rls.own(table, "provider"),
            )
            for table in PUBLIC
        ),
        *(
            rls.isolate(
                table,
                see=rls.any_of(rls.OPERATOR, rls.own(table, "provider")),
                write=rls.own(table, "provider"),
                delete=rls.own(table, "provider"),
            )
            for table in OWN
        ),
    ]
