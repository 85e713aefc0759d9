"""E-mail in the demo: kept on a page instead of sent."""

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.utils.timezone import now

from .models import Mail


class SinkBackend(BaseEmailBackend):
    """Keeps each message once per recipient, in the request's transaction: rolled back is never sent."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        at = now()
        Mail.objects.bulk_create(
            Mail(to=recipient, subject=str(message.subject), body=str(message.body), sent_at=at)
            for message in email_messages
            for recipient in message.recipients()
        )
        return len(email_messages)
