"""The physician's account: which user is which physician, and the claims that made it so."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from learners.models import Physician
from pars.access.actor import Actor
from pars.access.models import User


class Passport(models.Model):
    """A user's confirmed record. It decides who the actor is, so it stands outside row security."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, primary_key=True, related_name="passport")
    physician = models.OneToOneField(Physician, on_delete=models.PROTECT, related_name="passport")
    confirmed_at = models.DateTimeField()


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, actor: Actor) -> "ClaimQuerySet":
        """Everyone's to operators, their own to anyone else."""
        if actor.kind == "operator":
            return self
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()

    def undecided(self) -> "ClaimQuerySet":
        """The latest claim of each user who has no record yet, unless the operator has refused it."""
        later = Claim.objects.filter(user=models.OuterRef("user"), pk__gt=models.OuterRef("pk"))
        return self.filter(
            ~models.Exists(later),
            status__in=(Claim.Status.WAITING, Claim.Status.DISAGREES),
            user__passport=None,
        ).select_related("user")


class Claim(models.Model):
    """A user's word on who they are, and what became of it (design section 7). Birthdays are encrypted.

    `physician` is whom the license points at, also where the rest disagrees: wrong guesses are counted on it.
    """

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        WAITING = "waiting", "Waits for the operator"
        DISAGREES = "disagrees", "Does not agree"
        REFUSED = "refused", "Refused by the operator"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="claims")
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    birthday = models.BinaryField()
    state = models.TextField()
    number = models.CharField(max_length=40)
    physician = models.ForeignKey(Physician, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=9, choices=Status)
    made_at = models.DateTimeField()

    objects: ClassVar[ClaimQuerySet] = ClaimQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="confirmed") | Q(physician__isnull=False),
                name="confirmed_claim_has_physician",
            )
        ]
        indexes = [models.Index(fields=["user", "-made_at"], name="claims_of_user")]
