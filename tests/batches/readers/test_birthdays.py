"""A year of birth never leaves the child, in whatever shape it was written."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pars.batches.readers.birthday import without_year

SHAPES = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%m%d%Y", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S",
    "%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%d.%m.%Y", "%m/%d/%y", "%m-%d-%y", "%m/%d/%Y %I:%M:%S %p",
    "%B %d, %Y", "%b %d %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, '%y", "%A, %B %d, %Y", "%Y %B %d",
    "%Y", "%B %Y", "%m/%Y", "born %m/%d/%Y, I think", "DOB: %Y-%m-%d (%Y)",
)  # fmt: skip
BIRTHS = st.dates(datetime.date(1908, 4, 1), datetime.date(2015, 12, 31))


def leaks(shown: object, year: int) -> bool:
    return str(year) in str(shown)


@given(born=BIRTHS, shape=st.sampled_from(SHAPES))
def test_no_text_shape_leaves_a_year(born: datetime.date, shape: str) -> None:
    moment = datetime.datetime.combine(born, datetime.time())

    shown = without_year(moment.strftime(shape))

    assert not leaks(shown, born.year)
    if "%d" in shape and "born" not in shape and "DOB" not in shape and not shape.startswith("%d.%m"):
        assert shown == f"••••-{born:%m-%d}"


@given(born=BIRTHS)
def test_no_kind_of_cell_leaves_a_year(born: datetime.date) -> None:
    days = (born - datetime.date(1899, 12, 30)).days
    moment = datetime.datetime.combine(born, datetime.time(8, 30))
    packed = int(f"{born:%m%d%Y}")

    assert {without_year(each) for each in (born, moment, days, float(days), days + 0.5, str(days))} == {
        f"••••-{born:%m-%d}"
    }
    assert without_year(packed) == f"••••-{born:%m-%d}"
    assert without_year(born.year) == "••••"


@pytest.mark.parametrize(
    "value",
    [
        "10/13",
        "1-2",
        "02/30",
        "9-Mar",
        "March 4th",
        "--03-04",
        "••••-03-04",
        "n/a",
        "0304",
        1013,
        10.13,
        None,
    ],
)
def test_what_holds_no_year_stays_as_it_was(value: str | float | None) -> None:
    assert without_year(value) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("3/79", "3/••"),
        ("3/4/79", "••••-03-04"),
        ("79-03-04", "••••-03-04"),
        ("3041979", "••••-03-04"),
        ("13.04.1979", "••••-04-13"),
        ("1979年3月4日", "••••-03-04"),
        ("３/４/１９７９", "••••-03-04"),
        ("about 1979", "about ••••"),
        ("March fourth, nineteen seventy-nine", "••••"),
        (float("nan"), "••••"),
        (-28915, "••••"),
    ],
)
def test_odd_shapes_are_masked(value: str | float, shown: str) -> None:
    assert without_year(value) == shown


@given(st.text(alphabet="0123456789/-. ,'MarchJune年", max_size=24))
def test_no_four_digits_pass_that_are_not_a_month_and_day(text: str) -> None:
    shown = str(without_year(text))

    runs = [run for run in "".join(c if c.isdecimal() else " " for c in shown).split() if len(run) > 3]
    assert all(len(run) == 4 and int(run[:2]) <= 12 and int(run[2:]) <= 31 for run in runs)
