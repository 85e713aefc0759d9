"""Providers that try birthdays at the same moment share one budget, as if they had come one after another."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread

from django.db import connections, transaction

from learners.models import Guess
from pars.access.scope import acting_as
from tests.factories import a_board, a_physician
from tests.learners.test_guesses import EVERY_DAY, SYSTEM, Attacker, an_attacker, check_by_form


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
