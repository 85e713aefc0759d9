"""What operators can look at: physicians, licenses, and how each came to be known."""

from boards.nppes.models import LicenseAside, NppesImport
from learners.models import Alias, Certification, License, LicenseVersion, Merger, Physician
from passport.models import Claim, Passport

from .site import register

_REGISTRY = "Registry"
register(
    _REGISTRY,
    Physician,
    "Physicians",
    "who the registry knows",
    *("id", "last_name", "first_name", "degree", "npi", "source"),
    search_fields=("id", "npi"),
    list_filter=("source", "degree"),
    subjects=("pk",),
)
register(
    _REGISTRY,
    License,
    "Licenses",
    "as their boards issued them",
    *("id", "state", "degree", "number", "status", "physician"),
    search_fields=("id", "number", "npi", "physician_id"),
    list_filter=("status", "degree"),
    subjects=("physician_id",),
)
register(
    _REGISTRY,
    LicenseVersion,
    "Earlier versions of licenses",
    "what each said before it was changed",
    *("id", "license", "change", "status", "said_at", "replaced_at"),
    search_fields=("id", "license_id", "physician_id"),
    list_filter=("change",),
    subjects=("physician_id",),
)
register(
    _REGISTRY,
    Alias,
    "Other names",
    "that physicians go or went by",
    *("id", "physician", "first_name", "last_name", "source"),
    search_fields=("id", "physician_id"),
    list_filter=("source",),
    subjects=("physician_id",),
)
register(
    _REGISTRY,
    Certification,
    "Certifications",
    "numbers with certifying boards",
    *("id", "physician", "board", "number"),
    search_fields=("id", "number", "physician_id"),
    subjects=("physician_id",),
)
register(
    _REGISTRY,
    Merger,
    "Joined records",
    "two that were found to be one person’s",
    *("id", "kept", "absorbed", "reason", "merged_at", "split_at"),
    search_fields=("id", "kept_id", "absorbed_id"),
    list_filter=("reason",),
    subjects=("kept_id", "absorbed_id"),
)
register(
    _REGISTRY,
    LicenseAside,
    "Licenses without a board",
    "told by NPPES of states that do not take part",
    *("id", "physician", "state", "degree", "number"),
    search_fields=("id", "number", "physician_id"),
    subjects=("physician_id",),
)
register(
    _REGISTRY,
    NppesImport,
    "NPPES files",
    "how far each has come",
    *("id", "file_name", "rows", "physicians", "licenses", "started_at", "finished_at"),
    search_fields=("id",),
)
register(
    _REGISTRY,
    Claim,
    "Claims",
    "of physicians to their records",
    *("id", "first_name", "last_name", "state", "status", "made_at"),
    search_fields=("id", "physician_id", "user_id"),
    list_filter=("status",),
    subjects=("physician_id",),
)
register(
    _REGISTRY,
    Passport,
    "Physicians’ accounts",
    "who is which physician",
    *("user", "physician", "confirmed_at"),
    search_fields=("user_id", "physician_id"),
    ordering=("-user_id",),
    subjects=("physician_id",),
)
