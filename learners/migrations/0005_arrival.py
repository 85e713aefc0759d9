import django.db.models.deletion
from django.db import migrations, models

from pars.access import rls


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("learners", "0004_registry_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("learners", models.PositiveIntegerField()),
                ("credits", models.PositiveIntegerField()),
                ("found_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at", None)), fields=["organization"], name="arrival_unread"
                    )
                ],
            },
        ),
        rls.isolate(
            "learners_arrival",
            see=rls.any_of(rls.OPERATOR, rls.own("learners_arrival", "provider", "matcher")),
            write=rls.own("learners_arrival", "provider", "matcher"),
        ),
    ]
