"""Two tenants of every kind, alike but for who they are: what the walks through the access table move about in.

Everything a tenant would not like others to read carries a canary: a word that stands nowhere else.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.utils.timezone import now

from boards.rosters.columns import HEADINGS
from learners import birthday
from learners.models import Credit, Hold, Merger, Physician
from pars.access.models import Invitation, Membership, Organization, User
from pars.access.roles import OrganizationKind, Role
from pars.batches.models import Batch, RememberedHeading, Source, Status
from passport.models import Claim
from tests import factories
from tests.access_table import ROLE_OF, Caller
from tests.roles import as_role
from tests.uploads import a_row, as_csv, as_table, see_through, take_in

CANARIES = ("activity", "learner", "file", "physician", "member", "invited", "claimant", "cell")
OURS, THEIRS = "ours", "theirs"
_token = count(1)


def canary(tenant: str, thing: str) -> str:
    """A word that only `tenant`'s `thing` carries."""
    return f"Zq{thing}{tenant}"


@dataclass(frozen=True)
class Tenant:
    """A provider, a board, an accreditor and a physician, and one of everything that an address can name."""

    name: str
    organizations: dict[OrganizationKind, Organization]
    physician: Physician
    people: dict[Caller, User | None]
    ids: dict[str, dict[OrganizationKind | None, Any]]

    def id_of(self, thing: str, kind: OrganizationKind | None) -> Any:
        """The id of this tenant's `thing`; where each organization has one, the one of that kind's."""
        by_kind = self.ids[thing]
        return by_kind.get(kind) or by_kind.get(None) or by_kind[OrganizationKind.PROVIDER]


def a_tenant(name: str, *, organizations: tuple[Organization, ...] = ()) -> Tenant:
    """Everything one tenant has, its upload processed and one row of it refused.

    `organizations` are a provider, a board and an accreditor; by default, new ones.
    """
    provider, board, _ = organizations = organizations or (
        factories.a_provider(f"Provider {name}"),
        factories.a_board("NC" if name == OURS else "CA", name=f"Board {name}"),
        factories.an_accreditor(),
    )
    number = f"77{len(name)}01"
    physician = factories.a_physician(board, number, first_name=canary(name, "physician"))
    activity = factories.an_activity(provider, title=f"Course {canary(name, 'activity')}")
    people: dict[Caller, User | None] = {Caller.VISITOR: None}
    for caller, (kind, role) in ROLE_OF.items():
        organization = next(one for one in organizations if one.kind == kind)
        words = canary(name, "member")
        email = f"{words}.{role}.{kind}@test.example".lower()
        people[caller] = factories.a_member(organization, role, name=f"Pat {words}", email=email)
    people[Caller.PHYSICIAN] = factories.a_passport(physician, name="Amara")
    people[Caller.NEWCOMER] = factories.a_user()
    batch = _a_batch(name, provider, activity.activity_id, physician, number)
    roster = _a_roster(name, board)
    with as_role("pars_owner"):
        credit = Credit.objects.get(organization=provider, activity=activity, physician=physician)
        waiting = Credit.objects.filter(organization=provider, physician=None).latest("pk")
        licensed = factories.a_license_of(physician)
    return Tenant(
        name=name,
        organizations={OrganizationKind(one.kind): one for one in organizations},
        physician=physician,
        people=people,
        ids={
            "activity": {None: activity.activity_id},
            "section": {None: (activity.activity_id, "basics")},
            "credit": {None: credit.pk},
            "waiting credit": {None: waiting.pk},
            "hold": {None: _a_hold(provider).pk},
            "batch": {
                OrganizationKind.PROVIDER: batch.pk,
                OrganizationKind.BOARD: roster.pk,
                None: batch.pk,
            },
            "heading": {OrganizationKind(one.kind): _a_heading(name, one).pk for one in organizations[:2]},
            "batch row": {
                OrganizationKind.PROVIDER: (batch.pk, 3),
                OrganizationKind.BOARD: (roster.pk, 2),
                None: (batch.pk, 3),
            },
            "roster": {None: _a_full_roster(board).pk},
            "license": {None: licensed.pk},
            "claim": {None: _a_claim(name, board, number).pk},
            "organization": {OrganizationKind(one.kind): one.code for one in organizations},
            "member": {OrganizationKind(one.kind): _member_of(one).pk for one in organizations},
            "invitation": {
                OrganizationKind(one.kind): _an_invitation(name, one)[0].pk for one in organizations
            },
            "physician": {None: physician.pk},
            "pair": {None: (physician.pk, physician.pk)},  # seen once, and joined never
            "merger": {None: _a_merger(physician).pk},
            "link": {None: _an_invitation(f"{name}link", provider)[1]},
        },
    )


