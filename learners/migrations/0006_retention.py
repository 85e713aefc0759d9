import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from pars.access import rls

CLOCKS = """
-- The day on which a credit may be destroyed: infinity under a hold, and where its activity is not to be seen.
CREATE FUNCTION learners_credit_kept_until(c learners_credit) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN EXISTS (
            SELECT FROM learners_hold h
            WHERE h.organization_id = c.organization_id AND h.released_at IS NULL
                AND (h.credit_id = c.id OR h.activity_id = c.activity_id
                    OR h.credit_id IS NULL AND h.activity_id IS NULL)
        ) THEN 'infinity'
        ELSE learners_kept_until(
            greatest(c.completed_on, (
                SELECT max(v.completed_on) FROM learners_creditversion v WHERE v.credit_id = c.id
            )),
            coalesce((SELECT a.end_on FROM activities_activity a WHERE a.id = c.activity_id), 'infinity')
        )
    END
$$;

-- The same of a batch: six years from the day it came, and as long as a credit says what it last brought.
CREATE FUNCTION learners_batch_kept_until(b batches_batch) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN EXISTS (
            SELECT FROM learners_hold h
            WHERE h.organization_id = b.organization_id AND h.released_at IS NULL
                AND h.credit_id IS NULL AND h.activity_id IS NULL
        ) OR EXISTS (SELECT FROM learners_credit c WHERE c.batch_id = b.id) THEN 'infinity'
        ELSE learners_kept_until(NULL, learners_day_of(b.created_at, o.time_zone))
    END
    FROM access_organization o WHERE o.id = b.organization_id
$$;

CREATE FUNCTION learners_today_of(organization bigint) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT learners_day_of(now(), o.time_zone) FROM access_organization o WHERE o.id = organization
$$;
"""
DROP_CLOCKS = """
DROP FUNCTION learners_today_of(bigint);
DROP FUNCTION learners_batch_kept_until(batches_batch);
DROP FUNCTION learners_credit_kept_until(learners_credit);
"""

# Each asks «may it?» and refuses unless the answer is yes: what cannot be seen is kept.
KEPT = """
CREATE FUNCTION learners_refuse(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation', CONSTRAINT = 'kept_six_years',
        MESSAGE = 'this ' || what || ' is kept: its six years have not passed, or it is on hold';
END $$;

CREATE FUNCTION learners_keep_credit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (learners_credit_kept_until(OLD) <= learners_today_of(OLD.organization_id)) IS NOT TRUE THEN
        PERFORM learners_refuse('credit');
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER credit_is_kept BEFORE DELETE ON learners_credit
    FOR EACH ROW EXECUTE FUNCTION learners_keep_credit();

CREATE FUNCTION learners_keep_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may boolean;
BEGIN
    SELECT learners_credit_kept_until(c) <= learners_today_of(c.organization_id) INTO may
    FROM learners_credit c WHERE c.id = OLD.credit_id;
    IF may IS NOT TRUE THEN
        PERFORM learners_refuse('part of a credit');
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER version_is_kept BEFORE DELETE ON learners_creditversion
    FOR EACH ROW EXECUTE FUNCTION learners_keep_part();
CREATE TRIGGER points_are_kept BEFORE DELETE ON learners_creditpoints
    FOR EACH ROW EXECUTE FUNCTION learners_keep_part();

-- An activity on which credit hangs is held by the credit's key. One that was closed is a record; a draft is not.
CREATE FUNCTION learners_keep_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM learners_hold h
        WHERE h.organization_id = OLD.organization_id AND h.released_at IS NULL AND h.credit_id IS NULL
            AND (h.activity_id = OLD.id OR h.activity_id IS NULL)
    ) OR OLD.closed_at IS NOT NULL
        AND (learners_kept_until(NULL, OLD.end_on) <= learners_today_of(OLD.organization_id)) IS NOT TRUE
    THEN
        PERFORM learners_refuse('activity');
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER activity_is_kept BEFORE DELETE ON activities_activity
    FOR EACH ROW EXECUTE FUNCTION learners_keep_activity();

CREATE FUNCTION learners_keep_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (learners_batch_kept_until(OLD) <= learners_today_of(OLD.organization_id)) IS NOT TRUE THEN
        PERFORM learners_refuse('batch');
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER batch_is_kept BEFORE DELETE ON batches_batch
    FOR EACH ROW EXECUTE FUNCTION learners_keep_batch();

CREATE FUNCTION learners_keep_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may boolean;
BEGIN
    SELECT learners_batch_kept_until(b) <= learners_today_of(b.organization_id)
        AND NOT (b.kind = 'learners' AND EXISTS (SELECT FROM learners_credit c WHERE c.id = OLD.target)) INTO may
    FROM batches_batch b WHERE b.id = OLD.batch_id;
    IF may IS NOT TRUE THEN
        PERFORM learners_refuse('row of a batch');
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER row_is_kept BEFORE DELETE ON batches_row
    FOR EACH ROW EXECUTE FUNCTION learners_keep_row();

CREATE FUNCTION learners_keep_all() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    filled boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO filled;
    IF filled THEN
        PERFORM learners_refuse('table');
    END IF;
    RETURN NULL;
END $$;
"""
DROP_KEPT = """
DROP FUNCTION learners_keep_credit() CASCADE;
DROP FUNCTION learners_keep_part() CASCADE;
DROP FUNCTION learners_keep_activity() CASCADE;
DROP FUNCTION learners_keep_batch() CASCADE;
DROP FUNCTION learners_keep_row() CASCADE;
DROP FUNCTION learners_keep_all() CASCADE;
DROP FUNCTION learners_refuse(text);
"""

