"""Certifying boards' credit (MOC): beside CME credit and alone, in every format, corrected, taken back, undone."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest
from django.utils.timezone import now

from activities.models import Activity
from learners.landing import look_again
from learners.models import Certification, Credit, CreditPoints, Physician
from pars.access.actor import Actor
from pars.access.models import Organization, User
from pars.access.roles import OrganizationKind, Role
from pars.access.scope import acting_as
from pars.batches import undoing
from pars.batches.models import Batch
from tests.factories import a_board, a_member, a_physician, a_provider, a_registration, an_activity
from tests.pages import PageClient
from tests.roles import as_role
from tests.uploads import (
    COLUMNS,
    a_row,
    as_table,
    codes,
    findings,
    rows_to_fix,
    saved,
    see_through,
    send,
    take_in,
)

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]
SYSTEM = Actor.system_job("test")
ABIM = {"board": "ABIM", "member": "344667", "points_type": "Medical Knowledge", "points_amount": "2"}
MK, PA = ("ABIM", "Medical Knowledge"), ("ABIM", "Practice Assessment")


class World(NamedTuple):
    ours: Organization
    physician: Physician
    course: Activity

    def row(self, **cells: object) -> dict[str, str]:
        return a_row(self.course.activity_id, **cells)

    def alone(self, **cells: object) -> dict[str, str]:
        """Board credit without CME credit."""
        return self.row(**{"amount": "", **ABIM, **cells})


@pytest.fixture
def world() -> World:
    ours = a_provider()
    physician = a_physician(a_board("NC"), "2008-95323")
    course = an_activity(ours, start_on=date(2026, 9, 1), end_on=date(2026, 9, 12))
    a_registration(course, "ABIM", "Medical Knowledge", "Practice Assessment")
    a_registration(course, "ABP", "Lifelong Learning and Self-Assessment")
    return World(ours, physician, course)


def standing() -> list[tuple[float, dict[tuple[str, str], float]]]:
    """Amount and board points of every credit on record."""
    with acting_as(SYSTEM):
        return [
            (
                float(credit.amount),
                {(one.board, one.credit_type): float(one.points) for one in credit.points.all()},
            )
            for credit in Credit.objects.all().for_transcript()
        ]


def undo(batch: Batch) -> Batch:
    actor = Actor.organization(batch.organization_id, OrganizationKind.PROVIDER)
    with acting_as(actor):
        work = undoing.undo(batch=batch, by=actor, at=now())
    return see_through(work)


def test_board_credit_alone_is_a_completion_without_cme_credit(world: World) -> None:
    batch = send(world.ours, world.alone())

    assert (batch.added, codes(batch), standing()) == (1, [], [(0, {MK: 2})])
    assert send(world.ours, world.alone()).unchanged == 1


def test_the_cme_credit_that_comes_later_joins_it_and_keeps_the_first_report(world: World) -> None:
    first = datetime(2026, 9, 14, tzinfo=UTC)
    send(world.ours, world.alone(), at=first)

    batch = send(world.ours, world.row())

    assert (batch.updated, codes(batch)) == (1, [(2, "completes_board_credit")])
    assert standing() == [(4, {MK: 2})]
    with acting_as(SYSTEM):
        assert Credit.objects.get().first_reported_at == first


def test_board_credit_that_comes_later_leaves_the_cme_credit_as_it_is(world: World) -> None:
    send(world.ours, world.row())

    batch = send(world.ours, world.alone(), world.alone(points_type="Practice Assessment", points_amount=1))

    assert (batch.updated, batch.unchanged) == (1, 1)
    assert codes(batch) == [(2, "points_changed"), (3, "board_credit_beside")]
    assert standing() == [(4, {MK: 2, PA: 1})]


@pytest.mark.parametrize("first", ["cme", "board"])
def test_rows_of_one_completion_in_one_file_are_one_record(world: World, first: str) -> None:
    rows = [world.row(), world.alone(), world.alone(board="ABP", points_type="Part 2")]

    batch = send(world.ours, *(rows if first == "cme" else rows[::-1]))

    assert (batch.added, batch.unchanged, batch.failed) == (1, 2, 0)
    assert standing() == [(4, {MK: 2, ("ABP", "Lifelong Learning and Self-Assessment"): 2})]


def test_board_credit_lands_though_the_cme_credit_beside_it_is_to_be_fixed(world: World) -> None:
    batch = send(world.ours, world.row(amount=9), world.alone())

    assert (batch.added, codes(batch)) == (1, [(2, "amount_over_maximum")])
    assert standing() == [(0, {MK: 2})]


FAULTS: tuple[tuple[dict[str, str], str], ...] = (
    ({"board": ""}, "board_missing"),
    ({"board": "American Board of Internal Medecine"}, "board_unknown"),
    ({"member": ""}, "board_number_missing"),
    ({"member": "344667 (Amara Osei, MD)"}, "board_number_unreadable"),
    ({"member": "344\x1f667"}, "board_number_unreadable"),
    ({"points_type": "", "points_amount": ""}, "points_missing"),
    ({"points_amount": ""}, "points_incomplete"),
    ({"points_type": ""}, "points_incomplete"),
    ({"points_amount": "2.1"}, "points_unreadable"),
    ({"points": "lots"}, "points_unreadable"),
    ({"board": "ABS", "points_type": "Accredited CME"}, "board_not_registered"),
    ({"points_type": "Patient Safety"}, "points_not_registered"),
)


@pytest.mark.parametrize("amount", ["", "4"], ids=["alone", "beside"])
def test_each_thing_that_is_wrong_with_board_credit_is_said(world: World, amount: str) -> None:
    batch = send(world.ours, *(world.alone(amount=amount, **cells) for cells, _ in FAULTS))

    assert codes(batch) == [(row, code) for row, (_, code) in enumerate(FAULTS, start=2)]


def test_boards_and_types_are_known_by_name_and_empty_sums_or_the_type_of_cme_credit_say_nothing(
    world: World,
) -> None:
    named = world.row(**ABIM | {"board": "American Board of Internal Medicine", "points_type": "Part II"})
    empty = {"board": "", "member": "", "points": "0", "points_type": "", "points_amount": "0.00"}

    cme = world.row(**empty | {"points_type": "AMA PRA Category 1 Credit™"})

    batch = send(world.ours, named, world.row(**empty), world.row(**empty, amount=""), cme)

    assert codes(batch) == [(3, "repeated_in_file"), (4, "amount_missing"), (5, "repeated_in_file")]
    assert standing() == [(4, {MK: 2})]


def test_a_misspelled_board_is_guessed_at(world: World) -> None:
    [unknown] = findings(
        send(world.ours, world.row(**ABIM | {"board": "American Board of Internal Medecine"}))
    )

    assert "Did you mean “American Board of Internal Medicine”?" in unknown.message


def test_the_types_an_activity_is_registered_for_are_named(world: World) -> None:
    [unknown] = findings(send(world.ours, world.alone(points_type="Patient Safety")))

    assert "for Medical Knowledge, Practice Assessment." in unknown.message


def test_one_type_with_two_amounts_is_asked_about_in_a_row_and_in_a_file(world: World) -> None:
    more = {"second": "Additional Credit Type", "second_amount": "Credits Awarded for Additional Credit Type"}
    twice = world.row(**ABIM) | {"second": "Medical Knowledge", "second_amount": "3"}
    batch = see_through(take_in(world.ours, as_table(COLUMNS | more, [twice]), "a.csv"))

    assert codes(batch) == [(2, "points_twice")]
    differing = send(world.ours, world.row(**ABIM), world.alone(points_amount=3))
    assert codes(differing) == [(2, "differs_in_file"), (3, "differs_in_file")]


def test_board_credit_is_deleted_alone_and_the_last_of_it_with_its_completion(world: World) -> None:
    send(world.ours, world.row(**ABIM), world.alone(board="ABP", points_type="Part 2"))

    batch = send(world.ours, world.alone(action="Delete"))

    assert (batch.updated, codes(batch)) == (1, [(2, "points_withdrawn")])
    assert standing() == [(4, {("ABP", "Lifelong Learning and Self-Assessment"): 2})]
    assert codes(send(world.ours, world.alone(action="Delete"))) == [(2, "nothing_to_delete")]
    assert send(world.ours, world.row(action="Delete", amount="")).withdrawn == 1
    assert send(world.ours, world.alone()).added == 1
    assert send(world.ours, world.alone(action="Delete")).withdrawn == 1
    assert standing() == []


def test_an_undo_gives_a_completion_its_board_credit_back_as_it_was(world: World) -> None:
    send(world.ours, world.row(**ABIM))
    changed = send(world.ours, world.row(**ABIM | {"points_amount": "3"}), world.alone(points_type="Part IV"))
    assert standing() == [(4, {MK: 3, PA: 2})]

    assert undo(changed).updated == 1
    assert standing() == [(4, {MK: 2})]
    deleted = send(world.ours, world.alone(action="Delete"))
    assert standing() == [(4, {})]
    undo(deleted)
    assert standing() == [(4, {MK: 2})]


def test_an_undo_leaves_board_credit_alone_where_it_brought_the_cme_credit(world: World) -> None:
    send(world.ours, world.alone())
    cme = send(world.ours, world.row())

    undo(cme)

    assert standing() == [(0, {MK: 2})]


def test_a_number_with_the_board_finds_the_physician_where_no_license_is_given(world: World) -> None:
    with as_role("pars_owner"):
        Certification.objects.create(physician=world.physician, board="ABIM", number="344667")
    unlicensed = {"state": "", "number": ""}

    found = send(world.ours, world.alone(**unlicensed))
    wrong = send(world.ours, world.alone(**unlicensed, birthday="01/02"))

    assert (found.added, standing()) == (1, [(0, {MK: 2})])
    assert codes(wrong) == [(2, "identity")]
    assert codes(send(world.ours, world.row(**unlicensed, **ABIM))) == [(2, "state_missing")]


def test_a_number_that_no_physician_has_with_the_board_waits_until_one_has(world: World) -> None:
    waits = send(world.ours, world.alone(state="", number=""))

    assert (waits.parked, codes(waits)) == (1, [(2, "board_number_not_known")])
    with as_role("pars_owner"):
        Certification.objects.create(physician=world.physician, board="ABIM", number="344667")
    with as_role("pars_worker"), acting_as(Actor.matcher(world.ours.pk)):
        assert look_again(organization_id=world.ours.pk, at=now()) == (1, 1)
    with acting_as(SYSTEM):
        assert CreditPoints.objects.get().physician_id == world.physician.pk


@pytest.mark.parametrize("first", ["cme", "board"])
def test_credits_and_board_credit_that_waited_apart_are_one_record_when_their_physician_is_found(
    world: World, first: str
) -> None:
    rows = [world.row(number="N-77"), world.alone(number="1186620112", state="")]
    for row in rows if first == "cme" else rows[::-1]:
        assert send(world.ours, row).parked == 1

    a_physician(a_board("NC-77"), "N-77", npi="1186620112")
    with as_role("pars_worker"), acting_as(Actor.matcher(world.ours.pk)):
        look_again(organization_id=world.ours.pk, at=now())

    assert standing() == [(4, {MK: 2})]


def test_credits_that_waited_join_board_credit_on_record(world: World) -> None:
    send(world.ours, world.alone())
    assert send(world.ours, world.row(number="1186620112", state="")).parked == 1

    with as_role("pars_owner"):
        Physician.objects.filter(pk=world.physician.pk).update(npi="1186620112")
    with as_role("pars_worker"), acting_as(Actor.matcher(world.ours.pk)):
        look_again(organization_id=world.ours.pk, at=now())

    assert standing() == [(4, {MK: 2})]
    with acting_as(SYSTEM):
        [alone, cme] = Credit.objects.order_by("pk")
        assert [version.amount for version in alone.versions.all()] == [0]
        assert cme.withdrawn_at


def a_report(course: Activity, *certificates: tuple[str, float, dict[str, str]]) -> bytes:
    """Amara Osei's completion in a published learner report: (category, amount, identifiers by domain) of each."""
    report = {
        "Member": {
            "Name": {"GivenName": "Amara", "FamilyName": "Osei"},
            "PersonalInfo": {"BirthDate": "1961-10-13"},
        },
        "Activity": {
            "Module": {
                "ModuleName": {"moduleID": course.activity_id},
                "CompletedDateTime": "2026-09-12T00:00:00",
                "CreditCertificate": [
                    {
                        "UniqueID": [{"domain": domain, "value": value} for domain, value in ids.items()],
                        "CreditReceived": {
                            "activityCertification": category,
                            "creditUnit": "Point",
                            "numberOfCredits": amount,
                        },
                    }
                    for category, amount, ids in certificates
                ],
            }
        },
        "XtensibleInfo": {"LearnerRecordAction": "add"},
    }
    return json.dumps({"ACCMELearnerReports": {"ActivityReports": {"ActivityReport": [report]}}}).encode()


