from django.db import migrations, models


class Migration(migrations.Migration):
    """The finder's activities of one format, those that end soonest first."""

    dependencies = [("activities", "0008_quick_policy")]

    operations = [
        migrations.AddIndex(
            "listedactivity",
            models.Index(fields=["format", "end_on", "activity"], name="listed_format_ends"),
        )
    ]
