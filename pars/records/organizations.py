"""What operators can look at: organizations, their people, and what they teach."""

from activities.models import Activity, BoardRegistration, CreditOffered, Figures, ListedActivity, Support
from activities.year_end.models import LearnersOfYear, Year
from boards.models import Board
from pars.access.models import Agreement, Invitation, Membership, Organization, User
from providers.models import Provider

from .site import OWNER, register

_WHO = "Organizations and people"
register(
    _WHO,
    Organization,
    "Organizations",
    "providers, boards and the accreditor",
    *("code", "name", "kind", "time_zone"),
    search_fields=("id", "code"),
    list_filter=("kind",),
)
register(
    _WHO,
    Provider,
    "Providers",
    "who accredited each",
    "organization",
    "accredited_by",
    search_fields=OWNER,
    ordering=("-organization_id",),
)
register(
    _WHO,
    Board,
    "Boards",
    "state, degrees, and since when each takes part",
    *("organization", "state", "licenses_md", "licenses_do", "participates_since"),
    search_fields=OWNER,
    ordering=("-organization_id",),
)
register(
    _WHO, User, "People", "who can sign in", *("id", "name", "email", "is_active"), search_fields=("id",)
)
register(
    _WHO,
    Membership,
    "Memberships",
    "who has which role where",
    *("id", "user", "organization", "role"),
    search_fields=("id", "user_id", *OWNER),
    list_filter=("role",),
)
register(
    _WHO,
    Invitation,
    "Invitations",
    "sent, and accepted or not",
    *("id", "organization", "role", "created_at", "accepted_at"),
    search_fields=("id", *OWNER),
)
register(
    _WHO,
    Agreement,
    "Accepted terms",
    "by whom and when",
    *("id", "organization", "dated", "accepted_at", "consent"),
    search_fields=("id", *OWNER),
)

_TAUGHT = "Activities"
register(
    _TAUGHT,
    Activity,
    "Activities",
    "as their providers entered them",
    *("activity_id", "title", "organization", "start_on", "end_on", "credits"),
    search_fields=("id", "activity_id", *OWNER),
    list_filter=("listed",),
)
register(
    _TAUGHT,
    ListedActivity,
    "Public listing",
    "what anyone may find",
    *("number", "title", "provider_name", "start_on"),
    search_fields=("number", *OWNER),
    hidden=("head", "words"),
)
_OF_ACTIVITY = ("id", "activity__activity_id", *OWNER)
register(
    _TAUGHT,
    BoardRegistration,
    "Certifying boards",
    "what counts for which",
    "id",
    "activity",
    "board",
    search_fields=_OF_ACTIVITY,
)
register(
    _TAUGHT,
    CreditOffered,
    "Other credit",
    "offered beside AMA PRA Category 1",
    "id",
    "activity",
    "category",
    "amount",
    search_fields=_OF_ACTIVITY,
)
register(
    _TAUGHT,
    Figures,
    "Learner counts",
    "by activity",
    *("activity", "organization", "commercial_support"),
    search_fields=("activity__activity_id", *OWNER),
    ordering=("-activity_id",),
)
register(
    _TAUGHT,
    Support,
    "Commercial support",
    "by activity and supporter",
    "id",
    "activity",
    "amount",
    "in_kind",
    search_fields=_OF_ACTIVITY,
)
register(
    _TAUGHT,
    Year,
    "Years",
    "each provider’s report on a year",
    *("id", "organization", "year", "agreed_at", "closed_at"),
    search_fields=("year", *OWNER),
)
register(
    _TAUGHT,
    LearnersOfYear,
    "Learners of enduring materials",
    "by year",
    *("id", "organization", "activity", "year", "physicians", "others"),
    search_fields=_OF_ACTIVITY,
)
