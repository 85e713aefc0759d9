import django.db.models.deletion
import uuid
from django.db import migrations, models

from pars.access import rls


class Migration(migrations.Migration):
    initial = True

    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Unsealed", fields=[("event_id", models.UUIDField(primary_key=True, serialize=False))]
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("user_id", models.BigIntegerField(null=True)),
                ("system", models.CharField(blank=True, max_length=40)),
                ("verb", models.CharField(max_length=60)),
                ("object_kind", models.CharField(blank=True, max_length=40)),
                ("object_id", models.CharField(blank=True, max_length=64)),
                ("detail", models.JSONField(default=dict)),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "chain", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("chain", models.BigIntegerField()),
                ("number", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seal", to="audit.event"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "event_id",
                        "physician_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("physician_id", models.BigIntegerField(db_index=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="subjects", to="audit.event"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["organization", "-at"], name="event_by_organization"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["object_kind", "object_id"], name="event_by_object"),
        ),
        migrations.AddIndex(model_name="event", index=models.Index(fields=["-at"], name="event_by_time")),
        migrations.RunSQL(
            """
            CREATE FUNCTION audit_note_unsealed() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN INSERT INTO audit_unsealed (event_id) VALUES (NEW.id); RETURN NULL; END';
            CREATE TRIGGER note_unsealed AFTER INSERT ON audit_event
                FOR EACH ROW EXECUTE FUNCTION audit_note_unsealed();
            """,
            migrations.RunSQL.noop,
        ),
        rls.isolate(
            "audit_event",
            see=rls.any_of(rls.OPERATOR, rls.own("audit_event", "provider", "board", "matcher")),
            write=rls.any_of(
                rls.OPERATOR,
                "audit_event.organization_id IS NULL",
                f"audit_event.organization_id = {rls.ORGANIZATION_ID}",
            ),
        ),
        rls.isolate(
            "audit_subject",
            see=rls.any_of(
                rls.OPERATOR,
                f"({rls.kind_is('physician')} AND audit_subject.physician_id = {rls.PHYSICIAN_ID})",
            ),
            write="true",
        ),
        rls.isolate("audit_seal", see=rls.OPERATOR, write=rls.OPERATOR),
        rls.allow_only("audit_event", "SELECT, INSERT"),
        rls.allow_only("audit_subject", "SELECT, INSERT"),
        rls.allow_only("audit_seal", "SELECT", roles=["pars_web"]),
        rls.allow_only("audit_seal", "SELECT, INSERT", roles=["pars_worker"]),
        rls.allow_only("audit_unsealed", "INSERT", roles=["pars_web"]),
        rls.allow_only("audit_unsealed", "SELECT, INSERT, DELETE", roles=["pars_worker"]),
    ]
