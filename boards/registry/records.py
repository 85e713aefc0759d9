"""What an operator sees of a physician's record. Looking is an event; a birthday is never shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from learners.models import Alias, Certification, Credit, License, LicenseVersion, Merger, Physician
from pars.access.actor import Actor
from pars.audit.actions import record

from .. import search

MOST_FOUND = 50
MOST_ALIKE = 5


@dataclass(frozen=True)
class Found:
    """Physicians whom a search found, by name; `more` says that there was more than MOST_FOUND."""

    physicians: list[Physician]
    more: bool


@dataclass(frozen=True)
class Reported:
    """What one provider reported of the physician, in short."""

    provider: str
    credits: int
    latest: datetime | None


@dataclass(frozen=True)
class Happening:
    """A change of a license: what it is now called, and what it said before."""

    at: datetime
    text: str
    tone: str


@dataclass(frozen=True)
class Record:
    """A physician's record with its sources and history."""

    physician: Physician
    licenses: list[License]
    aliases: list[Alias]
    certifications: list[Certification]
    reported: list[Reported]
    history: list[Happening]
    mergers: list[Merger]
    alike: list[Physician]

    @property
    def absorbed_into(self) -> Merger | None:
        """The standing merger that gave everything of this record to another."""
        return next(
            (one for one in self.mergers if one.absorbed_id == self.physician.pk and not one.split_at), None
        )


@transaction.atomic
def find(*, text: str, by: Actor, at: datetime) -> Found:
    """The physicians that `text` may mean. One event, its subjects those shown."""
    found = list(
        Physician.objects.visible_to(by)
        .filter(search.physicians(text))
        .prefetch_related("licenses")
        .order_by("last_key", "first_key", "pk")[: MOST_FOUND + 1]
    )
    shown, more = found[:MOST_FOUND], len(found) > MOST_FOUND
    record(
        "physician.searched", by=by, at=at, subjects=[one.pk for one in shown], found=len(shown), more=more
    )
    return Found(shown, more)


@transaction.atomic
def look_at(*, physician: Physician, by: Actor, at: datetime) -> Record:
    """Everything on one physician's page; the look is an event about them and those who look alike."""
    alike = list(_alike(physician, by))
    subjects = sorted({physician.pk, *(one.pk for one in alike)})
    record("physician.seen", by=by, at=at, of=physician, subjects=subjects)
    licenses = License.objects.visible_to(by).filter(physician=physician).select_related("board")
    mergers = Merger.objects.filter(Q(kept=physician) | Q(absorbed=physician))
    return Record(
        physician=physician,
        licenses=list(licenses.order_by("state", "degree", "number")),
        aliases=list(Alias.objects.filter(physician=physician).order_by("created_at")),
        certifications=list(Certification.objects.filter(physician=physician).order_by("board", "number")),
        reported=_reported(physician, by),
        history=_history(LicenseVersion.objects.filter(physician_id=physician.pk)),
        mergers=list(mergers.select_related("kept", "absorbed").order_by("-merged_at", "-pk")),
        alike=alike,
    )


def _alike(physician: Physician, by: Actor) -> QuerySet[Physician]:
    """Records of the same name that no NPI or birthday tells apart from this one."""
    alike = Physician.objects.visible_to(by).filter(
        last_key=physician.last_key, first_key=physician.first_key
    )
    if physician.npi:
        alike = alike.filter(npi=None)
    if physician.birthday:
        alike = alike.filter(Q(birthday=None) | Q(birthday=physician.birthday))
    absorbed = Merger.objects.filter(split_at=None).values("absorbed")
    return (
        alike.exclude(pk=physician.pk)
        .exclude(pk__in=absorbed)
        .prefetch_related("licenses")
        .order_by("pk")[:MOST_ALIKE]
    )


def _reported(physician: Physician, by: Actor) -> list[Reported]:
    counted = (
        Credit.objects.visible_to(by)
        .standing()
        .filter(physician=physician)
        .values_list("organization__name")
        .annotate(credits=Count("pk"), latest=Max("first_reported_at"))
        .order_by("organization__name")
    )
    return [Reported(*row) for row in counted]


def _history(versions: Iterable[LicenseVersion]) -> list[Happening]:
    tones = {"lapsed": "warning", "suspended": "error", "revoked": "error", "moved": "info"}
    return [
        Happening(
            at=version.replaced_at,
            text=f"License {version.number}: {version.get_change_display().lower()} "
            f"({version.get_source_display()}). Before: {_said(version)}",
            tone=tones.get(version.change, "success"),
        )
        for version in sorted(versions, key=lambda one: (one.replaced_at, one.pk), reverse=True)
    ]


def _said(version: LicenseVersion) -> str:
    until = f", expiring {version.expires_on:%m/%d/%Y}" if version.expires_on else ""
    return f"{version.get_status_display().lower()}{until}."
