"""Code lists: each file holds together, people's spellings are understood, and guesses are never wild."""

from datetime import date
from pathlib import Path
from time import perf_counter

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from activities.codes import NAMES, BrokenList, CodeList, code_list
from activities.codes.files import read
from activities.codes.lists import LONGEST
from activities.codes.page import page
from activities.formats import Delivery, Format
from learners.states import STATES

each_list = pytest.mark.parametrize("name", NAMES)

A_LIST = """
title = "Colours"
source = "A painter, 2026."
dated = 2026-01-31
codes = [{ code = "R", label = "Red", aliases = ["Crimson"] }, { code = "B", label = "Blue" }]
"""


@each_list
def test_a_list_holds_together_and_says_where_it_is_from(name: str) -> None:
    listed = code_list(name)

    assert listed.name == name
    assert listed.title
    assert len(listed.source) > 40
    assert date(2015, 1, 1) < listed.dated
    assert listed.codes


@each_list
def test_every_spelling_finds_its_code(name: str) -> None:
    listed = code_list(name)

    for each in listed.codes:
        near = listed.where(**{listed.within: each.extra[listed.within]}) if listed.within else listed
        for spelling in (each.code, each.label, *each.aliases):
            assert near.find(f"  {spelling.upper()}. ") is each
            assert near.nearest(spelling) is each


@each_list
def test_choices_are_codes_and_labels_in_the_lists_order(name: str) -> None:
    listed = code_list(name)

    assert listed.choices() == [(each.code, each.label) for each in listed.codes]


def test_the_page_of_all_lists_is_what_the_lists_say() -> None:
    written = (Path(settings.BASE_DIR) / "docs/codes.md").read_text(encoding="utf-8")

    assert written == page(), "Run: python -m activities.codes > docs/codes.md"


def test_a_list_is_read_once() -> None:
    assert code_list("format") is code_list("format")


@pytest.mark.parametrize("name", ["", "colour", "../format", "format.toml"])
def test_a_name_that_is_no_list_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        code_list(name)


@pytest.mark.parametrize(
    ("said", "instead", "fault"),
    [
        ('code = "B"', 'code = "R"', "R and R are both written 'r'"),
        ('label = "Blue"', 'label = ""', "not empty"),
        ('code = "B"', 'code = " "', "not empty"),
        ('label = "Blue"', 'label = "Blue", aliases = ["crimson!"]', "R and B are both written 'crimson'"),
        ('label = "Blue"', 'label = "Blue", aliases = ["--"]', "neither letter nor digit"),
        ('label = "Blue"', 'label = "Blue", colour = "cold"', "does not state exactly the facts"),
        (
            'label = "Blue"',
            'label = "Blue", from = 2026-02-02, until = 2026-02-01',
            "B ends before it begins",
        ),
        ('label = "Blue"', f'label = "Blue", aliases = ["{"b" * (LONGEST + 1)}"]', "nobody finds it"),
        ("dated = 2026-01-31", "", "dated is a day"),
        ("dated = 2026-01-31", "dated = 2026-01-31T00:00:00", "dated is a day"),
        ('"A painter, 2026."', '""', "a title, a source and codes"),
        ("dated", "author = 1\ndated", "unknown: author"),
        ("dated", 'within = "shade"\ndated', "within names no fact: shade"),
        ("codes = [", "codes = ", "Expected"),
    ],
)
def test_a_file_with_a_fault_is_refused_by_name(said: str, instead: str, fault: str) -> None:
    assert read("colours", A_LIST).find("crimson")
    assert said in A_LIST

    with pytest.raises(BrokenList, match=r"^colours\.toml: ") as refused:
        read("colours", A_LIST.replace(said, instead))

    assert fault in str(refused.value)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("format", "RSS", "Regularly Scheduled Series"),
        ("format", "iem", "Enduring Material"),
        ("format", "other / blended learning", "Other/Blended Learning"),
        ("credit_category", "AMA PRA Category 1 Credits™", "AMA PRA Category 1"),
        ("country", "Cote d'Ivoire", "CIV"),
        ("country", "KOREA, REPUBLIC OF", "KOR"),
        ("country", "us", "USA"),
        ("state", "washington, d.c.", "DC"),
        ("certifying_board", "PM & R", "ABPMR"),
        ("fee", "No, it's free", "No, it’s free"),
        ("commendation", "improves performance", "C36"),
        ("participant", "non-physician", "other"),
        ("specialty", "Hospice & Palliative Medicine", "Hospice and Palliative Medicine"),
        ("state_topic", "opioids", "Opioid Prescribing"),
    ],
)
def test_what_people_write_is_understood(name: str, text: str, code: str) -> None:
    found = code_list(name).find(text)

    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("state", "Virgina", "VA"),
        ("state", "Nort Carolina", "NC"),
        ("country", "Untied States", "USA"),
        ("format", "Enduring Materail", "Enduring Material"),
        ("format", "Regulary Schedueled Series", "Regularly Scheduled Series"),
        ("moc_credit_type", "Medcal Knowledge", "Medical Knowledge"),
    ],
)
def test_a_close_misspelling_is_offered_its_code(name: str, text: str, code: str) -> None:
    nearest = code_list(name).nearest(text)

    assert code_list(name).find(text) is None
    assert nearest is not None
    assert nearest.code == code


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("country", "Nigera"),  # Nigeria, or Niger
        ("country", "Slovania"),  # Slovenia, or Slovakia
        ("country", "Narnia"),
        ("state", "Dakota"),
        ("state", "NX"),
        ("format", "Lecture"),
        ("measurement", ""),
        ("measurement", "—"),
        ("moc_credit_type", "Patient Safety"),  # of three boards
    ],
)
def test_no_wild_guess_is_offered(name: str, text: str) -> None:
    assert code_list(name).find(text) is None
    assert code_list(name).nearest(text) is None


