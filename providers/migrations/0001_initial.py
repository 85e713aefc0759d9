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
            name="Provider",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="provider",
                        serialize=False,
                        to="access.organization",
                    ),
                ),
                ("accredited_by", models.CharField(max_length=120)),
            ],
        ),
        rls.isolate("providers_provider", see="true", write=rls.OPERATOR),
    ]
