"""What is wrong with a record: each code, at its field, in its own sentence. No database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.record import CreditOffered, Outcome, Record, Registration, Rems, StateTopic, Support
from activities.rules import missing, needs, problems, tidied
from activities.sentences import MISSING, SENTENCES, WRONG
from activities.status import Status
from tests.activities.records import ACTIVE, WHOLE

TODAY = date(2026, 11, 23)
NEW_YEAR = date(2026, 1, 1)


def found(record: Record) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in problems(tidied(record), today=TODAY)]


def test_the_whole_record_is_right_and_lacks_nothing() -> None:
    assert found(WHOLE) == []
    assert missing(WHOLE, Status.CLOSED, today=TODAY) == {}


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"title": "<b>Opioids</b>"}, "title", "title_html"),
        ({"title": "Heart &amp; Lung"}, "title", "title_html"),
        ({"title": "Opioids\u202e"}, "title", "title_unreadable"),
        ({"title": "x" * 251}, "title", "title_too_long"),
        ({"description": "x" * 3000}, "description", "description_too_long"),
        ({"description": "<p>Cases</p>"}, "description", "description_html"),
        ({"description": "a\x00b"}, "description", "text_unreadable"),
        ({"activity_id": "12345"}, "activity_id", "activity_unknown"),
        ({"provider_activity_id": "x" * 61}, "provider_activity_id", "text_too_long"),
        ({"format": "Live Cours"}, "format", "format_unknown"),
        ({"end_on": date(2026, 11, 1)}, "end_on", "end_before_start"),
        ({"start_on": date(206, 11, 2), "end_on": date(206, 11, 2)}, "start_on", "start_implausible"),
        ({"start_on": date(2099, 1, 1), "end_on": None, "registrations": ()}, "start_on", "start_implausible"),
        ({"end_on": date(2027, 11, 3)}, "end_on", "too_long"),
        ({"reviewed_on": date(2026, 11, 2)}, "reviewed_on", "review_date"),
        ({"delivery": ("In-Person", "By mail")}, "delivery.1", "delivery_unknown"),
        ({"delivery": ("Online",), "city": "", "state": ""}, "delivery", "delivery_of_format"),
        ({"delivery": ("Live-Streamed",)}, "city", "place_not_in_person"),
        ({"country": ""}, "country", "state_without_country"),
        ({"state": "XX"}, "state", "state_unknown"),
        ({"country": "Nowhere"}, "country", "country_unknown"),
        ({"credits": Decimal("0.3")}, "credits", "credits_unreadable"),
        ({"credits": Decimal(0)}, "credits", "credits_unreadable"),
        ({"credits": Decimal("NaN")}, "credits", "credits_unreadable"),
        ({"credits": Decimal(10000)}, "credits", "credits_unreadable"),
        ({"credits_per_session": Decimal(1)}, "credits_per_session", "session_credits"),
        ({"other_credits": (CreditOffered("Nursng"),)}, "other_credits.0.category", "category_unknown"),
        ({"other_credits": (CreditOffered("IPCE"),) * 2}, "other_credits.1.category", "category_twice"),
        ({"other_credits": (CreditOffered("IPCE", Decimal("0.1")),)}, "other_credits.0.amount", "credits_unreadable"),
        ({"providership": "both"}, "providership", "providership_unknown"),
        ({"providership": "direct"}, "joint_providers", "joint_but_direct"),
        ({"fee": "maybe"}, "fee", "fee_unknown"),
        ({"registration": "closed"}, "registration", "registration_unknown"),
        ({"url": "cme.example.org"}, "url", "url_unreadable"),
        ({"url": "javascript:alert(1)"}, "url", "url_unreadable"),
        ({"url": "https://user:secret@example.org"}, "url", "url_unreadable"),
        ({"url": "https://localhost"}, "url", "url_unreadable"),
        ({"url": "https://[::1"}, "url", "url_unreadable"),
        ({"tags": ("x" * 61,)}, "tags", "tags_too_many"),
        ({"professions": ("Wizard",)}, "professions.0", "profession_unknown"),
        ({"specialties": tuple(map(str, range(101)))}, "specialties", "too_many"),
        ({"outcomes": (Outcome("Joy"),)}, "outcomes.0.what", "outcome_unknown"),
        ({"outcomes": (Outcome("Patient Health"),) * 2}, "outcomes.1.what", "outcome_twice"),
        ({"outcomes": (Outcome("Patient Health", ("Felt",)),)}, "outcomes.0.how.0", "measurement_unknown"),
        ({"commendations": ("C99",)}, "commendations.0", "commendation_unknown"),
        ({"rems": Rems("Aspirin", "EG-1")}, "rems.type", "rems_unknown"),
        ({"rems": Rems("Mycophenolate")}, "rems.identifier", "rems_identifier"),
        ({"state_topics": (StateTopic("Ethics"),)}, "state_topics.0", "topic_incomplete"),
        ({"registrations": (Registration("", Decimal(2)),)}, "registrations.0.board", "board_missing"),
        ({"registrations": (Registration("ABX"),)}, "registrations.0.board", "board_unknown"),
        ({"registrations": (Registration("ABO"),)}, "registrations.0.board", "board_unknown"),
        ({"registrations": (Registration("ABP"),) * 2}, "registrations.1.board", "board_twice"),
        ({"registrations": (Registration("ABP", Decimal("0.3")),)}, "registrations.0.points", "points_unreadable"),
        ({"registrations": (Registration("ABP", claim_by=NEW_YEAR),)}, "registrations.0.claim_by", "claim_too_early"),
        ({"registrations": (Registration("ABP", url="x"),)}, "registrations.0.url", "url_unreadable"),
        ({"commercial_support": False}, "commercial_support", "support_but_none"),
        ({"support": (Support(""),)}, "support.0.source", "support_source"),
        ({"support": (Support("Acme"), Support("ACME"))}, "support.1.source", "support_twice"),
        ({"support": (Support("Acme", Decimal("0.5")),)}, "support.0.amount", "support_amount"),
        ({"support": (Support("Acme", Decimal(0)),)}, "support.0.amount", "support_amount"),
        ({"counts": {"wizards": 1}}, "counts.wizards", "participant_unknown"),
        ({"counts": {"physician": -1}}, "counts.physician", "count_unreadable"),
    ],
)  # fmt: skip
def test_each_wrong_value_has_its_code_at_its_field(change: dict[str, Any], field: str, code: str) -> None:
    assert found(replace(WHOLE, **change)) == [(field, code)]


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"format": "Live Cours"}, "Did you mean “Live Course”?"),
        ({"country": "Germny"}, "Did you mean “Germany”?"),
        ({"state": "North Carolna"}, "Did you mean “North Carolina”?"),
        ({"commendations": ("Engages Teems",)}, "Did you mean “Engages Teams”?"),
        ({"outcomes": (Outcome("Pateint Health"),)}, "Did you mean “Patient Health”?"),
    ],
)
def test_a_misspelled_code_is_answered_with_the_nearest(change: dict[str, Any], hint: str) -> None:
    (problem,) = problems(tidied(replace(WHOLE, **change)), today=TODAY)

    assert hint in problem.message


@pytest.mark.parametrize(
    "title", ["A1c < 7 and why > 8 matters", "R&D in Cardiology", "Pain <5 of 10>", "Q&A; then lunch"]
)
def test_titles_that_only_look_like_html_pass(title: str) -> None:
    assert found(replace(WHOLE, title=title)) == []


def test_a_province_abroad_is_no_state_of_ours() -> None:
    assert found(replace(WHOLE, country="Canada", state="Ontario", city="Toronto")) == []


@pytest.mark.parametrize(
    ("start_on", "end_on", "reviewed_on", "ok"),
    [
        (date(2024, 2, 29), date(2027, 2, 28), None, True),
        (date(2022, 1, 1), date(2027, 1, 1), None, False),
        (date(2022, 1, 1), date(2027, 1, 1), date(2025, 1, 1), True),
        (date(2022, 1, 1), date(2027, 1, 1), date(2021, 1, 1), False),
    ],
)
def test_enduring_material_runs_three_years_from_its_start_or_its_review(
    start_on: date, end_on: date, reviewed_on: date | None, ok: bool
) -> None:
    record = replace(ACTIVE, format="Enduring Material", delivery=("Online",))

    assert (found(replace(record, start_on=start_on, end_on=end_on, reviewed_on=reviewed_on)) == []) is ok


def test_a_series_may_say_what_one_session_counts() -> None:
    series = replace(ACTIVE, format="RSS", credits=Decimal(52), credits_per_session=Decimal(1))

    assert found(series) == []
    assert found(replace(series, credits_per_session=Decimal(60))) == [
        ("credits_per_session", "session_credits")
    ]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"providership": "joint"}, {"joint_providers"}),
        ({"outcomes": ()}, {"outcomes"}),
        ({"commercial_support": None, "support": ()}, {"commercial_support"}),
        ({"support": ()}, {"support"}),
        ({"support": (Support("Acme"),)}, {"support"}),
        ({"counts": {"physician": 0}}, {"counts"}),
        ({"counts": {"other": 0}}, {"counts"}),
        ({"registrations": (replace(WHOLE.registrations[0], attested=False),)}, {"registrations"}),
        ({"registrations": (replace(WHOLE.registrations[0], claim_by=None),)}, {"registrations"}),
        ({"end_on": TODAY}, {"end_on"}),
    ],
)
def test_closing_asks_for_each_of_its_fields(change: dict[str, Any], fields: set[str]) -> None:
    partner = () if "providership" in change else WHOLE.joint_providers

    lacking = missing(replace(WHOLE, joint_providers=partner, **change), Status.CLOSED, today=TODAY)

    assert set(lacking) == fields


def test_a_board_takes_the_activitys_own_word_for_what_its_registration_leaves_out() -> None:
    bare = replace(WHOLE.registrations[0], practice_areas=())
    record = replace(WHOLE, registrations=(bare,))

    silent = replace(record, specialties=(), listed=False, url="")

    assert missing(record, Status.CLOSED, today=TODAY) == {}
    lacking = [one.code for one in needs(silent, Status.CLOSED, today=TODAY)]
    assert lacking == ["practice_area_missing", "board_url_missing"]


def test_every_sentence_is_one_code_and_ends() -> None:
    assert not WRONG.keys() & MISSING.keys()
    for sentence in SENTENCES.values():
        assert sentence.text.removesuffix(" {hint}")[-1] in ".?"
        assert "{rows}" in sentence.instruction


_texts = st.text(max_size=12)
_several = st.lists(_texts, max_size=3).map(tuple)
_amounts = st.none() | st.decimals(allow_nan=True, allow_infinity=True)


@given(
    st.builds(
        Record,
        title=_texts, format=_texts, description=_texts, provider_activity_id=_texts, activity_id=_texts,
        start_on=st.none() | st.dates(), end_on=st.none() | st.dates(), reviewed_on=st.none() | st.dates(),
        delivery=_several, city=_texts, state=_texts, country=_texts, credits=_amounts, credits_per_session=_amounts,
        other_credits=st.lists(st.builds(CreditOffered, _texts, _amounts), max_size=2).map(tuple),
        providership=_texts, joint_providers=_several, tags=_several, url=_texts, fee=_texts, registration=_texts,
        outcomes=st.lists(st.builds(Outcome, _texts, _several), max_size=2).map(tuple),
        commendations=_several, rems=st.none() | st.builds(Rems, _texts, _texts), professions=_several,
        registrations=st.lists(st.builds(Registration, _texts, _amounts, _several), max_size=2).map(tuple),
        support=st.lists(st.builds(Support, _texts, _amounts), max_size=2).map(tuple),
        counts=st.dictionaries(_texts, st.integers(), max_size=3),
    )
)  # fmt: skip
def test_no_record_breaks_the_rules_and_tidying_once_is_enough(record: Record) -> None:
    tidy = tidied(record)

    assert str(tidied(tidy)) == str(tidy)
    for problem in (*problems(tidy, today=TODAY), *needs(tidy, Status.CLOSED, today=TODAY)):
        assert problem.message
