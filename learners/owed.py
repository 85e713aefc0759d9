"""Activities that have ended and nobody is reported for: what can be known of credit that is due.

Who completed an activity, and on the learner's own time when, is known only once it is reported.
"""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from activities.clock import WITHIN
from activities.models import Activity

from .models import Credit


def unreported(
    activities: QuerySet[Activity], today: date, *, due_since: date, due_until: date
) -> QuerySet[Activity]:
    """Those of a provider that have ended by `today` and are due between two days, both included; longest due first.

    A draft cannot have credit yet, and closing says that none will come.
    """
    reported = Credit.objects.filter(activity=OuterRef("pk"), withdrawn_at=None)
    return activities.filter(
        ~Exists(reported),
        is_complete=True,
        closed_at=None,
        end_on__lt=today,
        end_on__gte=due_since - WITHIN,
        end_on__lte=due_until - WITHIN,
    ).order_by("end_on", "pk")
