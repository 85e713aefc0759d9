"""What becomes of a row of learner credit: match, rules, once-ness, correction, withdrawal."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from activities.formats import Delivery, Format
from activities.models import Activity
from learners.landing import look_again
from learners.models import (
    Credit,
    CreditPoints,
    CreditVersion,
    Degree,
    Guess,
    Learner,
    License,
    Physician,
    Verdict,
)
from learners.tasks import retry_waiting
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.scope import acting_as
from pars.batches.models import Batch
from pars.demo import world as demo_world
from tests.factories import a_board, a_physician, a_provider, a_registration, an_activity
from tests.roles import as_role
from tests.uploads import a_row, codes, findings, send, send_file

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system_job("test")


class World(NamedTuple):
    ours: Organization
    board: Organization
    course: Activity
    series: Activity

    def row(self, **cells: object) -> dict[str, str]:
        return a_row(self.course.activity_id, **cells)

    def session(self, day: str, **cells: object) -> dict[str, str]:
        return a_row(self.series.activity_id, completed=day, amount=1, **cells)


@pytest.fixture
def world() -> World:
    ours = a_provider()
    board = a_board("NC")
    a_physician(board, "2008-95323", npi="1186620112")
    series = an_activity(ours, format=Format.SERIES, start_on=date(2026, 1, 7), end_on=date(2026, 12, 16))
    return World(ours, board, an_activity(ours), series)


def _credits(**filters: object) -> list[Credit]:
    with acting_as(SYSTEM):
        return list(Credit.objects.filter(**filters).order_by("pk"))


def _learner() -> Learner:
    with acting_as(SYSTEM):
        return Learner.objects.get()


def _counts(batch: Batch) -> tuple[int, int, int, int, int, int]:
    return (batch.added, batch.updated, batch.unchanged, batch.withdrawn, batch.parked, batch.failed)


def test_a_row_that_agrees_becomes_a_credit_of_the_physician(world: World) -> None:
    batch = send(world.ours, world.row())

    assert _counts(batch) == (1, 0, 0, 0, 0, 0)
    [credit] = _credits()
    assert credit.physician_id is not None
    assert (credit.amount, credit.completed_on, credit.occasion_on) == (Decimal(4), date(2026, 9, 12), None)
    assert (credit.consent, credit.row) == ("written", 2)


@pytest.mark.parametrize(
    "wording",
    [
        {"number": "1186620112"},
        {"number": "1186620112", "state": ""},
        {"number": "200895323"},
        {"number": "2008 95323", "last_name": "OSEI"},
        {"last_name": "Osei Jr."},
        {"birthday": "Oct 13"},
        {"state": "nc"},
        {"number": ""},
    ],
)
def test_other_wordings_of_the_same_person_match(world: World, wording: dict[str, str]) -> None:
    assert _counts(send(world.ours, world.row(**wording))) == (1, 0, 0, 0, 0, 0)


def test_the_same_rows_again_change_nothing(world: World) -> None:
    send(world.ours, world.row())
    before = _credits()[0]

    again = send(world.ours, world.row())

    assert _counts(again) == (0, 0, 1, 0, 0, 0)
    after = _credits()[0]
    assert (after.first_reported_at, after.batch_id) == (before.first_reported_at, before.batch_id)


def test_another_wording_of_the_same_person_makes_no_second_credit(world: World) -> None:
    send(world.ours, world.row())

    again = send(world.ours, world.row(number="1186620112"))

    assert _counts(again) == (0, 0, 1, 0, 0, 0)
    assert len(_credits()) == 1


def test_another_amount_is_a_correction_and_the_earlier_one_is_kept(world: World) -> None:
    first = send(world.ours, world.row())
    [before] = _credits()

    corrected = send(world.ours, world.row(amount="3.5"))

    assert _counts(corrected) == (0, 1, 0, 0, 0, 0)
    assert codes(corrected) == [(2, "corrected")]
    [credit] = _credits()
    assert credit.amount == Decimal("3.5")
    with acting_as(SYSTEM):
        version = CreditVersion.objects.get()
    assert (version.amount, version.batch_id, version.said_at) == (
        Decimal(4),
        first.pk,
        before.changed_at,
    )


def test_another_date_for_an_activity_attended_once_is_asked_about(world: World) -> None:
    online = an_activity(
        world.ours,
        format=Format.ENDURING,
        delivery=[Delivery.ONLINE],
        start_on=date(2026, 1, 1),
        end_on=date(2026, 12, 31),
    )
    send(world.ours, a_row(online.activity_id, completed="03/01/2026"))

    again = send(world.ours, a_row(online.activity_id, completed="03/02/2026"))

    assert codes(again) == [(2, "other_date")]
    assert len(_credits()) == 1


def test_each_session_of_a_series_is_a_credit_of_its_own(world: World) -> None:
    batch = send(
        world.ours, world.session("10/07/2026"), world.session("10/14/2026"), world.session("10/07/2026")
    )

    assert _counts(batch) == (2, 0, 1, 0, 0, 0)
    assert codes(batch) == [(4, "repeated_in_file")]


def test_the_same_credit_twice_with_different_values_is_an_issue_on_both(world: World) -> None:
    batch = send(world.ours, world.row(), world.row(amount="2"))

    assert codes(batch) == [(2, "differs_in_file"), (3, "differs_in_file")]
    assert _credits() == []


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"amount": "4.25"}, "amount_over_maximum"),
        ({"completed": "09/11/2026"}, "date_outside_activity"),
        ({"activity": "999999999"}, "activity_unknown"),
        ({"last_name": "Wrong"}, "identity"),
        ({"birthday": "10/14"}, "identity"),
        ({"number": "1234567898"}, "npi_invalid"),
        ({"action": "Delete"}, "nothing_to_delete"),
    ],
)
def test_a_row_that_breaks_a_rule_lands_nowhere_and_says_why(
    world: World, cells: dict[str, str], code: str
) -> None:
    batch = send(world.ours, world.row(**cells))

    assert _counts(batch) == (0, 0, 0, 0, 0, 1)
    assert codes(batch) == [(2, code)]
    assert _credits() == []


def test_another_providers_activity_is_as_unknown_as_none(world: World) -> None:
    theirs = an_activity(a_provider())

    foreign = send(world.ours, a_row(theirs.activity_id))
    missing = send(world.ours, a_row("999999999"))

    assert [f.message for f in findings(foreign)] == [f.message for f in findings(missing)]


def test_a_draft_takes_no_credit(world: World) -> None:
    draft = an_activity(world.ours, credits=None)

    assert codes(send(world.ours, a_row(draft.activity_id))) == [(2, "activity_draft")]


def test_wrong_name_and_wrong_birthday_read_the_same(world: World) -> None:
    name = findings(send(world.ours, world.row(last_name="Wrong")))[0]
    birthday = findings(send(world.ours, world.row(birthday="10/14")))[0]

    assert (name.column, name.value, name.message) == (birthday.column, birthday.value, birthday.message)
    assert "License 2008-95323 is on record for Amara Osei." in name.message


def test_a_license_in_no_roster_is_parked_with_its_report_date(world: World) -> None:
    batch = send(world.ours, world.row(number="ZZ-1"))

    assert _counts(batch) == (0, 0, 0, 0, 1, 0)
    assert codes(batch) == [(2, "not_in_registry")]
    [credit] = _credits()
    assert credit.is_parked
    assert _learner().verdict == Verdict.NOT_FOUND


def test_a_parked_credit_sent_again_stays_one(world: World) -> None:
    send(world.ours, world.row(number="ZZ-1"))

    again = send(world.ours, world.row(number="ZZ-1"))

    assert _counts(again) == (0, 0, 0, 0, 1, 0)
    assert len(_credits()) == 1


def test_an_unknown_birthday_waits(world: World) -> None:
    a_physician(world.board, "2001-1", last_name="Nolan", month_day=None)

    batch = send(world.ours, world.row(last_name="Nolan", number="2001-1"))

    assert codes(batch) == [(2, "birthday_unconfirmed")]
    assert _credits()[0].is_parked


def test_one_number_of_an_md_and_a_do_is_told_apart_by_name(world: World) -> None:
    osteopaths = a_board("NC", degree=Degree.DO)
    a_physician(osteopaths, "2008-95323", first_name="Dora", last_name="Oster", degree=Degree.DO)

    batch = send(world.ours, world.row(), world.row(first_name="Dora", last_name="Oster"))

    assert batch.added == 2
    assert len({credit.physician_id for credit in _credits()}) == 2


def test_two_of_one_name_and_birthday_need_a_number(world: World) -> None:
    a_physician(world.board, "2009-1")

    assert codes(send(world.ours, world.row(number=""))) == [(2, "several")]


def test_a_namesake_without_known_birthday_keeps_a_name_from_matching(world: World) -> None:
    a_physician(world.board, "2009-1", month_day=None)

    assert codes(send(world.ours, world.row(number=""))) == [(2, "birthday_unconfirmed")]


def test_a_delete_withdraws_and_keeps_the_row(world: World) -> None:
    send(world.ours, world.row())

    batch = send(world.ours, world.row(action="Delete", amount=""))

    assert _counts(batch) == (0, 0, 0, 1, 0, 0)
    [credit] = _credits()
    assert credit.withdrawn_at is not None


def test_a_withdrawn_credit_may_be_reported_anew(world: World) -> None:
    send(world.ours, world.row())
    send(world.ours, world.row(action="Delete"))

    assert _counts(send(world.ours, world.row())) == (1, 0, 0, 0, 0, 0)
    assert len(_credits(withdrawn_at=None)) == 1


def test_board_points_hang_off_the_same_credit(world: World) -> None:
    a_registration(world.course, "ABIM", "Medical Knowledge")
    points = {
        "board": "ABIM",
        "member": "344667",
        "points": 3,
        "points_type": "Medical Knowledge",
        "points_amount": 3,
    }

    batch = send(world.ours, world.row(**points))
    again = send(world.ours, world.row(**points))

    assert (batch.added, again.unchanged) == (1, 1)
    with acting_as(SYSTEM):
        held = CreditPoints.objects.get()
    assert (held.board, held.member_number, held.points) == ("ABIM", "344667", Decimal(3))
    assert held.physician_id == _credits()[0].physician_id


def test_points_of_a_board_the_activity_is_not_registered_with_are_asked_about(world: World) -> None:
    points = {"board": "ABP", "member": "1", "points": 3, "points_type": "Anything", "points_amount": 3}

    assert codes(send(world.ours, world.row(**points))) == [(2, "board_not_registered")]


def test_a_late_report_is_accepted_stamped_and_says_so(world: World) -> None:
    batch = send(world.ours, world.row(), at=datetime(2026, 11, 23, tzinfo=UTC))

    [late] = [finding for finding in findings(batch) if finding.code == "late"]
    assert batch.added == 1
    assert late.message.startswith("Reported after 10/12/2026")


def test_checking_only_changes_no_credit_and_says_what_would_happen(world: World) -> None:
    other = an_activity(world.ours)

    batch = send(world.ours, world.row(), a_row(other.activity_id, amount="9"), check_only=True)

    assert (batch.ready, batch.failed, batch.added) == (1, 1, 0)
    assert codes(batch) == [(3, "amount_over_maximum")]
    assert _credits() == []


def _guess(world: World, provider: Organization, day: int) -> list[tuple[int, str]]:
    course = an_activity(provider)
    return codes(send(provider, a_row(course.activity_id, birthday=f"03/{day:02d}")))


def test_a_provider_gets_five_wrong_guesses_and_then_nothing_more_is_said(world: World) -> None:
    answers = [_guess(world, world.ours, day)[0][1] for day in range(1, 8)]

    right = codes(send(world.ours, world.row()))

    assert answers == ["identity"] * 5 + ["kept_for_review"] * 2
    assert right == [(2, "kept_for_review")]
    assert all(credit.is_parked for credit in _credits())


def test_the_same_wrong_guess_again_is_no_new_guess(world: World) -> None:
    answers = {_guess(world, world.ours, 1)[0][1] for _ in range(7)}

    assert answers == {"identity"}
    with acting_as(SYSTEM):
        assert Guess.objects.count() == 1


def test_ten_wrong_guesses_by_all_providers_together_are_the_end(world: World) -> None:
    second, third = a_provider(), a_provider()
    for day in range(1, 6):
        _guess(world, world.ours, day)
        _guess(world, second, day + 5)

    assert _guess(world, third, 20) == [(2, "kept_for_review")]


def test_a_file_of_every_birthday_learns_nothing_beyond_the_budget(world: World) -> None:
    days = [date(2024, 1, 1).replace(month=month, day=day) for month in range(1, 13) for day in range(1, 29)]

    batch = send(world.ours, *(world.row(birthday=f"{day:%m/%d}") for day in days))

    said = [finding.code for finding in findings(batch) if finding.code not in ("late", "repeated_in_file")]
    assert said.count("identity") == 5
    assert batch.added == 0
    assert said.count("kept_for_review") == len(days) - 5


def test_a_person_matched_before_stays_matched_when_the_budget_is_spent(world: World) -> None:
    send(world.ours, world.row())
    for day in range(1, 8):
        _guess(world, world.ours, day)

    assert _counts(send(world.ours, world.session("10/07/2026"))) == (1, 0, 0, 0, 0, 0)


def _later(world: World, batch_at: datetime) -> tuple[int, int]:
    with as_role("pars_worker"), acting_as(Actor.matcher(world.ours.pk)):
        return look_again(organization_id=world.ours.pk, at=batch_at)


LATER = datetime(2026, 12, 24, 12, 0, tzinfo=UTC)


def test_parked_credit_lands_when_the_license_arrives_and_keeps_its_report_date(world: World) -> None:
    send(world.ours, world.row(last_name="Nolan", number="2001-1"))
    [parked] = _credits()
    physician = a_physician(world.board, "2001-1", last_name="Nolan")

    matched = _later(world, LATER)

    assert matched == (1, 1)
    [credit] = _credits()
    assert (credit.physician_id, credit.first_reported_at) == (physician.pk, parked.first_reported_at)
    with acting_as(SYSTEM):
        assert CreditVersion.objects.count() == 1


def test_sending_a_parked_row_again_after_the_license_arrived_joins_the_two(world: World) -> None:
    send(world.ours, world.row(last_name="Nolan", number="2001-1"))
    [parked] = _credits()
    a_physician(world.board, "2001-1", last_name="Nolan")

    again = send(world.ours, world.row(last_name="Nolan", number="2001-1"))

    assert _counts(again) == (0, 0, 1, 0, 0, 0)
    [credit] = _credits()
    assert (credit.pk, credit.is_parked) == (parked.pk, False)


def test_a_parked_credit_that_exists_already_is_joined_to_it_and_the_earlier_date_stays(world: World) -> None:
    early, late = datetime(2026, 9, 13, tzinfo=UTC), datetime(2026, 9, 20, tzinfo=UTC)
    send(world.ours, world.row(number="A-OLD-NUMBER"))
    send(world.ours, world.row())
    with as_role("pars_owner"):
        Credit.objects.filter(physician=None).update(first_reported_at=early)
        Credit.objects.exclude(physician=None).update(first_reported_at=late)
        physician = Physician.objects.get()
        License.objects.filter(physician=physician).update(number_key="AOLDNUMBER")

    _later(world, LATER)

    [standing] = _credits(withdrawn_at=None)
    assert (standing.physician_id, standing.first_reported_at) == (physician.pk, early)
    assert len(_credits()) == 2


def test_two_parked_wordings_of_one_person_become_one_credit(world: World) -> None:
    send(world.ours, world.row(last_name="Nolan", number="2001-1"))
    send(world.ours, world.row(last_name="Nolan", number="2001-1", first_name="Amy"))
    a_physician(world.board, "2001-1", last_name="Nolan")

    _later(world, LATER)

    assert len(_credits(withdrawn_at=None)) == 1
    assert len(_credits()) == 2


def test_the_scheduled_look_finds_every_provider_that_waits(world: World) -> None:
    send(world.ours, world.row(last_name="Nolan", number="2001-1"))
    a_physician(world.board, "2001-1", last_name="Nolan")

    with as_role("pars_worker"):
        retry_waiting()

    assert not _credits()[0].is_parked


@pytest.mark.parametrize("name", ["learners.xml", "learners.json"])
def test_the_published_learner_report_lands_as_xml_and_as_json(samples: Path, name: str) -> None:
    with as_role("pars_owner"):
        demo_world.load(at=datetime(2026, 11, 23, tzinfo=UTC))
    northlake = Organization.objects.get(code="0008273")

    batch = send_file(northlake, samples / name)
    again = send_file(northlake, samples / name)

    assert (batch.added, batch.failed, again.unchanged) == (6, 0, 6)
