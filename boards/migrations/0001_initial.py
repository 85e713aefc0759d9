import django.db.models.deletion
from django.db import migrations, models

from pars.access import rls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Board",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="board",
                        serialize=False,
                        to="access.organization",
                    ),
                ),
                ("state", models.TextField()),
                ("licenses_md", models.BooleanField(default=False)),
                ("licenses_do", models.BooleanField(default=False)),
                ("participates_since", models.DateField(null=True)),
                ("recognises_for_renewal", models.BooleanField(default=False)),
                ("website", models.URLField(blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("licenses_md", True),
                            ("licenses_do", True),
                            _connector="OR",
                        ),
                        name="board_licenses_someone",
                    )
                ],
            },
        ),
        rls.isolate(
            "boards_board",
            see="true",
            write=rls.any_of(rls.OPERATOR, rls.own("boards_board", "board")),
        ),
    ]
