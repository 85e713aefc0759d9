"""A calendar and time zones of whole numbers only: days since 1970, seconds since 1970, no `datetime`, no tz database.

Days ↔ dates go by the 400-year cycle of 146,097 days. Daylight saving is the rule of the United States since 2007
(Energy Policy Act of 2005, section 110): from the second Sunday of March, 2:00 standard time, to the first Sunday of
November, 2:00 daylight time.
"""

from functools import cache

# Hours east of Greenwich in winter, and whether the clocks change. Zones and exceptions: 49 CFR part 71.
ZONES = {
    "America/New_York": (-5, True),
    "America/Detroit": (-5, True),
    "America/Indiana/Indianapolis": (-5, True),
    "America/Puerto_Rico": (-4, False),
    "America/Chicago": (-6, True),
    "America/Menominee": (-6, True),
    "America/Denver": (-7, True),
    "America/Boise": (-7, True),
    "America/Phoenix": (-7, False),
    "America/Los_Angeles": (-8, True),
    "America/Anchorage": (-9, True),
    "America/Adak": (-10, True),
    "Pacific/Honolulu": (-10, False),
    "Pacific/Pago_Pago": (-11, False),
    "Pacific/Guam": (10, False),
}
DAY = 86_400
_HOUR = 3_600


def day_number(year: int, month: int, day: int) -> int:
    """Days from 1 January 1970, counted in years that begin in March."""
    if month <= 2:
        year, month = year - 1, month + 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month - 457) // 5 + day - 719_469


def of_day(number: int) -> tuple[int, int, int]:
    """(year, month, day) of a day number."""
    cycle, day = divmod(number + 719_468, 146_097)
    year = (day - day // 1_460 + day // 36_524 - day // 146_096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day += 1 - (153 * month + 2) // 5
    return (400 * cycle + year + (month >= 10), month + 3 if month < 10 else month - 9, day)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@cache
def clock_changes(zone: str, year: int) -> tuple[int, int] | None:
    """The two seconds of a year at which the clocks change; None where they never do."""
    hours, changes = ZONES[zone]
    if not changes:
        return None
    spring = _first_sunday(year, 3) + 7
    autumn = _first_sunday(year, 11)
    return (
        spring * DAY + (2 - hours) * _HOUR,
        autumn * DAY + (1 - hours) * _HOUR,  # 2:00 daylight time is 1:00 standard time
    )


def offset(zone: str, second: int) -> int:
    """Seconds that a zone's clocks are ahead of Greenwich at a moment."""
    hours, _ = ZONES[zone]
    changes = clock_changes(zone, _year_of(second // DAY))  # no clock changes near a new year
    daylight = changes is not None and changes[0] <= second < changes[1]
    return (hours + daylight) * _HOUR


def midnight(zone: str, number: int) -> int:
    """The second at which a day begins in a zone. Clocks change at 2:00, so it is always one second only."""
    guess = number * DAY - ZONES[zone][0] * _HOUR
    return number * DAY - offset(zone, guess - _HOUR)


@cache
def _year_of(number: int) -> int:
    return of_day(number)[0]


def _first_sunday(year: int, month: int) -> int:
    first = day_number(year, month, 1)
    return first + (3 - first) % 7  # day 3 of 1970 was a Sunday: the 4th of January
