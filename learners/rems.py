"""What a provider says of a learner for a REMS, the participant block of the published learner report (schema v0.5).

It counts only where the activity belongs to a REMS, which `sql/weigh.sql` knows: a cell that cannot be read is noted
here and judged there. A block is stored on the credit under these keys, codes as published; a state as two letters.
"""

import re
from collections.abc import Mapping
from typing import Any

from activities.codes import code_list
from pars.batches.cells import UNPRINTABLE, Reading

from .states import STATES, state_code

LABELS = {
    "local_id": "Local identifier",
    "local_domain": "Domain of the local identifier",
    "practice_state": "State of primary practice",
    "dea": "DEA registration",
    "practice_area": "Practice area",
    "surgical": "Surgical procedures",
    "in_practice": "Time in practice",
    "regulation": "Complies with",
}
COLUMNS = frozenset(LABELS)
LISTS = {
    "dea": code_list("dea_registration"),
    "practice_area": code_list("practice_area"),
    "in_practice": code_list("time_in_practice"),
}
WRONG = "wrong"  # of a block as it is staged: the column, the text and what to do about it

REGULATION = "Opioid REMS"
_DOMAIN = re.compile(r"idd:[^:]+:[^:]+")
LONGEST = 100
_SAID = dict.fromkeys(("yes", "y", "true", "1", "x"), True) | dict.fromkeys(("no", "n", "false", "0"), False)
_DO = {
    "local_id": f"Enter your own identifier of the learner, of at most {LONGEST} characters.",
    "local_domain": "Write it like idd:northlake:employee.",
    "practice_state": "Write a US state or territory, its name or its two letters.",
    "dea": "Choose Individual, Institutional or None.",
    "practice_area": "Choose from the list, like Pain or Family Medicine.",
    "surgical": "Enter Yes or No.",
    "in_practice": "Choose Trainee, 0-5 years post training, 6-10, 11-15, 16-20 or 21+ years.",
    "regulation": f"Enter {REGULATION}, or leave it empty.",
}


def read(reading: Reading) -> dict[str, Any] | None:
    """The block in a row, with its first wrong cell under WRONG; None where the row says nothing of it."""
    if not reading.says_any(COLUMNS):
        return None
    block: dict[str, Any] = {}
    for key in LABELS:
        if not (text := reading.text(key)):
            continue
        value = _value(key, text)
        if value is not None:
            block[key] = value
        elif WRONG not in block:
            block[WRONG] = [key, UNPRINTABLE.sub("�", text), _DO[key]]
    return block or None


def _value(key: str, text: str) -> str | bool | None:
    """As it is stored; None: it cannot be read."""
    if key in LISTS:
        found = LISTS[key].find(text)
        return found.code if found else None
    if key == "surgical":
        return _SAID.get(text.casefold())
    if key == "practice_state":
        return state_code(text)
    if key == "regulation":
        return REGULATION if text.casefold() == REGULATION.casefold() else None
    if (
        len(text) > LONGEST
        or UNPRINTABLE.search(text)
        or (key == "local_domain" and not _DOMAIN.fullmatch(text))
    ):
        return None
    return text


def shown(block: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """(label, words) of what a stored block says."""
    said = [(key, (block or {}).get(key)) for key in LABELS]
    return [(LABELS[key], _words(key, value)) for key, value in said if value is not None]


def _words(key: str, value: str | bool) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return STATES.get(value, value) if key == "practice_state" else value
