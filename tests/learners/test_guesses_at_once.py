"""Providers that try birthdays at the same moment share one budget, as if they had come one after another."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event, Thread

from django.db import connections, transaction

from learners.models import Guess
from pars.access.scope import acting_as
from tests.factories import a_board, a_physician
from tests.learners.test_guesses import EVERY_DAY, RIGHT, SYSTEM, Attacker, an_attacker, check_by_form


def test_providers_that_try_at_the_same_moment_hear_of_ten(committed: dict[str, str]) -> None:
    a_physician(a_board("NC"), "2008-95323", month_day="1231")
    attackers = [an_attacker() for _ in range(4)]
    everyone_has_tried = Barrier(len(attackers))
    answers: list[str] = []

    def try_five(attacker: Attacker, first: int) -> None:
        with transaction.atomic():
            heard = check_by_form(attacker, EVERY_DAY[first : first + 5])
            with suppress(BrokenBarrierError):
                everyone_has_tried.wait(2)  # nobody has committed
        answers.extend(heard)
        connections.close_all()

    threads = [Thread(target=try_five, args=(each, at * 5)) for at, each in enumerate(attackers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert (answers.count("identity"), answers.count("kept_for_review")) == (10, 10)
    with acting_as(SYSTEM):
        assert Guess.objects.count() == 10


def test_the_right_day_waits_for_whoever_counts_like_a_wrong_one(committed: dict[str, str]) -> None:
    """Else the time that an answer takes would tell it, while a large file about the same physician lands."""
    a_physician(a_board("NC"), "2008-95323", month_day="1231")
    holder, prober = an_attacker(), an_attacker()
    with transaction.atomic():
        check_by_form(holder, EVERY_DAY[:8])
    with transaction.atomic():
        check_by_form(prober, EVERY_DAY[8:16])
    counts, may_end = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            check_by_form(holder, EVERY_DAY[:1])
            counts.set()
            may_end.wait(10)
        connections.close_all()

    def probe(day: str) -> None:
        with transaction.atomic():
            check_by_form(prober, [day])
        connections.close_all()

    holding = Thread(target=hold)
    holding.start()
    assert counts.wait(10)
    waited = []
    probes = [Thread(target=probe, args=(day,)) for day in (RIGHT, "06/30")]
    for thread in probes:
        thread.start()
        thread.join(1)
        waited.append(thread.is_alive())
    may_end.set()
    for thread in [holding, *probes]:
        thread.join(10)

    assert waited == [True, True]
