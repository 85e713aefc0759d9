"""When a credit is due (design section 8): 30 days after the activity's end, or one's own completion."""

from datetime import date, timedelta

from activities.formats import REPORT_WITHIN_DAYS
from activities.models import Activity

WITHIN = timedelta(days=REPORT_WITHIN_DAYS)


def due_on(activity: Activity, completed_on: date) -> date:
    """The last day on which a completion is reported in time, in the provider's calendar."""
    return (completed_on if activity.self_paced else activity.end_on) + WITHIN


def all_due_on(activity: Activity) -> date:
    """The day by which every completion of the activity is due, whenever it was."""
    return activity.end_on + WITHIN
