"""The sample files of activities, sent into the demo's world as an office would send them."""

from pathlib import Path

import pytest
from django.utils.timezone import now

from activities.batch.template import FIRST_ROW
from pars.access.models import Organization
from pars.demo.world import load
from tests.activities.rows import codes, own_ids
from tests.roles import as_role
from tests.uploads import send_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def northlake() -> Organization:
    """The demo's provider, in the demo's world."""
    with as_role("pars_owner"):
        load(at=now())
    return Organization.objects.get(code="0008273")


def test_the_sample_lands_whole_and_sent_again_changes_nothing(
    northlake: Organization, samples: Path
) -> None:
    batch = send_file(northlake, samples / "activities.xlsx", kind="activities")
    again = send_file(northlake, samples / "activities.xlsx", kind="activities")

    assert (batch.rows, batch.added, batch.failed) == (7, 7, 0)
    assert codes(batch) == [(10, "", "draft")]
    assert (again.unchanged, again.added, again.updated) == (7, 0, 0)


def test_the_sample_documents_land_and_mean_the_same(northlake: Organization, samples: Path) -> None:
    first = send_file(northlake, samples / "activities.json", kind="activities")
    again = send_file(northlake, samples / "activities.xml", kind="activities")

    assert (first.rows, first.added, codes(first)) == (3, 3, [])
    assert (again.unchanged, codes(again)) == (3, [])


def test_each_awkward_row_is_named_and_the_others_land(northlake: Organization, samples: Path) -> None:
    send_file(northlake, samples / "activities.xlsx", kind="activities")
    before = own_ids(northlake)

    batch = send_file(northlake, samples / "activities-with-errors.xlsx", kind="activities")

    assert sorted(set(own_ids(northlake)) - set(before)) == ["NL-2027-101", "NL-2027-102", "NL-2027-103"]
    assert (batch.rows, batch.added, batch.failed) == (21, 3, 18)
    assert [(row - FIRST_ROW + 1, column, code) for row, column, code in codes(batch)] == [
        (3, "ends", "end_before_start"),
        (4, "ends", "too_long"),
        (5, "credits", "credits_unreadable"),
        (6, "board_1", "board_missing"),
        (7, "country", "state_without_country"),
        (8, "format", "format_unknown"),
        (9, "state", "state_unknown"),
        (10, "description", "description_too_long"),
        (11, "title", "title_html"),
        (12, "own_id", "own_id_twice"),
        (13, "own_id", "own_id_twice"),
        (14, "activity_id", "activity_unknown"),
        (15, "own_id", "activity_unknown"),
        (16, "count_other", "others_missing"),
        (16, "count_physician", "physicians_missing"),
        (16, "outcome_learner_knowledge", "outcome_missing"),
        (16, "supported", "support_missing"),
        (17, "activity_id", "activity_closed"),
        (18, "starts", "date_unreadable"),
        (19, "professions", "profession_unknown"),
        (20, "supported", "support_but_none"),
    ]
