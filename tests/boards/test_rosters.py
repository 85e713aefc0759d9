"""From a board's file to the registry: whose license it is, what is filled, kept and remembered."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from boards.models import Board
from boards.rosters import absent, words
from boards.rosters.columns import HEADINGS
from learners import birthday
from learners.models import Alias, Degree, License, LicenseVersion, Physician
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.scope import acting_as
from pars.audit.models import Event, Subject
from pars.batches.models import Batch
from tests import factories
from tests.pages import words_of
from tests.roles import as_role
from tests.uploads import as_table, codes, findings, see_through, take_in

pytestmark = pytest.mark.django_db

AMARA = {
    "number": "2008-95323",
    "degree": "MD",
    "first_name": "Amara",
    "last_name": "Osei",
    "birthday": "10/13",
    "npi": "1186620112",
    "status": "Active",
    "issued": "07/01/1998",
    "expires": "12/31/2027",
}
OTHER_NPI = "1407933799"
STATED = ("added", "updated", "unchanged", "failed")


def a_line(**cells: str) -> dict[str, str]:
    """Amara Osei's line of a roster; a cell that is None is left out."""
    return AMARA | cells


def send_roster(board: Organization, *lines: dict[str, str], **options: Any) -> Batch:
    """Upload lines as CSV and see them through."""
    headings = {key: names[0] for key, names in HEADINGS.items()}
    content = as_table(headings, list(lines))
    return see_through(take_in(board, content, "roster.csv", kind="rosters", **options))


def counts(batch: Batch) -> tuple[int, ...]:
    assert not batch.refusal, batch.refusal
    return tuple(getattr(batch, name) for name in STATED)


@pytest.fixture
def board() -> Organization:
    return factories.a_board("NC")


def _physicians(**filters: Any) -> list[Physician]:
    with as_role("pars_owner"):
        return list(Physician.objects.filter(**filters).order_by("pk"))


def _licenses(**filters: Any) -> list[License]:
    with as_role("pars_owner"):
        return list(License.objects.filter(**filters).select_related("physician").order_by("pk"))


def _versions() -> list[LicenseVersion]:
    with as_role("pars_owner"):
        return list(LicenseVersion.objects.order_by("pk"))


def _change(model: type[Any], **fields: Any) -> None:
    with as_role("pars_owner"):
        model.objects.update(**fields)


def test_a_line_becomes_a_license_and_its_physician(board: Organization) -> None:
    batch = send_roster(board, a_line(middle_name="Efua", suffix="Jr."))

    assert counts(batch) == (1, 0, 0, 0)
    [held] = _licenses()
    assert (held.number, held.number_key, held.state, held.degree) == ("2008-95323", "200895323", "NC", "MD")
    assert (held.status, held.issued_on, held.expires_on) == ("active", date(1998, 7, 1), date(2027, 12, 31))
    someone = held.physician
    assert (someone.first_name, someone.middle_name, someone.last_name) == ("Amara", "Efua", "Osei")
    assert (someone.npi, someone.source, held.npi) == ("1186620112", "roster", "1186620112")
    assert bytes(someone.birthday or b"") == birthday.encrypt("1013")


def test_the_sample_roster_lands_as_a_board_wrote_it(board: Organization, samples: Path) -> None:
    content = (samples / "roster-nc.csv").read_bytes()

    batch = see_through(take_in(board, content, "roster-nc.csv", kind="rosters"))

    assert counts(batch) == (18, 0, 0, 0)
    assert {held.physician.last_name for held in _licenses()} >= {"Łukasiewicz", "van der Berg", "Smith Jr."}


def test_the_same_roster_again_changes_nothing(board: Organization) -> None:
    send_roster(board, a_line())

    assert counts(send_roster(board, a_line())) == (0, 0, 1, 0)
    assert _versions() == []


def test_checking_only_says_what_would_happen_and_writes_nothing(board: Organization) -> None:
    batch = send_roster(board, a_line(), a_line(number="2", npi=OTHER_NPI, status="???"), check_only=True)

    assert (batch.ready, batch.failed) == (1, 1)
    assert _licenses() == []


@pytest.mark.parametrize(
    ("cells", "change"),
    [
        ({"expires": "12/31/2029"}, "renewed"),
        ({"issued": "02/01/2026", "expires": "12/31/2029"}, "reissued"),
        ({"status": "Expired"}, "lapsed"),
        ({"status": "Suspended"}, "suspended"),
        ({"status": "Voluntary Surrender"}, "revoked"),
        ({"degree": "MD", "issued": "07/01/1997"}, "corrected"),
    ],
)
def test_what_a_license_said_before_is_kept(board: Organization, cells: dict[str, str], change: str) -> None:
    send_roster(board, a_line())
    [before] = _licenses()

    batch = send_roster(board, a_line(**cells))

    assert counts(batch) == (0, 1, 0, 0)
    [version] = _versions()
    assert (version.change, version.status, version.source) == (change, "active", "roster")
    assert (version.issued_on, version.expires_on) == (before.issued_on, before.expires_on)
    assert version.said_at == before.changed_at


