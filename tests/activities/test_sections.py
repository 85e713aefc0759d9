"""The record's form, section by section."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.forms import SECTIONS
from activities.models import Activity
from activities.record import Outcome, Record, Registration, StateTopic
from activities.record import Support as Supported
from pars.access.models import Organization
from pars.audit.models import Event
from tests import factories as make
from tests.activities.records import ACTIVE, DRAFT, WHOLE
from tests.credit import a_credit
from tests.pages import PageClient, form_in
from tests.roles import as_role

pytestmark = pytest.mark.django_db

Enter = Callable[[Record], Activity]
Kept = Callable[[Activity], Record]

NEW = {"title": "Advances in Cardiac Care", "format": "Live Course", "start_on": "2026-12-01"}


def address(activity: Activity, section: str) -> str:
    return f"/activities/{activity.activity_id}/edit/{section}/"


def events(verb: str) -> list[Event]:
    with as_role("pars_owner"):
        return list(Event.objects.filter(verb=verb))


def the_only_activity() -> Activity:
    with as_role("pars_owner"):
        return Activity.objects.get()


def shown(client: PageClient, activity: Activity, section: str, **changed: Any) -> dict[str, Any]:
    """What the page would send as it stands, with these answers instead."""
    return {**form_in(client.get(address(activity, section)).content.decode()), **changed}


def test_a_draft_is_born_from_title_format_and_first_day(reporter: PageClient) -> None:
    answer = reporter.post("/activities/new/", NEW)

    activity = the_only_activity()
    assert not activity.is_complete
    assert activity.end_on == date(2026, 12, 1)
    assert activity.providership == "direct"
    assert answer["Location"] == address(activity, "credit")
    assert [event.object_id for event in events("activity.entered")] == [str(activity.pk)]


def test_a_new_activity_begins_where_the_last_one_was_held(ours: Organization, reporter: PageClient) -> None:
    make.an_activity(ours, city="Durham", start_on=date(2026, 9, 14), end_on=date(2026, 9, 14))
    make.an_activity(ours, city="Raleigh")

    said = form_in(reporter.get("/activities/new/").content.decode())

    assert (said["city"], said["state"], said["country"]) == (["Durham"], ["NC"], ["USA"])


def test_an_activity_that_is_not_held_in_person_has_no_place(reporter: PageClient) -> None:
    reporter.post("/activities/new/", NEW | {"delivery": ["Live-Streamed"], "country": "USA"})

    assert the_only_activity().country == ""


def test_a_state_lies_in_the_united_states(reporter: PageClient) -> None:
    reporter.post("/activities/new/", NEW | {"delivery": ["In-Person"], "city": "Raleigh", "state": "NC"})

    assert the_only_activity().country == "USA"


def test_a_province_is_written_for_another_country(reporter: PageClient) -> None:
    place = {"city": "Toronto", "country": "CAN", "province": "Ontario"}

    reporter.post("/activities/new/", NEW | {"delivery": ["In-Person"], **place})

    assert the_only_activity().state == "Ontario"


def test_a_new_activity_is_never_a_change_of_one_with_the_same_id(
    ours: Organization, reporter: PageClient
) -> None:
    make.an_activity(make.a_provider("Tidewater"), provider_activity_id="CARD-1")
    first = reporter.post("/activities/new/", NEW | {"provider_activity_id": "CARD-1"})

    second = reporter.post("/activities/new/", NEW | {"provider_activity_id": "CARD-1", "title": "Other"})

    assert first.status_code == 302
    assert second.status_code == 422
    assert "Another of your activities has this ID." in second.content.decode()


@pytest.mark.parametrize("section", SECTIONS)
def test_saving_a_section_as_it_was_shown_changes_and_records_nothing(
    section: str, enter: Enter, kept: Kept, reporter: PageClient
) -> None:
    activity = enter(WHOLE)
    before = kept(activity)

    answer = reporter.post(address(activity, section), shown(reporter, activity, section))

    assert answer.status_code == 302
    assert kept(activity) == before
    assert events("activity.changed") == []


def test_every_field_of_the_record_stands_in_one_section(enter: Enter) -> None:
    owned = [field for section in SECTIONS.values() for field in section.owns]

    assert sorted(owned) == sorted({*vars(Record())} - {"activity_id", "wording"})


def test_a_whole_record_is_entered_section_by_section(enter: Enter, kept: Kept, reporter: PageClient) -> None:
    activity = enter(DRAFT)
    said: dict[str, dict[str, Any]] = {
        "basics": {
            "delivery": ["In-Person"],
            "city": " Raleigh ",
            "state": "NC",
            "provider_activity_id": "GR-7",
        },
        "credit": {"credits": "1.5"},
        "content": {
            "description": "Cases of the month.",
            "specialties": ["Cardiovascular Disease"],
            "professions": ["Physician", "Nurse"],
            "tags": "Heart, Ethics, ",
            "outcomes": ["Learner Knowledge|Objective", "Patient Health|"],
            "state_topics": ["Ethics, Law and Conduct|Ethics"],
            "commendations": ["C23"],
            "mips": "no",
            "rems_type": "Mycophenolate",
            "rems_identifier": "EG-123456-001",
        },
        "listing": {
            "listed": "on",
            "fee": "Yes",
            "registration": "Limited",
            "url": "https://cme.example.org/gr",
        },
        "boards": {
            "boards": ["ABIM"],
            "board-ABIM-points": "1.25",
            "board-ABIM-credit_types": ["Medical Knowledge"],
            "board-ABIM-claim_by": "2026-12-31",
            "board-ABIM-attested": "on",
            "board-ABIM-content_areas": "2.1, 2.2",
        },
        "support": {
            "providership": "joint",
            "joint_providers-0-name": "County Hospital",
            "commercial_support": "yes",
            "support-0-source": "Acme",
            "support-0-amount": "$25,000",
            "support-3-source": "Orbit",
            "support-3-in_kind": "on",
        },
        "learners": {"counts_physician": "1,040", "counts_other": "0", "counts_pharmacy_technician": "3"},
    }

    for section, answers in said.items():
        answer = reporter.post(address(activity, section), shown(reporter, activity, section, **answers))
        assert answer.status_code == 302, (section, answer.context["faults"])

    record = kept(activity)
    assert record == replace(
        DRAFT,
        activity_id=activity.activity_id,
        provider_activity_id="GR-7",
        delivery=("In-Person",),
        city="Raleigh",
        state="NC",
        country="USA",
        credits=Decimal("1.5"),
        description="Cases of the month.",
        specialties=("Cardiovascular Disease",),
        professions=("Physician", "Nurse"),
        tags=("Heart", "Ethics"),
        outcomes=(Outcome("Learner Knowledge", ("Objective",)), Outcome("Patient Health")),
        state_topics=(StateTopic("Ethics, Law and Conduct", "Ethics"),),
        commendations=("C23",),
        mips=False,
        rems=record.rems,
        listed=True,
        fee="Yes",
        registration="Limited",
        url="https://cme.example.org/gr",
        registrations=(
            Registration(
                "ABIM",
                Decimal("1.25"),
                ("Medical Knowledge",),
                content_areas=("2.1", "2.2"),
                claim_by=date(2026, 12, 31),
                attested=True,
            ),
        ),
        providership="joint",
        joint_providers=("County Hospital",),
        commercial_support=True,
        support=(Supported("Acme", Decimal(25000)), Supported("Orbit", in_kind=True)),
        counts={"physician": 1040, "other": 0, "pharmacy technician": 3},
    )
    assert record.rems is not None
    assert record.rems.identifier == "EG-123456-001"


def test_a_section_leads_to_the_next_or_out(enter: Enter, reporter: PageClient) -> None:
    activity = enter(DRAFT)

    on = reporter.post(address(activity, "credit"), {"credits": "1", "then": "next"})
    out = reporter.post(address(activity, "credit"), {"credits": "2", "then": "leave"})

    assert on["Location"] == address(activity, "content")
    assert out["Location"] == f"/activities/{activity.activity_id}/"


def test_edit_leads_to_the_first_section_that_lacks_something(enter: Enter, reporter: PageClient) -> None:
    activity = enter(replace(DRAFT, delivery=("Live-Streamed",)))

    answer = reporter.get(f"/activities/{activity.activity_id}/edit/")

    assert answer["Location"] == address(activity, "credit")


def test_a_page_says_beside_each_field_what_the_next_step_asks_of_it(
    enter: Enter, reporter: PageClient
) -> None:
    draft, active = enter(DRAFT), enter(ACTIVE)

    of_draft = reporter.get(address(draft, "content")).content.decode()
    of_active = reporter.get(address(active, "content")).content.decode()

    asked = '<span class="needed">Describe what the activity teaches and for whom.</span>'
    assert asked in of_draft
    assert asked not in of_active
    assert '<span class="needed">Say what was measured: at least one outcome.</span>' in of_active


BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("basics", {"title": ""}, "title", "Enter the title."),
    ("basics", {"title": "<b>Heart</b>"}, "title", "This title holds HTML, like &lt;b&gt;."),
    ("basics", {"title": "x" * 251}, "title", "A title has at most 250 characters"),
    ("basics", {"title": "Heart\u202efailure"}, "title", "characters that nobody can read"),
    ("basics", {"format": "Live Curse"}, "format", "Did you mean “Live Course”?"),
    ("basics", {"start_on": "soon"}, "start_on", "This is no date."),
    ("basics", {"start_on": "0202-11-02", "end_on": "0202-11-02"}, "start_on", "Check the year."),
    ("basics", {"end_on": "2026-11-01"}, "end_on", "The last day is before the first day."),
    ("basics", {"end_on": "2027-11-03"}, "end_on", "at most 12 months, here until 11/02/2027"),
    ("basics", {"format": "Enduring Material", "delivery": ["Online"], "end_on": "2031-11-02"}, "end_on", "36 months"),
    ("basics", {"reviewed_on": "2026-11-02"}, "reviewed_on", "Only enduring material is reviewed"),
    ("basics", {"delivery": []}, "delivery", "Choose how the activity reaches its learners."),
    ("basics", {"delivery": ["Online"]}, "delivery", "Live Course reaches its learners In-Person or Live-Streamed."),
    ("basics", {"delivery": ["In-Preson"]}, "delivery", "Did you mean “In-Person”?"),
    ("basics", {"delivery": ["In-Person"], "state": "NC"}, "city", "Enter the city"),
    ("basics", {"delivery": ["In-Person"], "city": "Raleigh"}, "country", "Choose the country"),
    ("basics", {"delivery": ["In-Person"], "city": "Raleigh", "country": "USA"}, "state", "Choose the state"),
    ("basics", {"delivery": ["In-Person"], "country": "Carolina"}, "country", "This is no country."),
    ("basics", {"country": "CAN", "state": "NC"}, "state", "States are for the United States."),
    ("basics", {"city": "Raleigh"}, "city", "A place belongs to activities held in person."),
    ("basics", {"provider_activity_id": "x" * 61}, "provider_activity_id", "at most 60 characters"),
    ("credit", {"credits": "0.3"}, "credits", "in steps of 0.25, like 1.5"),
    ("credit", {"credits": "0"}, "credits", "in steps of 0.25, like 1.5"),
    ("credit", {"credits": "six"}, "credits", "in steps of 0.25, like 1.5"),
    ("credit", {"credits": "6,5"}, "credits", "in steps of 0.25, like 1.5"),
    ("credit", {"credits": "NaN"}, "credits", "in steps of 0.25, like 1.5"),
    ("credit", {"credits": "1e9999999"}, "credits", "in steps of 0.25, like 1.5"),
    ("credit", {"credits": ""}, "credits", "Enter the number of credits"),
    ("content", {"description": "x" * 3000}, "description", "at most 2500 characters; this one has 3000"),
    ("content", {"description": "<script>"}, "description", "This description holds HTML"),
    ("content", {"description": ""}, "description", "Describe what the activity teaches"),
    ("content", {"tags": "x" * 61}, "tags", "at most 20 tags"),
    ("content", {"professions": ["Physican"]}, "professions", "Did you mean “Physician”?"),
    ("content", {"specialties": ["x" * 121]}, "specialties", "at most 120 characters"),
    ("content", {"outcomes": ["Joy|"]}, "outcomes", "This is no outcome that can be measured."),
    ("content", {"outcomes": ["Patient Health|Loosely"]}, "outcomes", "Objective or Subjective"),
    ("content", {"commendations": ["C99"]}, "commendations", "This is no commendation criterion."),
    ("content", {"state_topics": ["Ethics"]}, "state_topics", "State content needs its domain and its topic."),
    ("content", {"rems_type": "Opioid"}, "rems_identifier", "REMS needs its type and the identifier"),
    ("content", {"rems_identifier": "EG-1"}, "rems_identifier", "REMS needs its type and the identifier"),
    ("listing", {"fee": "Lots"}, "fee", "The fee is Yes"),
    ("listing", {"url": "cme.example.org"}, "url", "This is no web address."),
    ("listing", {"url": "javascript:alert(1)"}, "url", "This is no web address."),
    ("listing", {"listed": "on"}, "url", "Enter the web address of the activity."),
    ("boards", {"boards": ["ABO"]}, "boards", "Activities cannot be registered for this board."),
    ("boards", {"boards": ["ABIM"], "board-ABIM-points": "0.3"}, "board-ABIM-points", "in steps of 0.25"),
    ("boards", {"boards": ["ABIM"], "board-ABIM-claim_by": "2020-01-01"}, "board-ABIM-claim_by", "before the act"),
    ("boards", {"boards": ["ABIM"], "board-ABIM-url": "here"}, "board-ABIM-url", "This is no web address."),
    ("support", {"providership": ""}, "providership", "Say whether you provided it alone"),
    ("support", {"joint_providers-4-name": "County"}, "joint_providers-4-name", "the providership is Direct"),
    ("support", {"commercial_support": "no", "support-0-source": "Acme"}, "commercial_support", "support is No"),
    ("support", {"support-2-amount": "5"}, "support-2-source", "needs the name of the supporter"),
    ("support", {"support-2-source": "Acme", "support-2-amount": "-5"}, "support-2-amount", "whole US dollars above 0"),
    ("support", {"support-2-source": "Acme", "support-2-amount": "5.50"}, "support-2-amount", "whole US dollars"),
    ("learners", {"counts_physician": "some"}, "counts_physician", "a whole number, 0 or more"),
    ("learners", {"counts_nurse": "-1"}, "counts_nurse", "a whole number, 0 or more"),
]  # fmt: skip


@pytest.mark.parametrize("case", BAD, ids=[f"{case[0]}-{case[2]}-{case[3]}" for case in BAD])
def test_a_fault_stands_beside_its_field_and_on_top(
    case: tuple[str, dict[str, Any], str, str], enter: Enter, kept: Kept, reporter: PageClient
) -> None:
    section, said, field, sentence = case
    activity = enter(ACTIVE)
    before = kept(activity)

    answer = reporter.post(address(activity, section), shown(reporter, activity, section, **said))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f'href="#id_{field}"' in page
    assert f'id="id_{field}_error"' in page
    assert kept(activity) == before


def test_points_need_a_board_that_can_be_chosen_on_the_first_day(enter: Enter, reporter: PageClient) -> None:
    activity = enter(replace(ACTIVE, start_on=date(2024, 5, 1), end_on=date(2024, 5, 1)))

    answer = reporter.post(address(activity, "boards"), {"boards": ["ABPMR"]})

    assert "Activities cannot be registered for this board." in answer.content.decode()


def test_a_fault_in_another_section_is_named_with_the_way_there(
    enter: Enter, kept: Kept, reporter: PageClient
) -> None:
    activity = enter(WHOLE)
    later = {"start_on": "2027-03-01", "end_on": "2027-03-01"}

    answer = reporter.post(address(activity, "basics"), shown(reporter, activity, "basics", **later))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Certifying boards: The last day to claim points is before the activity starts." in page
    assert f'href="{address(activity, "boards")}#id_board-ABIM-claim_by"' in page
    assert kept(activity).start_on == WHOLE.start_on


def test_a_complete_activity_does_not_go_back_to_draft(
    enter: Enter, kept: Kept, reporter: PageClient
) -> None:
    activity = enter(ACTIVE)

    answer = reporter.post(address(activity, "credit"), {"credits": ""})

    assert answer.status_code == 422
    assert kept(activity).credits == ACTIVE.credits


def test_a_draft_may_leave_everything_open(enter: Enter, reporter: PageClient) -> None:
    activity = enter(DRAFT)

    for section in list(SECTIONS)[1:]:
        assert reporter.post(address(activity, section), {"then": "leave"}).status_code == 302


def test_two_people_at_two_sections_undo_nothing_of_each_others(
    enter: Enter, kept: Kept, reporter: PageClient, admin: PageClient
) -> None:
    activity = enter(ACTIVE)
    ours = shown(reporter, activity, "credit", credits="2")
    theirs = shown(admin, activity, "content", description="New words.")

    admin.post(address(activity, "content"), theirs)
    answer = reporter.post(address(activity, "credit"), ours)

    assert answer.status_code == 302
    assert (kept(activity).credits, kept(activity).description) == (Decimal(2), "New words.")


def test_two_people_at_one_section_are_told_and_the_second_decides(
    enter: Enter, kept: Kept, reporter: PageClient, admin: PageClient
) -> None:
    activity = enter(ACTIVE)
    ours = shown(reporter, activity, "credit", credits="2")
    admin.post(address(activity, "credit"), shown(admin, activity, "credit", credits="3"))

    told = reporter.post(address(activity, "credit"), ours)

    assert told.status_code == 422
    assert "Somebody else changed this section" in told.content.decode()
    assert kept(activity).credits == Decimal(3)
    assert reporter.post(address(activity, "credit"), form_in(told.content.decode())).status_code == 302
    assert kept(activity).credits == Decimal(2)


def test_what_no_list_knows_stays_until_somebody_takes_it_away(
    enter: Enter, kept: Kept, reporter: PageClient
) -> None:
    odd = replace(ACTIVE, specialties=("Leeching",), state_topics=(StateTopic("Humours", "Bile"),))
    activity = enter(odd)

    reporter.post(address(activity, "content"), shown(reporter, activity, "content", tags="New"))

    assert kept(activity).specialties == ("Leeching",)
    assert kept(activity).state_topics == (StateTopic("Humours", "Bile"),)


def test_a_closed_activity_is_not_changed(ours: Organization, kept: Kept, reporter: PageClient) -> None:
    activity = make.an_activity(ours, closed_at=datetime(2026, 11, 1, tzinfo=UTC))

    answer = reporter.post(address(activity, "credit"), {"credits": "2"}, follow=True)

    assert "This activity is closed" in answer.content.decode()
    assert kept(activity).credits == Decimal(4)


@pytest.mark.parametrize("section", SECTIONS)
def test_anothers_activity_is_not_there(section: str, reporter: PageClient) -> None:
    theirs = make.an_activity(make.a_provider("Tidewater"), listed=True)

    assert reporter.get(address(theirs, section)).status_code == 404
    assert reporter.post(address(theirs, section), {}).status_code == 404


def test_only_the_questions_that_apply_are_asked(
    enter: Enter, client_as: Any, ours: Organization, reporter: PageClient
) -> None:
    course, series = enter(DRAFT), enter(replace(DRAFT, format="Regularly Scheduled Series"))

    of_course = reporter.get(address(course, "credit")).content.decode()
    of_series = reporter.get(address(series, "credit")).content.decode()

    assert "Credits for one session" not in of_course
    assert "Credits for one session" in of_series
    assert "Credit of other professions" not in of_course


def test_the_jointly_accredited_offer_credit_of_other_professions(
    ours: Organization, enter: Enter, kept: Kept, reporter: PageClient
) -> None:
    with as_role("pars_owner"):
        ours.provider.accredited_by = "Joint Accreditation"
        ours.provider.save()
    activity = enter(DRAFT)
    said = {
        "credits": "1.5",
        "interprofessional": "yes",
        "other_credits-0-category": "Nursing",
        "other_credits-0-amount": "1.25",
        "other_credits-1-category": "",
        "other_credits-1-amount": "",
    }

    wrong = reporter.post(address(activity, "credit"), said | {"other_credits-1-amount": "0.3"})
    right = reporter.post(address(activity, "credit"), said)

    assert 'id="id_other_credits-1-amount_error"' in wrong.content.decode()
    assert right.status_code == 302
    assert [(one.category, one.amount) for one in kept(activity).other_credits] == [
        ("Nursing", Decimal("1.25"))
    ]
    assert kept(activity).interprofessional is True


def test_rows_are_added_and_removed_without_a_script_and_without_saving(
    enter: Enter, kept: Kept, reporter: PageClient
) -> None:
    activity = enter(ACTIVE)
    said = {
        "commercial_support": "yes",
        "support-0-source": "Acme",
        "support-1-source": "Orbit",
        "support-1-amount": "x",
    }

    more = reporter.post(address(activity, "support"), said | {"rows": "add support"})
    less = reporter.post(address(activity, "support"), said | {"rows": "remove support-0"})

    sent = form_in(more.content.decode())
    assert more.status_code == 200
    assert [sent[f"support-{number}-source"] for number in range(2)] == [["Acme"], ["Orbit"]]
    assert sent["support-1-amount"] == ["x"]
    assert 'name="support-2-source"' in more.content.decode()
    assert "Orbit" in less.content.decode()
    assert "Acme" not in less.content.decode()
    assert kept(activity).support == ()


def test_the_questions_of_a_board_appear_without_a_script(enter: Enter, reporter: PageClient) -> None:
    activity = enter(ACTIVE)

    page = reporter.post(address(activity, "boards"), {"boards": ["ABIM"], "rows": "show"}).content.decode()

    sent = form_in(page)
    assert sent["boards"] == ["ABIM"]
    assert sent["board-ABIM-points"] == ["1.50"]  # as many as credits
    assert sent["board-ABIM-claim_by"] == ["2026-12-02"]  # while credit is due
    assert not [name for name in sent if name.startswith("board-ABP-")]


def test_a_change_says_first_what_it_would_do_to_credit(
    enter: Enter, kept: Kept, reporter: PageClient
) -> None:
    activity = enter(ACTIVE)
    a_credit(make.a_physician(), activity, completed_on=date(2026, 11, 2), amount=Decimal("1.5"))
    said = shown(reporter, activity, "basics", start_on="2026-11-03", end_on="2026-11-04")

    asked = reporter.post(address(activity, "basics"), said)

    page = asked.content.decode()
    assert asked.status_code == 422
    assert "1 credit with a completion date outside 11/03/2026 to 11/04/2026" in page
    assert kept(activity).start_on == date(2026, 11, 2)
    agreed = reporter.post(address(activity, "basics"), said | {"agreed": asked.context["agreed"]})
    assert agreed.status_code == 302
    assert kept(activity).start_on == date(2026, 11, 3)


def test_an_agreement_to_one_effect_is_none_to_another(
    enter: Enter, kept: Kept, reporter: PageClient
) -> None:
    activity = enter(ACTIVE)
    a_credit(make.a_physician(), activity, completed_on=date(2026, 11, 2), amount=Decimal("1.5"))
    asked = reporter.post(address(activity, "credit"), {"credits": "1"})

    answer = reporter.post(address(activity, "credit"), {"credits": "0.5", "agreed": asked.context["agreed"]})

    assert answer.status_code == 422
    assert kept(activity).credits == Decimal("1.5")


def test_what_is_so_already_is_not_asked_about_again(enter: Enter, reporter: PageClient) -> None:
    activity = enter(ACTIVE)
    a_credit(make.a_physician(), activity, completed_on=date(2026, 11, 1))

    said = shown(reporter, activity, "basics", title="Grand Rounds, Again")

    assert reporter.post(address(activity, "basics"), said).status_code == 302


def test_a_format_stays_in_its_group_once_credit_is_reported(enter: Enter, reporter: PageClient) -> None:
    activity = enter(ACTIVE)
    a_credit(make.a_physician(), activity)
    said = shown(reporter, activity, "basics", format="Regularly Scheduled Series")

    answer = reporter.post(address(activity, "basics"), said)

    assert answer.status_code == 422
    assert "the new format would count them differently" in answer.content.decode()


def test_a_form_asks_the_database_as_often_for_a_full_record_as_for_a_draft(
    enter: Enter, reporter: PageClient
) -> None:
    draft, whole = enter(DRAFT), enter(WHOLE)
    reporter.get(address(draft, "boards"))

    with CaptureQueriesContext(connection) as for_draft:
        reporter.get(address(draft, "boards"))
    with CaptureQueriesContext(connection) as for_whole:
        reporter.get(address(whole, "boards"))

    assert len(for_whole) == len(for_draft)


def test_a_thousand_rows_are_cut_off_and_named(enter: Enter, reporter: PageClient) -> None:
    activity = enter(ACTIVE)
    many = {f"joint_providers-{number}-name": f"Partner {number}" for number in range(900)}

    answer = reporter.post(address(activity, "support"), {"providership": "joint", **many})

    assert answer.status_code == 422
    assert "At most 50 of these fit into one activity" in answer.content.decode()
