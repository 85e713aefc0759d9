"""How pages, files for reading and pictures write a number: "37.5", "1,204", "4". One rule for all of them."""

from decimal import Decimal


def trimmed(value: Decimal | float) -> str:
    """With thousands parted, at most two decimals, and no zeros behind the last that matters."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")
