"""Two who fix the same row at the same moment make one credit, and one of them is told."""

from threading import Barrier, Thread

from django.db import connections
from django.utils.timezone import now

from learners.models import Credit
from pars.access.actor import Actor
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.batches.entry import FixedMeanwhile, correct
from pars.batches.fixing import RowForm, read_row
from pars.batches.models import Batch
from tests.factories import a_board, a_physician, a_provider, an_activity
from tests.uploads import a_row, send


def test_of_two_who_save_at_the_same_moment_one_is_told(committed: dict[str, str]) -> None:
    ours = a_provider()
    a_physician(a_board("NC"), "2008-95323", last_name="Osei", first_name="Amara")
    batch = send(ours, a_row(an_activity(ours).activity_id, amount="many"))
    actor = Actor.organization(ours.pk, OrganizationKind.PROVIDER)
    started = Barrier(2)
    became: list[str] = []

    def save_once() -> None:
        with acting_as(actor):
            earlier = Batch.objects.select_related("organization").get(pk=batch.pk)
            row = read_row(earlier, 2, by=actor, at=now())
            assert row
            form = RowForm(row, (), {**RowForm(row, ()).data, "cell-8": "4"})
            started.wait(10)
            try:
                became.append(str(correct(earlier, 2, form.header, form.cells(), by=actor, at=now()).added))
            except FixedMeanwhile:
                became.append("told")
        connections.close_all()

    threads = [Thread(target=save_once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(became) == ["1", "told"]
    with acting_as(actor):
        batch.refresh_from_db()
        assert (batch.failed, batch.fixed, Credit.objects.count()) == (0, 1, 1)
