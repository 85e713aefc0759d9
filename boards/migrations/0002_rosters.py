from django.db import migrations, models

from pars.access import rls


class Migration(migrations.Migration):
    dependencies = [
        ("boards", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="StagedLicense",
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
                ("number", models.TextField()),
                ("number_key", models.TextField()),
                ("degree", models.TextField()),
                ("first_name", models.TextField()),
                ("middle_name", models.TextField()),
                ("last_name", models.TextField()),
                ("suffix", models.TextField()),
                ("first_key", models.TextField()),
                ("last_key", models.TextField()),
                ("birthday", models.BinaryField(null=True)),
                ("npi", models.TextField(null=True)),
                ("status", models.TextField(null=True)),
                ("issued_on", models.DateField(null=True)),
                ("expires_on", models.DateField(null=True)),
                ("corrects", models.BooleanField()),
            ],
            options={
                "indexes": [models.Index(fields=["batch_id", "chunk"], name="staged_license_by_chunk")],
            },
        ),
        rls.allow_only("boards_stagedlicense", "", roles=["pars_web"]),
        # MAINTAIN: whoever fills the table also analyzes it; without statistics a chunk compares all with all.
        rls.allow_only(
            "boards_stagedlicense", "SELECT, INSERT, UPDATE, DELETE, MAINTAIN", roles=["pars_worker"]
        ),
    ]
