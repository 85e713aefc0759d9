"""Whoever points at two people hears nothing of the one whose birthday is known, however many days they try."""

import pytest

from learners.models import Degree
from learners.numbers import npi_is_valid
from tests.factories import a_board, a_physician
from tests.learners.test_guesses import (
    AT,
    EVERY_DAY,
    PERSON,
    RIGHT,
    Attacker,
    an_attacker,
    nobody_was_matched,
)
from tests.uploads import COLUMNS, as_table, findings, see_through, take_in

pytestmark = pytest.mark.django_db

NPI = "1186620112"


def answers(attacker: Attacker, days: list[str], *cells: dict[str, str]) -> list[str]:
    """The code of each row of one file of people, with `cells` the same or day by day."""
    columns = {key: COLUMNS[key] for key in PERSON} | {"npi": "NPI"}
    said = cells if len(cells) > 1 else cells * len(days)
    rows = [attacker.person(day) | other for day, other in zip(days, said, strict=True)]
    file = as_table(columns, rows)
    batch = see_through(take_in(attacker.provider, file, "people.csv", kind="validation", at=AT))
    by_row = {finding.row: finding.code for finding in findings(batch)}
    return [by_row[2 + at] for at in range(len(days))]


def test_the_npi_of_a_namesake_without_a_birthday() -> None:
    a_physician(a_board("NC"), "2008-95323", month_day="1231")
    a_physician(a_board("SC"), first_name="Ben", month_day=None, npi=NPI)

    said = answers(an_attacker(), EVERY_DAY, {"npi": NPI})

    assert (said.count("identity"), said.count("kept_for_review")) == (5, 361)


def test_the_npis_of_namesakes_whose_birthdays_one_knows() -> None:
    """Each has the day that is tried, so that agreeing with both would show by another answer."""
    npis = [npi for npi in map(str, range(1_000_000_000, 1_000_001_000)) if npi_is_valid(npi)]
    days = [*EVERY_DAY[:15], RIGHT]
    others = a_board("SC")
    for day, npi in zip(days, npis, strict=False):
        a_physician(others, first_name="Ben", month_day=day.replace("/", ""), npi=npi)
    a_physician(a_board("NC"), "2008-95323", month_day="1231")

    said = answers(an_attacker(), days, *({"npi": npi} for _, npi in zip(days, npis, strict=False)))

    assert set(said) <= {"identity", "kept_for_review"}


def test_a_name_that_somebody_without_a_birthday_has_too() -> None:
    board = a_board("NC")
    a_physician(board, "2008-95323", month_day="1231")
    a_physician(board, "2009-1", month_day=None)

    assert set(answers(an_attacker(), EVERY_DAY, {"number": ""})) == {"birthday_unconfirmed"}
    assert nobody_was_matched()


def test_a_number_that_a_namesake_without_a_birthday_has_too() -> None:
    a_physician(a_board("NC"), "2008-95323", month_day="1231")
    osteopaths = a_board("NC", degree=Degree.DO)
    a_physician(osteopaths, "2008-95323", first_name="Ben", degree=Degree.DO, month_day=None)

    assert set(answers(an_attacker(), EVERY_DAY, {})) == {"birthday_unconfirmed"}
    assert nobody_was_matched()
