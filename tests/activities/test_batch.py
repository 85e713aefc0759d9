"""A file of activities: what lands, what comes back and where, and that sending it again does nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from activities.record import Outcome, Registration, Rems, StateTopic, Support
from pars.access.actor import Actor
from pars.access.scope import acting_as
from pars.audit.models import Event
from pars.batches import kinds
from tests.activities.rows import a_row, as_csv, closable, codes, own_ids, send, the_activity, the_record
from tests.credit import a_credit
from tests.factories import a_physician, a_provider, an_activity
from tests.uploads import findings, see_through, take_in

pytestmark = pytest.mark.django_db

BOARD = {
    "board_1": "ABIM",
    "points_1": "1.5",
    "credit_types_1": "Medical Knowledge",
    "claim_by_1": "03/31/2027",
}


def test_a_row_becomes_an_activity() -> None:
    ours = a_provider()

    batch = send(ours, a_row())

    assert (batch.status, batch.rows, batch.added, codes(batch)) == ("done", 1, 1, [])
    record = the_record(ours)
    assert (record.title, record.format, record.credits) == (
        "Grand Rounds: Sepsis",
        "Live Course",
        Decimal("1.5"),
    )
    assert (record.start_on, record.state, record.country) == (date(2026, 9, 12), "NC", "USA")


def test_every_part_of_the_record_has_a_column() -> None:
    ours = a_provider()
    whole = {
        "tags": "Sepsis, Infection",
        "listed": "Yes",
        "fee": "free",
        "registration": "Open to all",
        "url": "https://cme.example/sepsis",
        "professions": "Physician; nurses",
        "specialties": "Critical Care Medicine; Emergency Medicine",
        "interprofessional": "no",
        "mips": "TRUE",
        "commendations": "C36; Engages Teams",
        "outcome_learner_knowledge": "Both",
        "outcome_patient_health": "Yes",
        "rems_type": "Opioid REMS",
        "rems_identifier": "EG-260912-001",
        "topics": "Ethics; Opioids: Safer Prescribing",
        "other_credits": "Nursing: 1.5; AAPA Category 1",
        "supported": "Yes",
        "supporter_1": "Halden Pharmaceuticals",
        "support_amount_1": "$25,000",
        "supporter_2": "Orbit Imaging",
        "in_kind_2": "a scanner",
        **BOARD,
        "practice_areas_1": "Internal Medicine; Critical Care Medicine",
        "attested_1": "yes",
        "count_physician": "1,040",
        "count_nurse": "12",
    }

    batch = send(ours, a_row(**whole))

    assert codes(batch) == []
    record = the_record(ours)
    assert record.tags == ("Sepsis", "Infection")
    assert (record.listed, record.fee, record.registration) == (True, "No, it’s free", "Open to all")
    assert record.professions == ("Physician", "Nurse")
    assert record.specialties == ("Critical Care Medicine", "Emergency Medicine")
    assert (record.interprofessional, record.mips) == (False, True)
    assert record.commendations == ("C36", "C23")
    assert record.outcomes == (
        Outcome("Learner Knowledge", ("Objective", "Subjective")),
        Outcome("Patient Health"),
    )
    assert record.rems == Rems("Opioid Analgesic", "EG-260912-001")
    assert record.state_topics == (
        StateTopic("Ethics, Law and Conduct", "Ethics"),
        StateTopic("Opioids", "Safer Prescribing"),
    )
    assert [(one.category, one.amount) for one in record.other_credits] == [
        ("Nursing", Decimal("1.5")),
        ("AAPA Category 1", None),
    ]
    assert record.support == (
        Support("Halden Pharmaceuticals", Decimal(25_000)),
        Support("Orbit Imaging", None, in_kind=True),
    )
    assert record.registrations == (
        Registration(
            "ABIM",
            Decimal("1.5"),
            ("Medical Knowledge",),
            ("Internal Medicine", "Critical Care Medicine"),
            claim_by=date(2027, 3, 31),
            attested=True,
        ),
    )
    assert record.counts == {"physician": 1_040, "nurse": 12}


# --- sending again ---


def test_a_file_that_is_sent_again_changes_nothing() -> None:
    ours = a_provider()
    rows = [a_row(), closable("GR-2", supporter_1="Acme", supported="Yes", in_kind_1="yes", **BOARD)]
    send(ours, *rows)

    again = send(ours, *rows)

    assert (again.unchanged, again.added, again.updated) == (2, 0, 0)
    assert own_ids(ours) == ["GR-1", "GR-2"]


def test_the_own_id_makes_a_row_a_change_whatever_its_action_says() -> None:
    ours = a_provider()
    send(ours, a_row())

    batch = send(ours, a_row(action="Add", title="Grand Rounds: Shock"))

    assert (batch.updated, batch.added) == (1, 0)
    assert the_record(ours).title == "Grand Rounds: Shock"


def test_our_number_names_the_activity_too() -> None:
    ours = a_provider()
    known = an_activity(ours, provider_activity_id="")

    batch = send(ours, a_row("NEW-1", activity_id=known.activity_id))

    assert batch.updated == 1
    assert the_activity(ours, "NEW-1").pk == known.pk


def test_an_empty_cell_or_a_missing_column_leaves_what_is_on_record() -> None:
    ours = a_provider()
    send(ours, closable(**BOARD, tags="Sepsis"))
    before = the_record(ours)

    batch = send(ours, {"action": "Update", "own_id": "GR-1", "tags": "", "credits": "2"})

    assert (batch.updated, codes(batch)) == (1, [])
    assert the_record(ours) == replace(before, credits=Decimal(2))


def test_outcomes_and_counts_that_a_row_leaves_empty_stay() -> None:
    ours = a_provider()
    send(ours, closable())

    send(ours, {"own_id": "GR-1", "outcome_patient_health": "Subjective", "count_nurse": "3"})

    record = the_record(ours)
    assert record.outcomes == (
        Outcome("Learner Knowledge", ("Objective",)),
        Outcome("Patient Health", ("Subjective",)),
    )
    assert record.counts == {"physician": 40, "other": 12, "nurse": 3}


def test_none_answers_the_question_of_a_fee() -> None:
    ours = a_provider()

    batch = send(ours, a_row(fee="None"))

    assert codes(batch) == []
    assert the_record(ours).fee == "No, it’s free"


def test_none_takes_out_what_is_on_record() -> None:
    ours = a_provider()
    send(
        ours,
        closable(**BOARD, tags="Sepsis", reviewed="", supported="Yes", supporter_1="Acme", in_kind_1="Yes"),
    )

    taken = {"tags": "none", "board_1": "None", "count_other": "n/a", "outcome_learner_knowledge": "No"}
    batch = send(ours, {"own_id": "GR-1", "supported": "None", **taken})

    assert codes(batch) == []
    record = the_record(ours)
    assert (record.tags, record.registrations, record.outcomes) == ((), (), ())
    assert record.counts == {"physician": 40}
    assert (record.commercial_support, record.support) == (False, ())


def test_supporters_and_boards_are_said_as_a_whole_and_keep_what_a_row_leaves_empty() -> None:
    ours = a_provider()
    send(ours, a_row(**BOARD, board_2="ABP", points_2="1", attested_1="Yes"))

    send(ours, {"own_id": "GR-1", "board_1": "Internal Medicine", "points_1": "2"})

    assert the_record(ours).registrations == (
        Registration("ABIM", Decimal(2), ("Medical Knowledge",), claim_by=date(2027, 3, 31), attested=True),
    )


def test_what_no_longer_applies_goes_with_what_it_applied_to() -> None:
    ours = a_provider()
    send(ours, a_row(providership="Joint", partners="Piedmont Group"))

    batch = send(ours, {"own_id": "GR-1", "delivery": "Live-Streamed", "providership": "direct"})

    assert codes(batch) == []
    record = the_record(ours)
    assert (record.city, record.state, record.country, record.joint_providers) == ("", "", "", ())


# --- what is refused, and where it says so ---

LONG = "An activity about everything. " * 100
ONLINE = {"format": "EM", "delivery": "Online", "city": "", "state": "", "country": ""}
BAD = [
    ({"ends": "09/11/2026"}, "ends", "end_before_start"),
    ({**ONLINE, "ends": "09/12/2031"}, "ends", "too_long"),
    ({"format": "RSS", "ends": "12/31/2027"}, "ends", "too_long"),
    ({"credits": "0.3"}, "credits", "credits_unreadable"),
    ({"credits": "a few"}, "credits", "credits_unreadable"),
    ({"credits": "1e999999"}, "credits", "credits_unreadable"),
    ({"points_1": "5"}, "board_1", "board_missing"),
    ({"board_1": "ABIM", "points_1": "1.1"}, "points_1", "points_unreadable"),
    ({"board_1": "ABIM", "points_1": "1", "board_3": "ABIM", "points_3": "2"}, "board_3", "board_twice"),
    ({"country": ""}, "country", "state_without_country"),
    ({"state": "Californa"}, "state", "state_unknown"),
    ({"country": "Nowhere"}, "country", "country_unknown"),
    ({"format": "Live Corse"}, "format", "format_unknown"),
    ({"delivery": "In-Person; Carrier pigeon"}, "delivery", "delivery_unknown"),
    ({"commendations": "C99"}, "commendations", "commendation_unknown"),
    ({"professions": "Physician; Wizard"}, "professions", "profession_unknown"),
    ({"outcome_patient_health": "Roughly"}, "outcome_patient_health", "measurement_unknown"),
    ({"fee": "$20"}, "fee", "fee_unknown"),
    ({"url": "our website"}, "url", "url_unreadable"),
    ({"description": LONG}, "description", "description_too_long"),
    ({"title": "<b>Sepsis</b>"}, "title", "title_html"),
    ({"title": ""}, "title", "title_missing"),
    ({"starts": "soon"}, "starts", "date_unreadable"),
    ({"listed": "perhaps"}, "listed", "answer_unreadable"),
    ({"count_physician": "-3"}, "count_physician", "count_unreadable"),
    ({"support_amount_2": "100"}, "supporter_2", "support_source"),
    ({"supporter_1": "Acme", "support_amount_1": "12.50"}, "support_amount_1", "support_amount"),
    ({"supporter_1": "Acme", "supported": "No"}, "supported", "support_but_none"),
    ({"partners": "Piedmont Group"}, "partners", "joint_but_direct"),
    ({"other_credits": "Nursing: many"}, "other_credits", "credits_unreadable"),
    ({"other_credits": "Nursery: 2"}, "other_credits", "category_unknown"),
    ({"other_credits": "Nursing 1.1"}, "other_credits", "credits_unreadable"),
    ({"topics": "Something new"}, "topics", "topic_incomplete"),
    ({"rems_type": "Opioid"}, "rems_identifier", "rems_identifier"),
    ({"action": "Upsert"}, "action", "action_unknown"),
    ({"own_id": ""}, "own_id", "own_id_missing"),
    ({"own_id": "EXAMPLE-1"}, "own_id", "example_row"),
    ({"activity_id": "123456789"}, "activity_id", "activity_unknown"),
    ({"action": "Update", "own_id": "NEVER"}, "own_id", "activity_unknown"),
    ({"action": "Delete", "own_id": "NEVER"}, "own_id", "activity_unknown"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "column", "code"), BAD, ids=[f"{code}-{column}" for _, column, code in BAD]
)
def test_what_cannot_be_is_named_at_its_own_column_and_the_others_land(
    cells: dict[str, str], column: str, code: str
) -> None:
    ours = a_provider()

    batch = send(ours, a_row("GOOD-1"), a_row() | cells, a_row("GOOD-2"))

    assert codes(batch) == [(3, column, code)]
    assert (batch.added, batch.failed) == (2, 1)
    assert own_ids(ours) == ["GOOD-1", "GOOD-2"]


@pytest.mark.parametrize(
    ("cells", "meant"),
    [
        ({"format": "Live Corse"}, "Live Course"),
        ({"state": "Californa"}, "California"),
        ({"country": "Germny"}, "Germany"),
        ({"professions": "Pharmasist"}, "Pharmacist"),
    ],
)
def test_an_unknown_code_comes_with_the_nearest(cells: dict[str, str], meant: str) -> None:
    batch = send(a_provider(), a_row(**cells))

    (found,) = findings(batch)
    assert f"Did you mean “{meant}”?" in found.message


def test_an_issue_names_the_files_own_heading_or_the_templates_where_the_file_has_none() -> None:
    closing = closable("GR-2", action="Close")
    del closing["supported"]

    batch = send(a_provider(), a_row("GR-1", starts="soon"), closing, headings={"starts": "Activity Date"})

    assert [found.column for found in findings(batch)] == ["Activity Date", "Commercial Support"]


def test_the_same_id_twice_in_a_file_is_asked_about_at_both_rows() -> None:
    ours = a_provider()

    batch = send(ours, a_row("GR-1"), a_row("GR-2"), a_row("GR-1", title="Another"))

    assert codes(batch) == [(2, "own_id", "own_id_twice"), (4, "own_id", "own_id_twice")]
    assert ["see row 4" in found.message for found in findings(batch)] == [True, False]
    assert own_ids(ours) == ["GR-2"]


def test_what_one_row_deletes_another_cannot_change() -> None:
    ours = a_provider()
    send(ours, a_row())

    batch = send(ours, {"action": "Delete", "own_id": "GR-1"}, a_row(title="Changed"))

    assert codes(batch) == [(2, "own_id", "own_id_twice"), (3, "own_id", "own_id_twice")]
    assert the_record(ours).title == "Grand Rounds: Sepsis"


def test_the_same_activity_by_two_ids_is_the_same_activity_twice() -> None:
    ours = a_provider()
    known = an_activity(ours, provider_activity_id="GR-1")

    batch = send(ours, a_row("GR-1"), a_row("", activity_id=known.activity_id))

    assert [code for _, _, code in codes(batch)] == ["own_id_twice"] * 2


def test_the_same_id_is_found_however_far_apart_its_rows_are(monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(kinds.kind_named("activities"), rows_a_chunk=2)
    monkeypatch.setitem(kinds._KINDS, "activities", small)

    batch = send(a_provider(), *(a_row(f"GR-{n}") for n in (1, 2, 3, 4, 5, 1)))

    assert codes(batch) == [(2, "own_id", "own_id_twice"), (7, "own_id", "own_id_twice")]
    assert batch.added == 4


def test_another_providers_id_is_not_there() -> None:
    ours, theirs = a_provider(), a_provider()
    known = an_activity(theirs, provider_activity_id="GR-1")

    batch = send(ours, a_row("", activity_id=known.activity_id), a_row("GR-1", action="Delete"))

    assert codes(batch) == [(2, "activity_id", "activity_unknown"), (3, "own_id", "activity_unknown")]
    assert the_activity(theirs, "GR-1").title == known.title


def test_what_is_reported_for_stays_complete() -> None:
    ours = a_provider()
    send(ours, a_row())

    batch = send(ours, {"own_id": "GR-1", "description": "none"})

    assert codes(batch) == [(2, "description", "description_missing")]


# --- drafts, closing, deleting ---


def test_a_draft_lands_and_says_what_it_lacks() -> None:
    ours = a_provider()

    batch = send(ours, a_row(description="", credits=""))

    assert (batch.added, batch.failed) == (1, 0)
    (found,) = findings(batch)
    assert (found.code, found.level, found.key) == ("draft", "note", "")
    assert "Enter the number of credits" in found.message
    assert "Describe what the activity teaches" in found.message


def test_a_row_may_enter_and_close_at_once() -> None:
    ours = a_provider()

    batch = send(ours, closable(action="Close"))

    assert (batch.added, codes(batch)) == (1, [])
    assert the_activity(ours).closed_at


def test_closing_what_is_on_record_needs_no_more_than_its_id() -> None:
    ours = a_provider()
    send(ours, closable())

    batch = send(ours, {"action": "close", "own_id": "GR-1"})
    again = send(ours, {"action": "close", "own_id": "GR-1"})

    assert (batch.updated, again.unchanged) == (1, 1)
    assert the_activity(ours).closed_at


def test_what_is_not_ready_to_close_lands_whole_or_not_at_all() -> None:
    ours = a_provider()
    send(ours, a_row())

    batch = send(ours, a_row(action="Close", title="Changed", count_other=3, outcome_patient_health="Yes"))

    assert codes(batch) == [(2, "count_physician", "physicians_missing"), (2, "supported", "support_missing")]
    assert the_record(ours).title == "Grand Rounds: Sepsis"


def test_nothing_is_closed_before_it_has_ended() -> None:
    batch = send(a_provider(), closable(action="Close", starts="09/12/2030", ends="09/12/2030"))

    assert codes(batch) == [(2, "ends", "not_ended")]


def test_a_closed_activity_is_not_changed() -> None:
    ours = a_provider()
    send(ours, closable(action="Close"))

    changed = send(ours, closable(title="Changed"))
    same = send(ours, closable())

    assert codes(changed) == [(2, "activity_id", "activity_closed")]
    assert (same.unchanged, codes(same)) == (1, [])
    assert the_record(ours).title == "Grand Rounds: Sepsis"


def test_a_row_deletes() -> None:
    ours = a_provider()
    send(ours, a_row("GR-1"), a_row("GR-2"))

    batch = send(ours, {"action": "Delete", "own_id": "GR-1"})

    assert (batch.withdrawn, batch.failed) == (1, 0)
    assert own_ids(ours) == ["GR-2"]


def test_what_credit_hangs_on_is_not_deleted() -> None:
    ours = a_provider()
    a_credit(a_physician(), an_activity(ours, provider_activity_id="GR-1"))

    batch = send(ours, {"action": "Delete", "own_id": "GR-1"})

    assert codes(batch) == [(2, "activity_id", "credits_hang_on_activity")]
    assert own_ids(ours) == ["GR-1"]


# --- the engine's promises ---


def test_check_only_says_what_would_become_of_each_row_and_changes_nothing() -> None:
    ours = a_provider()
    send(ours, a_row("GR-1"), closable("GR-2"), a_row("GR-3"))

    rows = [
        a_row("GR-1", title="Changed"),
        {"action": "Close", "own_id": "GR-2"},
        {"action": "Delete", "own_id": "GR-3"},
        a_row("GR-4"),
        a_row("GR-5", credits="0.3"),
    ]
    batch = send(ours, *rows, check_only=True)

    assert (batch.ready, batch.unchanged, batch.failed) == (4, 0, 1)
    assert (batch.added, batch.updated, batch.withdrawn) == (0, 0, 0)
    assert own_ids(ours) == ["GR-1", "GR-2", "GR-3"]
    assert the_record(ours).title == "Grand Rounds: Sepsis"
    assert not the_activity(ours, "GR-2").closed_at


def test_a_chunk_is_one_event_for_each_thing_done() -> None:
    ours = a_provider()
    send(ours, a_row("GR-1"), a_row("GR-2"))

    send(ours, a_row("GR-1", title="Changed"), a_row("GR-2", title="Changed"), a_row("GR-3"))

    with acting_as(Actor.system_job("test")):
        events = Event.objects.filter(organization_id=ours.pk, verb__startswith="activity.").order_by("at")
        told: list[dict[str, Any]] = [{"verb": event.verb, **event.detail} for event in events]
    assert told == [
        {"verb": "activity.put", "added": 2, "changed": 0},
        {"verb": "activity.put", "added": 1, "changed": 2},
    ]


def test_how_often_the_database_is_asked_does_not_grow_with_the_rows(
    django_assert_max_num_queries: Any,
) -> None:
    few, many = (a_provider(), a_provider())
    counted = []
    for ours, number in ((few, 2), (many, 40)):
        rows = [closable(f"GR-{n}", **BOARD, supporter_1="Acme", supported="Yes") for n in range(number)]
        with django_assert_max_num_queries(500) as asked:
            send(ours, *rows)
        counted.append(len(asked.captured_queries))

    assert counted[0] == counted[1]


# --- files of the templates to 2020, and learner counts ---

OLD = {
    "activity_id": "ACCME Activity ID",
    "own_id": "Provider Activity ID",
    "title": "Activity Title",
    "starts": "Activity Date (MM/DD/YYYY)",
    "city": "City",
    "state": "State",
    "country": "Country",
    "providership": "Providership (Direct/Joint)",
    "format": "Activity Type",
    "count_physician": "# of Physicians",
    "count_other": "# of Other Learners",
    "outcome_learner_competence": "Changes in Competence evaluated?",
    "outcome_learner_performance": "Changes in Performance evaluated?",
    "credits": "Number of AMA PRA Category 1 CreditsTM Designated",
    "description": "Description of Content",
}


def test_a_file_of_the_template_to_2020_is_read() -> None:
    ours = a_provider()
    old = {"format": "IL", "delivery": "", "ends": "", "city": "", "state": "", "country": ""}
    row = a_row(count_physician=40, outcome_learner_competence="Yes", outcome_learner_performance="No", **old)
    del row["delivery"], row["ends"]

    batch = send(ours, row, headings=OLD)

    assert (batch.added, codes(batch)) == (1, [])
    record = the_record(ours)
    assert (record.format, record.delivery) == ("Live Course", ("Live-Streamed",))
    assert record.end_on == record.start_on == date(2026, 9, 12)
    assert record.outcomes == (Outcome("Learner Competence"),)


def test_supporters_stand_one_after_the_other_without_numbers_too() -> None:
    ours = a_provider()
    head = b"Provider Activity ID,Activity Title,Activity Format,Start Date,End Date,Commercial Support Received?"
    group = b",Commercial Support Source,Monetary Amount Received (for Support Source),In Kind - Other?"
    row = b"\nGR-1,Sepsis,RSS,1/1/2026,6/30/2026,Yes,Acme,5000,No,Beta,,Yes\n"
    see_through(take_in(ours, head + group + group + row, "old.csv", kind="activities"))

    assert the_record(ours).support == (Support("Acme", Decimal(5000)), Support("Beta", None, in_kind=True))


def test_learner_counts_have_a_file_of_their_own() -> None:
    ours = a_provider()
    send(ours, closable("GR-1", count_nurse=5))
    before = the_record(ours)

    rows = [
        {"own_id": "GR-1", "count_physician": "60", "count_dentist": "2"},
        {"own_id": "NEVER", "count_physician": "1"},
        {"own_id": "GR-2", "count_physician": "some"},
    ]
    batch = see_through(take_in(ours, as_csv(*rows), "counts.csv", kind="activity-counts"))

    assert codes(batch) == [(3, "own_id", "activity_unknown"), (4, "count_physician", "count_unreadable")]
    counts = {"physician": 60, "nurse": 5, "other": 12, "dentist": 2}
    assert the_record(ours) == replace(before, counts=counts)


def test_counts_alone_change_nothing_else_that_the_file_says() -> None:
    ours = a_provider()
    send(ours, closable())

    send(ours, a_row(title="Changed", count_physician=60), kind="activity-counts")

    assert the_record(ours).title == "Grand Rounds: Sepsis"
    assert the_record(ours).physicians == 60
