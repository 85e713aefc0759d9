"""What hangs on activities in the apps above: they say so here, so that this app need not know them.

An upper app registers one Dependent in its `apps.py`. `actions` asks before it deletes an activity or moves it to
another group of formats; pages ask for the effects of a change before it is made.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from .models import Activity
from .record import Record


@dataclass(frozen=True)
class Effect:
    """What a change would do to something that hangs on the activity, in words that count ("3 credits …").

    `url` leads to the things meant; empty where there is no such page.
    """

    sentence: str
    count: int
    url: str = ""


class Dependent(Protocol):
    """What an upper app answers for its own rows, by queries in the scope of whoever acts."""

    def hanging(self, activities: Collection[int]) -> set[int]:
        """Which of these activities, by primary key, have rows of this app, withdrawn ones too."""

    def kept(self, activities: Collection[int]) -> set[int]:
        """Which of these activities may not be deleted, though nothing hangs on them."""

    def effects(self, activity: Activity, record: Record) -> list[Effect]:
        """What it would do to them if the activity became as this record says."""


_DEPENDENTS: list[Dependent] = []


def register(dependent: Dependent) -> None:
    """Make a dependent known, once, when Django starts."""
    _DEPENDENTS.append(dependent)


def hanging(activities: Collection[int]) -> set[int]:
    """Which of these activities, by primary key, something hangs on."""
    return set().union(*(dependent.hanging(activities) for dependent in _DEPENDENTS)) if activities else set()


def kept(activities: Collection[int]) -> set[int]:
    """Which of these activities, by primary key, may not be deleted even where nothing hangs on them."""
    return set().union(*(dependent.kept(activities) for dependent in _DEPENDENTS)) if activities else set()


def effects(activity: Activity, record: Record) -> list[Effect]:
    """What the change would do to everything that hangs on the activity; empty when nothing would be touched."""
    return [effect for dependent in _DEPENDENTS for effect in dependent.effects(activity, record)]
