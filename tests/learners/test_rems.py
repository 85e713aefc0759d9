"""What a REMS asks of a learner: kept where the activity belongs to one, asked nowhere else."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from activities.models import Activity
from learners.models import Credit, CreditVersion
from learners.template import COLUMNS, REMS_COLUMNS
from learners.transcript import transcript_of
from pars.access.actor import Actor
from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.access.scope import acting_as
from pars.batches.models import Batch
from tests.factories import a_board, a_member, a_physician, a_provider, an_activity
from tests.pages import PageClient
from tests.uploads import COLUMNS as HEADINGS
from tests.uploads import OF_REMS, a_row, as_table, codes, findings, see_through, take_in

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]
SYSTEM = Actor.system_job("test")
ANSWERS = {"local_id": "A-17", "dea": "individual", "practice_area": "pain medicine", "surgical": "no"}
STORED = {"local_id": "A-17", "dea": "Individual", "practice_area": "Pain", "surgical": False}


@pytest.fixture
def ours() -> Organization:
    a_physician(a_board("NC"), "2008-95323")
    return a_provider()


@pytest.fixture
def opioids(ours: Organization) -> Activity:
    return an_activity(ours, rems_type="Opioid Analgesic", rems_identifier="EG-123456-001")


def send(activity: Activity, **cells: Any) -> Batch:
    content = as_table(HEADINGS | OF_REMS, [a_row(activity.activity_id, **cells)])
    return see_through(take_in(activity.organization, content, "rems.csv"))


def the_credit() -> Credit:
    with acting_as(SYSTEM):
        return Credit.objects.get()


def test_answers_are_kept_in_the_published_words(opioids: Activity) -> None:
    batch = send(opioids, **ANSWERS)

    assert codes(batch) == []
    assert the_credit().rems == STORED


def test_other_answers_are_a_correction_and_none_change_nothing(opioids: Activity, client_as: SignIn) -> None:
    send(opioids, **ANSWERS)

    same, none = (send(opioids, **ANSWERS), send(opioids))
    other = send(opioids, **ANSWERS | {"dea": "None"})

    page = client_as(a_member(opioids.organization, Role.VIEWER)).get(f"/credits/{the_credit().pk}/")
    with acting_as(SYSTEM):
        before = CreditVersion.objects.get()
    assert (same.unchanged, none.unchanged, other.updated) == (1, 1, 1)
    assert (before.rems, the_credit().rems) == (STORED, STORED | {"dea": "None"})
    assert "What was said for the REMS was changed" in page.content.decode()
    assert "<dt>DEA registration</dt><dd>None</dd>" in page.content.decode()


def test_what_does_not_answer_is_named_in_its_own_column(opioids: Activity) -> None:
    batch = send(opioids, **ANSWERS | {"in_practice": "ages"})

    [found] = [one for one in findings(batch) if one.code != "late"]
    assert (found.code, found.key, found.value) == ("rems_unreadable", "in_practice", "ages")
    assert "Choose Trainee" in found.message


def test_answers_without_the_learners_identifier_are_to_be_fixed(opioids: Activity) -> None:
    assert codes(send(opioids, practice_area="Pain")) == [(2, "rems_incomplete")]


def test_credit_of_another_activity_lands_without_them(ours: Organization) -> None:
    batch = send(an_activity(ours), **ANSWERS | {"in_practice": "ages"})

    assert (batch.added, codes(batch)) == (1, [(2, "rems_aside")])
    assert the_credit().rems is None


def test_the_form_asks_only_where_an_activity_belongs_to_a_rems(
    client_as: SignIn, ours: Organization, opioids: Activity
) -> None:
    stranger = an_activity(a_provider())
    asked, not_asked = (
        client_as(a_member(one, Role.REPORTER)).get("/credits/new/").content.decode()
        for one in (ours, stranger.organization)
    )

    assert f'data-when="activity" data-is="{opioids.activity_id}"' in asked
    assert "Local identifier" not in not_asked


def test_the_template_has_the_columns_where_an_activity_belongs_to_a_rems(
    client_as: SignIn, ours: Organization, opioids: Activity
) -> None:
    answer = client_as(a_member(ours, Role.REPORTER)).get("/templates/learners.xlsx")

    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    headings = [cell.value for cell in book["Learners"][2]]
    assert headings == [column.heading for column in (*COLUMNS, *REMS_COLUMNS)]
    assert [column.heading for column in REMS_COLUMNS] == list(OF_REMS.values())
    assert book.defined_names["practice_areas"].attr_text == "'Lists'!$D$2:$D$25"


def test_a_transcript_says_that_the_activity_belongs_to_a_rems_and_nothing_of_the_answers(
    opioids: Activity,
) -> None:
    send(opioids, **ANSWERS)
    with acting_as(SYSTEM):
        transcript = transcript_of(the_credit().physician, seen_by=SYSTEM)  # type: ignore[arg-type]

    assert [entry.rems for entry in transcript.entries] == ["Opioid Analgesic"]
    assert "A-17" not in repr(transcript)
