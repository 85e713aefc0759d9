"""What the public may search: kept in step with the activities, found by words and filters, and nothing else in it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from activities import actions
from activities.finder import MOST_FOUND, Found, Wish, find, public_activity, today_anywhere
from activities.formats import Delivery, Format
from activities.models import Activity, CreditOffered, ListedActivity
from activities.record import Record, Registration
from activities.stored import record_of
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from tests.factories import a_provider, a_registration, an_activity
from tests.roles import as_role

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)
AT = datetime(2026, 6, 1, 15, tzinfo=UTC)


@pytest.fixture
def provider() -> Organization:
    return a_provider("Northlake Medical Center")


@pytest.fixture
def listed(provider: Organization) -> Callable[..., Activity]:
    """Makes listed activities of one provider."""

    def make(title: str = "Opioid Prescribing", **fields: Any) -> Activity:
        return an_activity(provider, **({"title": title, "listed": True} | fields))

    return make


def search(words: str = "", *, page: int = 1, size: int = 20, today: date = TODAY, **wish: Any) -> Found:
    with acting_as(Actor.anonymous()):
        return find(Wish(words=words, **wish), page=page, size=size, today=today)


def titles(words: str = "", **wish: Any) -> list[str]:
    return [row.title for row in search(words, **wish).rows]


# Who stands in it


def test_only_what_is_listed_complete_and_open_is_found(listed: Callable[..., Activity]) -> None:
    listed("Shown")
    listed("Not listed", listed=False)
    listed("Not complete", description="")
    listed("Over", start_on=date(2026, 1, 1), end_on=TODAY - timedelta(days=1))
    listed("Closed", closed_at=AT)

    assert titles() == ["Shown"]


def test_an_activity_is_found_on_its_last_day(listed: Callable[..., Activity]) -> None:
    listed("Ends today", start_on=TODAY, end_on=TODAY)

    assert titles() == ["Ends today"]


def test_a_day_is_not_over_before_it_is_over_everywhere() -> None:
    assert today_anywhere(datetime(2026, 6, 2, 11, 59, tzinfo=UTC)) == date(2026, 6, 1)
    assert today_anywhere(datetime(2026, 6, 2, 12, 0, tzinfo=UTC)) == date(2026, 6, 2)


def test_what_an_action_changes_is_found_as_changed(provider: Organization) -> None:
    actor = Actor.organization(provider.pk, OrganizationKind.PROVIDER)
    said = Record(
        title="Sepsis Bundles", format=Format.LIVE, delivery=(Delivery.LIVE_STREAMED,), start_on=TODAY, end_on=TODAY,
        credits=Decimal(1), description="First hour.", providership="direct", listed=True, fee="Yes",
        registration="Open to all", url="https://cme.example.org/sepsis", provider_activity_id="S1",
        registrations=(Registration("ABIM", Decimal(1), ("Medical Knowledge",), ("Internal Medicine",)),),
    )  # fmt: skip

    with acting_as(actor):
        (added,) = actions.put(records=[said], by=actor, at=AT)
    assert added.activity
    assert titles(board="ABIM", credit_type="Medical Knowledge") == ["Sepsis Bundles"]

    with acting_as(actor):
        stored = record_of(added.activity)
        changed = Record(**(vars(stored) | {"title": "Septic Shock", "registrations": ()}))
        actions.put(records=[changed], by=actor, at=AT)
    assert titles("shock") == ["Septic Shock"]
    assert titles(board="ABIM") == []

    with acting_as(actor):
        actions.delete(activity=added.activity, by=actor, at=AT)
    assert titles() == []


def test_an_activity_taken_off_the_list_is_gone_and_comes_back(listed: Callable[..., Activity]) -> None:
    activity = listed("Comes and goes")
    with as_role("pars_owner"):
        Activity.objects.filter(pk=activity.pk).update(listed=False)
        assert titles() == []
        Activity.objects.filter(pk=activity.pk).update(listed=True)

    assert titles() == ["Comes and goes"]


def test_a_renamed_provider_is_found_by_its_new_name(
    provider: Organization, listed: Callable[..., Activity]
) -> None:
    listed("Anything")
    with as_role("pars_owner"):
        Organization.objects.filter(pk=provider.pk).update(name="Southlake Clinics")

    assert titles("southlake") == ["Anything"]
    assert titles("northlake") == []


def test_credit_of_another_kind_is_found(listed: Callable[..., Activity]) -> None:
    activity = listed("With pharmacists")
    listed("Without")
    with as_role("pars_owner"):
        CreditOffered.objects.create(
            activity=activity,
            organization_id=activity.organization_id,
            category="Pharmacy",
            amount=Decimal(1),
        )

    assert titles(credit="Pharmacy") == ["With pharmacists"]
    assert len(titles(credit="AMA PRA Category 1")) == 2


# Fences


def test_a_provider_cannot_list_anothers_or_what_is_not_public(listed: Callable[..., Activity]) -> None:
    public, hidden, theirs = listed("Public"), listed("Hidden", listed=False), an_activity(a_provider())
    row = ListedActivity.objects.get(pk=public.pk)
    actor = Actor.organization(public.organization_id, OrganizationKind.PROVIDER)

    for number, activity in enumerate((hidden, theirs), 1):
        row.pk, row.organization_id, row.number = activity.pk, activity.organization_id, f"99999999{number}"
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), acting_as(actor):
            row.save(force_insert=True)


def test_the_public_cannot_write_the_list(listed: Callable[..., Activity]) -> None:
    activity = listed("Public")

    with acting_as(Actor.anonymous()):
        assert ListedActivity.objects.filter(pk=activity.pk).update(title="Mine") == 0
        assert ListedActivity.objects.all().delete()[0] == 0


def test_the_search_reads_its_index_under_the_policy(listed: Callable[..., Activity]) -> None:
    for _ in range(3):
        listed()
    with acting_as(Actor.anonymous()), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT 1 FROM activities_listedactivity WHERE words @@ to_tsquery('pars_english', 'opioid') "
            "AND facets @> '{format=Live Course}'"
        )
        plan = " ".join(line for (line,) in cursor.fetchall())

    assert "Index Cond: ((facets @>" in plan
    assert "words @@" in plan


# Words


def test_title_counts_before_topic_before_provider_before_description(
    listed: Callable[..., Activity],
) -> None:
    listed("Something else", description="A word on asthma.")
    listed("Breathing", tags=["Asthma"])
    listed("Asthma Today")

    assert titles("asthma") == ["Asthma Today", "Breathing", "Something else"]


@pytest.mark.parametrize(
    "words",
    ["prescriptions", "PRESCRIBE", "opioid northlake", '"opioid prescribing"', "opioid -sepsis", "sjogren"],
)
def test_words_are_read_as_people_mean_them(listed: Callable[..., Activity], words: str) -> None:
    listed("Opioid Prescribing in Sjögren’s Syndrome")

    assert len(titles(words)) == 1


def test_an_activity_id_finds_its_activity(listed: Callable[..., Activity]) -> None:
    wanted = listed("This one")
    listed("Another")

    assert titles(wanted.activity_id) == ["This one"]


def test_a_misspelled_word_finds_what_was_meant_and_says_so(listed: Callable[..., Activity]) -> None:
    listed("Another Title")
    listed("Diabetes Care")

    found = search("diabetis CARE")

    assert [row.title for row in found.rows] == ["Diabetes Care"]
    assert found.corrected == "diabetes CARE"


def test_a_word_that_is_known_is_not_corrected_to_another(listed: Callable[..., Activity]) -> None:
    listed("Diabetes Care")

    assert search("zzzzqqqq").corrected == ""
    assert search("diabetes", state="TX").corrected == ""


def test_words_that_stand_everywhere_are_said_to_be(listed: Callable[..., Activity]) -> None:
    listed()

    assert search("the").unsearchable
    assert not search("nonsense").unsearchable


# Filters


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({"formats": ("Enduring Material",)}, {"B"}),
        ({"formats": ("Enduring Material", "Live Course")}, {"A", "B"}),
        ({"deliveries": ("Online",)}, {"B"}),
        ({"deliveries": ("Online", "In-Person")}, {"A", "B"}),
        ({"specialty": "Family Medicine"}, {"B"}),
        ({"specialty": "Neurology"}, {"A"}),
        ({"board": "ABIM"}, {"A"}),
        ({"credit_type": "Medical Knowledge"}, {"A"}),
        ({"board": "ABS", "credit_type": "Medical Knowledge"}, set()),
        ({"state": "NC"}, {"A"}),
        ({"country": "USA"}, {"A"}),
        ({"free": True}, {"B"}),
        ({"provider": "lake med"}, {"A", "B"}),
        ({"provider": "nobody"}, set()),
        ({"when": "now"}, {"B"}),
        ({"when": "later"}, {"A"}),
        ({"since": date(2026, 9, 13)}, {"B"}),
        ({"until": date(2026, 9, 11)}, {"B"}),
        ({"since": date(2026, 9, 12), "until": date(2026, 9, 12)}, {"A", "B"}),
    ],
)
def test_each_filter_leaves_what_fits(
    listed: Callable[..., Activity], wish: dict[str, Any], found: set[str]
) -> None:
    course = listed("A")
    with as_role("pars_owner"):
        registration = a_registration(course, "ABIM", "Medical Knowledge")
        registration.practice_areas = ["Neurology"]
        registration.save()
    listed(
        "B",
        format="Enduring Material",
        delivery=["Online"],
        start_on=date(2026, 1, 1),
        end_on=date(2027, 1, 1),
        city="",
        state="",
        country="",
        fee="No, it’s free",
        specialties=["Family Medicine"],
    )

    assert set(titles(**wish)) == found


# Order and pages


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("ending", ["begun", "Soon", "Later"]),
        ("starting", ["Soon", "Later", "begun"]),
        ("newest", ["begun", "Later", "Soon"]),
        ("title", ["begun", "Later", "Soon"]),
    ],
)
def test_each_order_is_what_it_says(listed: Callable[..., Activity], sort: Any, order: list[str]) -> None:
    listed("Soon", start_on=date(2026, 7, 1), end_on=date(2026, 7, 2))
    listed("Later", start_on=date(2026, 8, 1), end_on=date(2026, 8, 2))
    listed("begun", start_on=date(2026, 5, 1), end_on=date(2026, 6, 30))

    assert titles(sort=sort) == order
    assert [titles(sort=sort, page=page, size=1)[0] for page in (1, 2, 3)] == order


def test_pages_part_what_was_found(listed: Callable[..., Activity]) -> None:
    for number in range(5):
        listed(f"Asthma {number}")

    shown = [title for page in (1, 2, 3) for title in titles("asthma", page=page, size=2)]

    assert len(set(shown)) == len(shown) == 5
    assert search("asthma", page=4, size=2).rows == []


@pytest.mark.parametrize("words", ["", "asthma"])
def test_counting_stops_at_the_cap(
    listed: Callable[..., Activity], monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setattr("activities.finder.MOST_FOUND", 3)
    for number in range(5):
        listed(f"Asthma {number}")

    found = search(words)

    assert (found.count, found.capped, MOST_FOUND) == (3, True, 1_000)
    assert len(found.rows) == 3


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("relevance", ["Asthma Asthma", "Asthma E", "Asthma D", "Asthma B", "Asthma A", "C"]),
        ("ending", ["Asthma D", "C", "Asthma B", "Asthma A", "Asthma E", "Asthma Asthma"]),
        ("starting", ["Asthma B", "Asthma A", "Asthma E", "Asthma Asthma", "C", "Asthma D"]),
        ("newest", ["Asthma E", "Asthma D", "C", "Asthma B", "Asthma A", "Asthma Asthma"]),
        ("title", ["Asthma A", "Asthma Asthma", "Asthma B", "Asthma D", "Asthma E", "C"]),
    ],
)
@pytest.mark.parametrize("cap", [1_000, 3])
@pytest.mark.parametrize(
    "wish", [{}, {"country": "USA"}, {"formats": ("Live Course",), "provider": "northlake"}]
)
def test_few_and_many_are_put_in_the_same_order(
    listed: Callable[..., Activity],
    monkeypatch: pytest.MonkeyPatch,
    *,
    sort: Any,
    order: list[str],
    cap: int,
    wish: dict[str, Any],
) -> None:
    begins = {"Asthma Asthma": 33, "Asthma A": 11, "Asthma B": 10, "C": -5, "Asthma D": -9, "Asthma E": 30}
    for title, day in begins.items():
        start = TODAY + timedelta(days=day)
        listed(title, description="Asthma.", start_on=start, end_on=start + timedelta(days=10))
    listed("Asthma, but over", start_on=date(2026, 1, 1), end_on=date(2026, 1, 2))
    # Of more than are counted, only the newest are ranked: the best of all is the oldest here.
    order = [title for title in order if (sort, cap, title) != ("relevance", 3, "Asthma Asthma")]
    monkeypatch.setattr("activities.finder.MOST_FOUND", cap)

    found = [search("asthma", sort=sort, page=page, size=2, **wish) for page in (1, 2, 3)]

    assert [row.title for one in found for row in one.rows] == order[:cap]
    assert {(one.count, one.capped) for one in found} == {(min(6, cap), cap < 6)}


# One activity


def test_an_activity_that_is_over_keeps_its_page_and_says_so(listed: Callable[..., Activity]) -> None:
    open_one, over = listed(), listed(end_on=TODAY - timedelta(days=1), start_on=date(2026, 1, 1))
    closed = listed(closed_at=AT)

    pages = [public_activity(one.activity_id, today=TODAY) for one in (open_one, over, closed)]

    assert [page and page.over for page in pages] == [False, True, True]


def test_a_provider_sees_of_its_own_page_what_everyone_sees(listed: Callable[..., Activity]) -> None:
    hidden, shown = listed(listed=False), listed()
    actor = Actor.organization(shown.organization_id, OrganizationKind.PROVIDER)

    with acting_as(actor):
        assert public_activity(hidden.activity_id, today=TODAY) is None
        assert public_activity(shown.activity_id, today=TODAY) is not None
        assert Activity.objects.filter(pk=hidden.pk).exists()
