"""An upload that is undone: what it did is taken back, what somebody changed since is kept and named."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.timezone import localtime, now
from lxml import html

from activities.models import Activity
from learners import actions, waiting
from learners.models import Credit, CreditVersion
from learners.reporting import overview, with_learners
from pars.access.actor import Actor
from pars.access.models import Organization, User
from pars.access.roles import OrganizationKind, Role
from pars.access.scope import acting_as
from pars.audit.models import Event
from pars.batches import processing, undoing
from pars.batches.job import Job
from pars.batches.models import Batch, Chunk, Issue, Row
from tests.activities import rows as activities
from tests.factories import a_board, a_member, a_physician, a_provider, an_activity
from tests.pages import PageClient
from tests.roles import as_role
from tests.uploads import a_row, rows_to_fix, saved, see_through, send, take_in, told

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]
SYSTEM = Actor.system_job("test")
NAMES = ("Abara", "Bello", "Chike", "Diallo")


@pytest.fixture
def ours() -> Organization:
    board = a_board("NC")
    for number, name in enumerate(NAMES):
        a_physician(board, f"N-{number}", last_name=name)
    return a_provider("Ours")


@pytest.fixture
def course(ours: Organization) -> Activity:
    return an_activity(ours)


def rows(course: Activity, **cells: object) -> list[dict[str, str]]:
    """Four physicians' completions, in rows 2 to 5 of a file, and one of somebody nobody knows in row 6."""
    known = [
        a_row(course.activity_id, last_name=name, number=f"N-{number}", **cells)
        for number, name in enumerate(NAMES)
    ]
    return [*known, a_row(course.activity_id, last_name="Unknown", number="ZZ-1", **cells)]


def member(organization: Organization) -> Actor:
    return Actor.organization(organization.pk, OrganizationKind.PROVIDER)


def begin(batch: Batch) -> Batch:
    """Ask for the undo; nobody has worked on it yet."""
    actor = member(batch.organization)
    with acting_as(actor):
        return undoing.undo(batch=batch, by=actor, at=now())


def undo(batch: Batch) -> Batch:
    """Undo the upload and see it through; the batch that did it."""
    work = see_through(begin(batch))
    reload(batch)
    return work


def reload(batch: Batch) -> Batch:
    with acting_as(SYSTEM):
        batch.refresh_from_db()
    return batch


def standing() -> dict[str, Decimal]:
    """Last name → amount of every credit on record."""
    with acting_as(SYSTEM):
        credits = Credit.objects.standing().select_related("learner")
        return {one.learner.last_name: one.amount for one in credits}


def of(last_name: str) -> Credit:
    with acting_as(SYSTEM):
        found = Credit.objects.select_related("learner", "activity").filter(learner__last_name=last_name)
        return found.order_by("-pk")[0]


def words(response: Any) -> str:
    return " ".join(str(html.document_fromstring(response.content.decode()).xpath("string()")).split())


def kept(work: Batch) -> list[tuple[int, str]]:
    with acting_as(SYSTEM):
        return list(Issue.objects.filter(batch=work).order_by("row").values_list("row", "code"))


def test_what_an_upload_added_is_withdrawn_and_the_same_file_adds_it_again(
    ours: Organization, course: Activity
) -> None:
    first = send(ours, *rows(course))

    work = undo(first)

    assert (work.status, work.withdrawn, kept(work)) == ("done", 5, [])
    assert (first.added, first.parked, first.undone) == (0, 0, 5)
    assert standing() == {}
    again = send(ours, *rows(course))
    assert (again.added, again.parked, again.unchanged) == (4, 1, 0)
    assert len(standing()) == 5


def test_each_is_put_back_as_it_was_before(ours: Organization, course: Activity) -> None:
    earlier = send(ours, *rows(course, amount=3))
    changed = rows(course, amount=4)
    changed[1]["action"] = "Delete"
    later = send(ours, *changed[:2], changed[4])
    assert (later.updated, later.withdrawn, later.parked) == (1, 1, 1)
    reported = {one: of(one).first_reported_at for one in ("Abara", "Bello")}

    work = undo(later)

    assert (work.updated, work.added, work.withdrawn) == (2, 1, 0)
    assert standing() == dict.fromkeys([*NAMES, "Unknown"], Decimal(3))
    assert {of(one).batch_id for one in (*NAMES, "Unknown")} == {earlier.pk}
    assert {one: of(one).first_reported_at for one in reported} == reported
    assert undo(earlier).withdrawn == 5  # as if the later one had never been


