"""The demo's mailbox. Empty everywhere else."""

from typing import ClassVar

from django.db import models


class Mail(models.Model):
    """One e-mail that the demo would have sent, kept so that its links can be followed."""

    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=998)
    body = models.TextField()
    sent_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.subject
