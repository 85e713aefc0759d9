"""The record's form: one page a section, saved as a person goes along."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from activities import actions, dependents
from activities.actions import ActivityIsClosed
from activities.dependents import Effect
from activities.forms import SECTIONS, Basics, Line, Section, Setting
from activities.models import Activity
from activities.outlook import contents, lacking, todos
from activities.record import Record
from activities.rules.listing import DIRECT
from activities.status import Status
from activities.stored import record_of
from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission

from .finding import find, setting_of

_NEXT, _LEAVE = "next", "leave"
_CHANGED_MEANWHILE = (
    "Somebody else changed this section while you had it open. What you typed stands below. "
    "Save again to keep it, or open the section anew to see what is on record now."
)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT)
def new(request: ActorRequest) -> HttpResponse:
    """A draft is born: title, format and dates. Place and providership begin as they usually are."""
    setting = setting_of(request)
    if request.method != "POST":
        return _page(request, Basics(kept=_usual_place(request), setting=setting), None)
    form = Basics(request.POST, kept=Record(providership=DIRECT), setting=setting)
    if form.holds(Status.DRAFT):
        (put,) = actions.put(records=[form.record()], by=request.actor, at=now(), new=True)
        if put.activity and not put.problems:
            return _go_on(request, put.activity, form.name)
        form.say(put.problems)
    return _page(request, form, None, status=422)


def _usual_place(request: ActorRequest) -> Record:
    latest = Activity.objects.visible_to(request.actor).latest_in_person()
    return Record(city=latest.city, state=latest.state, country=latest.country) if latest else Record()


@require_safe
@requires(Permission.REPORT)
def edit(request: ActorRequest, activity_id: str) -> HttpResponse:
    """To the first section that lacks something for the next step."""
    activity = find(request, activity_id)
    listed = contents(record_of(activity), setting_of(request), activity=activity, current="")
    first = next((entry for entry in listed if entry.missing), listed[0])
    return redirect(first.url)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT)
def section(request: ActorRequest, activity_id: str, name: str) -> HttpResponse:
    """One section of an activity that is not closed. Saving it touches no other section's fields."""
    activity = find(request, activity_id)
    if activity.closed_at:
        messages.warning(request, str(ActivityIsClosed()))
        return redirect("activity", activity.activity_id)
    kept, setting = (record_of(activity), setting_of(request))
    if request.method == "POST":
        return _save(request, activity, kept, setting, name)
    form = SECTIONS[name](kept=kept, setting=setting)
    form.remind(lacking(activity, kept, setting.today))
    return _page(request, form, activity)


def _save(
    request: ActorRequest, activity: Activity, kept: Record, setting: Setting, name: str
) -> HttpResponse:
    """The next page where it was saved, else this one again with the reasons."""
    if "rows" in request.POST:  # more rows or fewer: nothing is saved or judged yet
        return _page(request, SECTIONS[name].with_rows(request.POST, kept=kept, setting=setting), activity)
    form = SECTIONS[name](request.POST, kept=kept, setting=setting)
    effects: list[Effect] = []
    if form.holds(Status.ACTIVE if activity.is_complete else Status.DRAFT) and _is_fresh(request, form):
        effects = _new_effects(activity, kept, form.record())
        if not effects or request.POST.get("agreed") == _digest(effects):
            put = actions.amend(activity=activity, fields=form.said(), by=request.actor, at=now())
            if put.activity and not put.problems:
                _say_saved(request, activity, put.activity)
                return _go_on(request, put.activity, name)
            form.say(put.problems)
    return _page(request, form, activity, effects=effects, status=422)


def _is_fresh(request: ActorRequest, form: Section) -> bool:
    """Whether the section is on record as it was when the page was opened; says so on the form if not."""
    fresh = request.POST.get("seen", _seen(form)) == _seen(form)
    if not fresh:
        form.add_error(None, _CHANGED_MEANWHILE)
    return fresh


def _page(
    request: ActorRequest,
    form: Section,
    activity: Activity | None,
    *,
    effects: Sequence[Effect] = (),
    status: int = 200,
) -> HttpResponse:
    names = list(SECTIONS)
    context: dict[str, Any] = {
        "form": form,
        "activity": activity,
        "crumbs": _crumbs(activity),
        "contents": contents(form.kept, form.setting, activity=activity, current=form.name),
        "number": names.index(form.name) + 1,
        "last": form.name == names[-1],
        "seen": _seen(form),
        "effects": effects,
        "agreed": _digest(effects),
        "faults": [*form.faults, *_elsewhere(form, activity)] if form.is_bound else [],
        "figures": dependents.figures(activity, form.setting.today)
        if activity and form.name == "learners"
        else (),
        "next": _NEXT,
        "leave": _LEAVE,
    }
    return render(request, f"activities/sections/{form.name}.html", context, status=status)


def _crumbs(activity: Activity | None) -> list[tuple[str, str]]:
    above = [("Activities", reverse("activity-list"))]
    return (
        [*above, (activity.title, reverse("activity", args=(activity.activity_id,)))] if activity else above
    )


def _elsewhere(form: Section, activity: Activity | None) -> list[Line]:
    """What is wrong in other sections, so that this one cannot be saved as it is."""
    if activity is None:
        return [("", problem.message) for problem in form.elsewhere]
    found = todos(form.elsewhere, form.kept, form.setting, activity)
    return [
        (todo.url, f"{todo.section}: {todo.sentence}" if todo.section else todo.sentence) for todo in found
    ]


def _go_on(request: ActorRequest, activity: Activity, name: str) -> HttpResponse:
    """To the next section, or to the activity's page after the last one and for whoever leaves."""
    names = list(SECTIONS)
    following = names[names.index(name) + 1 :]
    if following and request.POST.get("then", _NEXT) == _NEXT:
        return redirect("activity-section", activity.activity_id, following[0])
    return redirect("activity", activity.activity_id)


def _say_saved(request: ActorRequest, before: Activity, after: Activity) -> None:
    if after.is_complete and not before.is_complete:
        messages.success(request, "Saved. This activity is complete: credit can be reported for it.")
    elif after.updated_at != before.updated_at:
        messages.success(request, "Saved.")


def _new_effects(activity: Activity, kept: Record, record: Record) -> list[Effect]:
    """What the change would do to learners' credit beyond what is so already."""
    if record == kept:
        return []
    so_already = {effect.sentence for effect in dependents.effects(activity, kept)}
    return [effect for effect in dependents.effects(activity, record) if effect.sentence not in so_already]


def _seen(form: Section) -> str:
    """A digest of what is on record in this section: it tells whether somebody changed it meanwhile."""
    return _digest([getattr(form.kept, field) for field in form.owns])


def _digest(words: Any) -> str:
    return hashlib.sha256(repr(words).encode()).hexdigest()[:16]
