"""One row of a roster, checked by itself: cells → values for staging, or every Issue (no database, no clock)."""

from collections.abc import Callable
from datetime import date

from learners import birthday
from learners.check import read_name
from learners.models import Degree
from learners.names import fold
from learners.numbers import license_key, npi_is_valid
from pars.batches.cells import UNPRINTABLE, Reading, read_date
from pars.batches.kinds import Checked
from pars.batches.readers import Header, Row

from . import words

_LONGEST_NUMBER = 40
_LONGEST_MIDDLE, _LONGEST_SUFFIX = 100, 20
_YES_OR_NO = {"": False, "no": False, "n": False, "yes": True, "y": True, "x": True}
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def checker(header: Header, *, licensed: tuple[Degree, ...]) -> Callable[[Row], Checked]:
    """A check for the rows under `header`, of a board that licenses these degrees."""

    def check(row: Row) -> Checked:
        reading = Reading(row, header.keys)
        number = _number(reading)
        degree = _degree(reading, licensed)
        first_name, last_name = read_name(reading, "first_name"), read_name(reading, "last_name")
        month_day = _birthday(reading)
        npi = _npi(reading)
        status = _status(reading)
        issued_on, expires_on = _day(reading, "issued"), _day(reading, "expires")
        corrects = _corrects(reading)
        if reading.found:
            return Checked(None, reading.found)
        values = (
            number,
            license_key(number),
            degree,
            first_name,
            _short(reading, "middle_name", _LONGEST_MIDDLE),
            last_name,
            _short(reading, "suffix", _LONGEST_SUFFIX),
            fold(first_name),
            fold(last_name),
            birthday.encrypt(month_day) if month_day else None,
            npi,
            status,
            issued_on,
            expires_on,
            corrects,
        )
        return Checked(values, [])

    return check


def _number(reading: Reading) -> str:
    text = reading.text("number")
    if not text:
        reading.wrong("number", "", "number_missing")
    elif len(text) > _LONGEST_NUMBER or UNPRINTABLE.search(text) or not license_key(text):
        reading.wrong("number", text, "number_unreadable")
    return text


def _degree(reading: Reading, licensed: tuple[Degree, ...]) -> str:
    """MD or DO; "" for a license that is no physician's."""
    text = reading.text("degree")
    degree = words.degree(text, licensed)
    if degree is None:
        reading.wrong("degree", text, "degree_missing")
        return ""
    if degree and degree not in licensed:
        reading.wrong("degree", text, "degree_of_another_board", licensed=licensed[0].value)
    return str(degree)


def _birthday(reading: Reading) -> str:
    """MMDD, or "" where the roster does not say it."""
    text = reading.text("birthday")
    if not text:
        return ""
    try:
        return birthday.parse(text)
    except birthday.NotADay:
        reading.wrong("birthday", text, "birthday_unreadable")
        return ""


def _npi(reading: Reading) -> str | None:
    text = reading.text("npi")
    if text and not npi_is_valid(text):
        reading.wrong("npi", text, "npi_invalid")
    return text or None


def _status(reading: Reading) -> str | None:
    """None where the roster does not say it: the dates decide then."""
    text = reading.text("status")
    if not text:
        return None
    status = words.status(text)
    if status is None:
        reading.wrong("status", text, "status_unknown")
        return None
    return status.value


def _day(reading: Reading, key: str) -> date | None:
    text = reading.text(key)
    if not text:
        return None
    day = read_date(text)
    if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        reading.wrong(key, text, "date_unreadable")
        return None
    return day


def _corrects(reading: Reading) -> bool:
    text = reading.text("corrects")
    corrects = _YES_OR_NO.get(text.casefold())
    if corrects is None:
        reading.wrong("corrects", text, "correction_unknown")
    return bool(corrects)


def _short(reading: Reading, key: str, longest: int) -> str:
    """Words that tell people apart on a page and decide nothing: cut rather than asked about."""
    return UNPRINTABLE.sub("", reading.text(key))[:longest]