def test_certificates_of_several_boards_are_rows_of_one_completion_and_what_is_none_is_asked_about(
    world: World,
) -> None:
    """The license stands on the last of them."""
    content = a_report(
        world.course,
        ("Medical Knowledge", 2, {"ABIM": "344667"}),
        ("Practice Assessment", 1, {"ABIM": "344667", "NPI": "1186620112"}),
        ("Lifelong Learning and Self-Assessment", 1.5, {"ABP": "7"}),
        ("ANCC Contact Hours", 3, {"NC": "2008-95323"}),
        ("Patient\0Safety", 3, {"ABIM": "344667"}),
        ("AMA PRA Category 1", 4, {"NC": "2008-95323", "ABIM": "344667"}),
    )

    batch = see_through(take_in(world.ours, content, "learners.json"))

    assert (batch.added, batch.unchanged, batch.failed) == (1, 3, 2)
    assert [each for each in codes(batch) if each[1] != "board_credit_beside"] == [
        (4, "board_missing"),
        (5, "points_not_registered"),
    ]
    assert standing() == [(4, {MK: 2, PA: 1, ("ABP", "Lifelong Learning and Self-Assessment"): 1.5})]
    deleted = content.replace(b'"LearnerRecordAction": "add"', b'"LearnerRecordAction": "delete"')
    batch = see_through(take_in(world.ours, deleted, "learners.json"))
    assert (batch.withdrawn, batch.unchanged, batch.failed, standing()) == (1, 3, 2, [])


