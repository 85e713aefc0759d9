"""Who sees an activity, in as little as a long list can ask of each row: one comparison, for a provider's own."""

from django.db import migrations

from pars.access import rls

_OURS = f"(SELECT CASE WHEN {rls.kind_is('provider', 'matcher')} THEN {rls.ORGANIZATION_ID} END)"
_SEE = (
    f"activities_activity.organization_id = {_OURS} OR (SELECT {rls.OPERATOR}) OR (activities_activity.is_complete AND "
    f"(activities_activity.listed OR (SELECT {rls.kind_is('board', 'physician')})))"
)


class Migration(migrations.Migration):
    dependencies = [("activities", "0007_by_title")]

    operations = [
        migrations.RunSQL(f"ALTER POLICY see ON activities_activity USING ({_SEE})", migrations.RunSQL.noop)
    ]