def test_a_lapsed_license_that_is_active_again_is_reinstated(board: Organization) -> None:
    send_roster(board, a_line(status="Lapsed"))

    send_roster(board, a_line())

    assert [version.change for version in _versions()] == ["reinstated"]


def test_an_empty_cell_takes_nothing_away(board: Organization) -> None:
    send_roster(board, a_line())

    batch = send_roster(board, a_line(issued="", expires="", status="", npi="", birthday=""))

    assert counts(batch) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("expires", "status"), [("12/31/2020", "lapsed"), ("12/31/2099", "active"), ("", "active")]
)
def test_where_no_status_is_given_the_date_tells(board: Organization, expires: str, status: str) -> None:
    send_roster(board, a_line(status="", expires=expires))

    assert [held.status for held in _licenses()] == [status]


def test_a_board_fills_a_birthday_that_nobody_knew(board: Organization) -> None:
    factories.a_physician(board, "2008-95323", month_day=None)

    batch = send_roster(board, a_line())

    assert counts(batch) == (0, 1, 0, 0)
    [someone] = _physicians()
    assert bytes(someone.birthday or b"") == birthday.encrypt("1013")


def test_a_known_birthday_stays_and_the_board_is_told(board: Organization) -> None:
    factories.a_physician(board, "2008-95323", month_day="0101")

    batch = send_roster(board, a_line())

    assert (codes(batch), batch.failed) == ([(2, "birthday_kept")], 0)
    [someone] = _physicians()
    assert bytes(someone.birthday or b"") == birthday.encrypt("0101")


def test_a_board_that_says_so_corrects_a_birthday_and_it_is_on_record(board: Organization) -> None:
    factories.a_physician(board, "2008-95323", month_day="0101")

    batch = send_roster(board, a_line(corrects="Yes"))

    assert (counts(batch), codes(batch)) == ((0, 1, 0, 0), [])
    [someone] = _physicians()
    assert bytes(someone.birthday or b"") == birthday.encrypt("1013")
    with as_role("pars_owner"):
        event = Event.objects.get(verb="physician.birthday_corrected")
        assert [subject.physician_id for subject in Subject.objects.filter(event=event)] == [someone.pk]


def test_a_changed_name_is_taken_and_the_old_one_still_leads_there(board: Organization) -> None:
    send_roster(board, a_line())

    batch = send_roster(board, a_line(last_name="Osei-Mensah"))

    assert (counts(batch), codes(batch)) == ((0, 1, 0, 0), [(2, "name_changed")])
    [someone] = _physicians()
    assert (someone.last_name, someone.last_key) == ("Osei-Mensah", "oseimensah")
    with as_role("pars_owner"):
        assert [(alias.last_key, alias.source) for alias in Alias.objects.filter(physician=someone)] == [
            ("osei", "roster")
        ]
    assert counts(send_roster(board, a_line(last_name="Osei-Mensah"))) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    "cells",
    [
        {"last_name": "Smith", "birthday": "", "npi": ""},
        {"last_name": "Smith", "birthday": "01/02"},
        {"last_name": "Smith", "first_name": "Robert", "npi": OTHER_NPI},
        {"first_name": "Kwame", "birthday": "01/02", "npi": ""},
        {"birthday": "01/02", "npi": OTHER_NPI},
        {"last_name": "Smith", "birthday": "01/02", "npi": OTHER_NPI, "corrects": "yes"},
    ],
)
def test_a_number_that_seems_to_be_somebody_elses_is_asked_about(
    board: Organization, cells: dict[str, str]
) -> None:
    send_roster(board, a_line())

    batch = send_roster(board, a_line(**cells))

    assert codes(batch) == [(2, "license_of_another")]
    assert "Amara Osei" in findings(batch)[0].message
    assert [someone.last_name for someone in _physicians()] == ["Osei"]


def test_a_board_may_say_that_it_is_the_same_person_where_something_agrees(board: Organization) -> None:
    send_roster(board, a_line())

    batch = send_roster(board, a_line(last_name="Smith", first_name="Mary", corrects="Yes"))

    assert (counts(batch), codes(batch)) == ((0, 1, 0, 0), [(2, "name_changed")])


