"""A match that was looked up before its turn must hold in its turn: the record found may have been joined meanwhile."""

from django.db import migrations

from pars.access import rls


class Migration(migrations.Migration):
    dependencies = [("learners", "0013_rems")]

    operations = [
        migrations.RunSQL(
            f"ALTER POLICY see ON learners_merger USING ({rls.kind_is('operator', 'matcher')})",
            f"ALTER POLICY see ON learners_merger USING ({rls.OPERATOR})",
        )
    ]
