"""Two records of one person become one, and two again: what moves, what stands, and that everything goes back."""

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from learners import birthday
from learners.merging import actions
from learners.merging.holdings import BY_THEMSELVES, holdings
from learners.models import (
    Alias,
    Certification,
    Credit,
    CreditPoints,
    CreditVersion,
    Learner,
    License,
    LicenseVersion,
    MergedRow,
    Merger,
    Physician,
)
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import Role
from pars.access.scope import acting_as
from pars.audit.models import Event
from passport.models import Claim, Passport
from tests import factories
from tests.credit import REPORTED_AT, a_credit, some_points
from tests.pages import PageClient
from tests.roles import as_role
from tests.uploads import a_row, send

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
LATER = AT + timedelta(days=3)
OPERATOR = Actor(kind="operator", user_id=1)
TABLES = (
    *(
        "learners_physician",
        "learners_license",
        "learners_certification",
        "learners_alias",
        "learners_learner",
    ),
    *(
        "learners_credit",
        "learners_creditpoints",
        "passport_passport",
        "passport_claim",
        "boards_licenseaside",
    ),
)
SignIn = Callable[..., PageClient]


def snapshot() -> dict[str, list[Any]]:
    """Every row of every table that knows a physician, as it stands."""
    rows = {}
    with as_role("pars_owner"), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1")
            rows[table] = [json.loads(row[0]) for row in cursor.fetchall()]
    return rows


def merge(kept: Physician, absorbed: Physician) -> Merger:
    with acting_as(OPERATOR):
        return actions.merge(kept=kept, absorbed=absorbed, reason=Merger.Reason.DOCUMENT, by=OPERATOR, at=AT)


def split(merger: Merger) -> None:
    with acting_as(OPERATOR):
        actions.split(merger=merger, reason=Merger.SplitReason.MISTAKE, by=OPERATOR, at=LATER)


def _all(model: type[Any], **filters: Any) -> list[Any]:
    with as_role("pars_owner"):
        return list(model.objects.filter(**filters).order_by("pk"))


@pytest.fixture
def kept() -> Physician:
    return factories.a_physician(factories.a_board("NC"), "2008-95323")


@pytest.fixture
def absorbed() -> Physician:
    board = factories.a_board("CA")
    return factories.a_physician(board, "A-1", last_name="Mensah", npi="1186620112", month_day=None)


def test_what_one_record_holds_goes_to_the_other(kept: Physician, absorbed: Physician) -> None:
    activity = factories.an_activity(factories.a_provider())
    credit = a_credit(absorbed, activity)
    points = some_points(credit)
    with as_role("pars_owner"):
        Certification.objects.create(physician=absorbed, board="ABIM", number="344667")
    user = factories.a_passport(absorbed)

    merge(kept, absorbed)

    [moved] = _all(Credit)
    assert (moved.physician_id, moved.withdrawn_at, moved.first_reported_at) == (kept.pk, None, REPORTED_AT)
    assert [held.physician_id for held in _all(License)] == [kept.pk, kept.pk]
    assert [one.physician_id for one in (*_all(Learner), *_all(Certification), *_all(CreditPoints))] == [
        kept.pk
    ] * 3
    assert _all(Passport)[0].user_id == user.pk
    assert _all(Passport)[0].physician_id == kept.pk
    assert [(alias.last_key, alias.physician_id) for alias in _all(Alias)] == [("mensah", kept.pk)]
    assert _all(Physician, npi="1186620112")[0].pk == kept.pk
    assert {held.npi for held in _all(License)} == {"1186620112"}
    assert points.credit_id == moved.pk


def test_of_one_completion_on_both_records_the_earlier_report_stands(
    kept: Physician, absorbed: Physician
) -> None:
    activity = factories.an_activity(factories.a_provider())
    late = a_credit(kept, activity, first_reported_at=REPORTED_AT + timedelta(days=9))
    early = a_credit(absorbed, activity)
    some_points(late)

    merge(kept, absorbed)

    assert [(one.pk, one.physician_id) for one in _all(Credit, withdrawn_at=None)] == [(early.pk, kept.pk)]
    assert _all(Credit, pk=late.pk)[0].withdrawn_at == AT
    assert [one.credit_id for one in _all(CreditPoints)] == [early.pk]