def _a_batch(name: str, provider: Organization, activity_id: str, physician: Physician, number: str) -> Batch:
    state = "North Carolina" if name == OURS else "California"
    words = {"first_name": canary(name, "learner"), "last_name": physician.last_name, "state": state}
    good = a_row(activity_id, number=number, **words)
    bad = a_row(activity_id, number=number, completed=canary(name, "cell"), **words)
    waiting = a_row(activity_id, number=f"ZZ-{name}", **words)
    return see_through(take_in(provider, as_csv([good, bad, waiting]), f"{canary(name, 'file')}.csv"))


def _a_roster(name: str, board: Organization) -> Batch:
    """A list with one line that cannot be read."""
    line = {"number": "", "first_name": canary(name, "cell"), "last_name": "Osei"}
    columns = {key: HEADINGS[key][0] for key in line}
    content = as_table(columns, [line])
    return see_through(take_in(board, content, f"{canary(name, 'file')}.csv", kind="rosters"))


def _a_heading(name: str, organization: Organization) -> RememberedHeading:
    kind = "learners" if organization.kind == OrganizationKind.PROVIDER else "rosters"
    with as_role("pars_owner"):
        return RememberedHeading.objects.create(
            organization=organization,
            kind=kind,
            folded=canary(name, "cell").lower(),
            heading=canary(name, "cell"),
            decided_at=now(),
        )


def _a_full_roster(board: Organization) -> Batch:
    """A list of all licenses, without any: the physician's is missing from it."""
    with as_role("pars_owner"):
        return Batch.objects.create(
            organization=board,
            kind="rosters",
            source=Source.FILE,
            file_name="all.csv",
            options={"coverage": "full"},
            status=Status.DONE,
            created_at=now(),
            finished_at=now(),
        )


def _a_hold(provider: Organization) -> Hold:
    with as_role("pars_owner"):
        return Hold.objects.create(
            organization=provider, reason=Hold.Reason.REVIEW, placed_at=datetime(2026, 11, 20, tzinfo=UTC)
        )


def _a_merger(physician: Physician) -> Merger:
    """Another record that was joined to the physician's and parted again."""
    with as_role("pars_owner"):
        return Merger.objects.create(
            kept=physician,
            absorbed=factories.a_physician(),
            reason=Merger.Reason.BOARD,
            merged_at=now(),
            merged_by=1,
            split_at=now(),
            split_by=1,
            split_reason=Merger.SplitReason.MISTAKE,
        )


def _a_claim(name: str, board: Organization, number: str) -> Claim:
    with as_role("pars_owner"):
        return Claim.objects.create(
            user=factories.a_user(),
            first_name=canary(name, "claimant"),
            last_name="Osei",
            birthday=birthday.encrypt("0102"),
            state=board.code[:2],
            number=number,
            status=Claim.Status.DISAGREES,
            made_at=datetime(2026, 11, 20, tzinfo=UTC),
        )


def _member_of(organization: Organization) -> Membership:
    """A member who can be taken away: one more who manages people stays."""
    role = Role.OPERATOR if organization.kind == OrganizationKind.ACCREDITOR else Role.ADMIN
    return Membership.objects.get(user=factories.a_member(organization, role), organization=organization)


def _an_invitation(name: str, organization: Organization) -> tuple[Invitation, str]:
    token = f"{name}-{next(_token)}"
    invitation = Invitation.objects.create(
        organization=organization,
        email=f"{canary(name, 'invited')}.{organization.pk}@test.example".lower(),
        role=Role.ADMIN if organization.kind != OrganizationKind.ACCREDITOR else Role.AUDITOR,
        digest=Invitation.digest_of(token),
        expires_at=now() + timedelta(days=7),
    )
    return invitation, token
