"""What operators can look at: credit, who earned it, and what keeps it."""

from learners.models import Arrival, Credit, CreditPoints, CreditVersion, Disposal, Guess, Hold, Learner

from .site import OWNER, register

_CREDIT = "Credit"
register(
    _CREDIT,
    Credit,
    "Credits",
    "one for each completion",
    *("id", "activity", "organization", "amount", "completed_on", "physician", "withdrawn_at"),
    search_fields=("id", "learner_id", "physician_id", "activity__activity_id"),
    subjects=("physician_id",),
)
register(
    _CREDIT,
    CreditVersion,
    "Earlier versions of credits",
    "what each said before it was changed",
    *("id", "credit_id", "amount", "completed_on", "said_at", "replaced_at"),
    search_fields=("id", "credit_id"),
    subjects=("physician_id",),
)
register(
    _CREDIT,
    CreditPoints,
    "Certifying boards’ points",
    "on credits",
    *("id", "credit_id", "board", "credit_type", "points"),
    search_fields=("id", "credit_id"),
    subjects=("physician_id",),
)
register(
    _CREDIT,
    Learner,
    "Learners",
    "in their providers’ words, and whether each was matched",
    *("id", "first_name", "last_name", "organization", "verdict", "physician_id"),
    search_fields=("id", "physician_id", "npi"),
    list_filter=("verdict",),
    subjects=("physician_id",),
)
register(
    _CREDIT,
    Guess,
    "Wrong guesses",
    "details that did not agree, by provider",
    *("id", "organization", "target", "guessed_at"),
    search_fields=("id", *OWNER),
)
register(
    _CREDIT,
    Arrival,
    "Credit that found its physician",
    "told to its provider",
    *("id", "organization", "learners", "credits", "found_at", "read_at"),
)
register(
    _CREDIT,
    Hold,
    "Holds",
    "what keeps records from being destroyed",
    *("id", "organization", "activity", "credit_id", "reason", "placed_at", "released_at"),
    search_fields=("id", "credit_id", *OWNER),
    list_filter=("reason",),
)
register(
    _CREDIT,
    Disposal,
    "Plans to destroy",
    "records past six years",
    *("id", "organization", "through", "found", "held", "disposed", "begins_at", "finished_at"),
    search_fields=("id", *OWNER),
)
