"""The activity formats and delivery methods that rules name, and what a format means for a credit.

The facts stand in the code list of formats, with their source; a test holds the constants to the lists.
"""

import calendar
from datetime import date

from django.db.models import TextChoices

from activities.codes import code_list


class _AsWritten(TextChoices):
    """Choices that people read as they are stored: the program's own words."""

    @property
    def label(self) -> str:
        return str(self.value)


class Format(_AsWritten):
    """Activity formats: the codes of the list `format`."""

    LIVE = "Live Course"
    SERIES = "Regularly Scheduled Series"
    ENDURING = "Enduring Material"
    JOURNAL = "Journal-Based CME"
    MANUSCRIPT = "Manuscript Review"
    TEST_ITEM = "Test-Item Writing"
    COMMITTEE = "Committee Learning"
    IMPROVEMENT = "Performance/Quality Improvement"
    SEARCHING = "Internet Searching and Learning"
    TEACHING = "Learning from Teaching"
    OTHER = "Other/Blended Learning"


class Delivery(_AsWritten):
    """How an activity reaches its learners: the codes of the list `delivery`."""

    IN_PERSON = "In-Person"
    LIVE_STREAMED = "Live-Streamed"
    ONLINE = "Online"
    PRINT_OTHER = "Print/Other"


_FORMATS = code_list("format")

# Attended again and again: each occasion is a credit of its own (design section 4).
REPEATING = frozenset(Format(each.code) for each in _FORMATS.where(repeats="yes").codes)

# Open on the learner's own time: credit is due 30 days after the completion, not after the activity's end
# (design section 8). A series ends as a whole, so its sessions are due with it.
SELF_PACED = frozenset(Format(each.code) for each in _FORMATS.where(self_paced="yes").codes)

# Formats that must name a delivery method; the others may.
DELIVERED = frozenset(Format(each.code) for each in _FORMATS.where(needs_delivery="yes").codes)

# Longest time one record may cover.
LONGEST_MONTHS = {Format(each.code): int(each.extra["months"]) for each in _FORMATS.codes}

REPORT_WITHIN_DAYS = 30  # program guide: credit within 30 days of the activity


def latest_end(format: str, start_on: date) -> date:  # noqa: A002  (the field's word)
    """The last day an activity of this format may end on: 12 or 36 months after the first, the same day."""
    months = LONGEST_MONTHS[Format(format)]
    year = min(start_on.year + (start_on.month - 1 + months) // 12, date.max.year)
    month = (start_on.month - 1 + months) % 12 + 1
    return date(year, month, min(start_on.day, calendar.monthrange(year, month)[1]))
