import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from pars.access import rls


def licensed_by_us(physician: str) -> str:
    """Condition: the acting board has issued a license to the physician whose id stands in a column."""
    return (
        f"({rls.kind_is('board')} AND EXISTS (SELECT FROM learners_license x "
        f"WHERE x.physician_id = {physician} AND x.board_id = {rls.ORGANIZATION_ID}))"
    )


# A board's roster is landed by its matcher. The matcher of a provider never passes this: providers create nobody.
ROSTER = (
    f"({rls.kind_is('matcher')} AND EXISTS (SELECT FROM access_organization o "
    f"WHERE o.id = {rls.ORGANIZATION_ID} AND o.kind = 'board'))"
)
ISSUED_BY_US = f"EXISTS (SELECT FROM learners_license x WHERE x.physician_id = {{}} AND x.board_id = {rls.ORGANIZATION_ID})"
OUR_LICENSE = f"({ROSTER} AND learners_license.board_id = {rls.ORGANIZATION_ID})"
OUR_LICENSEE = f"({ROSTER} AND {ISSUED_BY_US.format('learners_physician.id')})"


class Migration(migrations.Migration):
    """License history, names, and the right of a board's roster to write its own licenses and their holders."""

    dependencies = [
        ("access", "0001_initial"),
        ("learners", "0003_clock"),
    ]

    operations = [
        migrations.AddField(
            model_name="license",
            name="changed_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name="license",
            name="source",
            field=models.CharField(
                choices=[("roster", "Board roster"), ("nppes", "NPPES"), ("claim", "Confirmed claim")],
                db_default="roster",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="physician",
            name="middle_name",
            field=models.CharField(blank=True, db_default="", max_length=100),
        ),
        migrations.AddField(
            model_name="physician",
            name="suffix",
            field=models.CharField(blank=True, db_default="", max_length=20),
        ),
        migrations.AlterField(
            model_name="license",
            name="status",
            field=models.CharField(
                choices=[
                    ("active", "Active"),
                    ("lapsed", "Lapsed"),
                    ("suspended", "Suspended"),
                    ("revoked", "Revoked"),
                    ("unconfirmed", "Not confirmed by the board"),
                ],
                default="active",
                max_length=11,
            ),
        ),
        migrations.CreateModel(
            name="LicenseVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("physician_id", models.BigIntegerField()),
                ("number", models.CharField(max_length=40)),
                ("degree", models.CharField(max_length=2)),
                ("first_key", models.TextField()),
                ("last_key", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("lapsed", "Lapsed"),
                            ("suspended", "Suspended"),
                            ("revoked", "Revoked"),
                            ("unconfirmed", "Not confirmed by the board"),
                        ],
                        max_length=11,
                    ),
                ),
                ("issued_on", models.DateField(null=True)),
                ("expires_on", models.DateField(null=True)),
                ("said_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField()),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("renewed", "Renewed"),
                            ("reissued", "Reissued"),
                            ("lapsed", "Lapsed"),
                            ("suspended", "Suspended"),
                            ("revoked", "Revoked"),
                            ("reinstated", "Active again"),
                            ("confirmed", "Confirmed by the board"),
                            ("corrected", "Corrected"),
                            ("moved", "Moved to another record"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("roster", "Board roster"),
                            ("nppes", "NPPES"),
                            ("claim", "Confirmed claim"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "board",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
                (
                    "license",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="learners.license",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_name", models.CharField(max_length=100)),
                ("last_name", models.CharField(max_length=100)),
                ("first_key", models.TextField()),
                ("last_key", models.TextField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("roster", "Board roster"),
                            ("nppes", "NPPES"),
                            ("claim", "Confirmed claim"),
                        ],
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "physician",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
                        to="learners.physician",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("physician", "last_key", "first_key"), name="alias_once")
                ],
            },
        ),
        rls.isolate(
            "learners_licenseversion",
            see=rls.any_of(
                rls.kind_is("operator", "matcher"),
                f"({rls.kind_is('physician')} AND learners_licenseversion.physician_id = {rls.PHYSICIAN_ID})",
                f"({rls.kind_is('board')} AND learners_licenseversion.board_id = {rls.ORGANIZATION_ID})",
            ),
            write=rls.any_of(
                rls.OPERATOR, f"({ROSTER} AND learners_licenseversion.board_id = {rls.ORGANIZATION_ID})"
            ),
        ),
        rls.allow_only("learners_licenseversion", "SELECT, INSERT"),
        rls.isolate(
            "learners_alias",
            see=rls.any_of(
                rls.kind_is("operator", "matcher"),
                f"({rls.kind_is('physician')} AND learners_alias.physician_id = {rls.PHYSICIAN_ID})",
                licensed_by_us("learners_alias.physician_id"),
            ),
            write=rls.any_of(
                rls.OPERATOR, f"({ROSTER} AND {ISSUED_BY_US.format('learners_alias.physician_id')})"
            ),
            delete=rls.OPERATOR,
        ),
        migrations.RunSQL(
            f"""
            CREATE POLICY roster_add ON learners_license FOR INSERT TO pars_web, pars_worker
                WITH CHECK ({OUR_LICENSE});
            CREATE POLICY roster_change ON learners_license FOR UPDATE TO pars_web, pars_worker
                USING ({OUR_LICENSE}) WITH CHECK ({OUR_LICENSE});
            CREATE POLICY roster_add ON learners_physician FOR INSERT TO pars_web, pars_worker
                WITH CHECK ({ROSTER} AND learners_physician.source = 'roster');
            CREATE POLICY roster_change ON learners_physician FOR UPDATE TO pars_web, pars_worker
                USING ({OUR_LICENSEE}) WITH CHECK ({OUR_LICENSEE});
            """,
            """
            DROP POLICY roster_add ON learners_license;
            DROP POLICY roster_change ON learners_license;
            DROP POLICY roster_add ON learners_physician;
            DROP POLICY roster_change ON learners_physician;
            """,
        ),
    ]
