"""One row of learner credit, checked by itself: cells → values for staging, or every Issue (no database, no clock)."""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b

from pars.access.models import Consent
from pars.access.secrets import key_for
from pars.batches.cells import UNPRINTABLE, Reading, read_date
from pars.batches.kinds import Checked, Found, Staging
from pars.batches.models import Outcome
from pars.batches.readers import Header, Row

from . import birthday, moc, rems
from .degrees import may_earn
from .names import fold
from .numbers import license_key, looks_like_npi, npi_is_valid
from .quarters import is_nothing, read_quarters
from .states import state_code

STAGING = Staging(
    table="learners_stagedcredit",
    columns=(
        ("withdraw", "boolean"),
        ("fingerprint", "bytea"),
        ("first_name", "text"),
        ("last_name", "text"),
        ("first_key", "text"),
        ("last_key", "text"),
        ("state", "text"),
        ("board", "text"),
        ("number", "text"),
        ("number_key", "text"),
        ("npi", "text"),
        ("npi_doubtful", "boolean"),
        ("birthday", "bytea"),
        ("activity_id", "text"),
        ("completed_on", "date"),
        ("amount", "numeric(6,2)"),
        ("consent", "text"),
        ("consented_on", "date"),
        ("points", "jsonb"),
        ("rems", "jsonb"),
    ),
)

_ACTIONS = {"": False, "Add": False, "add": False, "Delete": True, "delete": True}
NOT_PHYSICIAN = "not_physician"
_ACTIVITY_ID = re.compile(r"[0-9]{9}")
_LONGEST_NAME = 100
_LETTER = re.compile(r"[^\W\d_]")
_BOARD_CREDIT = frozenset({"board", "member", "points", "points_type", "points_amount", "certification"})
# What files say of consent; "yes" leaves its kind to the declaration for the file.
_CONSENTS = {
    "written": Consent.WRITTEN,
    "in writing": Consent.WRITTEN,
    "signed": Consent.WRITTEN,
    "implied": Consent.IMPLIED,
    "implied after notice": Consent.IMPLIED,
    "implied consent": Consent.IMPLIED,
    "written consent": Consent.WRITTEN,
} | dict.fromkeys(("yes", "y", "true", "x", "1", "on file", "given", "obtained"), "")
_NO_CONSENT = frozenset({"no", "n", "false", "0", "none", "declined", "refused", "withdrawn"})


def checker(
    header: Header, *, today: date, consent: str, person_only: bool = False
) -> Callable[[Row], Checked]:
    """A check for the rows under `header`.

    `today` is the date where the provider is; `consent` goes with every row that names none of its own. With
    `person_only` a row is about a learner alone: its activity, date and credits are neither read nor asked for.
    """
    pairs = list(zip(_places(header, "points_type"), _places(header, "points_amount"), strict=False))
    is_certificate = "certification" in header.keys
    tells_of_boards = not person_only and not _BOARD_CREDIT.isdisjoint(header.keys)
    fingerprint_key = key_for("fingerprint")
    tells_of_rems = not person_only and not rems.COLUMNS.isdisjoint(header.keys)

    def check(row: Row) -> Checked:
        reading = Reading(row, header.keys)
        withdraw = _action(reading)
        if not person_only and not may_earn(reading.text("degree")):
            return _no_credit(reading)
        activity = "" if person_only else _activity(reading)
        completed_on = None if person_only else _completed_on(reading, today)
        first_name, last_name = (read_name(reading, "first_name"), read_name(reading, "last_name"))
        month_day = _birthday(reading)
        said = _board_credit(reading, pairs, is_certificate=is_certificate) if tells_of_boards else None
        credit = moc.read(reading, said, withdraw=withdraw) if said else None
        alone = credit is not None and (is_certificate or is_nothing(reading.text("amount")))
        state, number, npi, doubtful = _license(reading, may_lack=alone)
        board = credit.board if credit and not (state or number or npi) else ""
        if credit and board:
            number = credit.member
        amount = None if withdraw or person_only or alone else _amount(reading)
        block = rems.read(reading) if tells_of_rems else None
        consented, consented_on = _consent(reading, today)
        if reading.found:
            return Checked(None, reading.found)
        number_key = license_key(number)
        wording = "\x1f".join((first_name, last_name, state or board, number_key, npi or "", month_day))
        values = (
            withdraw,
            blake2b(wording.encode(), digest_size=16, key=fingerprint_key).digest(),
            first_name,
            last_name,
            fold(first_name),
            fold(last_name),
            state,
            board,
            number,
            number_key,
            npi,
            doubtful,
            birthday.encrypt(month_day),
            activity,
            completed_on,
            amount or Decimal(0),
            consented or consent,
            consented_on,
            json.dumps(credit.staged()) if credit and credit.points and (alone or not withdraw) else None,
            json.dumps(block) if block else None,
        )
        return Checked(values, [])

    return check


