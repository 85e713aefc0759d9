from django.db import migrations, models


class Migration(migrations.Migration):
    """What was said of a learner for a REMS stands on the credit."""

    dependencies = [("learners", "0012_number_keys")]

    operations = [
        migrations.AddField("credit", "rems", models.JSONField(null=True)),
        migrations.AddField("creditversion", "rems", models.JSONField(null=True)),
        migrations.AddField("stagedcredit", "rems", models.JSONField(null=True)),
        migrations.AddConstraint(
            "credit",
            models.CheckConstraint(
                condition=models.Q(("rems", None), ("rems__has_key", "local_id"), _connector="OR"),
                name="rems_names_learner",
            ),
        ),
    ]
