"""The national file: who in it is a physician, what it adds, what it leaves alone, and where it goes on."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from bench import nppes_file
from boards.models import Board
from boards.nppes import importing, layout, reading
from boards.nppes.importing import place_aside
from boards.nppes.models import LicenseAside, NppesImport
from learners import birthday
from learners.models import Alias, Degree, License, Physician
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.scope import acting_as
from tests import factories
from tests.boards.test_rosters import a_line, counts, send_roster
from tests.roles import as_role
from tests.uploads import a_row, codes, send

pytestmark = pytest.mark.django_db

AMARA = {
    "NPI": "1186620112",
    "Entity Type Code": "1",
    "Provider Last Name (Legal Name)": "OSEI",
    "Provider First Name": "AMARA",
    "Provider Credential Text": "M.D.",
    "Healthcare Provider Taxonomy Code_1": "207R00000X",
    "Provider License Number_1": "2008-95323",
    "Provider License Number State Code_1": "NC",
}
JOSE = AMARA | {
    "NPI": "1407933799",
    "Provider Last Name (Legal Name)": "NUÑEZ",
    "Provider License Number_1": "7",
}


@pytest.fixture
def board() -> Organization:
    return factories.a_board("NC")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "npidata_pfile_20050523-20261108.csv"


def _import(file: Path, *rows: dict[str, str], block: int = 100) -> NppesImport:
    file.write_bytes(nppes_file.header() + b"".join(nppes_file.line(row) for row in rows))
    with as_role("pars_worker"):
        return importing.run(file, block=block, tell=lambda progress: None)


def _all(model: type[Any], **filters: Any) -> list[Any]:
    with as_role("pars_owner"):
        return list(model.objects.filter(**filters).order_by("pk"))


def test_the_file_has_the_columns_that_are_published() -> None:
    assert len(nppes_file.COLUMNS) == 330
    assert set(layout.NEEDED) <= set(nppes_file.COLUMNS)


def test_a_physician_comes_in_without_a_birthday_and_the_license_unconfirmed(
    board: Organization, file: Path
) -> None:
    done = _import(file, AMARA)

    [someone], [held] = _all(Physician), _all(License)
    assert (someone.npi, someone.degree, someone.source, someone.birthday) == (
        "1186620112",
        "MD",
        "nppes",
        None,
    )
    assert (someone.first_name, someone.last_name, someone.last_key) == ("Amara", "Osei", "osei")
    assert (held.board_id, held.number, held.number_key) == (board.pk, "2008-95323", "200895323")
    assert (held.status, held.source, held.npi) == ("unconfirmed", "nppes", "1186620112")
    assert (done.rows, done.physicians, done.added, done.licenses) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    "cells",
    [
        {"Entity Type Code": "2"},
        {"Healthcare Provider Taxonomy Code_1": "163W00000X"},
        {"Healthcare Provider Taxonomy Code_1": "", "Other Provider Identifier_1": "207"},
        {"NPI Deactivation Date": "01/01/2020"},
        {"NPI": "1186620113"},
        {"Provider Last Name (Legal Name)": ""},
    ],
)
def test_whoever_is_no_physician_with_an_npi_stays_out(
    board: Organization, file: Path, cells: dict[str, str]
) -> None:
    assert _import(file, AMARA | cells, JOSE).physicians == 1


def test_only_licenses_beside_a_physicians_specialty_count_each_once(board: Organization, file: Path) -> None:
    slots = {
        "Healthcare Provider Taxonomy Code_2": "163W00000X",
        "Provider License Number_2": "RN-1",
        "Provider License Number State Code_2": "NC",
        "Healthcare Provider Taxonomy Code_15": "2080P0006X",
        "Provider License Number_15": "200895323",
        "Provider License Number State Code_15": "NC",
    }

    _import(file, AMARA | slots)

    assert [held.number for held in _all(License)] == ["2008-95323"]


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        ("MD", "MD"),
        ("M.D., Ph.D.", "MD"),
        ("M. D.", "MD"),
        ("MBBS", "MD"),
        ("D.O.", "DO"),
        ("DO, MPH", "DO"),
        ("MD DO", ""),
        ("PHD", ""),
        ("", ""),
        ("DOCTOR", ""),
    ],
)
def test_the_degree_is_read_from_the_credential(text: str, degree: str) -> None:
    assert layout.degree(text) == degree


def test_the_degree_decides_between_a_states_two_boards(file: Path) -> None:
    for_mds, for_dos = factories.a_board("CA"), factories.a_board("CA", degree=Degree.DO)
    state = {"Provider License Number State Code_1": "CA"}

    _import(file, AMARA | state, JOSE | state | {"Provider Credential Text": "D.O."})

    assert {held.npi: held.board_id for held in _all(License)} == {
        "1186620112": for_mds.pk,
        "1407933799": for_dos.pk,
    }


def test_one_board_of_a_state_may_license_both(board: Organization, file: Path) -> None:
    with as_role("pars_owner"):
        Board.objects.filter(pk=board.pk).update(licenses_do=True)

    _import(file, AMARA, JOSE | {"Provider Credential Text": "DO"})

    assert [held.degree for held in _all(License, board=board)] == ["MD", "DO"]


def test_a_license_without_a_board_waits_aside_until_one_joins(file: Path) -> None:
    done = _import(file, AMARA, JOSE | {"Provider Credential Text": ""})
    assert (done.licenses, done.aside) == (0, 2)

    board = factories.a_board("NC")
    with as_role("pars_worker"), acting_as(Actor.system_job("test")):
        assert place_aside(at=done.started_at) == 1

    assert [(held.board_id, held.source) for held in _all(License)] == [(board.pk, "nppes")]
    assert [aside.degree for aside in _all(LicenseAside)] == [""]


def test_a_boards_word_is_never_overwritten(board: Organization, file: Path) -> None:
    send_roster(board, a_line(first_name="Amara", last_name="Osei-Mensah", status="Revoked"))
    before = [vars(row) for row in (*_all(Physician), *_all(License))]

    done = _import(file, AMARA | {"Provider License Number_1": "200895323"})

    after = [vars(row) for row in (*_all(Physician), *_all(License))]
    assert [row | {"_state": None} for row in after] == [row | {"_state": None} for row in before]
    assert (done.added, done.changed, done.licenses) == (0, 0, 0)


def test_a_licensee_of_the_same_full_name_gets_the_npi(board: Organization, file: Path) -> None:
    send_roster(board, a_line(npi=""))

    done = _import(file, AMARA)

    [someone] = _all(Physician)
    assert (someone.npi, bytes(someone.birthday)) == ("1186620112", birthday.encrypt("1013"))
    assert [held.npi for held in _all(License)] == ["1186620112"]
    assert (done.added, done.changed) == (0, 1)


def test_another_name_on_a_license_is_a_conflict_and_merges_nobody(board: Organization, file: Path) -> None:
    send_roster(board, a_line(npi="", first_name="Kofi"))

    done = _import(file, AMARA)

    assert [someone.npi for someone in _all(Physician)] == [None, "1186620112"]
    assert (len(_all(License)), done.conflicts) == (1, 1)


def test_a_later_file_brings_its_own_word_up_to_date(board: Organization, file: Path, tmp_path: Path) -> None:
    _import(file, AMARA)

    done = _import(tmp_path / "next.csv", AMARA | {"Provider Last Name (Legal Name)": "MENSAH"})

    [someone] = _all(Physician)
    assert (someone.last_name, done.changed) == ("Mensah", 1)
    assert [alias.last_key for alias in _all(Alias)] == ["osei"]


def test_credit_for_somebody_from_nppes_waits_for_the_birthday(board: Organization, file: Path) -> None:
    ours = factories.a_provider()
    _import(file, AMARA)

    batch = send(ours, a_row(factories.an_activity(ours).activity_id))

    assert codes(batch) == [(2, "birthday_unconfirmed")]


def test_the_roster_that_follows_confirms_and_merges(board: Organization, file: Path) -> None:
    _import(file, AMARA | {"Provider License Number_1": "200895323"})

    assert counts(send_roster(board, a_line())) == (0, 1, 0, 0)
    [held] = _all(License)
    assert (held.number, held.status, len(_all(Physician))) == ("2008-95323", "active", 1)


def test_a_stopped_import_goes_on_where_it_was(board: Organization, file: Path) -> None:
    rows = [AMARA | {"NPI": nppes_file.npi(n), "Provider License Number_1": f"N{n}"} for n in range(1, 8)]
    file.write_bytes(nppes_file.header() + b"".join(nppes_file.line(row) for row in rows))

    class Stopped(Exception):
        pass

    def stop(progress: NppesImport) -> None:
        if progress.rows == 4:
            raise Stopped

    seen: list[int] = []
    with as_role("pars_worker"):
        with pytest.raises(Stopped):
            importing.run(file, block=2, tell=stop)
        done = importing.run(file, block=2, tell=lambda progress: seen.append(progress.rows))

    assert (seen, done.rows, done.added, done.offset) == ([6, 7], 7, 7, file.stat().st_size)
    assert len(_all(License)) == 7
    with as_role("pars_worker"), pytest.raises(importing.ImportedAlready):
        importing.run(file, tell=lambda progress: None)


def test_two_processes_do_not_import_one_file(board: Organization, file: Path) -> None:
    file.write_bytes(nppes_file.header() + nppes_file.line(AMARA) + nppes_file.line(JOSE))

    def overtake(progress: NppesImport) -> None:
        with acting_as(Actor.system_job("test")):
            NppesImport.objects.update(offset=progress.offset + 1)

    with as_role("pars_worker"), pytest.raises(importing.SomebodyElse):
        importing.run(file, block=1, tell=overtake)


@pytest.mark.parametrize(
    "last_name",
    ['O"SEI', 'A","B', "OSEI\r\nJUNIOR", "Œ" * 300, "=CMD()"],
    ids=["quote", "cells", "break", "long", "="],
)
def test_an_awkward_cell_shifts_no_other(board: Organization, file: Path, last_name: str) -> None:
    done = _import(file, AMARA | {"Provider Last Name (Legal Name)": last_name}, JOSE)

    assert (done.rows, done.physicians) == (2, 2)
    assert [someone.npi for someone in _all(Physician)] == ["1186620112", "1407933799"]
    assert len(_all(Physician)[0].last_name) <= 100


def test_a_file_without_the_columns_is_refused_by_name(file: Path) -> None:
    file.write_bytes(b'"NPI","Entity Type Code"\r\n"1186620112","1"\r\n')

    with pytest.raises(CommandError, match="lacks the column “Provider Last Name"):
        call_command("import_nppes", str(file), stdout=io.StringIO())


def test_a_row_that_never_ends_is_refused(file: Path) -> None:
    file.write_bytes(nppes_file.header() + b'"' + b"x,\n" * 100_000)

    with as_role("pars_worker"), pytest.raises(reading.NotNppes):
        importing.run(file, tell=lambda progress: None)


def test_the_command_says_what_it_did(board: Organization, file: Path) -> None:
    file.write_bytes(nppes_file.header() + nppes_file.line(AMARA))
    said = io.StringIO()

    with as_role("pars_worker"):
        call_command("import_nppes", str(file), stdout=said)
        call_command("import_nppes", str(file), stdout=said)

    assert "Rows 1, of physicians 1: new 1, brought up to date 0." in said.getvalue()
    assert "There is nothing to do" in said.getvalue()
