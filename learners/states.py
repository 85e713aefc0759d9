"""The jurisdictions that license physicians: the postal codes and names that people write."""

from functools import lru_cache

from activities.places import STATES

_CODES = {name.casefold(): code for code, name in STATES.items()} | {code.casefold(): code for code in STATES}
_CODES |= {
    "washington dc": "DC",
    "washington d.c.": "DC",
    "virgin islands": "VI",
    "u.s. virgin islands": "VI",
}


@lru_cache(maxsize=1_024)
def state_code(text: str) -> str | None:
    """ "North Carolina", "nc", "N.C." → "NC"; None for what is no state."""
    folded = " ".join(text.split()).casefold()
    return _CODES.get(folded) or _CODES.get(folded.replace(".", ""))