def _no_credit(reading: Reading) -> Checked:
    """Somebody who earns no credit of this type: nothing else in the row needs to be right."""
    reading.found.clear()
    activity = reading.text("activity")
    params = {"activity": activity} if _ACTIVITY_ID.fullmatch(activity) else {}
    note = Found(reading.number, "degree", reading.text("degree"), NOT_PHYSICIAN, params)
    return Checked(None, [note], Outcome.OTHER)


def _consent(reading: Reading, today: date) -> tuple[str, date | None]:
    """(kind of consent or "", day of it or None) as the row itself says; a row that says nothing says nothing wrong."""
    if not reading.says_any(("consent", "consented")):
        return "", None
    said, day_said = reading.text("consent"), reading.text("consented")
    kind = _CONSENTS.get(said.casefold()) if said else ""
    if kind is None:
        refused = said.casefold() in _NO_CONSENT
        reading.wrong("consent", said, "consent_refused" if refused else "consent_unreadable")
    day = read_date(day_said) if day_said else None
    if day_said and (day is None or day > today):
        reading.wrong("consented", day_said, "consent_date_unreadable")
    return kind or "", day


def _places(header: Header, key: str) -> list[int]:
    return [place for place, name in enumerate(header.keys) if name == key]


def _action(reading: Reading) -> bool:
    text = reading.text("action")
    withdraw = _ACTIONS.get(text)
    if withdraw is None:
        withdraw = _ACTIONS.get(text.casefold())
    if withdraw is None:
        reading.wrong("action", text, "action_unknown")
    return bool(withdraw)


def _activity(reading: Reading) -> str:
    text = reading.text("activity")
    if not text:
        reading.wrong("activity", "", "activity_missing")
    elif not (len(text) == 9 and text.isascii() and text.isdigit()):
        reading.wrong("activity", text, "activity_unknown")
    return text


def _completed_on(reading: Reading, today: date) -> date | None:
    text = reading.text("completed")
    if not text:
        reading.wrong("completed", "", "date_missing")
        return None
    day = read_date(text)
    if day is None:
        reading.wrong("completed", text, "date_unreadable")
    elif day > today:
        reading.wrong("completed", f"{day:%m/%d/%Y}", "date_in_future")
    return day


def read_name(reading: Reading, key: str) -> str:
    """The text under `key`; noted as an issue where it is empty or no name."""
    text = reading.text(key)
    if not text:
        reading.wrong(key, "", "name_missing")
    elif not _is_name(text):
        reading.wrong(key, text, "name_unreadable")
    return text


@lru_cache(maxsize=65_536)
def _is_name(text: str) -> bool:
    return (
        len(text) <= _LONGEST_NAME
        and text[0] not in "=+@#"  # a formula, or a spreadsheet's error
        and (text.isalpha() or (_LETTER.search(text) is not None and not UNPRINTABLE.search(text)))
    )


def _birthday(reading: Reading) -> str:
    text = reading.text("birthday")
    if not text:
        reading.wrong("birthday", "", "birthday_missing")
        return ""
    try:
        return birthday.parse(text)
    except birthday.NotADay:
        reading.wrong("birthday", text, "birthday_unreadable")
        return ""


def _board_credit(reading: Reading, pairs: list[tuple[int, int]], *, is_certificate: bool) -> moc.Said | None:
    """Where the row would say board credit; None where it says none. A published certificate is one or the other."""
    if not is_certificate:
        if not reading.says_any(_BOARD_CREDIT):
            return None
        said = [(reading.at(one, "points_type"), reading.at(other, "points_amount")) for one, other in pairs]
        return moc.Said(said, total=reading.text("points"))
    certification = reading.text("certification")
    if not moc.is_of_a_board(certification, reading.text("board")):
        return None
    return moc.Said([(certification, reading.text("amount"))], "certification", "amount")


def _license(reading: Reading, *, may_lack: bool) -> tuple[str, str, str | None, bool]:
    """(state or "", number or "", NPI or None, number looks like an NPI but its check digit does not hold).

    `may_lack`: something else in the row tells the person.
    """
    said_state, number, npi = (reading.text("state"), reading.text("number")[:40], reading.text("npi"))
    state = state_code(said_state) if said_state else ""
    if state is None:
        reading.wrong("state", said_state, "state_unknown")
        state = ""
    if npi and not npi_is_valid(npi):
        reading.wrong("npi", npi, "npi_invalid")
    doubtful = False
    if not npi and looks_like_npi(number):
        npi, doubtful = (number, False) if npi_is_valid(number) else ("", True)
    if not said_state and not npi and (number or not may_lack):
        if doubtful:
            reading.wrong("number", number, "npi_invalid")
        else:
            reading.wrong("state", "", "state_missing")
    return state, number, npi or None, doubtful


def _amount(reading: Reading) -> Decimal | None:
    text = reading.text("amount")
    if not text:
        reading.wrong("amount", "", "amount_missing")
        return None
    amount = read_quarters(text)
    if amount is None:
        reading.wrong("amount", text, "amount_unreadable")
    return amount
