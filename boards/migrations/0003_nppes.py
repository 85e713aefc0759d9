import django.db.models.deletion
from django.db import migrations, models

from pars.access import rls


class Migration(migrations.Migration):
    dependencies = [
        ("boards", "0002_rosters"),
        ("learners", "0005_arrival"),
    ]

    operations = [
        migrations.CreateModel(
            name="NppesImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64, unique=True)),
                ("file_name", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("offset", models.BigIntegerField(default=0)),
                ("rows", models.BigIntegerField(default=0)),
                ("physicians", models.BigIntegerField(default=0)),
                ("added", models.BigIntegerField(default=0)),
                ("changed", models.BigIntegerField(default=0)),
                ("licenses", models.BigIntegerField(default=0)),
                ("aside", models.BigIntegerField(default=0)),
                ("conflicts", models.BigIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LicenseAside",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state", models.TextField()),
                ("degree", models.CharField(blank=True, choices=[("MD", "MD"), ("DO", "DO")], max_length=2)),
                ("number", models.CharField(max_length=40)),
                ("number_key", models.TextField()),
                (
                    "physician",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="learners.physician",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "degree"], name="license_aside_of_state")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("physician", "state", "number_key"), name="license_aside_once"
                    )
                ],
            },
        ),
        rls.isolate("boards_nppesimport", see=rls.OPERATOR, write=rls.OPERATOR),
        rls.isolate("boards_licenseaside", see=rls.OPERATOR, write=rls.OPERATOR, delete=rls.OPERATOR),
    ]
