"""What a provider does with its activities, whoever calls: form, file or web service."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from activities import actions
from activities.models import Activity, Figures, Support
from activities.record import Outcome, Record, Registration
from activities.status import Status
from activities.stored import record_of
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.audit.models import Event
from pars.batches.models import Outcome as Became
from tests import factories as make
from tests.activities.records import ACTIVE, DRAFT, WHOLE
from tests.credit import a_credit

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@pytest.fixture
def ours() -> Organization:
    return make.a_provider("Northlake")


@pytest.fixture
def us(ours: Organization) -> Iterator[Actor]:
    """Our provider, acting."""
    actor = Actor.organization(ours.pk, OrganizationKind.PROVIDER)
    with acting_as(actor):
        yield actor


def put(actor: Actor, *records: Record, **how: Any) -> list[actions.Put]:
    return actions.put(records=records, by=actor, at=NOW, **how)


def codes(put: actions.Put) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in put.problems]


def test_the_whole_record_is_kept_and_read_as_it_was_said(us: Actor) -> None:
    (done,) = put(us, WHOLE)

    assert done.outcome == Became.ADDED
    assert done.activity
    assert record_of(done.activity) == replace(WHOLE, activity_id=done.activity.activity_id)


def test_what_is_sent_again_changes_and_records_nothing(us: Actor) -> None:
    put(us, WHOLE)

    (again,) = put(us, WHOLE)

    assert again.outcome == Became.UNCHANGED
    assert Event.objects.filter(verb="activity.changed").count() == 0
    assert Activity.objects.count() == 1


def test_the_own_id_makes_a_second_record_a_change_and_says_of_what(us: Actor) -> None:
    put(us, WHOLE)

    (done,) = put(us, replace(WHOLE, title="Grand Rounds of the Heart", registrations=(), support=()))

    assert (done.outcome, done.changed) == (Became.UPDATED, ("title", "registrations", "support"))
    assert done.activity
    assert record_of(done.activity).registrations == ()
    assert not Support.objects.exists()
    assert Event.objects.get(verb="activity.changed").detail == {"fields": "title registrations support"}


def test_codes_are_kept_however_they_are_written(us: Actor) -> None:
    (done,) = put(us, replace(WHOLE, format="live course", country="usa", state="North Carolina", fee="VARIABLE",
        commendations=("engages teams", "C36"), outcomes=(Outcome("learner knowledge", ("OBJECTIVE",)),)))  # fmt: skip

    assert done.activity
    kept = record_of(done.activity)
    assert (kept.format, kept.country, kept.state, kept.fee) == ("Live Course", "USA", "NC", "Variable")
    assert kept.commendations == ("C23", "C36")
    assert kept.outcomes == (Outcome("Learner Knowledge", ("Objective",)),)


def test_good_records_land_beside_bad_ones_and_each_says_why(us: Actor) -> None:
    done = put(us, ACTIVE, replace(DRAFT, end_on=date(2026, 11, 1)), replace(DRAFT, title=""))

    assert [one.outcome for one in done] == [Became.ADDED, Became.FAILED, Became.FAILED]
    assert codes(done[1]) == [("end_on", "end_before_start")]
    assert codes(done[2]) == [("title", "title_missing")]
    assert Activity.objects.count() == 1


def test_the_same_own_id_twice_in_one_go_asks_about_both(us: Actor) -> None:
    first, second = put(us, ACTIVE, replace(ACTIVE, title="Other"), numbers=[7, 9])

    assert codes(first) == codes(second) == [("provider_activity_id", "own_id_twice")]
    assert (first.problems[0].params["other"], second.problems[0].params["other"]) == (9, 7)
    assert not Activity.objects.exists()


def test_an_own_id_that_looks_like_an_activity_id_of_ours_is_no_repetition(us: Actor) -> None:
    (known,) = put(us, ACTIVE)

    done = put(us, known.record, replace(DRAFT, provider_activity_id=known.record.activity_id))

    assert [one.outcome for one in done] == [Became.UNCHANGED, Became.ADDED]


def test_an_activity_id_names_only_an_activity_of_ours(us: Actor) -> None:
    theirs = make.an_activity(make.a_provider("Theirs"), listed=True)

    (done,) = put(us, replace(ACTIVE, activity_id=theirs.activity_id))

    assert codes(done) == [("activity_id", "activity_unknown")]


def test_an_own_id_is_changed_through_the_activity_id_and_never_taken_away(us: Actor) -> None:
    (known,) = put(us, ACTIVE)
    number = known.record.activity_id

    (changed,) = put(us, replace(ACTIVE, activity_id=number, provider_activity_id="GR-2"))
    (kept,) = put(us, replace(ACTIVE, activity_id=number, provider_activity_id=""))

    assert changed.changed == ("provider_activity_id",)
    assert (kept.outcome, kept.record.provider_activity_id) == (Became.UNCHANGED, "GR-2")


def test_an_own_id_belongs_to_one_activity(us: Actor) -> None:
    one, _ = put(us, ACTIVE, replace(ACTIVE, provider_activity_id="GR-2"))

    (done,) = put(us, replace(ACTIVE, activity_id=one.record.activity_id, provider_activity_id="GR-2"))

    assert codes(done) == [("provider_activity_id", "own_id_taken")]


def test_what_must_be_new_is_no_change_of_another(us: Actor) -> None:
    put(us, ACTIVE)

    (done,) = put(us, replace(ACTIVE, title="Other"), new=True)

    assert codes(done) == [("provider_activity_id", "own_id_taken")]


def test_a_record_that_speaks_of_some_fields_leaves_the_others_as_they_are(us: Actor) -> None:
    (whole,) = put(us, WHOLE)
    part = Record(
        provider_activity_id="GR-1", title="Other", registrations=(Registration("ABIM", Decimal(1)),)
    )

    (done,) = put(us, part, said=[{"title", "registrations"}])

    registered = replace(WHOLE.registrations[0], points=Decimal(1))
    assert done.record == replace(whole.record, title="Other", registrations=(registered,))


def test_what_must_be_known_is_not_entered(us: Actor) -> None:
    done = put(us, ACTIVE, replace(ACTIVE, provider_activity_id="GR-2"), known={1})

    assert [one.outcome for one in done] == [Became.ADDED, Became.FAILED]
    assert codes(done[1]) == [("provider_activity_id", "activity_unknown")]


def test_in_a_file_every_activity_has_an_id(us: Actor) -> None:
    (done,) = put(us, DRAFT, keyed=True)

    assert codes(done) == [("provider_activity_id", "own_id_missing")]


def test_what_was_complete_does_not_lose_what_makes_it_so(us: Actor) -> None:
    (known,) = put(us, ACTIVE)

    (done,) = put(us, replace(known.record, delivery=(), description=""))

    assert codes(done) == [("delivery", "delivery_missing"), ("description", "description_missing")]


def test_what_is_closed_stays_as_it_is_and_may_be_sent_again(ours: Organization, us: Actor) -> None:
    (known,) = put(us, WHOLE)
    assert known.activity
    actions.close(activity=known.activity, by=us, at=NOW)

    (again,), (other,) = put(us, WHOLE), put(us, replace(WHOLE, title="Other"))

    assert again.outcome == Became.UNCHANGED
    assert codes(other) == [("activity_id", "activity_closed")]


def test_with_credits_the_format_stays_in_its_group(ours: Organization, us: Actor) -> None:
    (known,) = put(us, ACTIVE)
    assert known.activity
    a_credit(make.a_physician(), known.activity, withdrawn_at=NOW)

    (moved,) = put(us, replace(ACTIVE, format="RSS"))
    (kept,) = put(us, replace(ACTIVE, format="Other/Blended Learning"))

    assert codes(moved) == [("format", "credits_hang_on_format")]
    assert kept.outcome == Became.UPDATED


def test_many_records_take_as_many_queries_as_two(us: Actor) -> None:
    bare = {"title": "Other", "support": (), "counts": {}, "other_credits": (), "registrations": ()}

    def queries(count: int, name: str) -> int:
        records = [replace(WHOLE, provider_activity_id=f"{name}-{number}") for number in range(count)]
        with CaptureQueriesContext(connection) as entering:
            put(us, *records)
        with CaptureQueriesContext(connection) as changing:
            put(us, *(replace(one, **bare) for one in records))  # type: ignore[arg-type]
        return len(entering) + len(changing)

    assert queries(40, "B") == queries(2, "A")


def test_a_file_is_one_event_with_its_counts(us: Actor) -> None:
    put(us, ACTIVE, replace(ACTIVE, provider_activity_id="GR-2"))

    assert Event.objects.get().detail == {"added": 2, "changed": 0}


def test_closing_asks_for_everything_and_freezes(us: Actor) -> None:
    (known,) = put(us, replace(ACTIVE, providership="joint"))
    assert known.activity

    with pytest.raises(actions.NotReadyToClose) as refusal:
        actions.close(activity=known.activity, by=us, at=NOW)

    assert list(refusal.value.fields) == ["joint_providers", "outcomes", "commercial_support", "counts"]
    (whole,) = put(us, WHOLE)
    assert whole.activity
    closed = actions.close(activity=whole.activity, by=us, at=NOW)
    assert closed.status(date(2026, 11, 23)) == Status.CLOSED
    assert Event.objects.get(verb="activity.closed").object_id == str(closed.pk)


def test_an_activity_is_closed_only_after_its_last_day_where_the_provider_is(us: Actor) -> None:
    (known,) = put(us, replace(WHOLE, start_on=date(2026, 11, 22), end_on=date(2026, 11, 22)))
    assert known.activity
    still_sunday_in_chicago = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)

    with pytest.raises(actions.NotReadyToClose, match="ends on 11/22/2026"):
        actions.close(activity=known.activity, by=us, at=still_sunday_in_chicago)

    assert actions.close(activity=known.activity, by=us, at=NOW).closed_at == NOW


def test_reopening_is_recorded_and_makes_it_changeable(us: Actor) -> None:
    (known,) = put(us, WHOLE)
    assert known.activity
    with pytest.raises(actions.NotClosed):
        actions.reopen(activity=known.activity, reason=actions.Reason.DETAILS, by=us, at=NOW)
    actions.close(activity=known.activity, by=us, at=NOW)

    actions.reopen(activity=known.activity, reason=actions.Reason.DETAILS, by=us, at=NOW)

    assert put(us, replace(WHOLE, title="Other"))[0].outcome == Became.UPDATED
    assert Event.objects.filter(verb="activity.reopened").count() == 1


def test_deleting_takes_everything_of_the_activity_along(us: Actor) -> None:
    (known,) = put(us, WHOLE)
    assert known.activity

    actions.delete(activity=known.activity, by=us, at=NOW)

    assert not Activity.objects.exists()
    assert not Figures.objects.exists()
    assert Event.objects.filter(verb="activity.deleted").count() == 1


def test_an_activity_with_a_credit_even_a_withdrawn_one_stays(us: Actor) -> None:
    (known, free) = put(us, ACTIVE, replace(ACTIVE, provider_activity_id="GR-2"))
    assert known.activity
    assert free.activity
    a_credit(make.a_physician(), known.activity, withdrawn_at=NOW)

    with pytest.raises(actions.CreditsHang):
        actions.delete(activity=known.activity, by=us, at=NOW)
    done = actions.delete_many(activities=[known.activity, free.activity], by=us, at=NOW)

    assert [one.outcome for one in done] == [Became.FAILED, Became.WITHDRAWN]
    assert list(Activity.objects.values_list("pk", flat=True)) == [known.activity.pk]


def test_a_closed_activity_is_reopened_before_it_is_deleted(us: Actor) -> None:
    (known,) = put(us, WHOLE)
    assert known.activity
    actions.close(activity=known.activity, by=us, at=NOW)

    with pytest.raises(actions.ActivityIsClosed):
        actions.delete(activity=known.activity, by=us, at=NOW)


def test_a_copy_leaves_ids_money_counts_and_attestations_behind(us: Actor) -> None:
    (known,) = put(us, WHOLE)
    assert known.activity

    copied = actions.copy(
        activity=known.activity, start_on=date(2027, 11, 2), end_on=date(2027, 11, 2), by=us, at=NOW
    )

    assert copied.outcome == Became.ADDED
    assert copied.activity
    assert copied.activity.is_complete
    kept = record_of(copied.activity)
    assert (kept.provider_activity_id, kept.support, kept.counts) == ("", (), {})
    assert kept.registrations[0].points == Decimal("1.5")
    assert not kept.registrations[0].attested


def test_a_repeated_activity_is_made_once_for_each_date_and_place(us: Actor) -> None:
    instances = [
        actions.Instance(date(2026, 12, 1), date(2026, 12, 1), "Durham"),
        actions.Instance(date(2027, 1, 5), date(2027, 1, 6), "Norfolk", "VA"),
    ]

    done = actions.repeat(record=WHOLE, instances=instances, by=us, at=NOW)

    assert [one.outcome for one in done] == [Became.ADDED, Became.ADDED]
    assert list(Activity.objects.order_by("start_on").values_list("provider_activity_id", "city", "state")) == [
        ("GR-1-1", "Durham", "NC"),
        ("GR-1-2", "Norfolk", "VA"),
    ]  # fmt: skip
    assert Event.objects.get().verb == "activity.repeated"


def test_a_repetition_that_cannot_be_leaves_the_others_out_too(us: Actor) -> None:
    instances = [
        actions.Instance(date(2026, 12, 1), date(2026, 12, 1)),
        actions.Instance(date(2027, 1, 6), date(2027, 1, 5)),
    ]

    done = actions.repeat(record=WHOLE, instances=instances, by=us, at=NOW)

    assert [codes(one) for one in done] == [[], [("end_on", "end_before_start")]]
    assert not Activity.objects.exists()


def test_counts_are_put_on_what_is_there_by_either_id(us: Actor) -> None:
    first, second = put(us, WHOLE, replace(ACTIVE, provider_activity_id="GR-2"))

    done = actions.update_counts(
        counted=[
            actions.Counted({"Physicians": 25}, activity_id=first.record.activity_id),
            actions.Counted({"physician": 8, "other": 0}, provider_activity_id="GR-2"),
            actions.Counted({"physician": 1}, provider_activity_id="nobody"),
        ],
        by=us,
        at=NOW,
    )

    assert [one.outcome for one in done] == [Became.UPDATED, Became.UPDATED, Became.FAILED]
    assert done[0].record.counts == {"physician": 25, "nurse": 3}
    assert Figures.objects.get(activity__activity_id=second.record.activity_id).counts == {
        "physician": 8,
        "other": 0,
    }
    assert codes(done[2]) == [("activity_id", "activity_unknown")]


def test_a_board_reads_the_public_face_and_no_figures(us: Actor, ours: Organization) -> None:
    (known,) = put(us, WHOLE)
    board = make.a_board("NC")

    with acting_as(Actor.organization(board.pk, OrganizationKind.BOARD)):
        seen = Activity.objects.get()
        read = record_of(seen)

    assert (read.title, read.registrations, read.other_credits) == (
        WHOLE.title, WHOLE.registrations, WHOLE.other_credits,
    )  # fmt: skip
    assert (read.commercial_support, read.support, read.counts) == (None, (), {})
    assert known.activity


def test_nothing_hangs_on_anothers_activity(us: Actor) -> None:
    theirs = make.an_activity(make.a_provider("Theirs"), listed=True)

    with pytest.raises(IntegrityError, match="support_same_organization"), transaction.atomic():
        Support.objects.create(activity=theirs, organization_id=us.tenant, source="Acme", amount=1)
