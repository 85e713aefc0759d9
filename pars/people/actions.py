"""What changes who belongs where, and what an organization has agreed to."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from pars.access.actor import Actor
from pars.access.models import Agreement, Invitation, Membership, Organization, User
from pars.access.roles import PERMISSIONS, OrganizationKind, Permission, Role
from pars.access.scope import acting_as
from pars.audit.actions import record

from .texts import Text


class AlreadyMember(Exception):
    """The person invited belongs to the organization already."""


class LastAdministrator(Exception):
    """Without this person nobody could manage the organization's people."""


class InvitationGone(Exception):
    """The invitation was taken back, used, replaced or has run out."""


class CodeTaken(Exception):
    """Another organization has this code."""


@dataclass(frozen=True)
class Sent:
    """An invitation and the secret of its link, which is kept nowhere else."""

    invitation: Invitation
    token: str


def managing_roles(kind: str) -> list[Role]:
    """The roles whose holders manage an organization's people."""
    return [
        role
        for (of_kind, role), permissions in PERMISSIONS.items()
        if of_kind == kind and Permission.MANAGE_PEOPLE in permissions
    ]


@transaction.atomic
def invite(*, organization: Organization, email: str, role: Role, by: Actor, at: datetime) -> Sent:
    """Invite an address. An open invitation of the same address is replaced, and its link dies.

    Raises AlreadyMember.
    """
    if organization.memberships.filter(user__email__iexact=email).exists():
        raise AlreadyMember
    organization.invitations.filter(email__iexact=email, accepted_at=None).delete()
    token = Invitation.new_token()
    invitation = Invitation.objects.create(
        organization=organization,
        email=email.lower(),
        role=role,
        digest=Invitation.digest_of(token),
        invited_by_id=by.user_id,
        created_at=at,
        expires_at=Invitation.expiry(at),
    )
    record("invitation.made", by=by, of=invitation, at=at, organization_id=organization.pk, role=role)
    return Sent(invitation, token)


@transaction.atomic
def renew(*, invitation: Invitation, by: Actor, at: datetime) -> Sent:
    """Give an open invitation a new link and a new term; the old link dies. Raises InvitationGone."""
    held = _open(invitation.pk)
    token = Invitation.new_token()
    held.digest = Invitation.digest_of(token)
    held.expires_at = Invitation.expiry(at)
    held.save(update_fields=["digest", "expires_at"])
    record("invitation.renewed", by=by, of=held, at=at, organization_id=held.organization_id)
    return Sent(held, token)


@transaction.atomic
def revoke(*, invitation: Invitation, by: Actor, at: datetime) -> None:
    """Take an open invitation back. Raises InvitationGone."""
    held = _open(invitation.pk)
    record("invitation.revoked", by=by, of=held, at=at, organization_id=held.organization_id)
    held.delete()


@transaction.atomic
def accept(*, invitation: Invitation, user: User, at: datetime) -> Membership:
    """Make `user` a member. The event is theirs, in the organization they have just joined.

    Raises InvitationGone.
    """
    held = _open(invitation.pk)
    if held.expires_at <= at:
        raise InvitationGone
    held.accepted_at = at
    held.save(update_fields=["accepted_at"])
    membership, _ = Membership.objects.update_or_create(
        user=user, organization=held.organization, defaults={"role": held.role}
    )
    member = membership.actor()
    with acting_as(member):
        record("invitation.accepted", by=member, of=held, at=at)
    return membership


@transaction.atomic
def accept_as_newcomer(*, invitation: Invitation, name: str, password: str, at: datetime) -> Membership:
    """Make the account and the membership in one. Who has the link reads the address's mail: it is verified.

    Only where `invitations.account_behind` finds none: an account somebody began with this address but never
    verified is taken over, with the new password and without other addresses. Raises InvitationGone.
    """
    email = invitation.email.lower()
    user = User.objects.filter(email__iexact=email).first() or User(email=email)
    user.name = name
    user.set_password(password)
    user.save()
    EmailAddress.objects.filter(user=user).exclude(email=email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"primary": True, "verified": True}
    )
    return accept(invitation=invitation, user=user, at=at)


@transaction.atomic
def change_role(*, member: Membership, role: Role, by: Actor, at: datetime) -> None:
    """Give a member another role. Raises LastAdministrator."""
    managing = managing_roles(_locked(member).kind)
    if role not in managing:
        _leave_a_manager(member, managing)
    member.role = role
    member.save(update_fields=["role"])
    record("member.role_changed", by=by, of=member, at=at, organization_id=member.organization_id, role=role)


@transaction.atomic
def remove(*, member: Membership, by: Actor, at: datetime) -> None:
    """End a membership; the account stays. Raises LastAdministrator."""
    _leave_a_manager(member, managing_roles(_locked(member).kind))
    record(
        "member.removed",
        by=by,
        of=member,
        at=at,
        organization_id=member.organization_id,
        removed_user=member.user_id,
    )
    member.delete()


@transaction.atomic
def accept_terms(
    *,
    organization: Organization,
    text: Text,
    signed_name: str,
    by: Actor,
    accepted_by: User,
    at: datetime,
    consent: str = "",
    consent_wording: str = "",
) -> Agreement:
    """Accept a text for the organization. Accepted twice, the first acceptance stands."""
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    agreement, new = Agreement.objects.get_or_create(
        organization=locked,
        dated=text.dated,
        defaults={
            "edition": text.edition,
            "accepted_by": accepted_by,
            "signed_name": signed_name,
            "accepted_at": at,
            "consent": consent,
            "consent_wording": consent_wording,
        },
    )
    if new:
        record(
            "agreement.accepted", by=by, of=agreement, at=at, dated=text.dated.isoformat(), consent=consent
        )
    return agreement


@transaction.atomic
def found(
    *, kind: OrganizationKind, code: str, name: str, time_zone: str, by: Actor, at: datetime
) -> Organization:
    """Make an organization, without people yet. Raises CodeTaken."""
    try:
        with transaction.atomic():
            organization = Organization.objects.create(kind=kind, code=code, name=name, time_zone=time_zone)
    except IntegrityError:
        raise CodeTaken from None
    record("organization.founded", by=by, of=organization, at=at, organization_id=organization.pk)
    return organization


def _open(pk: int) -> Invitation:
    invitation = (
        Invitation.objects.select_related("organization")
        .select_for_update(of=("self",))
        .filter(pk=pk, accepted_at=None)
        .first()
    )
    if invitation is None:
        raise InvitationGone
    return invitation


def _locked(member: Membership) -> Organization:
    """The member's organization, locked: two administrators must not remove each other at once."""
    return Organization.objects.select_for_update().get(pk=member.organization_id)


def _leave_a_manager(member: Membership, managing: list[Role]) -> None:
    others: QuerySet[Membership] = Membership.objects.filter(
        organization_id=member.organization_id, role__in=managing, user__is_active=True
    ).exclude(pk=member.pk)
    if not others.exists():
        raise LastAdministrator
