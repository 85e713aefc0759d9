"""The cast: makers of minimal valid rows, for any tenant. They write as the database's owner, past row security."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from activities.formats import Delivery, Format
from activities.models import Activity, BoardRegistration
from boards.models import Board
from learners.models import Degree, License, Physician
from learners.registry import LicenseEntry, PhysicianEntry, enroll
from pars.access.models import Agreement, Membership, Organization, User
from pars.access.roles import OrganizationKind, Role
from passport.models import Passport
from providers.models import Provider
from tests.roles import as_role

PASSWORD = "correct-horse-battery"
_next = count(1)


def a_user(email: str = "", **fields: Any) -> User:
    """A person who can sign in, address verified."""
    email = email or f"person{next(_next)}@test.example"
    user = User.objects.create_user(email, PASSWORD, **{"name": "Pat Person", **fields})
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user


def a_provider(name: str = "", *, agreed: bool = True, **fields: Any) -> Organization:
    """A provider that has accepted the terms and declared written consent."""
    code = fields.pop("code", f"{1_000_000 + next(_next):07d}")
    with as_role("pars_owner"):
        organization = Organization.objects.create(
            kind=OrganizationKind.PROVIDER, code=code, name=name or f"Provider {code}", **fields
        )
        Provider.objects.create(organization=organization, accredited_by="ACCME")
        if agreed:
            agree(organization)
    return organization


def a_board(
    state: str = "NC", *, degree: Degree = Degree.MD, agreed: bool = True, **fields: Any
) -> Organization:
    """A participating board that has accepted the terms."""
    code = fields.pop("code", f"{state}-{degree}-{next(_next)}")
    with as_role("pars_owner"):
        organization = Organization.objects.create(
            kind=OrganizationKind.BOARD, code=code, name=fields.pop("name", f"Board {code}"), **fields
        )
        Board.objects.create(
            organization=organization,
            state=state,
            licenses_md=degree == Degree.MD,
            licenses_do=degree == Degree.DO,
            participates_since=date(2024, 1, 1),
        )
        if agreed:
            agree(organization)
    return organization


def an_accreditor() -> Organization:
    with as_role("pars_owner"):
        return Organization.objects.create(
            kind=OrganizationKind.ACCREDITOR, code=f"ACC{next(_next)}", name="Accreditor"
        )


def agree(organization: Organization) -> Agreement:
    """The terms, accepted."""
    provider = organization.kind == OrganizationKind.PROVIDER
    return Agreement.objects.create(
        organization=organization,
        edition=organization.kind,
        dated=date(2026, 1, 1),
        accepted_by=a_user(),
        signed_name="Ada Admin",
        accepted_at=datetime(2026, 1, 2, tzinfo=UTC),
        consent="written" if provider else "",
    )


def a_member(organization: Organization, role: Role, **fields: Any) -> User:
    """A user with one role in one organization."""
    user = a_user(**fields)
    Membership.objects.create(user=user, organization=organization, role=role)
    return user


def an_activity(organization: Organization, **fields: Any) -> Activity:
    """A complete live course of 4 credits on 12 September 2026, in person in Raleigh."""
    defaults = {
        "activity_id": f"{400_000_000 + next(_next)}",
        "title": "Opioid Prescribing: 2026 Update",
        "format": Format.LIVE,
        "delivery": [Delivery.IN_PERSON],
        "start_on": date(2026, 9, 12),
        "end_on": date(2026, 9, 12),
        "city": "Raleigh",
        "state": "NC",
        "country": "USA",
        "credits": Decimal(4),
        "description": "What changed in safe prescribing, for every prescriber.",
        "providership": "direct",
        "fee": "Yes",
        "registration": "Open to all",
        "url": "https://cme.example.org/opioids",
    }
    with as_role("pars_owner"):
        activity = Activity.objects.create(organization=organization, **(defaults | fields))
        activity.refresh_from_db()
    return activity


def a_registration(activity: Activity, board: str = "ABIM", *credit_types: str) -> BoardRegistration:
    """The activity counts for a certifying board."""
    with as_role("pars_owner"):
        return BoardRegistration.objects.create(
            activity=activity,
            organization_id=activity.organization_id,
            board=board,
            points=Decimal(30),
            credit_types=list(credit_types or ["Medical Knowledge"]),
        )


def a_physician(board: Organization | None = None, number: str = "", **fields: Any) -> Physician:
    """Amara Osei, born 13 October, licensed by `board` under `number` where a board is given."""
    licenses: tuple[LicenseEntry, ...] = ()
    if board is not None:
        state = board.code.partition("-")[0]
        degree = Degree(fields.get("degree", Degree.MD))
        licenses = (LicenseEntry(board, state, degree, number or f"L{next(_next)}"),)
    defaults = {
        "first_name": "Amara",
        "last_name": "Osei",
        "degree": Degree.MD,
        "month_day": "1013",
        "npi": None,
        "source": Physician.Source.ROSTER,
        "licenses": licenses,
    }
    with as_role("pars_owner"):
        return enroll(PhysicianEntry(**(defaults | fields)))


def a_license_of(physician: Physician) -> License:
    with as_role("pars_owner"):
        return License.objects.filter(physician=physician).order_by("pk")[0]


def a_passport(physician: Physician, **fields: Any) -> User:
    """A user whose claim of this physician's record was confirmed."""
    user = a_user(**fields)
    with as_role("pars_owner"):
        Passport.objects.create(user=user, physician=physician, confirmed_at=datetime(2026, 1, 2, tzinfo=UTC))
    return user
