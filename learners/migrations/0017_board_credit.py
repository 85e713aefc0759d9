from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Round

POINTS_OF = """
-- A credit's standing board points as its versions keep them: one row, so that a statement that asks takes it in.
CREATE FUNCTION learners_points_of(credit bigint) RETURNS SETOF jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(
        jsonb_build_object('board', q.board, 'member', q.member_number, 'type', q.credit_type, 'points', q.points)
        ORDER BY q.board, q.credit_type
    ), '[]')
    FROM learners_creditpoints q WHERE q.credit_id = credit AND q.withdrawn_at IS NULL
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("learners", "0016_version_withdrawn"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="credit", name="credit_in_quarters"),
        migrations.AddConstraint(
            model_name="credit",
            constraint=models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(amount=Round(F("amount") * 4) / 4), name="credit_in_quarters"
            ),
        ),
        migrations.AddField(
            model_name="creditpoints", name="withdrawn_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(model_name="creditversion", name="points", field=models.JSONField(null=True)),
        migrations.AddField(
            model_name="learner",
            name="board",
            field=models.CharField(blank=True, db_default="", max_length=8),
        ),
        migrations.AddField(model_name="stagedcredit", name="board", field=models.TextField(db_default="")),
        migrations.RunSQL(POINTS_OF, "DROP FUNCTION learners_points_of(bigint)"),
    ]
