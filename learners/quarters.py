"""Amounts of credit and points as people write them: they come in quarters."""

from decimal import Decimal, InvalidOperation
from functools import lru_cache

_LARGEST = Decimal("999.75")


@lru_cache(maxsize=8_192)
def read_quarters(text: str) -> Decimal | None:
    """A number above 0 and below 1,000 in steps of 0.25; None: no such number."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 < amount <= _LARGEST or (amount * 4) % 1:
        return None
    return amount.quantize(Decimal("0.01"))


def is_nothing(text: str) -> bool:
    """Empty, or the 0 that a spreadsheet leaves where there is nothing."""
    return not text.strip("0.")
