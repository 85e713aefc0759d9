"""What a subject tells the outbox about its mail: subjects register theirs in their `apps.py`."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from pars.access.roles import Permission

from .models import Message


@dataclass(frozen=True)
class Letter:
    """What is sent. Counts and links: no name of a person, no number, no birthday."""

    subject: str
    body: str


# What to say at this moment to a message's organization; None: nothing any more. Runs as that organization.
Composer = Callable[[Message, datetime], Letter | None]


@dataclass(frozen=True)
class Kind:
    """One kind of mail. Holders of any of `permissions` get it unless they say no; `title` and `hint` ask them."""

    name: str
    title: str
    hint: str
    permissions: tuple[Permission, ...]
    compose: Composer

    def is_for(self, held: Collection[Permission]) -> bool:
        """Whether who holds these permissions may get it."""
        return any(permission in held for permission in self.permissions)


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known, once, when Django starts."""
    if kind.name in _KINDS:
        raise ValueError(f"A kind of mail named {kind.name} is registered already.")
    _KINDS[kind.name] = kind


def kind_named(name: str) -> Kind:
    """The registered kind; KeyError for a name nobody registered."""
    return _KINDS[name]


def title_of(name: str) -> str:
    """What people call a kind; its own name where nobody registered it."""
    return _KINDS[name].title if name in _KINDS else name


def known_kinds() -> list[Kind]:
    return sorted(_KINDS.values(), key=lambda kind: kind.title)
