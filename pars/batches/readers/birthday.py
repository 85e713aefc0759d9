"""Drop the year of a birth date, in whatever shape it was written. Runs in the child: no year leaves it.

The rule is the collaboration's: month and day only, never the year (design sections 1 and 9).
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from pars.batches.readers.blanks import stripped
from pars.batches.readers.layout import Cell, Formula

YEAR = "••••"
"""Stands where a year stood, so that a person sees that one was sent and is gone: `••••-03-04`."""

_MONTHS = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTH_NAME = re.compile(rf"(?i)(?<![^\W\d_])({'|'.join(_MONTHS)})[a-z]*\.?")
_NUMBER = re.compile(r"\d+")
_TIME = re.compile(
    r"(?i)[T\s]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([ap]\.?m\.?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?\s*$"
)
_SPELLED_OUT = re.compile(r"(?i)nineteen|twenty|thousand")
_WITHOUT_YEAR = re.compile(r"(--|••••-)?\d{1,2}\s*[-/. ]\s*\d{1,2}\s*[-/.]?")
_NUMBERS_ONLY = re.compile(r"'?(\d+)\s*[-/.,\s年]\s*'?(\d+)\s*[-/.,\s月]\s*['’]?(\d+)\s*日?\.?")
_WORDS_BESIDE = re.compile(r"(?i)(sun|mon|tue|wed|thu|fri|sat)[a-z]*|st|nd|rd|th|of|the")
_SERIAL_FROM, _SERIAL_TO = 3000, 73_050
"""Excel's day numbers from 1908 to 2099. Below, four digits are a month and day, or a year."""
_EPOCH = datetime.date(1899, 12, 30)
_EPOCH_1904 = datetime.date(1904, 1, 1)


def without_year(
    value: Cell | datetime.date | datetime.time | datetime.timedelta,
    *,
    from_1904: bool = False,
    day_first: bool = False,
) -> Cell:
    """The birthday without its year: `••••-MM-DD` where one stood, the value itself where none did.

    A value that is neither keeps its words and loses its digits, so that a person still recognises it. A
    plain number is a spreadsheet's day, a date written without marks, or a month and day: whichever fits.
    `from_1904` says that the workbook counts its days from 1904; `day_first`, that its sender puts the day
    before the month where a year follows.
    """
    if value is None or isinstance(value, (bool, Formula)):
        return value
    if isinstance(value, datetime.date):
        return _month_day(value.month, value.day)
    if isinstance(value, (int, float)):
        return _from_number(value, from_1904)
    return _from_text(stripped(value) if isinstance(value, str) else str(value), from_1904, day_first)


def _month_day(month: int, day: int) -> str:
    return f"{YEAR}-{month:02d}-{day:02d}"


def _valid(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)


def _masked(text: str) -> str:
    return "".join("•" if character.isnumeric() else character for character in text)


def _from_number(value: float, from_1904: bool) -> Cell:
    if not 0 <= value < 1e9:
        return YEAR
    if value != int(value) and value < 100:
        # A spreadsheet took the point of "10.13" for a decimal point.
        text = _without_year_already(str(value))
        return value if text == str(value) else text
    known = _from_digits(str(int(value)), from_1904)
    return value if known is None else known


def _from_digits(digits: str, from_1904: bool) -> str | None:
    """What a bare number says; None when it holds no year."""
    number = int(digits)
    if len(digits) <= 2:
        return None if number <= 31 else YEAR
    if len(digits) <= 4 and _valid(number // 100, number % 100):
        return None
    if len(digits) <= 5 and _SERIAL_FROM <= number <= _SERIAL_TO:
        day = (_EPOCH_1904 if from_1904 else _EPOCH) + datetime.timedelta(days=number)
        return _month_day(day.month, day.day)
    for width in (8, 6):
        whole = digits.zfill(width)  # 3041979 lost its leading zero to a spreadsheet.
        if len(whole) != width:
            continue
        for year, rest in ((whole[4:], whole[:4]), (whole[:-4], whole[-4:])):
            month, day_of_month = int(rest[:2]), int(rest[2:])
            if (width == 6 or 1850 <= int(year) <= 2100) and _valid(month, day_of_month):
                return _month_day(month, day_of_month)
    return YEAR


def _without_year_already(text: str) -> str:
    """Two numbers are a month and a day, except that one above 31 is a year: `3/79`."""
    return _NUMBER.sub(lambda number: number[0] if int(number[0]) <= 31 else "•" * len(number[0]), text)


@lru_cache(maxsize=4096)
def _from_text(text: str, from_1904: bool, day_first: bool) -> Cell:
    if not any(character.isnumeric() for character in text):
        return YEAR if _SPELLED_OUT.search(text) else text
    date = _TIME.sub("", text)
    if _WITHOUT_YEAR.fullmatch(date):
        return _without_year_already(date)
    if date.isdecimal():
        known = _from_digits(date, from_1904)
        return text if known is None else known
    if match := _NUMBERS_ONLY.fullmatch(date):
        return _from_three(*match.groups(), day_first=day_first) or _masked(text)
    if len(_MONTH_NAME.findall(date)) == 1:
        return _from_month_name(date)
    return _masked(text)


def _from_three(first: str, second: str, third: str, *, day_first: bool) -> str | None:
    a, b, c = int(first), int(second), int(third)
    year_first = len(first) > 2 or a > 31
    left, right = (b, c) if year_first else (a, b)
    ways = [(left, right), (right, left)]
    # As Americans write it; where that is no date, the other way round.
    for month, day in reversed(ways) if day_first and not year_first else ways:
        if _valid(month, day):
            return _month_day(month, day)
    return None


def _from_month_name(date: str) -> str:
    match = _MONTH_NAME.search(date)
    assert match is not None
    month = _MONTHS.index(match[1].lower()) + 1
    others = date[: match.start()] + " " + date[match.end() :]
    numbers = _NUMBER.findall(others)
    days = [int(number) for number in numbers if len(number) <= 2 and _valid(month, int(number))]
    if len(numbers) == 1 and days and not re.search(r"['’]\s*\d", others):
        # "9-Mar", "March 4th": no year to drop.
        return date if re.fullmatch(r"[\W\d_]*", _WORDS_BESIDE.sub("", others)) else _masked(date)
    if len(numbers) == 2 and days:
        return _month_day(month, days[0])
    return _masked(date)
