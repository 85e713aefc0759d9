"""Mail about credit that is due: to those who report for a provider, once a week at most, and with an end.

It ends when credit comes, when the activity is closed, or AFTER the due day: whoever has not answered by then will not.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from activities.clock import day_of
from activities.models import Activity
from pars.access.actor import Actor
from pars.access.models import Organization, OrganizationQuerySet
from pars.access.roles import OrganizationKind, Permission
from pars.outbox.actions import post
from pars.outbox.kinds import Kind, Letter
from pars.outbox.models import Message

from .owed import Owed, unreported

BEFORE = timedelta(days=7)
AFTER = timedelta(days=60)
APART = timedelta(days=7)


def owed(activities: QuerySet[Activity], today: date) -> Owed:
    """What is worth a reminder on a day of the provider's calendar: due within BEFORE, or late within AFTER."""
    return Owed.of(_worth_a_reminder(activities, today), today)


def owing(today: date) -> OrganizationQuerySet:
    """Providers that may owe something, by a calendar that is a day wide of each provider's own."""
    wide = timedelta(days=1)
    activities = unreported(
        Activity.objects.all(),
        today + wide,
        due_since=today - AFTER - wide,
        due_until=today + BEFORE + wide,
    )
    owners = activities.order_by().values("organization")
    return Organization.objects.filter(kind=OrganizationKind.PROVIDER, pk__in=owners).order_by("pk")


def remind(organization: Organization, *, by: Actor, at: datetime) -> None:
    """Post this week's reminder where there is something to say and none was posted within APART."""
    today = day_of(at, organization.time_zone)
    ours = Activity.objects.filter(organization=organization)
    lately = Message.objects.filter(organization=organization, kind=REMINDER.name, created_at__gt=at - APART)
    if not lately.exists() and _worth_a_reminder(ours, today).exists():
        year, week, _ = today.isocalendar()
        post(kind=REMINDER, organization_id=organization.pk, key=f"{year}-W{week:02d}", by=by, at=at)


def _worth_a_reminder(activities: QuerySet[Activity], today: date) -> QuerySet[Activity]:
    return unreported(activities, today, due_since=today - AFTER, due_until=today + BEFORE)


def _compose(message: Message, at: datetime) -> Letter | None:
    organization = message.organization
    actor = Actor.organization(organization.pk, OrganizationKind.PROVIDER)
    found = owed(Activity.objects.visible_to(actor), day_of(at, organization.time_zone))
    if not found.count:
        return None
    context = {
        "owed": found,
        "organization": organization,
        "due_url": settings.SITE + reverse("provider-dashboard") + "#due",
        "choice_url": settings.SITE + reverse("mail-choice"),
    }
    activities = "activity" if found.count == 1 else "activities"
    return Letter(
        subject=f"Credit to report for {found.count} {activities}",
        body=render_to_string("learners/email/reminder.txt", context),
    )


REMINDER = Kind(
    name="credit-due",
    title="Credit that is due",
    hint="at most once a week, while activities that have ended have no credit reported",
    permissions=(Permission.REPORT,),
    compose=_compose,
)
