import django.db.models.deletion
from django.db import migrations, models

from pars.access import rls

TABLE = "batches_correction"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("batches", "0001_initial"),
    ]

    operations = [
        migrations.AddField(model_name="batch", name="fixed", field=models.PositiveIntegerField(default=0)),
        migrations.AlterField(
            model_name="row",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("added", "Added"),
                    ("updated", "Corrected"),
                    ("unchanged", "Was there already"),
                    ("withdrawn", "Withdrawn"),
                    ("parked", "Waiting"),
                    ("failed", "To fix"),
                    ("ready", "Ready to send"),
                    ("fixed", "Fixed since"),
                ],
                max_length=9,
            ),
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "batch_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("first_number", models.PositiveIntegerField()),
                (
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="batches.batch",
                    ),
                ),
                (
                    "first_batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="batches.batch",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["first_batch", "first_number"], name="correction_of")],
            },
        ),
        rls.isolate(
            TABLE,
            see=rls.any_of(rls.OPERATOR, rls.own(TABLE, "provider", "board", "matcher")),
            write=rls.own(TABLE, "matcher"),
        ),
        rls.let_delete(TABLE, when=rls.OPERATOR, role="pars_worker"),
    ]
