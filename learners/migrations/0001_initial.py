import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
from django.db import migrations, models

from pars.access import rls


def licensed_by_us(physician: str) -> str:
    """Condition: the acting board has issued a license to the physician whose id stands in a column."""
    return (
        f"({rls.kind_is('board')} AND EXISTS (SELECT FROM learners_license x "
        f"WHERE x.physician_id = {physician} AND x.board_id = {rls.ORGANIZATION_ID}))"
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("activities", "0001_initial"),
        ("batches", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Credit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "credit_type",
                    models.PositiveSmallIntegerField(choices=[(1, "AMA PRA Category 1 Credit")], default=1),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=6)),
                ("completed_on", models.DateField()),
                ("occasion_on", models.DateField(null=True)),
                (
                    "consent",
                    models.CharField(
                        choices=[("written", "Written"), ("implied", "Implied after notice")], max_length=8
                    ),
                ),
                ("row", models.PositiveIntegerField()),
                ("first_reported_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "activity",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reported",
                        to="activities.activity",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="batches.batch",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CreditVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("physician_id", models.BigIntegerField(null=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=6)),
                ("completed_on", models.DateField()),
                ("batch_id", models.UUIDField()),
                ("row", models.PositiveIntegerField()),
                ("said_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField()),
                (
                    "credit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="learners.credit",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Learner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.BinaryField()),
                ("first_name", models.CharField(max_length=100)),
                ("last_name", models.CharField(max_length=100)),
                ("first_key", models.TextField()),
                ("last_key", models.TextField()),
                ("state", models.TextField()),
                ("number", models.CharField(blank=True, max_length=40)),
                ("number_key", models.TextField(blank=True)),
                ("npi", models.CharField(max_length=10, null=True)),
                ("birthday", models.BinaryField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("matched", "Matched"),
                            ("disagrees", "Details do not agree"),
                            ("several", "More than one physician fits"),
                            ("unconfirmed", "Waits for the physician or the board"),
                            ("not_found", "Not in the registry yet"),
                            ("review", "Kept for review"),
                        ],
                        default="not_found",
                        max_length=11,
                    ),
                ),
                ("rule", models.PositiveSmallIntegerField(default=0)),
                ("matched_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="credit",
            name="learner",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credits",
                to="learners.learner",
            ),
        ),
        migrations.CreateModel(
            name="Physician",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("npi", models.CharField(max_length=10, null=True, unique=True)),
                ("degree", models.CharField(blank=True, choices=[("MD", "MD"), ("DO", "DO")], max_length=2)),
                ("first_name", models.CharField(max_length=100)),
                ("last_name", models.CharField(max_length=100)),
                ("first_key", models.TextField()),
                ("last_key", models.TextField()),
                ("birthday", models.BinaryField(null=True)),
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
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("npi", None), ("npi__regex", "^[12][0-9]{9}$"), _connector="OR"),
                        name="npi_has_ten_digits",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="learner",
            name="physician",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="learners",
                to="learners.physician",
            ),
        ),
        migrations.CreateModel(
            name="CreditPoints",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("board", models.CharField(max_length=8)),
                ("member_number", models.CharField(max_length=20)),
                ("credit_type", models.CharField(max_length=80)),
                ("points", models.DecimalField(decimal_places=2, max_digits=6)),
                (
                    "credit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="learners.credit",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
                (
                    "physician",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="learners.physician",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="credit",
            name="physician",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credits",
                to="learners.physician",
            ),
        ),
        migrations.CreateModel(
            name="Certification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("board", models.CharField(max_length=8)),
                ("number", models.CharField(max_length=20)),
                (
                    "physician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certifications",
                        to="learners.physician",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StagedCredit",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "batch_id", "row", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("batch_id", models.UUIDField()),
                ("chunk", models.PositiveIntegerField()),
                ("row", models.PositiveIntegerField()),
                ("withdraw", models.BooleanField()),
                ("fingerprint", models.BinaryField()),
                ("first_name", models.TextField()),
                ("last_name", models.TextField()),
                ("first_key", models.TextField()),
                ("last_key", models.TextField()),
                ("state", models.TextField()),
                ("number", models.TextField()),
                ("number_key", models.TextField()),
                ("npi", models.TextField(null=True)),
                ("npi_doubtful", models.BooleanField()),
                ("birthday", models.BinaryField()),
                ("activity_id", models.TextField()),
                ("completed_on", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=6)),
                ("consent", models.TextField()),
                ("points", models.JSONField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["batch_id", "chunk"], name="staged_by_chunk")],
            },
        ),
        migrations.CreateModel(
            name="Guess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("target", models.TextField()),
                ("fingerprint", models.BinaryField()),
                ("guessed_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("target", "organization", "fingerprint"), name="guess_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="License",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state", models.TextField()),
                ("degree", models.CharField(choices=[("MD", "MD"), ("DO", "DO")], max_length=2)),
                ("number", models.CharField(max_length=40)),
                ("number_key", models.TextField()),
                ("first_key", models.TextField()),
                ("last_key", models.TextField()),
                ("npi", models.CharField(max_length=10, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("lapsed", "Lapsed"), ("revoked", "Revoked")],
                        default="active",
                        max_length=8,
                    ),
                ),
                ("issued_on", models.DateField(null=True)),
                ("expires_on", models.DateField(null=True)),
                (
                    "board",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
                (
                    "physician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="licenses",
                        to="learners.physician",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "number_key"], name="license_find"),
                    models.Index(fields=["state", "last_key", "first_key"], name="license_by_name"),
                    models.Index(
                        fields=["board", "last_key", "first_key"],
                        name="license_of_board_by_name",
                        opclasses=["int8_ops", "text_pattern_ops", "text_pattern_ops"],
                    ),
                    models.Index(
                        fields=["board", "number_key"],
                        name="license_of_board_by_number",
                        opclasses=["int8_ops", "text_pattern_ops"],
                    ),
                    models.Index(fields=["board", "npi"], name="license_of_board_by_npi"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("board", "number"), name="license_number_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="learner",
            index=models.Index(
                condition=models.Q(("physician", None)),
                fields=["state", "number_key"],
                name="learner_unmatched_by_number",
            ),
        ),
        migrations.AddIndex(
            model_name="learner",
            index=models.Index(
                condition=models.Q(("physician", None)), fields=["npi"], name="learner_unmatched_by_npi"
            ),
        ),
        migrations.AddConstraint(
            model_name="learner",
            constraint=models.UniqueConstraint(
                fields=("organization", "fingerprint"), name="learner_wording_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="learner",
            constraint=models.UniqueConstraint(fields=("id", "organization"), name="learner_of_organization"),
        ),
        migrations.AddConstraint(
            model_name="learner",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("physician__isnull", False), ("verdict", "matched")),
                    models.Q(models.Q(("verdict", "matched"), _negated=True), ("physician", None)),
                    _connector="OR",
                ),
                name="matched_learner_has_physician",
            ),
        ),
        migrations.AddConstraint(
            model_name="creditpoints",
            constraint=models.UniqueConstraint(fields=("credit", "board", "credit_type"), name="points_once"),
        ),
        migrations.AddConstraint(
            model_name="creditpoints",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("points__gt", 0),
                    (
                        "points",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.functions.math.Round(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("points"), "*", models.Value(4)
                                )
                            ),
                            "/",
                            models.Value(4),
                        ),
                    ),
                ),
                name="points_in_quarters",
            ),
        ),
        migrations.AddIndex(
            model_name="credit",
            index=models.Index(
                condition=models.Q(("physician__isnull", False)),
                fields=["physician", "completed_on"],
                include=("activity", "amount", "credit_type"),
                name="credit_transcript",
            ),
        ),
        migrations.AddIndex(
            model_name="credit",
            index=models.Index(fields=["batch"], name="credit_by_batch"),
        ),
        migrations.AddIndex(
            model_name="credit",
            index=models.Index(fields=["organization", "-first_reported_at"], name="credit_of_organization"),
        ),
        migrations.AddConstraint(
            model_name="credit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gt", 0),
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.functions.math.Round(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("amount"), "*", models.Value(4)
                                )
                            ),
                            "/",
                            models.Value(4),
                        ),
                    ),
                ),
                name="credit_in_quarters",
            ),
        ),
        migrations.AddConstraint(
            model_name="credit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("physician__isnull", False), ("withdrawn_at", None)),
                fields=("physician", "activity", "credit_type", "occasion_on"),
                name="credit_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="credit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("physician", None), ("withdrawn_at", None)),
                fields=("learner", "activity", "credit_type", "occasion_on"),
                name="parked_credit_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="certification",
            constraint=models.UniqueConstraint(fields=("board", "number"), name="certification_once"),
        ),
        migrations.RunSQL(
            """
            ALTER TABLE learners_credit
                ADD CONSTRAINT credit_activity_same_organization FOREIGN KEY (activity_id, organization_id)
                    REFERENCES activities_activity (id, organization_id);
            """,
            migrations.RunSQL.noop,
        ),
        rls.isolate(
            "learners_physician",
            see=rls.any_of(
                rls.kind_is("operator", "matcher"),
                f"({rls.kind_is('physician')} AND learners_physician.id = {rls.PHYSICIAN_ID})",
                licensed_by_us("learners_physician.id"),
            ),
            write=rls.OPERATOR,
        ),
        rls.isolate(
            "learners_license",
            see=rls.any_of(
                rls.kind_is("operator", "matcher"),
                f"({rls.kind_is('physician')} AND learners_license.physician_id = {rls.PHYSICIAN_ID})",
                f"({rls.kind_is('board')} AND learners_license.board_id = {rls.ORGANIZATION_ID})",
            ),
            write=rls.OPERATOR,
        ),
        rls.isolate(
            "learners_certification",
            see=rls.any_of(
                rls.kind_is("operator", "matcher"),
                f"({rls.kind_is('physician')} AND learners_certification.physician_id = {rls.PHYSICIAN_ID})",
                licensed_by_us("learners_certification.physician_id"),
            ),
            write=rls.OPERATOR,
        ),
        rls.isolate(
            "learners_learner",
            see=rls.any_of(rls.OPERATOR, rls.own("learners_learner", "provider", "matcher")),
            write=rls.own("learners_learner", "matcher"),
        ),
        rls.isolate(
            "learners_guess",
            see=rls.kind_is("operator", "matcher"),
            write=rls.own("learners_guess", "matcher"),
        ),
        *(
            rls.isolate(
                table,
                see=rls.any_of(
                    rls.OPERATOR,
                    rls.own(table, "provider", "matcher"),
                    f"({rls.kind_is('physician')} AND {table}.physician_id = {rls.PHYSICIAN_ID})",
                    licensed_by_us(f"{table}.physician_id"),
                ),
                write=rls.own(table, "matcher"),
            )
            for table in ("learners_credit", "learners_creditpoints")
        ),
        rls.isolate(
            "learners_creditversion",
            see=rls.any_of(rls.OPERATOR, rls.own("learners_creditversion", "provider", "matcher")),
            write=rls.own("learners_creditversion", "matcher"),
        ),
        rls.allow_only("learners_creditversion", "SELECT, INSERT"),
        rls.allow_only("learners_stagedcredit", "", roles=["pars_web"]),
        # MAINTAIN: whoever fills the table also analyzes it; without statistics a chunk compares all with all.
        rls.allow_only(
            "learners_stagedcredit", "SELECT, INSERT, UPDATE, DELETE, MAINTAIN", roles=["pars_worker"]
        ),
    ]
