"""What stands at the door of a view: who may come in. A view without a door is refused (see `middleware`)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .actor import Actor
from .models import Membership, User
from .roles import Permission

View = Callable[..., HttpResponseBase]


class ActorRequest(HttpRequest):
    """A request once the middleware has said who acts."""

    actor: Actor
    memberships: list[Membership]  # all of the person's, by the organizations' names
    membership: Membership | None  # the one they act under
    person: User  # the signed-in user; only behind a permission


def requires(
    *permissions: Permission, agreement: bool = False, second_factor: bool = True
) -> Callable[[View], View]:
    """Let in who holds any of `permissions`; 403 for a signed-in person who holds none.

    `agreement`: the organization must have accepted the collaboration's terms first (reports and look-ups).
    `second_factor`: False only for the pages on which a person sets one up or leaves.
    The middleware sends people who are not signed in, have no second factor or no agreement where they can mend it.
    """

    asked = Door(permissions, agreement, second_factor)

    def door(view: View) -> View:
        @wraps(view)
        def behind(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not asked.admits(request.actor):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        behind.door = asked  # type: ignore[attr-defined]
        return behind

    return door


def public(view: View) -> View:
    """Anyone may come in."""

    @wraps(view)
    def behind(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(*args, **kwargs)

    behind.door = Door((), False, False)  # type: ignore[attr-defined]
    return behind


class Door:
    """What a view asks for; empty `permissions` means public."""

    def __init__(self, permissions: tuple[Permission, ...], agreement: bool, second_factor: bool) -> None:
        self.permissions = permissions
        self.agreement = agreement
        self.second_factor = second_factor

    def admits(self, actor: Actor) -> bool:
        """Whether the actor holds any of the permissions; public admits everyone."""
        return not self.permissions or any(actor.may(permission) for permission in self.permissions)


def door_of(view: Callable[..., Any]) -> Door | None:
    """The door of a view, or None where it has none."""
    return getattr(view, "door", None)
