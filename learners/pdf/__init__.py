"""The transcript on paper: tagged PDF (PDF/UA-1 and PDF/A-2a) by typst, from our own layout and fonts."""

import json
import re
import unicodedata
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typst
from django.contrib.staticfiles import finders
from django.utils.timezone import localtime

from pars.web.numbers import trimmed

from ..transcript import Entry, Transcript

_LAYOUT = Path(__file__).parent / "transcript.typ"
# Letters, marks and signs that our fonts have. PDF/UA refuses a character without a glyph.
_LATIN = "\u0020-\u007e\u00a0-\u00ac\u00ae-\u017f\u1ea0-\u1ef9"
_SHOWN = _LATIN + "\u0391-\u03a1\u03a3-\u03c9\u0410-\u044f" + "–—‘’‚“”„†‡•…€™−≤≥"
_HIDDEN = re.compile(f"[^{_SHOWN}]")


def transcript_pdf(transcript: Transcript, *, published_at: datetime, prepared_for: str = "") -> bytes:
    """The transcript as a PDF file. The same arguments give the same bytes.

    `published_at` is shown as a day in the current time zone. `prepared_for` names the board it was made for.
    A character that no font of ours has is shown as "?".
    """
    document: bytes = typst.compile(
        str(_LAYOUT),
        pdf_standards=["ua-1", "a-2a"],
        timestamp=int(published_at.timestamp()),
        sys_inputs={"data": json.dumps(_data(transcript, localtime(published_at).date(), prepared_for))},
        font_paths=[_fonts()],
        ignore_system_fonts=True,
    )
    return document


def _fonts() -> str:
    """The folder of Public Sans, the face of our pages, as TrueType."""
    found = finders.find("uswds/fonts/public-sans/PublicSans-Regular.ttf")
    if not found:
        raise FileNotFoundError("Public Sans is missing: npm ci brings it with @uswds/uswds.")
    return str(Path(found).parent)


def _data(transcript: Transcript, published_on: date, prepared_for: str) -> dict[str, Any]:
    return {
        "name": _shown(transcript.name),
        "degree": transcript.degree,
        "npi": transcript.npi or "",
        "prepared_for": _shown(prepared_for),
        "published": day(published_on),
        "period": _period(transcript),
        "licenses": [
            [_shown(held.board), _shown(f"{held.state} {held.degree} {held.number}"), held.status]
            for held in transcript.licenses
        ],
        "certifications": [[board, _shown(number)] for board, number in transcript.certifications],
        "totals": [[f"{total.of}s", trimmed(total.amount)] for total in transcript.by_type],
        "points": [[_shown(total.of), trimmed(total.amount)] for total in transcript.points],
        "entries": [_row(entry) for entry in transcript.entries],
    }


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "completed": day(entry.completed_on),
        "title": _shown(entry.title),
        "provider": _shown(entry.provider),
        "facts": f"{entry.format} · Activity {entry.activity_id}"
        + (f" · {entry.rems} REMS" if entry.rems else ""),
        "reported": f"Reported {day(entry.reported_on)}" + (", late" if entry.late else ""),
        "amount": trimmed(entry.amount),
        "points": [
            [trimmed(points.points), points.board, _shown(points.credit_type)] for points in entry.points
        ],
    }


def _period(transcript: Transcript) -> str:
    since, until = transcript.since, transcript.until
    if since and until:
        return f"Completed {day(since)} to {day(until)}"
    if since:
        return f"Completed {day(since)} or later"
    return f"Completed by {day(until)}" if until else "All credit reported so far"


def day(on: date) -> str:
    """ "Sep 12, 2026"."""
    return f"{on:%b} {on.day}, {on.year}"


def _shown(text: str) -> str:
    return _HIDDEN.sub("?", unicodedata.normalize("NFC", text))
