"""Back to operators alone: nothing matches before its turn any more, so no match has to hold against a later merger."""

from django.db import migrations

from pars.access import rls


class Migration(migrations.Migration):
    dependencies = [("learners", "0017_board_credit")]

    operations = [
        migrations.RunSQL(
            f"ALTER POLICY see ON learners_merger USING ({rls.OPERATOR})",
            f"ALTER POLICY see ON learners_merger USING ({rls.kind_is('operator', 'matcher')})",
        )
    ]
