"""Month and day of birth, never the year: read in every shape people write it, kept encrypted.

The encryption is deterministic (AES-SIV), so that SQL can compare; there are 366 values, so they are made once.
"""

import re
from datetime import date
from functools import cache, lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from pars.access.secrets import key_for

_LEAP = 2000  # any leap year: 29 February is a birthday
_NUMBERS = re.compile(r"(?:••••-)?(\d{1,2})\s*[-/. ]\s*(\d{1,2})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
    for name in (names, names[:3])
} | {"sept": 9}
_WORDS = re.compile(r"(?:(\d{1,2})[\s.-]*([a-z]+)|([a-z]+)[\s.-]*(\d{1,2}))\.?")


class NotADay(ValueError):
    """The text names no month and day."""


@lru_cache(maxsize=4_096)
def parse(text: str) -> str:
    """ "10/13", "••••-03-04", "9-Mar", "March 9" → "MMDD". The month comes first between two numbers.

    Raises NotADay for 30 February, 13/45 or anything else that is no day of any year.
    """
    text = text.strip().casefold()
    if found := _NUMBERS.fullmatch(text):
        month, day = int(found[1]), int(found[2])
    elif found := _WORDS.fullmatch(text):
        month, day = (_MONTHS.get(found[2] or found[3] or "", 0), int(found[1] or found[4]))
    else:
        raise NotADay(text)
    try:
        date(_LEAP, month, day)
    except ValueError:
        raise NotADay(text) from None
    return f"{month:02d}{day:02d}"


@cache
def encrypt(month_day: str) -> bytes:
    """ "MMDD" → 20 bytes, the same each time."""
    return AESSIV(key_for("birthday", 64)).encrypt(month_day.encode(), [b"birthday"])


def decrypt(birthday: bytes) -> str:
    """What `encrypt` was given."""
    return AESSIV(key_for("birthday", 64)).decrypt(bytes(birthday), [b"birthday"]).decode()
