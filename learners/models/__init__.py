"""The registry (physicians, licenses), people in a provider's words (learners), and credit.

Providers never create or read a physician: matching gives verdicts (design section 7). Every rule that a row can
check for itself stands here as a constraint; everything set-based stands in `sql/`.
"""

from ..staging import StagedCredit
from .credit import (
    Arrival,
    ArrivalQuerySet,
    Credit,
    CreditPoints,
    CreditQuerySet,
    CreditType,
    CreditVersion,
    Guess,
    Learner,
    LearnerQuerySet,
    Verdict,
)
from .registry import (
    Alias,
    Certification,
    Degree,
    License,
    LicenseQuerySet,
    LicenseVersion,
    MergedRow,
    Merger,
    Physician,
    PhysicianQuerySet,
)
from .retention import Disposal, DisposalQuerySet, Hold, HoldQuerySet

__all__ = [
    "Alias",
    "Arrival",
    "ArrivalQuerySet",
    "Certification",
    "Credit",
    "CreditPoints",
    "CreditQuerySet",
    "CreditType",
    "CreditVersion",
    "Degree",
    "Disposal",
    "DisposalQuerySet",
    "Guess",
    "Hold",
    "HoldQuerySet",
    "Learner",
    "LearnerQuerySet",
    "License",
    "LicenseQuerySet",
    "LicenseVersion",
    "MergedRow",
    "Merger",
    "Physician",
    "PhysicianQuerySet",
    "StagedCredit",
    "Verdict",
]
