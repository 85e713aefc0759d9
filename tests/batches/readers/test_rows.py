"""What is read from files that people really have."""

import json
from pathlib import Path

import pytest

from pars.batches.readers import FORMULA, Header, Row, detect, read
from tests.batches.files import awkward
from tests.batches.files.layout import HEADINGS, LAYOUT

SAMPLES = Path(__file__).parents[2] / "samples"


def rows(path: Path) -> tuple[Header, list[Row]]:
    with read(path, layout=LAYOUT, name=path.name) as reading:
        return reading.header, list(reading)


def test_the_template_is_read_below_its_guidance_with_its_own_row_numbers() -> None:
    header, found = rows(SAMPLES / "learners.xlsx")

    assert (header.sheet, header.row) == ("Sheet1", 2)
    assert header.headings[12] == "Credit Type "
    assert header.keys[12] == header.keys[14] == "credit_type"
    assert [row.number for row in found] == list(range(3, 15))
    assert found[0].cells[1:6] == ("202600101", "2026-09-12", "Amara", "Osei", "10/13")


def test_empty_rows_count_and_are_not_read(tmp_path: Path) -> None:
    header, found = rows(awkward.merged_and_blank(tmp_path / "a.xlsx"))

    assert header.row == 3
    assert header.headings[1:] == HEADINGS
    assert [(row.number, row.cells[1], row.cells[3]) for row in found] == [
        (4, "202600101", "Osei"),
        (7, "202600101", "Silva"),
        (8, "202600102", "First of two"),
        (9, None, "Second of two"),
    ]


def test_a_hidden_sheet_is_passed_over(tmp_path: Path) -> None:
    header, found = rows(awkward.hidden_sheet_first(tmp_path / "a.xlsx"))

    assert header.sheet == "Learners"
    assert [row.cells[2] for row in found] == ["Shown"]


def test_days_counted_from_1904_are_the_same_days(tmp_path: Path) -> None:
    _, found = rows(awkward.counting_from_1904(tmp_path / "a.xlsx"))

    assert [row.cells[1] for row in found] == ["2026-09-12", "2026-09-12"]
    assert found[0].cells[3] == "••••-03-04"


def test_formulas_without_result_and_errors_are_not_taken_for_empty(tmp_path: Path) -> None:
    _, found = rows(awkward.formulas(tmp_path / "a.xlsx"))

    assert [row.number for row in found] == [2, 3]
    assert found[0].cells[2] == "#N/A"
    assert found[0].cells[4] is FORMULA
    assert found[1].cells == (FORMULA, None, None, None, None)


