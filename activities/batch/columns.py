"""The columns of an activity file, by every heading they come under, and which part of a Record each speaks for.

The first heading is the template's. Sources of the others: the accreditor's templates C and D of 2014 to 2020
(pars-facts 4.4), the names of its published schema v0.1.2, and what offices write themselves.
"""

from collections.abc import Mapping

from activities.codes import code_list
from activities.documents import ELEMENTS, ROOT, place
from activities.record import PHYSICIAN
from activities.rules import Problem
from pars.batches.readers import Layout, RecordField, RecordLayout

OTHER = "other"

# Parts that stand several times in a row, once for each supporter or board. The first part opens a group.
SUPPORT: dict[str, tuple[str, ...]] = {
    "supporter": ("Commercial Supporter", "Commercial Support Source", "Supporter", "supportSource"),
    "support_amount": (
        "Support Amount",
        "Monetary Amount",
        "Monetary Amount Received",
        "Monetary Amount Received (for Support Source)",
    ),
    "in_kind": (
        "In-Kind Support",
        "In Kind",
        "In Kind - Durable equipment?",
        "In Kind - Facilities / Space?",
        "In Kind - Disposable supplies (Non-biological)?",
        "In Kind - Animal parts or tissue?",
        "In Kind - Human parts or tissue?",
        "In Kind - Other?",
    ),
}
BOARDS: dict[str, tuple[str, ...]] = {
    "board": ("Certifying Board", "MOC Board", "boardName"),
    "points": ("MOC Points", "MOC Credits", "mocPoints"),
    "credit_types": ("MOC Credit Types", "MOC Credit Type", "MOCCreditType"),
    "practice_areas": ("MOC Practice Areas", "MOC Practice Area"),
    "content_areas": ("MOC Content Areas", "MOC Content Area"),
    "claim_by": ("MOC Claim By", "MOC Credit Claim Date", "CreditClaimDate"),
    "attested": ("MOC Attested", "MOC Attestation"),
    "internal_id": ("MOC Internal ID", "Board Activity ID"),
    "board_fee": ("MOC Fee",),
    "board_registration": ("MOC Registration",),
    "board_url": ("MOC URL",),
}
MOST_SUPPORTERS, MOST_BOARDS = 20, 12  # groups with a number in their headings; without one there may be more

# Column key → the field of a Record it speaks for, where they are not called the same.
FIELDS = {
    "own_id": "provider_activity_id",
    "starts": "start_on",
    "ends": "end_on",
    "reviewed": "reviewed_on",
    "session_credits": "credits_per_session",
    "partners": "joint_providers",
    "supported": "commercial_support",
    "topics": "state_topics",
}

# The same for the parts of a supporter and of a board.
PART_FIELDS = {
    "supporter": "source",
    "support_amount": "amount",
    "board_fee": "fee",
    "board_registration": "registration",
    "board_url": "url",
}

_SINGLE: dict[str, tuple[str, ...]] = {
    "action": ("Record Action", "Action", "activityRecordAction"),
    "own_id": ("Provider Activity ID", "Own Activity ID", "Our Activity ID", "Internal Activity ID", "Internal ID"),
    "activity_id": ("ACCME Activity ID", "PARS Activity ID", "Activity ID"),
    "title": ("Activity Title", "Title", "Activity Name", "Name of Activity"),
    "format": ("Activity Format", "Activity Type", "Format", "Type of Activity", "activityFormat"),
    "delivery": ("Delivery Method", "Delivery Methods", "Delivery"),
    "starts": (
        "Start Date",
        "Activity Start Date",
        "Starts",
        "First Day",
        "Activity Date",
        "Activity Date (MM/DD/YYYY)",
        "startDateTime",
    ),
    "ends": ("End Date", "Activity End Date", "Ends", "Last Day", "Expiration Date", "endDateTime"),
    "reviewed": ("Review Date", "Date Reviewed", "Last Reviewed"),
    "city": ("City",),
    "state": ("State", "State or Province", "Province", "stateOrProvince"),
    "country": ("Country",),
    "credits": (
        "AMA PRA Category 1 Credits",
        "AMA PRA Category 1 Credits™",
        "Number of AMA PRA Category 1 Credits",
        "Number of AMA PRA Category 1 Credits™",
        "Number of AMA PRA Category 1 Credits Designated",
        "Number of AMA PRA Category 1 Credits™ Designated",
        "CME Credits",
        "Credits",
        "Number of Credits",
        "numberOfCredits",
    ),
    "session_credits": ("Credits per Session", "Credits for One Session"),
    "other_credits": ("Other Credits", "Other Credit Categories"),
    "providership": ("Providership", "Sponsorship", "Providership (Direct/Joint)", "activitySponsorship"),
    "partners": ("Joint Providers", "Joint Provider(s)", "Joint Provider", "nonAccreditedProvider"),
    "description": ("Description", "Activity Description", "Description of Content"),
    "tags": ("Tags", "Keywords"),
    "listed": ("List in CME Passport", "CME Passport", "CME Finder", "Public Listing", "ForPublicList"),
    "fee": ("Fee", "Fee for Participation"),
    "registration": ("Registration", "Activity Registration"),
    "url": ("Activity URL", "URL", "Web Address", "Website"),
    "professions": ("Target Professions", "Professions", "Target Audience", "Profession"),
    "specialties": ("Specialties", "Specialty", "Practice Areas"),
    "interprofessional": ("Interprofessional", "isInterprofessional"),
    "commendations": ("Commendation Criteria", "Commendation Tags", "Commendation", "CommendationTag"),
    "mips": ("MIPS Improvement Activity", "MIPS", "IsMeritBasedIncentivePaymentSystem"),
    "rems_type": ("REMS Type", "REMS"),
    "rems_identifier": ("REMS Identifier", "REMS ID", "REMSRelatedIdentifier"),
    "topics": ("State Content", "State Content Topics"),
    "supported": ("Commercial Support", "Commercial Support Received", "Commercial Support Received?"),
}  # fmt: skip

