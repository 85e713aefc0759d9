"""A board's pages, and the public page of boards that take part."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from learners.models import License
from learners.pdf import transcript_pdf
from learners.states import STATES
from pars.access.doors import ActorRequest, public, requires
from pars.access.roles import Permission
from pars.web.listing import Heading

from . import actions
from .forms import ProfileForm, SearchForm
from .models import Board

_FOUND = (
    *("Name", "License", "Status", "Expires", "Latest completion"),
    Heading("Credits", numeric=True, hidden_label=False),
)
_BOARDS = ("State", "Board", "Licenses", "Takes part since", "Toward renewal")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.BOARD_LOOK_UP, agreement=True)
def search(request: ActorRequest) -> HttpResponse:
    """Find a licensee. What was typed travels in the body of the request, never in an address."""
    if request.method != "POST":
        return render(request, "boards/search.html", {"form": SearchForm()})
    form = SearchForm(request.POST)
    if not form.is_valid():
        return render(request, "boards/search.html", {"form": form}, status=422)
    answer = actions.look_up(text=form.cleaned_data["text"], by=request.actor, at=now())
    found = {"answer": answer, "most": actions.MOST_FOUND, "columns": _FOUND}
    return render(request, "boards/search.html", {"form": form, **found})


@require_safe
@requires(Permission.BOARD_LOOK_UP, agreement=True)
def licensee(request: ActorRequest, license_id: int) -> HttpResponse:
    """The transcript of one licensee."""
    license_ = _license(request, license_id)
    transcript = actions.open_transcript(license_=license_, by=request.actor, at=now())
    return render(request, "boards/licensee.html", {"license": license_, "transcript": transcript})


@require_safe
@requires(Permission.BOARD_LOOK_UP, agreement=True)
def licensee_pdf(request: ActorRequest, license_id: int) -> HttpResponse:
    """The same as a file."""
    license_, at = _license(request, license_id), now()
    transcript = actions.open_transcript(license_=license_, by=request.actor, at=at, as_file=True)
    return HttpResponse(
        transcript_pdf(transcript, published_at=at, prepared_for=license_.board.name),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="transcript-{localdate(at)}.pdf"'},
    )


def _license(request: ActorRequest, license_id: int) -> License:
    ours = License.objects.visible_to(request.actor).select_related("physician", "board")
    return get_object_or_404(ours, pk=license_id)


@require_safe
@public
def participating(request: ActorRequest) -> HttpResponse:
    """Boards that take part, for everyone."""
    boards = Board.objects.participating(localdate())
    by_state = sorted(
        boards, key=lambda board: (STATES.get(board.state, board.state), board.organization.name)
    )
    rows = [(STATES.get(board.state, board.state), board) for board in by_state]
    return render(request, "boards/participating.html", {"rows": rows, "columns": _BOARDS})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.BOARD_MANAGE)
def profile(request: ActorRequest) -> HttpResponse:
    """How this board takes part."""
    board = get_object_or_404(Board.objects.select_related("organization"), pk=request.actor.organization_id)
    initial = {name: getattr(board, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_profile(board=board, by=request.actor, at=now(), **form.cleaned_data)
        messages.success(request, "Saved. The public page of participating boards shows it now.")
        return redirect("board-profile")
    status = 422 if form.is_bound else 200
    return render(request, "boards/profile.html", {"form": form, "board": board}, status=status)
