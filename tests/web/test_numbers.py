from decimal import Decimal

import pytest

from pars.web.numbers import counted, trimmed


@pytest.mark.parametrize(
    ("value", "words"),
    [(Decimal("32.50"), "32.5"), (Decimal("4.00"), "4"), (1204, "1,204"), (0, "0"), (100.0, "100")],
)
def test_a_number_has_no_zeros_that_say_nothing(value: Decimal | float, words: str) -> None:
    assert trimmed(value) == words


@pytest.mark.parametrize(
    ("value", "things", "words"),
    [
        (1, "activities", "1 activity"),
        (1, "credits", "1 credit"),
        (0.5, "credits", "0.5 credits"),
        (2, "activities", "2 activities"),
        (3, "", "3"),
    ],
)
def test_one_of_a_thing_is_said_in_the_singular(value: float, things: str, words: str) -> None:
    assert counted(value, things) == words