def test_of_board_credit_alone_and_credits_on_the_other_record_the_credits_stand(
    kept: Physician, absorbed: Physician
) -> None:
    activity = factories.an_activity(factories.a_provider())
    credits = a_credit(kept, activity, first_reported_at=REPORTED_AT + timedelta(days=9))
    some_points(a_credit(absorbed, activity, amount=0))

    merge(kept, absorbed)

    assert [one.pk for one in _all(Credit, withdrawn_at=None)] == [credits.pk]
    assert [one.credit_id for one in _all(CreditPoints)] == [credits.pk]


def test_sessions_of_a_series_stay_apart(kept: Physician, absorbed: Physician) -> None:
    activity = factories.an_activity(factories.a_provider())
    for someone, day in ((kept, date(2026, 9, 1)), (absorbed, date(2026, 9, 8))):
        a_credit(someone, activity, completed_on=day, occasion_on=day)

    merge(kept, absorbed)

    assert len(_all(Credit, physician=kept, withdrawn_at=None)) == 2


def test_both_histories_and_the_reason_are_on_record(kept: Physician, absorbed: Physician) -> None:
    a_credit(absorbed, factories.an_activity(factories.a_provider()))

    merger = merge(kept, absorbed)
    split(merger)

    assert [(one.change, one.physician_id) for one in _all(LicenseVersion, license__number="A-1")] == [
        ("moved", absorbed.pk),
        ("moved", kept.pk),
    ]
    assert [one.physician_id for one in _all(CreditVersion)] == [absorbed.pk, kept.pk]
    with as_role("pars_owner"):
        for verb, reason in (("physician.merged", "document"), ("physician.split", "mistake")):
            event = Event.objects.get(verb=verb)
            assert event.detail["reason"] == reason
            assert sorted(event.subjects.values_list("physician_id", flat=True)) == sorted(
                [kept.pk, absorbed.pk]
            )
        assert Event.objects.filter(verb="credit.moved").count() == 1


@pytest.mark.parametrize("seed", range(8))
def test_merged_and_split_every_row_is_as_it_was(seed: int) -> None:
    """Two records of any shape, with credits that are twins, withdrawn, earlier or later, of two providers."""
    rng = random.Random(seed)
    boards = [factories.a_board(state) for state in ("NC", "CA", "TX")]
    activities = [factories.an_activity(factories.a_provider()) for _ in range(4)]
    npi_of = rng.choice([(None, None), ("1186620112", None), (None, "1186620112")])
    born = rng.choice([("1013", "1013"), (None, "1013"), ("1013", None), (None, None)])
    both = []
    for npi, month_day in zip(npi_of, born, strict=True):
        name = rng.choice(["Osei", "Mensah"])
        someone = factories.a_physician(rng.choice(boards), last_name=name, npi=npi, month_day=month_day)
        both.append(someone)
        for activity in rng.sample(activities, rng.randint(0, 4)):
            reported_at = REPORTED_AT + timedelta(days=rng.randint(0, 3))
            withdrawn_at = rng.choice([None, None, REPORTED_AT + timedelta(days=4)])
            credit = a_credit(someone, activity, first_reported_at=reported_at, withdrawn_at=withdrawn_at)
            if rng.random() < 0.5:
                some_points(credit, credit_type=rng.choice(["Medical Knowledge", "Practice"]))
        with as_role("pars_owner"):
            for number in range(rng.randint(0, 2)):
                Certification.objects.create(physician=someone, board="ABIM", number=f"{someone.pk}-{number}")
                Alias.objects.create(
                    physician=someone,
                    first_name="Amy",
                    last_name="Old",
                    first_key=f"amy{number}",
                    last_key="old",
                    source="roster",
                )
    factories.a_passport(rng.choice(both))
    before = snapshot()

    merger = merge(*both)
    between = snapshot()
    split(merger)

    assert between != before
    assert snapshot() == before


