"""What hangs on activities in the apps above: they say so here, so that this app need not know them.

An upper app registers one Dependent in its `apps.py`. `actions` asks before it deletes an activity or moves it to
another group of formats; pages ask for the effects of a change before it is made.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True)
class Figure:
    """A number that an upper app knows of an activity, as a tile shows it. `url` leads to what was counted."""

    label: str
    value: str
    hint: str = ""
    tone: str = ""
    url: str = ""


class Dependent(Protocol):
    """What an upper app answers for its own rows, by queries in the scope of whoever acts."""

    def hanging(self, activities: Collection[int]) -> set[int]:
        """Which of these activities, by primary key, have rows of this app, withdrawn ones too."""

    def kept(self, activities: Collection[int]) -> set[int]:
        """Which of these activities may not be deleted, though nothing hangs on them."""

    def effects(self, activity: Activity, record: Record) -> list[Effect]:
        """What it would do to them if the activity became as this record says."""

    def figures(self, activity: Activity, today: date) -> list[Figure]:
        """What it counts for this activity."""


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


def figures(activity: Activity, today: date) -> list[Figure]:
    """What the upper apps count for an activity. `today` is a day of the provider's calendar."""
    return [figure for dependent in _DEPENDENTS for figure in dependent.figures(activity, today)]
