from django.db import migrations, models
from django.db.models.functions import Concat, Lower

from pars.access import rls

# The same as before, but that each setting is asked for once a statement, not once a row: of a provider's 20,000
# activities, asking took longer than finding.
_KIND, _ORGANIZATION_ID = (f"(SELECT {setting})" for setting in (rls.KIND, rls.ORGANIZATION_ID))
_SEE = (
    f"{_KIND} = 'operator' OR ({_KIND} IN ('provider', 'matcher') AND "
    f"activities_activity.organization_id = {_ORGANIZATION_ID}) OR (activities_activity.is_complete AND "
    f"(activities_activity.listed OR {_KIND} IN ('board', 'physician')))"
)


class Migration(migrations.Migration):
    """A provider's list: what it searches is folded when written, and all it counts and sorts by stands in one index."""

    dependencies = [("access", "0001_initial"), ("activities", "0005_public_listing")]

    operations = [
        migrations.RemoveIndex("activity", "activity_list"),
        migrations.AddField(
            "activity",
            "searched",
            models.GeneratedField(
                db_persist=True,
                expression=Lower(
                    Concat(
                        "title", models.Value("\n"), "provider_activity_id", models.Value("\n"), "activity_id"
                    )
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            "activity",
            models.Index(
                fields=["organization", "-start_on", "-id"],
                include=("searched", "end_on", "closed_at", "is_complete", "listed"),
                name="activity_list",
            ),
        ),
        migrations.RunSQL(f"ALTER POLICY see ON activities_activity USING ({_SEE})", migrations.RunSQL.noop),
    ]
