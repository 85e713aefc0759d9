from django.db import migrations, models


class Migration(migrations.Migration):
    """A provider's list in the order of its titles, page by page."""

    dependencies = [("access", "0001_initial"), ("activities", "0006_quick_list")]

    operations = [
        migrations.AddIndex(
            "activity",
            models.Index(fields=["organization", "searched", "id"], name="activity_by_title"),
        )
    ]
