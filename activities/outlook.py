"""Where an activity stands and what is missing for its next step, in words and with the place to go to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from . import rules
from .forms import SECTIONS, Section, Setting
from .models import Activity
from .record import Record
from .status import Status

_LADDER = (Status.DRAFT, Status.ACTIVE, Status.READY, Status.CLOSED)


@dataclass(frozen=True)
class Todo:
    """One thing to do before the next step: what, in which section (its heading), at which field."""

    sentence: str
    section: str
    url: str


@dataclass(frozen=True)
class Outlook:
    """`todo` is what the provider has to do before the activity can be `next`; `waits_until` the last day of one that
    has to end before it can be closed. `steps` are (status, "done" | "current" | "todo") as the component takes them.
    """

    status: Status
    next: Status | None
    todo: tuple[Todo, ...]
    waits_until: date | None

    @property
    def steps(self) -> list[tuple[str, str]]:
        reached = _LADDER.index(self.status)
        return [
            (str(step.label), _state(at - reached, over=self.status == Status.CLOSED))
            for at, step in enumerate(_LADDER)
        ]

    @property
    def may_close(self) -> bool:
        return self.next == Status.CLOSED and not self.todo and not self.waits_until


def _state(ahead: int, *, over: bool) -> str:
    """How the component calls a step that lies so many ahead of the one reached."""
    if over or ahead < 0:
        return "done"
    return "todo" if ahead else "current"


def outlook(activity: Activity, record: Record, setting: Setting) -> Outlook:
    """Of a draft, what it needs to be Active; of one that is Active or has ended, what it needs to be Closed."""
    status = activity.status(setting.today)
    if status == Status.CLOSED:
        return Outlook(status, None, (), None)
    return Outlook(
        status,
        Status.ACTIVE if status == Status.DRAFT else Status.CLOSED,
        tuple(todos(lacking(activity, record, setting.today), record, setting, activity)),
        record.end_on if status == Status.ACTIVE else None,
    )


def todos(
    problems: Iterable[rules.Problem], record: Record, setting: Setting, activity: Activity
) -> Iterable[Todo]:
    """Each problem with its place in the form."""
    built: dict[str, Section] = {}
    for problem in problems:
        section = section_of(problem)
        if section is None:
            yield Todo(problem.message, "", "")
            continue
        form = built.setdefault(section.name, section(kept=record, setting=setting))
        field = form.place(problem.field)
        address = reverse("activity-section", args=(activity.activity_id, section.name))
        yield Todo(problem.message, section.heading, f"{address}#{field.auto_id}" if field else address)


@dataclass(frozen=True)
class Entry:
    """A section in the contents: how many things it lacks for the next step, and whether anything is said in it."""

    section: type[Section]
    url: str
    current: bool
    missing: int
    said: bool

    @property
    def heading(self) -> str:
        return self.section.heading

    @property
    def state(self) -> str:
        """ "missing", "done" or "empty"."""
        return "missing" if self.missing else "done" if self.said else "empty"


def lacking(activity: Activity, record: Record, today: date) -> list[rules.Problem]:
    """What is wrong or missing for the next step, but for the time that has to pass."""
    status = activity.status(today)
    if status == Status.CLOSED:
        return []
    found = _found(record, Status.ACTIVE if status == Status.DRAFT else Status.CLOSED, today)
    return [problem for problem in found if problem.code != "not_ended"]


def contents(record: Record, setting: Setting, *, activity: Activity | None, current: str) -> list[Entry]:
    """All sections in their order; of an activity that is being entered only the first can be gone to."""
    found = lacking(activity, record, setting.today) if activity else []
    blank = Record()
    return [
        Entry(
            section,
            reverse("activity-section", args=(activity.activity_id, name)) if activity else "",
            current=name == current,
            missing=sum(problem.top in section.owns for problem in found),
            said=activity is not None
            and any(getattr(record, field) != getattr(blank, field) for field in section.owns),
        )
        for name, section in SECTIONS.items()
    ]


def section_of(problem: rules.Problem) -> type[Section] | None:
    """The section in which the problem's field stands."""
    return next((section for section in SECTIONS.values() if problem.top in section.owns), None)


def _found(record: Record, step: Status, today: date) -> list[rules.Problem]:
    return [*rules.problems(record, today=today), *rules.needs(record, step, today=today)]
