import django.db.models.deletion
from django.db import migrations, models

from pars.access import rls


class Migration(migrations.Migration):
    dependencies = [
        ("learners", "0007_fewer_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="MergedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organization_id", models.BigIntegerField(null=True)),
                ("step", models.PositiveSmallIntegerField()),
                ("table", models.CharField(max_length=63)),
                ("row_key", models.BigIntegerField()),
                ("was", models.JSONField(null=True)),
                ("became", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Merger",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("board", "A board says that they are one person"),
                            ("document", "A document of the physician shows it"),
                            ("license", "Both hold the same license or NPI"),
                        ],
                        max_length=10,
                    ),
                ),
                ("merged_at", models.DateTimeField()),
                ("merged_by", models.BigIntegerField()),
                ("split_at", models.DateTimeField(null=True)),
                ("split_by", models.BigIntegerField(null=True)),
                (
                    "split_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mistake", "They were joined by mistake"),
                            ("two_people", "They have proved to be two people"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="alias",
            index=models.Index(fields=["last_key", "first_key"], name="alias_by_name"),
        ),
        migrations.AddIndex(
            model_name="physician",
            index=models.Index(
                fields=["last_key", "first_key"],
                name="physician_by_name",
                opclasses=["text_pattern_ops", "text_pattern_ops"],
            ),
        ),
        migrations.AddField(
            model_name="merger",
            name="absorbed",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="mergers", to="learners.physician"
            ),
        ),
        migrations.AddField(
            model_name="merger",
            name="kept",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="absorptions",
                to="learners.physician",
            ),
        ),
        migrations.AddField(
            model_name="mergedrow",
            name="merger",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="learners.merger"
            ),
        ),
        migrations.AddConstraint(
            model_name="merger",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept", models.F("absorbed")), _negated=True), name="merger_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="merger",
            constraint=models.UniqueConstraint(
                condition=models.Q(("split_at", None)), fields=("absorbed",), name="absorbed_once_at_a_time"
            ),
        ),
        rls.isolate("learners_merger", see=rls.OPERATOR, write=rls.OPERATOR),
        rls.isolate("learners_mergedrow", see=rls.OPERATOR, write=rls.OPERATOR),
        rls.allow_only("learners_mergedrow", "SELECT, INSERT"),
    ]
