"""What boards write for a license's kind and status, in PARS's own few words.

No authority sets these words; they are the usual ones, and the list grows with what boards send. A status that is not
here is asked about, never guessed; a kind of license that is not here belongs to nobody who earns AMA PRA Category 1
Credit.
"""

import re
from functools import lru_cache

from learners.models import Degree, License

_WORD = re.compile(r"[a-z]+")
_OTHERS = frozenset(
    {
        *("assistant", "nurse", "rn", "podiatric", "podiatry", "podiatrist", "perfusionist", "therapist"),
        *("acupuncturist", "midwife", "technician", "technologist", "pharmacist", "dietitian", "trainer"),
    }
)
_MD, _DO = frozenset({"md", "allopathic", "mbbs"}), frozenset({"do", "osteopathic", "osteopath"})
_PHYSICIAN = frozenset({"physician", "physicians", "surgeon", "medicine", "medical", "doctor", "resident"})

STATUSES: dict[str, License.Status] = {
    **dict.fromkeys(
        (
            "active",
            "current",
            "clear",
            "renewed",
            "in force",
            "valid",
            "in good standing",
            "good standing",
            "issued",
            "licensed",
            "probation",
            "active probation",
            "active on probation",
            "active with restrictions",
            "active restricted",
            "active limited",
            "restricted",
            "limited",
            "conditional",
        ),
        License.Status.ACTIVE,
    ),
    **dict.fromkeys(
        (
            "lapsed",
            "expired",
            "inactive",
            "retired",
            "delinquent",
            "not renewed",
            "non renewed",
            "nonrenewed",
            "cancelled",
            "canceled",
            "closed",
            "withdrawn",
            "null and void",
            "void",
            "deceased",
            "terminated",
            "relinquished",
            "dormant",
            "archived",
        ),
        License.Status.LAPSED,
    ),
    **dict.fromkeys(
        ("suspended", "summary suspension", "emergency suspension", "suspension"), License.Status.SUSPENDED
    ),
    **dict.fromkeys(
        ("revoked", "revocation", "surrendered", "voluntary surrender", "surrender", "annulled"),
        License.Status.REVOKED,
    ),
}


@lru_cache(maxsize=1_024)
def status(text: str) -> License.Status | None:
    """ "ACTIVE - Probation" → active; None for a word no board was seen to use."""
    return STATUSES.get(" ".join(_WORD.findall(text.casefold())))


@lru_cache(maxsize=1_024)
def degree(text: str, licensed: tuple[Degree, ...]) -> Degree | str | None:
    """The degree a kind of license stands for, to a board that licenses `licensed`.

    "" for one that is no physician's; None where a physician's degree cannot be told, because the board licenses both.
    """
    words = set(_WORD.findall(text.casefold().replace(".", "")))
    if words & _OTHERS:
        return ""
    if words & _DO:
        return Degree.DO
    if words & _MD:
        return Degree.MD
    if not words or words & _PHYSICIAN:
        return licensed[0] if len(licensed) == 1 else None
    return ""