@given(st.text(max_size=300))
def test_any_text_may_be_looked_up(text: str) -> None:
    listed = code_list("country")

    found = listed.find(text)

    assert found is None or found in listed.codes
    assert found is None or listed.nearest(text) is found


@pytest.mark.parametrize("text", ["\ufdfa" * LONGEST, "ab" * (LONGEST // 2), "united states " * 10**6])
def test_a_hostile_text_is_answered_at_once(text: str) -> None:
    listed = code_list("specialty")
    start = perf_counter()

    assert listed.find(text) is None
    assert listed.nearest(text) is None

    assert perf_counter() - start < 0.1


def _codes(listed: CodeList) -> list[str]:
    return [each.code for each in listed.codes]


def test_a_board_that_joined_later_is_offered_for_activities_from_that_day() -> None:
    boards = code_list("certifying_board")

    assert "ABPMR" not in _codes(boards.on(date(2024, 12, 31)))
    assert "ABPMR" in _codes(boards.on(date(2025, 1, 1)))
    assert boards.find("ABPMR")
    assert boards.on(date(2024, 12, 31)).find("ABPMR") is None


def test_a_retired_code_holds_to_its_last_day() -> None:
    kinds = code_list("in_kind")

    assert _codes(kinds.on(date(2021, 10, 31))) == _codes(kinds)
    assert _codes(kinds.on(date(2021, 11, 1))) == []


def test_a_fact_narrows_a_list_and_keeps_its_order() -> None:
    types = code_list("moc_credit_type")

    assert _codes(types.where(board="ABIM")) == ["Medical Knowledge", "Practice Assessment", "Patient Safety"]
    assert "Hospice and Palliative Medicine" in _codes(code_list("specialty").where(boards="ABP"))
    assert _codes(types.where(board="ABIM", basis="general knowledge")) == ["Patient Safety"]
    assert _codes(types.where(board="AB")) == []
    with pytest.raises(KeyError):
        types.where(bord="ABIM")


def test_a_code_is_got_exactly_and_read_by_its_label() -> None:
    countries = code_list("country")

    assert countries.get("FRA") is countries.find("France")
    assert countries.get("fra") is None
    assert countries.label("FRA") == "France"
    assert countries.label("XYZ") == "XYZ"
    assert code_list("moc_credit_type").get("Patient Safety") is None


def test_the_constants_of_rules_are_the_codes_of_their_lists() -> None:
    assert Format.values == _codes(code_list("format"))
    assert Delivery.values == _codes(code_list("delivery"))


def test_a_formats_delivery_methods_are_delivery_methods() -> None:
    methods = set(_codes(code_list("delivery")))

    for each in code_list("format").codes:
        implied = {old.partition(": ")[2] for old in each.several("old_codes")} - {""}
        assert implied <= set(each.several("delivery")) <= methods


def test_the_old_formats_codes_are_read() -> None:
    formats = code_list("format")

    for each in formats.codes:
        for old in each.several("old_codes"):
            assert formats.find(old.partition(":")[0]) is each
    assert sum(len(each.several("old_codes")) for each in formats.codes) == 12


def test_lists_that_name_codes_of_others_name_codes_that_are_there() -> None:
    boards = set(_codes(code_list("certifying_board")))
    registering = set(_codes(code_list("certifying_board").where(registers="yes")))
    types = code_list("moc_credit_type").codes
    states = set(_codes(code_list("state")))

    assert {each.extra["board"] for each in types} == boards
    assert registering < boards
    assert registering <= {board for each in code_list("specialty").codes for board in each.several("boards")}
    assert {state for each in code_list("state_topic").codes for state in each.several("states")} <= states


def test_every_state_and_country_of_the_standards_is_there() -> None:
    assert len(code_list("country").codes) == 249
    assert all(len(code) == 3 and code.isupper() for code, _ in code_list("country").choices())
    assert len(code_list("state").codes) == 50 + 7
    assert set(_codes(code_list("state"))) - set(STATES) == {"UM"}
