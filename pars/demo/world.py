"""Loads the demo world: three providers, five boards, forty physicians, eight activities, and who signs in.

Loading twice changes nothing.
"""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from activities import rules
from activities.models import Activity, BoardRegistration, Support
from activities.record import Outcome, Record, Registration, Rems, StateTopic
from activities.record import Support as Supported
from activities.stored import LISTS, columns, figures_row, registration_rows, support_rows
from boards.models import Board
from learners.models import Degree, License, Physician
from learners.registry import LicenseEntry, PhysicianEntry, enroll
from pars.access.actor import Actor
from pars.access.models import Agreement, Membership, Organization, User
from pars.access.roles import OrganizationKind, Role
from pars.access.scope import acting_as
from passport.models import Passport
from providers.models import Provider

WORLD = Path(__file__).parent / "world.json"
ACCREDITOR = "ACCREDITOR"
AGREED = date(2026, 1, 1)

# Fields of an activity that the file gives as the record has them.
TEXTS = (
    "title", "format", "provider_activity_id", "city", "state", "country", "description", "providership", "fee",
    "registration", "url",
)  # fmt: skip
FLAGS = ("listed", "interprofessional", "mips", "commercial_support")


def load(*, at: datetime) -> list[User]:
    """Make whatever of the world is missing; its users, in the order of the file."""
    world = json.loads(WORLD.read_text(encoding="utf-8"))
    with transaction.atomic(), acting_as(Actor.system_job("demo")):
        _organizations(world)
        physicians = [_physician(entry) for entry in world["physicians"]]
        users = [_user(entry, world["password_for_everyone"], physicians, at) for entry in world["users"]]
        _agreements(at)
    _activities(world)
    return users


def _organization(kind: OrganizationKind, code: str, name: str, **fields: str) -> Organization:
    return Organization.objects.get_or_create(code=code, defaults={"kind": kind, "name": name, **fields})[0]


def _organizations(world: dict[str, Any]) -> None:
    for entry in world["providers"]:
        provider = _organization(
            OrganizationKind.PROVIDER, entry["provider_id"], entry["name"], time_zone=entry["time_zone"]
        )
        Provider.objects.get_or_create(
            organization=provider, defaults={"accredited_by": entry["accredited_by"]}
        )
    for entry in world["boards"]:
        Board.objects.get_or_create(
            organization=_organization(OrganizationKind.BOARD, entry["code"], entry["name"]),
            defaults={
                "state": entry["state"],
                "licenses_md": entry["kind"] == "MD",
                "licenses_do": entry["kind"] == "DO",
                "participates_since": entry["participates_since"],
                "recognises_for_renewal": entry["recognises_for_renewal"],
                "website": entry["website"],
            },
        )
    _organization(OrganizationKind.ACCREDITOR, ACCREDITOR, "Accreditor")


def _physician(entry: dict[str, Any]) -> Physician:
    boards = {board.name: board for board in Organization.objects.filter(kind=OrganizationKind.BOARD)}
    return enroll(
        PhysicianEntry(
            first_name=entry["first_name"],
            last_name=entry["last_name"],
            degree=Degree(entry["degree"]),
            month_day=f"{entry['birth_month']:02d}{entry['birth_day']:02d}",
            npi=entry["npi"],
            source=Physician.Source.ROSTER,
            licenses=tuple(
                LicenseEntry(
                    board=boards[held["board"]],
                    state=held["state"],
                    degree=Degree(held["kind"]),
                    number=held["number"],
                    status=License.Status(held["status"]),
                    issued_on=date.fromisoformat(held["issued_on"]),
                    expires_on=date.fromisoformat(held["expires_on"]),
                )
                for held in entry["licenses"]
            ),
            certifications=tuple((held["board"], held["id"]) for held in entry["certifications"]),
        )
    )


def _user(entry: dict[str, Any], password: str, physicians: list[Physician], at: datetime) -> User:
    email = entry["email"]
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, password, name=entry["name"])
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    if "organization" in entry:
        organization = Organization.objects.get(code=entry["organization"])
        Membership.objects.get_or_create(
            user=user, organization=organization, defaults={"role": Role(entry["role"])}
        )
    else:
        Passport.objects.get_or_create(
            user=user, defaults={"physician": physicians[entry["physician"]], "confirmed_at": at}
        )
    return user


def _agreements(at: datetime) -> None:
    for admin in Membership.objects.select_related("organization", "user").order_by("role", "pk"):
        organization = admin.organization
        if organization.kind == OrganizationKind.ACCREDITOR:
            continue
        Agreement.objects.get_or_create(
            organization=organization,
            dated=AGREED,
            defaults={
                "edition": organization.kind,
                "accepted_by": admin.user,
                "signed_name": admin.user.name,
                "accepted_at": at,
                "consent": "written" if organization.kind == OrganizationKind.PROVIDER else "",
            },
        )


def _activities(world: dict[str, Any]) -> None:
    for entry in world["activities"]:
        organization = Organization.objects.get(code=entry["provider_id"])
        said = rules.tidied(_record(entry))
        with acting_as(Actor.organization(organization.pk, OrganizationKind.PROVIDER)):
            if known := Activity.objects.filter(activity_id=entry["activity_id"]).first():
                _list(known, said)
                continue
            activity = Activity.objects.create(
                organization=organization, activity_id=entry["activity_id"], **columns(said)
            )
            BoardRegistration.objects.bulk_create(registration_rows(activity, said))
            Support.objects.bulk_create(support_rows(activity, said))
            figures_row(activity, said).save(force_insert=True)


def _list(known: Activity, said: Record) -> None:
    """A demo of before the public list asked for an address shows its activities there again."""
    if said.listed and not known.listed and not known.url:
        known.listed, known.fee, known.registration, known.url = (
            True,
            said.fee,
            said.registration,
            said.url,
        )
        known.save(update_fields=["listed", "fee", "registration", "url"])


def _record(entry: dict[str, Any]) -> Record:
    said: dict[str, Any] = {name: entry[name] for name in (*TEXTS, *FLAGS) if name in entry}
    said |= {name: tuple(entry.get(name, ())) for name in LISTS}
    return Record(
        **said,
        start_on=date.fromisoformat(entry["start_on"]),
        end_on=date.fromisoformat(entry["end_on"]),
        credits=Decimal(entry["credits"]),
        credits_per_session=_amount(entry.get("credits_per_session")),
        outcomes=tuple(Outcome(one["what"], tuple(one["how"])) for one in entry.get("outcomes", ())),
        state_topics=tuple(StateTopic(**one) for one in entry.get("state_topics", ())),
        rems=Rems(**entry["rems"]) if "rems" in entry else None,
        support=tuple(
            Supported(one["source"], _amount(one.get("amount")), one.get("in_kind", False))
            for one in entry.get("support", ())
        ),
        counts=entry.get("counts", {}),
        registrations=tuple(
            Registration(
                board=one["board"],
                points=Decimal(one["points"]),
                credit_types=tuple(one["credit_types"]),
                practice_areas=tuple(one["practice_areas"]),
                claim_by=date.fromisoformat(one["claim_by"]),
                attested=one["attested"],
            )
            for one in entry.get("moc", ())
        ),
    )


def _amount(said: str | None) -> Decimal | None:
    return None if said is None else Decimal(said)
