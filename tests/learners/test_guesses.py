"""A month and day has 366 values. Whoever tries them all, through whatever door, learns nothing beyond the budget."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

import pytest
from django.utils.timezone import now

from activities.formats import Format
from activities.models import Activity
from learners import actions, birthday
from learners.models import Credit, Degree, Guess, Learner, License
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.batches.models import Batch
from tests.factories import a_board, a_physician, a_provider, an_activity
from tests.roles import as_role
from tests.uploads import COLUMNS, a_row, as_table, findings, see_through, send, take_in

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system_job("test")
AT = now()
RIGHT = "12/31"
EVERY_DAY = [f"{date(2024, 1, 1) + timedelta(days=at):%m/%d}" for at in range(366)]
# Through doors that take one at a time a few show it as well; the right day comes last.
SOME_DAYS = [*EVERY_DAY[:15], RIGHT]
SAID_OF_IDENTITY = {"identity", "several", "kept_for_review", "matched", "not_in_registry"}
PERSON = ("first_name", "last_name", "birthday", "state", "number")


class Attacker(NamedTuple):
    """A provider that tries, with a series, so that each try may be a credit of its own."""

    provider: Organization
    series: Activity

    @property
    def actor(self) -> Actor:
        return Actor.organization(self.provider.pk, OrganizationKind.PROVIDER)

    def row(self, day: str) -> dict[str, str]:
        return a_row(self.series.activity_id, birthday=day, completed="09/16/2026", amount=1)

    def person(self, day: str) -> dict[str, str]:
        return {key: value for key, value in self.row(day).items() if key in PERSON}


Door = Callable[[Attacker, Sequence[str]], list[str]]


def an_attacker() -> Attacker:
    provider = a_provider()
    series = an_activity(provider, format=Format.SERIES, start_on=date(2026, 1, 7), end_on=date(2026, 12, 16))
    return Attacker(provider, series)


@pytest.fixture
def attacker() -> Attacker:
    a_physician(a_board("NC"), "2008-95323", month_day="1231", npi="1186620112")
    return an_attacker()


def said(*batches: Batch) -> list[str]:
    """What the batches say of who it is, row by row; "matched" where they say nothing, which is as good."""
    answers = []
    for batch in batches:
        by_row: dict[int, list[str]] = {}
        for finding in findings(batch):
            if finding.code in SAID_OF_IDENTITY:
                by_row.setdefault(finding.row, []).append(finding.code)
        first = 1 if batch.source == "form" else 2
        answers += [by_row.get(first + at, ["matched"])[0] for at in range(batch.rows)]
    return answers


def form(attacker: Attacker, days: Sequence[str]) -> list[str]:
    return said(*(_acting(attacker, partial(_report, attacker, day)) for day in days))


def _report(attacker: Attacker, day: str) -> Batch:
    cells = {key: value for key, value in attacker.row(day).items() if key != "action"}
    return actions.report_rows(
        rows=[cells], consent="written", organization=attacker.provider, by=attacker.actor, at=AT
    )


def check_by_form(attacker: Attacker, days: Sequence[str]) -> list[str]:
    def look(day: str) -> Batch:
        return actions.look(
            cells=attacker.person(day), organization=attacker.provider, by=attacker.actor, at=AT
        )

    return said(*(_acting(attacker, partial(look, day)) for day in days))


def table(attacker: Attacker, days: Sequence[str]) -> list[str]:
    def report(some: Sequence[str]) -> Batch:
        return actions.report_rows(
            rows=[attacker.row(day) for day in some],
            consent="written",
            organization=attacker.provider,
            by=attacker.actor,
            at=AT,
            check_only=True,
        )

    return said(*(_acting(attacker, partial(report, some)) for some in _by(4, days)))


def one_file(attacker: Attacker, days: Sequence[str]) -> list[str]:
    return said(send(attacker.provider, *(attacker.row(day) for day in days), at=AT))


def many_files(attacker: Attacker, days: Sequence[str]) -> list[str]:
    return said(
        *(send(attacker.provider, *(attacker.row(day) for day in some), at=AT) for some in _by(4, days))
    )


def check_of_a_file(attacker: Attacker, days: Sequence[str]) -> list[str]:
    rows = [attacker.row(day) for day in days]
    return said(send(attacker.provider, *rows, at=AT, check_only=True))


def validation_of_a_file(attacker: Attacker, days: Sequence[str]) -> list[str]:
    content = as_table({key: COLUMNS[key] for key in PERSON}, [attacker.person(day) for day in days])
    return said(see_through(take_in(attacker.provider, content, "people.csv", kind="validation", at=AT)))


def corrections(attacker: Attacker, days: Sequence[str]) -> list[str]:
    """Other words for one credit that waits."""
    send(attacker.provider, attacker.row(RIGHT) | {"number": "ZZ-1"}, at=AT)
    with acting_as(SYSTEM):
        waiting = Credit.objects.select_related("learner", "activity").get()

    def reword(day: str) -> Batch:
        return actions.reword(
            credit=waiting,
            cells=attacker.person(day),
            organization=attacker.provider,
            by=attacker.actor,
            at=AT,
        )

    return said(*(_acting(attacker, partial(reword, day)) for day in days))


def _acting(attacker: Attacker, enter: Callable[[], Batch]) -> Batch:
    with acting_as(attacker.actor):
        return enter()


def _by(size: int, days: Sequence[str]) -> Iterator[Sequence[str]]:
    return (days[at : at + size] for at in range(0, len(days), size))


DOORS: list[Door] = [form, check_by_form, table, many_files, corrections]
FILES: list[Door] = [one_file, check_of_a_file, validation_of_a_file]


def nobody_was_matched() -> bool:
    with acting_as(SYSTEM):
        learners = Learner.objects.exclude(physician=None).exists()
        return not learners and not Credit.objects.exclude(physician=None).exists()


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_one_try_after_another_hears_of_five_and_not_of_the_right_one(attacker: Attacker, door: Door) -> None:
    answers = door(attacker, SOME_DAYS)

    assert answers.count("identity") == 5
    assert set(answers) == {"identity", "kept_for_review"}
    assert answers[-1] == "kept_for_review"
    assert nobody_was_matched()


@pytest.mark.parametrize("door", FILES, ids=lambda door: door.__name__)
def test_all_366_days_in_one_file_hear_of_five_and_not_of_the_right_one(
    attacker: Attacker, door: Door
) -> None:
    answers = door(attacker, EVERY_DAY)

    assert len(answers) == 366
    assert answers.count("identity") == 5
    assert set(answers) == {"identity", "kept_for_review"}
    assert answers[EVERY_DAY.index(RIGHT)] == "kept_for_review"
    assert nobody_was_matched()


@pytest.mark.parametrize("door", [form, *FILES], ids=lambda door: door.__name__)
def test_the_same_tries_told_again_hear_the_same(attacker: Attacker, door: Door) -> None:
    first = one_file(attacker, EVERY_DAY)
    heard = [day for day, answer in zip(EVERY_DAY, first, strict=True) if answer == "identity"]
    days = (
        [*heard, *(day for day in EVERY_DAY if day not in heard)] if door in FILES else [*heard, *SOME_DAYS]
    )

    for _ in range(2):
        again = dict(zip(days, door(attacker, days), strict=True))
        assert [day for day, answer in again.items() if answer == "identity"] == heard
        assert set(again.values()) == {"identity", "kept_for_review"}
        assert again[RIGHT] == "kept_for_review"
    assert nobody_was_matched()


def test_all_366_days_in_files_of_four_hear_of_five(attacker: Attacker) -> None:
    answers = [answer for some in _by(61, EVERY_DAY) for answer in many_files(attacker, some)]

    assert answers.count("identity") == 5
    assert answers[EVERY_DAY.index(RIGHT)] == "kept_for_review"
    assert nobody_was_matched()


def test_doors_taken_in_turn_share_one_budget(attacker: Attacker) -> None:
    doors = [form, check_by_form, one_file, validation_of_a_file, table, check_of_a_file]

    answers = [
        answer for at, day in enumerate(SOME_DAYS) for answer in doors[at % len(doors)](attacker, [day])
    ]

    assert answers == ["identity"] * 5 + ["kept_for_review"] * (len(SOME_DAYS) - 5)
    assert nobody_was_matched()


def test_providers_together_hear_of_ten(attacker: Attacker) -> None:
    attackers = [attacker, an_attacker(), an_attacker(), an_attacker()]

    answers = [
        answer
        for at, day in enumerate(SOME_DAYS)
        for answer in check_by_form(attackers[at % len(attackers)], [day])
    ]

    assert answers == ["identity"] * 10 + ["kept_for_review"] * (len(SOME_DAYS) - 10)
    assert nobody_was_matched()


def test_the_license_and_the_npi_of_a_physician_share_one_budget(attacker: Attacker) -> None:
    by_license = said(send(attacker.provider, *(attacker.row(day) for day in EVERY_DAY[:3]), at=AT))
    by_npi = said(
        send(
            attacker.provider,
            *(attacker.row(day) | {"number": "1186620112"} for day in EVERY_DAY[3:10]),
            at=AT,
        )
    )

    assert (by_license.count("identity"), by_npi.count("identity")) == (3, 2)
    assert nobody_was_matched()


def test_a_name_without_a_number_has_five_tries_too(attacker: Attacker) -> None:
    rows = [attacker.row(day) | {"number": ""} for day in EVERY_DAY]

    answers = said(send(attacker.provider, *rows, at=AT))

    assert answers.count("identity") == 5
    assert answers[EVERY_DAY.index(RIGHT)] == "kept_for_review"
    assert nobody_was_matched()


def test_a_name_in_another_state_is_no_new_budget(attacker: Attacker) -> None:
    with as_role("pars_owner"):
        held = License.objects.get()
        held.pk, held.board, held.state = None, a_board("SC"), "SC"
        held.save(force_insert=True)

    answers = said(
        send(attacker.provider, *(attacker.row(day) for day in EVERY_DAY[:3]), at=AT),
        *(
            send(
                attacker.provider,
                *(attacker.row(day) | {"number": "", "state": state} for day in days),
                at=AT,
            )
            for state, days in (("NC", EVERY_DAY[10:14]), ("SC", EVERY_DAY[20:24]))
        ),
    )

    assert answers.count("identity") == 5


def test_a_number_that_two_have_is_about_the_one_of_the_name(attacker: Attacker) -> None:
    osteopaths = a_board("NC", degree=Degree.DO)
    a_physician(
        osteopaths, "2008-95323", last_name="Oster", degree=Degree.DO, month_day="1231", npi="1245319599"
    )
    about = {"last_name": "Oster"}

    by_license = send(attacker.provider, *(attacker.row(day) | about for day in EVERY_DAY[:7]), at=AT)
    by_npi = send(
        attacker.provider,
        *(attacker.row(day) | about | {"number": "1245319599"} for day in EVERY_DAY[10:17]),
        at=AT,
    )

    assert said(by_license, by_npi).count("identity") == 5
    assert check_by_form(attacker, EVERY_DAY[:1]) == ["identity"]  # of Osei nobody has tried a day


def test_answers_do_not_depend_on_which_day_is_right() -> None:
    """Two physicians, two birthdays, the same tries: whoever listens cannot tell the one from the other."""
    board = a_board("NC")
    heard = []
    for number, last_name, month_day in (("2001-1", "Oseia", "1231"), ("2001-2", "Oseib", "0630")):
        a_physician(board, number, last_name=last_name, month_day=month_day)
        one = an_attacker()
        rows = [one.row(day) | {"number": number, "last_name": last_name} for day in EVERY_DAY]
        heard.append(said(send(one.provider, *rows, at=AT)))

    assert sorted(heard[0]) == sorted(heard[1])
    assert {answers[EVERY_DAY.index(day)] for answers in heard for day in ("06/30", "12/31")} <= {
        "identity",
        "kept_for_review",
    }
    assert nobody_was_matched()


def test_after_ninety_days_five_more_are_heard(attacker: Attacker) -> None:
    send(attacker.provider, *(attacker.row(day) for day in EVERY_DAY[:8]), at=AT)
    with acting_as(SYSTEM):
        assert Guess.objects.count() == 5
    with as_role("pars_owner"):
        Guess.objects.update(guessed_at=now() - timedelta(days=91))

    answers = said(send(attacker.provider, *(attacker.row(day) for day in EVERY_DAY[10:20]), at=AT))

    assert answers.count("identity") == 5


@pytest.mark.parametrize("twice", [False, True], ids=["waiting", "withdrawn"])
def test_withdrawing_what_was_kept_for_review_is_a_guess_too(attacker: Attacker, *, twice: bool) -> None:
    """A refusal, which the page catches, takes nothing back of what was counted."""
    send(attacker.provider, *(attacker.row(day) for day in [*EVERY_DAY[:20], RIGHT]), at=AT)
    with acting_as(SYSTEM):
        parked = list(Credit.objects.select_related("learner", "activity"))
    parked.sort(key=lambda one: birthday.decrypt(bytes(one.learner.birthday)))
    if twice:
        assert {_withdraw(attacker, one) for one in parked} == {"withdrawn"}
    with as_role("pars_owner"):
        Guess.objects.update(guessed_at=now() - timedelta(days=91))

    answers = [_withdraw(attacker, one) for one in parked]

    assert len(answers) == 16
    assert len(set(answers[:5])) == 1
    assert len(set(answers[5:])) == 1
    assert answers[-1] != answers[0]


def _withdraw(attacker: Attacker, credit: Credit) -> str:
    with acting_as(attacker.actor):
        try:
            actions.withdraw(
                credit=credit,
                reason=actions.Reason.MISTAKE,
                organization=attacker.provider,
                by=attacker.actor,
                at=now(),
            )
        except actions.NotWithdrawn as refusal:
            return str(refusal)
    return "withdrawn"
