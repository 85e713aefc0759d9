"""What every page shows around its content: product, navigation, who acts for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from pars.access.actor import Actor
from pars.access.models import Membership, User
from pars.access.roles import Permission

PRODUCT = "PARS"


@dataclass(frozen=True)
class Link:
    """One entry of the navigation. `current`: the page is this one or stands below it."""

    label: str
    url: str
    current: bool


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `site` for base.html, with the organizations the person can switch between."""
    return frame(request, memberships=getattr(request, "memberships", ()))


def frame(request: HttpRequest, *, memberships: Sequence[Membership] = ()) -> dict[str, Any]:
    """The same without them, for error pages; middleware that failed early may have left the actor out."""
    actor: Actor = getattr(request, "actor", None) or Actor.anonymous()
    user = getattr(request, "user", None) if actor.user_id else None
    return {
        "site": {
            "product": PRODUCT,
            "demo": settings.DEMO,
            "actor": actor,
            "person": user if isinstance(user, User) else None,
            "membership": getattr(request, "membership", None),
            "memberships": memberships,
            "navigation": navigation(actor, request.path),
        }
    }


def navigation(actor: Actor, path: str) -> list[Link]:
    """The entries for this actor; current is the one whose address is the longest start of `path`."""
    entries = [(label, reverse(name)) for label, name in _entries(actor)]
    below = [url for _, url in entries if path == url or path.startswith(url.rstrip("/") + "/")]
    current = max(below, key=len, default=None)
    return [Link(label, url, url == current) for label, url in entries]


def _entries(actor: Actor) -> list[tuple[str, str]]:
    people = [("People", "people")] if actor.may(Permission.MANAGE_PEOPLE) else []
    match actor.kind:
        case "provider":
            return [
                ("Dashboard", "provider-dashboard"),
                ("Activities", "activity-list"),
                ("Credits", "credit-list"),
                ("Uploads", "batch-list"),
                *people,
            ]
        case "board":
            manages = actor.may(Permission.BOARD_MANAGE)
            rosters = [("Rosters", "board-rosters")] if manages else []
            profile = [("Profile", "board-profile")] if manages else []
            return [("Licensees", "board-search"), *rosters, *people, *profile]
        case "operator":
            return [
                ("Overview", "operator-overview"),
                ("Organizations", "organization-list"),
                ("Batches", "operator-batches"),
                ("Physicians", "physician-list"),
                ("Claims", "claim-list"),
                ("Retention", "retention"),
                ("Records", "admin:index"),
                ("Audit trail", "audit-trail"),
                ("Outbox", "outbox"),
                *([("Mail", "mail-sink")] if settings.DEMO else []),
            ]
        case "physician":
            claim = [] if actor.physician_id else [("Claim your record", "passport-claim")]
            return [("Transcript", "passport"), *claim, ("Find activities", "find")]
        case _:
            return []
