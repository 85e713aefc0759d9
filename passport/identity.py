"""Which physician a user is; the door asks this on every request."""

from .models import Passport


def physician_of(user_id: int) -> int | None:
    """The id of the physician whose record this user holds, or None. One query."""
    return Passport.objects.filter(user_id=user_id).values_list("physician_id", flat=True).first()
