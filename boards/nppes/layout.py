"""What we read of the NPPES Data Dissemination file: its columns by name, and who in it is a physician.

Source: CMS, NPPES Data Dissemination, "README" and "Data Dissemination File – Code Values" that come with each monthly
file (330 columns since 2020). Physicians' taxonomy codes: NUCC Health Care Provider Taxonomy, grouping "Allopathic &
Osteopathic Physicians" (codes 202 to 209, without 204E, which is mostly dentists).
"""

import re
from functools import lru_cache

from learners.models import Degree

SLOTS = range(1, 16)
NPI = "NPI"
ENTITY = "Entity Type Code"
LAST_NAME = "Provider Last Name (Legal Name)"
FIRST_NAME = "Provider First Name"
MIDDLE_NAME = "Provider Middle Name"
SUFFIX = "Provider Name Suffix Text"
CREDENTIAL = "Provider Credential Text"
DEACTIVATED = "NPI Deactivation Date"
REACTIVATED = "NPI Reactivation Date"
TAXONOMY = "Healthcare Provider Taxonomy Code_{}"
LICENSE = "Provider License Number_{}"
LICENSE_STATE = "Provider License Number State Code_{}"

NEEDED = (
    *(NPI, ENTITY, LAST_NAME, FIRST_NAME, MIDDLE_NAME, SUFFIX, CREDENTIAL, DEACTIVATED, REACTIVATED),
    *(name.format(slot) for slot in SLOTS for name in (TAXONOMY, LICENSE, LICENSE_STATE)),
)
INDIVIDUAL = "1"
PHYSICIANS = ("207", "208", "2098", "202C", "202D", "202K", "204C", "204D", "204F", "204R")

_MD = re.compile(r"\b(?:M\s?D|MBBS|MBBCH|MBCHB|MBCHC|BMBS)\b")
_DO = re.compile(r"\bD\s?O\b")


@lru_cache(maxsize=65_536)
def degree(credential: str) -> str:
    """ "M.D., Ph.D." → MD, "D.O." → DO; "" where the text names neither, or both."""
    text = credential.upper().replace(".", "")
    says = [degree for degree, pattern in ((Degree.MD, _MD), (Degree.DO, _DO)) if pattern.search(text)]
    return says[0].value if len(says) == 1 else ""
