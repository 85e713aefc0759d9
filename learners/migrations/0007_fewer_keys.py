import django.db.models.deletion
from django.db import migrations, models

# The same row cannot come twice: its outcome's key (batch, number) refuses the second.
ONE_INDEX = """
DROP INDEX staged_by_chunk;
ALTER TABLE learners_stagedcredit DROP CONSTRAINT learners_stagedcredit_pkey,
    ADD CONSTRAINT learners_stagedcredit_pkey PRIMARY KEY (batch_id, chunk, "row");
"""
TWO_INDEXES = """
ALTER TABLE learners_stagedcredit DROP CONSTRAINT learners_stagedcredit_pkey,
    ADD CONSTRAINT learners_stagedcredit_pkey PRIMARY KEY (batch_id, "row");
CREATE INDEX staged_by_chunk ON learners_stagedcredit (batch_id, chunk);
"""


class Migration(migrations.Migration):
    """What each row cost beyond itself: keys asked for every new learner, and indexes that nothing reads.

    Why none of them is missed, and what they cost: docs/adr/0005.
    """

    dependencies = [
        ("access", "0001_initial"),
        ("learners", "0006_retention"),
    ]

    operations = [
        migrations.RemoveConstraint("learner", "learner_of_organization"),
        migrations.AlterField(
            "learner",
            "organization",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organization",
            ),
        ),
        migrations.AlterField(
            "learner",
            "physician",
            models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="learners",
                to="learners.physician",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(ONE_INDEX, TWO_INDEXES)],
            [
                migrations.RemoveIndex("stagedcredit", "staged_by_chunk"),
                migrations.AlterField(
                    "stagedcredit",
                    "pk",
                    models.CompositePrimaryKey(
                        "batch_id",
                        "chunk",
                        "row",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
        ),
        migrations.RemoveIndex("license", "license_find"),
        migrations.AddIndex(
            "license",
            models.Index(fields=["state", "number_key"], include=("physician", "board"), name="license_find"),
        ),
    ]