RECORDS = (
    "learners_credit",
    "learners_creditversion",
    "learners_creditpoints",
    "learners_hold",
    "activities_activity",
    "batches_batch",
    "batches_row",
)
# What the disposal destroys, and nobody else in the running program may.
DISPOSABLE = (
    "learners_credit",
    "learners_creditversion",
    "learners_creditpoints",
    "learners_learner",
    "batches_batch",
    "batches_chunk",
    "batches_row",
    "batches_issue",
)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("activities", "0003_complete_means_active"),
        ("learners", "0005_arrival"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Disposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("through", models.DateField()),
                ("counted_at", models.DateTimeField()),
                ("begins_at", models.DateTimeField()),
                ("found", models.PositiveIntegerField()),
                ("held", models.PositiveIntegerField()),
                ("uploads", models.PositiveIntegerField()),
                ("disposed", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
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
                "indexes": [models.Index(fields=["organization", "-counted_at"], name="disposal_history")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at", None)),
                        fields=("organization",),
                        name="one_open_disposal",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("legal", "A court or a subpoena asks for it"),
                            ("inquiry", "A board or an authority inquires"),
                            ("complaint", "A complaint is being looked into"),
                            ("review", "The accreditor reviews it"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("placed_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "activity",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="holds",
                        to="activities.activity",
                    ),
                ),
                (
                    "credit",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="holds",
                        to="learners.credit",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("activity", None), ("credit", None), _connector="OR"),
                        name="hold_is_on_one_thing",
                    )
                ],
            },
        ),
        migrations.RunSQL(CLOCKS, DROP_CLOCKS),
        migrations.RunSQL(KEPT, DROP_KEPT),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER all_are_kept BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION learners_keep_all()",
                migrations.RunSQL.noop,
            )
            for table in RECORDS
        ),
        rls.isolate(
            "learners_hold",
            see=rls.any_of(rls.OPERATOR, rls.own("learners_hold", "provider", "matcher")),
            write=rls.OPERATOR,
        ),
        rls.allow_only("learners_hold", "SELECT, INSERT, UPDATE"),
        rls.isolate(
            "learners_disposal",
            see=rls.any_of(rls.OPERATOR, rls.own("learners_disposal", "provider")),
            write=rls.OPERATOR,
        ),
        rls.allow_only("learners_disposal", "SELECT", roles=["pars_web"]),
        rls.allow_only("learners_disposal", "SELECT, INSERT, UPDATE", roles=["pars_worker"]),
        *(rls.let_delete(table, when=rls.OPERATOR, role="pars_worker") for table in DISPOSABLE),
    ]
