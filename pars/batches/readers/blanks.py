"""What nobody sees round a value. Imports no Django."""

from __future__ import annotations

# Unicode's blanks, and the marks of no width that web pages and exports leave.
_BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u200c\u200d\u2060\ufeff"


def stripped(text: str) -> str:
    """The text without blanks round it, those included that have no width."""
    # Most cells are plain, and to look for each of two dozen blanks takes ten times as long.
    return text.strip() if text.isascii() else text.strip(_BLANKS)
