"""Users, organizations and who belongs where: they decide who the actor is, so row security leaves them out."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from .actor import Actor
from .roles import OrganizationKind, Role

INVITATION_DAYS = 7


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who can sign in. The e-mail address is the name to sign in by, compared without case."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        return False


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, actor: Actor) -> "OrganizationQuerySet":
        """Every organization to operators; its own to anyone else."""
        return self if actor.kind == "operator" else self.filter(pk=actor.tenant)

    def by_name(self) -> "OrganizationQuerySet":
        return self.order_by("name", "pk")


class Organization(models.Model):
    """A provider, a board or an accreditor: the only tenant.

    `code` is the seven-digit provider ID, the board's code (NC-MD) or the accreditor's short name.
    `time_zone` is where its days begin and end (IANA name; design section 8).
    """

    kind = models.CharField(max_length=10, choices=OrganizationKind)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=40, default="America/Chicago")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="provider") | Q(code__regex=r"^[0-9]{7}$"),
                name="provider_id_has_seven_digits",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's role in one organization."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="member_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        ]

    def actor(self) -> Actor:
        """This person acting for this organization. One query for the organization unless it was joined."""
        return Actor.member(
            user_id=self.user_id,
            organization_id=self.organization_id,
            kind=OrganizationKind(self.organization.kind),
            role=Role(self.role),
        )


class Invitation(models.Model):
    """A link, sent by e-mail, that makes its reader a member. Only the link's digest is kept."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=Role)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organization", Lower("email"), condition=Q(accepted_at=None), name="one_open_invitation"
            )
        ]

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @staticmethod
    def expiry(at: datetime) -> datetime:
        return at + timedelta(days=INVITATION_DAYS)


class Consent(models.TextChoices):
    """How a learner agreed that the provider shares their completion (program guide: written, or implied by notice)."""

    WRITTEN = "written", "Written"
    IMPLIED = "implied", "Implied after notice"


class Agreement(models.Model):
    """One acceptance of the collaboration's terms by an organization's administrator. Never changed, only superseded.

    `edition` and `dated` name the text (pars/people/agreements/); a provider also declares its usual consent.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="agreements")
    edition = models.CharField(max_length=10, choices=OrganizationKind)
    dated = models.DateField()
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_name = models.CharField(max_length=120)
    accepted_at = models.DateTimeField()
    consent = models.CharField(max_length=8, choices=Consent, blank=True)
    consent_wording = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "dated"], name="agreement_accepted_once"),
            models.CheckConstraint(
                condition=~Q(edition="provider") | ~Q(consent=""), name="provider_declares_its_consent"
            ),
        ]


class Counter(models.Model):
    """A row of Django's cache, where allauth counts: see `counters`. Written outside any request's transaction."""

    key = models.CharField(max_length=255, primary_key=True)
    value = models.BinaryField()
    expires_at = models.DateTimeField(null=True, db_index=True)