_OLD_OUTCOMES = {
    "Learner Competence": ("Changes in Competence evaluated?",),
    "Learner Performance": ("Changes in Performance evaluated?",),
    "Patient Health": ("Changes in Patient Outcomes evaluated?",),
}
_OLD_COUNTS = {
    PHYSICIAN: ("# of Physicians", "Number of Physicians", "Physician Learners"),
    OTHER: ("# of Other Learners", "Number of Other Learners", "Non-Physicians"),
}


def _key(kind: str, code: str) -> str:
    return f"{kind}_{code.lower().replace(' ', '_')}"


# Column key → code of the list: a column for each outcome, and for each category of learners.
OUTCOMES = {_key("outcome", one.code): one.code for one in code_list("outcome").codes}
COUNTS = {_key("count", one.code): one.code for one in code_list("participant").codes}
COUNT_KEYS = {code: key for key, code in COUNTS.items()}

_BY_OUTCOME = {
    key: (f"Measured {code}", code, *_OLD_OUTCOMES.get(code, ())) for key, code in OUTCOMES.items()
}
_BY_CATEGORY = {
    key: (code_list("participant").label(code), *_OLD_COUNTS.get(code, ())) for key, code in COUNTS.items()
}


def numbered(part: str, number: int | None) -> str:
    """The key of a part in the group of this number, "points_2"; without one the part itself."""
    return part if number is None else f"{part}_{number}"


def _grouped(parts: Mapping[str, tuple[str, ...]], most: int) -> dict[str, tuple[str, ...]]:
    """Every part with each number behind its headings, and without one."""
    return dict(parts) | {
        numbered(part, number): tuple(f"{name} {number}" for name in names)
        for number in range(1, most + 1)
        for part, names in parts.items()
    }


HEADINGS: dict[str, tuple[str, ...]] = {
    **_SINGLE,
    **_BY_OUTCOME,
    **_grouped(SUPPORT, MOST_SUPPORTERS),
    **_grouped(BOARDS, MOST_BOARDS),
    **_BY_CATEGORY,
}
_OF_REMS = {"rems_type": "REMSType", "rems_identifier": "REMSRelatedIdentifier"}
_DAYS = (
    "starts",
    "ends",
    "reviewed",
    "claim_by",
    *(numbered("claim_by", n) for n in range(1, MOST_BOARDS + 1)),
)

DOCUMENT = "document"  # the cell that holds a whole record of a JSON or XML file


def _in_documents() -> dict[str, RecordField]:
    """Column key → where the same stands in a document of the published schema."""
    named = {key: FIELDS.get(key, key) for key in _SINGLE if key not in _OF_REMS}
    paths = {key: place(Problem("", field)) for key, field in named.items()}
    paths |= dict.fromkeys(OUTCOMES, place(Problem("", "outcomes")))
    paths |= dict.fromkeys(COUNTS, place(Problem("", "counts")))
    paths |= {key: f"{place(Problem('', 'rems'))}.{name}" for key, name in _OF_REMS.items()}
    paths["action"] = "XtensibleInfo.activityRecordAction"
    return {key: RecordField((), path) for key, path in paths.items()}


LAYOUT = Layout(
    headings=HEADINGS,
    # A learner file, too, has an activity ID; no learner file has these three.
    needed=frozenset({"title", "format", "starts"}),
    repeated=frozenset({*SUPPORT, *BOARDS}),
    dates=frozenset(_DAYS),
    record=RecordLayout(record=f"{ROOT}/{ELEMENTS}", unit="", fields=_in_documents(), whole=DOCUMENT),
    columns=128,
)

COUNTS_LAYOUT = Layout(
    headings={key: _SINGLE[key] for key in ("own_id", "activity_id", "title")} | _BY_CATEGORY,
    needed=frozenset({COUNT_KEYS[PHYSICIAN]}),
)


def parts_of(key: str) -> tuple[str, int | None]:
    """A group's part and number: ("points", 2) of "points_2", ("points", None) of "points"."""
    part, _, number = key.rpartition("_")
    return (part, int(number)) if number.isdecimal() else (key, None)
