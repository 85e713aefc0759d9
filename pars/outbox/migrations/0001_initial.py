import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from pars.access import rls


MINE = f"(outbox_mute.user_id = {rls.USER_ID} AND outbox_mute.organization_id = {rls.ORGANIZATION_ID})"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=60)),
                ("context", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("lapsed", "Not needed any more"),
                            ("given_up", "Given up"),
                            ("unknown", "May have been sent"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(null=True)),
                ("handed_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=60)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["due_at"], name="message_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["given_up", "unknown"])),
                        fields=["-created_at"],
                        name="message_undelivered",
                    ),
                    models.Index(
                        condition=models.Q(("finished_at__isnull", False)),
                        fields=["finished_at"],
                        name="message_finished",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "kind", "key", "user"), name="message_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True), ("finished_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="message_waits_or_is_finished",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "organization", "kind"), name="mute_once")
                ],
            },
        ),
        rls.isolate(
            "outbox_message",
            see=rls.any_of(rls.OPERATOR, rls.own("outbox_message", "provider", "board", "matcher")),
            write=rls.any_of(rls.OPERATOR, rls.own("outbox_message", "provider", "board", "matcher")),
            delete=rls.OPERATOR,
        ),
        rls.isolate(
            "outbox_mute",
            see=rls.any_of(rls.OPERATOR, MINE),
            write=MINE,
            delete=MINE,
        ),
        rls.allow_only("outbox_message", "SELECT, INSERT, UPDATE", roles=["pars_web"]),
    ]
