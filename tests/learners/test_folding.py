import pytest
from hypothesis import given
from hypothesis import strategies as st

from learners import birthday
from learners.names import fold
from learners.numbers import license_key, npi_is_valid
from learners.quarters import read_quarters
from learners.states import state_code
from pars.batches.cells import read_date


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Connor", "OCONNOR"),
        ("O’Connor", "o'connor"),
        ("Núñez", "Nunez"),
        ("Smith Jr.", "SMITH"),
        ("Smith, Jr", "Smith"),
        ("Washington III", "Washington"),
        ("Kjær", "Kjaer"),
        ("Łukasiewicz", "Lukasiewicz"),
        ("Al-Hassan", "Al Hassan"),
        ("Müller", "Muller"),
        ("Thị Lan", "THI LAN"),
        ("Řezníček", "reznicek"),
        ("Jǿrgensen", "Jorgensen"),
        ("𝖠mara", "AMARA"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Lee", "Li"), ("Smith", "Smyth"), ("Silva", "Silver")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=40))
def test_folding_a_folded_name_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("06124", "6124"),
        ("2008-95323", "200895323"),
        ("a 15923", "A15923"),
        ("DO1531", "do-1531"),
        ("A 00123", "A123"),
        ("35.012345", "35012345"),
        ("MD-012345-L", "MD12345L"),
    ],
)
def test_numbers_fold_what_excel_and_habit_change(one: str, other: str) -> None:
    assert license_key(one) == license_key(other)


def test_zeros_inside_a_number_count() -> None:
    assert license_key("1001") != license_key("11")


@pytest.mark.parametrize(
    ("npi", "valid"),
    [("1234567893", True), ("1234567898", False), ("3234567893", False), ("123456789", False)],
)
def test_an_npi_is_told_by_its_check_digit(npi: str, valid: bool) -> None:
    assert npi_is_valid(npi) is valid


@pytest.mark.parametrize(
    "text", ["10/13", "10-13", "10.13", "10 13", "••••-10-13", "Oct 13", "13-Oct", "October 13", "13 october"]
)
def test_a_birthday_is_read_in_every_shape(text: str) -> None:
    assert birthday.parse(text) == "1013"


@pytest.mark.parametrize("text", ["02/30", "13/45", "00/10", "1/0", "nonsense", "1013", "10/13/80", ""])
def test_what_is_no_day_of_the_year_is_refused(text: str) -> None:
    with pytest.raises(birthday.NotADay):
        birthday.parse(text)


@given(st.dates())
def test_every_day_of_every_year_survives_encryption(day: object) -> None:
    month_day = f"{day:%m%d}"

    sealed = birthday.encrypt(birthday.parse(f"{month_day[:2]}/{month_day[2:]}"))

    assert birthday.decrypt(sealed) == month_day
    assert sealed == birthday.encrypt(month_day)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("North Carolina", "NC"),
        ("nc", "NC"),
        (" N.C. ", "NC"),
        ("Washington DC", "DC"),
        ("Narnia", None),
        ("Guam", "GU"),
    ],
)
def test_states_are_known_by_name_and_code(text: str, code: str | None) -> None:
    assert state_code(text) == code


@pytest.mark.parametrize(
    "text", ["2026-09-12", "2026-09-12T00:00:00", "09/12/2026", "9/12/2026", "Sep 12, 2026", "12-Sep-2026"]
)
def test_a_completion_date_is_read_in_every_shape(text: str) -> None:
    assert str(read_date(text)) == "2026-09-12"


@pytest.mark.parametrize("text", ["13/45/2026", "2026-13-01", "soon", "9/12", "46277"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


@given(st.integers(min_value=1, max_value=3999))
def test_every_quarter_is_an_amount(quarters: int) -> None:
    amount = read_quarters(str(quarters / 4))

    assert amount is not None
    assert amount * 4 == quarters


@pytest.mark.parametrize("text", ["0", "-1", "4.1", "1000", "NaN", "Infinity", "1e9", "four", "0.125"])
def test_what_is_no_quarter_is_none(text: str) -> None:
    assert read_quarters(text) is None
