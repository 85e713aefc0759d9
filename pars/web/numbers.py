"""How pages, files for reading and pictures write a number: "37.5", "1,204", "4". One rule for all of them."""

from decimal import Decimal


def trimmed(value: Decimal | float) -> str:
    """With thousands parted, at most two decimals, and no zeros behind the last that matters."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def counted(value: Decimal | float, things: str) -> str:
    """A number and what it counts, given in the plural: "2 activities", "1 activity", "0.5 credits"."""
    if value == 1:
        things = f"{things[:-3]}y" if things.endswith("ies") else things.removesuffix("s")
    return f"{trimmed(value)} {things}".strip()
