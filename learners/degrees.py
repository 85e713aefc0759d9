"""Whether what a file says of somebody's degree lets them earn *AMA PRA Category 1 Credit*.

Only MDs and DOs do (AMA; pars-facts 3.6). A word that is not known here says nothing: the license decides then, so that
no physician is left out for an unusual title.
"""

import re
from functools import lru_cache

# Degrees of medicine as they are granted here and abroad, and words for who holds one.
_PHYSICIAN = frozenset(
    [
        "md",
        "do",
        "mbbs",
        "mbchb",
        "mbbch",
        "bmbs",
        "mbbchir",
        "physician",
        "physicians",
        "doctor",
        "medicine",
        "osteopathic",
        "allopathic",
        "dr",
    ]
)
_OTHER = frozenset(
    [
        "rn",
        "lpn",
        "lvn",
        "np",
        "aprn",
        "arnp",
        "fnp",
        "fnpc",
        "crnp",
        "crna",
        "cnm",
        "cns",
        "bsn",
        "msn",
        "dnp",
        "nurse",
        "nurses",
        "nursing",
        "midwife",
        "pa",
        "pac",
        "pharmd",
        "rph",
        "cpht",
        "pharmacist",
        "pharmacists",
        "pharmacy",
        "dds",
        "dmd",
        "rdh",
        "dentist",
        "dentists",
        "dental",
        "dpm",
        "podiatrist",
        "od",
        "optometrist",
        "dvm",
        "vmd",
        "veterinarian",
        "phd",
        "psyd",
        "edd",
        "scd",
        "psychologist",
        "psychologists",
        "lcsw",
        "lmsw",
        "msw",
        "lpc",
        "lmft",
        "social",
        "pt",
        "dpt",
        "ot",
        "otr",
        "slp",
        "ccc",
        "rt",
        "rrt",
        "rd",
        "rdn",
        "ldn",
        "dietitian",
        "dietitians",
        "dietetic",
        "at",
        "atc",
        "athletic",
        "emt",
        "paramedic",
        "mph",
        "mha",
        "mba",
        "mpas",
        "ms",
        "ma",
        "bs",
        "ba",
        "jd",
        "student",
        "students",
        "technician",
        "technicians",
        "other",
        "others",
        "nonphysician",
        "chiropractor",
        "dc",
    ]
)
# Words that stand for one only together.
_TOGETHER = re.compile(
    r"\b(physician s? ?(assistants?|associates?)|medical students?|doctor of (?!medicine|osteopath)\w+( \w+)*|"
    r"non physicians?|doctoral)\b"
)
_NOT_A_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=4_096)
def may_earn(text: str) -> bool:
    """ "MD, PhD" and "Attending" may; "RN", "PharmD", "Physician Assistant" and "PhD" may not; "" may."""
    words = _NOT_A_WORD.sub(" ", text.casefold().replace(".", "").replace("’", "'").replace("'", " "))
    plain, together = _TOGETHER.subn(" ", words)
    said = frozenset(plain.split())
    if said & _PHYSICIAN:
        return True
    return not together and not said & _OTHER
