"""Following an invitation: whose link it is, which account has to accept, and the message itself."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.mail import send_mail
from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from pars.access.models import INVITATION_DAYS, Invitation, User

from .actions import Sent


def find(token: str, at: datetime) -> Invitation | None:
    """The invitation a link stands for; None where it is unknown, used, taken back or has run out."""
    return (
        Invitation.objects.select_related("organization")
        .filter(digest=Invitation.digest_of(token), accepted_at=None, expires_at__gt=at)
        .first()
    )


def account_behind(invitation: Invitation) -> User | None:
    """The account that has to accept: the one to which the invited address is known to belong.

    An account that was begun with the address and never verified is nobody's, unless it was switched off.
    """
    address = (
        EmailAddress.objects.select_related("user")
        .filter(email__iexact=invitation.email, verified=True)
        .first()
    )
    if address is not None:
        return User.objects.get(pk=address.user_id)
    return (
        User.objects.filter(email__iexact=invitation.email)
        .filter(Q(is_active=False) | Q(emailaddress__verified=True))
        .first()
    )


def send(request: HttpRequest, sent: Sent) -> None:
    """Mail the link. The message names nobody. Raises OSError where mail cannot be sent."""
    context = {
        "organization": sent.invitation.organization,
        "url": request.build_absolute_uri(reverse("invitation", args=[sent.token])),
        "days": INVITATION_DAYS,
    }
    send_mail(
        subject=f"Join {sent.invitation.organization.name} on PARS",
        message=render_to_string("people/email/invitation.txt", context),
        from_email=None,
        recipient_list=[sent.invitation.email],
    )