def test_what_was_changed_since_stays_changed(kept: Physician, absorbed: Physician) -> None:
    activity = factories.an_activity(factories.a_provider())
    credit = a_credit(absorbed, activity)
    merger = merge(kept, absorbed)
    with as_role("pars_owner"):
        Credit.objects.filter(pk=credit.pk).update(withdrawn_at=LATER, amount=2)
        License.objects.filter(number="A-1").update(status="lapsed")
        Physician.objects.filter(pk=kept.pk).update(birthday=birthday.encrypt("0101"))

    split(merger)

    [back] = _all(Credit)
    assert (back.physician_id, back.withdrawn_at, back.amount) == (absorbed.pk, LATER, 2)
    assert [(held.physician_id, held.status) for held in _all(License, number="A-1")] == [
        (absorbed.pk, "lapsed")
    ]
    assert bytes(_all(Physician, pk=kept.pk)[0].birthday) == birthday.encrypt("0101")


def test_credit_that_came_meanwhile_goes_back_with_its_learner(kept: Physician, absorbed: Physician) -> None:
    ours = factories.a_provider()
    with as_role("pars_owner"):
        Physician.objects.filter(pk=absorbed.pk).update(birthday=kept.birthday)
    words = {"last_name": "Mensah", "state": "California", "number": "A-1"}
    send(ours, a_row(factories.an_activity(ours).activity_id, **words))
    merger = merge(kept, absorbed)
    batch = send(ours, a_row(factories.an_activity(ours).activity_id, **words))
    assert batch.added == 1
    assert [one.physician_id for one in _all(Credit)] == [kept.pk, kept.pk]

    split(merger)

    assert [one.physician_id for one in _all(Credit)] == [absorbed.pk, absorbed.pk]


def test_a_name_from_the_other_record_matches_like_the_one_on_record(
    kept: Physician, absorbed: Physician
) -> None:
    ours = factories.a_provider()
    merge(kept, absorbed)

    by_number = send(ours, a_row(factories.an_activity(ours).activity_id, last_name="Mensah"))
    by_name = send(ours, a_row(factories.an_activity(ours).activity_id, last_name="Mensah", number=""))

    assert (by_number.added, by_name.added) == (1, 1)


@pytest.mark.parametrize(
    ("ours", "theirs", "why"),
    [
        ({"npi": "1407933799"}, {"npi": "1186620112"}, "NPI"),
        ({"month_day": "1013"}, {"month_day": "1014"}, "birthdays differ"),
    ],
)
def test_records_that_contradict_each_other_are_not_joined(
    ours: dict[str, Any], theirs: dict[str, Any], why: str
) -> None:
    one, other = factories.a_physician(**ours), factories.a_physician(**theirs)

    with pytest.raises(actions.CannotMerge, match=why):
        merge(one, other)
    assert _all(Merger) == []


def test_two_accounts_are_not_joined(kept: Physician, absorbed: Physician) -> None:
    factories.a_passport(kept)
    factories.a_passport(absorbed)

    with pytest.raises(actions.CannotMerge, match="account"):
        merge(kept, absorbed)


def test_a_record_joined_already_is_not_joined_again(kept: Physician, absorbed: Physician) -> None:
    merge(kept, absorbed)

    for one, other in ((kept, absorbed), (absorbed, kept), (kept, kept)):
        with pytest.raises(actions.CannotMerge):
            merge(one, other)


def test_mergers_are_undone_in_their_order(kept: Physician, absorbed: Physician) -> None:
    third = factories.a_physician(factories.a_board("TX"), "T-1")
    before = snapshot()
    first, second = merge(kept, absorbed), merge(third, kept)

    with pytest.raises(actions.CannotSplit, match="later"):
        split(first)
    split(second)
    split(first)

    assert snapshot() == before
    with pytest.raises(actions.CannotSplit, match="already"):
        split(first)


def test_every_key_to_a_physician_moves() -> None:
    """A new table that names a physician must say what becomes of its rows when two records become one."""
    named = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Physician
    }

    assert named == {holding.table for holding in holdings()} | BY_THEMSELVES


