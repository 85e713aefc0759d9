from django.db import migrations, models
from django.db.models import F

from pars.access import rls

_SEE = rls.any_of(
    rls.OPERATOR,
    rls.own("activities_activity", "provider", "matcher"),
    f"(activities_activity.is_complete AND (activities_activity.listed OR {rls.kind_is('board', 'physician')}))",
)


def keep_what_is_complete(apps, schema_editor):
    """What was complete stays so, or its credit would lose the activity it was earned for.

    Until now nobody was asked for a description or the providership: the title stands in for the one, and who said
    nothing of a partner provided directly. Without fee, registration and address an activity cannot be listed.
    """
    complete = apps.get_model("activities", "Activity").objects.filter(is_complete=True)
    complete.filter(providership="").update(providership="direct")
    complete.filter(description="").update(description=F("title"))
    complete.filter(listed=True, url="").update(listed=False)


class Migration(migrations.Migration):
    """`is_complete` asks for all that Active asks for. The policy that reads it steps aside meanwhile."""

    dependencies = [("activities", "0002_whole_record")]

    operations = [
        migrations.RunPython(keep_what_is_complete, migrations.RunPython.noop),
        # The rows just changed have their foreign keys checked at commit; a table with such checks ahead cannot be altered.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(
            "DROP POLICY see ON activities_activity",
            f"CREATE POLICY see ON activities_activity FOR SELECT TO {', '.join(rls.APP_ROLES)} USING ({_SEE})",
        ),
        migrations.RemoveField("activity", "is_complete"),
        migrations.AddField(
            "activity",
            "is_complete",
            models.GeneratedField(
                db_persist=True,
                expression=models.Q(
                    models.Q(
                        models.Q(("delivery", []), _negated=True),
                        models.Q(
                            (
                                "format__in",
                                [
                                    "Enduring Material",
                                    "Journal-Based CME",
                                    "Live Course",
                                    "Other/Blended Learning",
                                    "Regularly Scheduled Series",
                                ],
                            ),
                            _negated=True,
                        ),
                        _connector="OR",
                    ),
                    ("credits__isnull", False),
                    models.Q(
                        models.Q(("delivery__contains", ["In-Person"]), _negated=True),
                        models.Q(
                            models.Q(("city", ""), _negated=True),
                            models.Q(("country", ""), _negated=True),
                            models.Q(
                                models.Q(("country", "USA"), _negated=True),
                                models.Q(("state", ""), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        _connector="OR",
                    ),
                    models.Q(("description", ""), _negated=True),
                    models.Q(("providership", ""), _negated=True),
                    models.Q(
                        ("listed", False),
                        models.Q(
                            models.Q(("fee", ""), _negated=True),
                            models.Q(("registration", ""), _negated=True),
                            models.Q(("url", ""), _negated=True),
                        ),
                        _connector="OR",
                    ),
                ),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.RunSQL(
            f"CREATE POLICY see ON activities_activity FOR SELECT TO {', '.join(rls.APP_ROLES)} USING ({_SEE})",
            "DROP POLICY see ON activities_activity",
        ),
    ]
