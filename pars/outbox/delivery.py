"""One message after another, from the outbox to the mail server.

Its lease says who may send a message, by the database's clock; `attempts` fences off an earlier holder. A worker that
dies before the server got the message loses nothing: the lease runs out, and the next one tries. One that dies
afterwards cannot know, and neither can the next, so the message is not sent again.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils.timezone import now

from pars.access.actor import Actor
from pars.access.models import Membership
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.audit.actions import record

from .kinds import Letter, kind_named
from .models import Message, MessageQuerySet, Mute, State

log = logging.getLogger(__name__)

SYSTEM = Actor.system_job("outbox")
LEASE = "120 seconds"
AT_ONCE = 60.0  # seconds of work for one task; the rest waits for the next
# Waits between tries, in minutes: two and a half days in all, so that a weekend without a mail server is survived.
WAITS = (1, 5, 30, 120, 480, 1_440, 1_440)
TRIES = len(WAITS) + 1
KEPT_FOR = timedelta(days=400)  # what was sent, and to whom, for a year's review

_CLAIM = """
UPDATE outbox_message SET attempts = attempts + 1, leased_until = now() + %s::interval
WHERE id = (
    SELECT m.id FROM outbox_message m
    WHERE m.state = 'waiting' AND m.due_at <= now() AND m.handed_at IS NULL
        AND (m.leased_until IS NULL OR m.leased_until < now())
    ORDER BY m.due_at LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id, attempts
"""


@dataclass(frozen=True)
class Claim:
    """A message this process may send until its lease runs out."""

    message_id: UUID
    attempt: int


def deliver() -> int:
    """Send what is due and can be claimed; the number sent. Safe to call from anywhere, any number of times."""
    _close_unknown()
    until = time.monotonic() + AT_ONCE
    server: BaseEmailBackend = get_connection()
    sent = 0
    try:
        while time.monotonic() < until and (claim := _claim()):
            sent += _send(claim, server)
    finally:
        server.close()
    return sent


def forget(at: datetime) -> int:
    """Remove messages finished longer ago than KEPT_FOR; how many."""
    with acting_as(SYSTEM):
        return Message.objects.filter(finished_at__lt=at - KEPT_FOR).delete()[0]


def _claim() -> Claim | None:
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [LEASE])
        claimed = cursor.fetchone()
    return Claim(*claimed) if claimed else None


def _send(claim: Claim, server: BaseEmailBackend) -> bool:
    if claim.attempt > TRIES:  # each earlier holder died on it
        _finish(claim, State.GIVEN_UP)
        return False
    try:
        mail = _written(claim)
        if mail is None:
            _finish(claim, State.LAPSED)
            return False
        server.open()
    except Exception as error:  # noqa: BLE001 (a composer or a server that is down: tried again, then given up)
        _failed(claim, error)
        return False
    return _hand_over(claim, mail, server)


def _hand_over(claim: Claim, mail: EmailMessage, server: BaseEmailBackend) -> bool:
    """From here on the message is out of our hands, until the server says otherwise."""
    with acting_as(SYSTEM):
        if not _held(claim).update(handed_at=Now()):
            return False  # the lease ran out, and another holder has it
    try:
        server.send_messages([mail])
    except (SMTPResponseException, SMTPRecipientsRefused) as refusal:  # the server said no
        _failed(claim, refusal)
        server.close()
        return False
    except (SMTPException, OSError) as error:
        _finish(claim, State.UNKNOWN, error)
        server.close()
        return False
    _finish(claim, State.SENT)
    return True


def _written(claim: Claim) -> EmailMessage | None:
    """The mail as it is right now; None where its reader has left or wants none, or nothing is left to say."""
    with acting_as(SYSTEM):
        message = Message.objects.select_related("organization", "user").get(pk=claim.message_id)
        member = Membership.objects.filter(
            user=message.user_id, organization=message.organization_id, user__is_active=True
        )
        muted = Mute.objects.filter(
            user=message.user_id, organization=message.organization_id, kind=message.kind
        )
        kind = kind_named(message.kind)
        membership = member.select_related("organization").first()
        if membership is None or not kind.is_for(membership.actor().permissions) or muted.exists():
            return None
    organization = message.organization
    with acting_as(Actor.organization(organization.pk, OrganizationKind(organization.kind))):
        letter = kind.compose(message, now())
    return _envelope(message, letter) if letter else None


def _envelope(message: Message, letter: Letter) -> EmailMessage:
    host = settings.SITE.partition("//")[2].partition(":")[0]
    headers = {"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(letter.subject, letter.body, to=[message.user.email], headers=headers)


def _held(claim: Claim) -> MessageQuerySet:
    return Message.objects.filter(pk=claim.message_id, state=State.WAITING, attempts=claim.attempt)


def _failed(claim: Claim, error: Exception) -> None:
    """Try later, or give up. The class only: what a mail server answers quotes addresses."""
    log.warning("message %s attempt %s: %s", claim.message_id, claim.attempt, type(error).__name__)
    if claim.attempt >= TRIES:
        _finish(claim, State.GIVEN_UP, error)
        return
    wait = timedelta(minutes=WAITS[claim.attempt - 1])
    with acting_as(SYSTEM):
        _held(claim).update(
            due_at=Now() + wait, leased_until=None, handed_at=None, error=type(error).__name__[:60]
        )


def _finish(claim: Claim, state: State, error: Exception | None = None) -> None:
    with acting_as(SYSTEM):
        message = Message.objects.get(pk=claim.message_id)
        done = _held(claim).update(
            state=state,
            finished_at=Now(),
            leased_until=None,
            error=type(error).__name__[:60] if error else F("error"),
        )
        if done and state in (State.GIVEN_UP, State.UNKNOWN):
            record(
                f"mail.{state}",
                by=SYSTEM,
                of=message,
                organization_id=message.organization_id,
                kind=message.kind,
            )


def _close_unknown() -> None:
    """Messages whose holder died after handing them over."""
    with acting_as(SYSTEM):
        lost = Message.objects.filter(state=State.WAITING, handed_at__isnull=False, leased_until__lt=Now())
        claims = [Claim(*held) for held in lost.values_list("pk", "attempts")[:100]]
    for claim in claims:
        _finish(claim, State.UNKNOWN)
