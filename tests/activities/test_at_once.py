"""Two who send the same activity at the same time make one."""

from dataclasses import replace
from datetime import UTC, datetime
from threading import Event as Signal
from threading import Thread

from django.db import connections, transaction

from activities import actions
from activities.models import Activity
from activities.record import Record
from pars.access.actor import Actor
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.batches.models import Outcome
from tests import factories as make
from tests.activities.records import ACTIVE

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def test_an_own_id_that_another_enters_meanwhile_is_a_change_of_that_activity(
    committed: dict[str, str],
) -> None:
    actor = Actor.organization(make.a_provider().pk, OrganizationKind.PROVIDER)
    entered, waiting = (Signal(), Signal())
    became: dict[str, Outcome] = {}

    def first() -> None:
        with transaction.atomic(), acting_as(actor):
            became["first"] = put(ACTIVE)
            entered.set()
            waiting.wait(10)
        connections.close_all()

    def second() -> None:
        entered.wait(10)
        with acting_as(actor):
            Thread(target=tell_when_it_waits).start()
            became["second"] = put(replace(ACTIVE, title="Grand Rounds of the Heart"))
        connections.close_all()

    def tell_when_it_waits() -> None:
        with connections["default"].cursor() as cursor:
            for _ in range(1000):
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    break
        waiting.set()
        connections.close_all()

    def put(record: Record) -> Outcome:
        return actions.put(records=[record], by=actor, at=NOW)[0].outcome

    threads = [Thread(target=first), Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert became == {"first": Outcome.ADDED, "second": Outcome.UPDATED}
    with acting_as(actor):
        assert [activity.title for activity in Activity.objects.all()] == ["Grand Rounds of the Heart"]
