"""Where the operator decides the claims that the registry could not."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from boards.models import Board
from learners.models import Degree
from learners.tasks import match_after_change
from pars.access.doors import ActorRequest, requires
from pars.access.roles import Permission
from pars.batches.tasks import wake
from pars.web.listing import Column, Listing

from . import actions, claims
from .models import Claim, ClaimQuerySet


@dataclass(frozen=True)
class Issuer:
    """A board that may have issued the claimed license, to an MD or to a DO."""

    board: Board
    degree: Degree

    @property
    def value(self) -> str:
        return f"{self.board.pk}-{self.degree}"


@require_safe
@requires(Permission.OVERSEE)
def claim_list(request: ActorRequest) -> HttpResponse:
    """Everyone whose latest claim has not been decided."""
    listing = Listing(
        request.GET,
        _open(request),
        path=request.path,
        columns=[
            Column("name", "Name", sort="last_name"),
            Column("license", "License", sort="state"),
            Column("made", "Claimed", sort="made_at"),
            Column("status", "Why it waits"),
        ],
        default="made",
    )
    actions.see(claims=listing.rows, by=request.actor, at=now())
    return render(request, "passport/claim_list.html", {"listing": listing})


@require_safe
@requires(Permission.OVERSEE)
def claim_detail(request: ActorRequest, claim_id: int) -> HttpResponse:
    """What the person said, beside who holds the license."""
    waiting = get_object_or_404(_open(request), pk=claim_id)
    actions.see(claims=[waiting], by=request.actor, at=now())
    return _detail(request, waiting)


@require_POST
@requires(Permission.OPERATE)
def claim_confirm(request: ActorRequest, claim_id: int) -> HttpResponse:
    """Hand the record of a holder of the license to the claimant."""
    waiting = get_object_or_404(_open(request), pk=claim_id)
    issuers = {choice.value: choice for choice in _issuers(waiting)}
    issuer = issuers.get(request.POST.get("board", ""))
    if issuer is not None:
        return _enroll(request, waiting, issuer)
    holders = {str(holder.pk): holder for holder in claims.pointed_at(claims.Details.of(waiting))}
    holder = holders.get(request.POST.get("physician", ""))
    if holder is None:
        return _detail(request, waiting, problem="Choose whose record it is.")
    try:
        actions.confirm(waiting=waiting, physician=holder, by=request.actor, at=now())
    except actions.AlreadyClaimed as refusal:
        return _detail(request, waiting, problem=str(refusal))
    wake(match_after_change, physician_id=str(holder.pk))
    messages.success(request, "Confirmed. The record is theirs from now on.")
    return redirect("claim-list")


def _enroll(request: ActorRequest, waiting: Claim, issuer: Issuer) -> HttpResponse:
    """Nobody has listed the license, and the operator has seen it: the claimant's record begins with it."""
    try:
        physician = actions.enroll_claimant(
            waiting=waiting, board=issuer.board, degree=issuer.degree, by=request.actor, at=now()
        )
    except (actions.AlreadyClaimed, actions.ListedMeanwhile) as refusal:
        return _detail(request, waiting, problem=str(refusal))
    wake(match_after_change, physician_id=str(physician.pk))
    messages.success(request, "Confirmed. The record begins with this license and is theirs.")
    return redirect("claim-list")


@require_POST
@requires(Permission.OPERATE)
def claim_refuse(request: ActorRequest, claim_id: int) -> HttpResponse:
    """Say no; the person may claim again."""
    waiting = get_object_or_404(_open(request), pk=claim_id)
    actions.refuse(waiting=waiting, by=request.actor, at=now())
    messages.success(request, "Refused. The person may claim again.")
    return redirect("claim-list")


def _issuers(waiting: Claim) -> list[Issuer]:
    boards = Board.objects.filter(state=waiting.state).select_related("organization").order_by("pk")
    return [Issuer(board, degree) for board in boards for degree in board.degrees]


def _open(request: ActorRequest) -> ClaimQuerySet:
    return Claim.objects.visible_to(request.actor).undecided()


def _detail(request: ActorRequest, waiting: Claim, problem: str = "") -> HttpResponse:
    details = claims.Details.of(waiting)
    context = {
        "claim": waiting,
        "details": details,
        "issuers": _issuers(waiting),
        "holders": [claims.compare(details, holder) for holder in claims.pointed_at(details)],
        "may_decide": request.actor.may(Permission.OPERATE),
        "problem": problem,
    }
    return render(request, "passport/claim_detail.html", context, status=422 if problem else 200)
