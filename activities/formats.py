"""The eleven activity formats and what each means for a credit (pars-facts 2.3: the 2021 list)."""

import calendar
from datetime import date

from django.db.models import TextChoices


class _AsWritten(TextChoices):
    """Choices that people read as they are stored: the program's own words."""

    @property
    def label(self) -> str:
        return str(self.value)


class Format(_AsWritten):
    """Activity formats, by the names the program uses since November 2021."""

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
    """How an activity reaches its learners (published activity schema: DeliveryMethod)."""

    IN_PERSON = "In-Person"
    LIVE_STREAMED = "Live-Streamed"
    ONLINE = "Online"
    PRINT_OTHER = "Print/Other"


# Attended again and again: each occasion is a credit of its own (design section 4).
REPEATING = frozenset(
    {Format.SERIES, Format.MANUSCRIPT, Format.TEST_ITEM, Format.COMMITTEE, Format.SEARCHING, Format.TEACHING}
)

# Open on the learner's own time: credit is due 30 days after the completion, not after the activity's end
# (design section 8). A series ends as a whole, so its sessions are due with it.
SELF_PACED = frozenset(
    {Format.ENDURING, Format.JOURNAL, Format.MANUSCRIPT, Format.TEST_ITEM, Format.SEARCHING, Format.TEACHING}
)

# Longest time one record may cover, in months (pars-facts 2.2, 2.3).
LONGEST_MONTHS = {Format.ENDURING: 36}
LONGEST_MONTHS_OTHERWISE = 12

REPORT_WITHIN_DAYS = 30  # program guide: credit within 30 days of the activity


def latest_end(format: str, start_on: date) -> date:  # noqa: A002  (the field's word)
    """The last day an activity of this format may end on: 12 or 36 months after the first, the same day."""
    months = LONGEST_MONTHS.get(Format(format), LONGEST_MONTHS_OTHERWISE)
    year = start_on.year + (start_on.month - 1 + months) // 12
    month = (start_on.month - 1 + months) % 12 + 1
    return date(year, month, min(start_on.day, calendar.monthrange(year, month)[1]))
