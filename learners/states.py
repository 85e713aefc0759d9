"""The jurisdictions that license physicians: the postal codes and names that people write."""

from functools import lru_cache

from activities.codes import code_list

_LICENSING = code_list("state").where(licenses="yes")
STATES: dict[str, str] = dict(_LICENSING.choices())


@lru_cache(maxsize=1_024)
def state_code(text: str) -> str | None:
    """ "North Carolina", "nc", "N.C." → "NC"; None for what is no state."""
    found = _LICENSING.find(text)
    return found.code if found else None
