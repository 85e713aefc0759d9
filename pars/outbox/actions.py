"""Posting mail, and saying which mail one wants."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from pars.access.actor import Actor
from pars.access.models import Membership
from pars.access.roles import PERMISSIONS
from pars.audit.actions import record

from .kinds import Kind
from .models import Message, Mute, State


def post(
    *,
    kind: Kind,
    organization_id: int,
    key: str,
    by: Actor,
    at: datetime,
    to_user: int | None = None,
    context: dict[str, int] | None = None,
) -> None:
    """Put mail into the outbox, in the caller's transaction: to one member, or to all for whom the kind is.

    A message that was posted before under the same key is not posted again. `context` takes ids and counts.
    """
    holders = _holders(organization_id, kind)
    recipients = holders if to_user is None else [user for user in holders if user == to_user]
    messages = [
        Message(
            organization_id=organization_id,
            user_id=user_id,
            kind=kind.name,
            key=key,
            context=context or {},
            created_at=at,
            due_at=at,
        )
        for user_id in recipients
    ]
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    if messages:
        record(
            "mail.posted",
            by=by,
            at=at,
            organization_id=organization_id,
            kind=kind.name,
            messages=len(messages),
        )


@transaction.atomic
def choose(*, wanted: Iterable[str], offered: Iterable[Kind], by: Actor, at: datetime) -> None:
    """Of the kinds offered, the acting member wants these by name, for the organization they act for."""
    assert by.user_id is not None  # only members choose
    assert by.organization_id is not None
    unwanted = {kind.name for kind in offered} - set(wanted)
    mutes = Mute.objects.filter(user_id=by.user_id, organization_id=by.organization_id)
    mutes.exclude(kind__in=unwanted).delete()
    Mute.objects.bulk_create(
        [
            Mute(user_id=by.user_id, organization_id=by.organization_id, kind=name)
            for name in sorted(unwanted - set(mutes.values_list("kind", flat=True)))
        ]
    )
    record("mail.chosen", by=by, at=at, unwanted=" ".join(sorted(unwanted)))


@transaction.atomic
def try_again(*, by: Actor, at: datetime) -> int:
    """Let every message that was given up be tried anew; how many. Those that may have gone out stay as they are."""
    taken_up = (
        Message.objects.visible_to(by)
        .filter(state=State.GIVEN_UP)
        .update(
            state=State.WAITING, attempts=0, due_at=at, leased_until=None, handed_at=None, finished_at=None
        )
    )
    if taken_up:
        record("mail.tried_again", by=by, at=at, messages=taken_up)
    return taken_up


def _holders(organization_id: int, mail: Kind) -> list[int]:
    """Active members of an organization for whom a kind of mail is, by user id."""
    roles = {(kind, role) for (kind, role), held in PERMISSIONS.items() if mail.is_for(held)}
    members = Membership.objects.filter(organization_id=organization_id, user__is_active=True)
    found = members.values_list("user_id", "organization__kind", "role").order_by("user_id")
    return [user_id for user_id, kind, role in found if (kind, role) in roles]