def test_npi_name_and_birthday_bring_two_boards_licenses_to_one_physician(board: Organization) -> None:
    elsewhere = factories.a_board("CA")
    send_roster(board, a_line())

    batch = send_roster(elsewhere, a_line(number="A-1"))

    assert counts(batch) == (1, 0, 0, 0)
    assert len(_physicians()) == 1
    assert [held.board_id for held in _licenses()] == [board.pk, elsewhere.pk]


def test_npi_and_full_name_are_enough_where_nobody_knows_the_birthday(board: Organization) -> None:
    someone = factories.a_physician(npi="1186620112", month_day=None, source=Physician.Source.NPPES)

    batch = send_roster(board, a_line(first_name="Amara J"))

    assert counts(batch) == (1, 0, 0, 0)
    [found] = _physicians()
    assert (found.pk, found.source) == (someone.pk, "roster")
    assert bytes(found.birthday or b"") == birthday.encrypt("1013")


@pytest.mark.parametrize(
    "cells", [{"birthday": "10/14"}, {"last_name": "Mensah"}, {"first_name": "Kofi", "birthday": ""}]
)
def test_an_npi_alone_merges_nobody(board: Organization, cells: dict[str, str]) -> None:
    factories.a_physician(factories.a_board("CA"), "A-1", npi="1186620112")

    batch = send_roster(board, a_line(**cells))

    assert (counts(batch), codes(batch)) == ((1, 0, 0, 0), [(2, "npi_of_another")])
    first, second = _physicians()
    assert (first.npi, second.npi) == ("1186620112", None)


def test_a_name_and_birthday_alone_merge_nobody(board: Organization) -> None:
    factories.a_physician(factories.a_board("CA"), "A-1")

    send_roster(board, a_line(npi=""))

    assert len(_physicians()) == 2


def test_two_licenses_of_one_npi_in_one_file_are_one_physicians(board: Organization) -> None:
    batch = send_roster(board, a_line(), a_line(number="2010-1"))

    assert counts(batch) == (2, 0, 0, 0)
    assert len(_physicians()) == 1


def test_a_second_license_goes_to_whom_the_same_file_gives_the_npi(board: Organization) -> None:
    someone = factories.a_physician(board, "2008-95323")

    batch = send_roster(board, a_line(number="2010-1"), a_line())

    assert counts(batch) == (1, 1, 0, 0)
    assert [held.physician_id for held in _licenses()] == [someone.pk, someone.pk]
    assert {held.npi for held in _licenses()} == {"1186620112"}


def test_one_npi_for_two_people_in_one_file_is_asked_about(board: Organization) -> None:
    batch = send_roster(board, a_line(), a_line(number="2010-1", last_name="Mensah"))

    assert codes(batch) == [(2, "npi_differs_in_file"), (3, "npi_differs_in_file")]


def test_one_license_twice_in_a_file_counts_once_or_is_asked_about(board: Organization) -> None:
    batch = send_roster(
        board, a_line(), a_line(), a_line(number="7", npi=""), a_line(number="7", npi="", status="Lapsed")
    )

    assert codes(batch) == [(3, "repeated_in_file"), (4, "differs_in_file"), (5, "differs_in_file")]
    assert counts(batch) == (1, 0, 1, 2)


def test_a_number_that_only_nppes_told_takes_the_boards_spelling(board: Organization) -> None:
    factories.a_physician(board, "200895323", npi="1186620112", month_day=None)
    _change(License, source="nppes", status="unconfirmed")

    batch = send_roster(board, a_line())

    assert counts(batch) == (0, 1, 0, 0)
    [held] = _licenses()
    assert (held.number, held.status, held.source) == ("2008-95323", "active", "roster")
    assert [(version.number, version.change) for version in _versions()] == [("200895323", "confirmed")]


def test_two_numbers_of_a_board_that_only_zeros_part_stay_two(board: Organization) -> None:
    send_roster(
        board, a_line(number="06124"), a_line(number="6124", last_name="Ito", npi="", birthday="01/02")
    )

    assert [held.number for held in _licenses()] == ["06124", "6124"]


@pytest.mark.parametrize("word", ["Physician Assistant", "RN", "Podiatric Physician", "Perfusionist"])
def test_whoever_is_no_physician_is_passed_over(board: Organization, word: str) -> None:
    batch = send_roster(board, a_line(degree=word))

    assert (counts(batch), codes(batch)) == ((0, 0, 1, 0), [(2, "not_a_physician")])
    assert _physicians() == []


