"""Several credits at once in a table: the learners of one activity, or one learner's activities. Pasting fills it.

A row is checked by itself as it is typed; whether its learner matches is asked when it is checked or reported, so that
a name half corrected is no guess.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST

from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission
from pars.batches.models import Batch, Level
from pars.batches.readers import Header, Row
from pars.batches.report import Report, count_rows
from pars.web.rows import as_typed

from . import actions, grid
from .batch import usual_consent
from .check import checker
from .checking import organization_of
from .forms import ManyActivitiesForm, ManyLearnersForm
from .sentences import SENTENCES
from .views import reportable

GridForm = ManyLearnersForm | ManyActivitiesForm


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT, agreement=True)
def credit_grid(request: ActorRequest) -> HttpResponse:
    """The table: filled by hand or by pasting, checked, reported. What cannot land stays in it with its reason."""
    if request.method != "POST":
        usual = {
            "consent": usual_consent(request.actor.tenant),
            "activity": request.GET.get("activity", ""),
        }
        return _show(request, _form(request, initial=usual), [])
    lines = grid.lines_in(request.POST, _columns(request))
    do = request.POST.get("do", "")
    if do in ("paste", "more", "boards"):
        pasted = request.POST.get("pasted", "") if do == "paste" else ""
        new = grid.pasted(pasted, (*_rows_of(request), *grid.OF_BOARDS))
        said = [*(line.cells for line in lines), *new]
        form = _form(request, initial=as_typed(_form(request), request.POST))
        extra = grid.MORE if do == "more" else 0
        too_many = len(said) > grid.MOST
        with_boards = any(key in cells for cells in new for key, _ in grid.OF_BOARDS)
        return _show(
            request, form, grid.numbered(said), extra=extra, too_many=too_many, with_boards=with_boards
        )
    form = _form(request, request.POST)
    if not form.is_valid() or not lines:
        return _show(request, form, lines, nothing=not lines, status=422)
    batch = actions.report_rows(
        rows=[_row(form, line) for line in lines],
        consent=form.cleaned_data["consent"],
        organization=organization_of(request),
        by=request.actor,
        at=now(),
        check_only=do == "check",
    )
    _tell(batch, lines, dict(_columns(request)))
    if batch.check_only:
        return _show(request, form, lines, batch=batch, status=422 if batch.failed else 200)
    if not batch.failed:
        messages.success(request, _headline(batch))
        return redirect("credit-list")
    return _show(request, form, [line for line in lines if line.is_wrong], batch=batch, status=422)


@require_POST
@requires(Permission.REPORT, agreement=True)
def credit_grid_row(request: ActorRequest) -> HttpResponse:
    """What is wrong with one row by itself, while it is typed; nobody is looked for."""
    if not request.htmx:  # type: ignore[attr-defined]  # a part of the page, asked for by its script alone
        return redirect("credit-grid")
    asked = request.POST.get("row", "")
    lines = {str(line.number): line for line in grid.lines_in(request.POST, _columns(request))}
    line = lines.get(asked, grid.Line(0))
    labels = dict(_columns(request))
    keys = tuple(key for key, value in line.cells.items() if value)
    check = checker(Header(None, 0, keys, keys), today=localdate(), consent="")
    for found in check(Row(line.number, tuple(line.cells[key] for key in keys))).found:
        if found.column in keys:
            text = SENTENCES[found.code].text.format(**found.params)
            line.says.append((labels[found.column], text, Level.FIX))
    return render(request, "learners/grid_says.html", {"line": line})


def _by_learner(request: ActorRequest) -> bool:
    asked: QueryDict = request.POST if request.method == "POST" else request.GET
    return asked.get("by") == "learner"


def _with_boards(request: ActorRequest) -> bool:
    return bool(request.POST.get("boards")) or request.POST.get("do") == "boards"


def _rows_of(request: ActorRequest) -> grid.Columns:
    return grid.OF_ACTIVITIES if _by_learner(request) else grid.OF_LEARNERS


def _columns(request: ActorRequest, *, with_boards: bool = False) -> grid.Columns:
    more = grid.OF_BOARDS if with_boards or _with_boards(request) else ()
    return (*_rows_of(request), *more)


def _form(
    request: ActorRequest, data: QueryDict | None = None, initial: dict[str, Any] | None = None
) -> GridForm:
    made = ManyActivitiesForm if _by_learner(request) else ManyLearnersForm
    return made(data, activities=reportable(request), initial=initial)


def _row(form: GridForm, line: grid.Line) -> dict[str, str]:
    return form.cells() | {key: value for key, value in line.cells.items() if value}


def _tell(batch: Batch, lines: list[grid.Line], labels: dict[str, str]) -> None:
    """Give each line what its row came back with."""
    for finding in Report.of(batch).findings():
        line = lines[finding.row - 1]
        line.says.append((labels.get(finding.key, "The same for all"), finding.message, finding.level))


def _headline(batch: Batch) -> str:
    landed = batch.added + batch.updated + batch.unchanged
    parts = []
    if batch.check_only:
        parts.append(f"Nothing was reported. {count_rows(batch.ready + batch.unchanged)} ready.")
    elif landed:
        parts.append(f"{count_rows(landed)} on record.")
    if batch.parked:
        parts.append(f"{count_rows(batch.parked)} {'waits' if batch.parked == 1 else 'wait'}.")
    if batch.failed:
        parts.append(f"{count_rows(batch.failed)} {'needs' if batch.failed == 1 else 'need'} a fix.")
    return " ".join(parts)


def _show(
    request: ActorRequest,
    form: GridForm,
    lines: list[grid.Line],
    *,
    extra: int = 0,
    batch: Batch | None = None,
    nothing: bool = False,
    too_many: bool = False,
    with_boards: bool = False,
    status: int = 200,
) -> HttpResponse:
    columns = _columns(request, with_boards=with_boards)
    wanted = max(grid.AT_FIRST, len(lines) + extra) if batch is None else len(lines)
    shown = grid.with_empty(lines, wanted)
    context = {
        "form": form,
        "columns": [label for _, label in columns],
        "lines": [(line, line.in_order(columns)) for line in shown],
        "by_learner": _by_learner(request),
        "with_boards": len(columns) > len(_rows_of(request)),
        "activities": list(reportable(request)) if _by_learner(request) else [],
        "batch": batch,
        "headline": _headline(batch) if batch else "",
        "nothing": nothing,
        "too_many": too_many,
        "most": grid.MOST,
    }
    return render(request, "learners/grid.html", context, status=status)