def test_certificates_come_back_as_a_workbook_and_are_read_as_certificates_again(world: World) -> None:
    content = a_report(
        world.course,
        ("AMA PRA Category 1", 9, {"NC": "2008-95323"}),
        ("Medical Knowledge", 2.1, {"ABIM": "344667"}),
    )
    book = rows_to_fix(see_through(take_in(world.ours, content, "learners.json")))
    sheet = book.worksheets[0]
    column = next(cell.column for cell in sheet[1] if cell.value == "numberOfCredits")
    for row in sheet.iter_rows(min_row=2):
        row[column - 1].value = {9: 4, 2.1: 2}[row[column - 1].value]

    again = see_through(take_in(world.ours, saved(book), "learners to fix.xlsx"))

    assert (again.added, again.unchanged, again.failed) == (1, 1, 0)
    assert standing() == [(4, {MK: 2})]


def test_the_pages_of_board_credit_alone_say_so_and_correct_its_day_and_tell_what_changed(
    world: World, client_as: SignIn
) -> None:
    send(world.ours, world.alone(), world.alone(points_type="Part IV"))
    reporter = client_as(a_member(world.ours, Role.REPORTER))
    with acting_as(SYSTEM):
        address = f"/credits/{Credit.objects.get().pk}/"

    corrected = reporter.post(f"{address}correct/", {"amount": "", "completed_on": "2026-09-11"}, follow=True)
    added = reporter.post(f"{address}correct/", {"amount": "3", "completed_on": "2026-09-11"}, follow=True)

    assert "None, board credit alone" in corrected.content.decode()
    assert "Completion date corrected from Sep 12, 2026 to Sep 11, 2026" in corrected.content.decode()
    assert "Corrected from board credit alone to 3 credits" in added.content.decode()
    assert standing() == [(3, {MK: 2, PA: 2})]
    send(world.ours, world.alone(action="Delete", completed="09/11/2026"))
    assert (
        "Board credit changed from 2 ABIM Medical Knowledge, 2 ABIM Practice Assessment "
        "to 2 ABIM Practice Assessment" in reporter.get(address).content.decode()
    )


def test_board_credit_of_a_learner_without_a_license_can_be_withdrawn_or_told_in_other_words(
    world: World, client_as: SignIn
) -> None:
    send(world.ours, world.alone(state="", number=""))
    reporter = client_as(a_member(world.ours, Role.REPORTER))
    with acting_as(SYSTEM):
        address = f"/credits/{Credit.objects.get().pk}/"

    page = reporter.get(address).content.decode()
    told = {"first_name": "Amara", "last_name": "Osei", "birthday_month": "10", "birthday_day": "13"}
    reporter.post(f"{address}details/", told | {"state": "NC", "number": "2008-95323"})

    assert "None given, ABIM 344667" in page
    assert "No physician on record has this number with ABIM." in page
    with acting_as(SYSTEM):
        assert Credit.objects.get().physician_id == world.physician.pk
    assert standing() == [(0, {MK: 2})]
    reporter.post(f"{address}withdraw/", {"reason": "mistake"})
    assert standing() == []
