"""License numbers and NPIs as they are compared."""

import re
from functools import lru_cache

_NOT_ALNUM = re.compile(r"[^0-9A-Z]+")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_NPI = re.compile(r"[12][0-9]{9}")


@lru_cache(maxsize=65_536)
def license_key(number: str) -> str:
    """Upper case, punctuation gone, and then the leading zeros of every run of digits gone, which Excel loses.

    The key finds; it does not identify: "06124" and "6124" share one, and so do "35.012345" and "35012345" (pars-facts
    3.8: no number is refused on its pattern).
    """
    upper = number.upper()
    if not (upper.isascii() and upper.isalnum()):
        upper = _NOT_ALNUM.sub("", upper)
    return _LEADING_ZEROS.sub("", upper) if "0" in upper else upper


def looks_like_npi(number: str) -> bool:
    """Ten digits, the first 1 or 2. A board may issue such a number too."""
    return len(number) == 10 and _NPI.fullmatch(number) is not None


def npi_is_valid(npi: str) -> bool:
    """The check digit holds: Luhn over 80840 and the ten digits (pars-facts 3.7)."""
    if not looks_like_npi(npi):
        return False
    total = 24  # what the prefix 80840 adds
    for place, digit in enumerate(reversed(npi)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