def test_what_somebody_changed_since_is_kept_and_named(ours: Organization, course: Activity) -> None:
    batch = send(ours, *rows(course))
    with acting_as(member(ours)):
        for name, amount in (("Abara", "2"), ("Bello", "")):
            act = {"organization": ours, "by": member(ours), "at": now(), "credit": of(name)}
            if amount:
                actions.correct(amount=amount, completed_on=of(name).completed_on, **act)  # type: ignore[arg-type]
            else:
                actions.withdraw(reason=actions.Reason.MISTAKE, **act)  # type: ignore[arg-type]
    later = send(ours, *rows(course)[2:3])
    assert later.unchanged == 1

    work = undo(batch)

    assert kept(work) == [(2, "changed_since"), (3, "withdrawn_since"), (4, "said_again")]
    assert standing() == {"Abara": Decimal(2), "Chike": Decimal(4)}
    assert (batch.added, batch.undone) == (3, 2)
    with acting_as(SYSTEM):
        assert Row.objects.get(batch=work, number=2).target == of("Abara").pk


def test_the_newest_first_takes_everything_back(ours: Organization, course: Activity) -> None:
    batch, later = send(ours, *rows(course)), send(ours, *rows(course))

    undo(later)
    work = undo(batch)

    assert (later.undone, work.withdrawn, kept(work)) == (5, 5, [])


def test_a_withdrawal_that_was_reported_anew_stays_withdrawn(ours: Organization, course: Activity) -> None:
    send(ours, *rows(course)[:1])
    deleted = send(ours, rows(course)[0] | {"action": "Delete"})
    send(ours, *rows(course)[:1])

    assert kept(undo(deleted)) == [(2, "reported_again")]
    assert len(standing()) == 1


def test_rows_that_it_had_fixed_turn_back_to_be_fixed_and_can_be_fixed_again(
    ours: Organization, course: Activity
) -> None:
    earlier = send(ours, *rows(course, amount="many"))
    away = saved(rows_to_fix(earlier))
    book = rows_to_fix(earlier)
    amount = 1 + [cell.value for cell in book.active[1]].index("Number of CME Credits")
    for row in (2, 3):
        book.active.cell(row, amount).value = 4
    fixing = see_through(take_in(ours, saved(book), "learners to fix.xlsx"))
    late = see_through(take_in(ours, away, "learners to fix.xlsx"))
    assert (reload(earlier).failed, earlier.fixed) == (3, 2)
    assert (late.unchanged, late.failed) == (2, 3)

    work = undo(fixing)

    assert (work.withdrawn, fixing.undone, fixing.failed) == (2, 5, 0)
    assert (reload(earlier).failed, earlier.fixed) == (5, 0)
    assert (reload(late).unchanged, late.failed) == (0, 5)
    again = see_through(take_in(ours, saved(book), "learners to fix.xlsx"))
    assert (again.added, reload(earlier).failed, earlier.fixed) == (2, 3, 2)


def test_an_undo_that_is_killed_half_way_is_finished_by_the_next_worker_and_nothing_is_done_twice(
    ours: Organization, course: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "ROWS_A_CHUNK", 2)
    batch = send(ours, *rows(course))
    work = begin(batch)
    with as_role("pars_worker"):
        job = Job.of(work.pk)
        first = processing._claim(job)
        assert first is not None
        processing._work(job, first, hopeless=False)
        assert processing._claim(job)  # and here it dies
    assert (len(standing()), reload(work).status) == (3, "processing")
    with as_role("pars_owner"):
        Chunk.objects.update(leased_until=now() - timedelta(hours=1))

    see_through(work)

    assert (work.status, work.withdrawn, reload(batch).undone) == ("done", 5, 5)
    assert standing() == {}
    with acting_as(SYSTEM):
        assert CreditVersion.objects.count() == 5
        assert Event.objects.filter(verb="batch.undone", object_id=str(batch.pk)).count() == 1