def test_a_state_with_two_boards_keeps_them_apart() -> None:
    for_mds, for_dos = factories.a_board("CA"), factories.a_board("CA", degree=Degree.DO)

    assert codes(send_roster(for_mds, a_line(degree="DO"))) == [(2, "degree_of_another_board")]
    assert counts(send_roster(for_dos, a_line(degree="Osteopathic Physician"))) == (1, 0, 0, 0)
    assert counts(send_roster(for_mds, a_line(degree="", npi="", last_name="Ito"))) == (1, 0, 0, 0)
    assert {(held.board_id, held.degree) for held in _licenses()} == {(for_dos.pk, "DO"), (for_mds.pk, "MD")}


def test_a_board_of_both_must_say_which(board: Organization) -> None:
    with as_role("pars_owner"):
        Board.objects.filter(pk=board.pk).update(licenses_do=True)

    batch = send_roster(board, a_line(degree="Physician"), a_line(number="2", npi=OTHER_NPI, degree="D.O."))

    assert (codes(batch), batch.added) == ([(2, "degree_missing")], 1)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"number": ""}, "number_missing"),
        ({"number": "--"}, "number_unreadable"),
        ({"number": "9" * 41}, "number_unreadable"),
        ({"last_name": ""}, "name_missing"),
        ({"first_name": "=cmd"}, "name_unreadable"),
        ({"birthday": "13/45"}, "birthday_unreadable"),
        ({"npi": "1186620113"}, "npi_invalid"),
        ({"status": "Half"}, "status_unknown"),
        ({"issued": "soon"}, "date_unreadable"),
        ({"expires": "12/31/9999"}, "date_unreadable"),
        ({"corrects": "perhaps"}, "correction_unknown"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(board: Organization, cells: dict[str, str], code: str) -> None:
    assert codes(send_roster(board, a_line(**cells))) == [(2, code)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ACTIVE - Probation", "active"),
        ("Null and Void", "lapsed"),
        ("SUSPENDED", "suspended"),
        ("Revoked.", "revoked"),
    ],
)
def test_boards_words_for_a_status_are_known(text: str, meant: str) -> None:
    assert words.status(text) == meant


def test_a_year_of_birth_never_arrives(board: Organization) -> None:
    batch = send_roster(board, a_line(birthday="10/13/1957", number="--"))

    with acting_as(Actor.system_job("test")):
        assert "1957" not in words_of(str([vars(issue) for issue in batch.issues.all()]))


def test_a_board_writes_no_other_boards_license(board: Organization) -> None:
    theirs = factories.a_board("NC", degree=Degree.DO)
    factories.a_physician(theirs, "2008-95323")

    send_roster(board, a_line(npi="", status="Revoked"))

    assert [(held.board_id, held.status) for held in _licenses()] == [
        (theirs.pk, "active"),
        (board.pk, "revoked"),
    ]


class TestMissing:
    """What a full list leaves out is lapsed only after the board has seen how much it is."""

    at = datetime(2026, 11, 25, tzinfo=UTC)

    @pytest.fixture
    def admin(self, board: Organization) -> Actor:
        return Actor(kind="board", organization_id=board.pk)

    def test_a_full_list_lapses_nothing_by_itself(self, board: Organization, admin: Actor) -> None:
        send_roster(board, a_line(), a_line(number="7", last_name="Ito", npi=""))

        batch = send_roster(board, a_line(), options={"coverage": "full"})

        assert {held.status for held in _licenses()} == {"active"}
        with acting_as(admin):
            assert absent.absent_from(batch, admin).count == 1

    def test_the_board_lapses_them_by_their_number(self, board: Organization, admin: Actor) -> None:
        send_roster(board, a_line(), a_line(number="7", last_name="Ito", npi=""))
        batch = send_roster(board, a_line(), options={"coverage": "full"})

        with acting_as(admin):
            with pytest.raises(absent.CountChanged):
                absent.lapse(batch=batch, count=2, by=admin, at=self.at)
            assert absent.lapse(batch=batch, count=1, by=admin, at=self.at) == 1

        assert [held.status for held in _licenses()] == ["active", "lapsed"]
        assert [(version.change, version.number) for version in _versions()] == [("lapsed", "7")]

    @pytest.mark.parametrize("why", ["partial", "rows to fix", "newer"])
    def test_no_other_list_decides(self, board: Organization, admin: Actor, why: str) -> None:
        lines = [a_line(), *([a_line(number="")] if why == "rows to fix" else [])]
        batch = send_roster(board, *lines, options={"coverage": "part" if why == "partial" else "full"})
        if why == "newer":
            send_roster(board, a_line())

        with acting_as(admin), pytest.raises(absent.NotDecidable):
            absent.lapse(batch=batch, count=0, by=admin, at=self.at)
