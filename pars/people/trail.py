"""The audit trail as people read it: whose act, in words, about how many physicians, chained or not."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import get_current_timezone

from pars.access.actor import Actor
from pars.access.models import User
from pars.audit.models import Event, EventQuerySet, Seal, Subject

# What acts are called. An act that is missing here is shown by its own name.
WORDS: dict[str, str] = {
    "acting.switched": "Switched organization",
    "activity.changed": "Changed an activity",
    "activity.closed": "Closed an activity",
    "activity.counted": "Updated learner counts",
    "activity.deleted": "Deleted an activity",
    "activity.entered": "Entered an activity",
    "activity.put": "Entered or changed activities",
    "activity.reopened": "Reopened an activity",
    "activity.repeated": "Repeated an activity",
    "agreement.accepted": "Accepted the terms",
    "audit.verified": "Verified the audit trail",
    "batch.chunk": "Processed part of an upload",
    "batch.chunk_set_aside": "Set part of an upload aside",
    "batch.done": "Finished an upload",
    "batch.entered": "Entered rows by hand",
    "batch.received": "Received an upload",
    "batch.refused": "Refused an upload",
    "disposal.batch_destroyed": "Destroyed an upload after six years",
    "disposal.destroyed": "Destroyed credits after six years",
    "disposal.finished": "Finished destroying records",
    "disposal.hurried": "Ended the notice before destroying",
    "disposal.planned": "Counted records to destroy",
    "disposal.wording_destroyed": "Destroyed names that no credit needs",
    "hold.placed": "Placed a hold",
    "hold.released": "Released a hold",
    "invitation.accepted": "Accepted an invitation",
    "invitation.made": "Invited somebody",
    "invitation.renewed": "Sent an invitation again",
    "invitation.revoked": "Took an invitation back",
    "mail.chosen": "Chose what mail to get",
    "mail.given_up": "Gave a mail up",
    "mail.posted": "Posted mail",
    "mail.tried_again": "Had mail tried again",
    "mail.unknown": "Lost sight of a mail",
    "member.removed": "Removed a member",
    "member.role_changed": "Changed a role",
    "organization.founded": "Added an organization",
    "physician.birthday_corrected": "Corrected a birthday",
    "physician.enrolled": "Began a physician's record",
    "physician.merged": "Joined two physicians' records",
    "physician.renamed": "Took a changed name",
    "physician.split": "Parted two physicians' records",
    "roster.absent_lapsed": "Lapsed licenses missing from a roster",
    "roster.absent_seen": "Looked at licenses missing from a roster",
}


def words(verb: str) -> str:
    """ "invitation.made" → "Invited somebody"; an unlisted verb is spelled out from its own name."""
    return WORDS.get(verb) or verb.replace(".", ": ").replace("_", " ").capitalize()


def events(
    actor: Actor, *, organization: str = "", since: date | None = None, until: date | None = None
) -> EventQuerySet:
    """Events the actor may see, of one organization (by its code) and between two days, both included."""
    found = Event.objects.visible_to(actor)
    if organization:
        found = found.filter(organization__code__iexact=organization)
    if since:
        found = found.filter(at__gte=_midnight(since))
    if until:
        found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
    return found


def described(found: EventQuerySet) -> "QuerySet[Event]":
    """Each event with `who` (a person's name, else the job's), `subject_count` and `sealed`."""
    names = User.objects.filter(pk=OuterRef("user_id")).values("name")
    subjects = (
        Subject.objects.filter(event=OuterRef("pk"))
        .order_by()
        .values("event")
        .annotate(count=Count("physician_id"))
        .values("count")
    )
    return found.select_related("organization").annotate(
        who=Coalesce(Subquery(names), "system"),
        subject_count=Coalesce(Subquery(subjects), 0),
        sealed=Exists(Seal.objects.filter(event=OuterRef("pk"))),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=get_current_timezone())
