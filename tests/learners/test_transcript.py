"""The transcript that boards and physicians see, on the page and as a file."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pikepdf
import pytest

from activities.formats import Format
from learners.pdf import _SHOWN, transcript_pdf
from learners.transcript import BoardPoints, Entry, HeldLicense, Total, Transcript, transcript_of
from pars.access.actor import Actor
from pars.access.scope import acting_as
from tests import factories
from tests.credit import a_credit, some_points

PUBLISHED = datetime(2026, 11, 23, 15, tzinfo=UTC)


def an_entry(**fields: Any) -> Entry:
    defaults: dict[str, Any] = {
        "completed_on": date(2026, 9, 12),
        "title": "Opioid Prescribing: 2026 Update",
        "activity_id": "300000001",
        "format": Format.LIVE,
        "provider": "Northlake Medical Center",
        "credit_type": "AMA PRA Category 1 Credit",
        "amount": Decimal("4.00"),
        "points": (BoardPoints("ABIM", "Medical Knowledge", Decimal(4)),),
        "reported_at": datetime(2026, 9, 20, 1, tzinfo=UTC),
        "reported_on": date(2026, 9, 19),
        "late": False,
    }
    return Entry(**(defaults | fields))


def a_transcript(*entries: Entry, **fields: Any) -> Transcript:
    defaults: dict[str, Any] = {
        "name": "Nguyễn Thị Lan",
        "degree": "MD",
        "npi": "1340678840",
        "licenses": (HeldLicense("North Dakota Board of Medicine", "ND", "MD", "06124", "Active", None),),
        "certifications": (("ABIM", "189966"),),
        "entries": entries,
    }
    return Transcript(**(defaults | fields))


def test_years_without_credit_stand_between_those_with_it() -> None:
    transcript = a_transcript(an_entry(), an_entry(completed_on=date(2024, 1, 1), amount=Decimal("1.25")))

    by_year = transcript.by_year

    assert by_year == ((2024, Decimal("1.25")), (2025, Decimal(0)), (2026, Decimal(4)))
    assert transcript.years == (2026, 2024)


def test_points_are_summed_by_board_and_credit_type() -> None:
    other = BoardPoints("ABIM", "Patient Safety", Decimal("0.5"))
    transcript = a_transcript(an_entry(), an_entry(points=(other,)), an_entry())

    points = transcript.points

    assert points == (
        Total("ABIM Medical Knowledge", Decimal(8)),
        Total("ABIM Patient Safety", Decimal("0.5")),
    )


def test_a_period_includes_its_first_and_its_last_day() -> None:
    transcript = a_transcript(*(an_entry(completed_on=date(2026, 9, day)) for day in (13, 12, 11, 10)))

    narrowed = transcript.between(date(2026, 9, 11), date(2026, 9, 12))

    assert [entry.completed_on.day for entry in narrowed.entries] == [12, 11]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reported_at", "late"),
    [
        (datetime(2026, 10, 13, 4, 59, tzinfo=UTC), False),  # 12 October, 23:59 in Chicago
        (datetime(2026, 10, 13, 5, 0, tzinfo=UTC), True),
    ],
)
def test_late_is_counted_in_days_of_the_provider(reported_at: datetime, late: bool) -> None:
    board, provider = factories.a_board(), factories.a_provider(time_zone="America/Chicago")
    physician = factories.a_physician(board)
    a_credit(physician, factories.an_activity(provider), first_reported_at=reported_at)
    actor = Actor.person(user_id=1, physician_id=physician.pk)

    with acting_as(actor):
        [entry] = transcript_of(physician, seen_by=actor).entries

    assert entry.late is late


@pytest.mark.django_db
def test_on_ones_own_time_the_completion_counts_and_not_the_activitys_end() -> None:
    physician = factories.a_physician(factories.a_board())
    activity = factories.an_activity(
        factories.a_provider(), format=Format.ENDURING, start_on=date(2026, 1, 1), end_on=date(2026, 12, 31)
    )
    a_credit(
        physician,
        activity,
        completed_on=date(2026, 2, 1),
        first_reported_at=datetime(2026, 3, 20, 12, tzinfo=UTC),
    )
    actor = Actor.person(user_id=1, physician_id=physician.pk)

    with acting_as(actor):
        [entry] = transcript_of(physician, seen_by=actor).entries

    assert entry.late


@pytest.mark.django_db
def test_withdrawn_credit_is_left_out() -> None:
    physician = factories.a_physician(factories.a_board())
    provider = factories.a_provider()
    a_credit(physician, factories.an_activity(provider, title="Stands"))
    a_credit(physician, factories.an_activity(provider, title="Withdrawn"), withdrawn_at=PUBLISHED)
    actor = Actor.person(user_id=1, physician_id=physician.pk)

    with acting_as(actor):
        entries = transcript_of(physician, seen_by=actor).entries

    assert [entry.title for entry in entries] == ["Stands"]


@pytest.mark.django_db
def test_much_credit_takes_no_more_queries(django_assert_num_queries: Any) -> None:
    board, provider = factories.a_board(), factories.a_provider()
    physician = factories.a_physician(board)
    for _ in range(4):
        some_points(a_credit(physician, factories.an_activity(provider)))
    actor = Actor(kind="board", organization_id=board.pk)

    with acting_as(actor), django_assert_num_queries(4):
        transcript = transcript_of(physician, seen_by=actor)

    assert len(transcript.entries) == 4
    assert transcript.points == (Total("ABIM Medical Knowledge", Decimal(16)),)


def test_the_file_is_tagged_titled_and_says_its_language() -> None:
    document = transcript_pdf(a_transcript(an_entry()), published_at=PUBLISHED, prepared_for="Texas Board")

    with pikepdf.open(io.BytesIO(document)) as pdf:
        metadata = pdf.open_metadata()
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-US"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Continuing Medical Education Transcript: Nguyễn Thị Lan"
        assert {"H1", "Table", "TH"} <= _tags(pdf)


def test_the_same_transcript_gives_the_same_bytes() -> None:
    transcript = a_transcript(*(an_entry() for _ in range(30)))

    once, again = (transcript_pdf(transcript, published_at=PUBLISHED) for _ in range(2))

    assert once == again


@pytest.mark.parametrize(
    "title", ["心臓の講座", "Hearts 😀", "Bell\x07 and \u202e turned", "#let x = 1 \\ $a$ <b>"]
)
def test_no_title_keeps_a_transcript_from_being_printed(title: str) -> None:
    transcript = a_transcript(an_entry(title=title))

    document = transcript_pdf(transcript, published_at=PUBLISHED)

    assert document.startswith(b"%PDF")


def test_every_character_we_show_has_a_glyph() -> None:
    ranges, shown = _SHOWN, ""
    while ranges:
        if ranges[1:2] == "-" and len(ranges) > 2:
            shown += "".join(chr(code) for code in range(ord(ranges[0]), ord(ranges[2]) + 1))
            ranges = ranges[3:]
        else:
            shown, ranges = shown + ranges[0], ranges[1:]

    document = transcript_pdf(a_transcript(an_entry(title=shown)), published_at=PUBLISHED)

    assert document.startswith(b"%PDF")


def test_a_transcript_without_credit_prints_too() -> None:
    empty = a_transcript(npi=None, licenses=(), certifications=())

    document = transcript_pdf(empty, published_at=PUBLISHED)

    assert document.startswith(b"%PDF")


def _tags(pdf: pikepdf.Pdf) -> set[str]:
    """Names of the structure elements."""
    return {
        str(entry.S)[1:] for entry in pdf.objects if isinstance(entry, pikepdf.Dictionary) and "/S" in entry
    }