def test_a_chunk_that_cannot_be_undone_is_left_and_named_after_three_tries(
    ours: Organization, course: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = send(ours, *rows(course)[:1])
    monkeypatch.setattr("learners.undoing.statement", lambda *_: "SELECT 1 / 0")

    work = undo(batch)

    assert (work.status, work.failed, kept(work)) == ("done", 1, [(2, "not_undone")])
    assert (batch.added, len(standing())) == (1, 1)


def test_a_withdrawn_learner_who_has_a_physician_by_now_gets_the_credit_back(
    ours: Organization, course: Activity
) -> None:
    unknown = a_row(course.activity_id, last_name="Later", number="N-9")
    send(ours, unknown)
    deleted = send(ours, unknown | {"action": "Delete"})
    physician = a_physician(a_board("NC"), "N-9", last_name="Later")
    matcher = Actor.matcher(ours.pk)
    with acting_as(matcher):
        waiting.match_again(organization_id=ours.pk, by=matcher, at=now())

    undo(deleted)

    again = of("Later")
    assert (again.physician_id, again.withdrawn_at) == (physician.pk, None)


def test_the_page_says_what_an_undo_would_do_and_then_what_it_did(
    ours: Organization, course: Activity, client_as: SignIn
) -> None:
    reporter = client_as(a_member(ours, Role.REPORTER, name="Pat Person"))
    batch = send(ours, *rows(course), rows(course)[0] | {"amount": "many"})
    with acting_as(member(ours)):
        abara = of("Abara")
        day = abara.completed_on
        actions.correct(
            credit=abara, amount="2", completed_on=day, organization=ours, by=member(ours), at=now()
        )
    address = f"/uploads/{batch.pk}/"

    assert "Undo this upload" in words(reporter.get(address))
    asked = words(reporter.get(f"{address}undo/"))
    assert standing().keys() == {*NAMES, "Unknown"}
    answer = reporter.post(f"{address}undo/")
    under_way = words(reporter.get(address))
    with acting_as(SYSTEM):
        work = Batch.objects.get(undoes=batch)
    see_through(work)
    page = reporter.get(address)

    assert "4 credits that it added are withdrawn." in asked
    assert "1 row still to fix is not asked for any more." in asked
    assert "1 row is left unchanged, because of later changes, which are named below." in asked
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert "Undoing this upload 0 of 6 rows" in under_way
    assert "Undone by Pat Person on" in words(page)
    assert "4 credits that it added were withdrawn." in words(page)
    assert f'href="/credits/{of("Abara").pk}/"' in page.content.decode()
    assert "Fix the rows here" not in words(page)
    assert "5 undone 1 added" in words(reporter.get("/uploads/"))
    assert "Withdrawn: the upload it came with was undone" in words(
        reporter.get(f"/credits/{of('Bello').pk}/")
    )
    assert told(batch)["undone"]["kept"] == [
        {
            "row": 2,
            "code": "changed_since",
            "message": "Left as it is: this credit was corrected since, on screen or by a later upload.",
            "record": of("Abara").pk,
        }
    ]


def test_what_cannot_be_undone_says_why(ours: Organization, course: Activity, client_as: SignIn) -> None:
    reporter = client_as(a_member(ours, Role.REPORTER))
    twice, checked = send(ours, *rows(course)[:1]), send(ours, *rows(course)[:1], check_only=True)
    old = send(ours, *rows(course)[1:2], at=now() - timedelta(days=32))
    other = activities.send(ours, activities.a_row("GR-1"))
    begin(twice)
    with as_role("pars_owner"):
        Batch.objects.filter(pk=old.pk).update(finished_at=now() - timedelta(days=31))
    reasons = {
        twice: "This upload was undone already.",
        checked: "This file was only checked and changed nothing",
        old: "An upload can be undone within 30 days",
        take_in(ours, b"x", "x.csv"): "This upload is still being worked on.",
        send(ours, *rows(course, amount="many")[:1]): "No row of this upload is in",
        other: "Only uploads of “Learner credit” can be undone.",
    }
    for batch, reason in reasons.items():
        answer = reporter.post(f"/uploads/{batch.pk}/undo/")
        assert (answer.status_code, reason in words(answer)) == (409, True), reason
    assert "Only uploads of “Learner credit” can be undone." in words(reporter.get(f"/uploads/{other.pk}/"))
    assert len(standing()) == 2


def test_anothers_upload_is_not_there(ours: Organization, course: Activity, client_as: SignIn) -> None:
    batch = send(ours, *rows(course)[:1])
    theirs = client_as(a_member(a_provider("Theirs"), Role.REPORTER))

    assert theirs.get(f"/uploads/{batch.pk}/undo/").status_code == 404
    assert theirs.post(f"/uploads/{batch.pk}/undo/").status_code == 404
    assert len(standing()) == 1


def test_figures_count_what_is_in(ours: Organization, course: Activity) -> None:
    send(ours, *rows(course)[:1])
    deleted = send(ours, rows(course)[0] | {"action": "Delete"})
    batch = send(ours, *rows(course)[1:], rows(course)[1] | {"amount": "many"})
    undo(deleted)
    undo(batch)

    with acting_as(member(ours)):
        seen = overview(member(ours), localtime())
        due = with_learners(Activity.objects.all()).get()

    assert (seen.rows_to_fix, seen.parked, seen.uploads) == (0, 0, [])
    assert sum(value for _, value in seen.months.rows) == 1
    assert due.learners == 1  # type: ignore[attr-defined]
