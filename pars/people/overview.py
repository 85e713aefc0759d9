"""What the operator has to know first: who is not ready, what waits, and whether the audit trail holds."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.timezone import localdate

from pars.access.actor import Actor
from pars.access.models import Agreement, Invitation, Membership, Organization, OrganizationQuerySet
from pars.access.roles import OrganizationKind
from pars.audit.models import Event, Seal
from pars.outbox.models import Message
from pars.web.charts import Chart, bars

from .actions import managing_roles

DAYS = 14
# The sealer links events within seconds; what has waited longer than this means that it stands still.
SEALED_WITHIN = timedelta(minutes=1)
_LOOKED_BACK = timedelta(days=7)
_MAIL_NAMED = timedelta(days=30)


@dataclass(frozen=True)
class Chain:
    """How the audit trail stands. `waiting`: events unsealed too long; `verified`: its last check."""

    links: int
    waiting: int
    verified: Event | None

    @property
    def broken(self) -> int:
        """Chains that the newest verification found broken."""
        return int(self.verified.detail["breaks"]) if self.verified else 0


def organizations(actor: Actor) -> OrganizationQuerySet:
    """Organizations, each with `agreed`: whether it has accepted any text of the terms."""
    return Organization.objects.visible_to(actor).annotate(agreed=_has_agreed())


def with_agreement(actor: Actor) -> OrganizationQuerySet:
    """Providers and boards that may report or look up."""
    return organizations(actor).exclude(kind=OrganizationKind.ACCREDITOR).filter(_has_agreed())


def without_agreement(actor: Actor) -> OrganizationQuerySet:
    """Providers and boards that cannot report or look up yet."""
    return organizations(actor).exclude(kind=OrganizationKind.ACCREDITOR).filter(~_has_agreed())


def without_manager(actor: Actor) -> OrganizationQuerySet:
    """Organizations in which nobody can invite, remove or accept."""
    manages = Q()
    for kind in OrganizationKind:
        manages |= Q(organization__kind=kind, role__in=managing_roles(kind))
    managers = Membership.objects.filter(manages, organization=OuterRef("pk"), user__is_active=True)
    return organizations(actor).filter(~Exists(managers))


def _short(day: date, *, first: bool) -> str:
    """The day of the month, with the month where one begins: fourteen of them stand side by side."""
    return f"{day:%b} {day.day}" if first or day.day == 1 else str(day.day)


def _has_agreed() -> Exists:
    return Exists(Agreement.objects.filter(organization=OuterRef("pk")))


def open_invitations() -> QuerySet[Invitation]:
    """Invitations nobody has followed yet, those that ran out first."""
    return (
        Invitation.objects.filter(accepted_at=None)
        .select_related("organization")
        .order_by("expires_at", "pk")
    )


def undelivered(actor: Actor, at: datetime) -> int:
    """Mail of the last month of which nobody can say that it arrived."""
    return Message.objects.visible_to(actor).undelivered().filter(finished_at__gte=at - _MAIL_NAMED).count()


def chain(actor: Actor, at: datetime) -> Chain:
    """The audit trail's health at a moment."""
    sealed = Exists(Seal.objects.filter(event=OuterRef("pk")))
    waiting = Event.objects.visible_to(actor).filter(
        ~sealed, at__gte=at - _LOOKED_BACK, at__lt=at - SEALED_WITHIN
    )
    verified = Event.objects.visible_to(actor).filter(verb="audit.verified").newest_first().first()
    return Chain(links=Seal.objects.count(), waiting=waiting.count(), verified=verified)


def events_by_day(actor: Actor, at: datetime) -> Chart:
    """Events a day over the last two weeks, days without any included."""
    today = localdate(at)
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    counted = dict(
        Event.objects.visible_to(actor)
        .filter(at__gte=at - timedelta(days=DAYS))
        .annotate(day=TruncDate("at"))
        .values_list("day")
        .annotate(number=Count("pk"))
    )
    points = [(_short(day, first=day == days[0]), counted.get(day, 0)) for day in days]
    return bars("Events a day, last two weeks", points, unit="events", by="Day")