class TestPages:
    @pytest.fixture
    def operator(self, client_as: SignIn) -> PageClient:
        return client_as(factories.a_member(factories.an_accreditor(), Role.OPERATOR))

    @pytest.mark.parametrize("text", ["osei", "Amara Osei", "2008-953", "1407933799"])
    def test_an_operator_finds_a_physician(self, operator: PageClient, text: str) -> None:
        board: Organization = factories.a_board("NC")
        someone = factories.a_physician(board, "2008-95323", npi="1407933799")

        page = operator.post("/operator/physicians/", {"text": text}).content.decode()

        assert f"/operator/physicians/{someone.pk}/" in page
        with as_role("pars_owner"):
            assert Event.objects.get(verb="physician.searched").subjects.get().physician_id == someone.pk

    def test_a_name_somebody_went_by_finds_them(
        self, operator: PageClient, kept: Physician, absorbed: Physician
    ) -> None:
        merge(kept, absorbed)

        page = operator.post("/operator/physicians/", {"text": "Mensah"}).content.decode()

        assert f"/operator/physicians/{kept.pk}/" in page

    def test_an_operator_joins_two_records_and_parts_them(
        self, operator: PageClient, kept: Physician, absorbed: Physician
    ) -> None:
        a_credit(absorbed, factories.an_activity(factories.a_provider("Northlake")))
        before = snapshot()
        chosen = operator.post(f"/operator/physicians/{kept.pk}/", {"other": str(absorbed.pk)})
        here = f"/operator/physicians/{kept.pk}/merge/{absorbed.pk}/"
        assert chosen.headers["Location"] == here
        assert "Northlake" in operator.get(here).content.decode()
        assert operator.post(here, {}).status_code == 422

        assert operator.post(here, {"reason": "board"}).status_code == 302

        merger = _all(Merger)[0]
        page = operator.get(f"/operator/physicians/{kept.pk}/").content.decode()
        assert "Northlake" in page
        assert f"/operator/mergers/{merger.pk}/split/" in page
        assert (
            "was joined to another" in operator.get(f"/operator/physicians/{absorbed.pk}/").content.decode()
        )
        assert (
            operator.post(f"/operator/mergers/{merger.pk}/split/", {"reason": "mistake"}).status_code == 302
        )
        assert snapshot() == before

    def test_what_contradicts_is_said_and_not_joined(self, operator: PageClient) -> None:
        one, other = factories.a_physician(month_day="0101"), factories.a_physician(month_day="0102")

        answer = operator.post(f"/operator/physicians/{one.pk}/merge/{other.pk}/", {"reason": "board"})

        assert answer.status_code == 422
        assert "birthdays differ" in answer.content.decode()

    def test_a_birthday_is_not_shown(self, operator: PageClient, kept: Physician) -> None:
        page = operator.get(f"/operator/physicians/{kept.pk}/").content.decode()

        assert "10/13" not in page
        assert "Known" in page

    def test_records_of_the_same_name_are_offered(self, operator: PageClient, kept: Physician) -> None:
        alike = factories.a_physician(factories.a_board("TX"), "T-1", month_day=None)
        other = factories.a_physician(factories.a_board("TX"), "T-2", month_day="0101")

        page = operator.get(f"/operator/physicians/{kept.pk}/").content.decode()

        assert f"/operator/physicians/{alike.pk}/" in page
        assert f"/operator/physicians/{other.pk}/" not in page

    def test_an_auditor_looks_and_joins_nothing(self, client_as: SignIn, kept: Physician) -> None:
        auditor = client_as(factories.a_member(factories.an_accreditor(), Role.AUDITOR))

        assert auditor.get(f"/operator/physicians/{kept.pk}/").status_code == 200
        assert auditor.get(f"/operator/physicians/{kept.pk}/merge/{kept.pk}/").status_code == 403


def test_nobody_but_the_operator_sees_what_a_merger_moved(kept: Physician, absorbed: Physician) -> None:
    merge(kept, absorbed)

    for kind in ("provider", "board", "matcher", "physician"):
        with acting_as(Actor(kind=kind, organization_id=1, physician_id=kept.pk)):
            assert (Merger.objects.count(), MergedRow.objects.count()) == (0, 0)


def test_a_claim_by_a_former_name_agrees(kept: Physician, absorbed: Physician, client_as: SignIn) -> None:
    merge(kept, absorbed)
    newcomer = factories.a_user()
    said = {
        "first_name": "Amara",
        "last_name": "Mensah",
        "month": "10",
        "day": "13",
        "state": "NC",
        "number": "2008-95323",
    }

    client_as(newcomer).post("/passport/claim/", said)

    assert [claim.status for claim in _all(Claim)] == ["confirmed"]
