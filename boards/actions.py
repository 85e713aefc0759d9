"""What a board does: it looks licensees up, every look recorded, and says how it takes part."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Max, Sum

from learners.models import Credit, License
from learners.transcript import Transcript, transcript_of
from pars.access.actor import Actor
from pars.audit.actions import record

from . import search
from .models import Board

MOST_FOUND = 50


@dataclass(frozen=True)
class Standing:
    """A licensee's standing credit in short: how many completions, credits in all, the latest completion."""

    completions: int = 0
    credits: Decimal = Decimal(0)
    latest_on: date | None = None


@dataclass(frozen=True)
class Found:
    """A license that a search found, and its holder's credit in short."""

    license: License
    standing: Standing


@dataclass(frozen=True)
class Answer:
    """What a search found, by name; `more` says that there was more than MOST_FOUND."""

    found: tuple[Found, ...]
    more: bool


@transaction.atomic
def look_up(*, text: str, by: Actor, at: datetime) -> Answer:
    """The board's own licensees that `text` may mean (see `search`). One event, its subjects those shown."""
    licenses = list(
        License.objects.visible_to(by)
        .filter(search.condition(text))
        .select_related("physician")
        .order_by("last_key", "first_key", "number")[: MOST_FOUND + 1]
    )
    shown, more = licenses[:MOST_FOUND], len(licenses) > MOST_FOUND
    physicians = {license_.physician_id for license_ in shown}
    standing = {
        row["physician_id"]: Standing(row["completions"], row["credits"], row["latest_on"])
        for row in Credit.objects.visible_to(by)
        .standing()
        .filter(physician__in=physicians)
        .values("physician_id")
        .annotate(completions=Count("pk"), credits=Sum("amount"), latest_on=Max("completed_on"))
    }
    record("licensee.searched", by=by, at=at, subjects=sorted(physicians), found=len(shown), more=more)
    return Answer(
        tuple(Found(license_, standing.get(license_.physician_id, Standing())) for license_ in shown), more
    )


@transaction.atomic
def open_transcript(*, license_: License, by: Actor, at: datetime, as_file: bool = False) -> Transcript:
    """The licensee's transcript as this board sees it; the look is an event about the physician."""
    record("physician.seen", by=by, at=at, of=license_, subjects=[license_.physician_id], as_file=as_file)
    return transcript_of(license_.physician, seen_by=by)


@transaction.atomic
def change_profile(
    *,
    board: Board,
    participates_since: date | None,
    recognises_for_renewal: bool,
    website: str,
    by: Actor,
    at: datetime,
) -> None:
    """Say since when the board takes part, whether credit counts for renewal, and where to read more."""
    board.participates_since = participates_since
    board.recognises_for_renewal = recognises_for_renewal
    board.website = website
    board.save(update_fields=["participates_since", "recognises_for_renewal", "website"])
    record(
        "board.profile_changed",
        by=by,
        at=at,
        of=board,
        participates_since=participates_since.isoformat() if participates_since else None,
        recognises_for_renewal=recognises_for_renewal,
    )
