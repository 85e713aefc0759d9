from django.db import migrations, models

from pars.access import rls


class Migration(migrations.Migration):
    """Where a batch's checked rows wait; the worker's alone."""

    dependencies = [
        ("activities", "0003_complete_means_active"),
    ]

    operations = [
        migrations.CreateModel(
            name="StagedActivity",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "batch_id", "row", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("batch_id", models.UUIDField()),
                ("chunk", models.PositiveIntegerField()),
                ("row", models.PositiveIntegerField()),
                ("action", models.TextField()),
                ("activity_id", models.TextField()),
                ("own_id", models.TextField()),
                ("whole", models.BooleanField()),
                ("said", models.JSONField()),
                ("places", models.JSONField()),
            ],
            options={
                "indexes": [models.Index(fields=["batch_id", "chunk"], name="staged_activity_by_chunk")],
            },
        ),
        rls.allow_only("activities_stagedactivity", "", roles=["pars_web"]),
        # MAINTAIN: whoever fills the table also analyzes it.
        rls.allow_only(
            "activities_stagedactivity", "SELECT, INSERT, UPDATE, DELETE, MAINTAIN", roles=["pars_worker"]
        ),
    ]
