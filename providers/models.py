"""What an accredited provider is beyond an organization."""

from django.db import models

from pars.access.models import Organization

JOINT_ACCREDITATION = "Joint Accreditation"


class Provider(models.Model):
    """The provider's profile. `accredited_by` is ACCME, Joint Accreditation or a state medical society."""

    organization = models.OneToOneField(
        Organization, on_delete=models.PROTECT, primary_key=True, related_name="provider"
    )
    accredited_by = models.CharField(max_length=120)

    @property
    def is_jointly_accredited(self) -> bool:
        """Whether it may offer credit of other professions, too (pars-facts 1)."""
        return self.accredited_by == JOINT_ACCREDITATION

    def __str__(self) -> str:
        return self.organization.name
