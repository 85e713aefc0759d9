"""Records to begin from: the least of a draft, the least of an active activity, and one in which everything is said."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from activities.record import CreditOffered, Outcome, Record, Registration, Rems, StateTopic
from activities.record import Support as Supported

DRAFT = Record(
    title="Grand Rounds", format="Live Course", start_on=date(2026, 11, 2), end_on=date(2026, 11, 2)
)
ACTIVE = replace(
    DRAFT,
    provider_activity_id="GR-1",
    delivery=("Live-Streamed",),
    credits=Decimal("1.5"),
    description="Cases of the month.",
    providership="direct",
)
WHOLE = replace(
    ACTIVE,
    delivery=("In-Person", "Live-Streamed"),
    city="Raleigh",
    state="NC",
    country="USA",
    other_credits=(CreditOffered("Nursing", Decimal("1.25")), CreditOffered("IPCE", Decimal("1.5"))),
    providership="joint",
    joint_providers=("County Hospital",),
    tags=("Ethics",),
    listed=True,
    fee="Variable",
    registration="Open to all",
    url="https://cme.example.org/gr",
    professions=("Physician", "Nurse"),
    specialties=("Internal Medicine",),
    interprofessional=True,
    outcomes=(Outcome("Learner Knowledge", ("Objective", "Subjective")), Outcome("Patient Health")),
    commendations=("C23", "C36"),
    mips=False,
    rems=Rems("Mycophenolate", "EG-123456-001"),
    state_topics=(StateTopic("Ethics, Law and Conduct", "Ethics"),),
    registrations=(
        Registration(
            "ABIM",
            Decimal("1.5"),
            ("Medical Knowledge",),
            practice_areas=("Internal Medicine",),
            claim_by=date(2027, 1, 31),
            internal_id="X-1",
            attested=True,
        ),
    ),
    commercial_support=True,
    support=(Supported("Acme", Decimal(2500)), Supported("Orbit", in_kind=True)),
    counts={"physician": 20, "nurse": 3},
    wording=({"at": ["A", 1], "said": None},),
)
