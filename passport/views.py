"""The physician's pages: claim the record, read it, print it."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from learners.models import Physician
from learners.pdf import transcript_pdf
from learners.tasks import match_after_change
from learners.transcript import Transcript, transcript_of
from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission
from pars.batches.tasks import wake

from . import actions
from .claims import Details
from .forms import ClaimForm, PeriodForm
from .models import Claim


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.OWN_RECORD)
def claim(request: ActorRequest) -> HttpResponse:
    """Say who you are. Whatever did not agree, the answer reads the same (design section 7)."""
    if request.actor.physician_id:
        return redirect("passport")
    latest = Claim.objects.visible_to(request.actor).order_by("-made_at", "-pk").first()
    said = ClaimForm.initial_of(Details.of(latest)) if latest else {}
    form = ClaimForm(request.POST if request.method == "POST" else None, initial=said)
    if form.is_valid():
        made = actions.claim(details=form.details(), by=request.actor, at=now())
        if made.status == Claim.Status.CONFIRMED:
            wake(match_after_change, physician_id=str(made.physician_id))
            messages.success(request, "This is your record. Credit reported for you appears here on its own.")
            return redirect("passport")
        return redirect("passport-claim")
    status = 422 if form.is_bound else 200
    return render(request, "passport/claim.html", {"form": form, "latest": latest}, status=status)


@require_safe
@requires(Permission.OWN_RECORD)
def record(request: ActorRequest) -> HttpResponse:
    """The physician's own transcript, of all days or of some."""
    if not request.actor.physician_id:
        return redirect("passport-claim")
    whole = _own(request)
    form = PeriodForm(request.GET or None)
    period = form.cleaned_data if form.is_valid() else {}
    transcript = whole.between(period.get("since"), period.get("until"))
    context = {
        "transcript": transcript,
        "form": form,
        "narrowed": any(period.values()),
        "tabs": _tabs(whole, transcript),
        "pdf": reverse("passport-pdf") + _query(transcript.since, transcript.until),
    }
    return render(request, "passport/record.html", context, status=422 if form.errors else 200)


@require_safe
@requires(Permission.OWN_RECORD)
def record_pdf(request: ActorRequest) -> HttpResponse:
    """The same as a file."""
    form = PeriodForm(request.GET)
    if not request.actor.physician_id or not form.is_valid():
        raise Http404
    at = now()
    transcript = _own(request).between(form.cleaned_data["since"], form.cleaned_data["until"])
    return HttpResponse(
        transcript_pdf(transcript, published_at=at),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="transcript-{localdate(at)}.pdf"'},
    )


def _own(request: ActorRequest) -> Transcript:
    physician = get_object_or_404(Physician.objects.visible_to(request.actor), pk=request.actor.physician_id)
    return transcript_of(physician, seen_by=request.actor)


def _tabs(whole: Transcript, shown: Transcript) -> list[tuple[str, str, bool, str]]:
    """All years, then each year with credit, as links; one is current."""
    periods: list[tuple[str, date | None, date | None]] = [("All years", None, None)]
    periods += [(str(year), date(year, 1, 1), date(year, 12, 31)) for year in whole.years]
    return [
        (name, reverse("passport") + _query(since, until), (since, until) == (shown.since, shown.until), "")
        for name, since, until in periods
    ]


def _query(since: date | None, until: date | None) -> str:
    days = {name: day.isoformat() for name, day in (("since", since), ("until", until)) if day}
    return f"?{urlencode(days)}" if days else ""