def test_a_heading_may_differ_in_case_punctuation_and_blanks(tmp_path: Path) -> None:
    path = awkward.text(tmp_path / "a.csv", "accme  activity-id ,COMPLETION DATE:,Last_Name,Notes\n1,2,3,4\n")

    header, found = rows(path)

    assert header.keys == ("activity_id", "completed_on", "last_name", None)
    assert found == [Row(2, ("1", "2", "3", "4"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_text_is_read_in_the_encodings_and_separators_of_office_programs(
    encoding: str, separator: str, tmp_path: Path
) -> None:
    lines = [HEADINGS, ("1", "2026-09-12", "Núñez", "02/01", "4"), (), ("2", "", "Müller", "", "")]
    path = awkward.text(tmp_path / "a.csv", "\r\n".join(separator.join(line) for line in lines), encoding)

    _, found = rows(path)

    assert found == [
        Row(2, ("1", "2026-09-12", "Núñez", "02/01", "4")),
        Row(4, ("2", None, "Müller", None, None)),
    ]


def test_a_line_that_names_the_separator_is_not_counted(tmp_path: Path) -> None:
    path = awkward.text(tmp_path / "a.csv", "sep=;\n" + ";".join(HEADINGS) + "\n1;2;3;02/01;4\n")

    header, found = rows(path)

    assert (header.row, found[0].number) == (1, 2)


@pytest.mark.parametrize("name", ["learners.xml", "learners.json"])
def test_the_published_shapes_give_the_same_columns(name: str) -> None:
    header, found = rows(SAMPLES / name)

    first = dict(zip(header.keys, found[0].cells, strict=True))
    assert [row.number for row in found] == [1, 2, 3, 4, 5, 6]
    assert first["activity_id"] == "202600103"
    assert str(first["completed_on"]).startswith("2026-11-0")
    assert (first["state"], first["license_number"]) in (("TX", "N4053"), ("CA", "A22052"))
    assert len(str(first["npi"])) == 10
    assert float(str(first["credits"])) == 2


def test_a_record_makes_a_row_for_each_certificate_and_one_when_it_has_none(tmp_path: Path) -> None:
    more = "<CreditCertificate><CreditID>ccid:x:2</CreditID></CreditCertificate>"
    bare = "<ActivityReport><Member><Name><FamilyName>Silva</FamilyName></Name></Member></ActivityReport>"
    xml = awkward.xml_records(inside=more).replace("</ActivityReports>", bare + "</ActivityReports>")
    path = awkward.text(tmp_path / "a.xml", xml)

    header, found = rows(path)

    values = [dict(zip(header.keys, row.cells, strict=True)) for row in found]
    assert [(each["last_name"], each["license_number"], each["ccid"]) for each in values] == [
        ("Osei", "N4053", None),
        ("Osei", None, "ccid:x:2"),
        ("Silva", None, None),
    ]
    assert values[0]["birthday"] == "••••-10-13"


def test_json_is_read_across_the_pieces_it_comes_in(tmp_path: Path) -> None:
    reports = [{"Member": {"Name": {"FamilyName": f"{'x' * 500}{n}"}}} for n in range(2000)]
    shape = {"ACCMELearnerReports": {"Note": 1, "ActivityReports": {"ActivityReport": reports}}}
    path = awkward.text(tmp_path / "a.json", json.dumps(shape, indent=1))

    _, found = rows(path)

    assert len(found) == 2000
    assert str(found[-1].cells[2]).endswith("x1999")


def test_what_a_file_is_counts_more_than_its_name(tmp_path: Path) -> None:
    path = awkward.text(tmp_path / "a.xlsx", ",".join(HEADINGS) + "\n1,2,3,02/01,4\n")

    assert detect(path, "a.xlsx") == "csv"
    assert len(rows(path)[1]) == 1


def test_a_character_that_no_database_text_can_hold_is_dropped(tmp_path: Path) -> None:
    shape = {
        "ACCMELearnerReports": {
            "ActivityReports": {"ActivityReport": {"Member": {"Name": {"FamilyName": "O\0sei\ud800"}}}}
        }
    }
    path = awkward.text(tmp_path / "a.json", json.dumps(shape))

    _, found = rows(path)

    assert found[0].cells[2] == "Osei?"


def children() -> set[str]:
    """The processes that this thread started and that still are."""
    return set(Path("/proc/thread-self/children").read_text().split())


def test_the_child_is_gone_when_a_reading_is_left_early(tmp_path: Path) -> None:
    path = awkward.text(tmp_path / "a.csv", ",".join(HEADINGS) + "\n" + "1,2,3,02/01,4\n" * 200_000)
    before = children()

    with read(path, layout=LAYOUT, name=path.name) as reading:
        next(iter(reading))
        during = children()

    assert len(during - before) == 1
    assert children() == before


def test_a_column_that_speaks_of_birth_loses_its_years_though_nobody_knows_it(tmp_path: Path) -> None:
    path = awkward.text(
        tmp_path / "a.csv", "Activity ID,Completion Date,Last Name,Learner DOB\n1,2,3,03/04/1979\n"
    )

    _, found = rows(path)

    assert found[0].cells[3] == "••••-03-04"


def test_a_number_cut_in_two_by_the_end_of_a_piece_is_one_number(tmp_path: Path) -> None:
    report = '{"ActivityReports":{"ActivityReport":[{"Member":{"Name":{"FamilyName":"Osei"}}}]}}'
    start = '{"pad":"'
    pad = "x" * (256 * 1024 - len(start) - len('","n":') - 3)
    path = awkward.text(tmp_path / "a.json", f'{start}{pad}","n":123456,"ACCMELearnerReports":{report}}}')

    _, found = rows(path)

    assert found[0].cells[2] == "Osei"
