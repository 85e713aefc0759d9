"""Writing the registry: physicians, licenses and certifications from an authority that knows them.

Callers act as the operator or a named job; providers never come here.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from pars.access.models import Organization

from . import birthday
from .models import Certification, Degree, License, Physician
from .names import fold
from .numbers import license_key


@dataclass(frozen=True)
class LicenseEntry:
    """A license as the board lists it."""

    board: Organization
    state: str
    degree: Degree
    number: str
    status: License.Status = License.Status.ACTIVE
    issued_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class PhysicianEntry:
    """A physician as an authority knows them. `month_day` is "MMDD" or None; `certifications` are (board, number)."""

    first_name: str
    last_name: str
    degree: Degree
    month_day: str | None
    npi: str | None
    source: Physician.Source
    licenses: tuple[LicenseEntry, ...] = ()
    certifications: tuple[tuple[str, str], ...] = ()


@transaction.atomic
def enroll(entry: PhysicianEntry) -> Physician:
    """The physician of this entry, found by license or NPI or made; licenses and certifications that lack are added.

    What is on record stays as it is: only a board's roster changes it.
    """
    physician = _known(entry) or Physician.objects.create(
        npi=entry.npi,
        degree=entry.degree,
        first_name=entry.first_name,
        last_name=entry.last_name,
        first_key=fold(entry.first_name),
        last_key=fold(entry.last_name),
        birthday=birthday.encrypt(entry.month_day) if entry.month_day else None,
        source=entry.source,
    )
    _bring_licenses(physician, entry)
    for board, number in entry.certifications:
        Certification.objects.get_or_create(board=board, number=number, defaults={"physician": physician})
    return physician


def _known(entry: PhysicianEntry) -> Physician | None:
    for license_ in entry.licenses:
        held = (
            License.objects.filter(board=license_.board, number=license_.number)
            .select_related("physician")
            .first()
        )
        if held:
            return held.physician
    return Physician.objects.filter(npi=entry.npi).first() if entry.npi else None


def _bring_licenses(physician: Physician, entry: PhysicianEntry) -> None:
    for held in entry.licenses:
        License.objects.get_or_create(
            board=held.board,
            number=held.number,
            defaults={
                "physician": physician,
                "state": held.state,
                "degree": held.degree,
                "number_key": license_key(held.number),
                "first_key": physician.first_key,
                "last_key": physician.last_key,
                "npi": physician.npi,
                "status": held.status,
                "issued_on": held.issued_on,
                "expires_on": held.expires_on,
                "source": entry.source,
            },
        )
